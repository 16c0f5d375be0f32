//! The words of the handle: what is seeded, deployed and answered.

use crate::aws::model::StackStatus;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A stack that exists when the estate is first started.
#[derive(Debug, Clone, Default)]
pub struct SeedStack {
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// Stack name.
    pub name: String,
    /// Template, as it is kept in Git.
    pub template: String,
    /// Parameter values.
    pub parameters: Vec<(String, String)>,
    /// Tags.
    pub tags: Vec<(String, String)>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last updated with the same content; use [`Cloud::seed_update`] for a change of content.
    pub updated_at: Option<Timestamp>,
    /// A status other than the one that follows from its history.
    pub status: Option<StackStatus>,
    /// What somebody changed past CloudFormation.
    pub drift: Option<SeedDrift>,
    /// Whether deletion is refused.
    pub termination_protection: bool,
    /// Idempotency token of the creation, as its events show it.
    pub token: Option<String>,
    /// Name of the stack that it is nested in.
    pub parent: Option<String>,
}

/// A past update of a seeded stack.
#[derive(Debug, Clone, Default)]
pub struct SeedUpdate {
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// Stack name.
    pub name: String,
    /// Template from then on.
    pub template: String,
    /// Parameter values.
    pub parameters: Vec<(String, String)>,
    /// Tags.
    pub tags: Vec<(String, String)>,
    /// When it began.
    pub started_at: Timestamp,
    /// Idempotency token, as the events show it.
    pub token: Option<String>,
    /// The resource that failed and why; the stack was then rolled back.
    pub failure: Option<(String, String)>,
}

/// Changes made past CloudFormation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SeedDrift {
    /// When drift was last looked for; never when absent.
    pub detected_at: Option<Timestamp>,
    /// The changes.
    pub changes: Vec<DriftChange>,
}

/// One change made past CloudFormation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum DriftChange {
    /// The resource is gone.
    Deleted {
        /// Logical id.
        logical_id: String,
    },
    /// A property has another value; null means that it is gone.
    Property {
        /// Logical id.
        logical_id: String,
        /// JSON pointer into the properties, such as `/MemorySize`.
        path: String,
        /// Live value.
        actual: Value,
    },
}

/// A deployment by a pipeline: creates the stack or updates it.
#[derive(Debug, Clone, Default)]
pub struct Deploy {
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// Stack name.
    pub stack: String,
    /// Template.
    pub template: String,
    /// Parameter values; those not named keep their value.
    pub parameters: Vec<(String, String)>,
    /// Tags; none keeps the stack's.
    pub tags: Vec<(String, String)>,
    /// Acknowledged capabilities.
    pub capabilities: Vec<String>,
    /// Idempotency token.
    pub token: Option<String>,
    /// Who acts.
    pub actor_arn: String,
}

/// A change set to be created by a pipeline.
#[derive(Debug, Clone, Default)]
pub struct NewChangeSet {
    /// Name.
    pub name: String,
    /// What it would deploy.
    pub deploy: Deploy,
    /// Description.
    pub description: Option<String>,
}

/// Names one operation on one stack.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OperationToken(pub String);

/// How far an operation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperationState {
    /// It goes on.
    InProgress,
    /// It is complete.
    Succeeded,
    /// It was rolled back or has failed; the first reason that a resource gave.
    Failed(String),
}

/// How far a change set is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeSetProgress {
    /// It is being computed.
    Pending,
    /// It can be executed; `Action LogicalId (Type)` for each resource, with its replacement.
    Ready(Vec<String>),
    /// It contains no changes.
    NoChanges(String),
    /// It failed.
    Failed(String),
    /// It was or is being executed.
    Executed,
    /// The stack has moved since.
    Obsolete,
}

/// A stack as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct StackState {
    /// ARN.
    pub id: String,
    /// Status.
    pub status: StackStatus,
    /// Reason beside it.
    pub status_reason: Option<String>,
    /// Parameters as shown; NoEcho ones are masked.
    pub parameters: Vec<(String, String)>,
    /// Tags.
    pub tags: Vec<(String, String)>,
    /// Outputs.
    pub outputs: Vec<(String, String)>,
    /// Physical id of each resource.
    pub resources: Vec<(String, String)>,
}

/// Why AWS refuses what a colleague server asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloudError {
    /// There is nothing to do: the stack is already like that.
    #[error("{0}")]
    NoChanges(String),
    /// Any other refusal, with AWS's code and message.
    #[error("{code}: {message}")]
    Refused {
        /// AWS's code.
        code: String,
        /// AWS's message.
        message: String,
    },
}
