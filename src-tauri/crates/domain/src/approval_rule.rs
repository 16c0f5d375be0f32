//! Who has to approve a promotion.

use serde::{Deserialize, Serialize};

/// One demand for approvals. A person's vote counts for one rule only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRule {
    /// Name for people.
    pub name: String,
    /// Groups, role words or person ids, any of which qualifies; empty means anybody.
    pub from: Vec<String>,
    /// How many persons.
    pub count: u32,
    /// Least assurance of the key that the approval is signed with; 0 means any.
    pub assurance: u8,
}
