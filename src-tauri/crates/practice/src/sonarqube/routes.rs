//! From address to answer.

use super::{
    Sonarqube, access, gates, issues, measures, projects, server,
    wire::{Answer, Refused, time},
};
use crate::web::{Reply, Request};
use http::{Method, StatusCode};
use jiff::SignedDuration;

/// Answers a request.
pub(super) fn answer(sonarqube: &Sonarqube, request: &Request) -> Reply {
    let reply = route(sonarqube, request).unwrap_or_else(|refused| refused.reply());
    let reply = reply
        .with("x-frame-options", "SAMEORIGIN")
        .with("cache-control", "no-cache, no-store, must-revalidate");
    if access::caller(request).is_some() {
        let expires = sonarqube.now + SignedDuration::from_hours(24 * 90);
        return reply.with("sonarqube-authentication-token-expiration", time(expires));
    }
    reply
}

fn route(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let pieces: Vec<&str> = request.path.iter().map(String::as_str).collect();
    let ["api", area, action] = pieces.as_slice() else {
        let address = format!("Unknown url : /{}", pieces.join("/"));
        return Err(Refused::not_found(&address));
    };
    // These three are asked before anybody has said who they are.
    match (*area, *action) {
        ("system", "status") => return Ok(server::status()),
        ("server", "version") => {
            return Ok(Reply::text("text/html;charset=utf-8", server::VERSION));
        }
        ("authentication", "validate") => return Ok(server::validate(request)),
        _ => {}
    }
    let person = access::person(request)?;
    if request.method != Method::GET && request.method != Method::POST {
        return Err(Refused::new(
            StatusCode::METHOD_NOT_ALLOWED,
            &format!("HTTP method {} is not allowed", request.method),
        ));
    }
    match (*area, *action) {
        ("users", "current") => Ok(server::me(person)),
        ("metrics", "search") => server::metrics(request),
        ("components", "search" | "search_projects") => projects::search(sonarqube, request),
        ("components", "show") => projects::show(sonarqube, request),
        ("project_analyses", "search") => projects::analyses(sonarqube, request),
        ("project_branches", "list") => projects::branches(sonarqube, request),
        ("ce", "component") => projects::tasks(sonarqube, request),
        ("ce", "task") => projects::task(sonarqube, request),
        ("qualitygates", "project_status") => gates::status(sonarqube, request),
        ("qualitygates", "get_by_project") => gates::by_project(sonarqube, request),
        ("measures", "component") => measures::component(sonarqube, request),
        ("measures", "search_history") => measures::history(sonarqube, request),
        ("issues", "search") => issues::search(sonarqube, request),
        ("hotspots", "search") => issues::hotspots(sonarqube, request),
        _ => Err(Refused::not_found(&format!(
            "Unknown url : /api/{area}/{action}"
        ))),
    }
}
