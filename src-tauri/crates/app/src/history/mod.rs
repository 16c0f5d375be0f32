//! What ran at a past time, from what was seen of the stacks since.
//!
//! Every listing of stacks is kept with its time, and templates are read and kept after a
//! refresh. AWS tells when a stack was last changed, so one listing speaks for all the time
//! since that change too. What nobody saw stays unknown.

mod standing;

pub use standing::{Doubt, Past, Uncertain};

use crate::{
    console::{Console, UseCase, UseCaseError},
    overview::Snapshot,
    ports::TemplateStage,
};
use futures::future::join_all;
use interlock_domain::{
    EnvironmentName, Scope, Timestamp,
    stack::{Stack, StackPhase},
};
use std::collections::HashSet;

/// Templates that are read at the same time, so that other questions are not held up.
const AT_ONCE: usize = 2;

/// An environment as it was, in the form in which the present is known.
pub(crate) struct PastState {
    pub(crate) snapshot: Snapshot,
    pub(crate) doubts: Vec<(Scope, Doubt)>,
}

impl Console {
    /// Takes a listing of stacks that was read outside of a refresh, and keeps that it was seen.
    pub(crate) fn take_stacks(&self, scope: &Scope, at: Timestamp, stacks: Vec<Stack>) {
        self.keep_seen(scope, at, &stacks);
        self.change_snapshot(|snapshot| snapshot.put_stacks(scope, at, stacks));
    }

    /// Keeps that a listing of stacks was seen.
    pub(crate) fn keep_seen(&self, scope: &Scope, at: Timestamp, stacks: &[Stack]) {
        if let Some(store) = &self.snapshots
            && let Err(error) = store.observe(scope, at, stacks)
        {
            tracing::warn!(%error, "what was seen of stacks was not kept");
        }
    }

    /// Reads and keeps the templates of the stacks as last known, where they are not kept yet.
    /// Answers how many could not be read; their revisions cannot be compared later.
    pub async fn keep_templates(&self) -> usize {
        let Some(store) = &self.snapshots else {
            return 0;
        };
        let _alone = self.keeping.lock().await;
        let stacks: Vec<(Scope, Stack)> = self
            .snapshot()
            .scopes
            .iter()
            .filter_map(|state| Some((state.scope.clone(), state.stacks.current()?)))
            .flat_map(|(scope, stacks)| stacks.iter().map(move |one| (scope.clone(), one.clone())))
            .filter(|(_, stack)| has_a_template(stack))
            .collect();
        let keys: Vec<String> = stacks.iter().map(|(_, s)| s.revision_key()).collect();
        let missing: HashSet<String> = match store.without_template(&keys) {
            Ok(missing) => missing.into_iter().collect(),
            Err(error) => {
                tracing::warn!(%error, "templates cannot be kept");
                return 0;
            }
        };
        let wanted: Vec<(Scope, Stack)> = stacks
            .into_iter()
            .filter(|(_, stack)| missing.contains(&stack.revision_key()))
            .collect();
        let mut unread = 0;
        for some in wanted.chunks(AT_ONCE) {
            let asked = some
                .iter()
                .map(|(scope, stack)| self.read_template(scope, stack, TemplateStage::Original));
            unread += join_all(asked).await.iter().filter(|r| r.is_err()).count();
        }
        unread
    }

    /// An environment as it was at a time.
    pub(crate) fn past(&self, environment: &EnvironmentName, at: Timestamp) -> UseCase<PastState> {
        if at > self.now() {
            return Err(UseCaseError::Precondition {
                reason: format!("{at} has not come yet"),
            });
        }
        let store = self.snapshots.as_ref().ok_or_else(|| UseCaseError::Precondition {
            reason: "the past is not known: what was seen of stacks cannot be kept on this computer (`interlock doctor` says more)".into(),
        })?;
        let mut past = PastState {
            snapshot: Snapshot::default(),
            doubts: Vec::new(),
        };
        for scope in self.environment(environment)?.environment.scopes() {
            let revisions =
                store
                    .revisions(&scope)
                    .map_err(|error| UseCaseError::Precondition {
                        reason: format!("the past of {scope} cannot be read: {error}"),
                    })?;
            if revisions.is_empty() {
                return Err(UseCaseError::Precondition {
                    reason: format!("nothing was ever seen of {scope}: refresh once"),
                });
            }
            let Past { stacks, doubts } = Past::of(&revisions, at);
            past.snapshot.put_stacks(&scope, at, stacks);
            past.doubts
                .extend(doubts.into_iter().map(|doubt| (scope.clone(), doubt)));
        }
        Ok(past)
    }
}

/// Whether a stack has a template that stays: the shell of a change set has none.
fn has_a_template(stack: &Stack) -> bool {
    !stack.status.is_moving() && stack.status.phase() != StackPhase::InReview
}
