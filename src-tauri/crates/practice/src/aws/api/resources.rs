//! ListStackResources, DescribeStackResources and DescribeStackResource.

use super::super::error::{AwsError, AwsResult};
use super::super::estate::Estate;
use super::super::model::{Resource, Stack};
use super::super::xml::Xml;
use super::Ask;
use super::pages::{next, page};
use jiff::Timestamp;

fn drift(stack: &Stack, resource: &Resource, now: Timestamp, xml: &mut Xml) {
    let detected = stack.detected(now);
    let found = detected.and_then(|detection| {
        let drift = detection
            .drifts
            .iter()
            .find(|drift| drift.logical_id == resource.logical_id)?;
        Some((drift.status.as_str(), detection.ended_at))
    });
    xml.inside("DriftInformation", |xml| {
        xml.text(
            "StackResourceDriftStatus",
            found.map_or("NOT_CHECKED", |(status, _)| status),
        )
        .maybe_time(
            "LastCheckTimestamp",
            found
                .filter(|(status, _)| *status != "NOT_CHECKED")
                .map(|(_, at)| at),
        );
    });
}

fn physical(resource: &Resource) -> Option<&str> {
    Some(resource.physical_id.as_str()).filter(|id| !id.is_empty())
}

/// Lists a stack's resources in pages.
pub fn list(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    let stack = &estate.stacks[estate.require(&ask.site, name)?];
    let resources: Vec<_> = stack
        .resources_at(ask.now)
        .into_iter()
        .enumerate()
        .collect();
    let (found, token) = page(ask, &stack.id, resources, |(index, _)| {
        format!("{index:08}")
    })?;
    xml.list("StackResourceSummaries", found, |xml, (_, resource)| {
        xml.text("LogicalResourceId", &resource.logical_id)
            .maybe("PhysicalResourceId", physical(&resource))
            .text("ResourceType", &resource.resource_type)
            .time("LastUpdatedTimestamp", resource.updated_at)
            .text("ResourceStatus", &resource.status)
            .maybe("ResourceStatusReason", resource.reason.as_ref());
        drift(stack, &resource, ask.now, xml);
    });
    next(xml, token);
    Ok(())
}

fn write(stack: &Stack, resource: &Resource, now: Timestamp, time: &str, xml: &mut Xml) {
    xml.text("StackName", &stack.name)
        .text("StackId", &stack.id)
        .text("LogicalResourceId", &resource.logical_id)
        .maybe("PhysicalResourceId", physical(resource))
        .text("ResourceType", &resource.resource_type)
        .time(time, resource.updated_at)
        .text("ResourceStatus", &resource.status)
        .maybe("ResourceStatusReason", resource.reason.as_ref());
    drift(stack, resource, now, xml);
}

/// Describes a stack's first hundred resources, or the one that is asked for.
pub fn describe_all(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let index = match (
        ask.fields.get("StackName"),
        ask.fields.get("PhysicalResourceId"),
    ) {
        (Some(_), Some(_)) => {
            return Err(AwsError::validation(
                "You can specify either StackName or PhysicalResourceId, but not both",
            ));
        }
        (Some(name), None) => estate.require(&ask.site, name)?,
        (None, Some(physical_id)) => estate
            .stacks
            .iter()
            .rposition(|stack| {
                stack.account == ask.site.account
                    && stack.region == ask.site.region
                    && stack
                        .live
                        .resources
                        .iter()
                        .any(|r| r.physical_id == physical_id)
            })
            .ok_or_else(|| {
                AwsError::validation(format!("Stack for {physical_id} does not exist"))
            })?,
        (None, None) => {
            return Err(AwsError::validation(
                "Either StackName or PhysicalResourceId must be specified",
            ));
        }
    };
    let stack = &estate.stacks[index];
    let wanted = ask.fields.get("LogicalResourceId");
    let found: Vec<_> = stack
        .resources_at(ask.now)
        .into_iter()
        .filter(|resource| wanted.is_none_or(|id| id == resource.logical_id))
        .take(100)
        .collect();
    if let (Some(id), true) = (wanted, found.is_empty()) {
        return Err(AwsError::validation(format!(
            "Resource {id} does not exist for stack {}",
            stack.name
        )));
    }
    xml.list("StackResources", &found, |xml, resource| {
        write(stack, resource, ask.now, "Timestamp", xml);
    });
    Ok(())
}

/// Describes one resource with its metadata.
pub fn describe_one(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    let id = ask.fields.require("LogicalResourceId")?;
    let index = estate
        .find(&ask.site, name)
        .ok_or_else(|| AwsError::validation(format!("Stack '{name}' does not exist")))?;
    let stack = &estate.stacks[index];
    let resource = stack
        .resources_at(ask.now)
        .into_iter()
        .find(|resource| resource.logical_id == id)
        .ok_or_else(|| {
            AwsError::validation(format!(
                "Resource {id} does not exist for stack {}",
                stack.name
            ))
        })?;
    xml.inside("StackResourceDetail", |xml| {
        write(stack, &resource, ask.now, "LastUpdatedTimestamp", xml);
        xml.maybe(
            "Metadata",
            resource.attributes.get("Metadata").map(ToString::to_string),
        );
    });
    Ok(())
}
