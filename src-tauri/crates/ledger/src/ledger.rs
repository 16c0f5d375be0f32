//! The ledger: appends signed statements, reads them back, checks the whole log.

use crate::{
    authority::{Authority, Signed},
    envelope::Envelope,
    leaf::{Head, Leaf, VERSION},
    read::Reading,
    roster::Roster,
    signer::{SignError, Signer},
    statement::{Context, Statement},
    store::{LogStore, StoreError},
};
use interlock_domain::{Digest, Timestamp, manifest::Manifest};
use std::sync::{Arc, Mutex, MutexGuard};

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
}

/// The log behind a store.
pub struct Ledger {
    store: Arc<dyn LogStore>,
    origin: String,
    /// What somebody saw of the log before: it may only have grown since.
    anchor: Option<Head>,
    reading: Mutex<Reading>,
}

impl Ledger {
    /// A ledger over a store; `origin` names the log in every leaf.
    pub fn new(store: Arc<dyn LogStore>, origin: impl Into<String>) -> Self {
        Self {
            store,
            origin: origin.into(),
            anchor: None,
            reading: Mutex::default(),
        }
    }

    /// Holds the log to what was seen of it before: a shorter log, or one with another history, is
    /// broken.
    #[must_use]
    pub fn anchored(mut self, seen: Option<Head>) -> Self {
        self.anchor = seen;
        self
    }

    /// Where the log is kept, for people.
    pub fn place(&self) -> String {
        self.store.place()
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
        loop {
            let mut reading = self.lock();
            self.catch_up(&mut reading)?;
            condition(reading.entries()).map_err(AppendError::Refused)?;
            let parent = reading.head();
            let leaf = Leaf {
                v: VERSION,
                origin: self.origin.clone(),
                seq: parent.size,
                parent,
                inner: inner.clone(),
                written_at: now,
            };
            match self.store.put_leaf(parent.size, &leaf.to_bytes()) {
                Ok(()) => {
                    self.catch_up(&mut reading)?;
                    return Ok(parent.size);
                }
                Err(StoreError::SlotTaken { .. }) => {}
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
            troubles: Vec::new(),
            ignored: ignored.collect(),
        })
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
        let bytes = self.store.document(digest)?;
        Ok(bytes.filter(|bytes| &Digest::of(bytes) == digest))
    }

    fn lock(&self) -> MutexGuard<'_, Reading> {
        self.reading
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn read_on(&self, reading: &mut Reading) -> Result<(), LedgerError> {
        if reading.broken().is_some() {
            return Ok(());
        }
        let documents = |digest: &Digest| self.store.document(digest).ok().flatten();
        for bytes in self.store.leaves_from(reading.head().size)? {
            if !reading.take(&bytes, &self.origin, &documents) {
                return Ok(());
            }
        }
        reading.hold_to(self.anchor);
        Ok(())
    }

    fn catch_up(&self, reading: &mut Reading) -> Result<(), LedgerError> {
        self.read_on(reading)?;
        match reading.broken() {
            Some((seq, reason)) => Err(LedgerError::Broken {
                seq: *seq,
                reason: reason.clone(),
            }),
            None => Ok(()),
        }
    }
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
