//! Wiring: the connectors of an estate, with one person's own credentials.

use crate::errors::{self, envelope};
use interlock_app::{
    Ports,
    estate::{Estate, HttpSystem},
    ports::{
        BuildReader, BuildRunner, Clock, IdentityReader, MergeRequestReader, QualityReader,
        SecretStore, SourceReader,
    },
};
use interlock_connect_aws::{AccessKey, AwsConnector, AwsEnvironment, AwsOptions};
use interlock_connect_git::GitConnector;
use interlock_connect_http::{GitLab, HttpOptions, Jenkins, Login, SonarQube};
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_domain::{ConnectorError, PersonId, Secret, SystemKind, Timestamp};
use interlock_practice::people;
use interlock_secrets::{EnvironmentSecrets, MemorySecrets};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Person that a practice estate begins with.
const FIRST_PERSON: &str = "a.ruiz";

/// The wall clock.
struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// What connectors are made of.
pub(crate) struct Wiring {
    environment: HashMap<String, String>,
    practice: bool,
    clock: Arc<dyn Clock>,
    /// Folder of the estate file: relative paths begin here.
    base: PathBuf,
}

impl Wiring {
    pub(crate) fn new(estate: &Estate, file: &Path, environment: HashMap<String, String>) -> Self {
        Self {
            environment,
            practice: estate.practice.is_some(),
            clock: Arc::new(WallClock),
            base: file.parent().map(Path::to_owned).unwrap_or_default(),
        }
    }

