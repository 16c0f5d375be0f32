//! CloudFormation stacks as they were observed.

use crate::ids::StackName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// AWS's status word of a stack, kept as it came, with its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StackStatus(pub String);

/// What a stack status means for a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StackPhase {
    /// The last operation ended well.
    Stable,
    /// An operation goes on.
    Moving,
    /// The last operation failed and was rolled back; what ran before runs still.
    RolledBack,
    /// Broken: somebody must act.
    Failed,
    /// Only a shell that waits for a change set to be executed.
    InReview,
    /// Gone.
    Deleted,
    /// A word that we do not know.
    Unknown,
}

impl StackStatus {
    /// The meaning of the word.
    pub fn phase(&self) -> StackPhase {
        match self.0.as_str() {
            "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "IMPORT_COMPLETE" => StackPhase::Stable,
            "UPDATE_ROLLBACK_COMPLETE" | "IMPORT_ROLLBACK_COMPLETE" => StackPhase::RolledBack,
            "REVIEW_IN_PROGRESS" => StackPhase::InReview,
            "DELETE_COMPLETE" => StackPhase::Deleted,
            "ROLLBACK_COMPLETE" => StackPhase::Failed,
            word if word.ends_with("_IN_PROGRESS") => StackPhase::Moving,
            word if word.ends_with("_FAILED") => StackPhase::Failed,
            _ => StackPhase::Unknown,
        }
    }

    /// Whether an operation goes on.
    pub fn is_moving(&self) -> bool {
        self.phase() == StackPhase::Moving
    }

    /// The word.
    pub fn word(&self) -> &str {
        &self.0
    }
}

/// A parameter value as AWS tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackParameter {
    /// Key.
    pub key: String,
    /// Value as given; `****` when NoEcho.
    pub value: String,
    /// What a Systems Manager parameter resolved to.
    pub resolved: Option<String>,
}

impl StackParameter {
    /// Whether AWS hides the value.
    pub fn is_masked(&self) -> bool {
        self.value == "****"
    }
}

/// An output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackOutput {
    /// Key.
    pub key: String,
    /// Value.
    pub value: String,
    /// Export name, when it is exported.
    pub export: Option<String>,
}

/// The last drift detection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackDrift {
    /// `IN_SYNC`, `DRIFTED`, `NOT_CHECKED` or `UNKNOWN`.
    pub status: String,
    /// When it was checked.
    pub checked_at: Option<Timestamp>,
}

/// A stack as DescribeStacks tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stack {
    /// ARN: identity across delete and create.
    pub id: String,
    /// Name.
    pub name: StackName,
    /// Status.
    pub status: StackStatus,
    /// AWS's reason.
    pub status_reason: Option<String>,
    /// Description of the template.
    pub description: Option<String>,
    /// Creation.
    pub created_at: Timestamp,
    /// Last update.
    pub updated_at: Option<Timestamp>,
    /// Parameters.
    pub parameters: Vec<StackParameter>,
    /// Outputs.
    pub outputs: Vec<StackOutput>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// Drift.
    pub drift: StackDrift,
    /// Parent stack's ARN, for nested stacks.
    pub parent: Option<String>,
    /// Capabilities.
    pub capabilities: Vec<String>,
    /// Service role that CloudFormation uses.
    pub role: Option<String>,
    /// Whether deletion is protected.
    pub termination_protection: bool,
}

impl Stack {
    /// Last update, or creation.
    pub fn changed_at(&self) -> Timestamp {
        self.updated_at.unwrap_or(self.created_at)
    }

    /// Changes whenever template, parameters or status may have changed.
    pub fn revision_key(&self) -> String {
        format!("{}|{}|{}", self.id, self.changed_at(), self.status.0)
    }
}

/// A resource of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackResource {
    /// Logical id.
    pub logical_id: String,
    /// Physical id.
    pub physical_id: Option<String>,
    /// Type.
    pub resource_type: String,
    /// AWS's status word.
    pub status: String,
    /// Drift word of the last detection.
    pub drift: Option<String>,
}

/// One event of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackEvent {
    /// Event id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Stack name.
    pub stack: String,
    /// Logical id; equal to the stack name for the stack itself.
    pub logical_id: String,
    /// Physical id.
    pub physical_id: Option<String>,
    /// Type.
    pub resource_type: String,
    /// AWS's status word.
    pub status: String,
    /// AWS's reason.
    pub reason: Option<String>,
    /// Token of the call that began the operation.
    pub token: Option<String>,
}

impl StackEvent {
    /// Whether it is about the stack as a whole.
    pub fn is_stack(&self) -> bool {
        self.resource_type == "AWS::CloudFormation::Stack" && self.logical_id == self.stack
    }
}

/// A drifted resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceDrift {
    /// Logical id.
    pub logical_id: String,
    /// Type.
    pub resource_type: String,
    /// `MODIFIED`, `DELETED`, `IN_SYNC` or `NOT_CHECKED`.
    pub status: String,
    /// Properties that differ.
    pub differences: Vec<PropertyDrift>,
    /// When it was detected.
    pub at: Option<Timestamp>,
}

/// A drifted property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyDrift {
    /// JSON pointer.
    pub path: String,
    /// As deployed.
    pub expected: String,
    /// As it is.
    pub actual: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_aws_has_the_right_meaning() {
        let table = [
            ("CREATE_IN_PROGRESS", StackPhase::Moving),
            ("CREATE_FAILED", StackPhase::Failed),
            ("CREATE_COMPLETE", StackPhase::Stable),
            ("ROLLBACK_IN_PROGRESS", StackPhase::Moving),
            ("ROLLBACK_FAILED", StackPhase::Failed),
            ("ROLLBACK_COMPLETE", StackPhase::Failed),
            ("DELETE_IN_PROGRESS", StackPhase::Moving),
            ("DELETE_FAILED", StackPhase::Failed),
            ("DELETE_COMPLETE", StackPhase::Deleted),
            ("UPDATE_IN_PROGRESS", StackPhase::Moving),
            ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", StackPhase::Moving),
            ("UPDATE_COMPLETE", StackPhase::Stable),
            ("UPDATE_FAILED", StackPhase::Failed),
            ("UPDATE_ROLLBACK_IN_PROGRESS", StackPhase::Moving),
            ("UPDATE_ROLLBACK_FAILED", StackPhase::Failed),
            (
                "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
                StackPhase::Moving,
            ),
            ("UPDATE_ROLLBACK_COMPLETE", StackPhase::RolledBack),
            ("REVIEW_IN_PROGRESS", StackPhase::InReview),
            ("IMPORT_IN_PROGRESS", StackPhase::Moving),
            ("IMPORT_COMPLETE", StackPhase::Stable),
            ("IMPORT_ROLLBACK_IN_PROGRESS", StackPhase::Moving),
            ("IMPORT_ROLLBACK_FAILED", StackPhase::Failed),
            ("IMPORT_ROLLBACK_COMPLETE", StackPhase::RolledBack),
            ("SOMETHING_NEW", StackPhase::Unknown),
        ];
        for (word, phase) in table {
            assert_eq!(StackStatus(word.into()).phase(), phase, "{word}");
        }
    }
}
