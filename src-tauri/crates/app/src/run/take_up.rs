//! Who drives a run: the process that claimed it, until its lease is over or somebody takes it over.
//!
//! Leases only say who drives. That nothing is applied twice rests on tokens, and on intents that count
//! for nothing when they are not the present driver's.

use super::{Live, cloudformation, engine::Drive, jenkins};
use crate::{
    console::{Console, ConsoleEvent, UseCase, UseCaseError, guard},
    promotion::refused,
};
use interlock_domain::{
    PersonId, PromotionId,
    manifest::{Delivery, Manifest},
};
use interlock_ledger::{
    Attempt, Driver, LEASE, Predicate, Promotion, PromotionState, Step, StepOutcome, fold::Record,
};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

impl Console {
    /// Takes up a run that no process here drives: finds out what happened and goes on. A reason is
    /// wanted while the process that drives it may still be there.
    pub async fn resume(self: &Arc<Self>, id: &PromotionId, reason: &str) -> UseCase<()> {
        if self.is_driven(id) {
            return Ok(());
        }
        let me = self.actor().await?;
        let promotion = self.promotion(id)?;
        let (attempt, manifest) = running(&promotion)?;
        self.may_drive(&me, &promotion)?;
        let driver = &attempt.driver;
        if driver.runner == self.runner {
            return self.drive(&promotion, manifest, me.id);
        }
        let reason = if self.runners.is_gone(&driver.runner) {
            "the process that drove it is gone"
        } else {
            reason.trim()
        };
        if reason.is_empty() && self.now() <= driver.until() {
            return Err(refused(format!(
                "{} drives it by {}, heard of at {}: say why you take it over",
                self.name_of(&driver.by),
                driver.runner,
                driver.heard_at
            )));
        }
        let lease = Predicate::Lease {
            attempt: attempt.number,
            runner: self.runner.clone(),
            reason: reason.to_owned(),
        };
        let digest = promotion
            .digest
            .unwrap_or_else(crate::promotion::no_manifest);
        let fence = driver.fence;
        // Of two that take it over at once, the second looks again.
        let same = |record: &Record| fence_of(record, id) == Some(fence);
        let taken = self.say_if(id, digest, &me.id, lease, |entries| {
            same(&self.record_of(entries))
        })?;
        if !taken {
            return Err(refused("somebody else took it over first: look again"));
        }
        let promotion = self.promotion(id)?;
        let (attempt, manifest) = running(&promotion)?;
        if attempt.driver.runner != self.runner {
            return Err(refused("it was not taken over: look again"));
        }
        self.tell(ConsoleEvent::PromotionChanged(id.clone()));
        self.drive(&promotion, manifest, me.id)
    }

    /// Whether a driver is gone, or was not heard of for so long that it may be taken over.
    pub fn is_abandoned(&self, driver: &Driver) -> bool {
        self.now() > driver.until() || self.runners.is_gone(&driver.runner)
    }

    /// Takes up every run that is under way and that nobody drives any more, as far as this person
    /// may; looks on at the others. Called at start.
    pub async fn resume_all(self: &Arc<Self>) -> UseCase<()> {
        for promotion in self.record()?.promotions.into_values() {
            if matches!(promotion.state, PromotionState::Executing { .. })
                && let Err(error) = self.resume(&promotion.id, "").await
            {
                tracing::info!(%error, promotion = %promotion.id, "a run was not taken up");
                self.look_on(&promotion);
            }
        }
        Ok(())
    }

    /// Follows a run that another process drives, without a word in the record.
    pub(super) fn look_on(self: &Arc<Self>, promotion: &Promotion) {
        let Ok((attempt, manifest)) = running(promotion) else {
            return;
        };
        let live = Live::watching();
        let by = attempt.driver.by.clone();
        self.spawn(self.drive_of(promotion, attempt, manifest, by, live));
    }

    /// Drives the attempt that goes on, as the driver that the record names.
    pub(super) fn drive(
        self: &Arc<Self>,
        promotion: &Promotion,
        manifest: Manifest,
        actor: PersonId,
    ) -> UseCase<()> {
        let (attempt, _) = running(promotion)?;
        self.spawn(self.drive_of(promotion, attempt, manifest, actor, Live::default()));
        Ok(())
    }

    fn drive_of(
        self: &Arc<Self>,
        promotion: &Promotion,
        attempt: &Attempt,
        manifest: Manifest,
        actor: PersonId,
        live: Live,
    ) -> Drive {
        Drive {
            console: self.clone(),
            id: promotion.id.clone(),
            digest: promotion
                .digest
                .unwrap_or_else(crate::promotion::no_manifest),
            manifest,
            attempt: attempt.number,
            fence: attempt.driver.fence,
            actor,
            live: Arc::new(live),
            heard: Mutex::new(self.now()),
        }
    }
}

