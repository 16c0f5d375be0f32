//! What is said in the log, kind by kind.

use interlock_domain::{Timestamp, ids::PersonId, manifest::Moved};
use serde::{Deserialize, Serialize};

/// What a statement speaks of: the one subject that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// A release manifest of a promotion.
    Manifest,
    /// A roster.
    Roster,
    /// A policy bundle.
    Policy,
    /// A key.
    Key,
}

impl Topic {
    /// The subject's name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Manifest => "release-manifest",
            Self::Roster => "roster",
            Self::Policy => "policy-bundle",
            Self::Key => "key",
        }
    }
}

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// As intended.
    Succeeded,
    /// It failed and what was there before is there again.
    RolledBack,
    /// It failed; look at what is there.
    Failed,
    /// A person stopped it.
    Aborted,
    /// A part of it is there as intended, and the rest is not.
    PartiallyApplied,
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Predicate {
    /// Change sets are about to be prepared under this id (before any call that changes something).
    PrepareIntent {
        /// Environment that it would go to.
        to: String,
        /// Services, in the order in which they would be delivered.
        services: Vec<String>,
    },
    /// Preparing did not succeed.
    PrepareFailed {
        /// Reason.
        reason: String,
    },
    /// The manifest exists and is the current one of its promotion.
    Draft {},
    /// Approval is asked for.
    Request {
        /// Comment.
        comment: String,
    },
    /// Somebody approves the manifest.
    Approval {
        /// Comment.
        comment: String,
    },
    /// Somebody rejects the manifest.
    Rejection {
        /// Reason.
        reason: String,
    },
    /// Somebody takes their own approval back.
    Withdrawal {
        /// Reason.
        reason: String,
    },
    /// A gate that fails is answered for by somebody, until a time.
    Waiver {
        /// The gate's rule id.
        gate: String,
        /// Service whose gate it is.
        service: String,
        /// Who answers for it.
        owner: PersonId,
        /// Reason.
        reason: String,
        /// When it ends.
        expires: Timestamp,
    },
    /// It is to be carried out without all approvals; a review is owed afterwards.
    BreakGlass {
        /// Reason.
        reason: String,
        /// Incident that asks for it.
        incident: String,
    },
    /// Somebody looked at what was done by breaking the glass.
    Review {
        /// What was found.
        comment: String,
    },
    /// What was approved is not what stands there: earlier approvals count no more.
    Voided {
        /// What moved.
        moved: Vec<Moved>,
    },
    /// A runner begins to carry it out.
    ExecutionClaim {
        /// Attempt, from 1.
        attempt: u32,
        /// Which process, for people.
        runner: String,
    },
    /// A runner goes on with an attempt: the one that drives it says that it is still there, or
    /// another one takes it over.
    Lease {
        /// Attempt.
        attempt: u32,
        /// Which process, for people.
        runner: String,
        /// Why it is taken over before the lease of the other is over; empty otherwise.
        reason: String,
    },
    /// A call that changes something is about to be made.
    StepIntent {
        /// Attempt.
        attempt: u32,
        /// Entry from which on this runner drives the attempt.
        fence: u64,
        /// Step id.
        step: String,
        /// Idempotency token or correlation that the call carries.
        token: String,
        /// The call in words.
        call: String,
    },
    /// What is known about a step after it.
    StepObservation {
        /// Attempt.
        attempt: u32,
        /// Step id.
        step: String,
        /// What was observed.
        observed: StepObserved,
        /// In words.
        detail: String,
    },
    /// The whole attempt ended.
    Completion {
        /// Attempt.
        attempt: u32,
        /// How.
        outcome: Outcome,
        /// In words.
        detail: String,
    },
    /// Applied content was checked in the environment.
    Verification {
        /// Attempt.
        attempt: u32,
        /// Whether every check held.
        held: bool,
        /// Checks in words.
        detail: String,
    },
    /// It is given up.
    Abandonment {
        /// Reason.
        reason: String,
    },
    /// An administrator signs for a roster.
    Roster {
        /// Number of the roster.
        version: u64,
    },
    /// An administrator signs for a policy bundle.
    Policy {
        /// Name of the bundle for people.
        name: String,
    },
    /// From an entry on, a key counts for nothing.
    Revocation {
        /// The key.
        key: String,
        /// First entry at which it does not count; may lie in the past.
        from_seq: u64,
        /// Reason.
        reason: String,
    },
}

