//! States and times in words.

use interlock_domain::Timestamp;
use interlock_ledger::{Outcome, PromotionState};

/// Where a promotion stands, without what people wrote about it.
pub const fn state(state: &PromotionState) -> &'static str {
    match state {
        PromotionState::Preparing => "preparing",
        PromotionState::PrepareFailed { .. } => "preparing failed",
        PromotionState::Draft => "draft",
        PromotionState::AwaitingApproval => "awaiting approval",
        PromotionState::Approved => "approved",
        PromotionState::Voided => "voided",
        PromotionState::Executing { .. } => "executing",
        PromotionState::Applied => "applied, not verified",
        PromotionState::Verified => "verified",
        PromotionState::Failed { outcome, .. } => self::outcome(*outcome),
        PromotionState::Rejected { .. } => "rejected",
        PromotionState::Superseded { .. } => "superseded",
        PromotionState::Abandoned { .. } => "abandoned",
    }
}

/// How something ended.
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "succeeded",
        Outcome::RolledBack => "rolled back",
        Outcome::Failed => "failed",
        Outcome::Aborted => "stopped by a person",
        Outcome::PartiallyApplied => "partially applied",
    }
}

/// A time, or a dash.
pub fn time(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| at.to_string())
}

/// A word for yes and no.
pub fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}
