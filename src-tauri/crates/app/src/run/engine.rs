//! The run engine: claims, drives, resumes, aborts.
//!
//! The record is written before every call that changes something and after every observation.
//! A process that comes later reads the record, looks at the systems, and goes on; tokens make
//! sure that nothing is applied twice.

use super::Live;
use crate::{
    console::{Console, ConsoleEvent, UseCase, UseCaseError, guard},
    promotion::{is_open, refused},
};
use interlock_domain::{
    Digest, PersonId, PromotionId, Timestamp,
    manifest::{Delivery, Manifest},
    person::Person,
};
use interlock_ledger::{
    Outcome, Predicate, Promotion, PromotionState, Step, StepOutcome, predicate::StepObserved,
};
use interlock_policy::Action;
use std::{
    fmt::Write as _,
    sync::{Arc, Mutex},
};

/// One attempt in the hands of this process.
pub(super) struct Drive {
    pub console: Arc<Console>,
    pub id: PromotionId,
    pub digest: Digest,
    pub manifest: Manifest,
    pub attempt: u32,
    /// Entry from which on this process drives.
    pub fence: u64,
    pub actor: PersonId,
    pub live: Arc<Live>,
    /// When the record last heard of this driver.
    pub heard: Mutex<Timestamp>,
}

/// How driving ended.
pub(super) type Driven = UseCase<(Outcome, String)>;

