//! Change sets, executed one after the other and followed to their end.

use super::{
    IN_FLIGHT, POLL,
    engine::{Drive, Driven},
};
use crate::{console::UseCase, promotion::scope_of};
use interlock_domain::{
    ConnectorError, FaultKind, Scope, Timestamp,
    change_set::ChangeSetState,
    manifest::StackDelivery,
    stack::{StackEvent, StackPhase, StackStatus},
};
use interlock_ledger::{Outcome, Step, StepOutcome, predicate::StepObserved};

/// Id of the step that executes a stack's change set.
pub(super) fn step_id(stack: &StackDelivery) -> String {
    format!("execute:{}:{}", stack.region, stack.stack)
}

/// What became of a call whose reply is not recorded.
enum Found {
    /// It took place: its token stands in the stack's events.
    TookPlace,
    /// It did not: the change set waits still.
    DidNot,
    /// Somebody else changed the stack.
    Foreign(String),
    /// Not to be told yet.
    NotYet,
}

impl Drive {
    pub(super) async fn drive_stacks(&self, stacks: &[StackDelivery]) -> Driven {
        let mut applied = Vec::new();
        for stack in stacks.iter().filter(|stack| !stack.empty) {
            let (outcome, detail) = self.drive_stack(stack).await?;
            if outcome != Outcome::Succeeded {
                let words = format!("{}: {detail}", stack.stack);
                if applied.is_empty() {
                    return Ok((outcome, words));
                }
                let words = format!("{words}; applied before: {}", applied.join(", "));
                return Ok((Outcome::PartiallyApplied, words));
            }
            applied.push(stack.stack.to_string());
        }
        Ok((
            Outcome::Succeeded,
            format!("applied: {}", applied.join(", ")),
        ))
    }

    async fn drive_stack(&self, stack: &StackDelivery) -> Driven {
        let scope = scope_of(&self.manifest, stack);
        let step = step_id(stack);
        let token = self.token(&step);
        let recorded = self.recorded(&step)?;
        let begun = match &recorded {
            Some(Step {
                outcome: StepOutcome::Ended(outcome),
                detail,
                ..
            }) => return Ok((*outcome, detail.clone())),
            Some(known) => known.intended_at,
            None => self.console.now(),
        };
        let accepted = recorded
            .as_ref()
            .is_some_and(|s| s.outcome == StepOutcome::Accepted);
        if recorded.is_none() {
            self.intend(
                &step,
                &token,
                format!("ExecuteChangeSet {}", stack.change_set),
            )?;
            if let Some(end) = self.execute_once(&scope, stack, &step, &token).await? {
                return Ok(end);
            }
        }
        if !accepted
            && self
                .recorded(&step)?
                .is_none_or(|s| s.outcome != StepOutcome::Accepted)
            && let Some(end) = self.find_out(&scope, stack, &step, &token, begun).await?
        {
            return Ok(end);
        }
        let (outcome, detail) = self.follow_stack(&scope, stack, &token, begun).await?;
        self.observe(&step, StepObserved::Ended { outcome }, &detail)?;
        Ok((outcome, detail))
    }

