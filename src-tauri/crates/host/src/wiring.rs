//! Wiring: the connectors of an estate, with one person's own credentials.

use crate::{
    clock::HostClock,
    credentials::{self, Credentials},
    errors::{self, envelope},
    keys::{PracticeKeys, SessionKeys},
};
use interlock_app::{
    Ports,
    estate::{Estate, HttpSystem},
    nearest,
    ports::{
        BuildReader, BuildRunner, IdentityReader, MergeRequestReader, QualityReader, SourceReader,
    },
};
use interlock_connect_aws::{AccessKey, AwsConnector, AwsEnvironment, AwsOptions};
use interlock_connect_git::GitConnector;
use interlock_connect_http::{GitLab, HttpOptions, Jenkins, Login, SonarQube};
use interlock_contract::error::{ErrorCode, ErrorEnvelope, Location};
use interlock_domain::{ConnectorError, FaultKind, PersonId, Secret, SystemKind};
use interlock_practice::people;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Person that a practice estate begins with.
const FIRST_PERSON: &str = "a.ruiz";

/// Systems that are reached over HTTP.
const HTTP: [SystemKind; 3] = [
    SystemKind::Jenkins,
    SystemKind::SonarQube,
    SystemKind::GitLab,
];

/// What connectors are made of.
pub(crate) struct Wiring {
    environment: HashMap<String, String>,
    practice: bool,
    clock: Arc<HostClock>,
    session_keys: Arc<SessionKeys>,
    /// Folder of the estate file: relative paths begin here.
    base: PathBuf,
    /// Folder for mirrors of remote repositories.
    mirrors: PathBuf,
}

impl Wiring {
    /// Wiring of an estate that was read from a file; `data` is used where there is no cache, and
    /// `folder` is the estate's own in it.
    pub(crate) fn new(
        estate: &Estate,
        file: &Path,
        data: &Path,
        folder: &Path,
        environment: HashMap<String, String>,
    ) -> Self {
        let clock = Arc::new(HostClock::new(estate.practice.as_deref()));
        Self {
            practice: estate.practice.is_some(),
            session_keys: Arc::new(SessionKeys::new(
                environment.clone(),
                folder.to_owned(),
                &estate.ledger,
                clock.clone(),
            )),
            clock,
            base: file.parent().map(Path::to_owned).unwrap_or_default(),
            mirrors: cache_folder(&environment)
                .unwrap_or_else(|| data.to_owned())
                .join("mirrors"),
            environment,
        }
    }

    pub(crate) const fn environment(&self) -> &HashMap<String, String> {
        &self.environment
    }

    pub(crate) const fn is_practice(&self) -> bool {
        self.practice
    }

    pub(crate) fn clock(&self) -> Arc<HostClock> {
        self.clock.clone()
    }

    /// Ports of a person; without one, of whoever the environment says.
    pub(crate) async fn ports(
        &self,
        estate: &Estate,
        person: Option<&PersonId>,
    ) -> Result<Ports, ErrorEnvelope> {
        let practiced = if self.practice {
            let id = person.map_or(FIRST_PERSON, PersonId::as_str);
            Some(people::by_id(id).ok_or_else(|| {
                ErrorEnvelope {
                    hints: nearest::hint(id, people::people().iter().map(|p| p.id))
                        .into_iter()
                        .collect(),
                    ..envelope(
                        ErrorCode::NotFound,
                        format!("Nobody called `{id}` is part of the practice estate."),
                    )
                }
            })?)
        } else {
            None
        };
        let own = self.credentials(estate, practiced).await?;
        let aws = Arc::new(AwsConnector::new(self.aws_options(estate, practiced)));
        let base = self.base.as_path();
        let jenkins = http(estate, SystemKind::Jenkins)
            .map(|http| http.jenkins(&own[&SystemKind::Jenkins], base))
            .transpose()?;
        let sonarqube = http(estate, SystemKind::SonarQube)
            .map(|http| http.sonarqube(&own[&SystemKind::SonarQube], base))
            .transpose()?;
        let gitlab = http(estate, SystemKind::GitLab)
            .map(|http| http.gitlab(&own[&SystemKind::GitLab], base))
            .transpose()?;
        let git = (!estate.repositories.is_empty()).then(|| {
            let urls = estate
                .repositories
                .iter()
                .map(|(name, r)| (name.clone(), r.url.clone()))
                .collect();
            Arc::new(GitConnector::new(urls, self.base.clone()).with_mirrors(&self.mirrors))
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
            keys: if self.practice {
                Arc::new(PracticeKeys)
            } else {
                self.session_keys.clone()
            },
        })
    }

