//! Projects, their analyses, branches and background tasks.

use super::{
    Sonarqube,
    project::{Analysis, Project},
    wire::{Answer, Page, Refused, moment, one_of, required, some_of, time},
};
use crate::web::{Reply, Request};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Name of the only branch.
pub(super) const BRANCH: &str = "main";

/// The project that a request names in `field`, on a branch that exists.
pub(super) fn named<'a>(
    sonarqube: &'a Sonarqube,
    request: &Request,
    field: &str,
) -> Result<&'a Project, Refused> {
    let key = required(request, field)?;
    let project = sonarqube.project(key)?;
    match (request.field("branch"), request.field("pullRequest")) {
        (Some(_), Some(_)) => Err(Refused::bad_request(
            "Either branch or pull request can be provided, not both",
        )),
        (Some(branch), None) if branch != BRANCH => Err(Refused::not_found(&format!(
            "Component '{key}' on branch '{branch}' not found"
        ))),
        (None, Some(pull_request)) => Err(Refused::not_found(&format!(
            "Component '{key}' of pull request '{pull_request}' not found"
        ))),
        _ => Ok(project),
    }
}

/// `api/components/search`.
pub(super) fn search(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let page = Page::of_search(request, 100, 500)?;
    if request.path.last().is_some_and(|action| action == "search") {
        required(request, "qualifiers")?;
        let qualifiers = some_of(request, "qualifiers", &["APP", "SVW", "TRK", "VW"])?;
        let length = request.field("q").map(|text| text.chars().count());
        if let Some(length @ ..2) = length {
            return Err(Refused::bad_request(&format!(
                "'q' length ({length}) is shorter than the minimum authorized (2)"
            )));
        }
        if !qualifiers.contains(&"TRK") {
            return Ok(Reply::json(
                &json!({"paging": page.paging(0), "components": []}),
            ));
        }
    }
    let wanted = request.field("q").map(str::to_lowercase);
    let found: Vec<Value> = sonarqube
        .projects
        .iter()
        .filter(|project| {
            wanted
                .as_deref()
                .is_none_or(|text| project.name.contains(text) || project.key == text)
        })
        .map(|project| {
            json!({
                "key": project.key,
                "name": project.name,
                "qualifier": "TRK",
                "project": project.key,
                "tags": [project.team],
                "visibility": "private",
            })
        })
        .collect();
    let total = found.len();
    Ok(Reply::json(
        &json!({"paging": page.paging(total), "components": page.cut(found)}),
    ))
}

/// `api/components/show`.
pub(super) fn show(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let project = named(sonarqube, request, "component")?;
    let last = project.analyses.last();
    let before = project.analyses.iter().rev().nth(1);
    Ok(Reply::json(&json!({
        "component": {
            "key": project.key,
            "name": project.name,
            "description": "",
            "qualifier": "TRK",
            "analysisDate": last.map(|a| time(a.time)),
            "tags": [project.team],
            "visibility": "private",
            "leakPeriodDate": before.map(|a| time(a.time)),
            "version": last.map(|a| &a.version),
            "needIssueSync": false,
        },
        "ancestors": [],
    })))
}

/// `api/project_analyses/search`.
pub(super) fn analyses(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let project = named(sonarqube, request, "project")?;
    let page = Page::of(request, 100, 500)?;
    let (from, to) = (
        moment(request, "from", false)?,
        moment(request, "to", true)?,
    );
    let category = one_of(
        request,
        "category",
        &[
            "VERSION",
            "OTHER",
            "QUALITY_PROFILE",
            "QUALITY_GATE",
            "DEFINITION_CHANGE",
            "ISSUE_DETECTION",
            "SQ_UPGRADE",
        ],
    )?;
    let mut found: Vec<Value> = Vec::new();
    for (at, analysis) in project.analyses.iter().enumerate().rev() {
        let in_time = from.is_none_or(|from| analysis.time >= from)
            && to.is_none_or(|to| analysis.time <= to);
        let events = events(project, at);
        let fits = category.is_none_or(|c| events.iter().any(|event| event["category"] == c));
        if in_time && fits {
            found.push(json!({
                "key": analysis.key,
                "date": time(analysis.time),
                "events": events,
                "projectVersion": analysis.version,
                "revision": analysis.revision,
                "manualNewCodePeriodBaseline": false,
                "detectedCI": "Jenkins",
            }));
        }
    }
    let total = found.len();
    Ok(Reply::json(
        &json!({"paging": page.paging(total), "analyses": page.cut(found)}),
    ))
}

/// What was noted about an analysis: its version, and a gate that turned.
fn events(project: &Project, at: usize) -> Vec<Value> {
    let analysis = &project.analyses[at];
    let mut events = vec![json!({
        "key": format!("{}-version", analysis.key),
        "category": "VERSION",
        "name": analysis.version,
    })];
    let gate = project.gate(at);
    if at > 0 && project.gate(at - 1) != gate {
        events.push(json!({
            "key": format!("{}-gate", analysis.key),
            "category": "QUALITY_GATE",
            "name": if gate == "OK" { "Passed" } else { "Failed" },
            "description": "",
            "qualityGate": {"status": gate, "stillFailing": false, "failing": []},
        }));
    }
    events
}

/// `api/project_branches/list`.
pub(super) fn branches(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let project = named(sonarqube, request, "project")?;
    let last = project.last().map(|at| (at, &project.analyses[at]));
    Ok(Reply::json(&json!({"branches": [{
        "name": BRANCH,
        "isMain": true,
        "type": "LONG",
        "status": {"qualityGateStatus": last.map_or("NONE", |(at, _)| project.gate(at))},
        "analysisDate": last.map(|(_, analysis)| time(analysis.time)),
        "excludedFromPurge": true,
        "branchId": project.uuid,
    }]})))
}

/// `api/project_pull_requests/list`: none was analysed.
pub(super) fn pull_requests(sonarqube: &Sonarqube, request: &Request) -> Answer {
    named(sonarqube, request, "project")?;
    Ok(Reply::json(&json!({"pullRequests": []})))
}

/// `api/ce/component`.
pub(super) fn tasks(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let project = named(sonarqube, request, "component")?;
    let current = project.analyses.last().map(|a| task_value(project, a));
    Ok(Reply::json(&json!({"queue": [], "current": current})))
}

/// `api/ce/task`.
pub(super) fn task(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let id = required(request, "id")?;
    sonarqube
        .projects
        .iter()
        .flat_map(|project| project.analyses.iter().map(move |a| (project, a)))
        .find(|(_, analysis)| analysis.task == id)
        .map(|(project, analysis)| Reply::json(&json!({"task": task_value(project, analysis)})))
        .ok_or_else(|| Refused::not_found(&format!("No activity found for task '{id}'")))
}

fn task_value(project: &Project, analysis: &Analysis) -> Value {
    let submitted = analysis.time - SignedDuration::from_secs(19);
    json!({
        "id": analysis.task,
        "type": "REPORT",
        "componentId": project.uuid,
        "componentKey": project.key,
        "componentName": project.name,
        "componentQualifier": "TRK",
        "analysisId": analysis.key,
        "status": "SUCCESS",
        "submittedAt": time(submitted),
        "submitterLogin": "jenkins",
        "startedAt": time(submitted + SignedDuration::from_secs(2)),
        "executedAt": time(analysis.time),
        "executionTimeMs": 17_204,
        "hasScannerContext": true,
        "warningCount": 0,
        "warnings": [],
        "infoMessages": [],
    })
}
