//! An operation as a timeline: every event with the instant at which it will have happened.
//!
//! Resources start when what they need is there and last one to four seconds, times the estate's pace; how long is
//! decided by their names, so that working a timeline out again gives the same one. A failure or a cancellation cuts it
//! and adds the way back.

pub mod adoption;
mod back;
mod deletion;
mod reasons;
pub mod rollback;
mod writer;

pub use deletion::delete;
pub use reasons::asked_failure;

use super::model::{
    Deployment, Inputs, OnFailure, OperationKind, Outcome, Resource, StackEvent, StackStatus,
    StatusStep,
};
use super::plan::{Action, Plan, PlannedResource};
use back::{WayBack, undo_creation, undo_update};
use jiff::Timestamp;
use reasons::failure_reason;
use std::collections::{BTreeMap, BTreeSet};
use writer::{Writer, duration};

/// The stack and the circumstances of an operation.
#[derive(Debug, Clone)]
pub struct Setting<'a> {
    /// Stack ARN.
    pub stack_id: &'a str,
    /// Stack name.
    pub stack_name: &'a str,
    /// Operation.
    pub operation: &'a str,
    /// Idempotency token.
    pub token: Option<&'a str>,
    /// When it begins.
    pub started_at: Timestamp,
    /// Multiplies durations.
    pub pace: f64,
    /// What a failure leads to.
    pub on_failure: OnFailure,
    /// Resources that fail, with the reason.
    pub failures: BTreeMap<String, String>,
    /// Reason for which the whole stack fails before its end.
    pub refusal: Option<String>,
    /// When somebody cancels it.
    pub cancelled_at: Option<Timestamp>,
}

/// A timeline.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// Events, oldest first.
    pub events: Vec<StackEvent>,
    /// The stack's status, step by step.
    pub statuses: Vec<StatusStep>,
    /// When the way back begins.
    pub rollback_at: Option<Timestamp>,
    /// When it ends.
    pub ended_at: Timestamp,
    /// What the stack has then.
    pub after: Deployment,
    /// How it ends.
    pub outcome: Outcome,
}

/// When a resource's step begins and ends, in milliseconds from the start.
#[derive(Debug, Clone, Copy)]
struct Span {
    begin: i64,
    end: i64,
}

fn spans(setting: &Setting<'_>, plan: &Plan) -> BTreeMap<String, Span> {
    let mut spans: BTreeMap<String, Span> = BTreeMap::new();
    for planned in plan.resources.iter().filter(|p| p.action != Action::Keep) {
        let begin = planned
            .needs
            .iter()
            .filter_map(|need| spans.get(need))
            .map(|span| span.end)
            .max()
            .unwrap_or(0)
            + 2;
        let end = begin + duration(setting, &planned.resource, "act");
        spans.insert(planned.resource.logical_id.clone(), Span { begin, end });
    }
    spans
}

/// Where a timeline breaks off, and for which reason.
struct Break {
    millis: i64,
    failed: Option<(String, String)>,
}

fn breaking(setting: &Setting<'_>, spans: &BTreeMap<String, Span>) -> Option<Break> {
    let first_failure = setting
        .failures
        .iter()
        .filter_map(|(id, reason)| {
            let span = spans.get(id)?;
            let millis = span.begin + (span.end - span.begin) * 6 / 10;
            Some((millis, id.clone(), reason.clone()))
        })
        .min()
        .map(|(millis, id, reason)| Break {
            millis,
            failed: Some((id, reason)),
        });
    let cancelled = setting.cancelled_at.map(|at| Break {
        millis: at
            .duration_since(setting.started_at)
            .as_millis()
            .try_into()
            .unwrap_or(i64::MAX),
        failed: None,
    });
    match (first_failure, cancelled) {
        (Some(failure), Some(cancelled)) if failure.millis <= cancelled.millis => Some(failure),
        (_, Some(cancelled)) => Some(cancelled),
        (failure, None) => failure,
    }
}

/// Works out the creation or update of a stack.
pub fn deploy(
    setting: &Setting<'_>,
    kind: OperationKind,
    plan: &Plan,
    live: &Deployment,
    inputs: &Inputs,
) -> Timeline {
    let is_create = kind == OperationKind::Create;
    let mut writer = Writer::new(setting);
    let begun = if is_create {
        StackStatus::CreateInProgress
    } else {
        StackStatus::UpdateInProgress
    };
    writer.stack(0, begun, Some("User Initiated"));
    let spans = spans(setting, plan);
    let broken = breaking(setting, &spans);
    let cut = broken.as_ref().map_or(i64::MAX, |b| b.millis);
    let mut failed = BTreeSet::new();
    for planned in &plan.resources {
        let Some(span) = spans.get(&planned.resource.logical_id) else {
            continue;
        };
        if span.begin >= cut {
            continue;
        }
        begin(&mut writer, planned, *span);
        let own_failure = broken
            .as_ref()
            .and_then(|b| b.failed.as_ref())
            .filter(|(id, _)| *id == planned.resource.logical_id);
        let failed_status = match planned.action {
            Action::Create => "CREATE_FAILED",
            _ => "UPDATE_FAILED",
        };
        let id = physical_while(planned);
        if let Some((_, reason)) = own_failure {
            failed.insert(planned.resource.logical_id.clone());
            writer.resource(cut, &planned.resource, id, failed_status, Some(reason));
        } else if span.end > cut {
            failed.insert(planned.resource.logical_id.clone());
            let reason = match planned.action {
                Action::Create => "Resource creation cancelled",
                _ => "Resource update cancelled",
            };
            writer.resource(cut + 1, &planned.resource, id, failed_status, Some(reason));
        } else {
            let status = match planned.action {
                Action::Create => "CREATE_COMPLETE",
                _ => "UPDATE_COMPLETE",
            };
            writer.resource(
                span.end,
                &planned.resource,
                &planned.resource.physical_id,
                status,
                None,
            );
        }
    }
    let started: BTreeSet<String> = spans
        .iter()
        .filter(|(_, span)| span.begin < cut)
        .map(|(id, _)| id.clone())
        .collect();
    let reason = match (&broken, &setting.refusal) {
        (Some(broken), _) => Some(failure_reason(plan, &failed, broken.failed.is_none())),
        (None, Some(refusal)) => Some(refusal.clone()),
        (None, None) => None,
    };
    let Some(reason) = reason else {
        return complete(writer, kind, plan, live, inputs);
    };
    let first = broken
        .and_then(|b| b.failed)
        .map_or_else(|| reason.clone(), |(id, why)| format!("{id}: {why}"));
    let way_back = WayBack {
        plan,
        live,
        inputs,
        started,
        reason,
        first,
    };
    if is_create {
        undo_creation(writer, way_back)
    } else {
        undo_update(writer, way_back)
    }
}

