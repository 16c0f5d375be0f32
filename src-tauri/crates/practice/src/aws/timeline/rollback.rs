//! The way back that somebody asks for: from a failure that was left as it was to the last state that held.

use super::back::remove_created;
use super::writer::{Writer, duration};
use super::{Setting, Timeline};
use crate::aws::model::{Deployment, Outcome, Resource, StackStatus};
use std::collections::BTreeSet;

/// Works out the removal of what a failed creation left.
pub fn of_creation(setting: &Setting<'_>, live: &Deployment) -> Timeline {
    let mut writer = Writer::new(setting);
    let reason = Some("User Initiated");
    writer.stack(0, StackStatus::RollbackInProgress, reason);
    for resource in live.resources.iter().rev().filter(|r| !r.is_deleted()) {
        let from = writer.last() + 1;
        remove_created(&mut writer, from, resource);
    }
    let end = writer.last() + 2;
    writer.stack(end, StackStatus::RollbackComplete, None);
    let mut after = live.clone();
    after.outputs.clear();
    after.imports = BTreeSet::new();
    ended(writer, after, |resource| {
        "DELETE_COMPLETE".clone_into(&mut resource.status);
    })
}

/// Works out the return of a failed update to what the stack had before.
pub fn of_update(setting: &Setting<'_>, live: &Deployment, stable: &Deployment) -> Timeline {
    let mut writer = Writer::new(setting);
    let reason = Some("User Initiated");
    writer.stack(0, StackStatus::UpdateRollbackInProgress, reason);
    let present = |wanted: &Resource| {
        live.resources
            .iter()
            .find(|now| now.logical_id == wanted.logical_id)
    };
    let moved: BTreeSet<&str> = stable
        .resources
        .iter()
        .filter(|wanted| !wanted.is_deleted())
        .filter(|wanted| {
            present(wanted).is_none_or(|now| {
                now.status.ends_with("_FAILED")
                    || now.properties != wanted.properties
                    || now.physical_id != wanted.physical_id
            })
        })
        .map(|wanted| wanted.logical_id.as_str())
        .collect();
    for resource in &stable.resources {
        if moved.contains(resource.logical_id.as_str()) {
            let id = &resource.physical_id;
            let end = 1 + duration(setting, resource, "back");
            writer.resource(1, resource, id, "UPDATE_IN_PROGRESS", None);
            writer.resource(end, resource, id, "UPDATE_COMPLETE", None);
        }
    }
    let cleanup = writer.last() + 2;
    writer.stack(
        cleanup,
        StackStatus::UpdateRollbackCompleteCleanupInProgress,
        None,
    );
    let is_new = |now: &&Resource| {
        !stable
            .resources
            .iter()
            .any(|old| old.logical_id == now.logical_id && old.physical_id == now.physical_id)
    };
    for resource in live.resources.iter().rev().filter(is_new) {
        remove_created(&mut writer, cleanup + 1, resource);
    }
    let end = writer.last() + 2;
    writer.stack(end, StackStatus::UpdateRollbackComplete, None);
    ended(writer, stable.clone(), |resource| {
        if moved.contains(resource.logical_id.as_str()) {
            "UPDATE_COMPLETE".clone_into(&mut resource.status);
        }
    })
}

/// Ends a timeline with what the stack has then, its resources marked.
fn ended(writer: Writer<'_>, mut after: Deployment, mark: impl Fn(&mut Resource)) -> Timeline {
    let started_at = writer.setting.started_at;
    let (events, statuses, ended_at) = writer.finish();
    for resource in &mut after.resources {
        let before = resource.status.clone();
        mark(resource);
        if resource.status != before {
            resource.reason = None;
            resource.updated_at = ended_at;
        }
    }
    Timeline {
        after,
        rollback_at: Some(started_at),
        events,
        statuses,
        ended_at,
        outcome: Outcome::Done,
    }
}
