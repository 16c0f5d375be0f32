//! Ports: each named after the question that it answers, with plain owned data.
//!
//! Every method may fail with a [`ConnectorError`] whose kind says what to do next. A call that
//! changes something and loses its reply answers `OutcomeUnknown`, never a plain failure.

mod builds;
mod kept;
mod keys;
mod quality;
mod runners;
mod source;
mod stacks;

pub use builds::{BuildOrder, BuildReader, BuildRunner, DeclaredParameter};
pub use kept::{SeenRevision, SnapshotFailed, SnapshotStore};
pub use keys::{KeyRing, KeyUnavailable};
pub use quality::QualityReader;
pub(crate) use runners::Nobody;
pub use runners::Runners;
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
