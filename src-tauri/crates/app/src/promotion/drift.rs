//! What a deployment does to what was changed by hand: live, deployed last, and after, three ways.
//!
//! It takes what the last drift detection of AWS found, which costs one call and only where the
//! stack is known to have drifted; it starts no detection.

use crate::{console::Console, drift::DriftKnowledge};
use interlock_domain::{
    Scope, Timestamp,
    change_set::{ChangeSet, PropertyChange, ResourceChange},
    stack::{ResourceDrift, Stack},
};
use interlock_stackdiff::{DriftFate, ThreeValues, drift_fate};

/// One property that was changed by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriftLine {
    /// Logical id.
    pub logical_id: String,
    /// JSON pointer into the resource; empty when the resource itself was deleted.
    pub path: String,
    /// As it is.
    pub live: Option<String>,
    /// As deployed last.
    pub deployed: Option<String>,
    /// As the change set would have it.
    pub after: Option<String>,
    /// What the deployment does to it.
    pub fate: DriftFate,
    /// When the live value was seen.
    pub at: Option<Timestamp>,
}

impl DriftLine {
    /// A property with its fate; none when it is live as it was deployed.
    fn of(logical_id: &str, values: ThreeValues, at: Option<Timestamp>) -> Option<Self> {
        let fate = drift_fate(&values);
        (fate != DriftFate::InSync).then(|| Self {
            logical_id: logical_id.to_owned(),
            path: values.path,
            live: values.live,
            deployed: values.deployed,
            after: values.after,
            fate,
            at,
        })
    }
}

/// What was changed by hand in a stack, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenDrift {
    /// What is known, and how old that is.
    pub knowledge: DriftKnowledge,
    /// Whether the change set puts it back.
    pub reverts: bool,
    /// Property by property.
    pub lines: Vec<DriftLine>,
}

impl Console {
    /// What was changed by hand in a stack, and what a change set does to it.
    pub(super) async fn seen_drift(
        &self,
        scope: &Scope,
        stack: &Stack,
        set: &ChangeSet,
    ) -> SeenDrift {
        let mut seen = SeenDrift {
            knowledge: DriftKnowledge::of(stack),
            reverts: reverts(set),
            lines: Vec::new(),
        };
        if let (true, Some(status)) = (seen.reverts, set.drift_status.as_deref()) {
            // AWS looked when it made the change set, which is newer than any detection.
            seen.lines = put_back(set);
            seen.knowledge = DriftKnowledge::Checked {
                drifted: status == "DRIFTED",
                at: seen.lines.iter().filter_map(|line| line.at).max(),
                is_older_than_stack: false,
            };
        } else if seen.knowledge.is_drifted() {
            let reader = self.ports().stacks.clone();
            let drifted = reader.drifted_resources(scope, stack.name.as_str()).await;
            match drifted {
                Ok(drifted) => seen.lines = lines(&drifted, stack, set),
                Err(error) => {
                    tracing::warn!(%error, stack = %stack.name, "what was changed by hand is not known");
                    seen.knowledge = DriftKnowledge::NotKnown(error.message);
                }
            }
        }
        seen
    }
}

/// Whether a change set puts back what was changed by hand.
fn reverts(set: &ChangeSet) -> bool {
    set.deployment_mode.as_deref() == Some("REVERT_DRIFT")
}

/// What a drift-aware change set says of what was changed by hand.
fn put_back(set: &ChangeSet) -> Vec<DriftLine> {
    let mut lines = Vec::new();
    for row in set.changes.iter().filter(|row| row.nested_in.is_empty()) {
        if row.drift_status.as_deref() == Some("DELETED") {
            lines.push(DriftLine {
                logical_id: row.logical_id.clone(),
                path: String::new(),
                live: None,
                deployed: Some(row.resource_type.clone()),
                after: None,
                fate: if row.action == "Remove" {
                    DriftFate::SameAlready
                } else {
                    DriftFate::Overwritten
                },
                at: None,
            });
        }
        for detail in &row.details {
            let Some(drift) = detail.drift.as_ref() else {
                continue;
            };
            let values = ThreeValues {
                path: pointer(detail),
                live: drift.actual.clone(),
                deployed: drift.previous.clone(),
                after: detail.after.clone(),
                ignored: None,
                reverts: true,
            };
            lines.extend(DriftLine::of(&row.logical_id, values, drift.at));
        }
    }
    lines.dedup();
    lines
}