/// What was observed about a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", deny_unknown_fields)]
pub enum StepObserved {
    /// The call was taken; follow it here.
    Accepted {
        /// Where it is followed: change-set ARN, queue item, build number.
        handle: String,
    },
    /// The reply was lost; nobody knows yet.
    OutcomeUnknown,
    /// It ended.
    Ended {
        /// How.
        outcome: Outcome,
    },
}

impl Predicate {
    /// Every kind word.
    pub const KINDS: [&'static str; 21] = [
        "prepare-intent",
        "prepare-failed",
        "draft",
        "request",
        "approval",
        "rejection",
        "withdrawal",
        "waiver",
        "break-glass",
        "review",
        "voided",
        "execution-claim",
        "lease",
        "step-intent",
        "step-observation",
        "completion",
        "verification",
        "abandonment",
        "roster",
        "policy",
        "revocation",
    ];

    /// Version of a kind: it grows when what stands in such a statement changes.
    pub fn version(kind: &str) -> u32 {
        match kind {
            // Since promotions bring several services, and since it is told who drives an attempt.
            "prepare-intent" | "waiver" | "completion" | "step-intent" => 2,
            _ => 1,
        }
    }

    /// Whether it decides something, or begins a call that changes something. What was done or
    /// seen is no decision: it has to be told whatever else is known.
    pub const fn decides(&self) -> bool {
        match self {
            Self::PrepareIntent { .. }
            | Self::Draft {}
            | Self::Request { .. }
            | Self::Approval { .. }
            | Self::Rejection { .. }
            | Self::Withdrawal { .. }
            | Self::Waiver { .. }
            | Self::BreakGlass { .. }
            | Self::Review { .. }
            | Self::ExecutionClaim { .. }
            | Self::Lease { .. }
            | Self::StepIntent { .. }
            | Self::Abandonment { .. }
            | Self::Roster { .. }
            | Self::Policy { .. }
            | Self::Revocation { .. } => true,
            Self::PrepareFailed { .. }
            | Self::Voided { .. }
            | Self::StepObservation { .. }
            | Self::Completion { .. }
            | Self::Verification { .. } => false,
        }
    }

    /// What a statement of this kind speaks of.
    pub const fn topic(&self) -> Topic {
        match self {
            Self::Roster { .. } => Topic::Roster,
            Self::Policy { .. } => Topic::Policy,
            Self::Revocation { .. } => Topic::Key,
            _ => Topic::Manifest,
        }
    }

    /// The kind word, as in the predicate type.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::PrepareIntent { .. } => "prepare-intent",
            Self::PrepareFailed { .. } => "prepare-failed",
            Self::Draft {} => "draft",
            Self::Request { .. } => "request",
            Self::Approval { .. } => "approval",
            Self::Rejection { .. } => "rejection",
            Self::Withdrawal { .. } => "withdrawal",
            Self::Waiver { .. } => "waiver",
            Self::BreakGlass { .. } => "break-glass",
            Self::Review { .. } => "review",
            Self::Voided { .. } => "voided",
            Self::ExecutionClaim { .. } => "execution-claim",
            Self::Lease { .. } => "lease",
            Self::StepIntent { .. } => "step-intent",
            Self::StepObservation { .. } => "step-observation",
            Self::Completion { .. } => "completion",
            Self::Verification { .. } => "verification",
            Self::Abandonment { .. } => "abandonment",
            Self::Roster { .. } => "roster",
            Self::Policy { .. } => "policy",
            Self::Revocation { .. } => "revocation",
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::Predicate;

    #[test]
    fn every_kind_is_listed() {
        let error = serde_json::from_str::<Predicate>(r#"{"kind":"?"}"#).unwrap_err();
        let known: Vec<String> = error
            .to_string()
            .split('`')
            .skip(3)
            .step_by(2)
            .map(str::to_owned)
            .collect();
        assert_eq!(known, Predicate::KINDS);
    }
}
