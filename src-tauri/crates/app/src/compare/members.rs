//! The stacks of one side: those that run or ran in an environment, those that a Git revision
//! describes, and what a change set would make of them.

use super::{
    documents::{exports, facts, observed},
    points::{Known, Point},
};
use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::{Service, StackPattern},
    expanded::Texts,
    nested_files::{self, Revision},
    overview::{Placed, Snapshot},
    ports::TemplateStage,
    promotion::variables_error,
};
use interlock_domain::{CommitId, EnvironmentName, FaultKind, Scope, stack::StackPhase};
use interlock_stackdiff::{
    EnvironmentFacts, NestedTemplates, ParameterValues, variables::VariableDocument,
};
use std::collections::BTreeMap;

/// A stack of one side with everything that a comparison needs.
pub(super) struct Member {
    pub(super) stack: String,
    pub(super) texts: Texts,
    pub(super) file: String,
    pub(super) parameters: ParameterValues,
    pub(super) facts: EnvironmentFacts,
    /// Templates of the stacks nested in it; none where nobody can tell, as of a past time.
    pub(super) nested: Option<NestedTemplates>,
}

pub(super) type Members = BTreeMap<String, UseCase<Member>>;

impl Console {
    pub(super) async fn members(
        &self,
        known: &Known,
        service: &Service,
        point: &Point,
    ) -> UseCase<Members> {
        let mut members = match point {
            Point::Now(environment) | Point::Past { environment, .. } => {
                self.deployed_members(known, service, environment).await
            }
            Point::Revision {
                revision,
                environment,
            } => self.source_members(service, revision, environment).await?,
            Point::ChangeSet { environment, .. } => {
                let mut members = self.deployed_members(known, service, environment).await;
                self.lay_change_set_into(&mut members, known, service)
                    .await?;
                members
            }
            Point::Files { environment, files } => {
                let mut members = self.deployed_members(known, service, environment).await;
                self.lay_files_into(&mut members, known, service, (environment, files))
                    .await?;
                members
            }
        };
        for member in members.values_mut().flatten() {
            member.facts.exports = exports_there(&known.snapshot, &member.facts);
        }
        Ok(members)
    }

    /// A stack's name without the environment; with the region where it is not the first.
    pub(super) fn member_name(&self, scope: &Scope, name: String) -> String {
        let mut environments = self.estate.environments.iter();
        let several = environments.any(|e| e.environment.regions.len() > 1);
        let first = self
            .estate
            .environment(&scope.environment)
            .is_some_and(|e| e.environment.regions.first() == Some(&scope.region));
        if several && !first {
            format!("{name} {}", scope.region)
        } else {
            name
        }
    }

    async fn deployed_members(
        &self,
        known: &Known,
        service: &Service,
        environment: &EnvironmentName,
    ) -> Members {
        let snapshot = &known.snapshot;
        let index = self.index(snapshot);
        let stacks = index
            .get(&(service.name.as_str(), environment.as_str()))
            .map_or(&[][..], Vec::as_slice);
        let (_, commit) = self.version_in(snapshot, service, environment);
        let commit = commit.and_then(|text| CommitId::new(text).ok());
        let mut members = Members::new();
        for placed in stacks {
            if placed.stack.parent.is_some() || placed.stack.status.phase() == StackPhase::InReview
            {
                continue;
            }
            let texts = if known.past.is_some() {
                self.template_then(placed.stack).map(Texts::given)
            } else {
                match self
                    .template_of(placed.scope, placed.stack, TemplateStage::Original)
                    .await
                {
                    Ok(text) => Ok(self.texts_of(placed.scope, placed.stack, text).await),
                    Err(error) => Err(error),
                }
            };
            let member = match texts {
                Ok(texts) => {
                    let nested = match known.past {
                        Some(_) => None,
                        None => Some(self.nested_beside(snapshot, placed, &texts).await),
                    };
                    let member = self
                        .deployed_member(service, placed, texts, commit.as_ref())
                        .await;
                    Ok(Member { nested, ..member })
                }
                Err(error) => Err(error),
            };
            members.insert(self.member_name(placed.scope, placed.name.clone()), member);
        }
        for (scope, doubt) in known.past.iter().flatten() {
            let claims = self.estate.claims(&scope.environment);
            if let Some((owner, _, name)) = claims.of(&doubt.stack)
                && owner.name == service.name
            {
                // Where a revision is shown, the doubt stands beside it.
                members
                    .entry(self.member_name(scope, name))
                    .or_insert_with(|| {
                        Err(UseCaseError::Precondition {
                            reason: doubt.to_string(),
                        })
                    });
            }
        }
        members
    }

