//! Appending: how often the log is read, what another writer in between changes, and what is
//! remembered of it.

use crate::support::{Bank, Memory, approval, key_of, manifest, now, request, roster};
use interlock_domain::Digest;
use interlock_ledger::{
    Ledger, LedgerError, LogStore, Seen, SignError, Signer, StoreError, Trouble, key::PublicKey,
    leaf::Head,
};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

/// A log in memory that counts how often it is read, and may fail to give documents.
#[derive(Default)]
struct Watched {
    inner: Arc<Memory>,
    reads: AtomicUsize,
    is_deaf: AtomicBool,
    troubles: Mutex<Vec<Trouble>>,
}

impl LogStore for Watched {
    fn leaves_from(&self, seq: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.inner.leaves_from(seq)
    }

    fn put_leaf(&self, seq: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.inner.put_leaf(seq, bytes)
    }

    fn document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        if self.is_deaf.load(Ordering::Relaxed) {
            return Err(StoreError::Unavailable {
                reason: "no answer".into(),
            });
        }
        self.inner.document(digest)
    }

    fn put_document(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        self.inner.put_document(bytes)
    }

    fn place(&self) -> String {
        "memory".into()
    }

    fn examine(&self) -> Result<Vec<Trouble>, StoreError> {
        Ok(self.troubles.lock().unwrap().clone())
    }
}

/// A store beside the bank's own, over the same leaves.
fn watched(bank: &Bank) -> Arc<Watched> {
    Arc::new(Watched {
        inner: bank.store.clone(),
        ..Watched::default()
    })
}

#[test]
fn an_append_asks_the_store_once_for_what_is_new() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 2));
    let store = watched(&bank);
    let ledger = Ledger::new(store.clone(), "test");
    ledger.entries().unwrap();
    store.reads.store(0, Ordering::Relaxed);
    let statement = bank.statement(Some("PR-1"), digest, "luis", approval());
    let seq = ledger.append(&statement, &key_of("luis"), now()).unwrap();
    assert_eq!(store.reads.load(Ordering::Relaxed), 1);
    let own = ledger.entries().unwrap().pop().unwrap();
    assert_eq!((own.seq, own.statement), (seq, Ok(statement)));
}

/// An agent that answers with the signature of another key than the one it names.
struct Mistaken;

impl Signer for Mistaken {
    fn key(&self) -> &PublicKey {
        static KEY: std::sync::OnceLock<PublicKey> = std::sync::OnceLock::new();
        KEY.get_or_init(|| key_of("luis").key().clone())
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        key_of("ines").sign(message)
    }
}

#[test]
fn a_writer_reads_its_own_entries_as_everybody_else_does() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 2));
    let statement = bank.statement(Some("PR-1"), digest, "luis", approval());
    // A key in this process, an agent that is mistaken, and a statement that is not its signer's.
    let signers: [&dyn Signer; 3] = [&key_of("luis"), &Mistaken, &key_of("ines")];
    let counts = signers.map(|signer| {
        let seq = bank.ledger.append(&statement, signer, now()).unwrap();
        let own = bank.ledger.entries().unwrap();
        let others = Ledger::new(bank.store.clone(), "test").entries().unwrap();
        assert_eq!(own, others);
        own[usize::try_from(seq).unwrap()].signed.is_ok()
    });
    assert_eq!(counts, [true, false, false]);
}

/// A key whose holder takes long: somebody else writes meanwhile.
struct Slow<'a>(&'a Bank, Digest);

impl Signer for Slow<'_> {
    fn key(&self) -> &PublicKey {
        static KEY: std::sync::OnceLock<PublicKey> = std::sync::OnceLock::new();
        KEY.get_or_init(|| key_of("luis").key().clone())
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.0.say(self.1, "ines", approval());
        key_of("luis").sign(message)
    }
}

#[test]
fn the_condition_is_asked_again_when_somebody_was_faster() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 2));
    let ledger = Ledger::new(bank.store.clone(), "test");
    let statement = bank.statement(Some("PR-1"), digest, "luis", approval());
    let sizes = Mutex::new(Vec::new());
    let append = |most: usize| {
        ledger.append_if(&statement, &Slow(&bank, digest), now(), |entries| {
            sizes.lock().unwrap().push(entries.len());
            if entries.len() <= most {
                Ok(())
            } else {
                Err("too late")
            }
        })
    };
    assert_eq!(append(5).unwrap(), 5, "ines took place 4");
    assert_eq!(*sizes.lock().unwrap(), [4, 5]);
    let refused = append(6).unwrap_err();
    assert_eq!(
        refused,
        interlock_ledger::ledger::AppendError::Refused("too late")
    );
    assert_eq!(ledger.head().unwrap().size, 7, "only the faster one wrote");
}

