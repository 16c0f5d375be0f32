//! Verdicts of gates.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Outcome of one gate. Only `Pass` lets a promotion go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The rule holds.
    Pass,
    /// The rule is broken.
    Fail,
    /// It cannot be told; counts as failed.
    Unknown,
}

/// A verdict with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Gate name.
    pub gate: String,
    /// Outcome.
    pub outcome: Outcome,
    /// One sentence.
    pub summary: String,
    /// Values seen and their source.
    pub evidence: String,
    /// When the evidence was observed.
    pub at: Option<Timestamp>,
}

impl Verdict {
    /// Whether the promotion must stop.
    pub fn blocks(&self) -> bool {
        match self.outcome {
            Outcome::Pass => false,
            Outcome::Fail | Outcome::Unknown => true,
        }
    }
}
