//! Which environments have a commit.
//!
//! An environment has it when every stack of the service that names its commit was built from it or
//! from a descendant; when only some were, it has it in part. The stacks are asked for anew: what
//! was last known may be days old. What cannot be told is unknown with its reason, never absent.

use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::Service,
    overview::Snapshot,
    ports::SourceReader,
};
use futures::future::join_all;
use interlock_domain::{
    ConnectorError, EnvironmentName, FaultKind, Scope,
    source::{Commit, MergeRequest, Review},
    stack::Stack,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Whether an environment has a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// It has.
    Yes,
    /// It has not.
    No,
    /// Some of its stacks have it and some have not.
    Partly {
        /// Those that have not.
        without: Vec<String>,
    },
    /// The service does not run there.
    NotDeployed,
    /// That cannot be told.
    Unknown(String),
}

/// A service in an environment, and whether it has a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitPlace {
    /// Service.
    pub service: String,
    /// Environment.
    pub environment: String,
    /// Version that runs there.
    pub version: Option<String>,
    /// Whether it has the commit.
    pub presence: Presence,
}

/// Why the stacks of an environment could not be read.
type Trouble = BTreeMap<EnvironmentName, String>;

/// A merge request with what was said of it, or why that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewedRequest {
    /// The merge request.
    pub request: MergeRequest,
    /// Approvals and checks.
    pub review: Result<Review, String>,
}

impl Console {
    /// Every service whose repository has a commit (or one service), in every environment.
    pub async fn commit_places(
        &self,
        revision: &str,
        service: Option<&Service>,
    ) -> UseCase<(Commit, Vec<CommitPlace>)> {
        let sources = self.ports().sources.clone();
        let sources = sources.ok_or_else(|| UseCaseError::Precondition {
            reason: "the estate file names no repository".into(),
        })?;
        let trouble = self.read_all_stacks().await;
        let snapshot = self.snapshot();
        let mut found: BTreeMap<String, Result<Commit, ConnectorError>> = BTreeMap::new();
        let mut places = Vec::new();
        let services = self.estate.services.iter();
        for one in services.filter(|one| service.is_none_or(|only| only.name == one.name)) {
            let Some(repository) = &one.repository else {
                continue;
            };
            if !found.contains_key(repository) {
                let commit = sources.commit(repository, revision).await;
                found.insert(repository.clone(), commit);
            }
            match &found[repository] {
                Ok(commit) => {
                    let wanted = (repository.as_str(), commit.id.as_str());
                    let here = self.places_of(&sources, &snapshot, one, wanted, &trouble);
                    places.extend(here.await);
                }
                Err(error) if error.kind == FaultKind::NotFound => {}
                Err(error) => places.extend(self.unknown_places(one, &error.message)),
            }
        }
        let commit = found.values().find_map(|commit| commit.as_ref().ok());
        match commit {
            Some(commit) => Ok((commit.clone(), places)),
            None => Err(not_found(revision, found)),
        }
    }

    /// Merge requests that brought a commit, as the GitLab projects of these services say; with
    /// the reason where there is no answer.
    pub async fn merge_requests_of(
        &self,
        commit: &Commit,
        places: &[CommitPlace],
    ) -> (Vec<ReviewedRequest>, Option<String>) {
        let services = self.estate.services.iter();
        let projects: BTreeSet<&String> = services
            .filter(|one| {
                places
                    .iter()
                    .any(|place| place.service == one.name.as_str())
            })
            .filter_map(|one| one.gitlab_project.as_ref())
            .collect();
        let Some(reader) = self.ports().merge_requests.clone() else {
            return (Vec::new(), Some("the estate has no GitLab".into()));
        };
        if projects.is_empty() {
            let reason = "the estate file names no GitLab project for these services";
            return (Vec::new(), Some(reason.into()));
        }
        let ids = [commit.id.to_string()];
        let mut found = Vec::new();
        let mut note = None;
        for project in projects {
            match reader.merge_requests(project, &ids).await {
                Ok(requests) => {
                    for request in requests {
                        let review = reader.review(project, request.iid, &ids[0]).await;
                        found.push(ReviewedRequest {
                            request,
                            review: review.map_err(|error| error.message),
                        });
                    }
                }
                Err(error) => note = Some(error.message),
            }
        }
        (found, note)
    }

