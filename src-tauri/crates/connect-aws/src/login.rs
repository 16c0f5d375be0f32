//! The credentials that everything starts from: an access key, or the user's own AWS setup.

use crate::call::Call;
use crate::explain::error;
use crate::options::AccessKey;
use crate::trouble::{root_cause, whole_story};
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use interlock_app::ports::Answer;
use interlock_domain::{ConnectorError, FaultKind};

/// Where the first credentials come from.
#[derive(Debug)]
pub(crate) enum Login {
    /// A key that somebody handed in.
    Key(Box<AccessKey>),
    /// The user's AWS configuration: a profile of it, or its default chain.
    Own {
        profile: Option<String>,
        region: String,
        http: SharedHttpClient,
    },
}

impl Login {
    /// The credentials as they are now; `call` is what they are wanted for. The user's files are
    /// read each time, so that a new login or an edited profile counts at once.
    pub(crate) async fn credentials(&self, call: &Call) -> Answer<Credentials> {
        let provider = match self {
            Self::Key(key) => return Ok(from_key(key)),
            Self::Own {
                profile,
                region,
                http,
            } => match profile {
                Some(profile) => Some(of_profile(profile, region, http)),
                None => of_default_chain(region, http).await,
            },
        };
        let Some(provider) = provider else {
            return Err(missing(call, "no source of credentials is set up"));
        };
        let given = provider.provide_credentials().await;
        given.map_err(|fault| explain_login(call, &fault))
    }
}

fn from_key(key: &AccessKey) -> Credentials {
    let token = key.session_token.as_ref();
    Credentials::new(
        &key.id,
        key.secret.expose(),
        token.map(|token| token.expose().to_owned()),
        None,
        "access key",
    )
}

/// Only the profile: in the default chain, variables of the process would come before it.
fn of_profile(profile: &str, region: &str, http: &SharedHttpClient) -> SharedCredentialsProvider {
    let config = ProviderConfig::default()
        .with_region(Some(Region::new(region.to_owned())))
        .with_behavior_version(Some(BehaviorVersion::latest()))
        .with_http_client(http.clone());
    let provider = ProfileFileCredentialsProvider::builder()
        .configure(&config)
        .profile_name(profile)
        .build();
    SharedCredentialsProvider::new(provider)
}

async fn of_default_chain(
    region: &str,
    http: &SharedHttpClient,
) -> Option<SharedCredentialsProvider> {
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .http_client(http.clone())
        .load()
        .await
        .credentials_provider()
}

fn missing(call: &Call, cause: &str) -> ConnectorError {
    let sentence = format!("There are no AWS credentials for {}: {cause}.", call.place);
    let hint = call.login_hint("Log in to AWS, or set `profile` of the environment");
    error(call, FaultKind::Unauthenticated, sentence, Some(hint))
}

fn explain_login(call: &Call, fault: &CredentialsError) -> ConnectorError {
    let cause = root_cause(fault);
    let story = whole_story(fault).to_ascii_lowercase();
    if story.contains("expired") {
        let sentence = format!("The AWS login for {} ran out: {cause}.", call.place);
        let hint = call.login_hint("Log in to AWS again");
        return error(call, FaultKind::Expired, sentence, Some(hint));
    }
    let unreachable = matches!(fault, CredentialsError::ProviderTimedOut(_))
        || story.contains("dispatch failure");
    if unreachable {
        let sentence = format!(
            "The source of the AWS credentials for {} cannot be reached: {cause}.",
            call.place
        );
        let hint = "Check the network, VPN and proxy.".to_owned();
        return error(call, FaultKind::Unreachable, sentence, Some(hint));
    }
    missing(call, &cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use interlock_domain::{AccountId, EnvironmentName, Scope};

    fn call() -> Call {
        let scope = Scope {
            environment: EnvironmentName::new("prod").unwrap(),
            account: AccountId::new("333333333333").unwrap(),
            region: interlock_domain::Region::new("us-east-1").unwrap(),
        };
        Call {
            profile: Some("bank-prod".into()),
            ..Call::question("GetCallerIdentity", &scope)
        }
    }

    #[test]
    fn each_fault_of_a_login_asks_for_the_right_thing() {
        for (fault, kind) in [
            (
                CredentialsError::not_loaded("nothing configured"),
                FaultKind::Unauthenticated,
            ),
            (
                CredentialsError::provider_error("The SSO session has expired or is invalid"),
                FaultKind::Expired,
            ),
            (
                CredentialsError::invalid_configuration("profile `x` was not defined"),
                FaultKind::Unauthenticated,
            ),
            (
                CredentialsError::provider_timed_out(std::time::Duration::from_secs(1)),
                FaultKind::Unreachable,
            ),
        ] {
            let explained = explain_login(&call(), &fault);
            assert_eq!(explained.kind, kind, "{explained:?}");
            assert!(explained.message.contains("prod"), "{explained:?}");
        }
        let hint = missing(&call(), "x").hint.unwrap();
        assert!(hint.contains("aws sso login --profile bank-prod"), "{hint}");
    }
}
