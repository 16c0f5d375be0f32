//! Checking and appending to the ledger, beside the signature checks and the inserts that they consist of.

use crate::figures::{Report, Series, progress};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use interlock_domain::{Digest, PersonId, PromotionId, Timestamp, person::Role};
use interlock_ledger::{
    Ed25519Signer, Ledger, LogStore, Predicate, Roster, Signer as _, SqliteStore, Statement,
    StoreError,
    envelope::{Envelope, signed_bytes},
    leaf::{Head, Leaf, VERSION},
    merkle::{Tree, leaf_hash},
    roster::{Admins, Member, MemberKey, SCHEMA},
    statement::Context,
};
use std::{path::Path, sync::Arc, time::Instant};

const ENTRIES: usize = 100_000;
const ROUNDS: usize = 3;
const APPENDS: usize = 300;
const ORIGIN: &str = "bench";

/// A log that is already in memory, so that nothing but the checks is measured.
struct Held {
    leaves: Vec<Vec<u8>>,
    roster: Vec<u8>,
}

impl LogStore for Held {
    fn leaves_from(&self, seq: u64) -> Result<Vec<Vec<u8>>, StoreError> {
        let from = usize::try_from(seq).unwrap_or(usize::MAX);
        Ok(self.leaves.get(from..).unwrap_or_default().to_vec())
    }
    fn put_leaf(&self, seq: u64, _: &[u8]) -> Result<(), StoreError> {
        Err(StoreError::SlotTaken { seq })
    }
    fn document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        Ok((Digest::of(&self.roster) == *digest).then(|| self.roster.clone()))
    }
    fn put_document(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        Ok(Digest::of(bytes))
    }
    fn place(&self) -> String {
        "memory".into()
    }
}

fn person() -> PersonId {
    PersonId::new("ana").expect("a person")
}

fn signer() -> Ed25519Signer {
    Ed25519Signer::from_seed(&[7; 32]).expect("a seed")
}

fn roster() -> Roster {
    Roster {
        schema: SCHEMA.into(),
        log: ORIGIN.into(),
        version: 1,
        previous: None,
        admins: Admins {
            threshold: 1,
            people: vec![person()],
            decide: true,
        },
        people: vec![Member {
            id: person(),
            name: "Ana".into(),
            role: Role::ReleaseManager,
            groups: Vec::new(),
            active: true,
            known_as: Vec::new(),
            keys: vec![MemberKey {
                key: signer().key().clone(),
                assurance: 1,
            }],
        }],
    }
}

fn approval() -> Statement {
    Statement {
        promotion: Some(PromotionId::new("PR-1").expect("an id")),
        subject: Digest::of(b"manifest"),
        actor: person(),
        at: Timestamp::UNIX_EPOCH,
        predicate: Predicate::Approval {
            comment: "read and understood".into(),
        },
    }
}

/// A log of so many entries: a roster, and approvals after it.
fn written(entries: usize) -> Held {
    let signer = signer();
    let roster = roster().to_bytes();
    let mut tree = Tree::default();
    let mut leaves = Vec::with_capacity(entries);
    for seq in 0..entries {
        let head = Head {
            size: tree.size(),
            root: tree.root(),
        };
        let context = Context {
            log: ORIGIN.into(),
            seen: head,
            nonce: format!("{seq:032x}"),
        };
        let statement = if seq == 0 {
            Statement {
                promotion: None,
                subject: Digest::of(&roster),
                predicate: Predicate::Roster { version: 1 },
                ..approval()
            }
        } else {
            approval()
        };
        let inner = Envelope::signed(&statement.to_bytes(&context), &signer).expect("a signature");
        let leaf = Leaf {
            v: VERSION,
            origin: ORIGIN.into(),
            seq: head.size,
            parent: head,
            inner,
            written_at: Timestamp::UNIX_EPOCH,
        };
        let bytes = leaf.to_bytes();
        tree.push(leaf_hash(&bytes));
        leaves.push(bytes);
    }
    Held { leaves, roster }
}

