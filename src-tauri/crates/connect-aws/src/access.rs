//! The way into one account for one service: a proved session, and calls through it.

use crate::budget::BudgetKey;
use crate::call::{Asker, Call, Effect};
use crate::login::Login;
use crate::options::{AccessKey, AwsEnvironment, Patience, RequestBudget};
use crate::session::{Opened, Session, Shared};
use crate::wire::{Speech, client};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use interlock_app::ports::{Answer, Clock};
use interlock_domain::{AccountId, Environment, EnvironmentName, FaultKind, Region, Tier};
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// How to enter the account in which the ledger, or an approver's key, is.
#[derive(Clone)]
pub struct AwsAccess {
    /// Account that the credentials must open.
    pub account: AccountId,
    /// Region of the bucket or key.
    pub region: Region,
    /// Profile of the user's AWS configuration to start from.
    pub profile: Option<String>,
    /// ARN of the role to assume.
    pub role: Option<String>,
    /// Key to start from instead of profiles and the default chain.
    pub access_key: Option<AccessKey>,
    /// Name of the session opened by assuming the role.
    pub session_name: Option<String>,
    /// Address that replaces AWS's own, for every service: emulators and private endpoints.
    pub endpoint: Option<String>,
    /// Says when a session has run out. It decides nothing else.
    pub clock: Arc<dyn Clock>,
    /// How long to wait and how often to ask again.
    pub patience: Patience,
    /// Whether `HTTPS_PROXY` and `NO_PROXY` of the process count.
    pub system_proxy: bool,
}

impl AwsAccess {
    /// The user's own credentials, with the usual patience.
    pub fn new(account: AccountId, region: Region, clock: Arc<dyn Clock>) -> Self {
        Self {
            account,
            region,
            profile: None,
            role: None,
            access_key: None,
            session_name: None,
            endpoint: None,
            clock,
            patience: Patience::default(),
            system_proxy: true,
        }
    }
}

impl fmt::Debug for AwsAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsAccess")
            .field("account", &self.account)
            .field("region", &self.region)
            .field("profile", &self.profile)
            .field("role", &self.role)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// S3 allows thousands of requests a second under a prefix, KMS hundreds. This only keeps one
/// desktop from being rude, and slows it down when AWS asks for that.
const BUDGET: RequestBudget = RequestBudget {
    per_second: 200.0,
    burst: 200.0,
    floor: 2.0,
    ceiling: 1000.0,
};

/// A proved way to one service, with the client that belongs to the present session.
pub(crate) struct Door<C> {
    pub access: AwsAccess,
    service: &'static str,
    place: String,
    session: Session,
    http: SharedHttpClient,
    asker: Arc<Asker>,
    made: Mutex<Option<(Arc<Opened>, C)>>,
    make: Box<dyn Fn(&Made<'_>) -> C + Send + Sync>,
}

/// What a client is made of.
pub(crate) struct Made<'a> {
    pub access: &'a AwsAccess,
    pub credentials: aws_credential_types::Credentials,
    pub http: SharedHttpClient,
    pub timeouts: aws_smithy_types::timeout::TimeoutConfig,
}

impl<C: Clone> Door<C> {
    /// Prepares the way; calls nobody. `place` is for people.
    pub(crate) fn new(
        access: AwsAccess,
        service: &'static str,
        speech: Speech,
        place: &str,
        make: impl Fn(&Made<'_>) -> C + Send + Sync + 'static,
    ) -> Self {
        let is_plain = access
            .endpoint
            .as_ref()
            .is_some_and(|endpoint| endpoint.starts_with("http://"));
        let speaking = |speech| client(speech, !is_plain, !is_plain && access.system_proxy);
        let login = match &access.access_key {
            Some(key) => Login::Key(Box::new(key.clone())),
            None => Login::Own {
                profile: access.profile.clone(),
                region: access.region.to_string(),
                http: client(Speech::Any, true, access.system_proxy),
            },
        };
        let asker = Arc::new(Asker::new(BUDGET, access.patience));
        let settings = AwsEnvironment {
            profile: access.profile.clone(),
            role: access.role.clone(),
            endpoint: access.endpoint.clone(),
            ..AwsEnvironment::new(Environment {
                name: EnvironmentName::new(service_room(service)).expect("a plain word is a name"),
                tier: Tier::Production,
                account: access.account.clone(),
                regions: vec![access.region.clone()],
            })
        };
        let shared = Shared {
            clock: Arc::clone(&access.clock),
            asker: Arc::clone(&asker),
            patience: access.patience,
            session_name: access.session_name.clone(),
        };
        let session = Session::new(
            settings,
            access.role.clone(),
            Arc::new(login),
            speaking(Speech::Xml),
            shared,
        );
        Self {
            http: speaking(speech),
            service,
            place: place.to_owned(),
            session,
            asker,
            made: Mutex::default(),
            make: Box::new(make),
            access,
        }
    }

    /// A question about this place.
    pub(crate) fn question(&self, operation: &'static str) -> Call {
        self.session.dress(Call {
            operation,
            service: self.service,
            place: self.place.clone(),
            effect: Effect::Question,
            subject: None,
            profile: None,
            endpoint: None,
        })
    }

    /// Whom AWS takes the caller for.
    pub(crate) async fn caller(&self) -> Answer<String> {
        Ok(self.session.open().await?.arn.clone())
    }

    /// Makes one call in a session whose account is proved. When the session turns out to have run
    /// out, the call is made once more in a new one: AWS did nothing for the old one.
    pub(crate) async fn ask<T, E, F, Sent>(&self, call: &Call, send: F) -> Answer<T>
    where
        E: ProvideErrorMetadata + Error + 'static,
        F: Fn(C) -> Sent,
        Sent: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let key = BudgetKey {
            account: self.access.account.to_string(),
            region: self.access.region.to_string(),
            operation: call.operation,
        };
        let mut renewed = false;
        loop {
            let opened = self.session.open().await?;
            let client = self.client(&opened);
            let send = || send(client.clone());
            match self.asker.ask(call, &key, Some(&opened.arn), send).await {
                Err(error) if error.kind == FaultKind::Expired => {
                    self.session.forget(&opened).await;
                    if renewed {
                        return Err(error);
                    }
                    renewed = true;
                }
                answer => return answer,
            }
        }
    }

    fn client(&self, opened: &Arc<Opened>) -> C {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, client)) = made.as_ref()
            && Arc::ptr_eq(of, opened)
        {
            return client.clone();
        }
        let client = (self.make)(&Made {
            access: &self.access,
            credentials: opened.credentials(),
            http: self.http.clone(),
            timeouts: self.session.timeouts(),
        });
        *made = Some((Arc::clone(opened), client.clone()));
        client
    }
}

/// What messages about logins call the place.
fn service_room(service: &str) -> &'static str {
    if service == "kms" {
        "signing-keys"
    } else {
        "ledger"
    }
}
