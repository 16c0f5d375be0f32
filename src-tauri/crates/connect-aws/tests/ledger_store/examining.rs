//! What only the store can see.

use crate::fake::{Bucket, slot};
use interlock_ledger::LogStore as _;

#[test]
fn fault_33_an_overwritten_and_a_deleted_slot_are_named() {
    let bucket = Bucket::start();
    let store = bucket.store();
    for seq in 0..4 {
        store
            .put_leaf(seq, format!("leaf {seq}").as_bytes())
            .unwrap();
    }
    store.put_document(b"manifest").unwrap();
    assert_eq!(store.examine().unwrap(), []);
    bucket.plant(&slot(1), b"forged");
    bucket.delete(&slot(3));
    let told: Vec<_> = store
        .examine()
        .unwrap()
        .into_iter()
        .map(|trouble| (trouble.seq, trouble.reason))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[0].0, Some(1));
    assert!(told[0].1.contains("2 versions"), "{told:?}");
    assert_eq!(told[1].0, Some(3));
    assert!(told[1].1.contains("delete marker"), "{told:?}");
}

#[test]
fn retention_that_is_missing_weak_or_short_is_named() {
    let bucket = Bucket::start();
    let store = bucket.store();
    for seq in 0..4 {
        store.put_leaf(seq, b"x").unwrap();
    }
    bucket.alter(&slot(1), |version| version.kept = None);
    bucket.alter(&slot(2), |version| {
        version.kept = Some(("GOVERNANCE".into(), "2040-01-01T00:00:00Z".into()));
    });
    bucket.alter(&slot(3), |version| {
        version.kept = Some(("COMPLIANCE".into(), "2028-01-01T00:00:00Z".into()));
    });
    let told: Vec<_> = store
        .examine()
        .unwrap()
        .into_iter()
        .map(|trouble| (trouble.seq.unwrap(), trouble.reason))
        .collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told[0].0 == 1 && told[0].1.contains("no retention"),
        "{told:?}"
    );
    assert!(
        told[1].0 == 2 && told[1].1.contains("GOVERNANCE"),
        "{told:?}"
    );
    assert!(
        told[2].0 == 3 && told[2].1.contains("earlier than 1500 days"),
        "{told:?}"
    );
}
