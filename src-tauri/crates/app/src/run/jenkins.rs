//! A deploy job, triggered once and followed from the queue to its end.

use super::{
    POLL,
    engine::{Drive, Driven},
    parameters::{ATTEMPT, MANIFEST_SHA256, PROMOTION_ID},
};
use crate::{
    console::{UseCase, UseCaseError},
    ports::{BuildOrder, BuildReader, BuildRunner},
    promotion::refused,
};
use interlock_domain::{
    ConnectorError, FaultKind, JobName, ServiceName,
    build::{Build, BuildResult, QueueState},
    manifest::{Delivery, Manifest},
};
use interlock_ledger::{Outcome, Step, StepOutcome, predicate::StepObserved};
use std::{collections::BTreeMap, sync::Arc};

/// Number in a step's handle, once the build has left the queue.
pub(super) fn build_number(handle: &str) -> Option<u32> {
    handle.strip_prefix("build:")?.parse().ok()
}

/// Id of the step that triggers the job of a service.
pub(super) fn step_id(service: &ServiceName) -> String {
    format!("trigger:{service}")
}

/// The deploy jobs of a promotion, with the services that they deliver.
pub(super) fn jobs(manifest: &Manifest) -> impl Iterator<Item = (&ServiceName, &JobName)> {
    manifest
        .services
        .iter()
        .filter_map(|it| match &it.delivery {
            Delivery::Jenkins { job, .. } => Some((&it.service, job)),
            Delivery::CloudFormation { .. } => None,
        })
}

fn queue_item(handle: &str) -> Option<u64> {
    handle.strip_prefix("queue:")?.parse().ok()
}

impl Drive {
    pub(super) async fn drive_build(
        &self,
        service: &ServiceName,
        job: &JobName,
        parameters: &BTreeMap<String, String>,
    ) -> Driven {
        let ports = self.console.ports();
        let (Some(reader), Some(runner)) = (ports.builds.clone(), ports.runner.clone()) else {
            return Err(refused("no Jenkins is configured"));
        };
        let step = step_id(service);
        let correlation = self.correlation(service);
        let recorded = self.recorded(&step)?;
        if let Some(Step {
            outcome: StepOutcome::Ended(outcome),
            detail,
            ..
        }) = &recorded
        {
            return Ok((*outcome, detail.clone()));
        }
        let mut handle = recorded.as_ref().and_then(|s| s.handle.clone());
        if recorded.is_none() {
            self.intend(&step, &correlation, format!("build {job} with parameters"))?;
        }
        while handle.is_none() {
            let fresh = recorded.is_none()
                && self
                    .recorded(&step)?
                    .is_some_and(|s| s.outcome == StepOutcome::Intended);
            let found = if fresh {
                None
            } else {
                self.find_build(runner.as_ref(), service, job, &correlation)
                    .await?
            };
            handle = match found {
                Some(found) => Some(found),
                None => match self
                    .trigger(runner.as_ref(), job, parameters, &correlation, &step)
                    .await?
                {
                    Triggered::Queued(item) => Some(format!("queue:{item}")),
                    Triggered::Unclear => None,
                    Triggered::Refused(message) => return Ok((Outcome::Failed, message)),
                },
            };
            if let Some(handle) = &handle {
                self.observe(
                    &step,
                    StepObserved::Accepted {
                        handle: handle.clone(),
                    },
                    "Jenkins took the call",
                )?;
            }
        }
        let handle = handle.unwrap_or_default();
        let number = match build_number(&handle) {
            Some(number) => number,
            None => {
                if let Some(number) = self
                    .wait_in_queue(
                        (reader.as_ref(), runner.as_ref()),
                        service,
                        job,
                        &handle,
                        &correlation,
                    )
                    .await?
                {
                    let handle = format!("build:{number}");
                    self.observe(
                        &step,
                        StepObserved::Accepted { handle },
                        format!("{job} #{number} began"),
                    )?;
                    number
                } else {
                    let detail = "the build was cancelled in the queue".to_owned();
                    self.observe(
                        &step,
                        StepObserved::Ended {
                            outcome: Outcome::Aborted,
                        },
                        &detail,
                    )?;
                    return Ok((Outcome::Aborted, detail));
                }
            }
        };
        let build = self.follow_build(reader, service, job, number).await?;
        let (outcome, detail) = judge(&build, service, self);
        self.observe(&step, StepObserved::Ended { outcome }, &detail)?;
        Ok((outcome, detail))
    }

    /// By what a build is found again. With several jobs each has its own.
    fn correlation(&self, service: &ServiceName) -> String {
        let plain = format!("{}-{}", self.id, self.attempt);
        if jobs(&self.manifest).count() > 1 {
            format!("{plain}-{service}")
        } else {
            plain
        }
    }

    async fn trigger(
        &self,
        runner: &dyn BuildRunner,
        job: &JobName,
        parameters: &BTreeMap<String, String>,
        correlation: &str,
        step: &str,
    ) -> UseCase<Triggered> {
        self.hold()?;
        let mut all: Vec<(String, String)> = parameters.clone().into_iter().collect();
        all.push((PROMOTION_ID.into(), correlation.into()));
        all.push((MANIFEST_SHA256.into(), self.digest.to_string()));
        all.push((ATTEMPT.into(), self.attempt.to_string()));
        match runner
            .trigger(&BuildOrder {
                job: job.clone(),
                parameters: all,
            })
            .await
        {
            Ok(item) => Ok(Triggered::Queued(item)),
            Err(error) if error.kind == FaultKind::Throttled => {
                self.trouble(&error, 2).await;
                Ok(Triggered::Unclear)
            }
            Err(error) if unclear(error.kind) => {
                self.observe(step, StepObserved::OutcomeUnknown, &error.message)?;
                self.trouble(&error, 1).await;
                Ok(Triggered::Unclear)
            }
            Err(error) => {
                self.observe(
                    step,
                    StepObserved::Ended {
                        outcome: Outcome::Failed,
                    },
                    &error.message,
                )?;
                Ok(Triggered::Refused(error.message))
            }
        }
    }

