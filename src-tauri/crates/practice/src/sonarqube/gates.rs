//! The quality gate of a project, now or at an analysis.

use super::{
    Sonarqube,
    project::{CONDITIONS, Project},
    projects::named,
    wire::{Answer, Refused, required, time},
};
use crate::web::{Reply, Request};
use serde_json::{Value, json};

/// Name of the one gate.
const GATE: &str = "Sonar way";

/// `api/qualitygates/project_status`: exactly one of analysis, project id and project key.
pub(super) fn status(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let given = ["analysisId", "projectId", "projectKey"].map(|name| request.field(name));
    if request.field("branch").is_some() && matches!(given, [Some(_), ..] | [_, Some(_), _]) {
        return Err(Refused::bad_request(
            "The 'branch' parameter can be provided only with 'projectKey'",
        ));
    }
    let (project, at) = match given {
        [Some(id), None, None] => sonarqube
            .projects
            .iter()
            .find_map(|project| {
                let at = project.analyses.iter().position(|a| a.key == id)?;
                Some((project, Some(at)))
            })
            .ok_or_else(|| Refused::not_found(&format!("Analysis with id '{id}' is not found")))?,
        [None, Some(id), None] => sonarqube
            .projects
            .iter()
            .find(|project| project.uuid == id)
            .map(|project| (project, project.last()))
            .ok_or_else(|| Refused::not_found(&format!("Project '{id}' not found")))?,
        [None, None, Some(_)] => {
            let project = named(sonarqube, request, "projectKey")?;
            (project, project.last())
        }
        _ => {
            return Err(Refused::bad_request(
                "Either 'analysisId', 'projectId' or 'projectKey' must be provided",
            ));
        }
    };
    Ok(Reply::json(&json!({"projectStatus": value(project, at)})))
}

fn value(project: &Project, at: Option<usize>) -> Value {
    let Some(at) = at else {
        return json!({
            "status": "NONE",
            "conditions": [],
            "ignoredConditions": false,
            "caycStatus": "compliant",
        });
    };
    let conditions: Vec<Value> = CONDITIONS
        .iter()
        .map(|(metric, comparator, threshold)| {
            let failed = project.fails(metric, comparator, threshold, at);
            json!({
                "status": if failed { "ERROR" } else { "OK" },
                "metricKey": metric,
                "comparator": comparator,
                "errorThreshold": threshold,
                "actualValue": project.value(metric, at),
            })
        })
        .collect();
    let mut value = json!({
        "status": project.gate(at),
        "conditions": conditions,
        "ignoredConditions": false,
        "caycStatus": "compliant",
    });
    if let Some(before) = at.checked_sub(1).map(|before| &project.analyses[before]) {
        value["period"] = json!({
            "mode": "PREVIOUS_VERSION",
            "date": time(before.time),
            "parameter": before.version,
        });
    }
    value
}

/// `api/qualitygates/get_by_project`.
pub(super) fn by_project(sonarqube: &Sonarqube, request: &Request) -> Answer {
    named(sonarqube, request, "project")?;
    Ok(Reply::json(&json!({
        "qualityGate": {"name": GATE, "default": true},
    })))
}

/// `api/qualitygates/list`: the one gate.
pub(super) fn list() -> Reply {
    Reply::json(&json!({
        "qualitygates": [{
            "name": GATE,
            "isDefault": true,
            "isBuiltIn": true,
            "actions": {"rename": false, "setAsDefault": false, "copy": false,
                        "associateProjects": false, "delete": false, "manageConditions": false},
            "caycStatus": "compliant",
        }],
        "actions": {"create": false},
    }))
}

/// `api/qualitygates/show`: the conditions of a gate.
pub(super) fn show(request: &Request) -> Answer {
    let name = required(request, "name")?;
    if name != GATE {
        return Err(Refused::not_found(&format!(
            "No quality gate has been found for name {name}"
        )));
    }
    let conditions: Vec<Value> = CONDITIONS
        .iter()
        .enumerate()
        .map(|(id, (metric, comparator, threshold))| {
            json!({"id": (id + 1).to_string(), "metric": metric, "op": comparator, "error": threshold})
        })
        .collect();
    Ok(Reply::json(&json!({
        "name": GATE,
        "conditions": conditions,
        "isBuiltIn": true,
        "isDefault": true,
        "caycStatus": "compliant",
    })))
}
