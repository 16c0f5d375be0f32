//! What can be said about a promotion, as in-toto statements.

use interlock_domain::{
    Digest, Timestamp,
    ids::{PersonId, PromotionId},
    manifest::Moved,
};
use serde::{Deserialize, Serialize};

/// Type word of in-toto statements.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// Name of the one subject that a statement has.
pub const SUBJECT: &str = "release-manifest";

/// One thing said about one manifest of one promotion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Promotion.
    pub promotion: PromotionId,
    /// Manifest that it speaks of.
    pub manifest: Digest,
    /// Who says it.
    pub actor: PersonId,
    /// When, by the writer's clock; for display only.
    pub at: Timestamp,
    /// What is said.
    pub predicate: Predicate,
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
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Predicate {
    /// Change sets are about to be prepared under this id (before any call that changes something).
    PrepareIntent {
        /// Environment that it would go to.
        to: String,
        /// Service.
        service: String,
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
    /// A call that changes something is about to be made.
    StepIntent {
        /// Attempt.
        attempt: u32,
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
    /// The kind word, as in the predicate type.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::PrepareIntent { .. } => "prepare-intent",
            Self::PrepareFailed { .. } => "prepare-failed",
            Self::Draft {} => "draft",
            Self::Request { .. } => "request",
            Self::Approval { .. } => "approval",
            Self::Rejection { .. } => "rejection",
            Self::Voided { .. } => "voided",
            Self::ExecutionClaim { .. } => "execution-claim",
            Self::StepIntent { .. } => "step-intent",
            Self::StepObservation { .. } => "step-observation",
            Self::Completion { .. } => "completion",
            Self::Verification { .. } => "verification",
            Self::Abandonment { .. } => "abandonment",
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Body,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    name: String,
    digest: Sha256Only,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sha256Only {
    sha256: Digest,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    promotion: PromotionId,
    actor: PersonId,
    at: Timestamp,
    statement: Predicate,
}

/// Bytes that are not a statement of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a statement: {0}")]
pub struct NotAStatement(pub String);

impl Statement {
    fn predicate_type(&self) -> String {
        format!("urn:interlock:predicate:{}:v1", self.predicate.kind())
    }

    /// Writes the statement. Call once; keep the bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let wire = Wire {
            kind: STATEMENT_TYPE.into(),
            subject: vec![Subject {
                name: SUBJECT.into(),
                digest: Sha256Only {
                    sha256: self.manifest,
                },
            }],
            predicate_type: self.predicate_type(),
            predicate: Body {
                promotion: self.promotion.clone(),
                actor: self.actor.clone(),
                at: self.at,
                statement: self.predicate.clone(),
            },
        };
        serde_json::to_vec(&wire).expect("a statement has only text keys and plain values")
    }

    /// Reads a statement; anything not understood is refused, never guessed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAStatement> {
        let wire: Wire =
            serde_json::from_slice(bytes).map_err(|error| NotAStatement(error.to_string()))?;
        let [subject] = wire.subject.as_slice() else {
            return Err(NotAStatement("exactly one subject is wanted".into()));
        };
        if wire.kind != STATEMENT_TYPE || subject.name != SUBJECT {
            return Err(NotAStatement(format!(
                "type `{}` about `{}`",
                wire.kind, subject.name
            )));
        }
        let statement = Self {
            promotion: wire.predicate.promotion,
            manifest: subject.digest.sha256,
            actor: wire.predicate.actor,
            at: wire.predicate.at,
            predicate: wire.predicate.statement,
        };
        if wire.predicate_type != statement.predicate_type() {
            return Err(NotAStatement(format!(
                "predicate type `{}` does not fit its content",
                wire.predicate_type
            )));
        }
        Ok(statement)
    }
}
