//! A promotion as its entries tell it: state, approvals, attempts and their steps.

use crate::{
    matching::{Matching, Voter, matched},
    predicate::Outcome,
    statement::Statement,
};
use interlock_domain::{
    Digest, Timestamp,
    approval_rule::ApprovalRule,
    ids::{PersonId, PromotionId},
    manifest::{Manifest, Moved},
};
use jiff::SignedDuration;

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
    /// A newer promotion of the same stacks was approved.
    Superseded {
        /// Which.
        by: PromotionId,
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
            | Self::Superseded { .. }
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
    /// Place of the entry.
    pub seq: u64,
    /// Id of the key that it is signed with.
    pub key: String,
    /// What the person may stand for: groups, role, assurance of the key.
    pub voter: Voter,
    /// Comment.
    pub comment: String,
}

/// A gate that somebody answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The gate's rule id.
    pub gate: String,
    /// Service whose gate it is.
    pub service: String,
    /// Who answers for it.
    pub owner: PersonId,
    /// Who said so.
    pub by: PersonId,
    /// Reason.
    pub reason: String,
    /// When it ends.
    pub expires: Timestamp,
    /// Place of the entry.
    pub seq: u64,
}

/// What moved after somebody had looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voided {
    /// When it was seen.
    pub at: Timestamp,
    /// Who saw it.
    pub by: PersonId,
    /// What moved.
    pub moved: Vec<Moved>,
    /// Whose approvals counted until then.
    pub approved_by: Vec<PersonId>,
}

/// A promotion that goes without all approvals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakGlass {
    /// The manifest that it was broken for: it lets no other one through.
    pub manifest: Digest,
    /// Who broke it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// Reason.
    pub reason: String,
    /// Incident.
    pub incident: String,
    /// Who looked at it afterwards, and what was found.
    pub reviewed: Option<(PersonId, Timestamp, String)>,
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
    /// Which process drives it, and from when on.
    pub driver: Driver,
    /// Whether it went without all approvals.
    pub in_emergency: bool,
    /// When.
    pub started_at: Timestamp,
    /// Steps in the order in which they were intended.
    pub steps: Vec<Step>,
    /// How and when it ended.
    pub ended: Option<(Outcome, Timestamp, String)>,
    /// Result of verification.
    pub verified: Option<(bool, Timestamp, String)>,
}

/// The process that drives an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Driver {
    /// Which process.
    pub runner: String,
    /// Who runs it.
    pub by: PersonId,
    /// Entry from which on it drives: what another one intends counts for nothing.
    pub fence: u64,
    /// When it was last heard of.
    pub heard_at: Timestamp,
}

/// How long after a driver was last heard of somebody else may go on without a reason.
pub const LEASE: SignedDuration = SignedDuration::from_mins(15);

impl Driver {
    /// Until when nobody else goes on without a reason.
    pub fn until(&self) -> Timestamp {
        self.heard_at.checked_add(LEASE).unwrap_or(Timestamp::MAX)
    }
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
    /// Services, as first intended.
    pub services: Vec<String>,
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
    /// Approvals of the current manifest that became too old to count.
    pub expired: Vec<Approval>,
    /// Why it is a draft again, when who asked for it took that back.
    pub withdrawn: Option<(Timestamp, String)>,
    /// Gates that somebody answers for, of the current manifest.
    pub waivers: Vec<Waiver>,
    /// Whether it goes without all approvals. It stays marked for ever.
    pub break_glass: Option<BreakGlass>,
    /// Why what was done rests on something that was taken back later, such as a revoked key.
    pub tainted: Option<String>,
    /// What moved, after the last voiding, until new approvals are complete.
    pub voided: Option<Voided>,
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
    /// A promotion that was just begun.
    pub(crate) fn begun(
        statement: &Statement,
        id: &PromotionId,
        services: &[String],
        to: &str,
    ) -> Self {
        Self::planned(id, &statement.actor, services, to, statement.at)
    }

    /// A promotion of which nothing stands in the record yet.
    pub fn planned(
        id: &PromotionId,
        by: &PersonId,
        services: &[String],
        to: &str,
        at: Timestamp,
    ) -> Self {
        Self {
            id: id.clone(),
            state: PromotionState::Preparing,
            services: services.to_vec(),
            to: to.to_owned(),
            begun_by: by.clone(),
            digest: None,
            manifest: None,
            approvals: Vec::new(),
            expired: Vec::new(),
            withdrawn: None,
            waivers: Vec::new(),
            break_glass: None,
            tainted: None,
            voided: None,
            attempts: Vec::new(),
            created_at: at,
            updated_at: at,
            entries: Vec::new(),
        }
    }

    /// Whether somebody still has to look at what was done by breaking the glass.
    pub fn owes_review(&self) -> bool {
        let was_used = self.attempts.iter().any(|attempt| attempt.in_emergency);
        was_used
            && self
                .break_glass
                .as_ref()
                .is_some_and(|it| it.reviewed.is_none())
    }

    /// Whether the glass is broken for the present manifest.
    pub fn in_emergency(&self) -> bool {
        let broken = self.break_glass.as_ref().map(|it| it.manifest);
        broken.is_some() && broken == self.digest
    }

    /// Whether the approvals are no longer enough without this person's, who then cannot begin it.
    pub fn needs_vote_of(&self, person: &PersonId) -> bool {
        let others = self.approvals.iter().filter(|it| &it.by != person);
        let others: Vec<Voter> = others.map(|it| it.voter.clone()).collect();
        self.approvals.len() > others.len()
            && !matched(&self.rules_to_begin(), &others).is_complete()
    }

    /// The approvals that it asks for: with a gate that is waived some more.
    pub fn rules(&self) -> Vec<ApprovalRule> {
        let Some(manifest) = &self.manifest else {
            return Vec::new();
        };
        let mut rules = manifest.approval_rules.clone();
        if !self.waivers.is_empty() {
            rules.extend(manifest.waiver_rules.iter().cloned());
        }
        rules
    }

    /// The approvals without which it cannot begin: in an emergency those for emergencies alone.
    pub fn rules_to_begin(&self) -> Vec<ApprovalRule> {
        match &self.manifest {
            Some(manifest) if self.in_emergency() => manifest.emergency_rules.clone(),
            _ => self.rules(),
        }
    }

    /// What the approvals that count are worth.
    pub fn matching(&self) -> Matching {
        self.worth(&self.rules())
    }

    /// What they are worth for beginning it.
    pub fn matching_to_begin(&self) -> Matching {
        self.worth(&self.rules_to_begin())
    }

    fn worth(&self, rules: &[ApprovalRule]) -> Matching {
        let voters: Vec<Voter> = self.approvals.iter().map(|it| it.voter.clone()).collect();
        matched(rules, &voters)
    }

    /// Until when an approval counts; none when it does not expire.
    pub fn counts_until(&self, approval: &Approval) -> Option<Timestamp> {
        let hours = self.manifest.as_ref()?.approvals_expire_hours?;
        let until = approval
            .at
            .checked_add(SignedDuration::from_hours(hours.into()));
        Some(until.unwrap_or(Timestamp::MAX))
    }

    /// Sets aside the approvals that are too old at a time.
    pub(crate) fn expire(&mut self, now: Timestamp) {
        let (old, kept) = std::mem::take(&mut self.approvals)
            .into_iter()
            .partition(|it| self.counts_until(it).is_some_and(|until| until < now));
        self.approvals = kept;
        self.expired.extend::<Vec<Approval>>(old);
    }

    /// The attempt that goes on or was last.
    pub fn last_attempt(&self) -> Option<&Attempt> {
        self.attempts.last()
    }
}
