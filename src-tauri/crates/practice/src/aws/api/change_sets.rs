//! CreateChangeSet, DescribeChangeSet, ListChangeSets, ExecuteChangeSet and DeleteChangeSet.

use super::super::change_sets::ChangeSetRequest;
use super::super::changes::{Detail, ResourceChange};
use super::super::drift_aware::REVERT_DRIFT;
use super::super::error::{AwsError, AwsResult};
use super::super::estate::Estate;
use super::super::imports::Adoption;
use super::super::model::{ChangeSet, ChangeSetStatus, OnFailure, Stack};
use super::super::xml::Xml;
use super::Ask;
use super::mutations::request;
use super::pages::{next, page};
use super::stacks::{parameters, tags};
use std::collections::BTreeMap;

/// Makes a change set.
pub fn create(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("ChangeSetName")?.to_owned();
    let kind = ask.fields.get("ChangeSetType").unwrap_or("UPDATE");
    let description = ask
        .fields
        .get("Description")
        .filter(|text| !text.is_empty());
    let wanted = ChangeSetRequest {
        request: request(ask, estate, "ClientToken")?,
        name,
        creates: kind == "CREATE",
        description: description.map(str::to_owned),
        include_nested: ask.fields.flag("IncludeNestedStacks").unwrap_or(false),
        reverts_drift: reverts_drift(ask, kind)?,
        adoptions: adoptions(ask, kind)?,
    };
    let (index, set) = estate.create_change_set(&ask.site, &wanted, ask.now)?;
    let stack = &estate.stacks[index];
    xml.text("Id", &stack.change_sets[set].id)
        .text("StackId", &stack.id);
    Ok(())
}

fn reverts_drift(ask: &Ask<'_>, kind: &str) -> AwsResult<bool> {
    match (ask.fields.get("DeploymentMode"), kind) {
        (None, _) => Ok(false),
        (Some(_), "UPDATE") => Ok(true),
        (Some(mode), _) => Err(AwsError::validation(format!(
            "DeploymentMode {mode} can only be specified for a change set of type UPDATE"
        ))),
    }
}

/// Reads the resources to import, which an import must name and nothing else may.
fn adoptions(ask: &Ask<'_>, kind: &str) -> AwsResult<Option<Vec<Adoption>>> {
    let given = ask
        .fields
        .structures("ResourcesToImport")
        .filter(|given| !given.is_empty());
    match (given, kind) {
        (None, "IMPORT") => Err(AwsError::validation(
            "ResourcesToImport must be specified for a change set of type IMPORT",
        )),
        (None, _) => Ok(None),
        (Some(_), kind) if kind != "IMPORT" => Err(AwsError::validation(
            "ResourcesToImport can only be specified for a change set of type IMPORT",
        )),
        (Some(given), _) => Ok(Some(given.iter().map(adoption).collect())),
    }
}

fn adoption(given: &BTreeMap<&str, &str>) -> Adoption {
    let text = |name: &str| given.get(name).copied().unwrap_or_default().to_owned();
    let identifier = (1..)
        .map_while(|number| {
            let at = |part: &str| {
                given
                    .get(format!("ResourceIdentifier.entry.{number}.{part}").as_str())
                    .map(|text| (*text).to_owned())
            };
            Some((at("key")?, at("value").unwrap_or_default()))
        })
        .collect();
    Adoption {
        resource_type: text("ResourceType"),
        logical_id: text("LogicalResourceId"),
        identifier,
    }
}

fn head(stack: &Stack, set: &ChangeSet, ask: &Ask<'_>, xml: &mut Xml) {
    xml.text("ChangeSetName", &set.name)
        .text("ChangeSetId", &set.id)
        .text("StackId", &stack.id)
        .text("StackName", &stack.name)
        .maybe("Description", set.description.as_ref())
        .time("CreationTime", set.created_at)
        .text("ExecutionStatus", set.execution(stack, ask.now).as_str())
        .text("Status", set.status(ask.now).as_str());
    if ask.now >= set.ready_at {
        xml.maybe("StatusReason", set.failure.as_ref());
    }
    xml.flag("IncludeNestedStacks", set.include_nested)
        .maybe("ParentChangeSetId", set.parent.as_ref())
        .maybe("RootChangeSetId", set.root.as_ref());
}

/// Describes a change set, with property values when they are asked for.
pub fn describe(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("ChangeSetName")?;
    let (index, set) = estate.find_change_set(&ask.site, name, ask.fields.get("StackName"))?;
    let with_values = ask.fields.flag("IncludePropertyValues").unwrap_or(false);
    let stack = &estate.stacks[index];
    let set = &stack.change_sets[set];
    head(stack, set, ask, xml);
    parameters(&set.inputs, xml);
    xml.texts("NotificationARNs", &set.inputs.notification_arns)
        .inside("RollbackConfiguration", |_| {})
        .texts("Capabilities", &set.inputs.capabilities);
    if !set.inputs.tags.is_empty() {
        tags(&set.inputs, xml);
    }
    if set.reverts_drift {
        xml.text("DeploymentMode", REVERT_DRIFT)
            .text("StackDriftStatus", stack.drift_word());
    }
    xml.maybe("OnStackFailure", set.on_failure.map(OnFailure::as_str));
    let told: Vec<_> = set
        .changes
        .iter()
        .filter(|change| ask.now >= set.ready_at && change.is_told(with_values))
        .collect();
    let (found, token) = page(ask, &set.id, told, |change| change.logical_id.clone())?;
    xml.list("Changes", found, |xml, change| {
        xml.text("Type", "Resource")
            .inside("ResourceChange", |xml| write(change, with_values, xml));
    });
    next(xml, token);
    Ok(())
}

