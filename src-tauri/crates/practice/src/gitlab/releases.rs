//! Releases: every version that a build made good.

use super::{
    Answer, Refused, commits, fields::one_of, page, page::Total, repository::Project, times,
    users::brief,
};
use crate::{
    bank::{Release, Service},
    web::{Reply, Request, encoded},
};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// `GET releases`.
pub(super) fn list(project: &Project<'_>, request: &Request) -> Answer {
    let mut found: Vec<Value> = own_releases(project)
        .map(|(service, release)| value(project, service, release))
        .collect();
    one_of(request, "order_by", &["created_at", "released_at"], "")?;
    if one_of(request, "sort", &["asc", "desc"], "desc")? == "desc" {
        found.reverse();
    }
    page::of(project.gitlab, request, &found, Total::Told)
}

/// `GET releases/:tag`.
pub(super) fn one(project: &Project<'_>, tag: &str) -> Answer {
    own_releases(project)
        .find(|(service, release)| service.tag(&release.version) == tag)
        .map(|(service, release)| Reply::json(&value(project, service, release)))
        .ok_or_else(|| Refused::message(StatusCode::NOT_FOUND, "404 Not Found"))
}

/// Releases that a build made good, oldest first.
fn own_releases<'a>(
    project: &Project<'a>,
) -> impl Iterator<Item = (&'a Service, &'a Release)> + use<'a> {
    let services: Vec<&Service> = project.services().collect();
    project
        .gitlab
        .bank
        .releases()
        .iter()
        .filter(|release| release.outcome.succeeded())
        .filter_map(move |release| {
            let service = services.iter().find(|s| s.name == release.service)?;
            Some((*service, release))
        })
}

fn value(project: &Project<'_>, service: &Service, release: &Release) -> Value {
    let tag = service.tag(&release.version);
    let (web_url, path) = (project.web_url(), project.path());
    let own = format!("{web_url}/-/releases/{}", encoded(&tag));
    let built = release.time + SignedDuration::from_mins(9);
    let commit = project
        .commit(&release.commit)
        .map(|commit| commits::value(project, &commit));
    let sources: Vec<Value> = ["zip", "tar.gz"]
        .iter()
        .map(|format| {
            let file = tag.replace('/', "-");
            json!({
                "format": format,
                "url": format!("{web_url}/-/archive/{tag}/{}-{file}.{format}", project.built.name),
            })
        })
        .collect();
    json!({
        "tag_name": tag,
        "description": format!("{} {}", service.name, release.version),
        "created_at": times::utc(built),
        "released_at": times::utc(built),
        "upcoming_release": false,
        "name": format!("{} {}", service.name, release.version),
        "author": brief(project.gitlab, &release.author),
        "commit": commit,
        "commit_path": format!("/{path}/-/commit/{}", release.commit),
        "tag_path": format!("/{path}/-/tags/{}", encoded(&tag)),
        "assets": {"count": sources.len(), "sources": sources, "links": []},
        "evidences": [],
        "_links": {"self": own},
    })
}