fn physical_while(planned: &PlannedResource) -> &str {
    match &planned.before {
        Some(before) => &before.physical_id,
        None => &planned.resource.physical_id,
    }
}

fn begin(writer: &mut Writer<'_>, planned: &PlannedResource, span: Span) {
    let resource = &planned.resource;
    let soon = span.begin + (span.end - span.begin) / 3;
    match planned.action {
        Action::Keep => {}
        Action::Create => {
            writer.resource(span.begin, resource, "", "CREATE_IN_PROGRESS", None);
            writer.resource(
                soon,
                resource,
                &resource.physical_id,
                "CREATE_IN_PROGRESS",
                Some("Resource creation Initiated"),
            );
        }
        Action::Modify => {
            writer.resource(
                span.begin,
                resource,
                &resource.physical_id,
                "UPDATE_IN_PROGRESS",
                None,
            );
        }
        Action::Replace => {
            let why = "Requested update requires the creation of a new physical resource; hence creating one.";
            writer.resource(
                span.begin,
                resource,
                physical_while(planned),
                "UPDATE_IN_PROGRESS",
                Some(why),
            );
            writer.resource(
                soon,
                resource,
                &resource.physical_id,
                "UPDATE_IN_PROGRESS",
                Some("Resource creation Initiated"),
            );
        }
    }
}

fn settled(planned: &PlannedResource, events: &[StackEvent], at: Timestamp) -> Resource {
    let mut resource = planned.resource.clone();
    let last = events.iter().rev().find(|event| {
        event.logical_id == resource.logical_id && !event.status.starts_with("DELETE")
    });
    if let Some(last) = last {
        resource.status.clone_from(&last.status);
        resource.reason.clone_from(&last.reason);
        resource.updated_at = last.at;
    } else if resource.status.is_empty() {
        "CREATE_COMPLETE".clone_into(&mut resource.status);
        resource.updated_at = at;
    }
    resource
}

fn remove(writer: &mut Writer<'_>, from: i64, resource: &Resource, policy: &str) {
    let keeps = matches!(resource.policy(policy), Some("Retain"));
    if keeps {
        writer.resource(
            from,
            resource,
            &resource.physical_id,
            "DELETE_SKIPPED",
            None,
        );
        return;
    }
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

fn complete(
    mut writer: Writer<'_>,
    kind: OperationKind,
    plan: &Plan,
    _live: &Deployment,
    inputs: &Inputs,
) -> Timeline {
    let end = writer.last() + 2;
    if kind == OperationKind::Create {
        writer.stack(end, StackStatus::CreateComplete, None);
    } else {
        writer.stack(end, StackStatus::UpdateCompleteCleanupInProgress, None);
        for planned in plan
            .resources
            .iter()
            .filter(|p| p.action == Action::Replace)
        {
            if let Some(before) = &planned.before {
                let mut old = before.clone();
                old.attributes.clone_from(&planned.resource.attributes);
                remove(&mut writer, end + 1, &old, "UpdateReplacePolicy");
            }
        }
        for resource in plan.removed.iter().rev() {
            remove(&mut writer, end + 1, resource, "DeletionPolicy");
        }
        let end = writer.last() + 2;
        writer.stack(end, StackStatus::UpdateComplete, None);
    }
    let (events, statuses, ended_at) = writer.finish();
    let resources = plan
        .resources
        .iter()
        .map(|planned| settled(planned, &events, ended_at))
        .collect();
    Timeline {
        after: Deployment {
            inputs: inputs.clone(),
            resources,
            outputs: plan.outputs.clone(),
            imports: plan.imports.clone(),
        },
        events,
        statuses,
        rollback_at: None,
        ended_at,
        outcome: Outcome::Done,
    }
}

/// Returns a creation that fails before any resource is begun.
pub fn refused_creation(setting: &Setting<'_>, inputs: &Inputs, reason: &str) -> Timeline {
    let mut setting = setting.clone();
    setting.refusal = Some(reason.to_owned());
    let nothing = Plan::default();
    deploy(
        &setting,
        OperationKind::Create,
        &nothing,
        &Deployment::default(),
        inputs,
    )
}
