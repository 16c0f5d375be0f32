//! From the SDK's types, where everything is optional, to ours.
//!
//! Blank texts count as absent, because servers that are not AWS send them. What a thing cannot
//! be without (its id, its name) is an error when absent; nothing is made up.

pub(crate) mod change;

use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types as sdk;
use aws_smithy_types::DateTime;
use interlock_domain::change_set::{ChangeSet, ChangeSetState, OpenChangeSet};
use interlock_domain::stack::{
    PropertyDrift, ResourceDrift, Stack, StackDrift, StackEvent, StackOutput, StackParameter,
    StackResource, StackStatus,
};
use interlock_domain::{StackName, Timestamp};

use crate::explain::says_nothing_to_change;

/// Something that an answer of AWS always has is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{thing} has no usable {field}")]
pub(crate) struct Incomplete {
    pub thing: String,
    pub field: &'static str,
}

fn incomplete(thing: impl Into<String>, field: &'static str) -> Incomplete {
    Incomplete {
        thing: thing.into(),
        field,
    }
}

fn text(value: Option<&str>) -> Option<String> {
    value.filter(|text| !text.is_empty()).map(str::to_owned)
}

fn needed(value: Option<&str>, thing: &str, field: &'static str) -> Result<String, Incomplete> {
    text(value).ok_or_else(|| incomplete(thing, field))
}

fn time(value: Option<&DateTime>) -> Option<Timestamp> {
    let value = value?;
    let nanoseconds = i32::try_from(value.subsec_nanos()).ok()?;
    Timestamp::new(value.secs(), nanoseconds).ok()
}

pub(crate) fn stack(from: &sdk::Stack) -> Result<Stack, Incomplete> {
    let name = needed(from.stack_name(), "a stack", "name")?;
    let known_name = StackName::new(&name).map_err(|_| incomplete(&name, "name"))?;
    let status = from.stack_status().map(sdk::StackStatus::as_str);
    let drift = from.drift_information();
    let drift_status = drift.and_then(sdk::StackDriftInformation::stack_drift_status);
    Ok(Stack {
        id: needed(from.stack_id(), &name, "ARN")?,
        status: StackStatus(needed(status, &name, "status")?),
        status_reason: text(from.stack_status_reason()),
        description: text(from.description()),
        created_at: time(from.creation_time()).ok_or_else(|| incomplete(&name, "creation time"))?,
        updated_at: time(from.last_updated_time()),
        parameters: parameters(from.parameters()),
        outputs: from.outputs().iter().filter_map(output).collect(),
        tags: tags(from.tags()).into_iter().collect(),
        drift: StackDrift {
            status: drift_status
                .and_then(|status| text(Some(status.as_str())))
                .unwrap_or_else(|| "NOT_CHECKED".to_owned()),
            checked_at: drift.and_then(|drift| time(drift.last_check_timestamp())),
        },
        parent: text(from.parent_id()),
        capabilities: words(from.capabilities(), sdk::Capability::as_str),
        role: text(from.role_arn()),
        termination_protection: from.enable_termination_protection().unwrap_or(false),
        name: known_name,
    })
}

fn words<T>(values: &[T], word: impl Fn(&T) -> &str) -> Vec<String> {
    values.iter().map(|value| word(value).to_owned()).collect()
}

fn parameters(from: &[sdk::Parameter]) -> Vec<StackParameter> {
    let parameter = |from: &sdk::Parameter| {
        Some(StackParameter {
            key: text(from.parameter_key())?,
            value: from.parameter_value().unwrap_or_default().to_owned(),
            resolved: from.resolved_value().map(str::to_owned),
        })
    };
    from.iter().filter_map(parameter).collect()
}

fn output(from: &sdk::Output) -> Option<StackOutput> {
    Some(StackOutput {
        key: text(from.output_key())?,
        value: from.output_value().unwrap_or_default().to_owned(),
        export: text(from.export_name()),
    })
}

fn tags(from: &[sdk::Tag]) -> Vec<(String, String)> {
    let tag = |tag: &sdk::Tag| {
        let value = tag.value().unwrap_or_default().to_owned();
        Some((text(tag.key())?, value))
    };
    from.iter().filter_map(tag).collect()
}

pub(crate) fn resource(from: &sdk::StackResourceSummary) -> Result<StackResource, Incomplete> {
    let drift = from.drift_information();
    let drift =
        drift.and_then(sdk::StackResourceDriftInformationSummary::stack_resource_drift_status);
    let logical_id = needed(from.logical_resource_id(), "a resource", "logical id")?;
    let status = from.resource_status().map(sdk::ResourceStatus::as_str);
    Ok(StackResource {
        physical_id: text(from.physical_resource_id()),
        resource_type: needed(from.resource_type(), &logical_id, "type")?,
        status: needed(status, &logical_id, "status")?,
        drift: drift.and_then(|drift| text(Some(drift.as_str()))),
        logical_id,
    })
}