    /// What is known of the person in each system that the estate names.
    async fn credentials(
        &self,
        estate: &Estate,
        practiced: Option<&people::Person>,
    ) -> Result<HashMap<SystemKind, Credentials>, ErrorEnvelope> {
        let store = match practiced {
            Some(person) => credentials::of_practice(person),
            None => credentials::of_session(&self.environment),
        };
        let wanted: Vec<_> = HTTP
            .into_iter()
            .filter_map(|kind| Some((kind, http(estate, kind)?.system.user.clone())))
            .collect();
        let read = move || {
            let read = |(kind, user): (SystemKind, Option<String>)| {
                (
                    kind,
                    credentials::read(store.as_ref(), kind, user.as_deref()),
                )
            };
            wanted.into_iter().map(read).collect()
        };
        // The keychain may wait for a person who is asked to unlock it.
        tokio::task::spawn_blocking(read).await.map_err(|_| {
            envelope(
                ErrorCode::Internal,
                "Reading the credentials was broken off.",
            )
        })
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
            None => match access_key(&self.environment) {
                Some(key) => options.with_access_key(key),
                None => options,
            },
        }
    }
}

/// A static key of the environment; profiles and single sign-on are the connector's business.
pub(crate) fn access_key(environment: &HashMap<String, String>) -> Option<AccessKey> {
    let read = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    Some(AccessKey {
        id: read("AWS_ACCESS_KEY_ID")?.clone(),
        secret: Secret::new(read("AWS_SECRET_ACCESS_KEY")?.clone()),
        session_token: read("AWS_SESSION_TOKEN").cloned().map(Secret::new),
    })
}

/// One of the systems that are reached over HTTP, with the table that names it.
struct Http<'a> {
    kind: SystemKind,
    table: &'static str,
    system: &'a HttpSystem,
    file: &'a str,
}

impl Http<'_> {
    fn options(
        &self,
        credentials: &Credentials,
        base: &Path,
    ) -> Result<HttpOptions, ErrorEnvelope> {
        let extra_ca = match &self.system.ca {
            None => None,
            Some(file) => Some(std::fs::read(base.join(file)).map_err(|error| {
                self.wrong(
                    "ca",
                    format!("The certificate file {file} cannot be read: {error}."),
                )
            })?),
        };
        Ok(HttpOptions {
            extra_ca,
            no_login: credentials.missing.clone(),
            ..HttpOptions::default()
        })
    }

    /// A connector that cannot be made: the address or the certificate file is to blame.
    fn refused(&self, error: &ConnectorError) -> ErrorEnvelope {
        match error.kind {
            FaultKind::Refused => self.wrong("url", error.message.clone()),
            FaultKind::Unreachable if self.system.ca.is_some() => {
                self.wrong("ca", error.message.clone())
            }
            _ => errors::system(error),
        }
    }

    fn wrong(&self, field: &str, message: String) -> ErrorEnvelope {
        ErrorEnvelope {
            location: Some(Location {
                file: Some(self.file.to_owned()),
                line: None,
                column: None,
                field: Some(format!("{}.{field}", self.table)),
            }),
            hints: vec![match field {
                "ca" => "Name a PEM file; its path begins at the folder of the estate file.".into(),
                _ => format!(
                    "Correct the address of {} in the estate file.",
                    self.kind.name()
                ),
            }],
            ..envelope(ErrorCode::EstateInvalid, message)
        }
    }

    fn jenkins(&self, own: &Credentials, base: &Path) -> Result<Arc<Jenkins>, ErrorEnvelope> {
        let login = own.user.clone().zip(own.token.clone());
        let login = login.map(|(user, secret)| Login { user, secret });
        Jenkins::new(&self.system.url, login.as_ref(), &self.options(own, base)?)
            .map(Arc::new)
            .map_err(|e| self.refused(&e))
    }

    fn sonarqube(&self, own: &Credentials, base: &Path) -> Result<Arc<SonarQube>, ErrorEnvelope> {
        SonarQube::new(
            &self.system.url,
            own.token.as_ref(),
            &self.options(own, base)?,
        )
        .map(Arc::new)
        .map_err(|e| self.refused(&e))
    }

    fn gitlab(&self, own: &Credentials, base: &Path) -> Result<Arc<GitLab>, ErrorEnvelope> {
        let made = GitLab::new(
            &self.system.url,
            own.token.as_ref(),
            &self.options(own, base)?,
        );
        match made {
            Ok(gitlab) => Ok(Arc::new(gitlab)),
            Err(error) => Err(self.refused(&error)),
        }
    }
}

/// The table of a system in the estate file, if it has one.
fn http(estate: &Estate, kind: SystemKind) -> Option<Http<'_>> {
    let (table, system) = match kind {
        SystemKind::Jenkins => ("jenkins", estate.jenkins.as_ref()),
        SystemKind::SonarQube => ("sonarqube", estate.sonarqube.as_ref()),
        SystemKind::GitLab => ("gitlab", estate.gitlab.as_ref()),
        SystemKind::Aws | SystemKind::Git => return None,
    };
    system.map(|system| Http {
        kind,
        table,
        system,
        file: &estate.file,
    })
}

/// Our folder in the person's cache.
fn cache_folder(environment: &HashMap<String, String>) -> Option<PathBuf> {
    let folder = |name: &str| {
        let path = PathBuf::from(environment.get(name)?);
        // Relative ones are to be ignored, says the XDG specification.
        path.is_absolute().then_some(path)
    };
    let cache = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")))?;
    Some(cache.join("interlock"))
}
