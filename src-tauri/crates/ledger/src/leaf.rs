//! Leaves: an envelope in its place, committed to everything before it.

use crate::envelope::Envelope;
use interlock_domain::{Digest, Timestamp};
use serde::{Deserialize, Serialize};

/// Version of the shape.
pub const VERSION: u32 = 1;

/// One leaf of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// Always [`VERSION`].
    pub v: u32,
    /// Name of the log.
    pub origin: String,
    /// Place, from 0.
    pub seq: u64,
    /// Head of the log before this leaf.
    pub parent: Head,
    /// The statement's envelope.
    pub inner: Envelope,
    /// Writer's clock; for display only.
    pub written_at: Timestamp,
}

/// Size and root of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Number of leaves.
    pub size: u64,
    /// RFC 6962 root.
    pub root: Digest,
}

impl Leaf {
    /// Writes the leaf. Call once; keep the bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a leaf has only text keys and plain values")
    }
}
