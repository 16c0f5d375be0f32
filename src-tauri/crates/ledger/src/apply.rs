//! What one statement does to a promotion, and when it counts for nothing.

use crate::{
    authority::Signed,
    fold::Manifests,
    predicate::{Outcome, Predicate, StepObserved},
    promotion::{Promotion, PromotionState, Step, StepOutcome, Voided},
    roster::Roster,
    statement::Statement,
};

/// Something that was said, by whom, and who there was then.
#[derive(Clone, Copy)]
pub(crate) struct Said<'a> {
    /// Place of the entry.
    pub seq: u64,
    /// What was said.
    pub statement: &'a Statement,
    /// Who signed it.
    pub signed: &'a Signed,
    /// The roster in force.
    pub roster: Option<&'a Roster>,
    /// The statement's bytes.
    pub payload: &'a [u8],
}

impl Said<'_> {
    /// Whether its signer had seen the entry at a place.
    pub fn has_seen(&self, seq: u64) -> bool {
        Statement::from_bytes(self.payload).is_ok_and(|(_, context)| context.seen.size > seq)
    }
}

impl Promotion {
    pub(crate) fn apply(
        &mut self,
        said: &Said<'_>,
        manifest_of: Manifests<'_>,
    ) -> Result<(), String> {
        let statement = said.statement;
        let comes_after = matches!(
            statement.predicate,
            Predicate::Verification { .. } | Predicate::Review { .. }
        );
        if self.state.is_over() && !comes_after {
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
            Predicate::Draft {} => self.take_draft(said, manifest_of)?,
            _ if self.digest != Some(statement.subject) => {
                return Err("it speaks of another manifest than the current one".into());
            }
            Predicate::Request { .. } => {
                if self.state != PromotionState::Draft {
                    return Err("only a draft can be asked for".into());
                }
                self.withdrawn = None;
                self.state = PromotionState::AwaitingApproval;
                self.count();
            }
            Predicate::Approval { comment } => self.take_approval(said, comment)?,
            Predicate::Rejection { reason } => self.take_rejection(said, reason)?,
            Predicate::Withdrawal { reason } => self.take_withdrawal(said, reason)?,
            Predicate::Waiver {
                gate,
                service,
                owner,
                reason,
                expires,
            } => self.take_waiver(said, (gate, service), owner, reason, *expires)?,
            Predicate::BreakGlass { reason, incident } => {
                self.take_break_glass(said, reason, incident)?;
            }
            Predicate::Review { comment } => self.take_review(said, comment)?,
            Predicate::Voided { moved } => {
                if matches!(self.state, PromotionState::Executing { .. }) {
                    return Err("it is being carried out".into());
                }
                let approved = std::mem::take(&mut self.approvals);
                self.voided = Some(Voided {
                    at: statement.at,
                    by: statement.actor.clone(),
                    moved: moved.clone(),
                    approved_by: approved.into_iter().map(|it| it.by).collect(),
                });
                self.state = PromotionState::Voided;
            }
            Predicate::ExecutionClaim { attempt, runner } => {
                self.take_claim(said, *attempt, runner)?;
            }
            Predicate::Lease {
                attempt,
                runner,
                reason,
            } => self.take_lease(said, *attempt, runner, reason)?,
            Predicate::StepIntent {
                attempt,
                fence,
                step,
                token,
                call,
            } => {
                let running = self.running(*attempt)?;
                if *fence != running.driver.fence {
                    return Err(format!(
                        "{} took over with entry {}",
                        running.driver.runner, running.driver.fence
                    ));
                }
                running.driver.heard_at = running.driver.heard_at.max(statement.at);
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
            Predicate::Roster { .. } | Predicate::Policy { .. } | Predicate::Revocation { .. } => {
                return Err("it is not about a promotion".into());
            }
        }
        Ok(())
    }

    pub(crate) fn running(
        &mut self,
        attempt: u32,
    ) -> Result<&mut crate::promotion::Attempt, String> {
        if self.state != (PromotionState::Executing { attempt }) {
            return Err(format!("attempt {attempt} is not running"));
        }
        self.attempts
            .last_mut()
            .ok_or_else(|| "there is no attempt".into())
    }
}
