//! The ledger: appends signed statements, reads them back, checks the whole log.

use crate::{
    authority::{Authority, Home, Own, Signed},
    envelope::Envelope,
    leaf::{Head, Leaf, VERSION},
    newer::Newer,
    read::Reading,
    roster::Roster,
    signer::{SignError, Signer},
    statement::{Context, Statement},
    store::{LogStore, StoreError, StoreTime, Trouble},
};
use interlock_domain::{Digest, Timestamp, manifest::Manifest};
use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// So many bytes of documents are held in memory.
const HELD: usize = 32 << 20;

/// Why the ledger did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The place of the log cannot be used; nothing was written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no signature; nothing was written.
    #[error(transparent)]
    Unsigned(#[from] SignError),
    /// The log does not hold together from this entry on: nothing is appended to it.
    #[error("the ledger does not hold together from entry {seq} on: {reason}")]
    Broken {
        /// First bad entry.
        seq: u64,
        /// Reason.
        reason: String,
    },
}

/// One entry as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Place, from 0.
    pub seq: u64,
    /// Leaf hash.
    pub leaf: Digest,
    /// The statement's exact bytes.
    pub payload: Vec<u8>,
    /// The statement, or why it is not understood.
    pub statement: Result<Statement, String>,
    /// Who signed it, or why it counts for nothing: the signature does not fit, the person may not
    /// say so, or it was said before.
    pub signed: Result<Signed, String>,
    /// What it concerns, when somebody signed it with a later version of this program.
    pub newer: Option<Newer>,
    /// The roster in force when it was written.
    pub roster: Option<Arc<Roster>>,
    /// Writer's clock.
    pub written_at: Timestamp,
}

/// Result of checking the whole log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Number of entries that hold together.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
    /// First entry that does not, and why.
    pub broken: Option<(u64, String)>,
    /// What only the store can see, such as a second version of an entry.
    pub troubles: Vec<String>,
    /// Entries that count for nothing by themselves, and why.
    pub ignored: Vec<(u64, String)>,
    /// Entries that only a later version of this program understands.
    pub newer: Vec<u64>,
}

impl Verification {
    /// Whether everything holds, and everything is understood.
    pub fn is_good(&self) -> bool {
        self.broken.is_none() && self.troubles.is_empty() && self.newer.is_empty()
    }
}

/// Remembers the newest head that was seen, so that a log which shrinks or changes is noticed the
/// next time.
pub trait Seen: Send + Sync {
    /// Keeps a head of the log. It may fail in silence: then an older one is remembered.
    fn keep(&self, head: Head);
}

/// The log behind a store.
pub struct Ledger {
    store: Arc<dyn LogStore>,
    origin: String,
    /// What somebody saw of the log before: it may only have grown since.
    anchor: Option<Head>,
    seen: Option<Arc<dyn Seen>>,
    /// The first roster, where it is known beforehand.
    first: Option<Digest>,
    reading: Mutex<Reading>,
    /// Documents that were read; their digest says that they are right.
    documents: Mutex<HashMap<Digest, Vec<u8>>>,
}

impl Ledger {
    /// A ledger over a store; `origin` names the log in every leaf.
    pub fn new(store: Arc<dyn LogStore>, origin: impl Into<String>) -> Self {
        Self {
            store,
            origin: origin.into(),
            anchor: None,
            seen: None,
            first: None,
            reading: Mutex::default(),
            documents: Mutex::default(),
        }
    }

    /// Holds the log to what was seen of it before: a shorter log, or one with another history, is
    /// broken.
    #[must_use]
    pub fn anchored(mut self, seen: Option<Head>) -> Self {
        self.anchor = seen;
        self
    }

    /// Lets the log begin with this roster only: whoever writes first to an empty place cannot make
    /// another one.
    #[must_use]
    pub fn beginning_with(mut self, roster: Option<Digest>) -> Self {
        self.first = roster;
        self
    }

    /// Has every head that is read remembered.
    #[must_use]
    pub fn remembered(mut self, seen: Arc<dyn Seen>) -> Self {
        self.seen = Some(seen);
        self
    }

    /// Where the log is kept, for people.
    pub fn place(&self) -> String {
        self.store.place()
    }

    /// The store's own time; none when it has no clock but this computer's.
    pub fn store_time(&self) -> Result<Option<StoreTime>, LedgerError> {
        Ok(self.store.clock()?)
    }

