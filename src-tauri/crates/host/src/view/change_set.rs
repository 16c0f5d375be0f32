//! Change sets of a promotion: what AWS says that it would do.

use interlock_contract::{
    Tone,
    promotion::{ChangeSetView, ResourceChangeDetailView, ResourceChangeView},
};
use interlock_domain::{
    change_set::{ChangeSet, ChangeSetState, ResourceChange},
    manifest::{Delivery, Manifest},
};

/// Change sets as a manifest names them, each with what AWS answered.
pub(super) fn change_sets(
    manifest: &Manifest,
    asked: Vec<Result<ChangeSet, (String, String)>>,
) -> Vec<ChangeSetView> {
    let Delivery::CloudFormation { stacks } = &manifest.delivery else {
        return Vec::new();
    };
    stacks
        .iter()
        .zip(asked)
        .map(|(stack, answer)| {
            let name = stack
                .change_set
                .rsplit('/')
                .nth(1)
                .unwrap_or(&stack.change_set)
                .to_owned();
            let base = ChangeSetView {
                stack: stack.stack.to_string(),
                account: stack.account.to_string(),
                region: stack.region.to_string(),
                name,
                status: String::new(),
                tone: Tone::Unknown,
                reason: None,
                empty: stack.empty,
                changes: Vec::new(),
            };
            match answer {
                Err((status, reason)) => ChangeSetView {
                    status,
                    reason: Some(reason),
                    ..base
                },
                Ok(set) => ChangeSetView {
                    name: set.name.clone(),
                    status: if stack.empty {
                        "no change".into()
                    } else {
                        format!("{} / {}", set.status, set.execution_status)
                    },
                    tone: match set.state {
                        ChangeSetState::Available | ChangeSetState::Executed => Tone::Ok,
                        ChangeSetState::Empty => Tone::Neutral,
                        ChangeSetState::Pending | ChangeSetState::Executing => Tone::Running,
                        ChangeSetState::Failed
                        | ChangeSetState::ExecutionFailed
                        | ChangeSetState::Obsolete => Tone::Bad,
                        ChangeSetState::Unknown => Tone::Unknown,
                    },
                    reason: set.reason.clone(),
                    changes: set.changes.iter().map(resource_change).collect(),
                    ..base
                },
            }
        })
        .collect()
}

fn resource_change(change: &ResourceChange) -> ResourceChangeView {
    let (impact, tone) = match (change.action.as_str(), change.replacement.as_deref()) {
        ("Add", _) => ("added", Tone::Ok),
        ("Remove", _) => match change.policy_action.as_deref() {
            Some("Retain") => ("left behind", Tone::Waiting),
            Some("Snapshot") => ("removed after a snapshot", Tone::Bad),
            _ => ("removed", Tone::Bad),
        },
        ("Import", _) => ("imported", Tone::Ok),
        ("Modify", Some("True")) => ("replaced", Tone::Bad),
        ("Modify", Some("Conditional")) => ("may be replaced", Tone::Waiting),
        ("Modify", _) => ("changes in place", Tone::Running),
        _ => ("decided by AWS at run time", Tone::Unknown),
    };
    let mut details: Vec<ResourceChangeDetailView> = Vec::new();
    for detail in &change.details {
        let path = if detail.path.is_empty() {
            detail.attribute.clone()
        } else {
            detail.path.clone()
        };
        let cause = match (detail.source.as_deref(), detail.causing_entity.as_deref()) {
            (Some("ParameterReference"), Some(name)) => format!("parameter {name}"),
            (Some("ResourceReference" | "ResourceAttribute"), Some(name)) => {
                format!("follows {name}")
            }
            (Some("DirectModification"), _) => "edited in the template".into(),
            (Some("Automatic"), _) => "nested stack".into(),
            _ => "not said".into(),
        };
        // One property that a parameter changes comes as two rows: they are one for a reader.
        if let Some(known) = details.iter_mut().find(|known| known.path == path) {
            if known.cause == "edited in the template" && cause != "not said" {
                known.cause = cause;
            }
            if known.before.is_none() {
                known.before.clone_from(&detail.before);
            }
            if known.after.is_none() {
                known.after.clone_from(&detail.after);
            }
            continue;
        }
        details.push(ResourceChangeDetailView {
            path,
            before: detail.before.clone(),
            after: detail.after.clone(),
            cause,
            recreation: detail
                .recreation
                .clone()
                .unwrap_or_else(|| "not said".into()),
        });
    }
    ResourceChangeView {
        action: change.action.clone(),
        logical_id: change.logical_id.clone(),
        physical_id: change.physical_id.clone(),
        resource_type: change.resource_type.clone(),
        replacement: change.replacement.clone(),
        impact: impact.into(),
        tone,
        details,
    }
}