fn lines(drifted: &[ResourceDrift], stack: &Stack, set: &ChangeSet) -> Vec<DriftLine> {
    let reverts = reverts(set);
    let mut lines = Vec::new();
    for resource in drifted {
        let row = set
            .changes
            .iter()
            .find(|row| row.nested_in.is_empty() && row.logical_id == resource.logical_id);
        let at = resource.at.or(stack.drift.checked_at);
        if resource.status == "DELETED" {
            lines.push(DriftLine {
                logical_id: resource.logical_id.clone(),
                path: String::new(),
                live: None,
                deployed: Some(resource.resource_type.clone()),
                after: None,
                fate: match row.map(|row| row.action.as_str()) {
                    None => DriftFate::Stays,
                    Some("Remove") => DriftFate::SameAlready,
                    Some(_) => DriftFate::Overwritten,
                },
                at,
            });
        }
        for difference in &resource.differences {
            let path = format!("/Properties{}", difference.path);
            let value = |text: &String| Some(text.clone()).filter(|text| text != "null");
            let deployed = value(&difference.expected);
            let values = ThreeValues {
                live: value(&difference.actual),
                after: row.map_or_else(
                    || deployed.clone(),
                    |row| after(row, &path, deployed.as_ref()),
                ),
                ignored: row.and_then(|row| {
                    let mut ignored = row.drift_ignored.iter();
                    let found = ignored.find(|ignored| ignored.path == path);
                    found.map(|ignored| ignored.reason.clone())
                }),
                deployed,
                reverts,
                path,
            };
            lines.extend(DriftLine::of(&resource.logical_id, values, at));
        }
    }
    lines
}

