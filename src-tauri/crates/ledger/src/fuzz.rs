//! Body of the fuzz target for entries of the ledger.
//!
//! Not for use: `fuzz/` calls it with whatever libFuzzer finds, the test below with entries that
//! were changed. A body panics where a promise is broken.

use crate::{
    Ledger, LogStore, Roster, Statement, StoreError,
    checkpoint::Checkpoint,
    envelope::{Envelope, PAYLOAD_TYPE},
    fold,
    key::{KeyKind, PublicKey},
    leaf::{Head, Leaf, VERSION},
    merkle::Tree,
    read::MAX_LEAF,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
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
    let record = fold(&entries, &|_| None);
    assert!(record.promotions.len() <= entries.len());
    checked.broken.is_none()
}

/// Any bytes are a statement, a leaf, or an error, and what was read is written back equal.
pub fn entry(bytes: &[u8]) {
    if let Ok((statement, context)) = Statement::from_bytes(bytes) {
        let again = Statement::from_bytes(&statement.to_bytes(&context));
        assert_eq!(again, Ok((statement, context)));
    }
    if let Ok(leaf) = serde_json::from_slice::<Leaf>(bytes) {
        let again = serde_json::from_slice::<Leaf>(&leaf.to_bytes());
        assert_eq!(again.ok().as_ref(), Some(&leaf));
    }
    opened(bytes.to_vec());
    if let Ok(roster) = Roster::from_bytes(bytes) {
        assert_eq!(Roster::from_bytes(&roster.to_bytes()), Ok(roster));
    }
    if let Ok(note) = std::str::from_utf8(bytes) {
        let key = PublicKey::ed25519([7; 32]);
        assert!(
            Checkpoint::read(note, "fuzz", &key).is_err(),
            "a forged checkpoint"
        );
    }
    for key in [KeyKind::Ed25519, KeyKind::Ssh, KeyKind::EcdsaP256] {
        let public = String::from_utf8_lossy(bytes).into_owned();
        let key = PublicKey { kind: key, public };
        assert!(key.verify(b"message", bytes).is_err(), "a forged signature");
    }
    // The same bytes in a sound leaf: the log holds together, whatever it carries.
    let leaf = Leaf {
        v: VERSION,
        origin: ORIGIN.into(),
        seq: 0,
        parent: Head {
            size: 0,
            root: Tree::default().root(),
        },
        inner: Envelope {
            payload_type: PAYLOAD_TYPE.into(),
            payload: STANDARD.encode(bytes),
            signatures: Vec::new(),
        },
        written_at: Timestamp::UNIX_EPOCH,
    };
    let leaf = leaf.to_bytes();
    let is_short = leaf.len() <= MAX_LEAF;
    assert_eq!(opened(leaf), is_short, "a sound leaf is refused");
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
    use crate::{
        Ed25519Signer, Predicate, Roster, Signer as _, Statement,
        checkpoint::Checkpoint,
        envelope::Envelope,
        leaf,
        merkle::Tree,
        roster::{Admins, Member, MemberKey, SCHEMA},
        ssh,
        statement::Context,
    };
    use interlock_domain::{Digest, PersonId, PromotionId, Timestamp, person::Role};
    use proptest::prelude::*;

    fn seeds() -> Vec<Vec<u8>> {
        let signer = Ed25519Signer::from_seed(&[3; 32]).unwrap();
        let head = leaf::Head {
            size: 0,
            root: Tree::default().root(),
        };
        let context = Context {
            log: super::ORIGIN.into(),
            seen: head,
            nonce: "00112233445566778899aabbccddeeff".into(),
        };
        let statement = |predicate: Predicate| Statement {
            promotion: Some(PromotionId::new("PR-7K2M9Q").unwrap()),
            subject: Digest::of(b"manifest"),
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
                services: vec!["payments-api".into(), "transfers".into()],
            },
            Predicate::StepIntent {
                attempt: 1,
                fence: 7,
                step: "execute:payments-api-prod".into(),
                token: "PR-7K2M9Q-1".into(),
                call: "ExecuteChangeSet".into(),
            },
        ]
        .into_iter()
        .map(|predicate| statement(predicate).to_bytes(&context))
        .collect();
        let leaf = leaf::Leaf {
            v: leaf::VERSION,
            origin: super::ORIGIN.into(),
            seq: 0,
            parent: head,
            inner: Envelope::signed(&seeds[0], &signer).unwrap(),
            written_at: Timestamp::UNIX_EPOCH,
        };
        seeds.push(leaf.to_bytes());
        let ana = PersonId::new("a.ruiz").unwrap();
        let roster = Roster {
            schema: SCHEMA.into(),
            log: super::ORIGIN.into(),
            version: 1,
            previous: None,
            admins: Admins {
                threshold: 1,
                people: vec![ana.clone()],
                decide: true,
            },
            people: vec![Member {
                id: ana,
                name: "Ana Ruiz".into(),
                role: Role::ReleaseManager,
                groups: vec!["security".into()],
                active: true,
                known_as: vec!["ana@bank.example".into()],
                keys: vec![MemberKey {
                    key: signer.key().clone(),
                    assurance: 1,
                }],
            }],
        };
        seeds.push(roster.to_bytes());
        let seen = Checkpoint {
            origin: super::ORIGIN.into(),
            head,
        };
        seeds.push(seen.sign("ana", &signer).unwrap().into_bytes());
        seeds.push(ssh::to_sign(b"message"));
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
