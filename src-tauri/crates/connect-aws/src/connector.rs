//! The connector: which session and client answer for a scope.

use crate::budget::BudgetKey;
use crate::call::{Asker, Call, Effect};
use crate::explain::error;
use crate::login::Login;
use crate::options::{AwsEnvironment, AwsOptions, Patience};
use crate::session::{Opened, Session, Shared};
use crate::wire::{Speech, client};
use aws_sdk_cloudformation::Client;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use interlock_app::ports::Answer;
use interlock_domain::{EnvironmentName, FaultKind, Scope};
use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::sync::Arc;

/// Reads and changes the AWS accounts of an estate.
///
/// Cheap to clone; clones share sessions, connections and limits. Credentials are first used at
/// the first call.
#[derive(Debug, Clone)]
pub struct AwsConnector {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    doors: BTreeMap<EnvironmentName, Door>,
    /// Environments in the order of the estate file.
    order: Vec<EnvironmentName>,
    asker: Arc<Asker>,
    patience: Patience,
}

/// The ways into one environment.
#[derive(Debug)]
struct Door {
    settings: AwsEnvironment,
    reading: Arc<Session>,
    releasing: Arc<Session>,
}

/// With which role a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Power {
    /// `role`.
    Read,
    /// `release_role`.
    Release,
}

impl AwsConnector {
    /// Prepares the connector; calls nobody.
    pub fn new(options: AwsOptions) -> Self {
        let asker = Arc::new(Asker::new(options.budget, options.patience));
        let shared = Shared {
            clock: Arc::clone(&options.clock),
            asker: Arc::clone(&asker),
            patience: options.patience,
            session_name: options.session_name.clone(),
        };
        let proxy = options.system_proxy;
        let direct = client(Speech::Xml, false, false);
        let secure = client(Speech::Xml, true, proxy);
        let any = client(Speech::Any, true, proxy);
        let mut doors = BTreeMap::new();
        let mut order = Vec::new();
        for settings in options.environments {
            let is_plain = settings
                .endpoint
                .as_ref()
                .is_some_and(|endpoint| endpoint.starts_with("http://"));
            let http = if is_plain { &direct } else { &secure };
            let login = Arc::new(match &options.access_key {
                Some(key) => Login::Key(Box::new(key.clone())),
                None => own_login(&settings, &any),
            });
            let session = |role: Option<&String>| {
                Arc::new(Session::new(
                    settings.clone(),
                    role.cloned(),
                    Arc::clone(&login),
                    http.clone(),
                    shared.clone(),
                ))
            };
            let reading = session(settings.role.as_ref());
            let releasing = match &settings.release_role {
                Some(role) if settings.role.as_ref() != Some(role) => session(Some(role)),
                _ => Arc::clone(&reading),
            };
            let name = settings.environment.name.clone();
            order.push(name.clone());
            let door = Door {
                settings,
                reading,
                releasing,
            };
            doors.insert(name, door);
        }
        Self {
            inner: Arc::new(Inner {
                doors,
                order,
                asker,
                patience: options.patience,
            }),
        }
    }

    pub(crate) fn patience(&self) -> &Patience {
        &self.inner.patience
    }

    /// The reading sessions with the names of their environments, in file order.
    pub(crate) fn reading_sessions(&self) -> impl Iterator<Item = (&EnvironmentName, &Session)> {
        let inner = &self.inner;
        inner
            .order
            .iter()
            .filter_map(|name| Some((name, &*inner.doors.get(name)?.reading)))
    }

    /// Makes one call in a scope, in a session whose account is proved. A question whose session
    /// turns out to have run out is asked once more in a new one.
    pub(crate) async fn ask<T, E, F, Sent>(
        &self,
        power: Power,
        scope: &Scope,
        call: Call,
        send: F,
    ) -> Answer<T>
    where
        E: ProvideErrorMetadata + Error + 'static,
        F: Fn(Client) -> Sent + Send + Sync,
        Sent: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
        T: Send,
    {
        let session = self.session(power, scope, &call)?;
        let call = session.dress(call);
        let key = BudgetKey {
            account: scope.account.to_string(),
            region: scope.region.to_string(),
            operation: call.operation,
        };
        let mut renewed = false;
        loop {
            let opened: Arc<Opened> = session.open().await?;
            let client = session.client(&opened, &scope.region);
            let send = || send(client.clone());
            let answer = self.inner.asker.ask(&call, &key, Some(&opened.arn), send);
            match answer.await {
                Err(error) if error.kind == FaultKind::Expired => {
                    session.forget(&opened).await;
                    if renewed || call.effect == Effect::Change {
                        return Err(error);
                    }
                    renewed = true;
                }
                answer => return answer,
            }
        }
    }

    fn session(&self, power: Power, scope: &Scope, call: &Call) -> Answer<&Session> {
        let Some(door) = self.inner.doors.get(&scope.environment) else {
            let sentence = format!("The estate has no environment {}.", scope.environment);
            let hint =
                "Put it back into the estate file, or abandon what was meant for it.".to_owned();
            return Err(error(call, FaultKind::Refused, sentence, Some(hint)));
        };
        let environment = &door.settings.environment;
        if environment.account != scope.account {
            let sentence = format!(
                "{} is account {} in the estate file, but account {} was asked for.",
                environment.name, environment.account, scope.account
            );
            let hint = "The estate file changed meanwhile: load it again.".to_owned();
            return Err(error(call, FaultKind::WrongAccount, sentence, Some(hint)));
        }
        Ok(match power {
            Power::Read => &door.reading,
            Power::Release => &door.releasing,
        })
    }
}

fn own_login(settings: &AwsEnvironment, http: &SharedHttpClient) -> Login {
    let region = settings.environment.regions.first();
    Login::Own {
        profile: settings.profile.clone(),
        region: region.map_or_else(|| "us-east-1".to_owned(), ToString::to_string),
        http: http.clone(),
    }
}

/// Follows the tokens of a page-walk, and sees when it goes in circles.
#[derive(Debug)]
pub(crate) struct Pages<'a> {
    call: &'a Call,
    seen: HashSet<String>,
}

impl<'a> Pages<'a> {
    pub(crate) fn new(call: &'a Call) -> Self {
        Self {
            call,
            seen: HashSet::new(),
        }
    }

    /// The token of the next page; none at the end.
    pub(crate) fn after(&mut self, token: Option<&str>) -> Answer<Option<String>> {
        let Some(token) = token.filter(|token| !token.is_empty()) else {
            return Ok(None);
        };
        if self.seen.insert(token.to_owned()) {
            return Ok(Some(token.to_owned()));
        }
        let sentence = format!(
            "The pages of {} in {} go in circles.",
            self.call.operation, self.call.place
        );
        let hint = "AWS itself does not answer so; check the `endpoint` of this environment in interlock.toml.";
        Err(error(
            self.call,
            FaultKind::BadAnswer,
            sentence,
            Some(hint.into()),
        ))
    }
}