    /// Makes the call and records what it answered. Gives an end only when the call was refused.
    async fn execute_once(
        &self,
        scope: &Scope,
        stack: &StackDelivery,
        step: &str,
        token: &str,
    ) -> UseCase<Option<(Outcome, String)>> {
        let changer = self.console.ports().changer.clone();
        let mut tries = 0;
        loop {
            tries += 1;
            self.hold()?;
            match changer
                .execute_change_set(scope, stack.stack.as_str(), &stack.change_set, token)
                .await
            {
                Ok(()) => {
                    let handle = stack.change_set.clone();
                    self.observe(step, StepObserved::Accepted { handle }, "AWS took the call")?;
                    return Ok(None);
                }
                Err(error) if error.kind == FaultKind::Throttled && tries < 60 => {
                    self.trouble(&error, tries).await;
                }
                // Not let in means not done: whoever logs in again goes on from here.
                Err(error) if is_no_login(error.kind) => {
                    let what = format!("a login: {}", error.message);
                    self.live
                        .change(|state| state.wait_for(Some(what), self.console.now()));
                    self.trouble(&error, tries).await;
                }
                Err(error) if unclear(error.kind) => {
                    self.observe(step, StepObserved::OutcomeUnknown, &error.message)?;
                    return Ok(None);
                }
                Err(error) if matches!(error.kind, FaultKind::Conflict | FaultKind::NotFound) => {
                    // Perhaps our own call of an earlier life was taken: find out.
                    self.observe(step, StepObserved::OutcomeUnknown, &error.message)?;
                    return Ok(None);
                }
                Err(error) => {
                    self.observe(
                        step,
                        StepObserved::Ended {
                            outcome: Outcome::Failed,
                        },
                        &error.message,
                    )?;
                    return Ok(Some((Outcome::Failed, error.message)));
                }
            }
        }
    }

    /// Finds out what became of a call, by looking; repeats it only when it surely did not take
    /// place.
    async fn find_out(
        &self,
        scope: &Scope,
        stack: &StackDelivery,
        step: &str,
        token: &str,
        begun: Timestamp,
    ) -> UseCase<Option<(Outcome, String)>> {
        let mut tries = 0;
        loop {
            tries += 1;
            self.live.change(|state| {
                state.wait_for(
                    Some(format!("finding out whether {} was started", stack.stack)),
                    self.console.now(),
                );
            });
            match self.look_for(scope, stack, token, begun).await {
                Ok(Found::TookPlace) => {
                    let handle = stack.change_set.clone();
                    self.observe(
                        step,
                        StepObserved::Accepted { handle },
                        "found in the stack's events",
                    )?;
                    return Ok(None);
                }
                Ok(Found::DidNot) => {
                    if let Some(end) = self.execute_once(scope, stack, step, token).await? {
                        return Ok(Some(end));
                    }
                    if self
                        .recorded(step)?
                        .is_some_and(|s| s.outcome == StepOutcome::Accepted)
                    {
                        return Ok(None);
                    }
                    // AWS does not take it while the stack moves: asked again, ever more slowly.
                    tokio::time::sleep(POLL * tries.clamp(1, 15)).await;
                }
                Ok(Found::Foreign(reason)) => {
                    self.observe(
                        step,
                        StepObserved::Ended {
                            outcome: Outcome::Failed,
                        },
                        &reason,
                    )?;
                    return Ok(Some((Outcome::Failed, reason)));
                }
                Ok(Found::NotYet) => tokio::time::sleep(POLL).await,
                Err(error) => self.trouble(&error, tries).await,
            }
        }
    }

