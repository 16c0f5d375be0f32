//! Jenkins builds as they were observed.

use crate::ids::JobName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a triggered build stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum QueueState {
    /// It waits, and Jenkins says why.
    Waiting {
        /// Jenkins's words.
        why: String,
    },
    /// It left the queue as this build.
    Started {
        /// Build number.
        number: u32,
        /// Address, rebased on the configured one.
        url: String,
    },
    /// Somebody cancelled it in the queue.
    Cancelled,
    /// The queue does not know it any more.
    Gone,
}

/// Result of a build, once it is finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuildResult {
    /// Went well.
    Success,
    /// Went through with failed tests.
    Unstable,
    /// Failed.
    Failure,
    /// Was stopped.
    Aborted,
    /// Did not run.
    NotBuilt,
}

impl BuildResult {
    /// Reads Jenkins's word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "SUCCESS" => Some(Self::Success),
            "UNSTABLE" => Some(Self::Unstable),
            "FAILURE" => Some(Self::Failure),
            "ABORTED" => Some(Self::Aborted),
            "NOT_BUILT" => Some(Self::NotBuilt),
            _ => None,
        }
    }

    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Success => "succeeded",
            Self::Unstable => "unstable",
            Self::Failure => "failed",
            Self::Aborted => "aborted",
            Self::NotBuilt => "not built",
        }
    }
}

/// One build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// Full job name.
    pub job: JobName,
    /// Number.
    pub number: u32,
    /// Address, rebased on the configured one.
    pub url: String,
    /// Finished only when this is false, whatever `result` says.
    pub building: bool,
    /// Result, meaningful once finished.
    pub result: Option<BuildResult>,
    /// Start.
    pub started_at: Timestamp,
    /// Duration in milliseconds, 0 while running.
    pub duration_ms: u64,
    /// Who or what caused it, in words.
    pub causes: Vec<String>,
    /// Parameters that are not secret.
    pub parameters: Vec<(String, String)>,
    /// Commit that was built.
    pub revision: Option<String>,
}

impl Build {
    /// Value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A stage of a pipeline build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Id in Jenkins.
    pub id: String,
    /// Name.
    pub name: String,
    /// `IN_PROGRESS`, `PAUSED_PENDING_INPUT`, `SUCCESS`, `UNSTABLE`, `FAILED`, `ABORTED`, `NOT_EXECUTED`.
    pub status: String,
    /// Start.
    pub started_at: Option<Timestamp>,
    /// Duration in milliseconds.
    pub duration_ms: u64,
    /// Error message.
    pub error: Option<String>,
}

/// An input step that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingInput {
    /// Id.
    pub id: String,
    /// Message.
    pub message: String,
    /// Word on the proceed button.
    pub proceed: String,
    /// Whether it asks for values (which we then do not answer).
    pub has_fields: bool,
}

/// A piece of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogChunk {
    /// Text with notes removed; whole lines are not promised.
    pub text: String,
    /// Offset for the next question.
    pub next: u64,
    /// Whether more will come.
    pub more: bool,
}

/// Test counts of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestCounts {
    /// Passed.
    pub passed: u32,
    /// Failed.
    pub failed: u32,
    /// Skipped.
    pub skipped: u32,
}
