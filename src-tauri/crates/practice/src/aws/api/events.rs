//! DescribeStackEvents and DescribeEvents.

use super::super::error::{AwsError, AwsResult};
use super::super::estate::Estate;
use super::super::model::{Stack, StackEvent};
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
    let mut events: Vec<_> = (0_i64..)
        .zip(stack.events_until(ask.now))
        .filter(|(_, event)| operation.as_ref().is_none_or(|id| event.operation == *id))
        .filter(|(_, event)| !only_failed || event.status.ends_with("_FAILED"))
        .collect();
    events.reverse();
    let of = format!("{}/{operation:?}/{only_failed}", stack.id);
    let (found, token) = page(ask, &of, events, |(number, _)| descending(*number))?;
    xml.list("OperationEvents", found, |xml, (_, event)| {
        write(stack, event, xml);
    });
    next(xml, token);
    Ok(())
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
