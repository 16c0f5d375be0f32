//! The port of places where a log can be kept.

use interlock_domain::{Digest, Timestamp};
use std::time::Duration;

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
    /// It was sent, and whether it was written is not known: read again before anything else.
    #[error("whether the ledger took it is not known: {reason}")]
    OutcomeUnknown {
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

/// Something wrong with the place itself, which the leaves cannot tell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    /// The entry that it concerns, when it is one.
    pub seq: Option<u64>,
    /// What the store calls the thing, such as an object's key.
    pub key: String,
    /// What is wrong with it, for people.
    pub reason: String,
}

/// The time as the store tells it, so that decisions need not rest on this computer's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreTime {
    /// What the store said.
    pub at: Timestamp,
    /// How long ago it said so, by a clock that nobody can set.
    pub age: Duration,
}

impl StoreTime {
    /// The store's time by now.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_nanosecond(
            self.at
                .as_nanosecond()
                .saturating_add(i128::try_from(self.age.as_nanos()).unwrap_or(i128::MAX)),
        )
        .unwrap_or(self.at)
    }
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
    /// Everything wrong with the place that only the store can see: an entry that was overwritten
    /// or hidden, a thing that does not belong there, protection that is missing. It may take long.
    fn examine(&self) -> Result<Vec<Trouble>, StoreError> {
        Ok(Vec::new())
    }
    /// The store's own time, at most a minute old; none when it has no clock but this computer's.
    fn clock(&self) -> Result<Option<StoreTime>, StoreError> {
        Ok(None)
    }
}
