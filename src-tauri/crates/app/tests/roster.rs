//! The roster through the log: begun, proposed from the estate file, signed for; and what a newer
//! program wrote.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use interlock_app::{Console, UseCase, UseCaseError};
use interlock_domain::{Digest, EnvironmentName, PromotionId, ServiceName, Timestamp};
use interlock_ledger::{
    Ledger, LogStore, PromotionState, Signer as _, SqliteStore, StoreError, StoreTime,
    envelope::Envelope, leaf::Leaf, roster::MemberKey,
};
use std::{path::PathBuf, sync::Arc, time::Duration};
use support::{Cloud, ESTATE, console_of, key_of, ports};

fn id() -> PromotionId {
    PromotionId::new("PR-TEST").unwrap()
}

/// The estate with administrators, and a key for each person.
fn estate(administrators: &[&str], threshold: u32, luis: &str) -> String {
    let table = format!(
        "[ledger]\nadministrators = {administrators:?}\nthreshold = {threshold}\n[version]"
    );
    let mut text = ESTATE.replace("[version]", &table);
    for (person, key) in [("ana", "ana"), ("luis", luis), ("eva", "eva")] {
        let line = key_of(key).key().line();
        let id = format!("id = \"{person}\"\n");
        text = text.replace(&id, &format!("{id}keys = [\"{line}\"]\n"));
    }
    text
}

/// A cloud and a ledger file that several people work with.
struct Bank {
    cloud: Arc<Cloud>,
    folder: tempfile::TempDir,
}

