//! Searches of issues and of security hotspots.

use super::{
    Sonarqube,
    catalog::RuleKind,
    findings::Finding,
    project::Project,
    projects::{BRANCH, named},
    wire::{Answer, Page, Refused, moment, time},
};
use crate::{
    bank::full_name,
    people,
    web::{Reply, Request},
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// An issue with all that a search looks at.
struct Issue<'a> {
    project: &'a Project,
    finding: &'a Finding,
}

impl Issue<'_> {
    fn created(&self) -> Timestamp {
        self.project.analyses[self.finding.opened].time
    }

    fn closed(&self) -> Option<Timestamp> {
        let closed = self.finding.closed?;
        self.project.analyses.get(closed).map(|a| a.time)
    }

    /// `issueStatus`, `status` and `resolution`.
    fn state(&self) -> (&'static str, &'static str, Option<&'static str>) {
        if self.closed().is_some() {
            ("FIXED", "CLOSED", Some("FIXED"))
        } else if self.finding.is_accepted {
            ("ACCEPTED", "RESOLVED", Some("WONTFIX"))
        } else {
            ("OPEN", "OPEN", None)
        }
    }

    fn is_new(&self) -> bool {
        let last = self.project.last().unwrap_or(0);
        last > 0 && self.finding.opened == last
    }

    /// The words under which a facet or a filter finds it.
    fn words(&self, property: &str) -> Vec<String> {
        let rule = self.finding.rule;
        let (issue_status, status, resolution) = self.state();
        let one = |text: &str| vec![text.to_owned()];
        match property {
            "severities" => one(rule.severity),
            "impactSeverities" => one(rule.impact()),
            "impactSoftwareQualities" => one(rule.kind.quality()),
            "types" => one(rule.kind.word()),
            "rules" => one(rule.key),
            "issueStatuses" => one(issue_status),
            "statuses" => one(status),
            "resolutions" => one(resolution.unwrap_or_default()),
            "tags" => rule.tags.iter().map(|tag| (*tag).to_owned()).collect(),
            "projects" => one(&self.project.key),
            "files" => one(&self.finding.file),
            "author" => one(&email(self.finding.author)),
            "languages" => one(rule.key.split(':').next().unwrap_or_default()),
            "cleanCodeAttributeCategories" => one(rule.attribute.1),
            _ => Vec::new(),
        }
    }

    fn value(&self) -> Value {
        let (finding, rule) = (self.finding, self.finding.rule);
        let (issue_status, status, resolution) = self.state();
        let effort = format!("{}min", rule.minutes);
        let updated = self.closed().unwrap_or_else(|| self.created());
        let mut value = json!({
            "key": finding.key,
            "rule": rule.key,
            "severity": rule.severity,
            "component": format!("{}:{}", self.project.key, finding.file),
            "project": self.project.key,
            "line": finding.line,
            "hash": hash_of(finding),
            "textRange": text_range(finding),
            "flows": [],
            "status": status,
            "message": rule.message,
            "effort": effort,
            "debt": effort,
            "author": email(finding.author),
            "tags": rule.tags,
            "creationDate": time(self.created()),
            "updateDate": time(updated),
            "type": rule.kind.word(),
            "scope": "MAIN",
            "quickFixAvailable": false,
            "messageFormattings": [],
            "codeVariants": [],
            "cleanCodeAttribute": rule.attribute.0,
            "cleanCodeAttributeCategory": rule.attribute.1,
            "impacts": [{"softwareQuality": rule.kind.quality(), "severity": rule.impact()}],
            "issueStatus": issue_status,
            "prioritizedRule": false,
        });
        if let Some(resolution) = resolution {
            value["resolution"] = resolution.into();
        }
        if let Some(closed) = self.closed() {
            value["closeDate"] = time(closed).into();
            // The place of a closed issue is no longer known.
            if let Some(object) = value.as_object_mut() {
                object.remove("textRange");
                object.remove("line");
            }
        }
        value
    }
}

fn email(id: &str) -> String {
    people::by_id(id).map_or_else(
        || format!("{id}@andesbank.example"),
        |person| person.email.to_owned(),
    )
}

fn hash_of(finding: &Finding) -> String {
    format!("{:0>32}", finding.key.to_lowercase().replace("az", ""))
}

fn text_range(finding: &Finding) -> Value {
    json!({"startLine": finding.line, "endLine": finding.line, "startOffset": 4, "endOffset": 31})
}

/// Filters by property: name of the parameter, older names of it.
const FILTERS: [(&str, &[&str]); 10] = [
    ("severities", &[]),
    ("impactSeverities", &[]),
    ("impactSoftwareQualities", &[]),
    ("types", &[]),
    ("rules", &[]),
    ("issueStatuses", &[]),
    ("statuses", &[]),
    ("resolutions", &[]),
    ("tags", &[]),
    ("projects", &["components", "componentKeys"]),
];