impl Console {
    /// Starts an approved promotion; it then runs in the background of this process.
    pub async fn execute(self: &Arc<Self>, id: &PromotionId, digest: Digest) -> UseCase<()> {
        let (me, promotion, manifest) = self.at_hand(id, digest).await?;
        if !may_begin(&promotion) {
            return Err(refused("it is not approved"));
        }
        // What needs no question to anybody comes first; then everything is read again.
        self.permit(Action::Execute, &me, &promotion, &[])?;
        self.hold_to(&promotion, &manifest, &me.id).await?;
        let judgement = self.judge_now(&promotion, &manifest).await?;
        self.permit(Action::Execute, &me, &promotion, &judgement.verdicts)?;
        let attempt = u32::try_from(promotion.attempts.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let claim = Predicate::ExecutionClaim {
            attempt,
            runner: self.runner.clone(),
        };
        // The claim counts only if nobody claimed, voided or decided in between.
        let is_first = self.say_if(id, digest, &me.id, claim, |entries| {
            let now = self.record_of(entries).promotions.remove(id);
            now.is_some_and(|now| may_begin(&now) && now.digest == Some(digest))
        })?;
        if !is_first {
            return Err(refused("somebody else acted first: look again"));
        }
        // What else may stand in the way only the fold knows; what it says is final.
        let claimed = self.promotion(id)?;
        if claimed.state != (PromotionState::Executing { attempt }) {
            let record = self.record()?;
            let last = record.promotions.get(id).and_then(|it| it.entries.last());
            let reason = last.and_then(|seq| record.ignored.get(seq)).cloned();
            return Err(refused(reason.unwrap_or_else(|| "it was not taken".into())));
        }
        self.tell(ConsoleEvent::PromotionChanged(id.clone()));
        self.drive(&claimed, manifest, me.id)
    }

    /// Asks the running deployment to stop. What AWS or Jenkins then does is followed as before.
    pub async fn abort(self: &Arc<Self>, id: &PromotionId) -> UseCase<()> {
        let me = self.actor().await?;
        let promotion = self.promotion(id)?;
        let PromotionState::Executing { attempt } = promotion.state else {
            return Err(refused("it is not running"));
        };
        let manifest = promotion
            .manifest
            .clone()
            .ok_or_else(|| refused("there is no manifest"))?;
        self.may_drive(&me, &promotion)?;
        let digest = promotion
            .digest
            .unwrap_or_else(crate::promotion::no_manifest);
        let last = promotion
            .last_attempt()
            .and_then(|a| a.steps.last().cloned());
        let Some(step) = last.filter(|step| !step.id.starts_with("abort")) else {
            return Err(refused("nothing runs that could be stopped"));
        };
        let abort = format!("abort:{}", step.id);
        let intent = Predicate::StepIntent {
            attempt,
            fence: promotion.last_attempt().map_or(0, |it| it.driver.fence),
            step: abort.clone(),
            token: step.token.clone(),
            call: "stop the running deployment".into(),
        };
        self.say(id, digest, &me.id, intent)?;
        let result = self.stop_step(&manifest, &step).await;
        let (observed, detail) = match &result {
            Ok(()) => (
                StepObserved::Accepted { handle: step.token },
                "the stop was accepted".to_owned(),
            ),
            Err(error) => (
                StepObserved::Ended {
                    outcome: Outcome::Failed,
                },
                error.to_string(),
            ),
        };
        self.say(
            id,
            digest,
            &me.id,
            Predicate::StepObservation {
                attempt,
                step: abort,
                observed,
                detail,
            },
        )?;
        result
    }

    /// Stops what a step began.
    async fn stop_step(&self, manifest: &Manifest, step: &Step) -> UseCase<()> {
        let mut sets = manifest.change_sets();
        if let Some((_, stack)) =
            sets.find(|(_, stack)| step.id == super::cloudformation::step_id(stack))
        {
            let scope = crate::promotion::scope_of(manifest, stack);
            let stopped = self.ports().changer.clone();
            return Ok(stopped.cancel_update(&scope, stack.stack.as_str()).await?);
        }
        let (_, job) = super::jenkins::jobs(manifest)
            .find(|(service, _)| step.id == super::jenkins::step_id(service))
            .ok_or_else(|| refused("nothing runs that could be stopped"))?;
        let handle = step.handle.as_deref();
        match (
            handle.and_then(super::jenkins::build_number),
            self.ports().runner.clone(),
        ) {
            (Some(number), Some(runner)) => Ok(runner.stop(job, number).await?),
            _ => Err(refused("the build has not left the queue yet")),
        }
    }

    /// Answers an input step of the running build.
    pub async fn answer_input(&self, id: &PromotionId, input: &str, proceed: bool) -> UseCase<()> {
        let me = self.actor().await?;
        let promotion = self.promotion(id)?;
        let PromotionState::Executing { attempt } = promotion.state else {
            return Err(refused("it is not running"));
        };
        let manifest = promotion
            .manifest
            .clone()
            .ok_or_else(|| refused("there is no manifest"))?;
        let steps = promotion.last_attempt().map(|attempt| &attempt.steps);
        let running = |(service, job)| {
            let id = super::jenkins::step_id(service);
            let step = steps?.iter().find(|step| step.id == id)?;
            let goes_on = !matches!(step.outcome, StepOutcome::Ended(_));
            let number = super::jenkins::build_number(step.handle.as_deref()?)?;
            goes_on.then_some((job, number))
        };
        let (job, number) = super::jenkins::jobs(&manifest)
            .find_map(running)
            .ok_or_else(|| refused("no build runs that could ask"))?;
        let runner = self
            .ports()
            .runner
            .clone()
            .ok_or_else(|| refused("no Jenkins is configured"))?;
        let digest = promotion
            .digest
            .unwrap_or_else(crate::promotion::no_manifest);
        let word = if proceed { "proceed" } else { "abort" };
        let step = format!("input:{number}:{input}");
        let intent = Predicate::StepIntent {
            attempt,
            fence: promotion.last_attempt().map_or(0, |it| it.driver.fence),
            step: step.clone(),
            token: input.to_owned(),
            call: format!("answer `{word}` to input {input} of {job} #{number}"),
        };
        self.say(id, digest, &me.id, intent)?;
        let result = runner.answer_input(job, number, input, proceed).await;
        let (observed, detail) = match &result {
            Ok(()) => (
                StepObserved::Ended {
                    outcome: Outcome::Succeeded,
                },
                format!("answered {word}"),
            ),
            Err(error) if error.kind == interlock_domain::FaultKind::OutcomeUnknown => {
                (StepObserved::OutcomeUnknown, error.message.clone())
            }
            Err(error) => (
                StepObserved::Ended {
                    outcome: Outcome::Failed,
                },
                error.message.clone(),
            ),
        };
        self.say(
            id,
            digest,
            &me.id,
            Predicate::StepObservation {
                attempt,
                step,
                observed,
                detail,
            },
        )?;
        Ok(result?)
    }

    /// The live part of a run that this process drives or drove.
    pub fn live(&self, id: &PromotionId) -> Option<Arc<Live>> {
        guard(&self.live).get(id).cloned()
    }

    /// Whether this process drives the run now.
    pub fn is_driven(&self, id: &PromotionId) -> bool {
        self.live(id)
            .is_some_and(|live| !live.watches() && !live.read(|state| state.ended))
    }

    /// Stops driving every run here; the deployments themselves go on and are picked up later.
    pub fn leave_runs(&self) {
        for live in guard(&self.live).values() {
            live.leave.cancel();
        }
    }

    pub(super) fn may_drive(&self, me: &Person, promotion: &Promotion) -> UseCase<()> {
        let roster = self.roster()?;
        let question = self.question(promotion, roster.as_deref());
        match question.why_not_drive(me) {
            None => Ok(()),
            Some(reason) => Err(UseCaseError::NotAllowed { reason }),
        }
    }

    pub(super) fn spawn(self: &Arc<Self>, drive: Drive) {
        let mut runs = guard(&self.live);
        if let Some(live) = runs.get(&drive.id).filter(|it| !it.read(|s| s.ended)) {
            if !live.watches() || drive.live.watches() {
                return;
            }
            // Who only watched drives now.
            live.leave.cancel();
        }
        runs.insert(drive.id.clone(), drive.live.clone());
        drop(runs);
        tokio::spawn(async move {
            let (live, console, id) = (drive.live.clone(), drive.console.clone(), drive.id.clone());
            tokio::select! {
                () = live.leave.cancelled() => {}
                result = drive.go() => {
                    if let Err(error) = result {
                        tracing::error!(%error, promotion = %id, "the run was left");
                        live.change(|state| state.trouble = Some(error.to_string()));
                    }
                }
            }
            live.change(|state| {
                state.ended = true;
                state.log.finish();
            });
            console.tell(ConsoleEvent::RunChanged(id.clone()));
            console.tell(ConsoleEvent::PromotionChanged(id));
        });
    }
}

/// Whether enough approvals count, or an emergency does without them.
fn may_begin(promotion: &Promotion) -> bool {
    promotion.state == PromotionState::Approved || promotion.in_emergency() && is_open(promotion)
}

impl Drive {
    async fn go(&self) -> UseCase<()> {
        if self.live.watches() {
            return self.watch().await;
        }
        let result = self.to_the_end().await;
        // Whoever was overtaken looks on.
        match result {
            Err(_) if !self.drives()? => {
                self.live.only_watch();
                self.console
                    .tell(ConsoleEvent::PromotionChanged(self.id.clone()));
                self.watch().await
            }
            other => other,
        }
    }

