//! The credentials that everything starts from: an access key, or the user's own AWS setup.

use crate::call::Call;
use crate::explain::error;
use crate::options::AccessKey;
use crate::trouble::{root_cause, whole_story};
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use interlock_app::ports::Answer;
use interlock_domain::{ConnectorError, FaultKind};
use tokio::sync::OnceCell;

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
        provider: OnceCell<Option<SharedCredentialsProvider>>,
    },
}

impl Login {
    /// The credentials as they are now; `call` is what they are wanted for.
    pub(crate) async fn credentials(&self, call: &Call) -> Answer<Credentials> {
        match self {
            Self::Key(key) => Ok(Credentials::new(
                &key.id,
                key.secret.expose(),
                key.session_token
                    .as_ref()
                    .map(|token| token.expose().to_owned()),
                None,
                "access key",
            )),
            Self::Own { .. } => {
                let missing = || missing(call, "no source of credentials is set up");
                let provider = self.provider().await.ok_or_else(missing)?;
                let given = provider.provide_credentials().await;
                given.map_err(|fault| explain_login(call, &fault))
            }
        }
    }

    async fn provider(&self) -> Option<&SharedCredentialsProvider> {
        let Self::Own {
            profile,
            region,
            http,
            provider,
        } = self
        else {
            return None;
        };
        let load = || async {
            let mut loader = aws_config::defaults(BehaviorVersion::latest())
                .region(Region::new(region.clone()))
                .http_client(http.clone());
            if let Some(profile) = profile {
                loader = loader.profile_name(profile);
            }
            loader.load().await.credentials_provider()
        };
        provider.get_or_init(load).await.as_ref()
    }
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
