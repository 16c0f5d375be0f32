//! The one model that JSON and YAML are read into.
//!
//! Equality of nodes is equality of content: locations do not count, and the order of keys in a
//! map does not count. Text and number are different values here; that CloudFormation converts
//! one to the other is the comparison's knowledge, not the model's.

use crate::location::Location;
use std::borrow::Cow;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where the value begins.
    pub at: Location,
    /// The value.
    pub value: Value,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing: `null`, `~` or an empty plain scalar.
    Null,
    /// True or false.
    Boolean(bool),
    /// A number, as it was written.
    Number(Number),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping.
    Map(Map),
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Node {
    /// A text at a place.
    pub(crate) fn text(at: Location, text: impl Into<String>) -> Self {
        Self {
            at,
            value: Value::Text(text.into()),
        }
    }

    /// The mapping, when it is one.
    pub const fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items, when it is a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text, when it is a text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text that CloudFormation would hand on for a scalar: `true`, `13.10`, `abc`.
    pub fn scalar_text(&self) -> Option<Cow<'_, str>> {
        match &self.value {
            Value::Boolean(true) => Some(Cow::Borrowed("true")),
            Value::Boolean(false) => Some(Cow::Borrowed("false")),
            Value::Number(number) => Some(Cow::Borrowed(number.text())),
            Value::Text(text) => Some(Cow::Borrowed(text)),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The name and argument of the intrinsic function that this node is, when it is one.
    pub fn as_intrinsic(&self) -> Option<(&str, &Node)> {
        let [entry] = self.as_map()?.entries() else {
            return None;
        };
        let known = entry.key == "Ref" || entry.key == "Condition" || entry.key.starts_with("Fn::");
        known.then_some((entry.key.as_str(), &entry.value))
    }
}

/// A number that keeps its spelling: `13.10` is not `13.1`, and no digit is ever lost.
#[derive(Debug, Clone)]
pub struct Number {
    source: Box<str>,
    /// The decimal spelling, where it is not the source's.
    decimal: Option<Box<str>>,
}

impl Number {
    /// Takes a number as written and its decimal spelling.
    pub(crate) fn new(source: &str, decimal: &str) -> Self {
        Self {
            source: source.into(),
            decimal: (source != decimal).then(|| decimal.into()),
        }
    }

    /// The decimal spelling: `0755` gives `493`, `1_000` gives `1000`, `13.10` gives `13.10`.
    pub fn text(&self) -> &str {
        self.decimal.as_deref().unwrap_or(&self.source)
    }

    /// The number exactly as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

/// A key, where it stands, and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Key.
    pub key: String,
    /// Where the key begins.
    pub key_at: Location,
    /// Value.
    pub value: Node,
}

/// A mapping in the order of its source, with every key once.
#[derive(Debug, Clone, Default)]
pub struct Map {
    entries: Vec<Entry>,
    /// Indexes into `entries`, by key; empty where the source has them in that order already.
    by_key: Box<[u32]>,
}

impl Map {
    /// Takes entries with distinct keys; otherwise gives back the two that share one.
    pub(crate) fn new(entries: Vec<Entry>) -> Result<Self, Box<(Entry, Entry)>> {
        if entries.is_sorted_by(|one, next| one.key < next.key) {
            let by_key = Box::default();
            return Ok(Self { entries, by_key });
        }
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let mut by_key: Box<[u32]> = (0..count).collect();
        by_key.sort_by(|a, b| entries[*a as usize].key.cmp(&entries[*b as usize].key));
        let twice = by_key
            .windows(2)
            .find(|pair| entries[pair[0] as usize].key == entries[pair[1] as usize].key)
            .map(|pair| (pair[0] as usize, pair[1] as usize));
        if let Some((first, again)) = twice {
            let pair = (entries[first].clone(), entries[again].clone());
            return Err(Box::new(pair));
        }
        Ok(Self { entries, by_key })
    }

    /// A mapping of one key.
    pub(crate) fn single(key: &str, key_at: Location, value: Node) -> Self {
        Self {
            entries: vec![Entry {
                key: key.to_owned(),
                key_at,
                value,
            }],
            by_key: Box::default(),
        }
    }

    /// The entries in source order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries in source order, taken out.
    pub(crate) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// The entry of a mapping of one key, to be changed in place.
    pub(crate) fn single_mut(&mut self) -> Option<&mut Entry> {
        match self.entries.as_mut_slice() {
            [entry] => Some(entry),
            _ => None,
        }
    }

    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        if self.by_key.is_empty() {
            let found = self
                .entries
                .binary_search_by(|entry| entry.key.as_str().cmp(key));
            return found.ok().map(|found| &self.entries[found]);
        }
        self.by_key
            .binary_search_by(|index| self.entries[*index as usize].key.as_str().cmp(key))
            .ok()
            .map(|found| &self.entries[self.by_key[found] as usize])
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries by key.
    pub(crate) fn sorted(&self) -> impl Iterator<Item = &Entry> {
        (0..self.entries.len()).map(|place| match self.by_key.get(place) {
            Some(index) => &self.entries[*index as usize],
            None => &self.entries[place],
        })
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .sorted()
                .zip(other.sorted())
                .all(|(a, b)| a.key == b.key && a.value == b.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str, line: u32) -> Entry {
        let at = Location { line, column: 1 };
        Entry {
            key: key.to_owned(),
            key_at: at,
            value: Node::text(at, key),
        }
    }

    #[test]
    fn order_and_place_of_keys_do_not_count() {
        let one = Map::new(vec![entry("a", 1), entry("b", 2)]).unwrap();
        let two = Map::new(vec![entry("b", 7), entry("a", 9)]).unwrap();
        assert_eq!(one, two);
        assert_eq!(two.entries()[0].key, "b");
        assert_eq!(two.entry("a").map(|found| found.key_at.line), Some(9));
    }

    #[test]
    fn a_key_twice_gives_both_entries_in_source_order() {
        let twice = Map::new(vec![entry("b", 1), entry("a", 2), entry("b", 3)]).unwrap_err();
        assert_eq!((twice.0.key_at.line, twice.1.key_at.line), (1, 3));
    }
}
