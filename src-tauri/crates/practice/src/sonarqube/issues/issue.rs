//! An issue: a finding of a project, with the words under which searches find it.

use super::super::{findings::Finding, project::Project, wire::time};
use crate::people;
use jiff::Timestamp;
use serde_json::{Value, json};

/// An issue with all that a search looks at.
pub(super) struct Issue<'a> {
    pub project: &'a Project,
    pub finding: &'a Finding,
}

impl Issue<'_> {
    /// When an analysis saw it first.
    pub fn created(&self) -> Timestamp {
        self.project.analyses[self.finding.opened].time
    }

    /// When an analysis did not see it any more.
    pub fn closed(&self) -> Option<Timestamp> {
        let closed = self.finding.closed?;
        self.project.analyses.get(closed).map(|a| a.time)
    }

    /// `issueStatus`, `status` and `resolution`.
    pub fn state(&self) -> (&'static str, &'static str, Option<&'static str>) {
        if self.closed().is_some() {
            ("FIXED", "CLOSED", Some("FIXED"))
        } else if self.finding.is_accepted {
            ("ACCEPTED", "RESOLVED", Some("WONTFIX"))
        } else {
            ("OPEN", "OPEN", None)
        }
    }

    /// Whether it came with the last version.
    pub fn is_new(&self) -> bool {
        let last = self.project.last().unwrap_or(0);
        last > 0 && self.finding.opened == last
    }

    /// The words under which a facet or a filter finds it.
    pub fn words(&self, property: &str) -> Vec<String> {
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

    /// The issue as a search gives it.
    pub fn value(&self) -> Value {
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

/// Where in its line a finding stands.
pub(in super::super) fn text_range(finding: &Finding) -> Value {
    json!({"startLine": finding.line, "endLine": finding.line, "startOffset": 4, "endOffset": 31})
}
