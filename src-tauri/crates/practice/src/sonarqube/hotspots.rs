//! `api/hotspots/search`: security hotspots of a project, which are never issues.

use super::{
    Sonarqube,
    catalog::RuleKind,
    findings::Finding,
    issues::text_range,
    project::Project,
    projects::named,
    wire::{Answer, Page, Refused, flag, one_of, time},
};
use crate::{
    bank::full_name,
    web::{Reply, Request},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// `api/hotspots/search`.
pub(super) fn search(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let page = Page::of_search(request, 100, 500)?;
    let field = ["project", "projectKey"]
        .into_iter()
        .find(|name| request.field(name).is_some())
        .ok_or_else(|| {
            Refused::bad_request(
                "A value must be provided for either parameter 'project' or parameter 'hotspots'",
            )
        })?;
    let project = named(sonarqube, request, field)?;
    let status = one_of(request, "status", &["TO_REVIEW", "REVIEWED"])?;
    let resolution = one_of(request, "resolution", &["FIXED", "SAFE", "ACKNOWLEDGED"])?;
    if resolution.is_some() && status != Some("REVIEWED") {
        return Err(Refused::bad_request(
            "Parameter 'resolution' can only be used with status 'REVIEWED'",
        ));
    }
    let last = project.last().unwrap_or(0);
    let only_new = flag(request, "inNewCodePeriod")?.unwrap_or(false);
    let files = request.words("files");
    let found: Vec<Value> = project
        .findings
        .iter()
        .filter(|f| f.rule.kind == RuleKind::Hotspot && f.is_open_at(last))
        .filter(|f| !only_new || (last > 0 && f.opened == last))
        .filter(|f| files.is_empty() || files.contains(&f.file.as_str()))
        .map(|finding| value(project, finding))
        .filter(|hotspot| status.is_none_or(|wanted| hotspot["status"] == wanted))
        .filter(|hotspot| resolution.is_none_or(|wanted| hotspot["resolution"] == wanted))
        .collect();
    let total = found.len();
    let shown = page.cut(found);
    Ok(Reply::json(&json!({
        "paging": page.paging(total),
        "hotspots": shown,
        "components": components(project, &shown),
    })))
}

fn value(project: &Project, finding: &Finding) -> Value {
    let rule = finding.rule;
    let created = project.analyses[finding.opened].time;
    let updated = finding
        .reviewed
        .and_then(|(at, _)| project.analyses.get(at))
        .map_or(created, |analysis| analysis.time);
    let mut value = json!({
        "key": finding.key,
        "component": format!("{}:{}", project.key, finding.file),
        "project": project.key,
        "securityCategory": rule.attribute.0,
        "vulnerabilityProbability": rule.severity,
        "status": if finding.reviewed.is_some() { "REVIEWED" } else { "TO_REVIEW" },
        "line": finding.line,
        "message": rule.message,
        "assignee": finding.author,
        "author": full_name(finding.author),
        "creationDate": time(created),
        "updateDate": time(updated),
        "textRange": text_range(finding),
        "flows": [],
        "ruleKey": rule.key,
        "messageFormattings": [],
    });
    if let Some((_, resolution)) = finding.reviewed {
        value["resolution"] = resolution.into();
    }
    value
}

fn components(project: &Project, shown: &[Value]) -> Vec<Value> {
    let files: BTreeSet<&str> = shown
        .iter()
        .filter_map(|h| h["component"].as_str())
        .collect();
    let whole = json!({
        "key": project.key,
        "qualifier": "TRK",
        "name": project.name,
        "longName": project.name,
    });
    let files = files.into_iter().map(|key| {
        let path = key.strip_prefix(project.key.as_str()).unwrap_or(key);
        let path = path.trim_start_matches(':');
        json!({
            "key": key,
            "qualifier": "FIL",
            "name": path.rsplit('/').next(),
            "longName": path,
            "path": path,
        })
    });
    std::iter::once(whole).chain(files).collect()
}