    async fn to_the_end(&self) -> UseCase<()> {
        let (outcome, detail) = self.deliver_all().await?;
        self.say(Predicate::Completion {
            attempt: self.attempt,
            outcome,
            detail,
        })?;
        if outcome == Outcome::Succeeded {
            self.verify().await?;
        }
        self.look_at_target().await;
        Ok(())
    }

    /// Delivers one service after the other, and stops at the first that does not succeed.
    async fn deliver_all(&self) -> Driven {
        let services = &self.manifest.services;
        let mut delivered: Vec<String> = Vec::new();
        for (index, service) in services.iter().enumerate() {
            let (outcome, detail) = match &service.delivery {
                Delivery::CloudFormation { stacks } => self.drive_stacks(stacks).await?,
                Delivery::Jenkins {
                    job, parameters, ..
                } => self.drive_build(&service.service, job, parameters).await?,
            };
            if outcome == Outcome::Succeeded {
                delivered.push(detail);
                continue;
            }
            if services.len() == 1 {
                return Ok((outcome, detail));
            }
            let mut words = format!("{}: {detail}", service.service);
            if delivered.is_empty() {
                words.push_str("; nothing was delivered before it");
            } else {
                let names: Vec<&str> = services[..index]
                    .iter()
                    .map(|it| it.service.as_str())
                    .collect();
                let _ = write!(words, "; delivered before it: {}", names.join(", "));
            }
            let rest: Vec<&str> = services[index + 1..]
                .iter()
                .map(|it| it.service.as_str())
                .collect();
            if !rest.is_empty() {
                let _ = write!(words, "; not begun: {}", rest.join(", "));
            }
            let outcome = if delivered.is_empty() {
                outcome
            } else {
                Outcome::PartiallyApplied
            };
            return Ok((outcome, words));
        }
        Ok((Outcome::Succeeded, delivered.join("; ")))
    }

    pub(super) fn say(&self, predicate: Predicate) -> UseCase<()> {
        self.console
            .say(&self.id, self.digest, &self.actor, predicate)
    }

    /// Says that a call is about to be made; refused when somebody else drives meanwhile, so that
    /// the call is not made.
    pub(super) fn intend(&self, step: &str, token: &str, call: String) -> UseCase<()> {
        self.say_as_driver(Predicate::StepIntent {
            attempt: self.attempt,
            fence: self.fence,
            step: step.to_owned(),
            token: token.to_owned(),
            call,
        })
    }

    pub(super) fn observe(
        &self,
        step: &str,
        observed: StepObserved,
        detail: impl Into<String>,
    ) -> UseCase<()> {
        self.say(Predicate::StepObservation {
            attempt: self.attempt,
            step: step.to_owned(),
            observed,
            detail: detail.into(),
        })
    }

    /// The step as the record tells it.
    pub(super) fn recorded(&self, step: &str) -> UseCase<Option<interlock_ledger::Step>> {
        let promotion = self.console.promotion(&self.id)?;
        Ok(promotion
            .attempts
            .iter()
            .find(|attempt| attempt.number == self.attempt)
            .and_then(|attempt| attempt.step(step).cloned()))
    }

    /// Token of a step: the same for whoever drives it.
    pub(super) fn token(&self, step: &str) -> String {
        let text = format!("{}|{}|{step}|{}", self.id, self.digest, self.attempt);
        format!("rel-{}", &Digest::of(text.as_bytes()).to_string()[..40])
    }

    pub(super) fn changed(&self) {
        self.console.tell(ConsoleEvent::RunChanged(self.id.clone()));
    }

    /// Shows why the newest look brought nothing, and waits a little longer each time.
    pub(super) async fn trouble(&self, error: &interlock_domain::ConnectorError, tries: u32) {
        self.live
            .change(|state| state.trouble = Some(error.message.clone()));
        self.changed();
        tokio::time::sleep(super::POLL * tries.clamp(1, 15)).await;
    }
}
