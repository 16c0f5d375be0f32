//! Stacks, their events and their states, as they are stored.

mod words;

pub use words::{ChangeSetStatus, ExecutionStatus, OnFailure, OperationKind, StackStatus};

use super::changes::ResourceChange;
use super::cloud::DriftChange;
use super::plan::Plan;
use super::template::parameters::Stored;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One event of a stack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StackEvent {
    /// Unique id.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// Logical id; the stack's name for events of the stack itself.
    pub logical_id: String,
    /// Physical id; the stack's ARN for events of the stack itself.
    pub physical_id: String,
    /// Resource type.
    pub resource_type: String,
    /// Status word.
    pub status: String,
    /// Reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Properties that the resource was given, as JSON text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub properties: Option<String>,
    /// Idempotency token of the operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Operation.
    #[serde(default)]
    pub operation: String,
}

/// A resource as a stack has it.
#[expect(
    clippy::struct_field_names,
    reason = "`type` is taken, and AWS says resource type"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// Logical id.
    pub logical_id: String,
    /// Physical id; empty before there is one.
    pub physical_id: String,
    /// Type.
    pub resource_type: String,
    /// Properties, worked out.
    pub properties: Value,
    /// Properties as they may be shown, when that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Value>,
    /// Metadata, policies and the like, as the template has them.
    #[serde(default)]
    pub attributes: BTreeMap<String, Value>,
    /// What generated identifiers were made from.
    pub seed: String,
    /// Status word.
    pub status: String,
    /// Reason beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the status came.
    pub updated_at: Timestamp,
}

impl Resource {
    /// Returns the properties as they may be shown.
    pub fn shown(&self) -> &Value {
        self.shown.as_ref().unwrap_or(&self.properties)
    }

    /// Reports whether the resource exists no more.
    pub fn is_deleted(&self) -> bool {
        self.status == "DELETE_COMPLETE"
    }

    /// Returns a policy such as `DeletionPolicy`.
    pub fn policy(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(Value::as_str)
    }
}

/// An output of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Key.
    pub key: String,
    /// Value.
    pub value: String,
    /// Description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Name under which other stacks import it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<String>,
}

/// What a stack was or would be given: the input of an operation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// Template's text.
    pub template: String,
    /// Template's description.
    #[serde(default)]
    pub description: Option<String>,
    /// Parameter values.
    pub parameters: Vec<Stored>,
    /// Tags.
    pub tags: Vec<(String, String)>,
    /// Acknowledged capabilities.
    pub capabilities: Vec<String>,
    /// Service role.
    #[serde(default)]
    pub role_arn: Option<String>,
    /// Notification topics.
    #[serde(default)]
    pub notification_arns: Vec<String>,
    /// Existing resources that the operation takes over: physical ids by logical id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub adopted: BTreeMap<String, String>,
}

/// What a stack has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Deployment {
    /// What it was given.
    pub inputs: Inputs,
    /// Its resources.
    pub resources: Vec<Resource>,
    /// Its outputs.
    pub outputs: Vec<Output>,
    /// Names of exports that it imports.
    #[serde(default)]
    pub imports: BTreeSet<String>,
}

/// A stack's status at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatusStep {
    /// From when on.
    pub at: Timestamp,
    /// Status.
    pub status: StackStatus,
    /// Reason.
    pub reason: Option<String>,
}

/// How an operation ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The stack has what it was to get.
    Done,
    /// Something failed: the first resource's reason.
    Failed(String),
}

/// An operation on a stack: a timeline that was worked out when it began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// Id.
    pub id: String,
    /// What it does.
    pub kind: OperationKind,
    /// Idempotency token.
    pub token: Option<String>,
    /// Change set that it executes.
    pub change_set: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When the rollback begins.
    pub rollback_at: Option<Timestamp>,
    /// When it ends.
    pub ended_at: Timestamp,
    /// The stack's status, step by step.
    pub statuses: Vec<StatusStep>,
    /// What the stack is to get.
    pub inputs: Inputs,
    /// What it has at the end.
    pub after: Deployment,
    /// How it ends.
    pub outcome: Outcome,
    /// What it was worked out from, for a cancellation; gone once it has ended.
    pub plan: Option<Box<Plan>>,
    /// What happens when a creation or an update fails.
    pub on_failure: OnFailure,
}

