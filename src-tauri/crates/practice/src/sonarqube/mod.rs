//! The practice SonarQube: gates, measures and findings of every build of the bank.
//!
//! It speaks the web API of a SonarQube Server of 2026 in standard experience mode: numbers are
//! strings, values of new code stand in `period`, times have an offset without a colon, and a bad
//! token gets an empty 401. What it says of a project is counted from one list of findings, so
//! that measures, history, facets and lists agree.

mod access;
mod catalog;
mod endpoints;
mod findings;
mod gates;
mod hotspots;
mod issues;
mod measures;
mod metrics;
mod project;
mod projects;
mod qualities;
mod routes;
mod server;
mod wire;

use crate::{
    Context, PracticeError,
    bank::Bank,
    people::{self},
    server::{Call, Protocol, Refusal, Server},
    web,
};
use axum::body::Body;
use http::{Response, StatusCode, request::Parts};
use jiff::Timestamp;
use project::Project;
use std::sync::Arc;
use wire::Refused;

/// What every answer is made from.
#[derive(Debug)]
struct Sonarqube {
    /// Time of the bank; tokens and users relate to it.
    now: Timestamp,
    projects: Vec<Project>,
}

impl Sonarqube {
    fn new(bank: &Bank) -> Self {
        Self {
            now: bank.now(),
            projects: bank
                .services()
                .iter()
                .map(|service| Project::of(bank, service))
                .collect(),
        }
    }

    /// The project with this key; SonarQube's 404 otherwise.
    fn project(&self, key: &str) -> Result<&Project, Refused> {
        self.projects
            .iter()
            .find(|project| project.key == key)
            .ok_or_else(|| Refused::not_found(&format!("Component key '{key}' not found")))
    }
}

/// Starts the server.
pub async fn serve(context: &Context, bank: Arc<Bank>, port: u16) -> Result<Server, PracticeError> {
    context
        .serve("SonarQube", port, Arc::new(Words), |_| {
            let sonarqube = Sonarqube::new(&bank);
            web::router(move |request| routes::answer(&sonarqube, request))
        })
        .await
}

/// How this server names requests and writes refusals.
struct Words;

impl Protocol for Words {
    fn call(&self, parts: &Parts, _: &[u8]) -> Call {
        Call {
            service: "sonarqube".to_owned(),
            scope: String::new(),
            operation: web::path(parts).join("/"),
            who: access::token(&parts.headers)
                .as_deref()
                .and_then(people::by_sonarqube_token)
                .map_or_else(String::new, |person| person.id.to_owned()),
        }
    }

    fn refusal(&self, _: &Call, refusal: &Refusal) -> Response<Body> {
        let said = |status, text: &str| Refused::new(status, text).reply();
        let reply = match refusal {
            Refusal::Throttled => {
                said(StatusCode::TOO_MANY_REQUESTS, "Too many requests").with("retry-after", "2")
            }
            Refusal::Error { code, status } => said(*status, code),
            Refusal::ExpiredCredentials => web::Reply::empty(StatusCode::UNAUTHORIZED),
            Refusal::Unavailable => said(
                StatusCode::SERVICE_UNAVAILABLE,
                "SonarQube is under maintenance, or its issues are being indexed",
            ),
        };
        reply.into_response()
    }
}

#[cfg(test)]
mod tests;
