//! Body of the fuzz target for entries of the ledger.
//!
//! Not for use: `fuzz/` calls it with whatever libFuzzer finds, the test below with entries that
//! were changed. A body panics where a promise is broken.

use crate::{
    Ledger, LogStore, Statement, StoreError,
    envelope::Envelope,
    fold,
    leaf::{Head, Leaf, VERSION},
    merkle::Tree,
};
use interlock_domain::{Digest, Timestamp};
use std::sync::Arc;

const ORIGIN: &str = "fuzz";

/// One leaf that somebody else wrote.
struct OneLeaf(Vec<u8>);

impl LogStore for OneLeaf {
    fn leaves_from(&self, seq: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        Ok(if seq == 0 {
            vec![self.0.clone()]
        } else {
            Vec::new()
        })
    }

    fn put_leaf(&self, seq: u64, _: &[u8]) -> Result<(), StoreError> {
        Err(StoreError::SlotTaken { seq })
    }

    fn document(&self, _: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    fn put_document(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        Ok(Digest::of(bytes))
    }

    fn place(&self) -> String {
        "memory".into()
    }
}

/// A ledger with one foreign leaf holds together and has its entry, or says what is broken.
fn opened(leaf: Vec<u8>) -> bool {
    let ledger = Ledger::new(Arc::new(OneLeaf(leaf)), ORIGIN);
    let (Ok(checked), Ok(entries)) = (ledger.verify(), ledger.entries()) else {
        return false;
    };
    assert_eq!(checked.size, entries.len() as u64);
    assert_eq!(checked.broken.is_none(), entries.len() == 1);
    let record = fold(&entries, &|_| None, &[]);
    assert!(record.promotions.len() <= entries.len());
    checked.broken.is_none()
}

/// Any bytes are a statement, a leaf, or an error, and what was read is written back equal.
pub fn entry(bytes: &[u8]) {
    if let Ok(statement) = Statement::from_bytes(bytes) {
        let again = Statement::from_bytes(&statement.to_bytes());
        assert_eq!(again.as_ref(), Ok(&statement));
    }
    if let Ok(leaf) = serde_json::from_slice::<Leaf>(bytes) {
        let again = serde_json::from_slice::<Leaf>(&leaf.to_bytes());
        assert_eq!(again.ok().as_ref(), Some(&leaf));
    }
    opened(bytes.to_vec());
    // The same bytes in a sound leaf: the log holds together, whatever it carries.
    let leaf = Leaf {
        v: VERSION,
        origin: ORIGIN.into(),
        seq: 0,
        parent: Head {
            size: 0,
            root: Tree::default().root(),
        },
        inner: Envelope::unsigned(bytes),
        written_at: Timestamp::UNIX_EPOCH,
    };
    assert!(opened(leaf.to_bytes()), "a sound leaf is refused");
}

#[cfg(test)]
#[path = "../../../../fuzz/mutated.rs"]
mod mutated;

#[cfg(test)]
mod tests {
    use super::{
        entry,
        mutated::{foreign, soon, times},
    };
    use crate::{Predicate, Statement, envelope::Envelope, leaf, merkle::Tree};
    use interlock_domain::{Digest, PersonId, PromotionId, Timestamp};
    use proptest::prelude::*;

    fn seeds() -> Vec<Vec<u8>> {
        let statement = |predicate: Predicate| Statement {
            promotion: PromotionId::new("PR-7K2M9Q").unwrap(),
            manifest: Digest::of(b"manifest"),
            actor: PersonId::new("a.ruiz").unwrap(),
            at: Timestamp::UNIX_EPOCH,
            predicate,
        };
        let mut seeds: Vec<_> = [
            Predicate::Draft {},
            Predicate::Approval {
                comment: "adelante, según lo hablado".into(),
            },
            Predicate::PrepareIntent {
                to: "prod".into(),
                service: "payments-api".into(),
            },
            Predicate::StepIntent {
                attempt: 1,
                step: "execute:payments-api-prod".into(),
                token: "PR-7K2M9Q-1".into(),
                call: "ExecuteChangeSet".into(),
            },
        ]
        .into_iter()
        .map(|predicate| statement(predicate).to_bytes())
        .collect();
        let leaf = leaf::Leaf {
            v: leaf::VERSION,
            origin: super::ORIGIN.into(),
            seq: 0,
            parent: leaf::Head {
                size: 0,
                root: Tree::default().root(),
            },
            inner: Envelope::unsigned(&seeds[0]),
            written_at: Timestamp::UNIX_EPOCH,
        };
        seeds.push(leaf.to_bytes());
        seeds
    }

    proptest! {
        #![proptest_config(times(400))]

        #[test]
        fn any_bytes_are_an_entry_or_refused_and_entries_read_back_equal(bytes in foreign(seeds())) {
            soon(|| entry(&bytes));
        }
    }
}