    pub(crate) const fn is_practice(&self) -> bool {
        self.practice
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    /// Ports of a person; without one, of whoever the environment says.
    pub(crate) fn ports(
        &self,
        estate: &Estate,
        person: Option<&PersonId>,
    ) -> Result<Ports, ErrorEnvelope> {
        let practiced = if self.practice {
            let id = person.map_or(FIRST_PERSON, PersonId::as_str);
            Some(people::by_id(id).ok_or_else(|| ErrorEnvelope {
                hints: vec![format!("There are {}.", names())],
                ..envelope(
                    ErrorCode::NotFound,
                    format!("Nobody called `{id}` is part of the practice estate."),
                )
            })?)
        } else {
            None
        };
        let secrets = self.secrets(practiced);
        let aws = Arc::new(AwsConnector::new(self.aws_options(estate, practiced)));
        let jenkins = estate
            .jenkins
            .as_ref()
            .map(|s| jenkins(s, secrets.as_ref(), &self.base))
            .transpose()?;
        let sonarqube = estate
            .sonarqube
            .as_ref()
            .map(|s| sonarqube(s, secrets.as_ref(), &self.base))
            .transpose()?;
        let gitlab = estate
            .gitlab
            .as_ref()
            .map(|s| gitlab(s, secrets.as_ref(), &self.base))
            .transpose()?;
        let git = (!estate.repositories.is_empty()).then(|| {
            let urls = estate
                .repositories
                .iter()
                .map(|(name, r)| (name.clone(), r.url.clone()))
                .collect();
            Arc::new(GitConnector::new(urls, self.base.clone()))
        });
        let mut identities: Vec<(SystemKind, Arc<dyn IdentityReader>)> =
            vec![(SystemKind::Aws, aws.clone())];
        if let Some(jenkins) = &jenkins {
            identities.push((SystemKind::Jenkins, jenkins.clone()));
        }
        if let Some(sonarqube) = &sonarqube {
            identities.push((SystemKind::SonarQube, sonarqube.clone()));
        }
        if let Some(gitlab) = &gitlab {
            identities.push((SystemKind::GitLab, gitlab.clone()));
        }
        Ok(Ports {
            stacks: aws.clone(),
            changer: aws,
            builds: jenkins.clone().map(|j| j as Arc<dyn BuildReader>),
            runner: jenkins.map(|j| j as Arc<dyn BuildRunner>),
            quality: sonarqube.map(|s| s as Arc<dyn QualityReader>),
            sources: git.map(|g| g as Arc<dyn SourceReader>),
            merge_requests: gitlab.map(|g| g as Arc<dyn MergeRequestReader>),
            identities,
        })
    }

    fn secrets(&self, practiced: Option<&people::Person>) -> Box<dyn SecretStore> {
        match practiced {
            Some(person) => Box::new(
                MemorySecrets::default()
                    .with("jenkins-user", Secret::new(person.id))
                    .with("jenkins-token", Secret::new(person.jenkins_token))
                    .with("sonarqube-token", Secret::new(person.sonarqube_token))
                    .with("gitlab-token", Secret::new(person.gitlab_token)),
            ),
            None => Box::new(EnvironmentSecrets::new(self.environment.clone())),
        }
    }

    fn aws_options(&self, estate: &Estate, practiced: Option<&people::Person>) -> AwsOptions {
        let environments = estate
            .environments
            .iter()
            .map(|e| AwsEnvironment {
                environment: e.environment.clone(),
                profile: e.profile.clone(),
                role: e.role.clone(),
                release_role: e.release_role.clone(),
                endpoint: e.endpoint.clone(),
            })
            .collect();
        let options = AwsOptions::new(environments, self.clock());
        match practiced {
            Some(person) => options
                .with_access_key(AccessKey {
                    id: person.aws_access_key_id.to_owned(),
                    secret: Secret::new(person.aws_secret_access_key),
                    session_token: None,
                })
                .with_session_name(person.id),
            None => match self.access_key() {
                Some(key) => options.with_access_key(key),
                None => options,
            },
        }
    }

    /// A static key of the environment; profiles and single sign-on are the connector's business.
    fn access_key(&self) -> Option<AccessKey> {
        let read = |name: &str| self.environment.get(name).filter(|value| !value.is_empty());
        Some(AccessKey {
            id: read("AWS_ACCESS_KEY_ID")?.clone(),
            secret: Secret::new(read("AWS_SECRET_ACCESS_KEY")?.clone()),
            session_token: read("AWS_SESSION_TOKEN").cloned().map(Secret::new),
        })
    }
}

fn read(secrets: &dyn SecretStore, name: &str) -> Result<Option<Secret>, ErrorEnvelope> {
    secrets.read(name).map_err(|error| ErrorEnvelope {
        hints: vec![format!(
            "Set {} instead.",
            EnvironmentSecrets::variable(name)
        )],
        ..envelope(ErrorCode::Unauthenticated, format!("{error}."))
    })
}

fn http_options(system: &HttpSystem, base: &Path) -> Result<HttpOptions, ErrorEnvelope> {
    let extra_ca = match &system.ca {
        None => None,
        Some(file) => Some(std::fs::read(base.join(file)).map_err(|error| {
            envelope(
                ErrorCode::EstateInvalid,
                format!("The certificate file {file} cannot be read: {error}."),
            )
        })?),
    };
    Ok(HttpOptions {
        extra_ca,
        ..HttpOptions::default()
    })
}

fn refused(error: &ConnectorError) -> ErrorEnvelope {
    errors::system(error)
}

fn jenkins(
    system: &HttpSystem,
    secrets: &dyn SecretStore,
    base: &Path,
) -> Result<Arc<Jenkins>, ErrorEnvelope> {
    let user = match &system.user {
        Some(user) => Some(user.clone()),
        None => read(secrets, "jenkins-user")?.map(|user| user.expose().to_owned()),
    };
    let login = match (user, read(secrets, "jenkins-token")?) {
        (Some(user), Some(secret)) => Some(Login { user, secret }),
        _ => None,
    };
    Jenkins::new(&system.url, login.as_ref(), &http_options(system, base)?)
        .map(Arc::new)
        .map_err(|e| refused(&e))
}

fn sonarqube(
    system: &HttpSystem,
    secrets: &dyn SecretStore,
    base: &Path,
) -> Result<Arc<SonarQube>, ErrorEnvelope> {
    let token = read(secrets, "sonarqube-token")?;
    SonarQube::new(&system.url, token.as_ref(), &http_options(system, base)?)
        .map(Arc::new)
        .map_err(|e| refused(&e))
}

fn gitlab(
    system: &HttpSystem,
    secrets: &dyn SecretStore,
    base: &Path,
) -> Result<Arc<GitLab>, ErrorEnvelope> {
    let token = read(secrets, "gitlab-token")?;
    GitLab::new(&system.url, token.as_ref(), &http_options(system, base)?)
        .map(Arc::new)
        .map_err(|e| refused(&e))
}

fn names() -> String {
    people::people()
        .iter()
        .map(|p| p.id)
        .collect::<Vec<_>>()
        .join(", ")
}
