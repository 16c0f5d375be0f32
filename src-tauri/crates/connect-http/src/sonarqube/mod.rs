//! SonarQube: quality gates, analyses and measures.
//!
//! Speaks with 9.9 and everything since: token as Bearer from 10.0 on, as Basic user before.
//! It reads what SonarQube decided; it judges nothing itself.

pub(crate) mod fuzz;
mod reader;
mod wire;

use crate::{
    HttpOptions,
    client::{Client, sensitive},
    redact::Redaction,
    reply::{Keep, Reply},
};
use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use interlock_app::ports::{Answer, IdentityReader};
use interlock_domain::{ConnectorError, FaultKind, Secret, SystemKind, person::SystemIdentity};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::OnceCell;

/// First version that takes a token as Bearer. Community Build counts from 24 on.
const FIRST_WITH_BEARER: u32 = 10;

/// One SonarQube, as one person.
#[derive(Debug)]
pub struct SonarQube {
    client: Client,
    token: Option<Secret>,
    /// Version, asked for once.
    version: OnceCell<Option<String>>,
    /// Whether Bearer was refused where Basic was not.
    basic: AtomicBool,
}

impl SonarQube {
    /// Prepares the calls of a person, or of nobody, to the SonarQube at an address.
    pub fn new(address: &str, token: Option<&Secret>, options: &HttpOptions) -> Answer<Self> {
        let redaction = token.map_or_else(Redaction::default, |token| {
            Redaction::of("", token.expose())
        });
        Ok(Self {
            client: Client::new(SystemKind::SonarQube, address, options, redaction)?,
            token: token.cloned(),
            version: OnceCell::new(),
            basic: AtomicBool::new(false),
        })
    }

    /// Asks for JSON that must be there.
    async fn read<T: DeserializeOwned>(
        &self,
        operation: &str,
        path: &str,
        query: &[(&str, &str)],
    ) -> Answer<T> {
        let reply = self.page(operation, path, query).await?;
        if reply.is_success() {
            self.client.json(operation, &reply)
        } else {
            Err(self.refusal(operation, &reply))
        }
    }

    /// Asks with the credentials in the form that this version takes.
    async fn page(&self, operation: &str, path: &str, query: &[(&str, &str)]) -> Answer<Reply> {
        let old = is_before_bearer(self.version(operation).await?.as_deref());
        let basic = old || self.basic.load(Ordering::Relaxed);
        let reply = self.send(operation, path, query, basic).await?;
        if reply.status != 401 || basic || self.token.is_none() {
            return Ok(reply);
        }
        let second = self.send(operation, path, query, true).await?;
        if second.status != 401 {
            self.basic.store(true, Ordering::Relaxed);
        }
        Ok(second)
    }

    async fn send(
        &self,
        operation: &str,
        path: &str,
        query: &[(&str, &str)],
        basic: bool,
    ) -> Answer<Reply> {
        let url = self.client.base().ask(path, query);
        let keep = Keep::All(self.client.options().max_body);
        let headers = self.headers(operation, basic)?;
        self.client.get(operation, url, &headers, keep).await
    }

    fn headers(&self, operation: &str, basic: bool) -> Answer<HeaderMap> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = &self.token {
            let text = if basic {
                format!("Basic {}", STANDARD.encode(format!("{}:", token.expose())))
            } else {
                format!("Bearer {}", token.expose())
            };
            let value = sensitive(&text).ok_or_else(|| {
                let message = "The SonarQube token holds characters that no token has.";
                self.client
                    .error(operation, FaultKind::Unauthenticated, message)
                    .with_hint("Store the token again, without line ends.")
            })?;
            headers.insert(AUTHORIZATION, value);
        }
        Ok(headers)
    }

    /// Version of the server, which it tells without a login; none when it keeps it to itself.
    async fn version(&self, operation: &str) -> Answer<Option<String>> {
        let version = self.version.get_or_try_init(|| async {
            let url = self.client.base().at("/api/system/status");
            let keep = Keep::All(self.client.options().max_body);
            let headers = HeaderMap::new();
            let reply = self.client.get(operation, url, &headers, keep).await?;
            match reply.status {
                200..=299 => {}
                401 | 403 | 404 => return Ok(None),
                _ => return Err(self.refusal(operation, &reply)),
            }
            let status: wire::Status = self.client.json(operation, &reply)?;
            match status.status.as_deref() {
                Some("UP") | None => Ok(status.version),
                Some(other) => Err(self.not_up(operation, other)),
            }
        });
        version.await.cloned()
    }

    fn not_up(&self, operation: &str, status: &str) -> ConnectorError {
        let message = match status {
            "STARTING" | "RESTARTING" => "SonarQube is starting.".to_owned(),
            "DB_MIGRATION_NEEDED" | "DB_MIGRATION_RUNNING" => {
                "SonarQube is being upgraded.".to_owned()
            }
            other => format!("SonarQube says that it is {}.", crate::excerpt::line(other)),
        };
        self.client
            .error(operation, FaultKind::Unreachable, message)
            .with_hint("Wait until it is up and try again.")
    }

    fn refusal(&self, operation: &str, reply: &Reply) -> ConnectorError {
        let said = wire::said(reply);
        self.client.refusal(operation, reply, said.as_deref())
    }

    async fn identity(&self) -> Answer<SystemIdentity> {
        let operation = "who am I";
        let nobody = || {
            self.client
                .error(
                    operation,
                    FaultKind::Unauthenticated,
                    "SonarQube does not accept the credentials.",
                )
                .with_hint("Make a user token in SonarQube (My Account, Security) and store it.")
        };
        // This one answers 200 whatever the token is worth.
        let validity: wire::Validity = self
            .read(operation, "/api/authentication/validate", &[])
            .await?;
        if self.token.is_none() || !validity.valid {
            return Err(nobody());
        }
        let me: wire::Me = self.read(operation, "/api/users/current", &[]).await?;
        let name = me
            .login
            .filter(|_| me.is_logged_in != Some(false))
            .ok_or_else(nobody)?;
        Ok(SystemIdentity {
            system: SystemKind::SonarQube,
            scope: String::new(),
            name,
            account: None,
            version: self.version(operation).await?,
        })
    }
}

#[async_trait]
impl IdentityReader for SonarQube {
    async fn identities(&self) -> Vec<Answer<SystemIdentity>> {
        vec![self.identity().await]
    }
}

/// Whether this version knows no Bearer tokens. An unknown one is taken for new.
fn is_before_bearer(version: Option<&str>) -> bool {
    version
        .and_then(|version| version.split('.').next()?.trim().parse::<u32>().ok())
        .is_some_and(|major| major < FIRST_WITH_BEARER)
}

#[cfg(test)]
mod tests {
    use super::is_before_bearer;

    #[test]
    fn only_versions_before_ten_take_the_token_as_basic_user() {
        assert!(is_before_bearer(Some("9.9.8.100196")));
        assert!(!is_before_bearer(Some("10.7.0.96327")));
        assert!(!is_before_bearer(Some("2026.1.5.118742")));
        assert!(!is_before_bearer(None));
        assert!(!is_before_bearer(Some("")));
    }

    #[test]
    fn community_build_25_5_is_a_new_version() {
        assert!(!is_before_bearer(Some("25.5.0.107428")));
    }
}
