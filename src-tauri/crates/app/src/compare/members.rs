//! The stacks of one side: those that run in an environment, or those that a Git revision describes.

use super::Point;
use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::{Service, StackPattern},
    overview::Snapshot,
    ports::TemplateStage,
    promotion::variables_error,
};
use interlock_domain::{
    CommitId, EnvironmentName, FaultKind, Scope,
    stack::{Stack, StackPhase},
};
use interlock_stackdiff::{
    EnvironmentFacts, ParameterValue, ParameterValues, variables::VariableDocument,
};
use std::{collections::BTreeMap, sync::Arc};

/// A stack of one side with everything that a comparison needs.
pub(super) struct Member {
    pub(super) stack: String,
    pub(super) text: Arc<str>,
    pub(super) file: String,
    pub(super) parameters: ParameterValues,
    pub(super) facts: EnvironmentFacts,
}

pub(super) type Members = BTreeMap<String, UseCase<Member>>;

impl Console {
    pub(super) async fn members(
        &self,
        snapshot: &Snapshot,
        service: &Service,
        point: &Point,
    ) -> UseCase<Members> {
        let mut members = match point {
            Point::Now(environment) => self.deployed_members(snapshot, service, environment).await,
            Point::Revision {
                revision,
                environment,
            } => self.source_members(service, revision, environment).await?,
        };
        for member in members.values_mut().flatten() {
            member.facts.exports = exports(snapshot, &member.facts);
        }
        Ok(members)
    }

    async fn deployed_members(
        &self,
        snapshot: &Snapshot,
        service: &Service,
        environment: &EnvironmentName,
    ) -> Members {
        let index = self.index(snapshot);
        let stacks = index
            .get(&(service.name.as_str(), environment.as_str()))
            .map_or(&[][..], Vec::as_slice);
        let several = self
            .estate
            .environments
            .iter()
            .any(|e| e.environment.regions.len() > 1);
        let (_, commit) = self.version_in(snapshot, service, environment);
        let commit = commit.and_then(|text| CommitId::new(text).ok());
        let mut members = Members::new();
        for placed in stacks {
            if placed.stack.parent.is_some() || placed.stack.status.phase() == StackPhase::InReview
            {
                continue;
            }
            let first = self
                .estate
                .environment(environment)
                .is_some_and(|e| e.environment.regions.first() == Some(&placed.scope.region));
            let name = if several && !first {
                format!("{} {}", placed.name, placed.scope.region)
            } else {
                placed.name.clone()
            };
            let member = self
                .deployed_member(
                    service,
                    placed.pattern,
                    placed.scope,
                    placed.stack,
                    commit.as_ref(),
                )
                .await;
            members.insert(name, member);
        }
        members
    }

    async fn deployed_member(
        &self,
        service: &Service,
        pattern: &StackPattern,
        scope: &Scope,
        stack: &Stack,
        commit: Option<&CommitId>,
    ) -> UseCase<Member> {
        let text = self
            .template_of(scope, stack, TemplateStage::Original)
            .await?;
        let mut parameters = ParameterValues::default();
        for parameter in &stack.parameters {
            parameters.observe(
                parameter.key.clone(),
                ParameterValue {
                    text: parameter.value.clone(),
                    resolved: parameter.resolved.clone(),
                },
            );
        }
        // The document only explains; without it differences stay unexplained.
        if let Ok(Some((path, document))) = self
            .source_file(service, commit, pattern.variables.as_ref(), scope)
            .await
            && let Ok(document) = VariableDocument::read(document.as_bytes(), &path)
        {
            parameters.declare(&document);
        }
        Ok(Member {
            stack: stack.name.to_string(),
            file: pattern
                .template
                .clone()
                .unwrap_or_else(|| stack.name.to_string()),
            text,
            parameters,
            facts: facts(scope, stack.name.as_str()),
        })
    }

    async fn source_members(
        &self,
        service: &Service,
        revision: &str,
        environment: &EnvironmentName,
    ) -> UseCase<Members> {
        let (Some(repository), Some(sources)) = (&service.repository, self.ports().sources.clone())
        else {
            return Err(UseCaseError::Precondition {
                reason: format!("the estate file names no repository for {}", service.name),
            });
        };
        let commit = sources.commit(repository, revision).await?.id;
        let scope = self
            .environment(environment)?
            .environment
            .scopes()
            .into_iter()
            .next()
            .ok_or_else(|| UseCaseError::Precondition {
                reason: format!("{environment} has no region"),
            })?;
        let mut members = Members::new();
        for pattern in &service.stacks {
            let Some(stack) = pattern.name_in(environment) else {
                continue;
            };
            let name = pattern
                .match_name(&stack, environment)
                .unwrap_or_else(|| stack.clone());
            let member = self
                .source_member(service, pattern, &commit, &scope, stack)
                .await;
            match member {
                Ok(Some(member)) => drop(members.insert(name, Ok(member))),
                Ok(None) => {}
                Err(error) => drop(members.insert(name, Err(error))),
            }
        }
        Ok(members)
    }

    async fn source_member(
        &self,
        service: &Service,
        pattern: &StackPattern,
        commit: &CommitId,
        scope: &Scope,
        stack: String,
    ) -> UseCase<Option<Member>> {
        let missing = |error: &UseCaseError| {
            matches!(error, UseCaseError::System(e) if e.kind == FaultKind::NotFound)
                || matches!(error, UseCaseError::Document { message, .. } if message.contains(" is not in "))
        };
        let (path, text) = match self
            .source_file(service, Some(commit), pattern.template.as_ref(), scope)
            .await
        {
            Ok(Some(file)) => file,
            Ok(None) => return Ok(None),
            Err(error) if missing(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut parameters = ParameterValues::default();
        match self
            .source_file(service, Some(commit), pattern.variables.as_ref(), scope)
            .await
        {
            Ok(Some((path, text))) => {
                let document = VariableDocument::read(text.as_bytes(), &path)
                    .map_err(|error| variables_error(&path, &error))?;
                parameters.declare(&document);
            }
            Ok(None) => {}
            Err(error) if missing(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(Some(Member {
            facts: facts(scope, &stack),
            stack,
            file: path,
            text: text.into(),
            parameters,
        }))
    }
}

/// What the stacks of an account and region export.
fn exports(snapshot: &Snapshot, facts: &EnvironmentFacts) -> BTreeMap<String, String> {
    snapshot
        .scopes
        .iter()
        .filter(|state| {
            Some(state.scope.account.as_str()) == facts.account.as_deref()
                && Some(state.scope.region.as_str()) == facts.region.as_deref()
        })
        .filter_map(|state| state.stacks.last.as_ref())
        .flat_map(|(_, stacks)| stacks)
        .flat_map(|stack| &stack.outputs)
        .filter_map(|output| Some((output.export.clone()?, output.value.clone())))
        .collect()
}

fn facts(scope: &Scope, stack: &str) -> EnvironmentFacts {
    EnvironmentFacts {
        name: Some(scope.environment.to_string()),
        account: Some(scope.account.to_string()),
        region: Some(scope.region.to_string()),
        stack: Some(stack.to_owned()),
        exports: BTreeMap::new(),
        substitutions: BTreeMap::new(),
    }
}
