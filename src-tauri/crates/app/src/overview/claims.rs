//! Whose stack is whose: stacks by service and environment, and the version that they tell.

use super::snapshot::Snapshot;
use crate::{console::Console, estate::Service};
use interlock_domain::{
    CommitId, EnvironmentName,
    stack::{Stack, StackPhase},
};

/// A stack with where it is and its name without the environment.
pub(crate) struct Placed<'s> {
    pub scope: &'s interlock_domain::Scope,
    pub stack: &'s Stack,
    pub name: String,
    pub pattern: &'s crate::estate::StackPattern,
}

/// Stacks by service and environment.
pub(crate) type Index<'s> = std::collections::HashMap<(&'s str, &'s str), Vec<Placed<'s>>>;

impl Console {
    /// Stacks of every service and environment, claimed in one pass.
    pub(crate) fn index<'s>(&'s self, snapshot: &'s Snapshot) -> Index<'s> {
        let mut index = Index::new();
        for state in &snapshot.scopes {
            let Some((_, stacks)) = &state.stacks.last else {
                continue;
            };
            let claims = self.estate.claims(&state.scope.environment);
            for stack in stacks {
                if stack.status.phase() == StackPhase::Deleted {
                    continue;
                }
                if let Some((service, pattern, name)) = claims.of(stack.name.as_str()) {
                    index
                        .entry((service.name.as_str(), state.scope.environment.as_str()))
                        .or_default()
                        .push(Placed {
                            scope: &state.scope,
                            stack,
                            name,
                            pattern,
                        });
                }
            }
        }
        index
    }

    /// Stacks that no service claims, with their environment. Nested ones belong to their parent.
    pub fn unclaimed<'s>(
        &self,
        snapshot: &'s Snapshot,
    ) -> Vec<(&'s interlock_domain::Scope, &'s Stack)> {
        let mut list = Vec::new();
        for state in &snapshot.scopes {
            let Some((_, stacks)) = &state.stacks.last else {
                continue;
            };
            let claims = self.estate.claims(&state.scope.environment);
            for stack in stacks {
                if stack.parent.is_none()
                    && stack.status.phase() != StackPhase::Deleted
                    && claims.of(stack.name.as_str()).is_none()
                {
                    list.push((&state.scope, stack));
                }
            }
        }
        list
    }

    /// Stacks of a service in an environment, with their scopes, as last known.
    pub fn stacks_of(
        &self,
        snapshot: &Snapshot,
        service: &Service,
        environment: &EnvironmentName,
    ) -> Vec<(interlock_domain::Scope, Stack)> {
        let mut index = self.index(snapshot);
        index
            .remove(&(service.name.as_str(), environment.as_str()))
            .unwrap_or_default()
            .into_iter()
            .map(|placed| (placed.scope.clone(), placed.stack.clone()))
            .collect()
    }

    /// Version and commit of a service in an environment, as its stacks tell.
    pub(crate) fn version_in(
        &self,
        snapshot: &Snapshot,
        service: &Service,
        environment: &EnvironmentName,
    ) -> (Option<String>, Option<String>) {
        self.version_at(&self.index(snapshot), service, environment)
    }

    /// The same for who asks about many services: the index is made once.
    pub(crate) fn version_at(
        &self,
        index: &Index<'_>,
        service: &Service,
        environment: &EnvironmentName,
    ) -> (Option<String>, Option<String>) {
        let stacks = index
            .get(&(service.name.as_str(), environment.as_str()))
            .map_or(&[][..], Vec::as_slice);
        self.version_of(stacks)
    }

    /// The commit that a stack tells it was built from.
    pub(crate) fn commit_of(&self, stack: &Stack) -> Option<String> {
        let name = self.estate.version.commit_tag.as_ref()?;
        let text = stack.tags.get(name)?;
        CommitId::new(text.clone()).is_ok().then(|| text.clone())
    }

    pub(super) fn version_of(&self, stacks: &[Placed<'_>]) -> (Option<String>, Option<String>) {
        let rule = &self.estate.version;
        let tag = |name: &Option<String>| {
            let name = name.as_ref()?;
            stacks
                .iter()
                .find_map(|placed| placed.stack.tags.get(name).cloned())
        };
        let parameter = || {
            let name = rule.parameter.as_ref()?;
            let of = |placed: &Placed<'_>| {
                placed
                    .stack
                    .parameters
                    .iter()
                    .find(|p| &p.key == name && !p.is_masked())
                    .map(|p| p.value.clone())
            };
            stacks.iter().find_map(of)
        };
        let commit = tag(&rule.commit_tag).filter(|text| CommitId::new(text.clone()).is_ok());
        (tag(&rule.tag).or_else(parameter), commit)
    }
}
