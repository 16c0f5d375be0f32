//! The state of every promotion, as a pure fold over the entries.
//!
//! An entry that may not be there (an approval by the requester, a step of an attempt that was
//! never claimed, a statement about another manifest) is kept in the log, shown as ignored with
//! its reason, and changes nothing.

use crate::{
    ledger::Entry,
    statement::{Outcome, Predicate, Statement, StepObserved},
};
use interlock_domain::{
    Digest, Timestamp,
    ids::{PersonId, PromotionId},
    manifest::{Manifest, Moved},
    person::{Person, Role},
};
use std::collections::BTreeMap;

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

/// What the fold derives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Promotions by id.
    pub promotions: BTreeMap<PromotionId, Promotion>,
    /// Entries that count for nothing, and why.
    pub ignored: BTreeMap<u64, String>,
}

/// Derives the state of every promotion.
pub fn fold(
    entries: &[Entry],
    manifest_of: &dyn Fn(&Digest) -> Option<Manifest>,
    people: &[Person],
) -> Record {
    let mut record = Record::default();
    for entry in entries {
        let verdict = match &entry.statement {
            Ok(statement) => take(
                &mut record.promotions,
                entry.seq,
                statement,
                manifest_of,
                people,
            ),
            Err(reason) => Err(reason.clone()),
        };
        if let Err(reason) = verdict {
            record.ignored.insert(entry.seq, reason);
        }
    }
    record
}

/// Why this person may not approve this manifest; none when they may.
pub fn approval_barrier(
    manifest: &Manifest,
    person: &PersonId,
    people: &[Person],
) -> Option<String> {
    let Some(known) = people.iter().find(|p| &p.id == person) else {
        return Some("is not a person of the estate".into());
    };
    if &manifest.requester == person {
        return Some("asked for it".into());
    }
    let wrote = manifest
        .authors
        .iter()
        .any(|author| author == person.as_str() || known.known_as.contains(author));
    if wrote {
        return Some("wrote a part of it".into());
    }
    match known.role {
        Role::ReleaseManager => None,
        Role::Developer | Role::Lead => Some("is not a release manager".into()),
    }
}

fn take(
    promotions: &mut BTreeMap<PromotionId, Promotion>,
    seq: u64,
    statement: &Statement,
    manifest_of: &dyn Fn(&Digest) -> Option<Manifest>,
    people: &[Person],
) -> Result<(), String> {
    if let Predicate::PrepareIntent { to, service } = &statement.predicate {
        let promotion = promotions
            .entry(statement.promotion.clone())
            .or_insert_with(|| Promotion {
                id: statement.promotion.clone(),
                state: PromotionState::Preparing,
                service: service.clone(),
                to: to.clone(),
                begun_by: statement.actor.clone(),
                digest: None,
                manifest: None,
                approvals: Vec::new(),
                voided: None,
                attempts: Vec::new(),
                created_at: statement.at,
                updated_at: statement.at,
                entries: Vec::new(),
            });
        promotion.entries.push(seq);
        if promotion.state.is_over() || matches!(promotion.state, PromotionState::Executing { .. })
        {
            return Err("the promotion cannot be prepared any more".into());
        }
        promotion.updated_at = statement.at;
        return Ok(());
    }
    let promotion = promotions
        .get_mut(&statement.promotion)
        .ok_or_else(|| format!("promotion {} was never begun", statement.promotion))?;
    promotion.entries.push(seq);
    promotion.apply(statement, manifest_of, people)?;
    promotion.updated_at = statement.at;
    Ok(())
}

