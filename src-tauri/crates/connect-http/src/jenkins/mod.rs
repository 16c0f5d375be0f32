//! Jenkins: builds, stages, logs, inputs, and the queue before them.
//!
//! Written against the behaviour of Jenkins 2.516 with the Pipeline plugins of 2026, as recorded
//! in this crate's test data. It never waits for a build: callers ask again.

mod crumb;
pub(crate) mod fuzz;
mod log;
mod path;
mod reader;
mod refusal;
mod runner;
mod stages;
mod wire;

use crate::{
    HttpOptions,
    client::{Client, sensitive},
    redact::Redaction,
    reply::{Keep, Reply},
};
use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use crumb::Crumb;
use interlock_app::ports::{Answer, IdentityReader};
use interlock_domain::{FaultKind, JobName, Secret, SystemKind, person::SystemIdentity};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;
use std::sync::atomic::AtomicBool;
use tokio::sync::Mutex;
use url::Url;

/// A person's user name and API token (or password).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// User id in Jenkins.
    pub user: String,
    /// API token or password.
    pub secret: Secret,
}

/// One Jenkins, as one person.
#[derive(Debug)]
pub struct Jenkins {
    client: Client,
    headers: HeaderMap,
    known_user: bool,
    crumb: Mutex<Option<Crumb>>,
    /// Whether the nested view of stages turned out not to be installed.
    no_overview: AtomicBool,
}

impl Jenkins {
    /// Prepares the calls of a person, or of nobody, to the Jenkins at an address.
    pub fn new(address: &str, login: Option<&Login>, options: &HttpOptions) -> Answer<Self> {
        let redaction = login.map_or_else(Redaction::default, |login| {
            Redaction::of(&login.user, login.secret.expose())
        });
        let client = Client::new(SystemKind::Jenkins, address, options, redaction)?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(login) = login {
            let pair = STANDARD.encode(format!("{}:{}", login.user, login.secret.expose()));
            // Base64 is always a valid header value.
            headers.extend(sensitive(&format!("Basic {pair}")).map(|value| (AUTHORIZATION, value)));
        }
        Ok(Self {
            client,
            headers,
            known_user: login.is_some(),
            crumb: Mutex::new(None),
            no_overview: AtomicBool::new(false),
        })
    }

    /// Asks for a page of any status.
    async fn page(&self, operation: &str, url: Url, keep: Keep) -> Answer<Reply> {
        self.client.get(operation, url, &self.headers, keep).await
    }

    /// Asks for JSON; none when Jenkins answers 404.
    async fn look<T: DeserializeOwned>(&self, operation: &str, url: Url) -> Answer<Option<T>> {
        let keep = Keep::All(self.client.options().max_body);
        let reply = self.page(operation, url, keep).await?;
        match reply.status {
            200..=299 => self.client.json(operation, &reply).map(Some),
            404 => Ok(None),
            _ => Err(self.refusal(operation, &reply)),
        }
    }

    /// Asks for JSON that must be there.
    async fn read<T: DeserializeOwned>(&self, operation: &str, url: Url) -> Answer<T> {
        let keep = Keep::All(self.client.options().max_body);
        let reply = self.page(operation, url, keep).await?;
        if reply.is_success() {
            self.client.json(operation, &reply)
        } else {
            Err(self.refusal(operation, &reply))
        }
    }

    /// Path of a job below the base.
    fn job_path(&self, operation: &str, job: &JobName) -> Answer<String> {
        path::of_job(job.as_str()).map_err(|reason| {
            let message = format!("`{job}` cannot be a Jenkins job: {reason}.");
            self.client.error(operation, FaultKind::NotFound, message)
        })
    }

    /// Path of a build below the base.
    fn build_path(&self, operation: &str, job: &JobName, number: u32) -> Answer<String> {
        Ok(format!("{}/{number}", self.job_path(operation, job)?))
    }
}

#[async_trait]
impl IdentityReader for Jenkins {
    async fn identities(&self) -> Vec<Answer<SystemIdentity>> {
        vec![self.identity().await]
    }
}

impl Jenkins {
    async fn identity(&self) -> Answer<SystemIdentity> {
        let operation = "who am I";
        let url = self
            .client
            .base()
            .ask("/me/api/json", &[("tree", "id,fullName")]);
        let keep = Keep::All(self.client.options().max_body);
        let reply = self.page(operation, url, keep).await?;
        if !reply.is_success() {
            return Err(self.refusal(operation, &reply));
        }
        let me: wire::Me = self.client.json(operation, &reply)?;
        Ok(SystemIdentity {
            system: SystemKind::Jenkins,
            scope: String::new(),
            name: me.id,
            account: None,
            version: reply.header("x-jenkins"),
        })
    }
}