fn write(change: &ResourceChange, with_values: bool, xml: &mut Xml) {
    xml.maybe("PolicyAction", change.policy_action.as_ref())
        .text("Action", change.action.as_str())
        .text("LogicalResourceId", &change.logical_id)
        .maybe("PhysicalResourceId", change.physical_id.as_ref())
        .text("ResourceType", &change.resource_type)
        .maybe("Replacement", change.replacement(with_values))
        .texts("Scope", change.scope(with_values))
        .maybe("ResourceDriftStatus", change.drift_status.as_ref())
        .maybe("ChangeSetId", change.change_set_id.as_ref())
        .list("Details", change.rows(with_values), |xml, row| {
            detail(row, with_values, xml);
        });
    if with_values {
        xml.maybe("BeforeContext", change.before_context.as_ref())
            .maybe("AfterContext", change.after_context.as_ref())
            .maybe(
                "PreviousDeploymentContext",
                change.previous_context.as_ref(),
            );
    }
}

fn detail(row: &Detail, with_values: bool, xml: &mut Xml) {
    xml.inside("Target", |xml| {
        xml.text("Attribute", &row.attribute)
            .maybe("Name", row.name.as_ref())
            .text("RequiresRecreation", &row.recreation);
        if with_values {
            let kind = match (&row.before, &row.after) {
                (None, Some(_)) => Some("Add"),
                (Some(_), None) => Some("Remove"),
                (Some(_), Some(_)) => Some("Modify"),
                (None, None) => None,
            };
            xml.maybe("Path", row.path.as_ref())
                .maybe("BeforeValue", row.before.as_ref())
                .maybe("AfterValue", row.after.as_ref())
                .maybe("AttributeChangeType", kind);
            if let Some(drift) = &row.drift {
                xml.text("BeforeValueFrom", "ACTUAL_STATE")
                    .text("AfterValueFrom", "TEMPLATE")
                    .inside("Drift", |xml| {
                        xml.maybe("PreviousValue", drift.previous.as_ref())
                            .maybe("ActualValue", drift.actual.as_ref())
                            .time("DriftDetectionTimestamp", drift.at);
                    });
            }
        }
    })
    .text(
        "Evaluation",
        if row.is_static { "Static" } else { "Dynamic" },
    )
    .text("ChangeSource", &row.source)
    .maybe("CausingEntity", row.cause.as_ref());
}

/// Lists a stack's change sets.
pub fn list(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    let index = estate
        .find(&ask.site, name)
        .ok_or_else(|| AwsError::validation(format!("Stack [{name}] does not exist")))?;
    let stack = &estate.stacks[index];
    let key = |set: &ChangeSet| format!("{:020}/{}", set.created_at.as_millisecond(), set.id);
    let mut sets: Vec<_> = stack.change_sets.iter().collect();
    sets.sort_by_key(|set| key(set));
    let (found, token) = page(ask, &stack.id, sets, |set| key(set))?;
    xml.list("Summaries", found, |xml, set| {
        head(stack, set, ask, xml);
    });
    next(xml, token);
    Ok(())
}

/// Describes the hooks that a change set would invoke: the practice accounts have none.
pub fn hooks(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("ChangeSetName")?;
    let (index, set) = estate.find_change_set(&ask.site, name, ask.fields.get("StackName"))?;
    let stack = &estate.stacks[index];
    let set = &stack.change_sets[set];
    let status = match set.status(ask.now) {
        ChangeSetStatus::CreateComplete => "PLANNED",
        ChangeSetStatus::Failed => "UNAVAILABLE",
        _ => "PLANNING",
    };
    xml.text("ChangeSetId", &set.id)
        .text("ChangeSetName", &set.name)
        .inside("Hooks", |_| {})
        .text("Status", status)
        .text("StackId", &stack.id)
        .text("StackName", &stack.name);
    Ok(())
}

/// Executes a change set.
pub fn execute(ask: &Ask<'_>, estate: &mut Estate, _: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("ChangeSetName")?;
    let token = ask.fields.get("ClientRequestToken").map(str::to_owned);
    let on_failure = ask
        .fields
        .flag("DisableRollback")
        .filter(|disabled| *disabled)
        .map(|_| OnFailure::DoNothing);
    let stack = ask.fields.get("StackName");
    estate.execute_change_set(&ask.site, name, stack, token, on_failure, ask.now)?;
    Ok(())
}

/// Deletes a change set.
pub fn delete(ask: &Ask<'_>, estate: &mut Estate, _: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("ChangeSetName")?;
    estate.delete_change_set(&ask.site, name, ask.fields.get("StackName"), ask.now)
}