impl Bank {
    fn new() -> Self {
        Self {
            cloud: Cloud::new(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("l.db")
    }

    fn open(&self, estate: &str, person: &'static str) -> Arc<Console> {
        console_of(estate, ports(&self.cloud, person), &self.file(), person)
    }
}

#[track_caller]
fn refusal<T: std::fmt::Debug>(result: UseCase<T>) -> String {
    match result.unwrap_err() {
        UseCaseError::Precondition { reason } => reason,
        other => panic!("{other:?}"),
    }
}

async fn prepare(console: &Arc<Console>) -> UseCase<()> {
    let (service, prod) = (
        ServiceName::new("payments-api").unwrap(),
        EnvironmentName::new("prod").unwrap(),
    );
    console
        .prepare(id(), std::slice::from_ref(&service), &prod)
        .await
        .map(drop)
}

#[tokio::test]
async fn threat_26_where_administrators_are_named_nobody_becomes_one_by_being_first() {
    let bank = Bank::new();
    let text = estate(&["ana", "luis"], 2, "luis");
    let (ana, luis, eva) = (
        bank.open(&text, "ana"),
        bank.open(&text, "luis"),
        bank.open(&text, "eva"),
    );
    assert!(refusal(prepare(&ana).await).contains("no roster in force yet"));
    assert!(refusal(eva.begin_log().await).contains("not an administrator"));
    assert!(
        eva.ledger.entries().unwrap().is_empty(),
        "nothing was written"
    );
    let begun = ana.begin_log().await.unwrap().unwrap();
    assert!(!begun.in_force, "one of two has signed");
    assert!(refusal(ana.sign_roster(begun.digest).await).contains("signed for it already"));
    assert!(refusal(luis.begin_log().await).contains("waits for signatures"));
    assert!(refusal(prepare(&ana).await).contains("no roster in force yet"));
    assert!(luis.sign_roster(begun.digest).await.unwrap().in_force);
    assert_eq!(luis.begin_log().await.unwrap(), None, "it has begun");
    prepare(&ana).await.unwrap();
}

#[tokio::test]
async fn a_key_is_exchanged_by_those_who_administer_and_counts_from_then_on() {
    let bank = Bank::new();
    let before = estate(&["ana"], 1, "luis");
    let ana = bank.open(&before, "ana");
    assert!(ana.begin_log().await.unwrap().unwrap().in_force);
    assert_eq!(ana.propose_roster().await.unwrap(), None, "nothing differs");
    prepare(&ana).await.unwrap();
    let digest = ana.promotion(&id()).unwrap().digest.unwrap();
    ana.request(&id(), digest, String::new()).await.unwrap();
    // Luis has a new key, says the file; on his computer is the old one.
    let after = estate(&["ana"], 1, "luis on a new laptop");
    let (ana, luis) = (bank.open(&after, "ana"), bank.open(&after, "luis"));
    assert!(refusal(luis.propose_roster().await).contains("not an administrator"));
    let proposed = ana.propose_roster().await.unwrap().unwrap();
    assert!(proposed.in_force && proposed.roster.version == 2);
    assert_eq!(proposed.roster.previous.unwrap(), ana_first(&ana));
    let told = refusal(luis.approve(&id(), digest, String::new()).await);
    assert!(told.contains("does not know the key"), "{told}");
    let holder = ana.roster().unwrap().unwrap();
    let old = key_of("luis").key().id();
    assert!(holder.holder(&old).is_none());
}

/// Digest of the first roster.
fn ana_first(console: &Console) -> Digest {
    let entry = &console.ledger.entries().unwrap()[0];
    entry.statement.as_ref().unwrap().subject
}

#[tokio::test]
async fn what_the_file_leaves_out_stays_as_it_was_signed_for() {
    let bank = Bank::new();
    let ana = bank.open(ESTATE, "ana");
    prepare(&ana).await.unwrap();
    let first = ana.roster().unwrap().unwrap();
    let sofia = first.people.iter().find(|it| it.id.as_str() == "sofia");
    let keys: &[MemberKey] = &sofia.unwrap().keys;
    assert_eq!(keys.len(), 1, "a practice key");
    // The file says a little more now.
    let text = ESTATE.replace("id = \"eva\"\n", "id = \"eva\"\ngroups = [\"risk\"]\n");
    let ana = bank.open(&text, "ana");
    let proposed = ana.propose_roster().await.unwrap().unwrap();
    let now = &proposed.roster;
    assert_eq!(now.admins, first.admins);
    let member = |id: &str| now.people.iter().find(|it| it.id.as_str() == id).unwrap();
    assert_eq!(member("sofia").keys, keys);
    assert_eq!(member("eva").groups, ["risk"]);
}

#[tokio::test]
async fn nothing_is_decided_on_what_a_newer_program_wrote_about() {
    let bank = Bank::new();
    let (ana, luis) = (bank.open(ESTATE, "ana"), bank.open(ESTATE, "luis"));
    prepare(&ana).await.unwrap();
    let digest = ana.promotion(&id()).unwrap().digest.unwrap();
    ana.request(&id(), digest, String::new()).await.unwrap();
    // The last entry once more, as a later version would say it.
    let last = ana.ledger.leaves().unwrap().pop().unwrap();
    let mut leaf: Leaf = serde_json::from_slice(&last).unwrap();
    let words = String::from_utf8(leaf.inner.payload().unwrap()).unwrap();
    let later = words.replace("predicate:request:v1", "predicate:request:v2");
    leaf.inner = Envelope::signed(later.as_bytes(), &key_of("ana")).unwrap();
    leaf.parent = ana.ledger.head().unwrap();
    leaf.seq = leaf.parent.size;
    let store = SqliteStore::open(&bank.file()).unwrap();
    store.put_leaf(leaf.seq, &leaf.to_bytes()).unwrap();
    let told = refusal(luis.approve(&id(), digest, String::new()).await);
    assert!(told.contains("newer Interlock"), "{told}");
    let state = luis.promotion(&id()).unwrap().state;
    assert_eq!(state, PromotionState::AwaitingApproval);
    // Another promotion is none of its business.
    let (service, prod) = (
        ServiceName::new("payments-api").unwrap(),
        EnvironmentName::new("prod").unwrap(),
    );
    let other = PromotionId::new("PR-OTHER").unwrap();
    let prepared = luis
        .prepare(other, std::slice::from_ref(&service), &prod)
        .await;
    assert!(!format!("{prepared:?}").contains("newer"), "{prepared:?}");
}

/// A file whose clock is so many seconds away from this computer's.
struct Far {
    inner: SqliteStore,
    seconds: i64,
}

impl LogStore for Far {
    fn leaves_from(&self, seq: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        self.inner.leaves_from(seq)
    }

    fn put_leaf(&self, seq: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.inner.put_leaf(seq, bytes)
    }

    fn document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.document(digest)
    }

    fn put_document(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        self.inner.put_document(bytes)
    }

    fn place(&self) -> String {
        "s3://andes-ledger".into()
    }

    fn clock(&self) -> Result<Option<StoreTime>, StoreError> {
        let second = Timestamp::now().as_second() - self.seconds;
        Ok(Some(StoreTime {
            at: Timestamp::from_second(second).unwrap(),
            age: Duration::ZERO,
        }))
    }
}

#[tokio::test]
async fn fault_27_nothing_is_decided_by_a_clock_that_is_far_from_the_stores() {
    for (seconds, told) in [
        (50, None),
        (-50, None),
        (10_800, Some("seconds ahead of")),
        (-10_800, Some("seconds behind")),
    ] {
        let bank = Bank::new();
        let inner = SqliteStore::open(&bank.file()).unwrap();
        let ledger = Ledger::new(Arc::new(Far { inner, seconds }), "test");
        let ana = Arc::new(Console::new(
            interlock_app::estate::parse(ESTATE, "interlock.toml").unwrap(),
            ports(&bank.cloud, "ana"),
            Arc::new(ledger),
            Arc::new(support::Wall),
            None,
            "test".into(),
        ));
        let prepared = prepare(&ana).await;
        match told {
            None => prepared.unwrap(),
            Some(words) => {
                let reason = refusal(prepared);
                assert!(reason.contains(words), "{reason}");
                assert!(reason.contains("s3://andes-ledger"), "{reason}");
            }
        }
    }
}