/// `api/issues/search`.
pub(super) fn search(sonarqube: &Sonarqube, request: &Request) -> Answer {
    let page = Page::of_search(request, 100, 500)?;
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
    for (property, aliases) in FILTERS {
        let names = std::iter::once(property).chain(aliases.iter().copied());
        let wanted: BTreeSet<&str> = names.flat_map(|name| request.words(name)).collect();
        if !wanted.is_empty() {
            found.retain(|issue| {
                issue
                    .words(property)
                    .iter()
                    .any(|w| wanted.contains(w.as_str()))
            });
        }
    }
    keep_more(request, &mut found)?;
    sort(request, &mut found)?;
    let total = found.len();
    let effort: u32 = found.iter().map(|issue| issue.finding.rule.minutes).sum();
    let facets = facets(request, &found);
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
    if request.words("additionalFields").contains(&"users") {
        answer["users"] = json!([]);
    }
    answer["issues"] = issues.into();
    Ok(Reply::json(&answer))
}

fn check_branch(request: &Request) -> Result<(), Refused> {
    match request.field("branch") {
        Some(branch) if branch != BRANCH => {
            let key = request.field("components").unwrap_or_default();
            Err(Refused::not_found(&format!(
                "Component '{key}' on branch '{branch}' not found"
            )))
        }
        _ => Ok(()),
    }
}

/// The filters that are no lists of words.
fn keep_more(request: &Request, found: &mut Vec<Issue<'_>>) -> Result<(), Refused> {
    let after = moment(request, "createdAfter", false)?;
    let before = moment(request, "createdBefore", true)?;
    let only_new = ["inNewCodePeriod", "sinceLeakPeriod"]
        .iter()
        .any(|name| request.says_yes(name));
    if only_new && after.is_some() {
        return Err(Refused::bad_request(
            "Parameters 'createdAfter' and 'inNewCodePeriod' cannot be set simultaneously",
        ));
    }
    let resolved = request
        .field("resolved")
        .map(|text| ["true", "yes"].contains(&text));
    let keys = request.words("issues");
    found.retain(|issue| {
        let created = issue.created();
        after.is_none_or(|after| created >= after)
            && before.is_none_or(|before| created < before)
            && (!only_new || issue.is_new())
            && resolved.is_none_or(|wanted| issue.state().2.is_some() == wanted)
            && (keys.is_empty() || keys.contains(&issue.finding.key.as_str()))
    });
    Ok(())
}

fn sort(request: &Request, found: &mut [Issue<'_>]) -> Result<(), Refused> {
    let rank = |issue: &Issue<'_>| {
        ["INFO", "MINOR", "MAJOR", "CRITICAL", "BLOCKER"]
            .iter()
            .position(|severity| *severity == issue.finding.rule.severity)
    };
    match request.field("s").unwrap_or("CREATION_DATE") {
        "CREATION_DATE" => found.sort_by_key(Issue::created),
        "UPDATE_DATE" => found.sort_by_key(|i| i.closed().unwrap_or_else(|| i.created())),
        "CLOSE_DATE" => found.sort_by_key(Issue::closed),
        "SEVERITY" => found.sort_by_key(rank),
        "STATUS" => found.sort_by_key(|issue| issue.state().1),
        "FILE_LINE" => found.sort_by_key(|i| (i.finding.file.clone(), i.finding.line)),
        other => {
            return Err(Refused::bad_request(&format!(
                "Value of parameter 's' ({other}) must be one of: [CLOSE_DATE, CREATION_DATE, \
                 FILE_LINE, HOTSPOTS, SEVERITY, STATUS, UPDATE_DATE]"
            )));
        }
    }
    // Newest first unless asked otherwise; equal ones stay in the order of their projects.
    if request.field("asc") == Some("false") || request.field("s").is_none() {
        found.reverse();
    }
    Ok(())
}

fn facets(request: &Request, found: &[Issue<'_>]) -> Vec<Value> {
    request
        .words("facets")
        .into_iter()
        .map(|property| {
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
        })
        .collect()
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

/// `api/hotspots/search`.
pub(super) fn hotspots(sonarqube: &Sonarqube, request: &Request) -> Answer {
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
    let (status, resolution) = (request.field("status"), request.field("resolution"));
    if resolution.is_some() && status != Some("REVIEWED") {
        return Err(Refused::bad_request(
            "Parameter 'resolution' can only be used with status 'REVIEWED'",
        ));
    }
    let last = project.last().unwrap_or(0);
    let only_new = request.says_yes("inNewCodePeriod");
    let found: Vec<Value> = project
        .findings
        .iter()
        .filter(|f| f.rule.kind == RuleKind::Hotspot && f.is_open_at(last))
        .filter(|f| !only_new || (last > 0 && f.opened == last))
        .map(|finding| hotspot_value(project, finding))
        .filter(|hotspot| status.is_none_or(|wanted| hotspot["status"] == wanted))
        .filter(|hotspot| resolution.is_none_or(|wanted| hotspot["resolution"] == wanted))
        .collect();
    let total = found.len();
    let shown = page.cut(found);
    Ok(Reply::json(&json!({
        "paging": page.paging(total),
        "hotspots": shown,
        "components": hotspot_components(project, &shown),
    })))
}

fn hotspot_value(project: &Project, finding: &Finding) -> Value {
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

fn hotspot_components(project: &Project, shown: &[Value]) -> Vec<Value> {
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
