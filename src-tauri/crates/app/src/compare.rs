//! Comparing two sides of a service: environments, or Git revisions.

use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::{Service, StackPattern},
    overview::Snapshot,
    ports::TemplateStage,
    promotion::{template_error, variables_error},
};
use interlock_domain::{
    CommitId, EnvironmentName, FaultKind, Scope, Timestamp,
    source::Commit,
    stack::{Stack, StackPhase},
};
use interlock_stackdiff::{
    Budget, EnvironmentFacts, ParameterValue, ParameterValues, Side, StackDifference, Template,
    compare, variables::VariableDocument,
};
use std::{collections::BTreeMap, sync::Arc};

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Point {
    /// What runs in an environment now.
    Now(EnvironmentName),
    /// What a Git revision says for an environment.
    Revision {
        /// Commit, tag or branch.
        revision: String,
        /// Environment whose variables apply.
        environment: EnvironmentName,
    },
}

impl Point {
    /// The environment that it speaks of.
    pub fn environment(&self) -> &EnvironmentName {
        match self {
            Self::Now(environment) | Self::Revision { environment, .. } => environment,
        }
    }
}

/// What is known of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideFacts {
    /// Words such as `prod now`.
    pub label: String,
    /// Version.
    pub version: Option<String>,
    /// Commit.
    pub commit: Option<String>,
    /// When it was observed.
    pub at: Option<Timestamp>,
}

/// Two stacks, or one and its absence.
#[derive(Debug, Clone)]
pub struct StackPair {
    /// Name without the environment; with the region where a stack is in several.
    pub name: String,
    /// Stack name on the left.
    pub left: Option<String>,
    /// Stack name on the right.
    pub right: Option<String>,
    /// What differs, or why it cannot be told.
    pub difference: Result<StackDifference, UseCaseError>,
    /// File that locations on the right speak of.
    pub file: Option<String>,
}

/// A comparison.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Before.
    pub left: SideFacts,
    /// After.
    pub right: SideFacts,
    /// Stacks.
    pub stacks: Vec<StackPair>,
}

/// A stack of one side with everything that a comparison needs.
struct Member {
    stack: String,
    text: Arc<str>,
    file: String,
    parameters: ParameterValues,
    facts: EnvironmentFacts,
}

type Members = BTreeMap<String, UseCase<Member>>;

impl Console {
    /// Compares a service at two points.
    pub async fn compare(
        &self,
        service: &Service,
        left: &Point,
        right: &Point,
    ) -> UseCase<Comparison> {
        self.known_scopes(&[left, right]).await?;
        let snapshot = self.snapshot();
        let (left_members, right_members) = tokio::try_join!(
            self.members(&snapshot, service, left),
            self.members(&snapshot, service, right)
        )?;
        let mut names: Vec<String> = left_members
            .keys()
            .chain(right_members.keys())
            .cloned()
            .collect();
        names.sort();
        names.dedup();
        let stacks = names
            .into_iter()
            .map(|name| pair(&name, left_members.get(&name), right_members.get(&name)))
            .collect();
        Ok(Comparison {
            left: self.side_facts(&snapshot, service, left),
            right: self.side_facts(&snapshot, service, right),
            stacks,
        })
    }

    /// Commits that the right has and the left has not, with a note when they are not known.
    pub async fn commits_of_comparison(
        &self,
        service: &Service,
        left: &SideFacts,
        right: &SideFacts,
    ) -> (Vec<Commit>, Option<String>) {
        match (&service.repository, &left.commit, &right.commit) {
            (None, _, _) => (
                Vec::new(),
                Some("the estate file names no repository for this service".into()),
            ),
            (Some(repository), Some(base), Some(head)) => {
                self.commits_between(service, repository, base, head).await
            }
            _ => (
                Vec::new(),
                Some("the commits on both sides are not known".into()),
            ),
        }
    }

    /// Template texts of one stack on both sides.
    pub async fn raw_texts(
        &self,
        service: &Service,
        stack: &str,
        left: &Point,
        right: &Point,
    ) -> UseCase<(Option<String>, Option<String>)> {
        self.known_scopes(&[left, right]).await?;
        let snapshot = self.snapshot();
        let (mut left, mut right) = tokio::try_join!(
            self.members(&snapshot, service, left),
            self.members(&snapshot, service, right)
        )?;
        let text = |members: &mut Members| match members.remove(stack) {
            Some(Ok(member)) => Ok(Some(member.text.to_string())),
            Some(Err(error)) => Err(error),
            None => Ok(None),
        };
        Ok((text(&mut left)?, text(&mut right)?))
    }