    async fn nested_beside(
        &self,
        snapshot: &Snapshot,
        placed: &Placed<'_>,
        texts: &Texts,
    ) -> NestedTemplates {
        let state = snapshot.scopes.iter().find(|s| &s.scope == placed.scope);
        let listed = state.and_then(|state| state.stacks.last.as_ref());
        let stacks = listed.map_or(&[][..], |(_, stacks)| stacks.as_slice());
        self.nested_in(placed.scope, placed.stack, stacks, texts.as_given())
            .await
    }

    async fn deployed_member(
        &self,
        service: &Service,
        placed: &Placed<'_>,
        texts: Texts,
        commit: Option<&CommitId>,
    ) -> Member {
        let (pattern, stack) = (placed.pattern, placed.stack);
        let mut parameters = observed(&stack.parameters);
        self.explain(service, pattern, placed.scope, commit, &mut parameters)
            .await;
        Member {
            stack: stack.name.to_string(),
            file: pattern
                .template
                .clone()
                .unwrap_or_else(|| stack.name.to_string()),
            texts,
            parameters,
            facts: facts(placed.scope, stack.name.as_str()),
            nested: None,
        }
    }

    /// The document only explains; without it differences stay unexplained.
    pub(super) async fn explain(
        &self,
        service: &Service,
        pattern: &StackPattern,
        scope: &Scope,
        commit: Option<&CommitId>,
        parameters: &mut ParameterValues,
    ) {
        if let Ok(Some((path, document))) = self
            .source_file(service, commit, pattern.variables.as_ref(), scope)
            .await
            && let Ok(document) = VariableDocument::read(document.as_bytes(), &path)
        {
            parameters.declare(&document);
        }
    }

    /// Puts what a change set would deploy in the place of what stands.
    async fn lay_change_set_into(
        &self,
        members: &mut Members,
        known: &Known,
        service: &Service,
    ) -> UseCase<()> {
        let Some((scope, set)) = &known.change_set else {
            return Ok(());
        };
        let claims = self.estate.claims(&scope.environment);
        let Some((owner, pattern, name)) = claims.of(&set.stack) else {
            return Ok(());
        };
        if owner.name != service.name {
            return Ok(());
        }
        let changer = self.ports().changer.clone();
        let text = changer
            .change_set_template(scope, &set.stack, &set.id, TemplateStage::Original)
            .await?;
        let texts = self
            .texts_of_change_set(scope, &set.stack, &set.id, text)
            .await;
        let stacks = self.ports().stacks.stacks(scope).await?;
        let nested = self
            .nested_of_change_set(scope, set, &stacks, texts.as_given())
            .await;
        let mut parameters = observed(&set.parameters);
        let (_, commit) = self.version_in(&known.snapshot, service, &scope.environment);
        let commit = commit.and_then(|text| CommitId::new(text).ok());
        self.explain(service, pattern, scope, commit.as_ref(), &mut parameters)
            .await;
        let file = pattern.template.clone();
        let member = Member {
            stack: set.stack.clone(),
            file: file.unwrap_or_else(|| set.stack.clone()),
            texts,
            parameters,
            facts: facts(scope, &set.stack),
            nested: Some(nested),
        };
        members.insert(self.member_name(scope, name), Ok(member));
        Ok(())
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
        let nested = match (&service.repository, self.ports().sources.clone()) {
            (Some(repository), Some(sources)) => {
                let shelf = Revision {
                    sources,
                    repository: repository.clone(),
                    commit: commit.to_string(),
                    revision: commit.short().to_owned(),
                };
                Some(nested_files::inside(&shelf, &path, text.as_bytes()).await)
            }
            _ => None,
        };
        Ok(Some(Member {
            facts: facts(scope, &stack),
            stack,
            file: path,
            texts: Texts::given(text.into()),
            parameters,
            nested,
        }))
    }
}

/// What the stacks of the same account and region export.
fn exports_there(snapshot: &Snapshot, facts: &EnvironmentFacts) -> BTreeMap<String, String> {
    let here = snapshot.scopes.iter().filter(|state| {
        Some(state.scope.account.as_str()) == facts.account.as_deref()
            && Some(state.scope.region.as_str()) == facts.region.as_deref()
    });
    exports(
        here.filter_map(|state| state.stacks.last.as_ref())
            .flat_map(|(_, stacks)| stacks),
    )
}