impl Promotion {
    fn apply(
        &mut self,
        statement: &Statement,
        manifest_of: &dyn Fn(&Digest) -> Option<Manifest>,
        people: &[Person],
    ) -> Result<(), String> {
        if self.state.is_over() && !matches!(statement.predicate, Predicate::Verification { .. }) {
            return Err("the promotion is over".into());
        }
        match &statement.predicate {
            Predicate::PrepareIntent { .. } => {}
            Predicate::PrepareFailed { reason } => {
                // A failed re-preparation leaves what stood before it.
                if self.manifest.is_none() {
                    self.state = PromotionState::PrepareFailed {
                        reason: reason.clone(),
                    };
                }
            }
            Predicate::Draft {} => self.take_draft(statement, manifest_of)?,
            _ if self.digest != Some(statement.manifest) => {
                return Err("it speaks of another manifest than the current one".into());
            }
            Predicate::Request { .. } => {
                if self.state != PromotionState::Draft {
                    return Err("only a draft can be asked for".into());
                }
                self.state = PromotionState::AwaitingApproval;
                self.count();
            }
            Predicate::Approval { comment } => self.take_approval(statement, comment, people)?,
            Predicate::Rejection { reason } => {
                let manifest = self.manifest.as_ref().ok_or("there is no manifest")?;
                if let Some(barrier) = approval_barrier(manifest, &statement.actor, people) {
                    return Err(format!("{} {barrier}", statement.actor));
                }
                if !matches!(
                    self.state,
                    PromotionState::AwaitingApproval | PromotionState::Approved
                ) {
                    return Err("nobody was asked".into());
                }
                self.state = PromotionState::Rejected {
                    by: statement.actor.clone(),
                    reason: reason.clone(),
                };
            }
            Predicate::Voided { moved } => {
                if matches!(self.state, PromotionState::Executing { .. }) {
                    return Err("it is being carried out".into());
                }
                self.approvals.clear();
                self.voided = Some((statement.at, moved.clone()));
                self.state = PromotionState::Voided;
            }
            Predicate::ExecutionClaim { attempt, runner } => {
                self.take_claim(statement, *attempt, runner)?;
            }
            Predicate::StepIntent {
                attempt,
                step,
                token,
                call,
            } => {
                let running = self.running(*attempt)?;
                if running.step(step).is_none() {
                    running.steps.push(Step {
                        id: step.clone(),
                        token: token.clone(),
                        call: call.clone(),
                        intended_at: statement.at,
                        handle: None,
                        outcome: StepOutcome::Intended,
                        detail: String::new(),
                        observed_at: None,
                    });
                }
            }
            Predicate::StepObservation {
                attempt,
                step,
                observed,
                detail,
            } => {
                let running = self.running(*attempt)?;
                let step = running
                    .steps
                    .iter_mut()
                    .find(|s| &s.id == step)
                    .ok_or("the step was never intended")?;
                if matches!(step.outcome, StepOutcome::Ended(_)) {
                    return Err("the step has ended already".into());
                }
                match observed {
                    StepObserved::Accepted { handle } => {
                        step.handle = Some(handle.clone());
                        step.outcome = StepOutcome::Accepted;
                    }
                    StepObserved::OutcomeUnknown => step.outcome = StepOutcome::Unknown,
                    StepObserved::Ended { outcome } => step.outcome = StepOutcome::Ended(*outcome),
                }
                step.detail.clone_from(detail);
                step.observed_at = Some(statement.at);
            }
            Predicate::Completion {
                attempt,
                outcome,
                detail,
            } => {
                let at = statement.at;
                let running = self.running(*attempt)?;
                running.ended = Some((*outcome, at, detail.clone()));
                self.state = match outcome {
                    Outcome::Succeeded => PromotionState::Applied,
                    other => PromotionState::Failed {
                        outcome: *other,
                        detail: detail.clone(),
                    },
                };
            }
            Predicate::Verification {
                attempt,
                held,
                detail,
            } => {
                if self.state != PromotionState::Applied {
                    return Err("nothing was applied that could be verified".into());
                }
                let last = self
                    .attempts
                    .last_mut()
                    .filter(|a| a.number == *attempt)
                    .ok_or("no such attempt")?;
                last.verified = Some((*held, statement.at, detail.clone()));
                if *held {
                    self.state = PromotionState::Verified;
                }
            }
            Predicate::Abandonment { reason } => {
                if matches!(self.state, PromotionState::Executing { .. }) {
                    return Err("it is being carried out; abort it first".into());
                }
                self.state = PromotionState::Abandoned {
                    by: statement.actor.clone(),
                    reason: reason.clone(),
                };
            }
        }
        Ok(())
    }

    fn take_draft(
        &mut self,
        statement: &Statement,
        manifest_of: &dyn Fn(&Digest) -> Option<Manifest>,
    ) -> Result<(), String> {
        if matches!(self.state, PromotionState::Executing { .. }) {
            return Err("it is being carried out".into());
        }
        let manifest = manifest_of(&statement.manifest).ok_or("its manifest is not kept here")?;
        if manifest.promotion != self.id {
            return Err(format!("its manifest belongs to {}", manifest.promotion));
        }
        if manifest.requester != statement.actor {
            return Err("the manifest names another requester".into());
        }
        self.digest = Some(statement.manifest);
        self.manifest = Some(manifest);
        self.approvals.clear();
        self.state = PromotionState::Draft;
        Ok(())
    }

    fn take_approval(
        &mut self,
        statement: &Statement,
        comment: &str,
        people: &[Person],
    ) -> Result<(), String> {
        let manifest = self.manifest.as_ref().ok_or("there is no manifest")?;
        if !matches!(
            self.state,
            PromotionState::AwaitingApproval | PromotionState::Approved
        ) {
            return Err("nobody was asked".into());
        }
        if let Some(barrier) = approval_barrier(manifest, &statement.actor, people) {
            return Err(format!("{} {barrier}", statement.actor));
        }
        if self.approvals.iter().any(|a| a.by == statement.actor) {
            return Err(format!("{} has approved already", statement.actor));
        }
        self.approvals.push(Approval {
            by: statement.actor.clone(),
            at: statement.at,
            comment: comment.to_owned(),
        });
        self.count();
        Ok(())
    }

    fn take_claim(
        &mut self,
        statement: &Statement,
        attempt: u32,
        runner: &str,
    ) -> Result<(), String> {
        if self.state != PromotionState::Approved {
            return Err("it is not approved".into());
        }
        let next = u32::try_from(self.attempts.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        if attempt != next {
            return Err(format!("attempt {next} is due, not {attempt}"));
        }
        self.attempts.push(Attempt {
            number: attempt,
            by: statement.actor.clone(),
            runner: runner.to_owned(),
            started_at: statement.at,
            steps: Vec::new(),
            ended: None,
            verified: None,
        });
        self.voided = None;
        self.state = PromotionState::Executing { attempt };
        Ok(())
    }

    fn running(&mut self, attempt: u32) -> Result<&mut Attempt, String> {
        if self.state != (PromotionState::Executing { attempt }) {
            return Err(format!("attempt {attempt} is not running"));
        }
        self.attempts
            .last_mut()
            .ok_or_else(|| "there is no attempt".into())
    }

    fn count(&mut self) {
        let needed = self
            .manifest
            .as_ref()
            .map_or(u32::MAX, |manifest| manifest.approvals);
        if self.approvals.len() >= needed as usize {
            self.state = PromotionState::Approved;
        }
    }
}