    /// Reads the scopes that were never read, so that a comparison works before any refresh.
    async fn known_scopes(&self, points: &[&Point]) -> UseCase<()> {
        for point in points {
            for scope in self.environment(point.environment())?.environment.scopes() {
                let known = self
                    .snapshot()
                    .scope(&scope)
                    .is_some_and(|s| s.stacks.last.is_some());
                if !known {
                    let stacks = self.ports().stacks.stacks(&scope).await?;
                    let at = self.now();
                    self.change_snapshot(|snapshot| snapshot.put_stacks(&scope, at, stacks));
                }
            }
        }
        Ok(())
    }

    fn side_facts(&self, snapshot: &Snapshot, service: &Service, point: &Point) -> SideFacts {
        match point {
            Point::Now(environment) => {
                let (version, commit) = self.version_in(snapshot, service, environment);
                let scopes = self
                    .estate
                    .environment(environment)
                    .map(|e| e.environment.scopes())
                    .unwrap_or_default();
                let at = scopes
                    .iter()
                    .filter_map(|scope| {
                        snapshot
                            .scope(scope)?
                            .stacks
                            .last
                            .as_ref()
                            .map(|(at, _)| *at)
                    })
                    .min();
                SideFacts {
                    label: format!("{environment} now"),
                    version,
                    commit,
                    at,
                }
            }
            Point::Revision {
                revision,
                environment,
            } => SideFacts {
                label: format!("{revision} for {environment}"),
                version: None,
                commit: Some(revision.clone()),
                at: None,
            },
        }
    }

    async fn members(
        &self,
        snapshot: &Snapshot,
        service: &Service,
        point: &Point,
    ) -> UseCase<Members> {
        match point {
            Point::Now(environment) => {
                Ok(self.deployed_members(snapshot, service, environment).await)
            }
            Point::Revision {
                revision,
                environment,
            } => self.source_members(service, revision, environment).await,
        }
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

fn facts(scope: &Scope, stack: &str) -> EnvironmentFacts {
    EnvironmentFacts {
        name: Some(scope.environment.to_string()),
        account: Some(scope.account.to_string()),
        region: Some(scope.region.to_string()),
        stack: Some(stack.to_owned()),
        substitutions: BTreeMap::new(),
    }
}

fn pair(name: &str, left: Option<&UseCase<Member>>, right: Option<&UseCase<Member>>) -> StackPair {
    let known = |side: Option<&UseCase<Member>>| {
        side.and_then(|m| m.as_ref().ok().map(|m| m.stack.clone()))
    };
    let file = right
        .or(left)
        .and_then(|m| m.as_ref().ok().map(|m| m.file.clone()));
    StackPair {
        name: name.to_owned(),
        left: known(left),
        right: known(right),
        difference: difference(left, right),
        file,
    }
}

fn difference(
    left: Option<&UseCase<Member>>,
    right: Option<&UseCase<Member>>,
) -> UseCase<StackDifference> {
    let read = |member: Option<&UseCase<Member>>| -> UseCase<Option<Template>> {
        match member {
            None => Ok(None),
            Some(Err(error)) => Err(error.clone()),
            Some(Ok(member)) => {
                Template::read(member.text.as_bytes(), &member.file, &Budget::default())
                    .map(Some)
                    .map_err(|error| template_error(&member.file, &error))
            }
        }
    };
    let (left_template, right_template) = (read(left)?, read(right)?);
    let side = |member: Option<&UseCase<Member>>, template| match member {
        Some(Ok(member)) => Side {
            template,
            parameters: member.parameters.clone(),
            environment: member.facts.clone(),
        },
        _ => Side {
            template,
            ..Side::default()
        },
    };
    Ok(compare(
        &side(left, left_template.as_ref()),
        &side(right, right_template.as_ref()),
    ))
}

/// Compares two files, without an estate.
pub fn compare_texts(
    before: (&str, &[u8]),
    after: (&str, &[u8]),
    before_variables: Option<(&str, &[u8])>,
    after_variables: Option<(&str, &[u8])>,
) -> UseCase<StackDifference> {
    let read = |(file, bytes): (&str, &[u8])| {
        Template::read(bytes, file, &Budget::default())
            .map_err(|error| template_error(file, &error))
    };
    let values = |document: Option<(&str, &[u8])>| -> UseCase<ParameterValues> {
        let mut values = ParameterValues::default();
        if let Some((file, bytes)) = document {
            let document = VariableDocument::read(bytes, file)
                .map_err(|error| variables_error(file, &error))?;
            values.declare(&document);
        }
        Ok(values)
    };
    let (left, right) = (read(before)?, read(after)?);
    Ok(compare(
        &Side {
            template: Some(&left),
            parameters: values(before_variables)?,
            environment: EnvironmentFacts::default(),
        },
        &Side {
            template: Some(&right),
            parameters: values(after_variables)?,
            environment: EnvironmentFacts::default(),
        },
    ))
}
