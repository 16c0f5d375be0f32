//! `api/issues/search`: issues of all projects, with facets and the components that they name.

mod filters;
mod issue;

pub(super) use issue::text_range;

use super::{
    Sonarqube,
    catalog::RuleKind,
    projects::BRANCH,
    wire::{Answer, Page, Refused, some_of},
};
use crate::web::{Reply, Request};
use issue::Issue;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Properties that can be counted.
const FACETS: [&str; 16] = [
    "projects",
    "files",
    "assigned_to_me",
    "severities",
    "statuses",
    "resolutions",
    "rules",
    "assignees",
    "author",
    "directories",
    "languages",
    "tags",
    "types",
    "impactSoftwareQualities",
    "impactSeverities",
    "issueStatuses",
];
/// Additions to an answer.
const ADDITIONAL: [&str; 8] = [
    "_all",
    "comments",
    "languages",
    "rules",
    "ruleDescriptionContextKey",
    "transitions",
    "actions",
    "users",
];

/// `api/issues/search`.
pub(super) fn search(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let page = Page::of_search(request, 100, 500)?;
    let additional = some_of(request, "additionalFields", &ADDITIONAL)?;
    check_branch(request)?;
    let mut found: Vec<Issue<'_>> = sonarqube
        .projects
        .iter()
        .flat_map(|project| {
            let findings = project.findings.iter();
            findings.map(move |finding| Issue { project, finding })
        })
        .filter(|issue| issue.finding.rule.kind != RuleKind::Hotspot)
        .collect();
    filters::keep(sonarqube, request, &mut found)?;
    filters::sort(request, &mut found)?;
    let total = found.len();
    let effort: u32 = found.iter().map(|issue| issue.finding.rule.minutes).sum();
    let facets = facets(request, &found)?;
    let issues: Vec<Value> = page.cut(found).iter().map(Issue::value).collect();
    let mut answer = json!({
        "total": total,
        "p": page.number,
        "ps": page.size,
        "paging": page.paging(total),
        "effortTotal": effort,
        "components": components(sonarqube, &issues),
        "facets": facets,
    });
    if additional.contains(&"users") || additional.contains(&"_all") {
        answer["users"] = json!([]);
    }
    answer["issues"] = issues.into();
    Ok(Reply::json(&answer))
}

fn check_branch(request: &Request) -> Result<(), Refused> {
    let key = request.field("components").unwrap_or_default();
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
        _ => Ok(()),
    }
}

fn facets(request: &Request, found: &[Issue<'_>]) -> Result<Vec<Value>, Refused> {
    let properties = some_of(request, "facets", &FACETS)?;
    let facets = properties.into_iter().map(|property| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for word in found.iter().flat_map(|issue| issue.words(property)) {
            *counts.entry(word).or_default() += 1;
        }
        let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let values: Vec<Value> = counts
            .into_iter()
            .map(|(word, count)| json!({"val": word, "count": count}))
            .collect();
        json!({"property": property, "values": values})
    });
    Ok(facets.collect())
}

/// The projects and files that the shown issues name.
fn components(sonarqube: &Sonarqube, issues: &[Value]) -> Vec<Value> {
    let mut named: Map<String, Value> = Map::new();
    for issue in issues {
        let (Some(key), Some(file)) = (issue["project"].as_str(), issue["component"].as_str())
        else {
            continue;
        };
        let Ok(project) = sonarqube.project(key) else {
            continue;
        };
        named.entry(key).or_insert_with(|| {
            json!({
                "key": key,
                "enabled": true,
                "qualifier": "TRK",
                "name": project.name,
                "longName": project.name,
            })
        });
        let path = file
            .strip_prefix(key)
            .unwrap_or(file)
            .trim_start_matches(':');
        named.entry(file).or_insert_with(|| {
            json!({
                "key": file,
                "enabled": true,
                "qualifier": "FIL",
                "name": path.rsplit('/').next(),
                "longName": path,
                "path": path,
            })
        });
    }
    named.into_iter().map(|(_, value)| value).collect()
}
