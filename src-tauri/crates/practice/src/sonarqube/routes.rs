//! From address to answer.

use super::{
    Sonarqube, access,
    endpoints::{self, Needs},
    gates, hotspots, issues, measures, projects, server,
    wire::{Answer, Refused, time},
};
use crate::{
    people::Person,
    web::{Reply, Request},
};
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
    let (area, action) = match pieces.as_slice() {
        ["api", "v2", rest @ ..] => return Ok(second_version(rest, request)),
        ["api", area, action] => (*area, *action),
        ["api", ..] => return Err(unknown(&pieces)),
        // Everything else is one page that finds its way in the browser.
        _ => return Ok(server::page()),
    };
    let Some(needs) = endpoints::needs(area, action) else {
        access::person(request)?;
        return Err(unknown(&pieces));
    };
    let person = match needs {
        Needs::Nothing => None,
        _ => Some(access::person(request)?),
    };
    let method = &request.method;
    if method != Method::GET && method != Method::POST {
        let why = format!("HTTP method {method} is not allowed");
        return Err(Refused::new(StatusCode::METHOD_NOT_ALLOWED, &why));
    }
    match needs {
        Needs::PrivilegedPost if method != Method::POST => Err(Refused::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "HTTP method POST is required",
        )),
        Needs::Privilege | Needs::PrivilegedPost => Err(Refused::insufficient()),
        Needs::Nothing | Needs::Token => call(sonarqube, request, person, area, action),
    }
}

fn unknown(pieces: &[&str]) -> Refused {
    Refused::not_found(&format!("Unknown url : /{}", pieces.join("/")))
}

fn call(
    sonarqube: &Sonarqube,
    request: &Request,
    person: Option<&Person>,
    area: &str,
    action: &str,
) -> Answer {
    match (area, action) {
        ("system", "status") => Ok(server::status()),
        ("system", "ping") => Ok(Reply::text("text/plain", "pong")),
        ("server", "version") => Ok(Reply::text("text/html;charset=utf-8", server::VERSION)),
        ("authentication", "validate") => Ok(server::validate(request)),
        ("webservices", "list") => Ok(Reply::json(&endpoints::list())),
        ("users", "current") => person.map_or_else(
            || Err(Refused::new(StatusCode::UNAUTHORIZED, "")),
            |person| Ok(server::me(person)),
        ),
        ("metrics", "search") => server::metrics(request),
        ("metrics", "types") => Ok(server::metric_types()),
        ("components", "search" | "search_projects") => projects::search(sonarqube, request),
        ("components", "show") => projects::show(sonarqube, request),
        ("components", "tree") => measures::files(sonarqube, request),
        ("project_analyses", "search") => projects::analyses(sonarqube, request),
        ("project_branches", "list") => projects::branches(sonarqube, request),
        ("project_pull_requests", "list") => projects::pull_requests(sonarqube, request),
        ("ce", "component") => projects::tasks(sonarqube, request),
        ("ce", "task") => projects::task(sonarqube, request),
        ("qualitygates", "project_status") => gates::status(sonarqube, request),
        ("qualitygates", "get_by_project") => gates::by_project(sonarqube, request),
        ("qualitygates", "list") => Ok(gates::list()),
        ("qualitygates", "show") => gates::show(request),
        ("measures", "component") => measures::component(sonarqube, request),
        ("measures", "component_tree") => measures::tree(sonarqube, request),
        ("measures", "search") => measures::search(sonarqube, request),
        ("measures", "search_history") => measures::history(sonarqube, request),
        ("issues", "search") => issues::search(sonarqube, request),
        ("hotspots", "search") => hotspots::search(sonarqube, request),
        _ => Err(unknown(&["api", area, action])),
    }
}

/// The second version of the API: errors have one message.
fn second_version(rest: &[&str], request: &Request) -> Reply {
    if let Err(refused) = access::person(request) {
        return refused.reply_v2();
    }
    match (rest, request.method == Method::GET) {
        (["analysis", "version"], true) => Reply::text("text/plain", server::VERSION),
        (["clean-code-policy", "mode"], true) => server::mode(),
        (["clean-code-policy", "mode"], false) => Refused::insufficient().reply_v2(),
        _ => Refused::not_found("Not found").reply_v2(),
    }
}