/// What a row makes of a property: its own word, or what was deployed where it does not touch it.
fn after(row: &ResourceChange, path: &str, deployed: Option<&String>) -> Option<String> {
    if row.action == "Remove" {
        return None;
    }
    let touches = |detail: &&PropertyChange| {
        let inside = path.strip_prefix(&pointer(detail));
        inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match row.details.iter().find(touches) {
        Some(detail) if pointer(detail) == path => detail.after.clone(),
        // It rewrites what holds the property, and does not say how this part comes out.
        Some(_) => None,
        None => deployed.cloned(),
    }
}

/// The place of a detail in the resource. AWS names whole attributes, such as tags, without one.
fn pointer(detail: &PropertyChange) -> String {
    match (detail.path.as_str(), detail.attribute.as_str()) {
        (path, _) if path.starts_with('/') => path.to_owned(),
        ("", attribute) => format!("/{attribute}"),
        (name, attribute) => format!("/{attribute}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promotion::tests_support::stack;
    use interlock_domain::{
        change_set::{ChangeSetState, LiveDrift},
        stack::PropertyDrift,
    };

    fn set(changes: Vec<ResourceChange>) -> ChangeSet {
        ChangeSet {
            id: "arn".into(),
            name: "set".into(),
            stack_id: "id".into(),
            stack: "stack".into(),
            state: ChangeSetState::Available,
            status: "CREATE_COMPLETE".into(),
            execution_status: "AVAILABLE".into(),
            reason: None,
            parameters: vec![],
            capabilities: vec![],
            tags: vec![],
            changes,
            folded: vec![],
            drift_status: None,
            deployment_mode: None,
        }
    }

    fn row(path: &str, after: &str) -> ResourceChange {
        ResourceChange {
            action: "Modify".into(),
            logical_id: "Queue".into(),
            details: vec![PropertyChange {
                path: path.into(),
                after: Some(after.into()),
                ..PropertyChange::default()
            }],
            ..ResourceChange::default()
        }
    }

    fn drift(status: &str, differences: &[(&str, &str, &str)]) -> ResourceDrift {
        ResourceDrift {
            logical_id: "Queue".into(),
            resource_type: "AWS::SQS::Queue".into(),
            status: status.into(),
            differences: differences
                .iter()
                .map(|(path, expected, actual)| PropertyDrift {
                    path: (*path).into(),
                    expected: (*expected).into(),
                    actual: (*actual).into(),
                })
                .collect(),
            at: None,
        }
    }

    fn fates(drifted: ResourceDrift, set: &ChangeSet) -> Vec<DriftFate> {
        let lines = lines(&[drifted], &stack("payments"), set);
        lines.into_iter().map(|line| line.fate).collect()
    }

    #[test]
    fn a_change_by_hand_is_overwritten_kept_or_already_what_is_wanted() {
        let by_hand = || drift("MODIFIED", &[("/DelaySeconds", "1", "5")]);
        let of = |attribute: &str, path: &str| {
            let mut row = row(path, "9");
            attribute.clone_into(&mut row.details[0].attribute);
            row
        };
        for (changes, fate) in [
            (vec![], DriftFate::Stays),
            (vec![row("/Properties/Other", "9")], DriftFate::Stays),
            (
                vec![row("/Properties/DelaySeconds", "9")],
                DriftFate::Overwritten,
            ),
            (
                vec![row("/Properties/DelaySeconds", "5")],
                DriftFate::SameAlready,
            ),
            (vec![row("/Properties", "{}")], DriftFate::Overwritten),
            (
                vec![of("Properties", "DelaySeconds")],
                DriftFate::Overwritten,
            ),
            (vec![of("Properties", "Delay")], DriftFate::Stays),
            (vec![of("Properties", "")], DriftFate::Overwritten),
            (vec![of("Tags", "")], DriftFate::Stays),
        ] {
            assert_eq!(fates(by_hand(), &set(changes)), [fate]);
        }
    }

    #[test]
    fn a_drift_aware_change_set_keeps_nothing_but_what_aws_ignores() {
        let mut aware = set(vec![row("/Properties/Other", "9")]);
        aware.deployment_mode = Some("REVERT_DRIFT".into());
        let by_hand = || drift("MODIFIED", &[("/DelaySeconds", "1", "5")]);
        assert_eq!(fates(by_hand(), &aware), [DriftFate::Overwritten]);
        aware.changes[0].drift_ignored = vec![interlock_domain::change_set::IgnoredDrift {
            path: "/Properties/DelaySeconds".into(),
            reason: "MANAGED_BY_AWS".into(),
        }];
        assert_eq!(fates(by_hand(), &aware), [DriftFate::Unknown]);
    }

    #[test]
    fn a_drift_aware_change_set_tells_what_it_puts_back_itself() {
        let mut changed = row("/Properties/DelaySeconds", "1");
        changed.details[0].drift = Some(LiveDrift {
            previous: Some("1".into()),
            actual: Some("5".into()),
            at: None,
        });
        let gone = ResourceChange {
            action: "Add".into(),
            logical_id: "Gone".into(),
            drift_status: Some("DELETED".into()),
            ..ResourceChange::default()
        };
        let lines = put_back(&set(vec![changed, row("/Properties/Other", "9"), gone]));
        let told: Vec<_> = lines
            .iter()
            .map(|line| (line.logical_id.as_str(), line.path.as_str(), line.fate))
            .collect();
        assert_eq!(
            told,
            [
                ("Queue", "/Properties/DelaySeconds", DriftFate::Overwritten),
                ("Gone", "", DriftFate::Overwritten)
            ]
        );
    }

    #[test]
    fn what_is_only_ordered_otherwise_is_no_drift_and_a_deleted_resource_is() {
        let other_order = drift("MODIFIED", &[("/List", r#"["a","b"]"#, r#"["b","a"]"#)]);
        assert_eq!(fates(other_order, &set(vec![])), []);
        assert_eq!(
            fates(drift("DELETED", &[]), &set(vec![])),
            [DriftFate::Stays]
        );
    }
}
