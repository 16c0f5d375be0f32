//! The release manifest: the one document whose digest people approve.
//!
//! It is written once, by [`Manifest::to_bytes`], and from then on only its bytes count:
//! nothing re-encodes them. Two manifests are compared element by element to name what moved.

use crate::{
    Digest,
    approval_rule::ApprovalRule,
    ids::{
        AccountId, CommitId, EnvironmentName, JobName, PersonId, PromotionId, Region, ServiceName,
        StackName,
    },
    verdict::Verdict,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the document's shape.
pub const SCHEMA: &str = "interlock/manifest/v1";

/// What exactly is to be promoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Promotion.
    pub promotion: PromotionId,
    /// Attempt at preparing it, from 1; a new one follows when something moved.
    pub revision: u32,
    /// Service.
    pub service: ServiceName,
    /// Environment that it comes from.
    pub from: EnvironmentName,
    /// Environment that it goes to.
    pub to: EnvironmentName,
    /// Version that it brings.
    pub version: Option<String>,
    /// Commit that it brings.
    pub commit: Option<CommitId>,
    /// Who asks for it.
    pub requester: PersonId,
    /// Persons who wrote it, as far as Git tells: they cannot approve.
    pub authors: Vec<String>,
    /// How many of its commits each author wrote, by e-mail address, as far as Git tells.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub commits_by: BTreeMap<String, u32>,
    /// Approvals that it needs.
    pub approval_rules: Vec<ApprovalRule>,
    /// Approvals that it needs as well once a gate is waived.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiver_rules: Vec<ApprovalRule>,
    /// Approvals that it needs in place of all others in an emergency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emergency_rules: Vec<ApprovalRule>,
    /// Hours after which an approval counts no more; none when it always does.
    pub approvals_expire_hours: Option<u32>,
    /// SHA-256 of the policy that it is judged by.
    pub policy: Option<Digest>,
    /// SHA-256 of the roster that says who may approve.
    pub roster: Option<Digest>,
    /// How it is carried out.
    pub delivery: Delivery,
    /// Verdicts at the time of preparing.
    pub gates: Vec<Verdict>,
}

/// How a promotion is carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "via", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Delivery {
    /// Change sets, executed in order.
    CloudFormation {
        /// One a stack, in order.
        stacks: Vec<StackDelivery>,
    },
    /// A deploy job.
    Jenkins {
        /// Job.
        job: JobName,
        /// Parameters it is given, except the promotion's own.
        parameters: BTreeMap<String, String>,
        /// What the job will deploy, as far as the sources tell.
        stacks: Vec<JenkinsStack>,
    },
}

/// One stack of a CloudFormation promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StackDelivery {
    /// Stack.
    pub stack: StackName,
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// Change-set ARN.
    pub change_set: String,
    /// Whether AWS found nothing to change (it is then not executed).
    pub empty: bool,
    /// SHA-256 of the template bytes that were sent.
    pub template: Digest,
    /// SHA-256 of the template that AWS gives back for the change set.
    pub template_at_aws: Digest,
    /// Parameters; hidden ones say so.
    pub parameters: BTreeMap<String, String>,
    /// SHA-256 of the variable document, when one was used.
    pub variables: Option<Digest>,
    /// Capabilities.
    pub capabilities: Vec<String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// SHA-256 of the list of changes that AWS announced.
    pub changes: Digest,
    /// State that the change set starts from: stack id, last change, status; none for a new stack.
    pub base: Option<String>,
}

/// One stack that a deploy job will change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JenkinsStack {
    /// Stack.
    pub stack: StackName,
    /// Account.
    pub account: AccountId,
    /// Region.
    pub region: Region,
    /// SHA-256 of the template at the commit.
    pub template: Option<Digest>,
    /// SHA-256 of the variable document at the commit.
    pub variables: Option<Digest>,
    /// State that it starts from.
    pub base: Option<String>,
}

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

/// Bytes that are not a manifest of this version.
#[derive(Debug, thiserror::Error)]
#[error("not a release manifest: {0}")]
pub struct NotAManifest(#[source] serde_json::Error);

impl Manifest {
    /// Writes the document. Call once; keep the bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("a manifest has only text keys and plain values")
    }

    /// Reads a document.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAManifest> {
        serde_json::from_slice(bytes).map_err(NotAManifest)
    }

    /// Every element with its name, flat, in reading order.
    pub fn elements(&self) -> Vec<(String, String, String)> {
        let mut list = Vec::new();
        let mut add = |group: &str, name: &str, value: String| {
            list.push((group.to_owned(), name.to_owned(), value));
        };
        add("promotion", "service", self.service.to_string());
        add("promotion", "from", self.from.to_string());
        add("promotion", "to", self.to.to_string());
        add(
            "promotion",
            "version",
            self.version.clone().unwrap_or_else(|| "not known".into()),
        );
        add(
            "promotion",
            "commit",
            self.commit
                .as_ref()
                .map_or_else(|| "not known".into(), ToString::to_string),
        );
        add("promotion", "requester", self.requester.to_string());
        let rules = [
            ("approvals", &self.approval_rules),
            ("approvals with a waiver", &self.waiver_rules),
            ("approvals in an emergency", &self.emergency_rules),
        ];
        for (when, rules) in rules {
            for rule in rules {
                add("promotion", &format!("{when}: {}", rule.name), asks(rule));
            }
        }
        if let Some(hours) = self.approvals_expire_hours {
            add(
                "promotion",
                "approvals expire",
                format!("after {hours} hours"),
            );
        }
        add("promotion", "policy", or_none(self.policy.as_ref()));
        add("promotion", "roster", or_none(self.roster.as_ref()));
        match &self.delivery {
            Delivery::CloudFormation { stacks } => {
                for stack in stacks {
                    let group = stack.stack.as_str();
                    add(group, "account", stack.account.to_string());
                    add(group, "region", stack.region.to_string());
                    add(group, "change set", stack.change_set.clone());
                    add(group, "template", stack.template.to_string());
                    add(group, "template at AWS", stack.template_at_aws.to_string());
                    for (key, value) in &stack.parameters {
                        add(group, &format!("parameter {key}"), value.clone());
                    }
                    for (key, value) in &stack.tags {
                        add(group, &format!("tag {key}"), value.clone());
                    }
                    add(group, "capabilities", stack.capabilities.join(", "));
                    add(group, "changes announced", stack.changes.to_string());
                    add(group, "base state", or_none(stack.base.as_ref()));
                    add(
                        group,
                        "variable document",
                        or_none(stack.variables.as_ref()),
                    );
                }
            }
            Delivery::Jenkins {
                job,
                parameters,
                stacks,
            } => {
                add("job", "name", job.to_string());
                for (key, value) in parameters {
                    add("job", &format!("parameter {key}"), value.clone());
                }
                for stack in stacks {
                    let group = stack.stack.as_str();
                    add(group, "account", stack.account.to_string());
                    add(group, "region", stack.region.to_string());
                    add(group, "template", or_none(stack.template.as_ref()));
                    add(
                        group,
                        "variable document",
                        or_none(stack.variables.as_ref()),
                    );
                    add(group, "base state", or_none(stack.base.as_ref()));
                }
            }
        }
        list
    }

    /// Names every element in which a later manifest differs. Gate verdicts are judged, not compared.
    pub fn moved_to(&self, later: &Self) -> Vec<Moved> {
        let before = self.elements();
        let after = later.elements();
        let mut moved = Vec::new();
        let find = |list: &[(String, String, String)], group: &str, name: &str| {
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
