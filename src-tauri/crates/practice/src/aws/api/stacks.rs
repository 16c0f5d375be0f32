//! DescribeStacks and ListStacks.

use super::super::error::AwsResult;
use super::super::estate::Estate;
use super::super::model::{Inputs, Outcome, Stack, StackStatus};
use super::super::xml::Xml;
use super::Ask;
use super::pages::{descending, next, page};
use jiff::Timestamp;

fn key(stack: &Stack) -> String {
    format!(
        "{}/{}",
        descending(stack.created_at.as_millisecond()),
        stack.id
    )
}

/// Describes one stack or all that are not deleted.
pub fn describe(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let mut found: Vec<&Stack> = match ask.fields.get("StackName") {
        Some(name) => vec![&estate.stacks[estate.require(&ask.site, name)?]],
        None => estate
            .of_site(&ask.site)
            .filter(|stack| stack.status_at(ask.now).0 != StackStatus::DeleteComplete)
            .collect(),
    };
    found.sort_by_key(|stack| key(stack));
    let (found, token) = page(ask, "", found, |stack| key(stack))?;
    xml.list("Stacks", found, |xml, stack| {
        write(stack, estate, ask.now, xml);
    });
    next(xml, token);
    Ok(())
}

fn write(stack: &Stack, estate: &Estate, now: Timestamp, xml: &mut Xml) {
    let (status, reason) = stack.status_at(now);
    let inputs = stack.shown_inputs(now);
    let executed = stack
        .history
        .iter()
        .rev()
        .find_map(|past| past.change_set.as_ref());
    let in_review = stack.change_sets.first().map(|set| &set.id);
    let change_set = match status {
        StackStatus::ReviewInProgress => in_review,
        _ => executed,
    };
    xml.text("StackId", &stack.id)
        .text("StackName", &stack.name);
    xml.maybe("ChangeSetId", change_set);
    xml.maybe("Description", inputs.description.as_ref());
    parameters(inputs, xml);
    xml.time("CreationTime", stack.created_at)
        .maybe_time("DeletionTime", stack.deleted_at)
        .maybe_time("LastUpdatedTime", stack.updated_at)
        .inside("RollbackConfiguration", |_| {})
        .text("StackStatus", status.as_str())
        .maybe("StackStatusReason", reason)
        .flag("DisableRollback", stack.disable_rollback)
        .texts("NotificationARNs", &inputs.notification_arns)
        .maybe(
            "TimeoutInMinutes",
            stack.timeout_minutes.map(|minutes| minutes.to_string()),
        )
        .texts("Capabilities", &inputs.capabilities);
    if !stack.live.outputs.is_empty() {
        xml.list("Outputs", &stack.live.outputs, |xml, output| {
            xml.text("OutputKey", &output.key)
                .text("OutputValue", &output.value)
                .maybe("Description", output.description.as_ref())
                .maybe("ExportName", output.export.as_ref());
        });
    }
    xml.maybe("RoleARN", inputs.role_arn.as_ref());
    tags(inputs, xml);
    xml.flag("EnableTerminationProtection", stack.termination_protection);
    family(stack, estate, xml);
    drift(stack, now, xml);
    operations(stack, xml);
}

/// Writes a stack's last operations, newest first.
fn operations(stack: &Stack, xml: &mut Xml) {
    if stack.history.is_empty() {
        return;
    }
    let mut entries = Vec::new();
    if let Some(last) = stack.history.last() {
        entries.push((last.kind.as_str(), last.id.clone()));
        let is_rolled_back = matches!(last.outcome, Some(Outcome::Failed(_)))
            && stack.status.as_str().contains("ROLLBACK");
        if is_rolled_back {
            entries.insert(
                0,
                ("ROLLBACK", super::super::resource_types::uuid_of(&last.id)),
            );
        }
    }
    xml.list("LastOperations", entries, |xml, (kind, id)| {
        xml.text("OperationType", kind).text("OperationId", id);
    });
}

fn family(stack: &Stack, estate: &Estate, xml: &mut Xml) {
    let Some(parent) = &stack.parent else {
        return;
    };
    let mut root = parent;
    while let Some(above) = estate
        .stacks
        .iter()
        .find(|other| other.id == *root)
        .and_then(|other| other.parent.as_ref())
    {
        root = above;
    }
    xml.text("ParentId", parent).text("RootId", root);
}

/// Writes parameters as they may be shown.
pub fn parameters(inputs: &Inputs, xml: &mut Xml) {
    if inputs.parameters.is_empty() {
        return;
    }
    xml.list("Parameters", &inputs.parameters, |xml, one| {
        xml.text("ParameterKey", &one.key)
            .text("ParameterValue", one.shown())
            .maybe(
                "ResolvedValue",
                one.resolved.as_ref().filter(|_| !one.no_echo),
            );
    });
}

/// Writes tags.
pub fn tags(inputs: &Inputs, xml: &mut Xml) {
    xml.list("Tags", &inputs.tags, |xml, (name, value)| {
        xml.text("Key", name).text("Value", value);
    });
}

fn drift(stack: &Stack, now: Timestamp, xml: &mut Xml) {
    let detected = stack.detected(now);
    xml.inside("DriftInformation", |xml| {
        xml.text(
            "StackDriftStatus",
            detected.map_or("NOT_CHECKED", |d| d.status()),
        )
        .maybe_time("LastCheckTimestamp", detected.map(|d| d.started_at));
    });
}

/// Lists stacks, deleted ones included, by status.
pub fn list(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let filter = ask.fields.texts("StackStatusFilter").unwrap_or_default();
    let mut found: Vec<&Stack> = estate
        .of_site(&ask.site)
        .filter(|stack| {
            let (status, _) = stack.status_at(ask.now);
            filter.is_empty() || filter.iter().any(|word| word == status.as_str())
        })
        .collect();
    found.sort_by_key(|stack| key(stack));
    let (found, token) = page(ask, &filter.join(","), found, |stack| key(stack))?;
    xml.list("StackSummaries", found, |xml, stack| {
        let (status, reason) = stack.status_at(ask.now);
        let description = stack.shown_inputs(ask.now).description.as_ref();
        xml.text("StackId", &stack.id)
            .text("StackName", &stack.name)
            .maybe("TemplateDescription", description)
            .time("CreationTime", stack.created_at)
            .maybe_time("LastUpdatedTime", stack.updated_at)
            .maybe_time("DeletionTime", stack.deleted_at)
            .text("StackStatus", status.as_str())
            .maybe("StackStatusReason", reason);
        family(stack, estate, xml);
        drift(stack, ask.now, xml);
        operations(stack, xml);
    });
    next(xml, token);
    Ok(())
}
