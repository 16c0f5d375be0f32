//! What one statement does to a promotion, and when it counts for nothing.

use crate::{
    fold::approval_barrier,
    promotion::{Approval, Attempt, Promotion, PromotionState, Step, StepOutcome},
    statement::{Outcome, Predicate, Statement, StepObserved},
};
use interlock_domain::{Digest, manifest::Manifest, person::Person};

impl Promotion {
    pub(crate) fn apply(
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
