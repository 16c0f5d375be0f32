//! The elements of a manifest, flat and in words, and what differs between two manifests.

use super::{Delivery, JenkinsStack, Manifest, ServiceDelivery, StackDelivery};
use crate::{
    approval_rule::ApprovalRule,
    ids::{Region, ServiceName, StackName},
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
            let after: Vec<&str> = self.after.iter().map(ServiceName::as_str).collect();
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
            Delivery::CloudFormation { stacks } => {
                for stack in stacks {
                    stack.list(list);
                }
            }
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
                for stack in stacks {
                    stack.list(list);
                }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CommitId, Digest, EnvironmentName, PersonId, PromotionId,
        ids::{AccountId, JobName},
        manifest::{NotAManifest, PipelineTemplate, SCHEMA},
    };
    use std::collections::BTreeMap;

    fn stack(region: &str, template: &str) -> JenkinsStack {
        JenkinsStack {
            stack: StackName::new("pay-prod").unwrap(),
            account: AccountId::new("333333333333").unwrap(),
            region: Region::new(region).unwrap(),
            template: Some(Digest::of(template.as_bytes())),
            variables: None,
            base: None,
        }
    }

    fn manifest(stacks: Vec<JenkinsStack>) -> Manifest {
        let pipeline = PipelineTemplate {
            repository: "pipelines".into(),
            path: "lambda.groovy".into(),
            revision: "main".into(),
            commit: CommitId::new("a".repeat(40)).unwrap(),
            digest: Digest::of(b"pipeline {}"),
        };
        Manifest {
            schema: SCHEMA.into(),
            promotion: PromotionId::new("PR-1").unwrap(),
            revision: 1,
            from: EnvironmentName::new("qa").unwrap(),
            to: EnvironmentName::new("prod").unwrap(),
            requester: PersonId::new("ana").unwrap(),
            services: vec![ServiceDelivery {
                service: ServiceName::new("pay").unwrap(),
                after: vec![],
                version: Some("1.0.0".into()),
                commit: None,
                merge_requests: vec![],
                authors: vec![],
                commits_by: BTreeMap::new(),
                origin_note: None,
                artifacts: vec![],
                delivery: Delivery::Jenkins {
                    job: JobName::new("deploy").unwrap(),
                    pipeline: Some(pipeline),
                    parameters: BTreeMap::new(),
                    stacks,
                },
            }],
            approval_rules: vec![],
            waiver_rules: vec![],
            emergency_rules: vec![],
            approvals_expire_hours: None,
            policy: None,
            roster: None,
            gates: vec![],
        }
    }

    fn moved(before: &Manifest, after: &Manifest) -> Vec<String> {
        let moved = before.moved_to(after).into_iter();
        moved.map(|it| it.element).collect()
    }

    #[test]
    fn a_stack_of_one_name_in_two_regions_is_two_stacks() {
        let (east, south) = (stack("us-east-1", "t"), stack("sa-east-1", "t"));
        let before = manifest(vec![east.clone(), south]);
        assert!(moved(&before, &before).is_empty());
        let after = manifest(vec![east, stack("sa-east-1", "edited")]);
        assert_eq!(
            moved(&before, &after),
            ["template of pay-prod in sa-east-1"]
        );
        // Alone it needs no region to be known.
        let one = manifest(vec![stack("us-east-1", "t")]);
        let edited = manifest(vec![stack("us-east-1", "edited")]);
        assert_eq!(moved(&one, &edited), ["template of pay-prod"]);
    }

    #[test]
    fn the_pipeline_template_and_the_order_are_elements() {
        let before = manifest(vec![]);
        let mut after = before.clone();
        if let Delivery::Jenkins { pipeline, .. } = &mut after.services[0].delivery {
            pipeline.as_mut().unwrap().digest = Digest::of(b"edited");
        }
        assert_eq!(moved(&before, &after), ["pipeline template's text of pay"]);
        let mut other = before.services[0].clone();
        other.service = ServiceName::new("cards").unwrap();
        let mut turned = before.clone();
        turned.services = vec![other.clone(), before.services[0].clone()];
        let mut straight = before.clone();
        straight.services.push(other);
        assert_eq!(moved(&straight, &turned), ["services of promotion"]);
    }

    #[test]
    fn a_manifest_of_another_shape_says_so() {
        let old = br#"{"schema":"interlock/manifest/v1","service":"pay"}"#;
        let error = Manifest::from_bytes(old).unwrap_err();
        assert!(matches!(error, NotAManifest::OtherSchema(_)), "{error}");
        let none = Manifest::from_bytes(b"{}").unwrap_err();
        assert!(matches!(none, NotAManifest::Unreadable(_)), "{none}");
        let bytes = manifest(vec![stack("us-east-1", "t")]).to_bytes();
        assert_eq!(Manifest::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    }
}
