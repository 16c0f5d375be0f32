//! A session in one account: role assumed, account proved, renewed before it runs out.

use crate::budget::BudgetKey;
use crate::call::{Asker, Call, Effect};
use crate::denial::caller_name;
use crate::explain::error;
use crate::login::Login;
use crate::options::{AwsEnvironment, Patience};
use aws_credential_types::Credentials;
use aws_sdk_cloudformation as cloudformation;
use aws_sdk_sts as sts;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use interlock_app::ports::{Answer, Clock};
use interlock_domain::{FaultKind, Region, Timestamp};
use jiff::SignedDuration;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// A session is renewed this long before it runs out.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_mins(5);

/// The way into one account with one role.
pub(crate) struct Session {
    settings: AwsEnvironment,
    role: Option<String>,
    login: Arc<Login>,
    http: SharedHttpClient,
    shared: Shared,
    opened: tokio::sync::Mutex<Option<Arc<Opened>>>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("environment", &self.settings.environment.name)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// An open session, proved to be in the right account.
#[derive(Debug)]
pub(crate) struct Opened {
    credentials: Credentials,
    /// Whom AWS takes the caller for.
    pub arn: String,
    /// Account of the caller.
    pub account: String,
    until: Option<Timestamp>,
    clients: Mutex<HashMap<Region, cloudformation::Client>>,
}

impl Opened {
    /// The credentials; they do not tell when they run out, because the session watches that.
    pub(crate) fn credentials(&self) -> Credentials {
        self.credentials.clone()
    }
}

/// What sessions of a connector share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub clock: Arc<dyn Clock>,
    pub asker: Arc<Asker>,
    pub patience: Patience,
    pub session_name: Option<String>,
}

impl Session {
    pub(crate) fn new(
        settings: AwsEnvironment,
        role: Option<String>,
        login: Arc<Login>,
        http: SharedHttpClient,
        shared: Shared,
    ) -> Self {
        Self {
            settings,
            role,
            login,
            http,
            shared,
            opened: tokio::sync::Mutex::default(),
        }
    }

    /// The open session; opens it when there is none or it runs out soon. Callers that come
    /// meanwhile wait for the same opening.
    pub(crate) async fn open(&self) -> Answer<Arc<Opened>> {
        let mut kept = self.opened.lock().await;
        if let Some(opened) = kept.as_ref().filter(|opened| self.is_fresh(opened)) {
            return Ok(Arc::clone(opened));
        }
        *kept = None;
        let opened = Arc::new(self.enter().await?);
        *kept = Some(Arc::clone(&opened));
        Ok(opened)
    }

