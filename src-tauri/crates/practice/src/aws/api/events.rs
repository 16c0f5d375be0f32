//! DescribeStackEvents.

use super::super::error::{AwsError, AwsResult};
use super::super::estate::Estate;
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
