//! The flow graph of a build as stage views see it: verdicts, nodes, states.

use serde::{Deserialize, Serialize};

/// The result of a build, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verdict {
    /// Everything went well.
    Success,
    /// It went to its end with failed tests.
    Unstable,
    /// A step failed.
    Failure,
    /// It ended before doing its work.
    NotBuilt,
    /// Somebody stopped it or refused an input.
    Aborted,
}

impl Verdict {
    /// Returns the `result` of the remote API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Unstable => "UNSTABLE",
            Self::Failure => "FAILURE",
            Self::NotBuilt => "NOT_BUILT",
            Self::Aborted => "ABORTED",
        }
    }
}

/// The state of a stage or step in stage views.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NodeStatus {
    /// Running.
    InProgress,
    /// Waiting for a person.
    Paused,
    /// Ended well.
    Success,
    /// Ended with failed tests.
    Unstable,
    /// Ended with an error.
    Failed,
    /// Stopped or refused.
    Aborted,
    /// Skipped.
    NotExecuted,
}

impl NodeStatus {
    /// Returns the `status` of the stage API.
    pub fn name(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Paused => "PAUSED_PENDING_INPUT",
            Self::Success => "SUCCESS",
            Self::Unstable => "UNSTABLE",
            Self::Failed => "FAILED",
            Self::Aborted => "ABORTED",
            Self::NotExecuted => "NOT_EXECUTED",
        }
    }
}

/// Why a node or build ended badly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeError {
    /// Message.
    pub message: String,
    /// Java class of the exception.
    pub class: String,
}

/// A stage or step in the flow graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Number in the flow graph.
    pub id: u32,
    /// Number of the node before it.
    pub parent: u32,
    /// Index of the stage it is or belongs to.
    pub stage: usize,
    /// Is the stage itself, not one of its steps.
    pub is_stage: bool,
    /// Name in stage views.
    pub name: String,
    /// Argument of a step.
    pub argument: Option<String>,
    /// Start, milliseconds since the epoch.
    pub started: i64,
    /// End; none while it runs.
    pub ended: Option<i64>,
    /// Milliseconds spent waiting for a person (finished waits only).
    pub paused: i64,
    /// State.
    pub status: NodeStatus,
    /// Error, when it failed or was stopped.
    pub error: Option<NodeError>,
    /// Byte range of its own lines in the log.
    pub log: (usize, usize),
}
