//! Ten ways to tamper with a copy of a log, and a few that only a checkpoint shows.

use crate::support::{Bank, Memory, approval, claim, key_of, manifest};
use interlock_ledger::{Ledger, LogStore as _, Verification, leaf::Leaf, merkle};
use std::sync::Arc;

/// A log of a promotion that was approved and begun: entries 0 to 5.
fn told() -> Bank {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", approval());
    bank.say(digest, "ana", claim(1));
    bank
}

fn leaf(bytes: &[u8]) -> Leaf {
    serde_json::from_slice(bytes).unwrap()
}

/// The same log with altered leaves.
fn altered(bank: &Bank, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Verification {
    let mut leaves = bank.store.leaves_from(0).unwrap();
    change(&mut leaves);
    let copy = Memory::default();
    *copy.leaves.lock().unwrap() = leaves;
    copy.documents
        .lock()
        .unwrap()
        .clone_from(&bank.store.documents.lock().unwrap());
    Ledger::new(Arc::new(copy), "test").verify().unwrap()
}

/// Commits every leaf to what stands before it now, as somebody would who rewrites a log.
pub fn rechained(leaves: &mut [Vec<u8>]) {
    let mut tree = merkle::Tree::default();
    for (seq, bytes) in leaves.iter_mut().enumerate() {
        let mut one = leaf(bytes);
        one.seq = seq as u64;
        one.parent.size = seq as u64;
        one.parent.root = tree.root();
        *bytes = one.to_bytes();
        tree.push(merkle::leaf_hash(bytes));
    }
}

/// Puts an entry's envelope once more at the end of a log; gives the new place.
pub fn copied_to_the_end(bank: &Bank, seq: u64) -> u64 {
    let leaves = bank.store.leaves_from(0).unwrap();
    let mut again = leaves.clone();
    again.push(leaves[usize::try_from(seq).unwrap()].clone());
    rechained(&mut again);
    let at = leaves.len() as u64;
    bank.store.put_leaf(at, again.last().unwrap()).unwrap();
    at
}

fn in_payload(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let mut one = leaf(bytes);
    let text = String::from_utf8(one.inner.payload().unwrap()).unwrap();
    assert!(text.contains(from), "{text}");
    one.inner.payload = STANDARD.encode(text.replace(from, to));
    one.to_bytes()
}

fn broken_at(verification: &Verification) -> Option<u64> {
    verification.broken.as_ref().map(|(seq, _)| *seq)
}

#[test]
fn an_untouched_log_holds_together() {
    let found = altered(&told(), |_| {});
    assert_eq!(found.broken, None);
    assert_eq!(found.size, 6);
    assert_eq!(found.ignored, []);
}

type Change = fn(&mut Vec<Vec<u8>>);

#[test]
fn ten_ways_to_tamper_are_each_named() {
    let bank = told();
    let ways: [(&str, Option<u64>, Change); 10] = [
        ("words of an entry", Some(4), |it| {
            it[4] = in_payload(&it[4], "luis", "ines");
        }),
        ("its signature", Some(4), |it| {
            let mut one = leaf(&it[4]);
            let other = leaf(&it[3]);
            one.inner.signatures[0]
                .sig
                .clone_from(&other.inner.signatures[0].sig);
            it[4] = one.to_bytes();
        }),
        ("its signature taken off", Some(4), |it| {
            let mut one = leaf(&it[4]);
            one.inner.signatures.clear();
            it[4] = one.to_bytes();
        }),
        ("an entry taken out", Some(3), |it| {
            it.remove(3);
        }),
        ("two entries exchanged", Some(2), |it| it.swap(2, 3)),
        ("an entry twice", Some(4), |it| {
            let one = it[3].clone();
            it.insert(4, one);
        }),
        ("the writer's time", Some(4), |it| {
            let mut one = leaf(&it[3]);
            one.written_at = "2026-01-01T00:00:00Z".parse().unwrap();
            it[3] = one.to_bytes();
        }),
        ("bytes that are no entry", Some(3), |it| {
            it[3] = b"{}".to_vec();
        }),
        (
            "an entry taken out and all after it committed anew",
            Some(2),
            |it| {
                it.remove(2);
                rechained(it);
            },
        ),
        (
            "words changed and all after it committed anew",
            Some(5),
            |it| {
                it[4] = in_payload(&it[4], "luis", "ines");
                rechained(it);
            },
        ),
    ];
    for (way, seq, change) in ways {
        let found = altered(&bank, change);
        assert_eq!(broken_at(&found), seq, "{way}: {found:?}");
    }
}

#[test]
fn fault_38_the_same_words_in_another_order_carry_no_signature() {
    let bank = told();
    let found = altered(&bank, |it| {
        let mut one = leaf(it.last().unwrap());
        let value: serde_json::Value =
            serde_json::from_slice(&one.inner.payload().unwrap()).unwrap();
        let spaced = serde_json::to_vec_pretty(&value).unwrap();
        one.inner.payload =
            base64::Engine::encode(&base64::engine::general_purpose::STANDARD, spaced);
        *it.last_mut().unwrap() = one.to_bytes();
    });
    assert_eq!(found.ignored.len(), 1);
    assert!(
        found.ignored[0].1.contains("does not fit"),
        "{:?}",
        found.ignored
    );
}

#[test]
fn fault_35_a_log_that_was_rolled_back_is_told_from_what_was_seen_of_it() {
    let bank = told();
    let seen = bank.ledger.head().unwrap();
    let mut leaves = bank.store.leaves_from(0).unwrap();
    leaves.truncate(4);
    let copy = Memory::default();
    *copy.leaves.lock().unwrap() = leaves;
    *copy.documents.lock().unwrap() = bank.store.documents.lock().unwrap().clone();
    let copy = Arc::new(copy);
    let unaware = Ledger::new(copy.clone(), "test").verify().unwrap();
    assert_eq!(unaware.broken, None, "the log alone cannot tell");
    let aware = Ledger::new(copy, "test").anchored(Some(seen));
    let (seq, reason) = aware.verify().unwrap().broken.unwrap();
    assert_eq!(seq, 4);
    assert!(reason.contains("rolled back"), "{reason}");
    let statement = bank.statement(Some("PR-1"), seen.root, "ana", claim(2));
    let error = aware.append(&statement, &key_of("ana"), bank.at);
    assert!(error.is_err(), "nothing is appended to it");
}

#[test]
fn fault_36_two_histories_from_one_beginning_are_told_apart() {
    let (one, other) = (told(), told());
    // Nonces differ, so from entry 0 on these are two logs.
    let seen = one.ledger.head().unwrap();
    let held = Ledger::new(other.store.clone(), "test").anchored(Some(seen));
    let (_, reason) = held.verify().unwrap().broken.unwrap();
    assert!(reason.contains("others than those"), "{reason}");
}

#[test]
fn a_leaf_is_one_line_of_at_most_128_kib_in_its_own_place() {
    let bank = told();
    let last = |change: &dyn Fn(&mut Vec<u8>)| {
        altered(&bank, |leaves| change(leaves.last_mut().unwrap())).broken
    };
    let padded = |size: usize| last(&|bytes| bytes.resize(size, b' '));
    assert_eq!(padded(128 << 10), None);
    let (at, reason) = padded((128 << 10) + 1).unwrap();
    assert!(at == 5 && reason.contains("too long"), "{reason}");
    let (at, reason) = last(&|bytes| bytes.push(b'\n')).unwrap();
    assert!(at == 5 && reason.contains("not one line"), "{reason}");
    let elsewhere = last(&|bytes| {
        let mut one = leaf(bytes);
        one.parent.size = 4;
        *bytes = one.to_bytes();
    });
    let (at, reason) = elsewhere.unwrap();
    assert!(at == 5 && reason.contains("it says that"), "{reason}");
}

#[test]
fn a_log_of_another_name_is_refused() {
    let bank = told();
    let other = Ledger::new(bank.store.clone(), "elsewhere");
    let (seq, reason) = other.verify().unwrap().broken.unwrap();
    assert_eq!(seq, 0);
    assert!(reason.contains("belongs to the log `test`"), "{reason}");
}
