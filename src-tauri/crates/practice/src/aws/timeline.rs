//! An operation as a timeline: every event with the instant at which it will have happened.
//!
//! Resources start when what they need is there and last one to four seconds, times the estate's pace; how long is
//! decided by their names, so that working a timeline out again gives the same one. A failure or a cancellation cuts it
//! and adds the way back.

use super::model::{
    Deployment, Inputs, OnFailure, OperationKind, Outcome, Resource, StackEvent, StackStatus,
    StatusStep,
};
use super::plan::{Action, Plan, PlannedResource};
use super::resource_types::uuid_of;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

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

/// An entry before instants are made distinct.
struct Entry {
    millis: i64,
    event: Option<StackEvent>,
    status: Option<(StackStatus, Option<String>)>,
}

struct Writer<'a> {
    setting: &'a Setting<'a>,
    entries: Vec<Entry>,
}

/// When a resource's step begins and ends, in milliseconds from the start.
#[derive(Debug, Clone, Copy)]
struct Span {
    begin: i64,
    end: i64,
}

impl Writer<'_> {
    fn resource(
        &mut self,
        millis: i64,
        resource: &Resource,
        physical_id: &str,
        status: &str,
        reason: Option<&str>,
    ) {
        let properties = (!status.starts_with("DELETE")).then(|| resource.shown().to_string());
        self.entries.push(Entry {
            millis,
            event: Some(StackEvent {
                id: String::new(),
                at: self.setting.started_at,
                logical_id: resource.logical_id.clone(),
                physical_id: physical_id.to_owned(),
                resource_type: resource.resource_type.clone(),
                status: status.to_owned(),
                reason: reason.map(str::to_owned),
                properties,
                token: self.setting.token.map(str::to_owned),
                operation: self.setting.operation.to_owned(),
            }),
            status: None,
        });
    }

    /// Notes a status of the stack; those that AWS's model does not know as event statuses make no event.
    fn stack(&mut self, millis: i64, status: StackStatus, reason: Option<&str>) {
        let is_silent = matches!(
            status,
            StackStatus::UpdateCompleteCleanupInProgress
                | StackStatus::UpdateRollbackCompleteCleanupInProgress
        );
        self.entries.push(Entry {
            millis,
            event: (!is_silent).then(|| StackEvent {
                id: String::new(),
                at: self.setting.started_at,
                logical_id: self.setting.stack_name.to_owned(),
                physical_id: self.setting.stack_id.to_owned(),
                resource_type: "AWS::CloudFormation::Stack".to_owned(),
                status: status.as_str().to_owned(),
                reason: reason.map(str::to_owned),
                properties: None,
                token: self.setting.token.map(str::to_owned),
                operation: self.setting.operation.to_owned(),
            }),
            status: Some((status, reason.map(str::to_owned))),
        });
    }

    fn last(&self) -> i64 {
        self.entries
            .iter()
            .map(|entry| entry.millis)
            .max()
            .unwrap_or(0)
    }

    /// Makes the instants distinct, so that the order of events is the order of time.
    fn finish(mut self) -> (Vec<StackEvent>, Vec<StatusStep>, Timestamp) {
        self.entries.sort_by_key(|entry| entry.millis);
        let mut events = Vec::new();
        let mut statuses = Vec::new();
        let mut previous = -1;
        let mut at = self.setting.started_at;
        for (index, entry) in self.entries.into_iter().enumerate() {
            previous = entry.millis.max(previous + 1);
            at = self.setting.started_at + SignedDuration::from_millis(previous);
            if let Some(mut event) = entry.event {
                event.at = at;
                let seed = format!("{}/{index}", self.setting.operation);
                event.id = if event.physical_id == self.setting.stack_id {
                    uuid_of(&seed)
                } else if event.status.starts_with("DELETE") {
                    format!("{}-{}", event.logical_id, uuid_of(&seed))
                } else {
                    let millis = at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ");
                    format!("{}-{}-{millis}", event.logical_id, event.status)
                };
                events.push(event);
            }
            if let Some((status, reason)) = entry.status {
                statuses.push(StatusStep { at, status, reason });
            }
        }
        (events, statuses, at)
    }
}

