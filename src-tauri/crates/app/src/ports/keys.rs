//! The keys that a person signs with.

use interlock_domain::PersonId;
use interlock_ledger::{Signer, roster::MemberKey};
use std::sync::Arc;

/// There is no key to sign with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct KeyUnavailable {
    /// Reason, for people.
    pub message: String,
}

/// Keys, wherever they are kept.
pub trait KeyRing: Send + Sync {
    /// The key that signs what this person says here. May make one at the first question.
    fn signer(&self, person: &PersonId) -> Result<Arc<dyn Signer>, KeyUnavailable>;
    /// Keys of other persons that are known here: those of a practice estate's people.
    fn known(&self) -> Vec<(PersonId, MemberKey)>;
}
