//! Wiring: the connectors of an estate, with one person's own credentials.

use crate::errors::envelope;
use interlock_app::{
    Ports,
    estate::Estate,
    ports::{Clock, IdentityReader},
};
use interlock_connect_aws::{AccessKey, AwsConnector, AwsEnvironment, AwsOptions};
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_domain::{PersonId, Secret, SystemKind, Timestamp};
use interlock_practice::people;
use std::{collections::HashMap, path::Path, sync::Arc};

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
}

impl Wiring {
    pub(crate) fn new(estate: &Estate, _file: &Path, environment: HashMap<String, String>) -> Self {
        Self {
            environment,
            practice: estate.practice.is_some(),
            clock: Arc::new(WallClock),
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
        let aws = Arc::new(AwsConnector::new(self.aws_options(estate, practiced)));
        let identities: Vec<(SystemKind, Arc<dyn IdentityReader>)> =
            vec![(SystemKind::Aws, aws.clone())];
        Ok(Ports {
            stacks: aws.clone(),
            changer: aws,
            builds: None,
            runner: None,
            quality: None,
            sources: None,
            merge_requests: None,
            identities,
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

fn names() -> String {
    people::people()
        .iter()
        .map(|p| p.id)
        .collect::<Vec<_>>()
        .join(", ")
}