impl Drive {
    /// Whether the record names this process as the driver still.
    pub(super) fn drives(&self) -> UseCase<bool> {
        Ok(self.is_driver_in(&self.console.record()?))
    }

    fn is_driver_in(&self, record: &Record) -> bool {
        fence_of(record, &self.id) == Some(self.fence)
    }

    /// Says something that only the driver says.
    pub(super) fn say_as_driver(&self, predicate: Predicate) -> UseCase<()> {
        let console = &self.console;
        let said = console.say_if(&self.id, self.digest, &self.actor, predicate, |entries| {
            self.is_driver_in(&console.record_of(entries))
        })?;
        if said {
            *guard(&self.heard) = console.now();
            Ok(())
        } else {
            Err(overtaken())
        }
    }

    /// Refuses to go on when somebody else drives meanwhile. Asked before a call is repeated.
    pub(super) fn hold(&self) -> UseCase<()> {
        if self.drives()? {
            Ok(())
        } else {
            Err(overtaken())
        }
    }

    /// Tells the record now and then that this driver is still there.
    pub(super) fn keep_lease(&self) -> UseCase<()> {
        let silent = self.console.now().duration_since(*guard(&self.heard));
        if self.live.watches() || silent < LEASE / 3 {
            return Ok(());
        }
        self.say_as_driver(Predicate::Lease {
            attempt: self.attempt,
            runner: self.console.runner.clone(),
            reason: String::new(),
        })
    }

    /// Looks on until the attempt is over: follows each step that was accepted, and says nothing.
    pub(super) async fn watch(&self) -> UseCase<()> {
        let mut followed = HashSet::new();
        loop {
            let promotion = self.console.promotion(&self.id)?;
            let Some(attempt) = promotion.last_attempt() else {
                return Ok(());
            };
            if attempt.number != self.attempt || attempt.ended.is_some() {
                return Ok(());
            }
            let next = attempt.steps.iter().find(|step| {
                let is_there =
                    !matches!(step.outcome, StepOutcome::Intended | StepOutcome::Unknown);
                is_there && !followed.contains(&step.id)
            });
            match next {
                Some(step) if self.follow_recorded(step).await? => {
                    followed.insert(step.id.clone());
                }
                _ => {
                    let what = format!("{}, which drives it", attempt.driver.runner);
                    self.live
                        .change(|state| state.wait_for(Some(what), self.console.now()));
                    tokio::time::sleep(super::POLL).await;
                }
            }
        }
    }

    /// Follows a step to its end; gives whether there was something to follow.
    async fn follow_recorded(&self, step: &Step) -> UseCase<bool> {
        for (_, stack) in self.manifest.change_sets() {
            if step.id == cloudformation::step_id(stack) {
                let scope = crate::promotion::scope_of(&self.manifest, stack);
                self.follow_stack(&scope, stack, &step.token, step.intended_at)
                    .await?;
                return Ok(true);
            }
        }
        for service in &self.manifest.services {
            let Delivery::Jenkins { job, .. } = &service.delivery else {
                continue;
            };
            if step.id == jenkins::step_id(&service.service) {
                let number = step.handle.as_deref().and_then(jenkins::build_number);
                let (Some(number), Some(reader)) = (number, self.console.ports().builds.clone())
                else {
                    return Ok(false);
                };
                self.follow_build(reader, &service.service, job, number)
                    .await?;
                return Ok(true);
            }
        }
        // Aborts and answers have nothing to follow.
        Ok(true)
    }
}

fn overtaken() -> UseCaseError {
    refused("somebody else took the run over and drives it now")
}

/// The attempt that goes on, and what it carries out.
fn running(promotion: &Promotion) -> UseCase<(&Attempt, Manifest)> {
    if !matches!(promotion.state, PromotionState::Executing { .. }) {
        return Err(refused("it is not running"));
    }
    let attempt = promotion.last_attempt();
    let manifest = promotion.manifest.clone();
    attempt
        .zip(manifest)
        .ok_or_else(|| refused("there is no manifest"))
}

/// From which entry on the attempt that goes on is driven.
fn fence_of(record: &Record, id: &PromotionId) -> Option<u64> {
    let promotion = record.promotions.get(id)?;
    let goes_on = matches!(promotion.state, PromotionState::Executing { .. });
    let attempt = promotion.last_attempt().filter(|_| goes_on)?;
    Some(attempt.driver.fence)
}
