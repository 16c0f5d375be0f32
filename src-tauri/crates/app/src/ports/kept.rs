//! What is kept from start to start: the last known observations, and what was seen of stacks.

use interlock_domain::{Scope, Timestamp, stack::Stack};

/// Keeps the last known observations, so that the next start can show them at once, and every
/// revision of a stack that was seen, so that a past time can be looked at.
pub trait SnapshotStore: Send + Sync {
    /// The text kept under a key, with the time at which it was kept.
    fn load(&self, key: &str) -> Result<Option<(Timestamp, String)>, SnapshotFailed>;
    /// Keeps a text under a key.
    fn save(&self, key: &str, at: Timestamp, text: &str) -> Result<(), SnapshotFailed>;
    /// Keeps that these were all the stacks of an account and region at a time.
    fn observe(&self, scope: &Scope, at: Timestamp, stacks: &[Stack])
    -> Result<(), SnapshotFailed>;
    /// Every revision of every stack of an account and region that was seen, the oldest first.
    fn revisions(&self, scope: &Scope) -> Result<Vec<SeenRevision>, SnapshotFailed>;
    /// The template of a stack's revision, when it was kept.
    fn template(&self, revision: &str) -> Result<Option<String>, SnapshotFailed>;
    /// Keeps the template of a stack's revision.
    fn keep_template(&self, revision: &str, text: &str) -> Result<(), SnapshotFailed>;
    /// Which of these revisions have no template kept.
    fn without_template(&self, revisions: &[String]) -> Result<Vec<String>, SnapshotFailed>;
}

/// A revision of a stack and when it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRevision {
    /// The stack as AWS told it.
    pub stack: Stack,
    /// First time that it was seen so.
    pub first_seen: Timestamp,
    /// Last time that it was seen so.
    pub last_seen: Timestamp,
    /// First time that the stack was not there any more.
    pub gone_at: Option<Timestamp>,
}

/// The place of snapshots cannot be used; the console works on without it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SnapshotFailed {
    /// Reason, for people.
    pub message: String,
}
