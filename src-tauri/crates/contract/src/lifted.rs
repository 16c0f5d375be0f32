//! What stands beside the usual way of a promotion: waivers, a broken glass, what is taken back and
//! what is void.

use crate::Instant;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Answer for a gate of exactly one manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WaiverRequest {
    /// Promotion id.
    pub id: String,
    /// The full manifest digest that the person has seen.
    pub digest: String,
    /// Rule id of the gate.
    pub gate: String,
    /// Service whose gate it is; may be left out where it stops only one service.
    pub service: Option<String>,
    /// Person id of who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// When it ends, RFC 3339.
    pub expires: Instant,
}

/// Break the glass for exactly one manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EmergencyRequest {
    /// Promotion id.
    pub id: String,
    /// The full manifest digest that the person has seen.
    pub digest: String,
    /// Why.
    pub reason: String,
    /// Incident.
    pub incident: String,
}

/// A glass that was broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EmergencyView {
    /// Who broke it.
    pub by: String,
    /// When.
    pub at: Instant,
    /// Incident.
    pub incident: String,
    /// Why.
    pub reason: String,
    /// Whether it lets the present manifest through without all approvals.
    pub counts: bool,
    /// Whether somebody still has to review what was done.
    pub review_owed: bool,
    /// Until when the review is owed.
    pub review_by: Option<Instant>,
    /// Whether that time has passed.
    pub overdue: bool,
    /// Who reviewed it.
    pub reviewed_by: Option<String>,
    /// When.
    pub reviewed_at: Option<Instant>,
    /// What was found.
    pub review: Option<String>,
}

/// A gate that somebody answers for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WaiverView {
    /// Rule id of the gate.
    pub gate: String,
    /// Service whose gate it is.
    pub service: String,
    /// Who answers for it.
    pub owner: String,
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When it ends.
    pub expires: Instant,
    /// Why it counts for nothing; none when it counts.
    pub ignored: Option<String>,
}

/// Somebody who can answer for a gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OwnerView {
    /// Person id.
    pub person: String,
    /// Name.
    pub name: String,
}

/// A request that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WithdrawnView {
    /// When.
    pub at: Instant,
    /// Why.
    pub reason: String,
}

/// What moved after an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VoidedView {
    /// When it was seen.
    pub at: Instant,
    /// What moved.
    pub element: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
    /// Everything that moved.
    pub moved: Vec<MovedView>,
    /// Who saw it.
    pub by: String,
    /// Names of those whose approvals counted until then.
    pub approved_by: Vec<String>,
}

/// An element that moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MovedView {
    /// Element in words.
    pub element: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}
