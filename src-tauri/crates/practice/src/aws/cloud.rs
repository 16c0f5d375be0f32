//! What the other practice servers and the bank do with the accounts, without going through HTTP.

mod deploy;
mod seed;
mod words;

pub use words::{
    ChangeSetProgress, CloudError, Deploy, DriftChange, NewChangeSet, OperationState,
    OperationToken, SeedDrift, SeedStack, SeedUpdate, StackState,
};

use super::error::AwsError;
use super::estate::{Estate, FailureRule, Site};
use super::iam::{KeyHolder, Principal, Session};
use super::model::{Outcome, StackEvent};
use super::nested::TemplateSource;
use crate::PracticeOptions;
use crate::clock::PracticeClock;
use crate::state::{StateError, StateFile};
use jiff::Timestamp;
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

    /// Secret key and token of every session of an assumed role: what must stand nowhere else.
    pub fn session_secrets(&self) -> Vec<(String, String)> {
        let estate = self.lock();
        let of = |session: &Session| (session.secret_access_key.clone(), session.token.clone());
        estate.sessions.iter().map(of).collect()
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

    /// Makes the next operations on certain resources fail.
    pub fn fail_next(&self, rule: FailureRule) {
        self.change(|estate, _| estate.failures.push(rule));
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
