//! Drift detection on demand, of all stacks of a service in one environment.

use super::DriftKnowledge;
use crate::console::{Console, ConsoleEvent, UseCase, UseCaseError, guard};
use futures::{StreamExt as _, stream};
use interlock_domain::{
    ConnectorError, EnvironmentName, Scope, ServiceName,
    stack::{ResourceDrift, Stack, StackPhase},
};
use tokio_util::sync::CancellationToken;

/// Detections that wait for AWS at the same time; it works on few of an account at once.
const AT_ONCE: usize = 4;

/// What is known of the drift of one stack.
#[derive(Debug, Clone)]
pub struct StackDriftReport {
    /// Where it is.
    pub scope: Scope,
    /// The stack, as told after the detection.
    pub stack: Stack,
    /// What is known.
    pub knowledge: DriftKnowledge,
    /// Resources that differ, or why they are not known.
    pub resources: Result<Vec<ResourceDrift>, ConnectorError>,
}

/// How far a detection is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetectionProgress {
    /// Service.
    pub service: ServiceName,
    /// Environment.
    pub environment: EnvironmentName,
    /// Stacks looked at.
    pub done: usize,
    /// All stacks.
    pub total: usize,
    /// The stack that was done last.
    pub last: Option<String>,
    /// Whether it goes on.
    pub running: bool,
}

impl Console {
    /// Tells what is known of the drift of a service in an environment; `detect` lets AWS look
    /// first, which takes it seconds to minutes a stack.
    pub async fn drift(
        &self,
        service: &ServiceName,
        environment: &EnvironmentName,
        detect: bool,
    ) -> UseCase<Vec<StackDriftReport>> {
        if detect {
            let running = self.begin(service, environment)?;
            return tokio::select! {
                () = running.token.cancelled() => Err(UseCaseError::Cancelled),
                found = self.detect(service, environment) => found,
            };
        }
        let read = |(scope, stack): (Scope, Stack)| async move {
            let knowledge = DriftKnowledge::of(&stack);
            let resources = if knowledge.is_drifted() {
                let reader = self.ports().stacks.clone();
                reader.drifted_resources(&scope, stack.name.as_str()).await
            } else {
                Ok(Vec::new())
            };
            StackDriftReport {
                scope,
                stack,
                knowledge,
                resources,
            }
        };
        let stacks = self.stacks_with_drift(service, environment).await?;
        let reports = stream::iter(stacks.into_iter().map(read)).buffered(AT_ONCE);
        Ok(reports.collect().await)
    }

    /// Stops waiting for a detection. AWS goes on looking; what it finds is told with the stack.
    pub fn cancel_drift(&self, service: &ServiceName, environment: &EnvironmentName) {
        let running = guard(&self.detecting);
        if let Some(token) = running.get(&(service.clone(), environment.clone())) {
            token.cancel();
        }
    }

    async fn detect(
        &self,
        service: &ServiceName,
        environment: &EnvironmentName,
    ) -> UseCase<Vec<StackDriftReport>> {
        let stacks = self.stacks_with_drift(service, environment).await?;
        let total = stacks.len();
        let progress = |done, last: Option<&Stack>| {
            self.tell(ConsoleEvent::DriftProgress(DetectionProgress {
                service: service.clone(),
                environment: environment.clone(),
                done,
                total,
                last: last.map(|stack| stack.name.to_string()),
                running: true,
            }));
        };
        progress(0, None);
        let look = |(at, (scope, stack)): (usize, (Scope, Stack))| async move {
            let reader = self.ports().stacks.clone();
            let resources = reader.detect_drift(&scope, stack.name.as_str()).await;
            (at, scope, stack, resources)
        };
        let mut looking =
            stream::iter(stacks.into_iter().enumerate().map(look)).buffer_unordered(AT_ONCE);
        let mut found = Vec::with_capacity(total);
        while let Some(answer) = looking.next().await {
            progress(found.len() + 1, Some(&answer.2));
            found.push(answer);
        }
        found.sort_by_key(|(at, ..)| *at);
        // The stacks themselves now tell when they were looked at.
        let now = self.stacks_with_drift(service, environment).await?;
        let report = |(_, scope, stack, resources): (usize, Scope, Stack, _)| {
            let told = now
                .iter()
                .find(|(place, other)| *place == scope && other.id == stack.id)
                .map_or(stack, |(_, told)| told.clone());
            StackDriftReport {
                knowledge: DriftKnowledge::of(&told),
                scope,
                stack: told,
                resources,
            }
        };
        Ok(found.into_iter().map(report).collect())
    }

    /// Stacks of a service in an environment, read anew, those nested in them included: AWS looks
    /// at each on its own.
    async fn stacks_with_drift(
        &self,
        service: &ServiceName,
        environment: &EnvironmentName,
    ) -> UseCase<Vec<(Scope, Stack)>> {
        let service = self.service(service)?;
        let scopes = self.environment(environment)?.environment.scopes();
        let reader = self.ports().stacks.clone();
        for scope in scopes {
            let stacks = reader.stacks(&scope).await?;
            self.take_stacks(&scope, self.now(), stacks);
        }
        let snapshot = self.snapshot();
        let mut found = self.stacks_of(&snapshot, service, environment);
        let mut at = 0;
        while let Some((scope, parent)) = found.get(at).cloned() {
            at += 1;
            let beside = snapshot
                .scope(&scope)
                .and_then(|state| state.stacks.current())
                .into_iter()
                .flatten();
            for stack in beside {
                if stack.parent.as_ref() == Some(&parent.id)
                    && found.iter().all(|(_, known)| known.id != stack.id)
                {
                    found.push((scope.clone(), stack.clone()));
                }
            }
        }
        found.retain(|(_, stack)| {
            !matches!(
                stack.status.phase(),
                StackPhase::InReview | StackPhase::Deleted
            )
        });
        if found.is_empty() {
            return Err(UseCaseError::Precondition {
                reason: format!("{} has no stack in {environment}", service.name),
            });
        }
        Ok(found)
    }

    fn begin(&self, service: &ServiceName, environment: &EnvironmentName) -> UseCase<Running<'_>> {
        let key = (service.clone(), environment.clone());
        let mut running = guard(&self.detecting);
        if running.contains_key(&key) {
            return Err(UseCaseError::Precondition {
                reason: format!("AWS is looking for drift of {service} in {environment} already"),
            });
        }
        let token = CancellationToken::new();
        running.insert(key.clone(), token.clone());
        Ok(Running {
            console: self,
            key,
            token,
        })
    }
}

/// A detection under way; dropping it says that it is over, however it ended.
struct Running<'c> {
    console: &'c Console,
    key: (ServiceName, EnvironmentName),
    token: CancellationToken,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        guard(&self.console.detecting).remove(&self.key);
        let (service, environment) = self.key.clone();
        self.console
            .tell(ConsoleEvent::DriftProgress(DetectionProgress {
                service,
                environment,
                done: 0,
                total: 0,
                last: None,
                running: false,
            }));
        self.console.tell(ConsoleEvent::SnapshotChanged);
    }
}
