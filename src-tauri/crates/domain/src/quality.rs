//! SonarQube's gate and measures as they were observed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Outcome of a quality gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateStatus {
    /// Passed.
    Passed,
    /// Failed.
    Failed,
    /// The project has no gate or was never analysed.
    None,
}

/// A condition of a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateCondition {
    /// Metric key.
    pub metric: String,
    /// `GT` or `LT`.
    pub comparator: String,
    /// Threshold, as text.
    pub threshold: Option<String>,
    /// Value, as text.
    pub actual: Option<String>,
    /// Whether it holds.
    pub passed: bool,
}

/// The gate of a project for its last analysis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityGate {
    /// Outcome.
    pub status: GateStatus,
    /// Conditions.
    pub conditions: Vec<GateCondition>,
    /// Analysis that it speaks of.
    pub analysis: Option<Analysis>,
}

/// An analysis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analysis {
    /// Key.
    pub key: String,
    /// When.
    pub at: Timestamp,
    /// Version of the project.
    pub version: Option<String>,
    /// Commit.
    pub revision: Option<String>,
}

/// A measure, kept as text because SonarQube gives text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Metric key.
    pub metric: String,
    /// Value; new-code metrics have theirs in the period.
    pub value: Option<String>,
}