    /// Reads the stacks of every environment; where that fails, why.
    async fn read_all_stacks(&self) -> Trouble {
        let environments = self.estate.environments.iter();
        let scopes: Vec<Scope> = environments
            .flat_map(|environment| environment.environment.scopes())
            .collect();
        let reader = self.ports().stacks.clone();
        let asked = scopes.iter().map(|scope| reader.stacks(scope));
        let answers = join_all(asked).await;
        let at = self.now();
        let mut trouble = Trouble::new();
        for (scope, answer) in scopes.iter().zip(answers) {
            match answer {
                Ok(stacks) => self.take_stacks(scope, at, stacks),
                Err(error) => drop(trouble.insert(scope.environment.clone(), error.message)),
            }
        }
        trouble
    }

    async fn places_of(
        &self,
        sources: &Arc<dyn SourceReader>,
        snapshot: &Snapshot,
        service: &Service,
        (repository, wanted): (&str, &str),
        trouble: &Trouble,
    ) -> Vec<CommitPlace> {
        let mut places = Vec::new();
        for environment in &self.estate.environments {
            let name = &environment.environment.name;
            let presence = if let Some(reason) = trouble.get(name) {
                Presence::Unknown(reason.clone())
            } else {
                let stacks = self.stacks_of(snapshot, service, name);
                self.presence(sources, repository, wanted, &stacks).await
            };
            places.push(CommitPlace {
                service: service.name.to_string(),
                environment: name.to_string(),
                version: self.version_in(snapshot, service, name).0,
                presence,
            });
        }
        places
    }

    /// Whether the stacks that name their commit have one.
    async fn presence(
        &self,
        sources: &Arc<dyn SourceReader>,
        repository: &str,
        wanted: &str,
        stacks: &[(Scope, Stack)],
    ) -> Presence {
        if stacks.is_empty() {
            return Presence::NotDeployed;
        }
        let mut heads: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (scope, stack) in stacks {
            if let Some(head) = self.commit_of(stack) {
                let built = heads.entry(head).or_default();
                built.push(format!("{} in {}", stack.name, scope.region));
            }
        }
        let mut answers = Vec::new();
        for (head, built) in heads {
            match sources.contains(repository, wanted, &head).await {
                Ok(is_there) => answers.push((is_there, built)),
                Err(error) => return Presence::Unknown(error.message),
            }
        }
        together(answers)
    }

    fn unknown_places(&self, service: &Service, reason: &str) -> Vec<CommitPlace> {
        let environments = self.estate.environments.iter();
        environments
            .map(|environment| CommitPlace {
                service: service.name.to_string(),
                environment: environment.environment.name.to_string(),
                version: None,
                presence: Presence::Unknown(reason.to_owned()),
            })
            .collect()
    }
}

/// What the stacks that name their commit say together.
fn together(answers: Vec<(bool, Vec<String>)>) -> Presence {
    if answers.is_empty() {
        return Presence::Unknown("no stack there tells its commit".to_owned());
    }
    let is_anywhere = answers.iter().any(|(is_there, _)| *is_there);
    let without: Vec<String> = answers
        .into_iter()
        .filter(|(is_there, _)| !is_there)
        .flat_map(|(_, stacks)| stacks)
        .collect();
    match (is_anywhere, without.is_empty()) {
        (true, true) => Presence::Yes,
        (true, false) => Presence::Partly { without },
        (false, _) => Presence::No,
    }
}

/// No repository has it; the first that could not be read says why that is not certain.
fn not_found(
    revision: &str,
    found: BTreeMap<String, Result<Commit, ConnectorError>>,
) -> UseCaseError {
    let unread = found
        .into_values()
        .filter_map(Result::err)
        .find(|error| error.kind != FaultKind::NotFound);
    match unread {
        Some(error) => error.into(),
        None => UseCaseError::NotFound {
            what: "commit",
            name: revision.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stack_that_lacks_it_makes_it_a_part_and_none_that_tells_makes_it_unknown() {
        let stacks = |is_there: bool, name: &str| (is_there, vec![name.to_owned()]);
        assert_eq!(
            together(vec![stacks(true, "a"), stacks(true, "b")]),
            Presence::Yes
        );
        assert_eq!(together(vec![stacks(false, "a")]), Presence::No);
        assert_eq!(
            together(vec![stacks(true, "a"), stacks(false, "b")]),
            Presence::Partly {
                without: vec!["b".to_owned()]
            }
        );
        assert!(matches!(together(Vec::new()), Presence::Unknown(_)));
    }
}