    /// Drops a session that AWS does not accept any more, unless somebody renewed it already.
    pub(crate) async fn forget(&self, refused: &Arc<Opened>) {
        let mut kept = self.opened.lock().await;
        if kept.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, refused)) {
            *kept = None;
        }
    }

    /// The client of a region, made once for each session.
    pub(crate) fn client(&self, opened: &Opened, region: &Region) -> cloudformation::Client {
        let mut clients = opened
            .clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let mut config = cloudformation::Config::builder()
                .behavior_version(cloudformation::config::BehaviorVersion::latest())
                .region(cloudformation::config::Region::new(
                    region.as_str().to_owned(),
                ))
                .credentials_provider(opened.credentials.clone())
                .http_client(self.http.clone())
                // Repeating is ours to decide: the SDK would also repeat changes.
                .retry_config(RetryConfig::disabled())
                .timeout_config(self.timeouts())
                .stalled_stream_protection(
                    cloudformation::config::StalledStreamProtectionConfig::disabled(),
                );
            config.set_endpoint_url(self.settings.endpoint.clone());
            cloudformation::Client::from_conf(config.build())
        };
        clients.entry(region.clone()).or_insert_with(make).clone()
    }

    /// The call with what this session knows for its hints.
    pub(crate) fn dress(&self, call: Call) -> Call {
        Call {
            profile: self.settings.profile.clone(),
            endpoint: self.settings.endpoint.clone(),
            ..call
        }
    }

    fn is_fresh(&self, opened: &Opened) -> bool {
        let now = self.shared.clock.now();
        opened
            .until
            .is_none_or(|until| until.duration_since(now) > RENEW_BEFORE)
    }

    async fn enter(&self) -> Answer<Opened> {
        let mut call = self.sts_call("GetCallerIdentity");
        let base = self.login.credentials(&call).await?;
        let credentials = match &self.role {
            None => base,
            Some(role) => self.assume(role, base).await?,
        };
        if let Some(role) = &self.role {
            call = call.about(role);
        }
        let (arn, account) = self.caller_identity(&call, &credentials).await?;
        self.check_account(&call, &arn, &account)?;
        let until = credentials
            .expiry()
            .and_then(|at| Timestamp::try_from(at).ok());
        // The SDK must not judge the age of a session by another clock than ours.
        let mut credentials = credentials;
        *credentials.expiry_mut() = None;
        Ok(Opened {
            credentials,
            arn,
            account,
            until,
            clients: Mutex::default(),
        })
    }

    async fn assume(&self, role: &str, base: Credentials) -> Answer<Credentials> {
        let (name, caller) = if let Some(name) = &self.shared.session_name {
            (name.clone(), None)
        } else {
            let call = self.sts_call("GetCallerIdentity");
            let (arn, _) = self.caller_identity(&call, &base).await?;
            (caller_name(&arn).to_owned(), Some(arn))
        };
        let call = self.sts_call("AssumeRole").about(role);
        let client = self.sts(base);
        let send = || {
            client
                .assume_role()
                .role_arn(role)
                .role_session_name(session_name(&name))
                .send()
        };
        let answer = self
            .shared
            .asker
            .ask(&call, &self.key("AssumeRole"), caller.as_deref(), send)
            .await?;
        let Some(given) = answer.credentials() else {
            let sentence = format!("AWS let {role} be assumed but gave no credentials.");
            return Err(error(&call, FaultKind::BadAnswer, sentence, None));
        };
        Ok(Credentials::new(
            given.access_key_id(),
            given.secret_access_key(),
            Some(given.session_token().to_owned()),
            std::time::SystemTime::try_from(*given.expiration()).ok(),
            "assumed role",
        ))
    }

    async fn caller_identity(
        &self,
        call: &Call,
        credentials: &Credentials,
    ) -> Answer<(String, String)> {
        let client = self.sts(credentials.clone());
        let send = || client.get_caller_identity().send();
        let answer = self
            .shared
            .asker
            .ask(call, &self.key("GetCallerIdentity"), None, send)
            .await?;
        match (answer.arn(), answer.account()) {
            (Some(arn), Some(account)) => Ok((arn.to_owned(), account.to_owned())),
            _ => Err(error(
                call,
                FaultKind::BadAnswer,
                format!(
                    "AWS does not say whose credentials those for {} are.",
                    call.place
                ),
                None,
            )),
        }
    }

    fn check_account(&self, call: &Call, arn: &str, account: &str) -> Answer<()> {
        let environment = &self.settings.environment;
        if account == environment.account.as_str() {
            return Ok(());
        }
        let way = match (&self.role, &self.settings.profile) {
            (Some(role), _) => format!("role {role}"),
            (None, Some(profile)) => format!("profile {profile}"),
            (None, None) => "the AWS credentials of this computer".to_owned(),
        };
        let sentence = format!(
            "{way} opens account {account} (as {arn}), but the estate file says that {} is account {}.",
            environment.name, environment.account
        );
        let sentence = sentence[..1].to_uppercase() + &sentence[1..];
        let hint = format!(
            "Set `profile` or `role` of {} in interlock.toml to one of account {}, or correct its `account`.",
            environment.name, environment.account
        );
        Err(error(call, FaultKind::WrongAccount, sentence, Some(hint)))
    }

    fn sts(&self, mut credentials: Credentials) -> sts::Client {
        *credentials.expiry_mut() = None;
        let mut config = sts::Config::builder()
            .behavior_version(sts::config::BehaviorVersion::latest())
            .region(sts::config::Region::new(self.region().as_str().to_owned()))
            .credentials_provider(credentials)
            .http_client(self.http.clone())
            .retry_config(RetryConfig::disabled())
            .timeout_config(self.timeouts())
            .stalled_stream_protection(sts::config::StalledStreamProtectionConfig::disabled());
        config.set_endpoint_url(self.settings.endpoint.clone());
        sts::Client::from_conf(config.build())
    }

    pub(crate) fn timeouts(&self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(self.shared.patience.connect)
            .operation_attempt_timeout(self.shared.patience.answer)
            .build()
    }

    fn region(&self) -> &Region {
        self.settings
            .environment
            .regions
            .first()
            .expect("an environment has at least one region")
    }

    fn key(&self, operation: &'static str) -> BudgetKey {
        BudgetKey {
            account: self.settings.environment.account.to_string(),
            region: self.region().to_string(),
            operation,
        }
    }

    fn sts_call(&self, operation: &'static str) -> Call {
        self.dress(Call {
            operation,
            service: "sts",
            place: self.settings.environment.name.to_string(),
            effect: Effect::Question,
            subject: None,
            profile: None,
            endpoint: None,
        })
    }
}

/// A name that STS accepts: 2 to 64 of letters, digits and `_+=,.@-`.
fn session_name(name: &str) -> String {
    let mut fit: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) {
                c
            } else {
                '-'
            }
        })
        .take(64)
        .collect();
    while fit.len() < 2 {
        fit.push('-');
    }
    fit
}

#[cfg(test)]
mod tests {
    use super::session_name;

    #[test]
    fn session_names_keep_the_rule_of_sts() {
        for (name, fit) in [
            ("ana.ruiz@bank.example", "ana.ruiz@bank.example"),
            ("Ana Ruíz", "Ana-Ru-z"),
            ("a", "a-"),
            ("", "--"),
        ] {
            assert_eq!(session_name(name), fit);
        }
        assert_eq!(session_name(&"x".repeat(90)).len(), 64);
    }
}
