//! Environments, deployments and releases.

use super::{
    Answer, Gitlab, Refused, commits, page, page::Total, repository::Project, times, users::brief,
};
use crate::{
    bank::{Deployment, ENVIRONMENTS, Release, Service},
    web::{Reply, Request, encoded},
};
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// An environment of a service in a project: `prod/payments-api`.
struct Place<'a> {
    id: u64,
    service: &'a Service,
    environment: &'static crate::bank::Environment,
}

impl Place<'_> {
    fn name(&self) -> String {
        format!("{}/{}", self.environment.name, self.service.name)
    }

    fn value(&self, gitlab: &Gitlab) -> Value {
        let tier = match self.environment.tier {
            "test" => "testing",
            tier => tier,
        };
        let first = gitlab
            .bank
            .deployments()
            .iter()
            .find(|d| self.holds(d))
            .map(|d| times::utc(d.started));
        json!({
            "id": self.id,
            "name": self.name(),
            "slug": self.name().replace('/', "-"),
            "external_url": null,
            "description": null,
            "created_at": first,
            "updated_at": first,
            "tier": tier,
            "state": "available",
            "auto_stop_at": null,
            "auto_stop_setting": "always",
            "kubernetes_namespace": null,
            "flux_resource_path": null,
        })
    }

    fn holds(&self, deployment: &Deployment) -> bool {
        deployment.service == self.service.name && deployment.environment == self.environment.name
    }
}

fn places<'a>(project: &Project<'a>) -> Vec<Place<'a>> {
    let first = project.id * 100;
    project
        .services()
        .flat_map(|service| ENVIRONMENTS.iter().map(move |e| (service, e)))
        .zip(first..)
        .map(|((service, environment), id)| Place {
            id,
            service,
            environment,
        })
        .collect()
}

/// `GET environments`.
pub(super) fn environments(project: &Project<'_>, request: &Request) -> Answer {
    let found: Vec<Value> = places(project)
        .iter()
        .filter(|place| {
            request
                .field("name")
                .is_none_or(|name| name == place.name())
        })
        .filter(|place| {
            request
                .field("search")
                .is_none_or(|text| place.name().contains(text))
        })
        .filter(|_| {
            request
                .field("states")
                .is_none_or(|state| state == "available")
        })
        .map(|place| place.value(project.gitlab))
        .collect();
    page::of(project.gitlab, request, &found, Total::Told)
}

/// `GET environments/:id`.
pub(super) fn environment(project: &Project<'_>, id: &str) -> Answer {
    let places = places(project);
    let place = places
        .iter()
        .find(|place| place.id.to_string() == id)
        .ok_or_else(|| Refused::no("Environment"))?;
    let mut value = place.value(project.gitlab);
    value["last_deployment"] = numbered(project)
        .rev()
        .find(|(_, d)| place.holds(d) && d.outcome.succeeded())
        .map_or(Value::Null, |(iid, d)| {
            deployment_value(project, &places, d, iid)
        });
    Ok(Reply::json(&value))
}

