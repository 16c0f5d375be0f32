//! Ports: each named after the question that it answers, with plain owned data.
//!
//! Every method may fail with a [`ConnectorError`] whose kind says what to do next. A call that
//! changes something and loses its reply answers `OutcomeUnknown`, never a plain failure.

mod builds;
mod quality;
mod source;
mod stacks;

pub use builds::{BuildOrder, BuildReader, BuildRunner, DeclaredParameter};
pub use quality::QualityReader;
pub use source::{MergeRequestReader, SourceReader};
pub use stacks::{StackChanger, StackReader, TemplateStage};

use interlock_domain::{ConnectorError, Timestamp, person::SystemIdentity};

/// Short for what every port method gives back.
pub type Answer<T> = Result<T, ConnectorError>;

/// What time it is.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Whom a system takes the caller for.
#[async_trait::async_trait]
pub trait IdentityReader: Send + Sync {
    /// One answer for each place where the system knows the caller (each account, for AWS).
    async fn identities(&self) -> Vec<Answer<SystemIdentity>>;
}

/// Where secrets are kept. Never in a file of ours.
pub trait SecretStore: Send + Sync {
    /// The secret of this name, such as `jenkins-token`; none when there is none.
    fn read(&self, name: &str) -> Result<Option<interlock_domain::Secret>, SecretUnavailable>;
}

/// The place of secrets cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SecretUnavailable {
    /// Reason, for people.
    pub message: String,
}

/// Keeps the last known observations, so that the next start can show them at once.
pub trait SnapshotStore: Send + Sync {
    /// The text kept under a key, with the time at which it was kept.
    fn load(&self, key: &str) -> Result<Option<(Timestamp, String)>, SnapshotFailed>;
    /// Keeps a text under a key.
    fn save(&self, key: &str, at: Timestamp, text: &str) -> Result<(), SnapshotFailed>;
}

/// The place of snapshots cannot be used; the console works on without it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SnapshotFailed {
    /// Reason, for people.
    pub message: String,
}
