//! Change sets: what AWS says that it would do.

use crate::{ids::StackName, stack::StackParameter};
use serde::{Deserialize, Serialize};

/// What to ask CloudFormation to prepare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSetOrder {
    /// Stack to change or create.
    pub stack: StackName,
    /// Name of the change set; deterministic, so that asking twice finds the first.
    pub name: String,
    /// Idempotency token.
    pub token: String,
    /// Whether the stack does not exist yet.
    pub create: bool,
    /// Template text, exactly.
    pub template: String,
    /// Parameters.
    pub parameters: Vec<ParameterOrder>,
    /// Tags.
    pub tags: Vec<(String, String)>,
    /// Capabilities that the template asks for.
    pub capabilities: Vec<String>,
    /// Description shown in AWS.
    pub description: String,
}

/// A parameter of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterOrder {
    /// This value.
    Value {
        /// Key.
        key: String,
        /// Value.
        value: String,
    },
    /// Whatever the stack has now (for values that we may not see).
    Previous {
        /// Key.
        key: String,
    },
}

impl ParameterOrder {
    /// The key.
    pub fn key(&self) -> &str {
        match self {
            Self::Value { key, .. } | Self::Previous { key } => key,
        }
    }
}

/// State of a change set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeSetState {
    /// AWS is working it out.
    Pending,
    /// It can be executed.
    Available,
    /// AWS found nothing to change.
    Empty,
    /// AWS could not make it.
    Failed,
    /// It is being executed.
    Executing,
    /// It was executed well.
    Executed,
    /// It was executed and failed.
    ExecutionFailed,
    /// The stack moved on: it cannot be executed any more.
    Obsolete,
    /// Words that we do not know.
    Unknown,
}

/// A change set as DescribeChangeSet tells it, all pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSet {
    /// ARN.
    pub id: String,
    /// Name.
    pub name: String,
    /// Stack ARN.
    pub stack_id: String,
    /// Stack name.
    pub stack: String,
    /// Our reading of both status words.
    pub state: ChangeSetState,
    /// AWS's `Status`.
    pub status: String,
    /// AWS's `ExecutionStatus`.
    pub execution_status: String,
    /// AWS's reason.
    pub reason: Option<String>,
    /// Parameters with resolved values.
    pub parameters: Vec<StackParameter>,
    /// Capabilities.
    pub capabilities: Vec<String>,
    /// Tags.
    pub tags: Vec<(String, String)>,
    /// Resource changes, in AWS's order.
    pub changes: Vec<ResourceChange>,
}

/// What AWS would do to one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceChange {
    /// Add, Modify, Remove, Import, Dynamic ...
    pub action: String,
    /// Logical id.
    pub logical_id: String,
    /// Physical id.
    pub physical_id: Option<String>,
    /// Type.
    pub resource_type: String,
    /// True, False or Conditional.
    pub replacement: Option<String>,
    /// Delete, Retain, Snapshot ...
    pub policy_action: Option<String>,
    /// Properties, Metadata, Tags ...
    pub scope: Vec<String>,
    /// Properties.
    pub details: Vec<PropertyChange>,
}

/// What AWS would do to one property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyChange {
    /// Attribute: Properties, Metadata, Tags ...
    pub attribute: String,
    /// JSON pointer, or the property name when AWS gives no pointer.
    pub path: String,
    /// Before, when AWS says.
    pub before: Option<String>,
    /// After, when AWS says.
    pub after: Option<String>,
    /// Never, Conditionally or Always.
    pub recreation: Option<String>,
    /// DirectModification, ParameterReference, ResourceReference, ResourceAttribute, Automatic.
    pub source: Option<String>,
    /// Entity that causes it, such as a parameter name.
    pub causing_entity: Option<String>,
}