/// Deployments of a project with their numbers in it, oldest first.
fn numbered<'a>(
    project: &Project<'a>,
) -> impl DoubleEndedIterator<Item = (u64, &'a Deployment)> + use<'a> {
    let services: Vec<&str> = project.services().map(|s| s.name.as_str()).collect();
    let own: Vec<&Deployment> = project
        .gitlab
        .bank
        .deployments()
        .iter()
        .filter(|deployment| services.contains(&deployment.service.as_str()))
        .collect();
    let numbered: Vec<_> = (1..).zip(own).collect();
    numbered.into_iter()
}

/// `GET deployments`.
pub(super) fn deployments(project: &Project<'_>, request: &Request) -> Answer {
    let order = request.field("order_by").unwrap_or("id");
    for (filter, pair) in [
        ("updated_after", "updated_at"),
        ("updated_before", "updated_at"),
        ("finished_after", "finished_at"),
        ("finished_before", "finished_at"),
    ] {
        if request.field(filter).is_some() && order != pair {
            return Err(Refused::message(
                StatusCode::BAD_REQUEST,
                &format!("400 Bad request - `{pair}` filter and `{pair}` sorting must be paired"),
            ));
        }
    }
    if ![
        "id",
        "iid",
        "created_at",
        "updated_at",
        "finished_at",
        "ref",
    ]
    .contains(&order)
    {
        return Err(Refused::error(
            StatusCode::BAD_REQUEST,
            "order_by does not have a valid value",
        ));
    }
    let places = places(project);
    let mut found: Vec<Value> = numbered(project)
        .map(|(iid, deployment)| deployment_value(project, &places, deployment, iid))
        .filter(|value| {
            request
                .field("environment")
                .is_none_or(|name| value["environment"]["name"] == name)
                && request
                    .field("status")
                    .is_none_or(|status| value["status"] == status)
        })
        .collect();
    let (key, after, before) = if order == "finished_at" {
        ("updated_at", "finished_after", "finished_before")
    } else {
        ("updated_at", "updated_after", "updated_before")
    };
    times::keep_between(request, &mut found, key, after, before)?;
    match order {
        "ref" | "created_at" | "updated_at" => found.sort_by_key(|value| value[order].to_string()),
        "finished_at" => found.sort_by_key(|value| value["updated_at"].to_string()),
        _ => {}
    }
    if request.field("sort") == Some("desc") {
        found.reverse();
    }
    page::of(project.gitlab, request, &found, Total::Told)
}

/// `GET deployments/:id`.
pub(super) fn deployment(project: &Project<'_>, id: &str) -> Answer {
    let places = places(project);
    numbered(project)
        .find(|(_, deployment)| deployment.id.to_string() == id)
        .map(|(iid, deployment)| Reply::json(&deployment_value(project, &places, deployment, iid)))
        .ok_or_else(|| Refused::no("Deployment"))
}

fn deployment_value(
    project: &Project<'_>,
    places: &[Place<'_>],
    deployment: &Deployment,
    iid: u64,
) -> Value {
    let gitlab = project.gitlab;
    let finished = deployment.started + SignedDuration::from_secs(deployment.seconds.into());
    let place = places.iter().find(|place| place.holds(deployment));
    let status = if deployment.outcome.succeeded() {
        "success"
    } else {
        "failed"
    };
    json!({
        "id": deployment.id,
        "iid": iid,
        "ref": format!("{}/v{}", deployment.service, deployment.version),
        "sha": deployment.commit,
        "created_at": times::utc(deployment.started),
        "updated_at": times::utc(finished),
        "user": brief(gitlab, &deployment.by),
        "environment": place.map(|place| place.value(gitlab)),
        "deployable": null,
        "status": status,
    })
}

/// `GET releases`.
pub(super) fn releases(project: &Project<'_>, request: &Request) -> Answer {
    let mut found: Vec<Value> = own_releases(project)
        .map(|(service, release)| release_value(project, service, release))
        .collect();
    if !["created_at", "released_at"].contains(&request.field("order_by").unwrap_or("released_at"))
    {
        return Err(Refused::error(
            StatusCode::BAD_REQUEST,
            "order_by does not have a valid value",
        ));
    }
    if request.field("sort") != Some("asc") {
        found.reverse();
    }
    page::of(project.gitlab, request, &found, Total::Told)
}

/// `GET releases/:tag`.
pub(super) fn release(project: &Project<'_>, tag: &str) -> Answer {
    own_releases(project)
        .find(|(service, release)| service.tag(&release.version) == tag)
        .map(|(service, release)| Reply::json(&release_value(project, service, release)))
        .ok_or_else(|| Refused::no(""))
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

fn release_value(project: &Project<'_>, service: &Service, release: &Release) -> Value {
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
