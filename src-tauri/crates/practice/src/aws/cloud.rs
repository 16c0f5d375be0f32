//! What the other practice servers and the bank do with the accounts, without going through HTTP.

mod words;

pub use words::{
    ChangeSetProgress, CloudError, Deploy, DriftChange, NewChangeSet, OperationState,
    OperationToken, SeedDrift, SeedStack, SeedUpdate, StackState,
};

use super::change_sets::{ChangeSetRequest, NO_CHANGES};
use super::error::AwsError;
use super::estate::{Estate, FailureRule, Site, StoreParameter};
use super::iam::{KeyHolder, Principal};
use super::model::{
    ChangeSet, ChangeSetStatus, ExecutionStatus, Outcome, Stack, StackEvent, StackStatus,
};
use super::nested::TemplateSource;
use super::operations::{Forced, Request, any_capability};
use super::template::parameters::Supplied;
use crate::PracticeOptions;
use crate::clock::PracticeClock;
use crate::state::{StateError, StateFile};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The AWS accounts; clones share them.
#[derive(Debug, Clone)]
pub struct Cloud {
    estate: Arc<Mutex<Estate>>,
    holders: Arc<Mutex<Vec<KeyHolder>>>,
    clock: PracticeClock,
    state: StateFile,
    page_size: usize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl From<AwsError> for CloudError {
    fn from(error: AwsError) -> Self {
        if error.message == "No updates are to be performed." {
            return Self::NoChanges(error.message);
        }
        Self::Refused {
            code: error.code,
            message: error.message,
        }
    }
}

fn supplied(parameters: &[(String, String)]) -> Vec<Supplied> {
    parameters
        .iter()
        .map(|(key, value)| Supplied {
            key: key.clone(),
            value: Some(value.clone()),
            use_previous: false,
        })
        .collect()
}

impl Cloud {
    /// Opens the accounts as they were stored.
    pub fn open(
        state: &StateFile,
        clock: PracticeClock,
        options: &PracticeOptions,
    ) -> Result<Self, StateError> {
        let mut estate: Estate = state.take("aws")?.unwrap_or_default();
        estate.pace = options.pace;
        let estate = Arc::new(Mutex::new(estate));
        let shared = Arc::clone(&estate);
        state.register_text("aws", move || {
            serde_json::to_string(&*lock(&shared)).unwrap_or_else(|_| "null".to_owned())
        });
        Ok(Self {
            estate,
            holders: Arc::default(),
            clock,
            state: state.clone(),
            page_size: options.page_size.max(1),
        })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Estate> {
        lock(&self.estate)
    }

    fn touch(&self) {
        self.state.touch();
    }

    /// Waits until what was changed is on disk: AWS forgets nothing that it has confirmed.
    pub(super) async fn flush(&self) {
        self.state.flush().await;
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn page_size(&self) -> usize {
        self.page_size
    }

    /// Returns whom an access key belongs to.
    pub(super) fn principal(&self, access_key_id: &str) -> Option<Principal> {
        let holder = lock(&self.holders)
            .iter()
            .find(|holder| holder.access_key_id == access_key_id)
            .cloned();
        if let Some(holder) = holder {
            return Some(Principal::User(holder));
        }
        let estate = self.lock();
        estate
            .sessions
            .iter()
            .find(|session| session.access_key_id == access_key_id)
            .map(|session| Principal::Session(session.clone()))
    }

    /// Says who holds access keys.
    pub fn set_key_holders(&self, holders: Vec<KeyHolder>) {
        *lock(&self.holders) = holders;
    }

    /// Ends every session of an assumed role.
    pub fn end_sessions(&self) {
        self.change(|estate, _| {
            for session in &mut estate.sessions {
                session.expires_at = PracticeClock::real_now();
            }
        });
    }

    /// Says where the templates of nested stacks are.
    pub fn set_template_source(&self, source: TemplateSource) {
        self.lock().sources = source;
    }

    fn change<T>(&self, act: impl FnOnce(&mut Estate, Timestamp) -> T) -> T {
        let now = self.now();
        let mut estate = self.lock();
        estate.settle(now);
        let result = act(&mut estate, now);
        drop(estate);
        self.touch();
        result
    }

    fn look<T>(&self, read: impl FnOnce(&Estate, Timestamp) -> T) -> T {
        let now = self.now();
        let mut estate = self.lock();
        estate.settle(now);
        read(&estate, now)
    }

    /// Reports whether no account has a stack yet: a fresh estate that wants seeding.
    pub fn is_empty(&self) -> bool {
        self.lock().stacks.is_empty()
    }

    /// Forgets every stack, session and parameter.
    pub fn clear(&self) {
        self.change(|estate, _| {
            *estate = Estate {
                pace: estate.pace,
                sources: estate.sources.clone(),
                ..Estate::default()
            };
        });
    }

    /// Puts a parameter into an account's parameter store; one that no stack owns.
    pub fn seed_parameter(&self, account: &str, region: &str, name: &str, value: &str) {
        let site = Site::new(account, region);
        self.change(|estate, _| {
            estate
                .store
                .retain(|known| known.site != site || known.name != name);
            estate.store.push(StoreParameter {
                site,
                name: name.to_owned(),
                value: value.to_owned(),
            });
        });
    }

    /// Makes the next operations on certain resources fail.
    pub fn fail_next(&self, rule: FailureRule) {
        self.change(|estate, _| estate.failures.push(rule));
    }

    /// Changes the past, in which operations lasted as long as they do at the usual pace.
    fn change_past<T>(&self, act: impl FnOnce(&mut Estate) -> T) -> T {
        self.change(|estate, _| {
            let pace = std::mem::replace(&mut estate.pace, 1.0);
            let result = act(estate);
            estate.pace = pace;
            result
        })
    }

    /// Puts a stack into an account, with the events of its creation; an existing one of that name stays.
    ///
    /// One in `REVIEW_IN_PROGRESS` gets a change set that would create it, named by the token.
    pub fn seed_stack(&self, seed: SeedStack) -> Result<(), CloudError> {
        let site = Site::new(&seed.account, &seed.region);
        self.change_past(|estate| {
            if estate.find(&site, &seed.name).is_some() {
                return Ok(());
            }
            let request = Request {
                stack: seed.name.clone(),
                template: Some(seed.template.clone()),
                parameters: supplied(&seed.parameters),
                tags: Some(seed.tags.clone()),
                capabilities: any_capability(),
                token: seed.token.clone(),
                termination_protection: seed.termination_protection,
                ..Request::default()
            };
            if seed.status == Some(StackStatus::ReviewInProgress) {
                let wanted = ChangeSetRequest {
                    name: seed.token.clone().unwrap_or_else(|| "create".to_owned()),
                    request,
                    creates: true,
                    ..ChangeSetRequest::default()
                };
                estate.create_change_set(&site, &wanted, seed.created_at)?;
                return Ok(());
            }
            let forced = Forced {
                failure: None,
                is_seed: true,
            };
            let index = estate.create_stack(&site, &request, seed.created_at, &forced)?;
            as_declared(&mut estate.stacks[index], &seed.template);
            estate.finish(index);
            if let Some(at) = seed.updated_at.filter(|at| *at > seed.created_at) {
                estate.stacks[index].updated_at = Some(at);
            }
            let parent = seed
                .parent
                .as_ref()
                .and_then(|name| estate.find(&site, name));
            let parent = parent.map(|parent| estate.stacks[parent].id.clone());
            let stack = &mut estate.stacks[index];
            stack.parent = parent;
            if let Some(drift) = seed.drift {
                put_drift(stack, drift);
            }
            if let Some(status) = seed.status {
                stack.status = status;
            }
            Ok(())
        })
    }

    /// Replays an update that took place in the past; updates of a stack must come in order of time.
    pub fn seed_update(&self, seed: SeedUpdate) -> Result<(), CloudError> {
        let site = Site::new(&seed.account, &seed.region);
        self.change_past(|estate| {
            let request = Request {
                stack: seed.name.clone(),
                template: Some(seed.template.clone()),
                parameters: supplied(&seed.parameters),
                tags: Some(seed.tags.clone()),
                capabilities: any_capability(),
                token: seed.token.clone(),
                ..Request::default()
            };
            let forced = Forced {
                failure: seed.failure.clone(),
                is_seed: true,
            };
            let index = estate.update_stack(&site, &request, seed.started_at, &forced)?;
            as_declared(&mut estate.stacks[index], &seed.template);
            estate.finish(index);
            Ok(())
        })
    }

    /// Changes resources past CloudFormation, as somebody at a console would.
    pub fn drift(
        &self,
        account: &str,
        region: &str,
        stack: &str,
        drift: SeedDrift,
    ) -> Result<(), CloudError> {
        let site = Site::new(account, region);
        self.change(|estate, _| {
            let index = estate.require_to_change(&site, stack)?;
            put_drift(&mut estate.stacks[index], drift);
            Ok(())
        })
    }

    /// Creates or updates a stack.
    pub fn deploy(&self, deploy: Deploy) -> Result<OperationToken, CloudError> {
        let site = Site::new(&deploy.account, &deploy.region);
        self.change(|estate, now| {
            tracing::debug!(stack = deploy.stack, actor = deploy.actor_arn, "deploy");
            let existing = estate.find(&site, &deploy.stack);
            let repeated =
                existing.and_then(|index| estate.stacks[index].by_token(deploy.token.as_deref()));
            if let Some(past) = repeated {
                return Ok(OperationToken(past.id.clone()));
            }
            let request = request_of(&deploy, existing.map(|index| &estate.stacks[index]));
            let forced = Forced::default();
            let index = match existing {
                Some(_) => estate.update_stack(&site, &request, now, &forced)?,
                None => estate.create_stack(&site, &request, now, &forced)?,
            };
            Ok(token_of(&estate.stacks[index], deploy.token.as_deref()))
        })
    }

    /// Creates a change set and returns its ARN; for a stack that does not exist, one that creates it.
    pub fn create_change_set(&self, set: NewChangeSet) -> Result<String, CloudError> {
        let site = Site::new(&set.deploy.account, &set.deploy.region);
        self.change(|estate, now| {
            tracing::debug!(
                stack = set.deploy.stack,
                actor = set.deploy.actor_arn,
                "change set"
            );
            let existing = estate
                .find(&site, &set.deploy.stack)
                .map(|index| &estate.stacks[index]);
            let creates =
                existing.is_none_or(|stack| stack.status == StackStatus::ReviewInProgress);
            let wanted = ChangeSetRequest {
                request: request_of(&set.deploy, existing),
                name: set.name.clone(),
                creates,
                description: set.description.clone(),
                include_nested: false,
                adoptions: None,
            };
            let (index, number) = estate.create_change_set(&site, &wanted, now)?;
            Ok(estate.stacks[index].change_sets[number].id.clone())
        })
    }

    /// Returns how far a change set is; none when it does not exist.
    pub fn change_set(
        &self,
        account: &str,
        region: &str,
        change_set_arn: &str,
    ) -> Option<ChangeSetProgress> {
        let site = Site::new(account, region);
        self.look(|estate, now| {
            let (index, number) = estate.find_change_set(&site, change_set_arn, None).ok()?;
            let stack = &estate.stacks[index];
            Some(progress(stack, &stack.change_sets[number], now))
        })
    }

    /// Executes a change set.
    pub fn execute_change_set(
        &self,
        account: &str,
        region: &str,
        change_set_arn: &str,
        token: Option<String>,
        actor_arn: &str,
    ) -> Result<OperationToken, CloudError> {
        let site = Site::new(account, region);
        self.change(|estate, now| {
            tracing::debug!(change_set_arn, actor_arn, "execute");
            let key = token.clone();
            let index = estate.execute_change_set(&site, change_set_arn, None, token, None, now)?;
            Ok(token_of(&estate.stacks[index], key.as_deref()))
        })
    }

    /// Returns a stack that is not deleted.
    pub fn stack(&self, account: &str, region: &str, name: &str) -> Option<StackState> {
        let site = Site::new(account, region);
        self.look(|estate, now| {
            let stack = &estate.stacks[estate.find(&site, name)?];
            let (status, reason) = stack.status_at(now);
            let inputs = stack.shown_inputs(now);
            Some(StackState {
                id: stack.id.clone(),
                status,
                status_reason: reason.map(str::to_owned),
                parameters: inputs
                    .parameters
                    .iter()
                    .map(|one| (one.key.clone(), one.shown().to_owned()))
                    .collect(),
                tags: inputs.tags.clone(),
                outputs: stack
                    .live
                    .outputs
                    .iter()
                    .map(|output| (output.key.clone(), output.value.clone()))
                    .collect(),
                resources: stack
                    .resources_at(now)
                    .into_iter()
                    .map(|resource| (resource.logical_id, resource.physical_id))
                    .collect(),
            })
        })
    }

    /// Returns the events of a stack so far, oldest first.
    pub fn events(&self, account: &str, region: &str, name: &str) -> Vec<StackEvent> {
        let site = Site::new(account, region);
        self.look(|estate, now| {
            estate
                .find(&site, name)
                .map(|index| estate.stacks[index].events_until(now).to_vec())
                .unwrap_or_default()
        })
    }

    /// Returns how far an operation is; none when it is not known.
    pub fn operation_state(&self, token: &OperationToken) -> Option<OperationState> {
        self.look(|estate, _| {
            let past = estate
                .stacks
                .iter()
                .flat_map(|stack| &stack.history)
                .find(|past| past.id == token.0)?;
            Some(match &past.outcome {
                None => OperationState::InProgress,
                Some(Outcome::Done) => OperationState::Succeeded,
                Some(Outcome::Failed(reason)) => OperationState::Failed(reason.clone()),
            })
        })
    }
}

/// Lets a seeded stack acknowledge no more capabilities than its template needs.
fn as_declared(stack: &mut Stack, template: &str) {
    let needed: Vec<String> = super::template::Template::read(template)
        .map(|template| template.capabilities().0)
        .unwrap_or_default()
        .into_iter()
        .map(str::to_owned)
        .collect();
    stack.live.inputs.capabilities.clone_from(&needed);
    if let Some(operation) = &mut stack.operation {
        operation.inputs.capabilities.clone_from(&needed);
        operation.after.inputs.capabilities = needed;
    }
}

fn put_drift(stack: &mut Stack, drift: SeedDrift) {
    stack.drift.extend(drift.changes);
    if let Some(at) = drift.detected_at {
        let drifts = super::drift::find(stack);
        stack.detection = Some(super::model::Detection {
            id: super::resource_types::uuid_of(&format!(
                "{}/drift/{}",
                stack.id,
                at.as_millisecond()
            )),
            started_at: at,
            ended_at: at + SignedDuration::from_millis(1),
            drifts,
            before: None,
        });
    }
}

fn request_of(deploy: &Deploy, existing: Option<&Stack>) -> Request {
    let mut parameters = supplied(&deploy.parameters);
    let kept = existing
        .into_iter()
        .flat_map(|stack| &stack.live.inputs.parameters);
    let declared = super::template::Template::read(&deploy.template);
    for one in kept {
        let is_declared = declared
            .as_ref()
            .is_ok_and(|template| template.parameters().contains_key(&one.key));
        if is_declared && !parameters.iter().any(|given| given.key == one.key) {
            parameters.push(Supplied {
                key: one.key.clone(),
                value: None,
                use_previous: true,
            });
        }
    }
    Request {
        stack: deploy.stack.clone(),
        template: Some(deploy.template.clone()),
        parameters,
        tags: Some(deploy.tags.clone()).filter(|tags| !tags.is_empty()),
        capabilities: deploy.capabilities.clone(),
        token: deploy.token.clone(),
        ..Request::default()
    }
}

/// Returns the operation that a token began, or the last one.
fn token_of(stack: &Stack, token: Option<&str>) -> OperationToken {
    let past = stack.by_token(token).or(stack.history.last());
    OperationToken(past.map(|past| past.id.clone()).unwrap_or_default())
}

fn progress(stack: &Stack, set: &ChangeSet, now: Timestamp) -> ChangeSetProgress {
    match (set.status(now), set.execution(stack, now)) {
        (ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress, _) => {
            ChangeSetProgress::Pending
        }
        (ChangeSetStatus::Failed, _) => {
            let reason = set.failure.clone().unwrap_or_default();
            if reason == NO_CHANGES {
                ChangeSetProgress::NoChanges(reason)
            } else {
                ChangeSetProgress::Failed(reason)
            }
        }
        (ChangeSetStatus::CreateComplete, ExecutionStatus::Obsolete) => ChangeSetProgress::Obsolete,
        (
            ChangeSetStatus::CreateComplete,
            ExecutionStatus::Available | ExecutionStatus::Unavailable,
        ) => ChangeSetProgress::Ready(
            set.changes
                .iter()
                .filter(|change| change.is_told(true))
                .map(|change| {
                    let replacement = match change.replacement(true) {
                        Some("True") => ", replaced",
                        Some("Conditional") => ", may be replaced",
                        _ => "",
                    };
                    format!(
                        "{} {} ({}{replacement})",
                        change.action.as_str(),
                        change.logical_id,
                        change.resource_type
                    )
                })
                .collect(),
        ),
        (
            ChangeSetStatus::CreateComplete,
            ExecutionStatus::ExecuteInProgress
            | ExecutionStatus::ExecuteComplete
            | ExecutionStatus::ExecuteFailed,
        ) => ChangeSetProgress::Executed,
    }
}