    async fn look_for(
        &self,
        scope: &Scope,
        stack: &StackDelivery,
        token: &str,
        begun: Timestamp,
    ) -> Result<Found, ConnectorError> {
        let ports = self.console.ports();
        let events = match ports
            .stacks
            .events_after(scope, stack.stack.as_str(), None)
            .await
        {
            Ok(events) => events,
            Err(error) if error.kind == FaultKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        if events
            .iter()
            .any(|event| event.token.as_deref() == Some(token))
        {
            return Ok(Found::TookPlace);
        }
        let set = match ports
            .changer
            .change_set(scope, stack.stack.as_str(), &stack.change_set)
            .await
        {
            Ok(set) => Some(set.state),
            Err(error) if error.kind == FaultKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let waited = self.console.now().duration_since(begun) > IN_FLIGHT;
        Ok(match set {
            Some(ChangeSetState::Available) => Found::DidNot,
            Some(ChangeSetState::Executing) => Found::NotYet,
            _ if !waited => Found::NotYet,
            _ => Found::Foreign(format!(
                "somebody else changed {}: our change set cannot be executed, and none of the stack's events is ours",
                stack.stack
            )),
        })
    }

    pub(super) async fn follow_stack(
        &self,
        scope: &Scope,
        stack: &StackDelivery,
        token: &str,
        begun: Timestamp,
    ) -> Driven {
        let reader = self.console.ports().stacks.clone();
        let mut last: Option<String> = None;
        let mut mine: Vec<StackEvent> = Vec::new();
        let mut tries = 0;
        loop {
            match reader
                .events_after(scope, stack.stack.as_str(), last.as_deref())
                .await
            {
                Ok(events) => {
                    tries = 0;
                    if let Some(event) = events.last() {
                        last = Some(event.id.clone());
                    }
                    let fresh: Vec<_> = events
                        .into_iter()
                        .filter(|event| belongs(event, token, begun))
                        .collect();
                    mine.extend(fresh.iter().cloned());
                    self.live.change(|state| {
                        state.take_events(&fresh);
                        state.trouble = None;
                        state.wait_for(waiting_on(&mine), self.console.now());
                    });
                    if !fresh.is_empty() {
                        self.changed();
                    }
                    if let Some(end) = ended(&mine) {
                        self.live
                            .change(|state| state.wait_for(None, self.console.now()));
                        return Ok(end);
                    }
                }
                Err(error) => {
                    tries += 1;
                    self.trouble(&error, tries).await;
                }
            }
            self.keep_lease()?;
            tokio::time::sleep(POLL).await;
        }
    }
}

/// Whether a call with this trouble may have taken place.
fn unclear(kind: FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::OutcomeUnknown
            | FaultKind::Unreachable
            | FaultKind::BadAnswer
            | FaultKind::CaptivePortal
    )
}

/// Whether a call was refused because nobody is logged in any more.
fn is_no_login(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Expired | FaultKind::Unauthenticated)
}

/// Events carry the token of their operation; where a peer leaves it out, time decides.
pub(super) fn belongs(event: &StackEvent, token: &str, begun: Timestamp) -> bool {
    match &event.token {
        Some(theirs) => theirs == token,
        None => event.at >= begun - jiff::SignedDuration::from_secs(2),
    }
}

fn ended(mine: &[StackEvent]) -> Option<(Outcome, String)> {
    let last = mine.iter().rev().find(|event| event.is_stack())?;
    let first_reason = mine
        .iter()
        .find(|event| event.status.ends_with("_FAILED") && event.reason.is_some())
        .map(|event| {
            format!(
                "{}: {}",
                event.logical_id,
                event.reason.clone().unwrap_or_default()
            )
        });
    let why = first_reason
        .or_else(|| last.reason.clone())
        .unwrap_or_else(|| last.status.clone());
    match (
        last.status.as_str(),
        StackStatus(last.status.clone()).phase(),
    ) {
        ("REVIEW_IN_PROGRESS", _) | (_, StackPhase::Moving | StackPhase::InReview) => None,
        (_, StackPhase::Stable) => Some((Outcome::Succeeded, last.status.clone())),
        ("ROLLBACK_COMPLETE", _) | (_, StackPhase::RolledBack) => Some((Outcome::RolledBack, why)),
        // Neither what was there before nor what was approved.
        (status, StackPhase::Failed) if status.ends_with("ROLLBACK_FAILED") => Some((
            Outcome::PartiallyApplied,
            format!("the rollback failed as well: {why}"),
        )),
        (_, StackPhase::Failed | StackPhase::Deleted | StackPhase::Unknown) => {
            Some((Outcome::Failed, why))
        }
    }
}

/// The resource that has been in progress longest.
fn waiting_on(mine: &[StackEvent]) -> Option<String> {
    let mut open: Vec<&StackEvent> = Vec::new();
    for event in mine.iter().filter(|event| !event.is_stack()) {
        open.retain(|known| known.logical_id != event.logical_id);
        if event.status.ends_with("_IN_PROGRESS") {
            open.push(event);
        }
    }
    open.iter()
        .min_by_key(|event| event.at)
        .map(|event| format!("{} ({})", event.logical_id, event.resource_type))
}