#[derive(Default)]
struct Notebook(Mutex<Vec<Head>>);

impl Seen for Notebook {
    fn keep(&self, head: Head) {
        self.0.lock().unwrap().push(head);
    }
}

#[test]
fn the_newest_head_is_remembered_and_a_log_that_does_not_hold_to_it_is_not() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    let notes = Arc::new(Notebook::default());
    let ledger = Ledger::new(bank.store.clone(), "test").remembered(notes.clone());
    ledger.entries().unwrap();
    ledger.entries().unwrap();
    let statement = bank.statement(Some("PR-1"), digest, "luis", approval());
    ledger.append(&statement, &key_of("luis"), now()).unwrap();
    let kept = notes.0.lock().unwrap().clone();
    assert_eq!(
        kept.iter().map(|head| head.size).collect::<Vec<_>>(),
        [4, 5]
    );
    assert_eq!(kept[1], ledger.head().unwrap());
    let other = Bank::open();
    let notes = Arc::new(Notebook::default());
    let replaced = Ledger::new(other.store.clone(), "test")
        .anchored(Some(kept[0]))
        .remembered(notes.clone());
    let (_, reason) = replaced.verify().unwrap().broken.unwrap();
    let heads = [kept[0].root, other.ledger.head().unwrap().root];
    for root in heads {
        assert!(reason.contains(&root.to_string()), "{reason}");
    }
    assert!(notes.0.lock().unwrap().is_empty());
}

#[test]
fn a_roster_that_cannot_be_fetched_is_not_one_that_is_missing() {
    let bank = Bank::empty();
    bank.enrol(&roster(), &["omar"]);
    let store = watched(&bank);
    let ledger = Ledger::new(store.clone(), "test");
    store.is_deaf.store(true, Ordering::Relaxed);
    let error = ledger.authority().unwrap_err();
    assert!(matches!(error, LedgerError::Store(_)), "{error}");
    store.is_deaf.store(false, Ordering::Relaxed);
    assert!(ledger.authority().unwrap().roster().is_some());
}

#[test]
fn what_only_the_store_sees_is_part_of_the_verification() {
    let bank = Bank::open();
    let store = watched(&bank);
    let ledger = Ledger::new(store.clone(), "test");
    assert!(ledger.verify().unwrap().is_good());
    store.troubles.lock().unwrap().push(Trouble {
        seq: Some(0),
        key: "log/test/0".into(),
        reason: "it was overwritten".into(),
    });
    let found = ledger.verify().unwrap();
    assert_eq!(found.troubles, ["entry 0 (log/test/0): it was overwritten"]);
    assert!(found.broken.is_none() && !found.is_good());
}

#[test]
fn fault_45_what_only_a_later_version_understands_is_not_passed_over() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    let about = bank.statement(Some("PR-1"), digest, "luis", approval());
    let (from, to) = ("predicate:approval:v1", "predicate:approval:v2");
    // Nobody of the roster signed it: it is not understood, and no more.
    let forged = bank.put(&bank.later(&about, from, to), &key_of("mallory"));
    assert!(bank.record().newer.is_empty());
    assert!(!bank.ignored(forged).is_empty());
    // Nor does somebody's signature speak for another person.
    bank.put(&bank.later(&about, from, to), &key_of("ines"));
    assert!(bank.record().newer.is_empty());
    let seq = bank.put(&bank.later(&about, from, to), &key_of("luis"));
    assert!(bank.ignored(seq).contains("newer Interlock"));
    let record = bank.record();
    let id = crate::support::promotion_id;
    assert_eq!(record.needs_update(&id("PR-1")), Some(seq));
    assert_eq!(record.needs_update(&id("PR-2")), None);
    assert_eq!(bank.ledger.verify().unwrap().newer, [seq]);
    assert!(!bank.ledger.verify().unwrap().is_good());
    // A kind that is not known, about no promotion, may concern everything.
    let roster = bank.statement(None, digest, "omar", request());
    let unknown = bank.later(&roster, "predicate:request:v1", "predicate:amnesty:v1");
    let seq = bank.put(&unknown, &key_of("omar"));
    assert_eq!(bank.record().needs_update(&id("PR-2")), Some(seq));
}
