//! Which environments have a commit.
//!
//! An environment has it when what runs there was built from it or from a descendant. What cannot
//! be told is unknown with its reason, never absent.

use super::Point;
use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::Service,
    ports::SourceReader,
};
use interlock_domain::{ConnectorError, EnvironmentName, FaultKind, source::Commit};
use std::{collections::BTreeMap, sync::Arc};

/// Whether an environment has a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// It has.
    Yes,
    /// It has not.
    No,
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
    /// Commit that it was built from.
    pub commit: Option<String>,
    /// Whether it has the commit.
    pub presence: Presence,
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
        let mut trouble: BTreeMap<EnvironmentName, String> = BTreeMap::new();
        for environment in &self.estate.environments {
            let name = &environment.environment.name;
            if let Err(error) = self.known_scopes(&[&Point::Now(name.clone())]).await {
                trouble.insert(name.clone(), error.to_string());
            }
        }
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
                    for place in self.places_of(&sources, one, wanted, &trouble).await {
                        places.push(place);
                    }
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

    async fn places_of(
        &self,
        sources: &Arc<dyn SourceReader>,
        service: &Service,
        (repository, wanted): (&str, &str),
        trouble: &BTreeMap<EnvironmentName, String>,
    ) -> Vec<CommitPlace> {
        let snapshot = self.snapshot();
        let mut places = Vec::new();
        for environment in &self.estate.environments {
            let name = &environment.environment.name;
            let (version, commit) = self.version_in(&snapshot, service, name);
            let is_there = self
                .index(&snapshot)
                .contains_key(&(service.name.as_str(), name.as_str()));
            let presence = match (&commit, trouble.get(name)) {
                (_, Some(reason)) => Presence::Unknown(reason.clone()),
                (Some(head), None) => match sources.contains(repository, wanted, head).await {
                    Ok(true) => Presence::Yes,
                    Ok(false) => Presence::No,
                    Err(error) => Presence::Unknown(error.message),
                },
                (None, None) if is_there => {
                    Presence::Unknown("no stack there tells its commit".to_owned())
                }
                (None, None) => Presence::NotDeployed,
            };
            places.push(CommitPlace {
                service: service.name.to_string(),
                environment: name.to_string(),
                version,
                commit,
                presence,
            });
        }
        places
    }

    fn unknown_places(&self, service: &Service, reason: &str) -> Vec<CommitPlace> {
        let environments = self.estate.environments.iter();
        environments
            .map(|environment| CommitPlace {
                service: service.name.to_string(),
                environment: environment.environment.name.to_string(),
                version: None,
                commit: None,
                presence: Presence::Unknown(reason.to_owned()),
            })
            .collect()
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