    /// Name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Appends a statement durably and gives its place. Other writers may be at work at the
    /// same time; the statement then takes a later place.
    pub fn append(
        &self,
        statement: &Statement,
        signer: &dyn Signer,
        now: Timestamp,
    ) -> Result<u64, LedgerError> {
        self.append_if(statement, signer, now, |_| {
            Ok::<(), std::convert::Infallible>(())
        })
        .map_err(|error| match error {
            AppendError::Ledger(error) => error,
            AppendError::Refused(never) => match never {},
        })
    }

    /// Appends a statement only while a condition on all entries before it holds. The condition
    /// is asked again whenever another writer came first: this is the compare-and-swap that
    /// claims are made of. The statement is signed once, however often its place is taken.
    pub fn append_if<R>(
        &self,
        statement: &Statement,
        signer: &dyn Signer,
        now: Timestamp,
        condition: impl Fn(&[Entry]) -> Result<(), R>,
    ) -> Result<u64, AppendError<R>> {
        let seen = {
            let mut reading = self.lock();
            self.catch_up(&mut reading)?;
            condition(reading.entries()).map_err(AppendError::Refused)?;
            reading.head()
        };
        let context = Context {
            log: self.origin.clone(),
            seen,
            nonce: nonce(),
        };
        // A person may be asked for a touch here, so the log is not held meanwhile.
        let inner = Envelope::signed(&statement.to_bytes(&context), signer)
            .map_err(LedgerError::Unsigned)?;
        let (mut held, mut lost) = (seen, false);
        loop {
            let mut reading = self.lock();
            // What was just read is tried first: when somebody was faster, the store tells it.
            if lost {
                self.catch_up(&mut reading)?;
            } else {
                whole(&reading)?;
            }
            let parent = reading.head();
            if parent != held {
                condition(reading.entries()).map_err(AppendError::Refused)?;
                held = parent;
            }
            let leaf = Leaf {
                v: VERSION,
                origin: self.origin.clone(),
                seq: parent.size,
                parent,
                inner: inner.clone(),
                written_at: now,
            };
            let bytes = leaf.to_bytes();
            match self.store.put_leaf(parent.size, &bytes) {
                Ok(()) => {
                    // Whether it can be read back now changes nothing: it is written.
                    let _ =
                        self.read_leaves(&mut reading, vec![bytes], Own::of(&leaf.inner, signer));
                    whole(&reading)?;
                    return Ok(parent.size);
                }
                Err(StoreError::SlotTaken { .. }) => lost = true,
                Err(error) => return Err(LedgerError::from(error).into()),
            }
        }
    }

    /// Every entry, in order, as far as the log holds together.
    pub fn entries(&self) -> Result<Vec<Entry>, LedgerError> {
        let mut reading = self.lock();
        self.read_on(&mut reading)?;
        Ok(reading.entries().to_vec())
    }

    /// Who may sign now.
    pub fn authority(&self) -> Result<Authority, LedgerError> {
        let mut reading = self.lock();
        self.read_on(&mut reading)?;
        Ok(reading.authority().clone())
    }

    /// Size and root as far as the log holds together.
    pub fn head(&self) -> Result<Head, LedgerError> {
        let mut reading = self.lock();
        self.read_on(&mut reading)?;
        Ok(reading.head())
    }

    /// Reads the whole log anew and checks every leaf.
    pub fn verify(&self) -> Result<Verification, LedgerError> {
        let mut fresh = Reading::default();
        self.read_on(&mut fresh)?;
        let head = fresh.head();
        let ignored = fresh.entries().iter().filter_map(|entry| {
            let reason = entry
                .statement
                .as_ref()
                .err()
                .or(entry.signed.as_ref().err());
            Some((entry.seq, reason?.clone()))
        });
        Ok(Verification {
            size: head.size,
            root: head.root,
            broken: fresh.broken().cloned(),
            troubles: self.troubles(),
            ignored: ignored.collect(),
            newer: fresh
                .entries()
                .iter()
                .filter_map(|entry| entry.newer.as_ref().map(|_| entry.seq))
                .collect(),
        })
    }

