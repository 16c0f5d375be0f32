//! Who the systems say that I am, and which person of the estate that is.

use crate::{
    Ports,
    console::{Console, ConsoleEvent, UseCase, UseCaseError},
};
use futures::future::join_all;
use interlock_domain::{
    ConnectorError, SystemKind,
    person::{Person, Role, SystemIdentity},
};
use std::sync::PoisonError;

/// Who I am, as far as the systems agree.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The person, when every system that knows me means the same one.
    pub person: Option<Person>,
    /// What each system says, with the person that it means.
    pub systems: Vec<(
        SystemKind,
        Result<SystemIdentity, ConnectorError>,
        Option<Person>,
    )>,
    /// Why there is no person although systems answered.
    pub mismatch: Option<String>,
}

impl Identity {
    /// Whether every system has told.
    fn is_complete(&self) -> bool {
        self.systems.iter().all(|(_, answer, _)| answer.is_ok())
    }
}

impl Console {
    /// Who I am. Asked until every system has told, then kept; `fresh` asks again.
    pub async fn identity(&self, fresh: bool) -> Identity {
        // One asks; whoever wants to know meanwhile waits for that answer.
        let asking = self.asking_who.lock().await;
        let before = self.known_identity();
        if let (Some(identity), false) = (&before, fresh)
            && identity.is_complete()
        {
            return identity.clone();
        }
        let identity = self.ask_who(&self.ports()).await;
        let changed = before.is_none_or(|before| {
            before.person != identity.person || before.mismatch != identity.mismatch
        });
        self.keep_identity(Some(identity.clone()));
        drop(asking);
        if changed {
            // Whatever was painted while nobody knew who I am is painted again.
            self.tell(ConsoleEvent::IdentityChanged);
        }
        identity
    }

    /// Acts as somebody else from now on (practice only): other ports, another identity.
    pub async fn replace_ports(&self, ports: Ports) {
        // Nobody sees a moment without anybody: who the new ports mean is asked first.
        let asking = self.asking_who.lock().await;
        let identity = self.ask_who(&ports).await;
        self.keep_ports(ports);
        self.keep_identity(Some(identity));
        drop(asking);
        self.tell(ConsoleEvent::IdentityChanged);
    }

    async fn ask_who(&self, ports: &Ports) -> Identity {
        let answers = join_all(
            ports
                .identities
                .iter()
                .map(|(system, reader)| async move { (*system, reader.identities().await) }),
        )
        .await;
        let mut systems = Vec::new();
        for (system, answers) in answers {
            for answer in answers {
                if let Err(error) = &answer {
                    tracing::info!(system = system.name(), %error, "a system did not say who I am");
                }
                let person = answer
                    .as_ref()
                    .ok()
                    .and_then(|told| self.person_known_as(&told.name))
                    .cloned();
                systems.push((system, answer, person));
            }
        }
        agree(systems)
    }

    /// Who I am, if that is known already; asks nobody.
    pub fn known_identity(&self) -> Option<Identity> {
        self.me
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Why nobody can act, as far as that is known.
    pub(crate) fn why_nobody(&self) -> String {
        let Some(identity) = self.known_identity() else {
            return "the systems have not said yet who you are".into();
        };
        identity.mismatch.unwrap_or_else(|| {
            identity
                .systems
                .iter()
                .find_map(|(system, answer, _)| {
                    let error = answer.as_ref().err()?;
                    Some(format!(
                        "{} did not say who you are: {error}",
                        system.name()
                    ))
                })
                .unwrap_or_else(|| "no system says who you are".into())
        })
    }

    pub(crate) fn keep_identity(&self, identity: Option<Identity>) {
        *self.me.write().unwrap_or_else(PoisonError::into_inner) = identity;
    }

    /// Who I am, or why nobody can act.
    pub async fn actor(&self) -> UseCase<Person> {
        let identity = self.identity(false).await;
        if let Some(person) = identity.person {
            return Ok(person);
        }
        if let Some(reason) = identity.mismatch {
            return Err(UseCaseError::Precondition { reason });
        }
        match identity
            .systems
            .into_iter()
            .find_map(|(_, answer, _)| answer.err())
        {
            Some(error) => Err(error.into()),
            None => Err(UseCaseError::Precondition {
                reason: "no system says who you are".into(),
            }),
        }
    }

    /// The person whom a system means by a name: an id, an e-mail address, or the end of an ARN.
    pub(crate) fn person_known_as(&self, name: &str) -> Option<&Person> {
        let last = name.rsplit(['/', ':']).next().unwrap_or(name);
        self.estate.people.iter().find(|person| {
            let is = |known: &str| known == name || known == last;
            is(person.id.as_str()) || person.known_as.iter().any(|known| is(known))
        })
    }
}

fn agree(
    systems: Vec<(
        SystemKind,
        Result<SystemIdentity, ConnectorError>,
        Option<Person>,
    )>,
) -> Identity {
    let mut person: Option<(SystemKind, Person)> = None;
    let mut mismatch = None;
    for (system, answer, meant) in &systems {
        let Ok(told) = answer else { continue };
        match (meant, &person) {
            (Some(meant), Some((first, already))) if meant.id != already.id => {
                mismatch.get_or_insert_with(|| {
                    format!(
                        "{} takes you for {}, but {} for {}",
                        first.name(),
                        already.name,
                        system.name(),
                        meant.name
                    )
                });
            }
            (Some(meant), None) => person = Some((*system, meant.clone())),
            (None, _) => {
                mismatch.get_or_insert_with(|| {
                    format!(
                        "{} calls you `{}`, whom the estate file does not know",
                        system.name(),
                        told.name
                    )
                });
            }
            (Some(_), Some(_)) => {}
        }
    }
    let person = if mismatch.is_some() {
        None
    } else {
        person.map(|(_, person)| person)
    };
    Identity {
        person,
        systems,
        mismatch,
    }
}

/// Whether somebody of this role may begin, decide and start promotions into an environment.
pub fn may_release(role: Role, production: bool) -> bool {
    match role {
        Role::ReleaseManager => true,
        Role::Developer | Role::Lead => !production,
    }
}
