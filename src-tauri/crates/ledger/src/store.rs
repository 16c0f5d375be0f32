//! The port of places where a log can be kept.

use interlock_domain::Digest;

/// Why a store did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Somebody else took the place: read again, then try the next one.
    #[error("entry {seq} is already written")]
    SlotTaken {
        /// The place.
        seq: u64,
    },
    /// The store cannot be used now; nothing was written.
    #[error("the ledger cannot be used: {reason}")]
    Unavailable {
        /// Reason.
        reason: String,
    },
    /// What is stored is damaged.
    #[error("the ledger is damaged: {reason}")]
    Damaged {
        /// Reason.
        reason: String,
    },
}

/// Keeps leaves in places numbered from 0, and documents by their digest. Nothing is ever
/// changed or removed.
pub trait LogStore: Send + Sync {
    /// Leaves from a place on, in order.
    fn leaves_from(&self, seq: u64) -> Result<Vec<Vec<u8>>, StoreError>;
    /// Writes a leaf into a free place, durably, or answers `SlotTaken`.
    fn put_leaf(&self, seq: u64, bytes: &[u8]) -> Result<(), StoreError>;
    /// A document by its digest.
    fn document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError>;
    /// Keeps a document under its digest, durably.
    fn put_document(&self, bytes: &[u8]) -> Result<Digest, StoreError>;
    /// Where it is, for people.
    fn place(&self) -> String;
}
