//! Deployments: lists with their filters, and single ones.

use super::{
    Answer, Refused,
    environments::{self, Place},
    fields::{number, one_of},
    page,
    page::Total,
    repository::Project,
    rollouts::{self, Rollout},
    times,
    users::brief,
};
use crate::{
    jenkins::DeploymentStatus,
    web::{Reply, Request},
};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::cmp::Ordering;

/// What lists can be sorted by.
const ORDERS: [&str; 6] = [
    "id",
    "iid",
    "created_at",
    "updated_at",
    "finished_at",
    "ref",
];
/// The states that GitLab knows; pipelines of this bank report four of them.
const STATES: [&str; 7] = [
    "created", "running", "success", "failed", "canceled", "skipped", "blocked",
];

/// `GET deployments`.
pub(super) fn list(project: &Project<'_>, request: &Request) -> Answer {
    let order = one_of(request, "order_by", &ORDERS, "id")?;
    let sort = one_of(request, "sort", &["asc", "desc"], "asc")?;
    let status = request.field("status");
    one_of(request, "status", &STATES, "")?;
    check_pairs(request, order, status)?;
    let (after, before) = if order == "finished_at" {
        ("finished_after", "finished_before")
    } else {
        ("updated_after", "updated_before")
    };
    let (after, before) = (
        times::field(request, after)?,
        times::field(request, before)?,
    );
    let places = environments::places(project);
    let mut found: Vec<(Rollout, Value)> = rollouts::of(project)
        .into_iter()
        .filter(|rollout| {
            let at = updated(rollout);
            after.is_none_or(|after| at >= after) && before.is_none_or(|before| at <= before)
        })
        .map(|rollout| {
            let value = value(project, &places, &rollout);
            (rollout, value)
        })
        .filter(|(_, value)| {
            request
                .field("environment")
                .is_none_or(|name| value["environment"]["name"] == name)
                && status.is_none_or(|status| value["status"] == status)
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| compare(order, a, b));
    if sort == "desc" {
        found.reverse();
    }
    let found: Vec<Value> = found.into_iter().map(|(_, value)| value).collect();
    page::of(project.gitlab, request, &found, Total::Told)
}

/// Refuses filters by time that the database would answer slowly.
fn check_pairs(request: &Request, order: &str, status: Option<&str>) -> Result<(), Refused> {
    let filters_by = |names: [&str; 2]| names.iter().any(|name| request.field(name).is_some());
    let by_update = filters_by(["updated_after", "updated_before"]);
    let by_end = filters_by(["finished_after", "finished_before"]);
    let is_over = status.is_some_and(|status| ["success", "failed", "canceled"].contains(&status));
    let wrong = match order {
        _ if by_update && by_end => {
            "Both `updated_at` filter and `finished_at` filter can not be specified"
        }
        order if by_update && order != "updated_at" => {
            "`updated_at` filter requires `updated_at` sort"
        }
        order if by_end && order != "finished_at" => {
            "`finished_at` filter requires `finished_at` sort."
        }
        "finished_at" if !by_end && !is_over => {
            "`finished_at` sort requires `finished_at` filter or a filter with at least one of the \
             finished statuses."
        }
        _ if by_end && status != Some("success") => {
            "`finished_at` filter must be combined with `success` status filter."
        }
        _ => return Ok(()),
    };
    Err(Refused::message(
        StatusCode::BAD_REQUEST,
        &format!("400 Bad request - {wrong}"),
    ))
}

fn compare(order: &str, a: &Rollout, b: &Rollout) -> Ordering {
    let first = match order {
        "created_at" => a.created.cmp(&b.created),
        "updated_at" | "finished_at" => updated(a).cmp(&updated(b)),
        "ref" => a.reference.cmp(&b.reference),
        _ => Ordering::Equal,
    };
    first.then(a.id.cmp(&b.id))
}

/// When GitLab last heard of a deployment.
fn updated(rollout: &Rollout) -> Timestamp {
    rollout.finished.unwrap_or(rollout.created)
}

/// `GET deployments/:id`.
pub(super) fn one(project: &Project<'_>, id: &str) -> Answer {
    let id = number(id, "deployment_id")?;
    let places = environments::places(project);
    rollouts::of(project)
        .iter()
        .find(|rollout| rollout.id == id)
        .map(|rollout| Reply::json(&value(project, &places, rollout)))
        .ok_or_else(Refused::no_record)
}

/// A deployment; none was made by a job of GitLab's own CI, so that nothing is deployable again.
pub(super) fn value(project: &Project<'_>, places: &[Place<'_>], rollout: &Rollout) -> Value {
    let place = places.iter().find(|place| place.holds(rollout));
    json!({
        "id": rollout.id,
        "iid": rollout.iid,
        "ref": rollout.reference,
        "sha": rollout.sha,
        "created_at": times::utc(rollout.created),
        "updated_at": times::utc(updated(rollout)),
        "user": brief(project.gitlab, &rollout.by),
        "environment": place.map(|place| place.value(project)),
        "deployable": null,
        "status": word(rollout.status),
    })
}

fn word(status: DeploymentStatus) -> &'static str {
    match status {
        DeploymentStatus::Running => "running",
        DeploymentStatus::Success => "success",
        DeploymentStatus::Failed => "failed",
        DeploymentStatus::Canceled => "canceled",
    }
}
