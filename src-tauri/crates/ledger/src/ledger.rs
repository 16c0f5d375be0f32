//! The ledger: appends statements, reads them back, checks the whole log.

use crate::{
    envelope::Envelope,
    leaf::{Head, Leaf, VERSION},
    merkle::{Tree, leaf_hash},
    statement::Statement,
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
}

#[derive(Default)]
struct Cache {
    tree: Tree,
    entries: Vec<Entry>,
    broken: Option<(u64, String)>,
}

/// The log behind a store.
pub struct Ledger {
    store: Arc<dyn LogStore>,
    origin: String,
    cache: Mutex<Cache>,
}

impl Ledger {
    /// A ledger over a store; `origin` names the log in every leaf.
    pub fn new(store: Arc<dyn LogStore>, origin: impl Into<String>) -> Self {
        Self {
            store,
            origin: origin.into(),
            cache: Mutex::default(),
        }
    }

    /// Where the log is kept, for people.
    pub fn place(&self) -> String {
        self.store.place()
    }

    /// Appends a statement durably and gives its place. Other writers may be at work at the
    /// same time; the statement then takes a later place.
    pub fn append(&self, statement: &Statement, now: Timestamp) -> Result<u64, LedgerError> {
        self.append_if(statement, now, |_| Ok::<(), std::convert::Infallible>(()))
            .map_err(|error| match error {
                AppendError::Ledger(error) => error,
                AppendError::Refused(never) => match never {},
            })
    }

    /// Appends a statement only while a condition on all entries before it holds. The condition
    /// is asked again whenever another writer came first: this is the compare-and-swap that
    /// claims are made of.
    pub fn append_if<R>(
        &self,
        statement: &Statement,
        now: Timestamp,
        condition: impl Fn(&[Entry]) -> Result<(), R>,
    ) -> Result<u64, AppendError<R>> {
        let payload = statement.to_bytes();
        loop {
            let mut cache = self.lock();
            self.catch_up(&mut cache)?;
            if let Some((seq, reason)) = &cache.broken {
                return Err(LedgerError::Broken {
                    seq: *seq,
                    reason: reason.clone(),
                }
                .into());
            }
            condition(&cache.entries).map_err(AppendError::Refused)?;
            let seq = cache.tree.size();
            let leaf = Leaf {
                v: VERSION,
                origin: self.origin.clone(),
                seq,
                parent: Head {
                    size: seq,
                    root: cache.tree.root(),
                },
                inner: Envelope::unsigned(&payload),
                written_at: now,
            };
            match self.store.put_leaf(seq, &leaf.to_bytes()) {
                Ok(()) => {
                    self.catch_up(&mut cache)?;
                    return Ok(seq);
                }
                Err(StoreError::SlotTaken { .. }) => {}
                Err(error) => return Err(LedgerError::from(error).into()),
            }
        }
    }

    /// Every entry, in order, as far as the log holds together.
    pub fn entries(&self) -> Result<Vec<Entry>, LedgerError> {
        let mut cache = self.lock();
        self.catch_up(&mut cache)?;
        Ok(cache.entries.clone())
    }

    /// Reads the whole log anew and checks every leaf.
    pub fn verify(&self) -> Result<Verification, LedgerError> {
        let mut fresh = Cache::default();
        self.catch_up(&mut fresh)?;
        Ok(Verification {
            size: fresh.tree.size(),
            root: fresh.tree.root(),
            broken: fresh.broken,
        })
    }

    /// Keeps a manifest and gives the digest of its bytes.
    pub fn keep_manifest(&self, manifest: &Manifest) -> Result<Digest, LedgerError> {
        Ok(self.store.put_document(&manifest.to_bytes())?)
    }

    /// A manifest's exact bytes; none when it is not kept here, or when the kept bytes do not
    /// have that digest.
    pub fn manifest_bytes(&self, digest: &Digest) -> Result<Option<Vec<u8>>, LedgerError> {
        let bytes = self.store.document(digest)?;
        Ok(bytes.filter(|bytes| &Digest::of(bytes) == digest))
    }

    fn lock(&self) -> MutexGuard<'_, Cache> {
        self.cache
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn catch_up(&self, cache: &mut Cache) -> Result<(), LedgerError> {
        if cache.broken.is_some() {
            return Ok(());
        }
        for bytes in self.store.leaves_from(cache.tree.size())? {
            match self.read_leaf(&bytes, &cache.tree) {
                Ok(entry) => {
                    cache.tree.push(entry.leaf);
                    cache.entries.push(entry);
                }
                Err(reason) => {
                    cache.broken = Some((cache.tree.size(), reason));
                    break;
                }
            }
        }
        Ok(())
    }

    fn read_leaf(&self, bytes: &[u8], tree: &Tree) -> Result<Entry, String> {
        let leaf: Leaf =
            serde_json::from_slice(bytes).map_err(|error| format!("not a leaf: {error}"))?;
        if leaf.v != VERSION {
            return Err(format!("leaf version {} is not known", leaf.v));
        }
        if leaf.origin != self.origin {
            return Err(format!("it belongs to the log `{}`", leaf.origin));
        }
        if leaf.seq != tree.size() || leaf.parent.size != tree.size() {
            return Err(format!("it says that it is entry {}", leaf.seq));
        }
        if leaf.parent.root != tree.root() {
            return Err("its parent root differs: an earlier entry was altered".into());
        }
        let payload = leaf.inner.payload().map_err(|error| error.to_string())?;
        let statement = Statement::from_bytes(&payload).map_err(|error| error.to_string());
        Ok(Entry {
            seq: leaf.seq,
            leaf: leaf_hash(bytes),
            payload,
            statement,
            written_at: leaf.written_at,
        })
    }
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
