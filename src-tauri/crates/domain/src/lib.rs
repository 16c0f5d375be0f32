//! The words of release management, as types.
//!
//! Identifiers, environments, stacks, change sets, builds, measures, manifests and verdicts.
//! No input or output, no clock, no async: every crate of the house may use this one.

pub mod approval_rule;
pub mod build;
pub mod change_set;
pub mod connector_error;
pub mod digest;
pub mod environment;
pub mod ids;
pub mod manifest;
pub mod nearest;
pub mod observed;
pub mod person;
pub mod quality;
pub mod secret;
pub mod source;
pub mod stack;
pub mod verdict;

pub use approval_rule::ApprovalRule;
pub use connector_error::{ConnectorError, FaultKind, plain_cause};
pub use digest::Digest;
pub use environment::{Environment, Scope, Tier};
pub use ids::{
    AccountId, CommitId, EnvironmentName, JobName, PersonId, PromotionId, Region, ServiceName,
    StackName,
};
pub use jiff::Timestamp;
pub use observed::{Completeness, Observed, SystemKind};
pub use secret::Secret;