    /// Looks for a build of ours in queue and builds until Jenkins answers.
    async fn find_build(
        &self,
        runner: &dyn BuildRunner,
        service: &ServiceName,
        job: &JobName,
        correlation: &str,
    ) -> UseCase<Option<String>> {
        let mut tries = 0;
        loop {
            tries += 1;
            match runner.find(job, PROMOTION_ID, correlation).await {
                Ok(Some(QueueState::Started { number, .. })) => {
                    return Ok(Some(format!("build:{number}")));
                }
                Ok(Some(QueueState::Waiting { why })) => {
                    self.live
                        .change(|state| state.build_of(service, job).queue = Some(why));
                    tokio::time::sleep(POLL).await;
                }
                Ok(_) => return Ok(None),
                Err(error) => self.trouble(&error, tries).await,
            }
        }
    }

    /// Number of the build once it has left the queue; none when it was cancelled there.
    async fn wait_in_queue(
        &self,
        (reader, runner): (&dyn BuildReader, &dyn BuildRunner),
        service: &ServiceName,
        job: &JobName,
        handle: &str,
        correlation: &str,
    ) -> UseCase<Option<u32>> {
        let item = queue_item(handle).ok_or_else(|| UseCaseError::Precondition {
            reason: format!("`{handle}` is not a queue item"),
        })?;
        let mut tries = 0;
        loop {
            match reader.queue(item).await {
                Ok(QueueState::Started { number, .. }) => {
                    // Item numbers restart with Jenkins: only a build of ours is followed.
                    match reader.build(job, number).await {
                        Ok(build) if build.parameter(PROMOTION_ID) == Some(correlation) => {
                            return Ok(Some(number));
                        }
                        Ok(_) => {
                            let found = self.find_build(runner, service, job, correlation).await?;
                            if let Some(found) = found {
                                return Ok(build_number(&found));
                            }
                            return Err(refused(
                                "the queue item became another build, and no build of ours was found",
                            ));
                        }
                        Err(error) => {
                            tries += 1;
                            self.trouble(&error, tries).await;
                        }
                    }
                }
                Ok(QueueState::Waiting { why }) => {
                    tries = 0;
                    self.live.change(|state| {
                        state.wait_for(
                            Some(format!("the Jenkins queue: {why}")),
                            self.console.now(),
                        );
                        state.build_of(service, job).queue = Some(why);
                        state.trouble = None;
                    });
                    self.changed();
                }
                Ok(QueueState::Cancelled) => return Ok(None),
                Ok(QueueState::Gone) => {
                    let found = self.find_build(runner, service, job, correlation).await?;
                    return Ok(found.and_then(|found| build_number(&found)));
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

    pub(super) async fn follow_build(
        &self,
        reader: Arc<dyn BuildReader>,
        service: &ServiceName,
        job: &JobName,
        number: u32,
    ) -> UseCase<Build> {
        self.live
            .change(|state| state.build_of(service, job).queue = None);
        let mut offset = 0;
        let mut tries = 0;
        loop {
            match self
                .look_at_build(reader.as_ref(), service, job, number, &mut offset)
                .await
            {
                Ok((build, more)) => {
                    tries = 0;
                    self.changed();
                    // Finished only when neither the build nor its log goes on, whatever the result says.
                    if !build.building && !more {
                        return Ok(build);
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

    async fn look_at_build(
        &self,
        reader: &dyn BuildReader,
        service: &ServiceName,
        job: &JobName,
        number: u32,
        offset: &mut u64,
    ) -> Result<(Build, bool), ConnectorError> {
        let build = reader.build(job, number).await?;
        let stages = reader.stages(job, number).await?;
        let inputs = if build.building {
            reader.pending_inputs(job, number).await?
        } else {
            Vec::new()
        };
        let chunk = reader.log(job, number, *offset).await?;
        *offset = chunk.next;
        let now = self.console.now();
        self.live.change(|state| {
            state.log.feed(&chunk.text);
            state.wait_for(
                inputs
                    .first()
                    .map(|input| format!("a person: {}", input.message)),
                now,
            );
            state.inputs = inputs;
            let shown = state.build_of(service, job);
            shown.stages = stages;
            shown.build = Some(build.clone());
            state.trouble = None;
        });
        Ok((build, chunk.more))
    }
}

enum Triggered {
    Queued(u64),
    Unclear,
    Refused(String),
}

fn unclear(kind: FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::OutcomeUnknown
            | FaultKind::Unreachable
            | FaultKind::BadAnswer
            | FaultKind::CaptivePortal
    )
}

fn judge(build: &Build, service: &ServiceName, drive: &Drive) -> (Outcome, String) {
    let name = format!("{} #{}", build.job, build.number);
    let error = drive.live.read(|state| {
        let mut builds = state.builds.iter();
        let shown = builds.find(|it| &it.service == service)?;
        let mut stages = shown.stages.iter();
        stages.find_map(|s| s.error.as_ref().map(|e| format!("{}: {e}", s.name)))
    });
    let why = error.map(|e| format!(": {e}")).unwrap_or_default();
    match build.result {
        Some(BuildResult::Success) => (Outcome::Succeeded, format!("{name} succeeded")),
        Some(BuildResult::Aborted) => (Outcome::Aborted, format!("{name} was aborted{why}")),
        Some(result) => (Outcome::Failed, format!("{name} is {}{why}", result.word())),
        None => (Outcome::Failed, format!("{name} ended without a result")),
    }
}
