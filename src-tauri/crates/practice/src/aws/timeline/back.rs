//! The way back: what a failed or cancelled creation or update does to what it had begun.

use super::writer::{Writer, duration};
use super::{Timeline, settled};
use crate::aws::model::{
    Deployment, Inputs, OnFailure, Outcome, Resource, StackEvent, StackStatus, StatusStep,
};
use crate::aws::plan::{Action, Plan, PlannedResource};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// What the way back needs.
pub(super) struct WayBack<'a> {
    pub(super) plan: &'a Plan,
    pub(super) live: &'a Deployment,
    pub(super) inputs: &'a Inputs,
    pub(super) started: BTreeSet<String>,
    pub(super) reason: String,
    pub(super) first: String,
}

impl WayBack<'_> {
    pub(super) fn touched(&self) -> impl DoubleEndedIterator<Item = &PlannedResource> {
        self.plan
            .resources
            .iter()
            .filter(|planned| self.started.contains(&planned.resource.logical_id))
    }
}

pub(super) fn undo_creation(mut writer: Writer<'_>, way: WayBack<'_>) -> Timeline {
    let at = writer.last() + 2;
    let mode = writer.setting.on_failure;
    let mut rollback = None;
    match mode {
        OnFailure::DoNothing => {
            writer.stack(at, StackStatus::CreateFailed, Some(way.reason.trim_end()));
        }
        OnFailure::Rollback | OnFailure::Delete => {
            let reason = format!("{}Rollback requested by user.", spaced(&way.reason));
            let (begun, ended) = if mode == OnFailure::Rollback {
                (
                    StackStatus::RollbackInProgress,
                    StackStatus::RollbackComplete,
                )
            } else {
                (StackStatus::DeleteInProgress, StackStatus::DeleteComplete)
            };
            rollback = Some(at);
            writer.stack(at, begun, Some(&reason));
            for planned in way.touched().rev() {
                remove_created(&mut writer, at + 1, &planned.resource);
            }
            let end = writer.last() + 2;
            writer.stack(end, ended, None);
        }
    }
    let started_at = writer.setting.started_at;
    let (events, statuses, ended_at) = writer.finish();
    let resources = way
        .touched()
        .map(|planned| {
            let mut resource = settled(planned, &events, ended_at);
            if mode != OnFailure::DoNothing {
                "DELETE_COMPLETE".clone_into(&mut resource.status);
                resource.reason = None;
                resource.updated_at = ended_at;
            }
            resource
        })
        .collect();
    Timeline {
        after: Deployment {
            inputs: way.inputs.clone(),
            resources,
            outputs: Vec::new(),
            imports: BTreeSet::new(),
        },
        rollback_at: rollback.map(|_| rollback_instant(&statuses).unwrap_or(started_at)),
        events,
        statuses,
        ended_at,
        outcome: Outcome::Failed(way.first),
    }
}

pub(super) fn undo_update(mut writer: Writer<'_>, way: WayBack<'_>) -> Timeline {
    let at = writer.last() + 2;
    let is_left = writer.setting.on_failure == OnFailure::DoNothing;
    if is_left {
        writer.stack(at, StackStatus::UpdateFailed, Some(way.reason.trim_end()));
    } else {
        writer.stack(at, StackStatus::UpdateRollbackInProgress, Some(&way.reason));
        for planned in way.touched() {
            let Some(before) = &planned.before else {
                continue;
            };
            let end = at + 1 + duration(writer.setting, before, "back");
            writer.resource(
                at + 1,
                before,
                &before.physical_id,
                "UPDATE_IN_PROGRESS",
                None,
            );
            writer.resource(end, before, &before.physical_id, "UPDATE_COMPLETE", None);
        }
        let cleanup = writer.last() + 2;
        writer.stack(
            cleanup,
            StackStatus::UpdateRollbackCompleteCleanupInProgress,
            None,
        );
        for planned in way.touched().rev() {
            if matches!(planned.action, Action::Create | Action::Replace) {
                remove_created(&mut writer, cleanup + 1, &planned.resource);
            }
        }
        let end = writer.last() + 2;
        writer.stack(end, StackStatus::UpdateRollbackComplete, None);
    }
    let (events, statuses, ended_at) = writer.finish();
    let after = if is_left {
        left_as_it_is(&way, &events, ended_at)
    } else {
        restored(&way, &events)
    };
    Timeline {
        after,
        rollback_at: rollback_instant(&statuses),
        events,
        statuses,
        ended_at,
        outcome: Outcome::Failed(way.first),
    }
}

/// The stack with what it had, whose resources carry the marks of the way there and back.
pub(super) fn restored(way: &WayBack<'_>, events: &[StackEvent]) -> Deployment {
    let mut after = way.live.clone();
    for resource in &mut after.resources {
        if !way.started.contains(&resource.logical_id) {
            continue;
        }
        let last = events.iter().rev().find(|event| {
            event.logical_id == resource.logical_id && event.status == "UPDATE_COMPLETE"
        });
        if let Some(last) = last {
            resource.status.clone_from(&last.status);
            resource.reason = None;
            resource.updated_at = last.at;
        }
    }
    after
}

/// The stack half way, when a failure must not be rolled back.
pub(super) fn left_as_it_is(way: &WayBack<'_>, events: &[StackEvent], at: Timestamp) -> Deployment {
    let mut after = way.live.clone();
    for planned in way.touched() {
        let resource = settled(planned, events, at);
        let is_failed = resource.status.ends_with("_FAILED");
        let place = after
            .resources
            .iter()
            .position(|old| old.logical_id == resource.logical_id);
        match place {
            Some(place) if is_failed => {
                after.resources[place].status = resource.status;
                after.resources[place].reason = resource.reason;
                after.resources[place].updated_at = resource.updated_at;
            }
            Some(place) => after.resources[place] = resource,
            None => after.resources.push(resource),
        }
    }
    after.inputs = way.inputs.clone();
    after
}

pub(super) fn rollback_instant(statuses: &[StatusStep]) -> Option<Timestamp> {
    statuses
        .iter()
        .find(|step| {
            matches!(
                step.status,
                StackStatus::RollbackInProgress
                    | StackStatus::DeleteInProgress
                    | StackStatus::UpdateRollbackInProgress
            )
        })
        .map(|step| step.at)
}

pub(super) fn spaced(reason: &str) -> String {
    let trimmed = reason.trim_end();
    if trimmed.ends_with('.') {
        format!("{trimmed} ")
    } else {
        format!("{trimmed}. ")
    }
}

pub(super) fn remove_created(writer: &mut Writer<'_>, from: i64, resource: &Resource) {
    let end = from + duration(writer.setting, resource, "delete");
    writer.resource(
        from,
        resource,
        &resource.physical_id,
        "DELETE_IN_PROGRESS",
        None,
    );
    writer.resource(
        end,
        resource,
        &resource.physical_id,
        "DELETE_COMPLETE",
        None,
    );
}
