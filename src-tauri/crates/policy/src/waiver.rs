//! What is given from outside to lift a verdict: waivers, and an emergency.

use crate::facts::Subject;
use interlock_domain::Timestamp;

/// Somebody answers for a gate that is not passed, for a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waiver {
    /// Id of the gate's rule.
    pub rule: String,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// Until when it counts.
    pub expires: Timestamp,
    /// For what it counts.
    pub scope: WaiverScope,
}

/// For what a waiver counts; what is left out is not limited.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct WaiverScope {
    /// Only this service.
    pub service: Option<String>,
    /// Only into this environment.
    pub environment: Option<String>,
    /// Only this promotion.
    pub promotion: Option<String>,
}

impl Waiver {
    /// Why it does not count for a promotion now; none when it counts.
    pub fn barrier(&self, subject: &Subject, now: Timestamp) -> Option<String> {
        let is = |wanted: &Option<String>, value: Option<&str>| {
            wanted.is_none() || wanted.as_deref() == value
        };
        if self.owner.trim().is_empty() {
            return Some("it has no owner".into());
        }
        if self.reason.trim().is_empty() {
            return Some("it has no reason".into());
        }
        if self.expires <= now {
            return Some(format!("it expired {}", self.expires));
        }
        let here = is(&self.scope.service, Some(&subject.service))
            && is(&self.scope.environment, Some(&subject.to))
            && is(&self.scope.promotion, subject.promotion.as_deref());
        (!here).then(|| "it is for another promotion".into())
    }
}

/// An emergency: allowed gates are passed over, and a review is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakGlass {
    /// Why.
    pub reason: String,
    /// Incident.
    pub incident: String,
}

impl BreakGlass {
    /// Why it does not count; none when it counts.
    pub fn barrier(&self) -> Option<&'static str> {
        if self.reason.trim().is_empty() {
            return Some("breaking the glass needs a reason");
        }
        if self.incident.trim().is_empty() {
            return Some("breaking the glass needs the incident");
        }
        None
    }
}
