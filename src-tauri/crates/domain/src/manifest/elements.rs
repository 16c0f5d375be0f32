//! The elements of a manifest, flat and in words, and what differs between two manifests.

use super::{Delivery, JenkinsStack, Manifest, ServiceDelivery, StackDelivery};
use crate::{
    approval_rule::ApprovalRule,
    ids::{Region, StackName},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An element that differs between two manifests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Element in words, such as `template of payments-api-prod`.
    pub element: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// Group, name, value.
type Element = (String, String, String);

impl Manifest {
    /// Every element with its name, flat, in reading order.
    pub fn elements(&self) -> Vec<Element> {
        let mut list = List::of("promotion");
        let mut names = BTreeSet::new();
        let stacks = self.stacks().map(|(_, _, stack)| stack);
        list.in_several_regions = stacks
            .filter(|stack| !names.insert(stack.clone()))
            .collect();
        let order: Vec<&str> = self.services.iter().map(|it| it.service.as_str()).collect();
        list.add("services", order.join(", "));
        list.add("from", &self.from);
        list.add("to", &self.to);
        list.add("requester", &self.requester);
        let rules = [
            ("approvals", &self.approval_rules),
            ("approvals with a waiver", &self.waiver_rules),
            ("approvals in an emergency", &self.emergency_rules),
        ];
        for (when, rules) in rules {
            for rule in rules {
                list.add(&format!("{when}: {}", rule.name), asks(rule));
            }
        }
        if let Some(hours) = self.approvals_expire_hours {
            list.add("approvals expire", format!("after {hours} hours"));
        }
        list.add("policy", or_none(self.policy.as_ref()));
        list.add("roster", or_none(self.roster.as_ref()));
        for service in &self.services {
            service.list(&mut list);
        }
        list.elements
    }

    /// Names every element in which a later manifest differs. Gate verdicts are judged, not compared.
    pub fn moved_to(&self, later: &Self) -> Vec<Moved> {
        let before = self.elements();
        let after = later.elements();
        let mut moved = Vec::new();
        let find = |list: &[Element], group: &str, name: &str| {
            list.iter()
                .find(|(g, n, _)| g == group && n == name)
                .map(|(_, _, value)| value.clone())
        };
        for (group, name, value) in &before {
            let now = find(&after, group, name);
            if now.as_ref() != Some(value) {
                moved.push(Moved {
                    element: format!("{name} of {group}"),
                    before: value.clone(),
                    after: now.unwrap_or_else(|| "absent".into()),
                });
            }
        }
        for (group, name, value) in &after {
            if find(&before, group, name).is_none() {
                moved.push(Moved {
                    element: format!("{name} of {group}"),
                    before: "absent".into(),
                    after: value.clone(),
                });
            }
        }
        moved
    }
}

impl ServiceDelivery {
    fn list(&self, list: &mut List) {
        list.group = self.service.to_string();
        if !self.after.is_empty() {
            let after: Vec<&str> = self.after.iter().map(|it| it.as_str()).collect();
            list.add("delivered after", after.join(", "));
        }
        let unknown = || "not known".to_owned();
        list.add("version", self.version.clone().unwrap_or_else(unknown));
        let commit = self.commit.as_ref().map(ToString::to_string);
        list.add("commit", commit.unwrap_or_else(unknown));
        for request in &self.merge_requests {
            let by = request.merged_by.as_ref();
            let by = by.map_or_else(|| "merged".to_owned(), |by| format!("merged by {by}"));
            list.add(&format!("merge request {}", request.name), by);
        }
        if let Some(note) = &self.origin_note {
            list.add("who wrote and merged it", note);
        }
        for artifact in &self.artifacts {
            let name = format!("artifact for {} in {}", artifact.resource, artifact.stack);
            list.add(&name, &artifact.location);
        }
        match &self.delivery {
            Delivery::CloudFormation { stacks } => stacks.iter().for_each(|it| it.list(list)),
            Delivery::Jenkins {
                job,
                pipeline,
                parameters,
                stacks,
            } => {
                list.add("job", job);
                if let Some(pipeline) = pipeline {
                    let place = format!("{} in {}", pipeline.path, pipeline.repository);
                    list.add("pipeline template", place);
                    let commit = format!("{} ({})", pipeline.commit, pipeline.revision);
                    list.add("pipeline template's commit", commit);
                    list.add("pipeline template's text", pipeline.digest);
                }
                for (key, value) in parameters {
                    list.add(&format!("parameter {key}"), value);
                }
                stacks.iter().for_each(|it| it.list(list));
            }
        }
    }
}

impl StackDelivery {
    fn list(&self, list: &mut List) {
        list.stack(&self.stack, &self.region);
        list.add("account", &self.account);
        list.add("region", &self.region);
        list.add("change set", &self.change_set);
        if let Some(mode) = &self.deployment_mode {
            list.add("deployment mode", mode);
        }
        if let Some(role) = &self.role {
            list.add("role", role);
        }
        list.add("template", self.template);
        list.add("template at AWS", self.template_at_aws);
        if let Some(processed) = &self.template_processed {
            list.add("processed template", processed);
        }
        for (path, digest) in &self.nested_templates {
            list.add(&format!("template of nested stack {path}"), digest);
        }
        for (key, value) in &self.parameters {
            list.add(&format!("parameter {key}"), value);
        }
        for (key, value) in &self.tags {
            list.add(&format!("tag {key}"), value);
        }
        list.add("capabilities", self.capabilities.join(", "));
        list.add("changes announced", self.changes);
        list.add("base state", or_none(self.base.as_ref()));
        list.add("variable document", or_none(self.variables.as_ref()));
    }
}

impl JenkinsStack {
    fn list(&self, list: &mut List) {
        list.stack(&self.stack, &self.region);
        list.add("account", &self.account);
        list.add("region", &self.region);
        list.add("template", or_none(self.template.as_ref()));
        list.add("variable document", or_none(self.variables.as_ref()));
        list.add("base state", or_none(self.base.as_ref()));
    }
}

/// Elements as they are written down, group after group.
struct List {
    group: String,
    /// Stacks whose name alone does not tell which is meant.
    in_several_regions: BTreeSet<StackName>,
    elements: Vec<Element>,
}

impl List {
    fn of(group: &str) -> Self {
        Self {
            group: group.to_owned(),
            in_several_regions: BTreeSet::new(),
            elements: Vec::new(),
        }
    }

    fn stack(&mut self, stack: &StackName, region: &Region) {
        self.group = if self.in_several_regions.contains(stack) {
            format!("{stack} in {region}")
        } else {
            stack.to_string()
        };
    }

    fn add(&mut self, name: &str, value: impl ToString) {
        let element = (self.group.clone(), name.to_owned(), value.to_string());
        self.elements.push(element);
    }
}

/// What an approval rule asks for, in words.
fn asks(rule: &ApprovalRule) -> String {
    let by = if rule.from.is_empty() {
        "anybody".to_owned()
    } else {
        rule.from.join(" or ")
    };
    if rule.assurance > 0 {
        format!(
            "{} by {by}, key of assurance {}",
            rule.count, rule.assurance
        )
    } else {
        format!("{} by {by}", rule.count)
    }
}

fn or_none(value: Option<&impl ToString>) -> String {
    value.map_or_else(|| "none".into(), ToString::to_string)
}