    /// What is wrong with the place, which the leaves cannot tell. A place that cannot be examined
    /// is not a good one.
    fn troubles(&self) -> Vec<String> {
        let words = |trouble: Trouble| match trouble.seq {
            Some(seq) => format!("entry {seq} ({}): {}", trouble.key, trouble.reason),
            None => format!("{}: {}", trouble.key, trouble.reason),
        };
        match self.store.examine() {
            Ok(troubles) => troubles.into_iter().map(words).collect(),
            Err(error) => vec![format!("its place cannot be examined: {error}")],
        }
    }

    /// Checks the whole log against what somebody saw of it.
    pub fn held_to(&self, seen: Head) -> Result<Verification, LedgerError> {
        Self::new(self.store.clone(), self.origin.clone())
            .anchored(Some(seen))
            .verify()
    }

    /// Every leaf as it is stored, in order: what an export consists of.
    pub fn leaves(&self) -> Result<Vec<Vec<u8>>, LedgerError> {
        Ok(self.store.leaves_from(0)?)
    }

    /// Keeps a document and gives the digest of its bytes.
    pub fn keep(&self, bytes: &[u8]) -> Result<Digest, LedgerError> {
        Ok(self.store.put_document(bytes)?)
    }

    /// Keeps a manifest and gives the digest of its bytes.
    pub fn keep_manifest(&self, manifest: &Manifest) -> Result<Digest, LedgerError> {
        self.keep(&manifest.to_bytes())
    }

    /// A document's exact bytes; none when it is not kept here, or when the kept bytes do not
    /// have that digest.
    pub fn document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, LedgerError> {
        let held = |map: &HashMap<Digest, Vec<u8>>| map.get(digest).cloned();
        if let Some(bytes) = held(&locked(&self.documents)) {
            return Ok(Some(bytes));
        }
        let bytes = self.store.document(digest)?;
        let bytes = bytes.filter(|bytes| &Digest::of(bytes) == digest);
        if let Some(bytes) = &bytes {
            let mut documents = locked(&self.documents);
            let size: usize = documents.values().map(Vec::len).sum();
            if size + bytes.len() > HELD {
                documents.clear();
            }
            documents.insert(*digest, bytes.clone());
        }
        Ok(bytes)
    }

    fn lock(&self) -> MutexGuard<'_, Reading> {
        locked(&self.reading)
    }

    fn read_on(&self, reading: &mut Reading) -> Result<(), LedgerError> {
        if reading.broken().is_some() {
            return Ok(());
        }
        let leaves = self.store.leaves_from(reading.head().size)?;
        self.read_leaves(reading, leaves, None)
    }

    /// Takes the next leaves, and remembers what was seen when they hold together.
    fn read_leaves(
        &self,
        reading: &mut Reading,
        leaves: Vec<Vec<u8>>,
        own: Option<Own<'_>>,
    ) -> Result<(), LedgerError> {
        let before = reading.head().size;
        let failed = RefCell::new(None);
        let document = |digest: &Digest| {
            self.store.document(digest).unwrap_or_else(|error| {
                failed.replace(Some(error));
                None
            })
        };
        let home = Home {
            log: &self.origin,
            document: &document,
            first: self.first,
            own,
        };
        reading.reserve(leaves.len());
        // Each leaf makes room for what the next ones say: fresh memory is what costs most here.
        let is_whole = leaves.into_iter().all(|bytes| reading.take(&bytes, home));
        if let Some(error) = failed.take() {
            // A roster that could not be fetched is not one that is missing: begin anew.
            *reading = Reading::default();
            return Err(error.into());
        }
        if is_whole {
            reading.hold_to(self.anchor);
        }
        if let Some(seen) = &self.seen
            && reading.broken().is_none()
            && reading.head().size > before
        {
            seen.keep(reading.head());
        }
        Ok(())
    }

    fn catch_up(&self, reading: &mut Reading) -> Result<(), LedgerError> {
        self.read_on(reading)?;
        whole(reading)
    }
}

fn whole(reading: &Reading) -> Result<(), LedgerError> {
    match reading.broken() {
        Some((seq, reason)) => Err(LedgerError::Broken {
            seq: *seq,
            reason: reason.clone(),
        }),
        None => Ok(()),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// 128 bits that nobody foresees.
fn nonce() -> String {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system gives random bytes");
    hex::encode(bytes)
}

/// Why a conditional append did not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppendError<R> {
    /// The ledger could not.
    Ledger(LedgerError),
    /// The condition did not hold.
    Refused(R),
}

impl<R> From<LedgerError> for AppendError<R> {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

impl<R> From<StoreError> for AppendError<R> {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}
