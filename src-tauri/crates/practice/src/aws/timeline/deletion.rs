//! The deletion of a stack.

use super::writer::{Writer, duration};
use super::{Setting, Timeline};
use crate::aws::model::{Deployment, Outcome, StackStatus};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// Works out the deletion of a stack.
pub fn delete(setting: &Setting<'_>, live: &Deployment, retained: &BTreeSet<String>) -> Timeline {
    let mut writer = Writer::new(setting);
    writer.stack(0, StackStatus::DeleteInProgress, Some("User Initiated"));
    let mut after = live.clone();
    let mut from = 2;
    for resource in after.resources.iter_mut().rev().filter(|r| !r.is_deleted()) {
        let keeps = retained.contains(&resource.logical_id)
            || matches!(
                resource.policy("DeletionPolicy"),
                Some("Retain" | "RetainExceptOnCreate")
            );
        let end = if keeps {
            writer.resource(
                from,
                resource,
                &resource.physical_id,
                "DELETE_SKIPPED",
                None,
            );
            from
        } else {
            let end = from + duration(setting, resource, "delete");
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
            end
        };
        let status = if keeps {
            "DELETE_SKIPPED"
        } else {
            "DELETE_COMPLETE"
        };
        status.clone_into(&mut resource.status);
        resource.reason = None;
        resource.updated_at = setting.started_at + SignedDuration::from_millis(end);
        from = end + 1;
    }
    let end = writer.last() + 2;
    writer.stack(end, StackStatus::DeleteComplete, None);
    let (events, statuses, ended_at) = writer.finish();
    after.outputs.clear();
    after.imports.clear();
    Timeline {
        events,
        statuses,
        rollback_at: None,
        ended_at,
        after,
        outcome: Outcome::Done,
    }
}