/// Checking a whole log, beside the checks of its signatures alone.
pub fn verify(report: &mut Report) {
    progress(format_args!("writing a ledger of {ENTRIES} entries"));
    let held = written(ENTRIES);
    let public = STANDARD.decode(&signer().key().public).expect("a key");
    let signatures: Vec<(Vec<u8>, Vec<u8>)> = held
        .leaves
        .iter()
        .map(|bytes| {
            let leaf: Leaf = serde_json::from_slice(bytes).expect("a leaf");
            let payload = leaf.inner.payload().expect("a payload");
            let sig = STANDARD
                .decode(&leaf.inner.signatures[0].sig)
                .expect("base64");
            (signed_bytes(&payload), sig)
        })
        .collect();
    let ledger = Ledger::new(Arc::new(held), ORIGIN);
    let (mut whole, mut raw) = (Series::default(), Series::default());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let key = UnparsedPublicKey::new(&ED25519, &public);
        for (message, signature) in &signatures {
            key.verify(message, signature).expect("it fits");
        }
        raw.push(began.elapsed().as_secs_f64() * 1000.0);
        let began = Instant::now();
        let found = ledger.verify().expect("it is read");
        whole.push(began.elapsed().as_secs_f64() * 1000.0);
        assert_eq!((found.size, found.broken), (ENTRIES as u64, None));
        assert!(found.ignored.is_empty());
    }
    report.line(
        format!("ledger of {ENTRIES} entries: signature checks alone"),
        "ms",
        &raw,
    );
    report.line(
        format!("ledger of {ENTRIES} entries: checked whole"),
        "ms",
        &whole,
    );
    report.bound(
        "checking 100,000 entries against their signature checks alone",
        whole.median() / raw.median(),
        1.5,
    );
}

/// Appending, beside a bare insert of as many bytes into a table of SQLite with the same settings, by
/// a statement that is prepared once. As many, because four leaves of 999 bytes fit on a page and only
/// three of 1,071 do: a page more is a page more to write.
pub fn append(folder: &Path, report: &mut Report) {
    let ledger = Ledger::new(
        Arc::new(SqliteStore::open(&folder.join("ledger.db")).expect("a file")),
        ORIGIN,
    );
    ledger.keep(&roster().to_bytes()).expect("it is kept");
    let signer = signer();
    let first = Statement {
        promotion: None,
        subject: Digest::of(&roster().to_bytes()),
        predicate: Predicate::Roster { version: 1 },
        ..approval()
    };
    ledger
        .append(&first, &signer, Timestamp::UNIX_EPOCH)
        .expect("a roster");
    let bare = rusqlite::Connection::open(folder.join("bare.db")).expect("a file");
    bare.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; \
         CREATE TABLE leaf (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;",
    )
    .expect("a table");
    let mut insert = bare
        .prepare("INSERT INTO leaf VALUES (?1, ?2)")
        .expect("a statement");
    ledger
        .append(&approval(), &signer, Timestamp::UNIX_EPOCH)
        .expect("an entry");
    let bytes = ledger.leaves().expect("leaves")[1].clone();
    let (mut appended, mut inserted) = (Series::default(), Series::default());
    for seq in 0..APPENDS {
        let began = Instant::now();
        let at = i64::try_from(seq).expect("a small number");
        insert
            .execute(rusqlite::params![at, bytes])
            .expect("an insert");
        inserted.push(began.elapsed().as_secs_f64() * 1000.0);
        let began = Instant::now();
        ledger
            .append(&approval(), &signer, Timestamp::UNIX_EPOCH)
            .expect("an entry");
        appended.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    report.line("a bare insert with fsync", "ms", &inserted);
    report.line("an entry appended with fsync", "ms", &appended);
    report.bound(
        "appending an entry against a bare insert with fsync",
        appended.median() / inserted.median(),
        1.3,
    );
}
