//! Environments: one for each service and place it is deployed to, such as `prod/payments-api`.
//!
//! They were made with their project, before anything was deployed; an environment that no pipeline has deployed to has no
//! last deployment.

use super::{
    Answer, Refused, deployments,
    fields::number,
    page,
    page::Total,
    repository::Project,
    rollouts::{self, Rollout},
    times,
};
use crate::{
    bank::{ENVIRONMENTS, Environment, Service},
    jenkins::DeploymentStatus,
    web::{Reply, Request},
};
use http::StatusCode;
use serde_json::{Value, json};

/// An environment of a service in a project: `prod/payments-api`.
pub(super) struct Place<'a> {
    id: u64,
    service: &'a Service,
    environment: &'static Environment,
}

impl Place<'_> {
    fn name(&self) -> String {
        format!("{}/{}", self.environment.name, self.service.name)
    }

    /// The environment as lists and deployments give it.
    pub fn value(&self, project: &Project<'_>) -> Value {
        let tier = match self.environment.tier {
            "test" => "testing",
            tier => tier,
        };
        let first = project.built.commits.first();
        let made = first.map(|commit| times::utc(commit.plan.time));
        json!({
            "id": self.id,
            "name": self.name(),
            "slug": self.name().replace('/', "-"),
            "external_url": null,
            "description": null,
            "created_at": made,
            "updated_at": made,
            "tier": tier,
            "state": "available",
            "auto_stop_at": null,
            "auto_stop_setting": "always",
            "kubernetes_namespace": null,
            "flux_resource_path": null,
        })
    }

    /// Whether a deployment went here.
    pub fn holds(&self, rollout: &Rollout) -> bool {
        rollout.service == self.service.name && rollout.environment == self.environment.name
    }
}

/// Every environment of a project.
pub(super) fn places<'a>(project: &Project<'a>) -> Vec<Place<'a>> {
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
pub(super) fn list(project: &Project<'_>, request: &Request) -> Answer {
    let (name, search) = (request.field("name"), request.field("search"));
    if name.is_some() && search.is_some() {
        return Err(Refused::error(
            StatusCode::BAD_REQUEST,
            "name, search are mutually exclusive",
        ));
    }
    if search.is_some_and(|text| text.chars().count() < 3) {
        return Err(Refused::message(
            StatusCode::BAD_REQUEST,
            "400 Bad request - Search query is less than 3 characters",
        ));
    }
    let state = request.field("states");
    if state.is_some_and(|state| !["available", "stopping", "stopped"].contains(&state)) {
        return Err(Refused::message(
            StatusCode::BAD_REQUEST,
            "400 Bad request - Requested states are invalid",
        ));
    }
    let found: Vec<Value> = places(project)
        .iter()
        .filter(|place| name.is_none_or(|name| name == place.name()))
        .filter(|place| search.is_none_or(|text| place.name().contains(text)))
        .filter(|_| state.is_none_or(|state| state == "available"))
        .map(|place| place.value(project))
        .collect();
    page::of(project.gitlab, request, &found, Total::Told)
}

/// `GET environments/:id`.
pub(super) fn one(project: &Project<'_>, id: &str) -> Answer {
    let id = number(id, "environment_id")?;
    let places = places(project);
    let place = places
        .iter()
        .find(|place| place.id == id)
        .ok_or_else(Refused::no_record)?;
    let mut value = place.value(project);
    value["last_deployment"] = rollouts::of(project)
        .iter()
        .rev()
        .find(|rollout| place.holds(rollout) && rollout.status == DeploymentStatus::Success)
        .map_or(Value::Null, |rollout| {
            deployments::value(project, &places, rollout)
        });
    Ok(Reply::json(&value))
}
