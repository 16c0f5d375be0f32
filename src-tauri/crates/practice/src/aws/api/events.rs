//! DescribeStackEvents and DescribeEvents.

use super::super::changes::{ChangeAction, ResourceChange};
use super::super::error::{AwsError, AwsResult};
use super::super::estate::Estate;
use super::super::model::{ChangeSet, Stack, StackEvent};
use super::super::resource_types::uuid_of;
use super::super::xml::Xml;
use super::Ask;
use super::pages::{descending, next, page};

/// Describes the events so far, newest first.
pub fn describe(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    let index = estate
        .find(&ask.site, name)
        .ok_or_else(|| AwsError::validation(format!("Stack [{name}] does not exist")))?;
    let stack = &estate.stacks[index];
    let mut events: Vec<_> = (0_i64..).zip(stack.events_until(ask.now)).collect();
    events.reverse();
    let (found, token) = page(ask, &stack.id, events, |(number, _)| descending(*number))?;
    xml.list("StackEvents", found, |xml, (_, event)| {
        xml.text("StackId", &stack.id)
            .text("EventId", &event.id)
            .text("StackName", &stack.name)
            .text("OperationId", &event.operation)
            .text("LogicalResourceId", &event.logical_id)
            .text("PhysicalResourceId", &event.physical_id)
            .text("ResourceType", &event.resource_type)
            .time("Timestamp", event.at)
            .text("ResourceStatus", &event.status)
            .maybe("ResourceStatusReason", event.reason.as_ref())
            .maybe("ResourceProperties", event.properties.as_ref())
            .maybe("ClientRequestToken", event.token.as_ref());
    });
    next(xml, token);
    Ok(())
}

/// Describes the events of a stack's operations, or of one operation, newest first.
pub fn of_operations(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let fields = &ask.fields;
    let (index, operation) = match (
        fields.get("OperationId"),
        fields.get("ChangeSetName"),
        fields.get("StackName"),
    ) {
        (Some(id), _, _) => (of_operation(ask, estate, id)?, Some(id.to_owned())),
        (None, Some(set), stack) => {
            let (index, set) = estate.find_change_set(&ask.site, set, stack)?;
            let executed = estate.stacks[index].change_sets[set].executed_by.clone();
            (index, Some(executed.unwrap_or_default()))
        }
        (None, None, Some(name)) => (
            estate
                .find(&ask.site, name)
                .ok_or_else(|| AwsError::validation(format!("Stack [{name}] does not exist")))?,
            None,
        ),
        (None, None, None) => {
            return Err(AwsError::validation(
                "One of StackName, ChangeSetName or OperationId must be specified.",
            ));
        }
    };
    let only_failed = fields.flag("Filters.FailedEvents").unwrap_or(false);
    let stack = &estate.stacks[index];
    let asked = fields.get("ChangeSetName").and_then(|name| {
        stack
            .change_sets
            .iter()
            .find(|set| set.id == name || set.name == name)
    });
    let found = asked.map(|set| (set, validations(set, ask)));
    let found = found
        .iter()
        .flat_map(|(set, changes)| changes.iter().map(|change| Entry::Found(set, change)));
    let happened = stack
        .events_until(ask.now)
        .iter()
        .filter(|event| operation.as_ref().is_none_or(|id| event.operation == *id))
        .filter(|event| !only_failed || event.status.ends_with("_FAILED"))
        .map(Entry::Happened);
    let mut events: Vec<_> = (0_i64..).zip(found.chain(happened)).collect();
    events.reverse();
    let of = format!("{}/{operation:?}/{only_failed}", stack.id);
    let (found, token) = page(ask, &of, events, |(number, _)| descending(*number))?;
    xml.list("OperationEvents", found, |xml, (_, entry)| match entry {
        Entry::Happened(event) => write(stack, event, xml),
        Entry::Found(set, change) => write_validation(stack, set, change, xml),
    });
    next(xml, token);
    Ok(())
}

/// What DescribeEvents tells of.
enum Entry<'e> {
    /// Something that happened to a stack or resource.
    Happened(&'e StackEvent),
    /// Something that the checks of a change set found.
    Found(&'e ChangeSet, &'e ResourceChange),
}

/// The resources that a check warns of: buckets that go, of which nobody knows that they are empty.
fn validations<'s>(set: &'s ChangeSet, ask: &Ask<'_>) -> Vec<&'s ResourceChange> {
    let goes = |change: &&ResourceChange| {
        change.action == ChangeAction::Remove
            && change.resource_type == "AWS::S3::Bucket"
            && change.policy_action.as_deref() == Some("Delete")
    };
    let changes = set.changes.iter().filter(goes);
    changes.filter(|_| ask.now >= set.ready_at).collect()
}

fn write_validation(stack: &Stack, set: &ChangeSet, change: &ResourceChange, xml: &mut Xml) {
    let id = uuid_of(&format!("{}/{}", set.id, change.logical_id));
    xml.text("EventId", &id)
        .text("StackId", &stack.id)
        .text("OperationId", uuid_of(&set.id))
        .text("OperationType", "CREATE_CHANGESET")
        .text("EventType", "VALIDATION_ERROR")
        .text("LogicalResourceId", &change.logical_id)
        .maybe("PhysicalResourceId", change.physical_id.as_ref())
        .text("ResourceType", &change.resource_type)
        .time("Timestamp", set.ready_at)
        .text("ValidationFailureMode", "WARN")
        .text("ValidationName", "BUCKET_EMPTINESS_VALIDATION")
        .text("ValidationStatus", "FAILED")
        .text(
            "ValidationStatusReason",
            "The bucket is not empty: its deletion will fail.",
        )
        .text(
            "ValidationPath",
            format!("/Resources/{}", change.logical_id),
        );
}

/// Finds the stack that an operation was of.
fn of_operation(ask: &Ask<'_>, estate: &Estate, id: &str) -> AwsResult<usize> {
    estate
        .stacks
        .iter()
        .position(|stack| {
            stack.account == ask.site.account
                && stack.region == ask.site.region
                && stack.history.iter().any(|past| past.id == id)
        })
        .ok_or_else(|| AwsError::validation(format!("Operation [{id}] does not exist")))
}

fn write(stack: &Stack, event: &StackEvent, xml: &mut Xml) {
    let of_stack = event.physical_id == stack.id;
    let kind = match (of_stack, event.status.ends_with("_FAILED")) {
        (true, _) => "STACK_EVENT",
        (false, true) => "PROVISIONING_ERROR",
        (false, false) => "PROGRESS_EVENT",
    };
    let past = stack.history.iter().find(|past| past.id == event.operation);
    let status = if event.status.ends_with("_IN_PROGRESS") {
        "IN_PROGRESS"
    } else if event.status.contains("ROLLBACK") || event.status.ends_with("_FAILED") {
        "FAILED"
    } else {
        "SUCCEEDED"
    };
    xml.text("EventId", &event.id)
        .text("StackId", &stack.id)
        .text("OperationId", &event.operation)
        .maybe("OperationType", past.map(|past| past.kind.as_str()))
        .maybe("OperationStatus", of_stack.then_some(status))
        .text("EventType", kind)
        .text("LogicalResourceId", &event.logical_id)
        .text("PhysicalResourceId", &event.physical_id)
        .text("ResourceType", &event.resource_type)
        .time("Timestamp", event.at)
        .text("ResourceStatus", &event.status)
        .maybe("ResourceStatusReason", event.reason.as_ref())
        .maybe("ResourceProperties", event.properties.as_ref())
        .maybe("ClientRequestToken", event.token.as_ref());
}
