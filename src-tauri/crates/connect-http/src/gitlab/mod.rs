//! GitLab: merge requests behind commits, and who the token belongs to.

pub(crate) mod fuzz;
mod paging;
mod wire;

use crate::{
    HttpOptions,
    address::segment,
    client::{Client, sensitive},
    redact::Redaction,
    reply::{Keep, Reply},
};
use async_trait::async_trait;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use interlock_app::ports::{Answer, IdentityReader, MergeRequestReader};
use interlock_domain::{
    ConnectorError, FaultKind, Secret, SystemKind,
    person::SystemIdentity,
    source::{Check, MergeRequest, Review},
};
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashSet};

/// How many commits are asked about at the same time.
const AT_ONCE: usize = 4;

/// One GitLab, as one person.
#[derive(Debug)]
pub struct GitLab {
    client: Client,
    headers: HeaderMap,
}

impl GitLab {
    /// Prepares the calls of a person, or of nobody, to the GitLab at an address.
    pub fn new(address: &str, token: Option<&Secret>, options: &HttpOptions) -> Answer<Self> {
        let redaction = token.map_or_else(Redaction::default, |token| {
            Redaction::of("", token.expose())
        });
        let client = Client::new(SystemKind::GitLab, address, options, redaction)?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = token {
            let value = sensitive(token.expose()).ok_or_else(|| {
                let message = "The GitLab token holds characters that no token has.";
                client
                    .error("connect", FaultKind::Unauthenticated, message)
                    .with_hint("Store the token again, without line ends.")
            })?;
            headers.insert(HeaderName::from_static("private-token"), value);
        }
        Ok(Self { client, headers })
    }

    /// Path of a project: its number, or its full path as one encoded piece.
    fn project_path(&self, operation: &str, project: &str) -> Answer<String> {
        let id = segment(project.trim_matches('/')).map_err(|_| {
            let message = format!("`{project}` cannot be a GitLab project.");
            self.client.error(operation, FaultKind::NotFound, message)
        })?;
        Ok(format!("/api/v4/projects/{id}"))
    }

    async fn page(&self, operation: &str, url: url::Url) -> Answer<Reply> {
        let keep = Keep::All(self.client.options().max_body);
        self.client.get(operation, url, &self.headers, keep).await
    }

    async fn read<T: DeserializeOwned>(&self, operation: &str, path: &str) -> Answer<(T, Reply)> {
        let reply = self.page(operation, self.client.base().at(path)).await?;
        if !reply.is_success() {
            return Err(self.refusal(operation, &reply));
        }
        Ok((self.client.json(operation, &reply)?, reply))
    }

    fn refusal(&self, operation: &str, reply: &Reply) -> ConnectorError {
        let said = wire::said(reply);
        let error = self.client.refusal(operation, reply, said.text.as_deref());
        match (reply.status, said.code.as_deref()) {
            (401, Some("invalid_token")) if said.is_about_expiry() => ConnectorError {
                kind: FaultKind::Expired,
                ..error
            }
            .with_hint("Make a new personal access token in GitLab and store it."),
            (401, _) => {
                error.with_hint("Make a personal access token with scope read_api and store it.")
            }
            (403, Some("insufficient_scope")) => {
                let scope = said.scope.as_deref().unwrap_or("read_api");
                let scope = self.client.line(scope);
                error.with_hint(format!("Make a token with one of the scopes {scope}."))
            }
            (404, _) => error.with_hint("It may not exist, or this user may not see it."),
            _ => error,
        }
    }

    async fn identity(&self) -> Answer<SystemIdentity> {
        let operation = "who am I";
        let (me, _): (wire::User, _) = self.read(operation, "/api/v4/user").await?;
        // Older tokens may not ask for the version; the name is what counts.
        let version = self
            .read::<wire::Version>(operation, "/api/v4/version")
            .await
            .ok()
            .and_then(|(version, _)| version.version);
        Ok(SystemIdentity {
            system: SystemKind::GitLab,
            scope: String::new(),
            name: me.username,
            account: None,
            version,
        })
    }

    /// Merged requests that carry a commit; none when this project does not know it.
    async fn requests_of(
        &self,
        operation: &str,
        project: &str,
        commit: &str,
    ) -> Answer<Vec<wire::MergeRequest>> {
        let Ok(sha) = segment(commit) else {
            return Ok(Vec::new());
        };
        let path = format!("{project}/repository/commits/{sha}/merge_requests");
        let url = self
            .client
            .base()
            .ask(&path, &[("per_page", "100"), ("state", "merged")]);
        match self.all_pages(operation, url).await {
            Err(error) if error.kind == FaultKind::NotFound => Ok(Vec::new()),
            answer => answer,
        }
    }
}

#[async_trait]
impl MergeRequestReader for GitLab {
    async fn merge_requests(&self, project: &str, commits: &[String]) -> Answer<Vec<MergeRequest>> {
        let operation = format!("merge requests of {project}");
        let path = self.project_path(&operation, project)?;
        // Afterwards 404 can only mean that a commit is not known here.
        let (_, _): (wire::Project, _) = self.read(&operation, &path).await?;
        let mut seen = HashSet::new();
        let questions: Vec<_> = commits
            .iter()
            .filter(|sha| seen.insert(*sha))
            .map(|sha| self.requests_of(&operation, &path, sha))
            .collect();
        let found: Vec<Vec<wire::MergeRequest>> = stream::iter(questions)
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        // The filter by state is not kept by every version.
        let merged: BTreeMap<u32, MergeRequest> = found
            .into_iter()
            .flatten()
            .filter(wire::MergeRequest::is_merged)
            .map(|request| (request.iid, request.into()))
            .collect();
        Ok(merged.into_values().rev().collect())
    }

    async fn review(&self, project: &str, iid: u32, commit: &str) -> Answer<Review> {
        let operation = format!("review of {project}!{iid}");
        let path = self.project_path(&operation, project)?;
        let request = format!("{path}/merge_requests/{iid}");
        let (approvals, _): (wire::Approvals, _) = self
            .read(&operation, &format!("{request}/approvals"))
            .await?;
        let (approved_by, missing) = approvals.people();
        let base = self.client.base();
        // The newest comes first.
        let newest = base.ask(&format!("{request}/pipelines"), &[("per_page", "1")]);
        let reply = self.page(&operation, newest).await?;
        if !reply.is_success() {
            return Err(self.refusal(&operation, &reply));
        }
        let pipelines: Vec<wire::Ran> = self.client.json(&operation, &reply)?;
        let mut checks: Vec<Check> = pipelines.into_iter().take(1).map(Check::from).collect();
        if let Ok(sha) = segment(commit) {
            let statuses = format!("{path}/repository/commits/{sha}/statuses");
            let url = base.ask(&statuses, &[("per_page", "100")]);
            let statuses: Vec<wire::Ran> = self.all_pages(&operation, url).await?;
            checks.extend(statuses.into_iter().map(Check::from));
        }
        Ok(Review {
            approved_by,
            missing,
            checks,
        })
    }
}

#[async_trait]
impl IdentityReader for GitLab {
    async fn identities(&self) -> Vec<Answer<SystemIdentity>> {
        vec![self.identity().await]
    }
}
