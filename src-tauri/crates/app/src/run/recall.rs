//! Recalling a run that this process did not drive: its events and log are read once from the
//! systems, so that a finished promotion can be looked at later.

use super::{Live, cloudformation::step_id, jenkins::build_number};
use crate::{
    console::{Console, guard},
    promotion::scope_of,
};
use interlock_domain::{
    ConnectorError, JobName, ServiceName,
    manifest::{Delivery, Manifest, StackDelivery},
};
use interlock_ledger::{Attempt, Promotion, PromotionState};
use std::sync::Arc;

/// Pieces of a log that are read at most.
const PIECES: usize = 200;

impl Console {
    /// Reads events and log of the last attempt, unless they are at hand or the run goes on here.
    pub async fn recall_run(self: &Arc<Self>, promotion: &Promotion) {
        let (Some(manifest), Some(attempt)) = (&promotion.manifest, promotion.last_attempt())
        else {
            return;
        };
        if matches!(promotion.state, PromotionState::Executing { .. }) {
            // Somebody else drives it, or nobody: this process looks on.
            self.look_on(promotion);
            return;
        }
        let known = self.live(&promotion.id);
        if known.is_some() {
            return;
        }
        let live = Arc::new(Live::default());
        let mut result = Ok(());
        for service in &manifest.services {
            let read = match &service.delivery {
                Delivery::CloudFormation { stacks } => {
                    self.recall_stacks(manifest, stacks, attempt, &live).await
                }
                Delivery::Jenkins { job, .. } => {
                    self.recall_build(&service.service, job, attempt, &live)
                        .await
                }
            };
            result = result.and(read);
        }
        live.change(|state| {
            state.log.finish();
            state.ended = true;
            state.trouble = result.err().map(|error| error.message);
        });
        // A run that is driven meanwhile keeps its own.
        guard(&self.live)
            .entry(promotion.id.clone())
            .or_insert(live);
    }

    async fn recall_stacks(
        &self,
        manifest: &Manifest,
        stacks: &[StackDelivery],
        attempt: &Attempt,
        live: &Live,
    ) -> Result<(), ConnectorError> {
        let mut result = Ok(());
        for stack in stacks {
            let Some(step) = attempt.step(&step_id(stack)) else {
                continue;
            };
            let scope = scope_of(manifest, stack);
            let ports = self.ports();
            let events = ports
                .stacks
                .events_after(&scope, stack.stack.as_str(), None)
                .await;
            let within = |at| {
                attempt
                    .ended
                    .as_ref()
                    .is_none_or(|(_, ended, _)| at <= *ended)
            };
            match events {
                Ok(events) => {
                    let mine: Vec<_> = events
                        .into_iter()
                        .filter(|event| {
                            super::cloudformation::belongs(event, &step.token, step.intended_at)
                        })
                        .filter(|event| within(event.at))
                        .collect();
                    live.change(|state| state.take_events(&mine));
                }
                Err(error) => result = Err(error),
            }
        }
        result
    }

    async fn recall_build(
        &self,
        service: &ServiceName,
        job: &JobName,
        attempt: &Attempt,
        live: &Live,
    ) -> Result<(), ConnectorError> {
        let Some(reader) = self.ports().builds.clone() else {
            return Ok(());
        };
        let step = attempt.step(&super::jenkins::step_id(service));
        let handle = step.and_then(|step| step.handle.as_deref());
        let Some(number) = handle.and_then(build_number) else {
            return Ok(());
        };
        let build = reader.build(job, number).await?;
        let stages = reader.stages(job, number).await?;
        live.change(|state| {
            let shown = state.build_of(service, job);
            shown.build = Some(build);
            shown.stages = stages;
        });
        let mut from = 0;
        for _ in 0..PIECES {
            let chunk = reader.log(job, number, from).await?;
            live.change(|state| state.log.feed(&chunk.text));
            if chunk.next == from || !chunk.more && chunk.text.is_empty() {
                break;
            }
            from = chunk.next;
            if !chunk.more {
                break;
            }
        }
        Ok(())
    }
}