/// Returns how long a step on a resource lasts, in milliseconds.
fn duration(setting: &Setting<'_>, resource: &Resource, step: &str) -> i64 {
    let digest = Sha256::digest(format!(
        "{}/{}/{step}",
        setting.stack_name, resource.logical_id
    ));
    let spread = i64::from(u16::from_be_bytes([digest[0], digest[1]]) % 3000);
    let full = (1000 + spread) as f64 * setting.pace;
    let part = match step {
        "delete" => full * 0.5,
        _ => full,
    };
    // Rounded on purpose: instants have milliseconds.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most minutes, in milliseconds"
    )]
    {
        part as i64
    }
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
    let mut writer = Writer {
        setting,
        entries: Vec::new(),
    };
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

fn failure_reason(plan: &Plan, failed: &BTreeSet<String>, is_cancelled: bool) -> String {
    if is_cancelled {
        return "User Initiated".to_owned();
    }
    let of = |wanted_create: bool| -> Vec<&str> {
        plan.resources
            .iter()
            .filter(|p| (p.action == Action::Create) == wanted_create)
            .map(|p| p.resource.logical_id.as_str())
            .filter(|id| failed.contains(*id))
            .collect()
    };
    let mut text = String::new();
    for (ids, verb) in [(of(true), "create"), (of(false), "update")] {
        if !ids.is_empty() {
            text.push_str(&format!(
                "The following resource(s) failed to {verb}: [{}]. ",
                ids.join(", ")
            ));
        }
    }
    text
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
        resource.status = "CREATE_COMPLETE".to_owned();
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

/// What the way back needs.
struct WayBack<'a> {
    plan: &'a Plan,
    live: &'a Deployment,
    inputs: &'a Inputs,
    started: BTreeSet<String>,
    reason: String,
    first: String,
}

impl WayBack<'_> {
    fn touched(&self) -> impl DoubleEndedIterator<Item = &PlannedResource> {
        self.plan
            .resources
            .iter()
            .filter(|planned| self.started.contains(&planned.resource.logical_id))
    }
}

fn undo_creation(mut writer: Writer<'_>, way: WayBack<'_>) -> Timeline {
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
                resource.status = "DELETE_COMPLETE".to_owned();
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

fn spaced(reason: &str) -> String {
    let trimmed = reason.trim_end();
    if trimmed.ends_with('.') {
        format!("{trimmed} ")
    } else {
        format!("{trimmed}. ")
    }
}

fn rollback_instant(statuses: &[StatusStep]) -> Option<Timestamp> {
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

fn remove_created(writer: &mut Writer<'_>, from: i64, resource: &Resource) {
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

fn undo_update(mut writer: Writer<'_>, way: WayBack<'_>) -> Timeline {
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
fn restored(way: &WayBack<'_>, events: &[StackEvent]) -> Deployment {
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
fn left_as_it_is(way: &WayBack<'_>, events: &[StackEvent], at: Timestamp) -> Deployment {
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

/// Works out the deletion of a stack.
pub fn delete(setting: &Setting<'_>, live: &Deployment, retained: &BTreeSet<String>) -> Timeline {
    let mut writer = Writer {
        setting,
        entries: Vec::new(),
    };
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
        resource.status = if keeps {
            "DELETE_SKIPPED"
        } else {
            "DELETE_COMPLETE"
        }
        .to_owned();
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

/// Returns the text of a property that asks for a failure, with the reason that follows the magic words.
///
/// Any text of a resource's properties that contains `practice:fail` makes the resource fail; what follows the words is
/// the reason.
pub fn asked_failure(properties: &Value) -> Option<String> {
    match properties {
        Value::String(text) => text.split_once("practice:fail").map(|(_, rest)| {
            let reason = rest.trim_matches(|c: char| c == ':' || c.is_whitespace());
            if reason.is_empty() {
                "The practice estate was asked to fail here".to_owned()
            } else {
                reason.to_owned()
            }
        }),
        Value::Array(items) => items.iter().find_map(asked_failure),
        Value::Object(map) => map.values().find_map(asked_failure),
        _ => None,
    }
}
