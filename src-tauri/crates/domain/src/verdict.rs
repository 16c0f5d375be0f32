//! Verdicts of gates.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Outcome of one gate. Only `Pass` lets a promotion go on by itself.
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
    /// Outcome. A waiver and break-glass leave it as it is.
    pub outcome: Outcome,
    /// One sentence, with the values seen.
    pub summary: String,
    /// Source of the values.
    pub evidence: String,
    /// When the evidence was observed.
    pub at: Option<Timestamp>,
    /// Service that it is about; empty in records from before a promotion could bring several.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub service: String,
    /// Id of the rule in the policy; empty in records from before there was a policy.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// Place of the rule, such as `policy.toml:12`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// Why it does not stop the promotion although it is not passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted: Option<Lifted>,
}

/// Who takes it upon themselves that a gate is not passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Lifted {
    /// A waiver that was given beforehand, for a time.
    Waiver {
        /// Who answers for it.
        owner: String,
        /// Why.
        reason: String,
        /// Until when.
        expires: Timestamp,
    },
    /// An emergency; a review is owed.
    BreakGlass {
        /// Why.
        reason: String,
        /// Incident.
        incident: String,
    },
}

impl Verdict {
    /// Whether the promotion must stop.
    pub fn blocks(&self) -> bool {
        match self.outcome {
            Outcome::Pass => false,
            Outcome::Fail | Outcome::Unknown => self.lifted.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lifted_stays_visible_and_stops_nothing() {
        let old = r#"{"gate":"Tests","outcome":"fail","summary":"1 failed","evidence":"Jenkins","at":null}"#;
        let mut verdict: Verdict = serde_json::from_str(old).unwrap();
        assert!(verdict.blocks());
        assert_eq!(serde_json::to_string(&verdict).unwrap(), old);
        verdict.lifted = Some(Lifted::BreakGlass {
            reason: "payments are down".into(),
            incident: "INC-1".into(),
        });
        assert_eq!(verdict.outcome, Outcome::Fail);
        assert!(!verdict.blocks());
    }
}
