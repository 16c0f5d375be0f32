//! JSON that two readers cannot understand differently.
//!
//! `serde_json` keeps the last of two equal keys, and other readers turn integers beyond 2^53 into
//! neighbours of them. What people sign must not leave room for that: such text is refused before
//! anything reads it.

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor},
};
use std::{borrow::Cow, collections::HashSet, fmt};

/// Deepest nesting that is read.
pub const MAX_DEPTH: usize = 16;
/// Largest integer that every reader of JSON keeps.
pub const MAX_INTEGER: u64 = 1 << 53;

/// Text that is not strict JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not strict JSON: {0}")]
pub struct NotStrict(pub String);

/// Whether bytes are JSON without duplicate keys, fractions, integers beyond 2^53 or deep nesting.
pub fn check(bytes: &[u8]) -> Result<(), NotStrict> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    Strict { depth: 0 }
        .deserialize(&mut reader)
        .and_then(|()| reader.end())
        .map_err(|error| NotStrict(error.to_string()))
}

#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(format_args!(
                "nested deeper than {MAX_DEPTH} levels"
            )));
        }
        Ok(Self {
            depth: self.depth + 1,
        })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("strict JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        if value > MAX_INTEGER {
            return Err(E::custom(format_args!(
                "the integer {value} is beyond 2^53"
            )));
        }
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.visit_u64(value.unsigned_abs())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        Err(E::custom(format_args!("{value} is not an integer")))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        while seq.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        let mut keys = Keys::default();
        while let Some(Key(key)) = map.next_key()? {
            if keys.contains(&key) {
                return Err(A::Error::custom(format_args!(
                    "the key `{key}` is there twice"
                )));
            }
            map.next_value_seed(inner)?;
            keys.insert(key);
        }
        Ok(())
    }
}

/// A key as it stands in the text, where nothing in it is escaped.
#[derive(Deserialize)]
struct Key<'t>(#[serde(borrow)] Cow<'t, str>);

/// So many keys are looked through faster than they are digested.
const FEW: usize = 16;

/// The keys of an object so far.
#[derive(Default)]
struct Keys<'de> {
    few: Vec<Cow<'de, str>>,
    many: HashSet<Cow<'de, str>>,
}

impl<'de> Keys<'de> {
    fn contains(&self, key: &str) -> bool {
        self.few.iter().any(|known| known == key) || self.many.contains(key)
    }

    fn insert(&mut self, key: Cow<'de, str>) {
        if self.few.len() < FEW {
            self.few.push(key);
        } else {
            self.many.insert(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        check(text.as_bytes()).expect_err(text).0
    }

    #[test]
    fn plain_documents_pass() {
        for text in [
            "{}",
            r#"{"a":[1,-2,null,true,"x"],"b":{"a":9007199254740992}}"#,
        ] {
            assert_eq!(check(text.as_bytes()), Ok(()), "{text}");
        }
    }

    #[test]
    fn fault_39_duplicate_keys_and_large_integers_are_refused() {
        assert!(refused(r#"{"a":1,"b":2,"a":1}"#).contains("`a` is there twice"));
        assert!(refused(r#"{"a":{"x":1,"x":2}}"#).contains("`x` is there twice"));
        // The same key, written differently.
        assert!(refused(r#"{"a":1,"\u0061":1}"#).contains("`a` is there twice"));
        // Beyond the few keys that are looked through one by one.
        for at in [0, 15, 16, 39] {
            let many: Vec<_> = (0..40).map(|n| format!(r#""k{n}":1"#)).collect();
            let text = format!(r#"{{{},"k{at}":1}}"#, many.join(","));
            assert!(refused(&text).contains("is there twice"), "{text}");
        }
        assert!(refused("[9007199254740993]").contains("9007199254740993"));
        assert!(refused("[-9007199254740993]").contains("beyond 2^53"));
        assert!(refused("[1.5]").contains("not an integer"));
        assert!(refused("[1e3]").contains("not an integer"));
        assert!(refused(&"[".repeat(40)).contains("deeper than 16"));
        assert!(refused("{} {}").contains("trailing"));
    }
}