pub(crate) fn event(from: &sdk::StackEvent) -> Result<StackEvent, Incomplete> {
    let id = needed(from.event_id(), "an event", "id")?;
    Ok(StackEvent {
        at: time(from.timestamp()).ok_or_else(|| incomplete(&id, "time"))?,
        stack: needed(from.stack_name(), &id, "stack name")?,
        logical_id: from.logical_resource_id().unwrap_or_default().to_owned(),
        physical_id: text(from.physical_resource_id()),
        resource_type: from.resource_type().unwrap_or_default().to_owned(),
        // Events of hooks carry a hook status instead.
        status: from
            .resource_status()
            .map(sdk::ResourceStatus::as_str)
            .or_else(|| from.hook_status().map(sdk::HookStatus::as_str))
            .unwrap_or_default()
            .to_owned(),
        reason: text(from.resource_status_reason()).or_else(|| text(from.hook_status_reason())),
        token: text(from.client_request_token()),
        id,
    })
}

pub(crate) fn resource_drift(from: &sdk::StackResourceDrift) -> Result<ResourceDrift, Incomplete> {
    let logical_id = needed(
        from.logical_resource_id(),
        "a drifted resource",
        "logical id",
    )?;
    let status = from
        .stack_resource_drift_status()
        .map(sdk::StackResourceDriftStatus::as_str);
    let difference = |from: &sdk::PropertyDifference| PropertyDrift {
        path: from.property_path().unwrap_or_default().to_owned(),
        expected: from.expected_value().unwrap_or_default().to_owned(),
        actual: from.actual_value().unwrap_or_default().to_owned(),
    };
    Ok(ResourceDrift {
        resource_type: from.resource_type().unwrap_or_default().to_owned(),
        status: needed(status, &logical_id, "drift status")?,
        differences: from.property_differences().iter().map(difference).collect(),
        at: time(from.timestamp()),
        logical_id,
    })
}

/// A change set of a list.
pub(crate) fn open_change_set(set: &sdk::ChangeSetSummary) -> Result<OpenChangeSet, Incomplete> {
    let id = needed(set.change_set_id(), "a change set", "ARN")?;
    let status = set.status().map(sdk::ChangeSetStatus::as_str);
    let status = needed(status, &id, "status")?;
    let execution = set.execution_status().map(sdk::ExecutionStatus::as_str);
    Ok(OpenChangeSet {
        name: needed(set.change_set_name(), &id, "name")?,
        stack: needed(set.stack_name(), &id, "stack name")?,
        state: state(&status, execution.unwrap_or_default(), set.status_reason()),
        description: text(set.description()),
        created_at: time(set.creation_time()),
        id,
    })
}

/// The change set of a page-walk: head of the first page, changes of all.
pub(crate) fn change_set(pages: &[DescribeChangeSetOutput]) -> Result<ChangeSet, Incomplete> {
    let head = pages
        .first()
        .ok_or_else(|| incomplete("the change set", "page"))?;
    let id = needed(head.change_set_id(), "the change set", "ARN")?;
    let status = head.status().map(sdk::ChangeSetStatus::as_str);
    let status = needed(status, &id, "status")?;
    let execution = head.execution_status().map(sdk::ExecutionStatus::as_str);
    let execution_status = execution.unwrap_or_default().to_owned();
    let reason = text(head.status_reason());
    let mut changes = Vec::new();
    for change in pages.iter().flat_map(DescribeChangeSetOutput::changes) {
        if let Some(change) = change.resource_change() {
            changes.push(change::resource(change)?);
        }
    }
    Ok(ChangeSet {
        name: needed(head.change_set_name(), &id, "name")?,
        stack_id: needed(head.stack_id(), &id, "stack ARN")?,
        stack: needed(head.stack_name(), &id, "stack name")?,
        state: state(&status, &execution_status, reason.as_deref()),
        status,
        execution_status,
        reason,
        parameters: parameters(head.parameters()),
        capabilities: words(head.capabilities(), sdk::Capability::as_str),
        tags: tags(head.tags()),
        changes,
        folded: Vec::new(),
        drift_status: text(head.stack_drift_status().map(sdk::StackDriftStatus::as_str)),
        deployment_mode: text(head.deployment_mode().map(sdk::DeploymentMode::as_str)),
        id,
    })
}

/// Our reading of AWS's two words and its reason.
fn state(status: &str, execution: &str, reason: Option<&str>) -> ChangeSetState {
    let is_empty = reason.is_some_and(says_nothing_to_change);
    match (status, execution) {
        ("FAILED", _) if is_empty => ChangeSetState::Empty,
        ("FAILED" | "DELETE_FAILED", _) => ChangeSetState::Failed,
        (_, "OBSOLETE") => ChangeSetState::Obsolete,
        (_, "EXECUTE_IN_PROGRESS") => ChangeSetState::Executing,
        (_, "EXECUTE_COMPLETE") => ChangeSetState::Executed,
        (_, "EXECUTE_FAILED") => ChangeSetState::ExecutionFailed,
        // A set that is made may still wait for AWS to allow its execution.
        ("CREATE_PENDING" | "CREATE_IN_PROGRESS", _) | ("CREATE_COMPLETE", "UNAVAILABLE") => {
            ChangeSetState::Pending
        }
        ("CREATE_COMPLETE", "AVAILABLE") => ChangeSetState::Available,
        ("DELETE_PENDING" | "DELETE_IN_PROGRESS" | "DELETE_COMPLETE", _) => {
            ChangeSetState::Obsolete
        }
        _ => ChangeSetState::Unknown,
    }
}

#[cfg(test)]
mod tests;
