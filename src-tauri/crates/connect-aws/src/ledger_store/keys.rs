//! Names of things in the bucket.
//!
//! `log/NAME/SEQ` with twenty digits holds one leaf, `document/SHA256` one document, and
//! `probe/create-only` the object on which the setup is tried out. Nothing else belongs there.

use interlock_domain::Digest;

/// The object on which [`check_place`](super::S3Ledger::check_place) tries out the rules.
pub(crate) const PROBE: &str = "probe/create-only";

/// Longest name of a log.
const LONGEST_NAME: usize = 100;

/// Whether a log may be called so: letters, digits, `.`, `_` and `-`, so that it is one part of a
/// key that means the same in policies, addresses and file names.
pub(crate) fn is_log_name(name: &str) -> bool {
    let fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !name.is_empty()
        && name.len() <= LONGEST_NAME
        && name.chars().all(fit)
        && !name.starts_with('.')
}

/// What every slot of a log begins with.
pub(crate) fn log_prefix(log: &str) -> String {
    format!("log/{log}/")
}

/// The slot of a place.
pub(crate) fn slot(log: &str, seq: u64) -> String {
    format!("log/{log}/{seq:020}")
}

/// The name of a document.
pub(crate) fn document(digest: &Digest) -> String {
    format!("document/{digest}")
}

/// What a key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A slot of this log.
    Slot { log: String, seq: u64 },
    /// A document.
    Document(Digest),
    /// What the setup is tried out on.
    Probe,
    /// Nothing that belongs here.
    Foreign,
}

/// Reads a key. Only the one way to write a thing counts.
pub(crate) fn kind_of(key: &str) -> Kind {
    if key == PROBE {
        return Kind::Probe;
    }
    if let Some(text) = key.strip_prefix("document/") {
        let digest = Digest::try_from(text.to_owned()).ok();
        return digest
            .filter(|digest| document(digest) == key)
            .map_or(Kind::Foreign, Kind::Document);
    }
    let Some((log, digits)) = key
        .strip_prefix("log/")
        .and_then(|rest| rest.split_once('/'))
    else {
        return Kind::Foreign;
    };
    match digits.parse() {
        Ok(seq) if is_log_name(log) && slot(log, seq) == key => Kind::Slot {
            log: log.to_owned(),
            seq,
        },
        _ => Kind::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_sort_as_numbers_and_read_back() {
        assert_eq!(slot("bank", 7), "log/bank/00000000000000000007");
        assert!(slot("bank", 9) < slot("bank", 10));
        for seq in [0, 7, 1 << 40, u64::MAX] {
            let log = "bank".to_owned();
            assert_eq!(kind_of(&slot("bank", seq)), Kind::Slot { log, seq });
        }
        let digest = Digest::of(b"x");
        assert_eq!(kind_of(&document(&digest)), Kind::Document(digest));
        assert_eq!(kind_of(PROBE), Kind::Probe);
    }

    #[test]
    fn any_other_way_to_write_a_thing_is_foreign() {
        let upper = document(&Digest::of(b"x")).to_uppercase();
        for key in [
            "",
            "readme.txt",
            "log/bank/7",
            "log/bank/+0000000000000000007",
            "log/bank/000000000000000000007",
            "log/bank/99999999999999999999",
            "log/bank/00000000000000000007/x",
            "log//00000000000000000007",
            "log/../00000000000000000007",
            "log/a b/00000000000000000007",
            "document/abc",
            "document/",
            &upper,
            "probe/other",
        ] {
            assert_eq!(kind_of(key), Kind::Foreign, "{key}");
        }
    }

    #[test]
    fn a_log_has_a_plain_name() {
        for name in ["bank", "bank.example", "b-1_2"] {
            assert!(is_log_name(name), "{name}");
        }
        for name in ["", ".", "a/b", "a b", "á", "%41", &"x".repeat(101)] {
            assert!(!is_log_name(name), "{name}");
        }
    }
}
