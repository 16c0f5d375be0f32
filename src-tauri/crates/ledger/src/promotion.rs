//! A promotion as its entries tell it: state, approvals, attempts and their steps.

use crate::statement::Outcome;
use interlock_domain::{
    Digest, Timestamp,
    ids::{PersonId, PromotionId},
    manifest::{Manifest, Moved},
};

/// Where a promotion stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromotionState {
    /// Change sets are being prepared.
    Preparing,
    /// Preparing did not succeed.
    PrepareFailed {
        /// Reason.
        reason: String,
    },
    /// There is a manifest; nobody was asked yet.
    Draft,
    /// Approvals are missing.
    AwaitingApproval,
    /// Enough approvals count for the current manifest.
    Approved,
    /// Something moved; it must be prepared again.
    Voided,
    /// An attempt goes on.
    Executing {
        /// Attempt.
        attempt: u32,
    },
    /// The attempt did what was approved; not verified yet.
    Applied,
    /// Applied, and every check held.
    Verified,
    /// The attempt ended otherwise.
    Failed {
        /// How.
        outcome: Outcome,
        /// In words.
        detail: String,
    },
    /// Somebody rejected it.
    Rejected {
        /// Who.
        by: PersonId,
        /// Why.
        reason: String,
    },
    /// Somebody gave it up.
    Abandoned {
        /// Who.
        by: PersonId,
        /// Why.
        reason: String,
    },
}

impl PromotionState {
    /// Whether nothing more can happen to it.
    pub const fn is_over(&self) -> bool {
        match self {
            Self::Applied
            | Self::Verified
            | Self::Failed { .. }
            | Self::Rejected { .. }
            | Self::Abandoned { .. }
            | Self::PrepareFailed { .. } => true,
            Self::Preparing
            | Self::Draft
            | Self::AwaitingApproval
            | Self::Approved
            | Self::Voided
            | Self::Executing { .. } => false,
        }
    }
}

/// An approval that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// Comment.
    pub comment: String,
}

/// What the record knows of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Step id.
    pub id: String,
    /// Token that its call carries.
    pub token: String,
    /// The call in words.
    pub call: String,
    /// When it was intended.
    pub intended_at: Timestamp,
    /// Where it is followed, once accepted.
    pub handle: Option<String>,
    /// What is known about it.
    pub outcome: StepOutcome,
    /// Last observation in words.
    pub detail: String,
    /// When it was last observed.
    pub observed_at: Option<Timestamp>,
}

/// What is known about a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepOutcome {
    /// Intended; whether the call was made is not recorded.
    Intended,
    /// The reply was lost.
    Unknown,
    /// Accepted; it goes on.
    Accepted,
    /// Ended.
    Ended(Outcome),
}

/// One attempt at carrying a promotion out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Number, from 1.
    pub number: u32,
    /// Who started it.
    pub by: PersonId,
    /// Which process.
    pub runner: String,
    /// When.
    pub started_at: Timestamp,
    /// Steps in the order in which they were intended.
    pub steps: Vec<Step>,
    /// How and when it ended.
    pub ended: Option<(Outcome, Timestamp, String)>,
    /// Result of verification.
    pub verified: Option<(bool, Timestamp, String)>,
}

impl Attempt {
    /// A step by id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// Whether a step's outcome is not known.
    pub fn has_unknown(&self) -> bool {
        self.ended.is_none()
            && self
                .steps
                .iter()
                .any(|step| step.outcome == StepOutcome::Unknown)
    }
}

/// A promotion as the record tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promotion {
    /// Id.
    pub id: PromotionId,
    /// Where it stands.
    pub state: PromotionState,
    /// Service, as first intended.
    pub service: String,
    /// Environment it goes to, as first intended.
    pub to: String,
    /// Who began it.
    pub begun_by: PersonId,
    /// Digest of the current manifest.
    pub digest: Option<Digest>,
    /// The current manifest.
    pub manifest: Option<Manifest>,
    /// Approvals that count for the current manifest.
    pub approvals: Vec<Approval>,
    /// What moved, after the last voiding, until new approvals are complete.
    pub voided: Option<(Timestamp, Vec<Moved>)>,
    /// Attempts.
    pub attempts: Vec<Attempt>,
    /// First entry's time.
    pub created_at: Timestamp,
    /// Last counting entry's time.
    pub updated_at: Timestamp,
    /// Places of all entries about it.
    pub entries: Vec<u64>,
}

impl Promotion {
    /// The attempt that goes on or was last.
    pub fn last_attempt(&self) -> Option<&Attempt> {
        self.attempts.last()
    }
}
