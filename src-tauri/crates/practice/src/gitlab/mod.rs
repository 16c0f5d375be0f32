//! The practice GitLab: REST v4, read-only, over the bank's real Git repositories.
//!
//! Projects, commits, comparisons, tags and files are read from the repositories on disk; merge
//! requests and releases from the bank's history; deployments are those that Jenkins reported, in
//! the past and now. Paging, errors and headers are those that GitLab documents. Tokens carry the scope `read_api`: writing is refused.

mod access;
mod blame;
mod commits;
mod deployments;
mod environments;
mod fields;
mod files;
mod merge_requests;
mod page;
mod projects;
mod releases;
mod repository;
mod rollouts;
mod routes;
mod statuses;
mod times;
mod users;

use crate::{
    Context, PracticeError,
    bank::Bank,
    clock::PracticeClock,
    jenkins::Jenkins,
    server::{Call, Protocol, Refusal, Server},
    web::{self, Reply},
};
use axum::body::Body;
use http::{Response, StatusCode, request::Parts};
use serde_json::{Value, json};
use std::{path::PathBuf, sync::Arc};

/// Version that this GitLab says it is.
const VERSION: &str = "18.5.1-ee";

/// What every answer is made from.
#[derive(Debug)]
struct Gitlab {
    bank: Arc<Bank>,
    /// Folder of the bare repositories.
    git: PathBuf,
    /// Own address.
    base: String,
    clock: PracticeClock,
    /// Whose pipelines report their deployments.
    jenkins: Jenkins,
}

/// Why a request is refused, in GitLab's words.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Refused {
    status: StatusCode,
    body: Value,
}

type Answer = Result<Reply, Refused>;

impl Refused {
    fn message(status: StatusCode, text: &str) -> Self {
        Self {
            status,
            body: json!({"message": text}),
        }
    }

    fn error(status: StatusCode, text: &str) -> Self {
        Self {
            status,
            body: json!({"error": text}),
        }
    }

    /// 404 for a thing of this name.
    fn no(what: &str) -> Self {
        Self::message(StatusCode::NOT_FOUND, &format!("404 {what} Not Found"))
    }

    /// 404 for what the database does not find.
    fn no_record() -> Self {
        Self::message(StatusCode::NOT_FOUND, "404 Not found")
    }

    /// 404 for an address that leads nowhere.
    fn no_address() -> Self {
        Self::error(StatusCode::NOT_FOUND, "404 Not Found")
    }

    /// 400 for a field whose value cannot be read.
    fn invalid(field: &str) -> Self {
        Self::error(StatusCode::BAD_REQUEST, &format!("{field} is invalid"))
    }

    /// Any failure of Git below an existing project.
    fn git(_: git2::Error) -> Self {
        Self::message(
            StatusCode::INTERNAL_SERVER_ERROR,
            "500 Internal Server Error",
        )
    }

    fn reply(&self) -> Reply {
        Reply::status(self.status, &self.body)
    }
}

/// Starts the server; the repositories are expected in `git` below the practice directory.
pub async fn serve(
    context: &Context,
    bank: Arc<Bank>,
    jenkins: Jenkins,
    port: u16,
) -> Result<Server, PracticeError> {
    let git = context.directory.join(crate::bank::estate::GIT_FOLDER);
    let clock = context.shared.clock.clone();
    context
        .serve("GitLab", port, Arc::new(Words), |address| {
            let gitlab = Gitlab {
                bank,
                git,
                base: format!("http://{address}"),
                clock,
                jenkins,
            };
            web::router(move |request| routes::answer(&gitlab, request))
        })
        .await
}

/// How this server names requests and writes refusals.
struct Words;

/// Words of paths that are no ids.
const WORDS: &[&str] = &[
    "all",
    "api",
    "approvals",
    "blame",
    "branches",
    "changes",
    "closes_issues",
    "comments",
    "commits",
    "compare",
    "deploy_keys",
    "deployments",
    "diff",
    "diffs",
    "discussions",
    "environments",
    "files",
    "groups",
    "hooks",
    "issues",
    "jobs",
    "members",
    "merge_requests",
    "metadata",
    "milestones",
    "namespaces",
    "notes",
    "participants",
    "personal_access_tokens",
    "pipelines",
    "projects",
    "raw",
    "refs",
    "releases",
    "repository",
    "self",
    "statuses",
    "tags",
    "tree",
    "triggers",
    "user",
    "users",
    "v4",
    "variables",
    "version",
];

impl Protocol for Words {
    fn call(&self, parts: &Parts, _: &[u8]) -> Call {
        let pieces: Vec<String> = web::path(parts)
            .into_iter()
            .skip(2)
            .map(|piece| {
                if WORDS.contains(&piece.as_str()) {
                    piece
                } else {
                    ":id".to_owned()
                }
            })
            .collect();
        Call {
            service: "gitlab".to_owned(),
            scope: String::new(),
            operation: format!("{} {}", parts.method, pieces.join("/")),
            who: access::token(&parts.headers)
                .and_then(crate::people::by_gitlab_token)
                .map_or_else(String::new, |person| person.id.to_owned()),
        }
    }

    fn refusal(&self, _: &Call, refusal: &Refusal) -> Response<Body> {
        let reply = match refusal {
            Refusal::Throttled => Reply {
                status: StatusCode::TOO_MANY_REQUESTS,
                headers: Vec::new(),
                body: Some(("text/plain", b"Retry later\n".to_vec())),
            }
            .with("retry-after", "2")
            .with("ratelimit-limit", "600")
            .with("ratelimit-observed", "601")
            .with("ratelimit-remaining", "0"),
            Refusal::Error { code, status } => {
                Refused::message(*status, &format!("{} {code}", status.as_u16())).reply()
            }
            Refusal::ExpiredCredentials => Reply::status(
                StatusCode::UNAUTHORIZED,
                &json!({
                    "error": "invalid_token",
                    "error_description": "Token is expired. You can either do re-authorization \
                                          or token refresh.",
                }),
            ),
            Refusal::Unavailable => Reply {
                status: StatusCode::SERVICE_UNAVAILABLE,
                headers: Vec::new(),
                body: Some((
                    "text/html; charset=utf-8",
                    b"<!DOCTYPE html>\n<html><head><title>GitLab is not responding (503)</title>\
                      </head><body><h1>503</h1><p>Deploy in progress</p></body></html>\n"
                        .to_vec(),
                )),
            },
        };
        reply.into_response()
    }
}

#[cfg(test)]
mod tests;