/// A remembered operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PastOperation {
    /// Id.
    pub id: String,
    /// What it did.
    pub kind: OperationKind,
    /// Idempotency token.
    pub token: Option<String>,
    /// Change set that it executed.
    pub change_set: Option<String>,
    /// How it ended; none while it goes on.
    pub outcome: Option<Outcome>,
}

/// A stack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stack {
    /// ARN.
    pub id: String,
    /// Name.
    pub name: String,
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// When it was created, or its first change set was.
    pub created_at: Timestamp,
    /// When it was last updated.
    pub updated_at: Option<Timestamp>,
    /// When its deletion began.
    pub deleted_at: Option<Timestamp>,
    /// Status when no operation goes on.
    pub status: StackStatus,
    /// Reason beside it.
    pub status_reason: Option<String>,
    /// What it has; during an operation, what it had.
    pub live: Deployment,
    /// The operation that goes on.
    pub operation: Option<Operation>,
    /// Operations of the past, oldest first.
    pub history: Vec<PastOperation>,
    /// Events, oldest first; those of a running operation lie in the future.
    pub events: Vec<StackEvent>,
    /// Change sets, oldest first.
    pub change_sets: Vec<ChangeSet>,
    /// Counts operations; a change set of another count is obsolete.
    pub revision: u64,
    /// Whether deletion is refused.
    pub termination_protection: bool,
    /// Whether a failure is left as it is.
    pub disable_rollback: bool,
    /// Minutes that the creation may last.
    pub timeout_minutes: Option<u32>,
    /// What was changed past CloudFormation.
    pub drift: Vec<DriftChange>,
    /// What the last drift detection found.
    pub detection: Option<Detection>,
    /// What it had before an update whose failure was left as it was.
    #[serde(default)]
    pub stable: Option<Box<Deployment>>,
    /// Which resources updates may touch.
    #[serde(default)]
    pub policy: Option<String>,
    /// Stack that this one is nested in.
    #[serde(default)]
    pub parent: Option<String>,
}

/// A drift detection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detection {
    /// Id.
    pub id: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ends.
    pub ended_at: Timestamp,
    /// What it finds.
    pub drifts: Vec<ResourceDrift>,
    /// The detection before, which counts until this one has ended.
    pub before: Option<Box<Detection>>,
}

/// Drift of one resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResourceDrift {
    /// Logical id.
    pub logical_id: String,
    /// Physical id.
    pub physical_id: String,
    /// Type.
    pub resource_type: String,
    /// `IN_SYNC`, `MODIFIED`, `DELETED` or `NOT_CHECKED`.
    pub status: String,
    /// Properties by the template.
    pub expected: Value,
    /// Properties as they are.
    pub actual: Value,
    /// Path, expected value, actual value and `ADD`, `REMOVE` or `NOT_EQUAL`.
    pub differences: Vec<(String, String, String, String)>,
}

/// A change set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeSet {
    /// ARN.
    pub id: String,
    /// Name.
    pub name: String,
    /// Whether it creates the stack.
    pub creates: bool,
    /// Description.
    pub description: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When its computation ends.
    pub ready_at: Timestamp,
    /// Why it failed.
    pub failure: Option<String>,
    /// What it would give the stack.
    pub inputs: Inputs,
    /// What it would change.
    pub changes: Vec<ResourceChange>,
    /// Idempotency token.
    pub token: Option<String>,
    /// The stack's count of operations when it was made.
    pub revision: u64,
    /// Operation that executes it.
    pub executed_by: Option<String>,
    /// What happens when its execution fails.
    pub on_failure: Option<OnFailure>,
    /// Whether nested stacks were asked for.
    pub include_nested: bool,
    /// Whether it starts from what is live, and puts it back.
    #[serde(default)]
    pub reverts_drift: bool,
    /// Change set of the parent stack.
    #[serde(default)]
    pub parent: Option<String>,
    /// Change set that this one was made with.
    #[serde(default)]
    pub root: Option<String>,
}
