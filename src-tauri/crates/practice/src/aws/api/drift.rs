//! DetectStackDrift, DetectStackResourceDrift, DescribeStackDriftDetectionStatus and DescribeStackResourceDrifts.

use super::super::error::{AwsError, AwsResult};
use super::super::estate::Estate;
use super::super::model::{ResourceDrift, Stack};
use super::super::xml::Xml;
use super::Ask;
use super::pages::{next, page};
use jiff::Timestamp;

/// Starts a detection.
pub fn detect(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    let only = ask.fields.texts("LogicalResourceIds").unwrap_or_default();
    let id = estate.detect_drift(&ask.site, name, &only, ask.now)?;
    xml.text("StackDriftDetectionId", id);
    Ok(())
}

/// Tells how far a detection is.
pub fn status(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let id = ask.fields.require("StackDriftDetectionId")?;
    let found = estate.of_site(&ask.site).find_map(|stack| {
        let last = stack.detection.as_ref()?;
        let before = last.before.as_deref();
        let detection = [Some(last), before]
            .into_iter()
            .flatten()
            .find(|d| d.id == id)?;
        Some((stack, detection))
    });
    let Some((stack, detection)) = found else {
        return Err(AwsError::validation(format!(
            "Drift detection {id} does not exist"
        )));
    };
    xml.text("StackId", &stack.id)
        .text("StackDriftDetectionId", id);
    if detection.ended_at <= ask.now {
        xml.text("StackDriftStatus", detection.status())
            .text("DetectionStatus", "DETECTION_COMPLETE")
            .text("DriftedStackResourceCount", detection.drifted().to_string());
    } else {
        xml.text("DetectionStatus", "DETECTION_IN_PROGRESS");
    }
    xml.time("Timestamp", detection.started_at);
    Ok(())
}

/// Describes what the last detection found.
pub fn resources(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    let stack = &estate.stacks[estate.require_to_change(&ask.site, name)?];
    let filter = ask
        .fields
        .texts("StackResourceDriftStatusFilters")
        .unwrap_or_default();
    let drifts: Vec<_> = stack
        .detected(ask.now)
        .map(|detection| {
            let told = |status: &str| {
                status != "NOT_CHECKED"
                    && (filter.is_empty() || filter.iter().any(|word| word == status))
            };
            detection
                .drifts
                .iter()
                .enumerate()
                .filter(|(_, drift)| told(&drift.status))
                .map(|(number, drift)| (number, drift, detection.ended_at))
                .collect()
        })
        .unwrap_or_default();
    let (found, token) = page(ask, &stack.id, drifts, |(number, _, _)| {
        format!("{number:08}")
    })?;
    xml.list("StackResourceDrifts", found, |xml, (_, drift, at)| {
        write(stack, drift, at, xml);
    });
    next(xml, token);
    Ok(())
}

fn write(stack: &Stack, drift: &ResourceDrift, at: Timestamp, xml: &mut Xml) {
    xml.text("StackId", &stack.id)
        .text("LogicalResourceId", &drift.logical_id)
        .text("PhysicalResourceId", &drift.physical_id)
        .text("ResourceType", &drift.resource_type)
        .text("ExpectedProperties", drift.expected.to_string());
    if drift.status != "DELETED" {
        xml.text("ActualProperties", drift.actual.to_string());
    }
    xml.list(
        "PropertyDifferences",
        &drift.differences,
        |xml, (path, expected, actual, kind)| {
            xml.text("PropertyPath", path)
                .text("ExpectedValue", expected)
                .text("ActualValue", actual)
                .text("DifferenceType", kind);
        },
    )
    .text("StackResourceDriftStatus", &drift.status)
    .time("Timestamp", at);
}

/// Looks at one resource and answers at once.
pub fn detect_one(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    let id = ask.fields.require("LogicalResourceId")?;
    let index = estate.detect_resource_drift(&ask.site, name, id, ask.now)?;
    let stack = &estate.stacks[index];
    let found = stack.detected(ask.now).and_then(|detection| {
        let drifts = &detection.drifts;
        drifts.iter().find(|drift| drift.logical_id == id)
    });
    if let Some(drift) = found {
        xml.inside("StackResourceDrift", |xml| {
            write(stack, drift, ask.now, xml);
        });
    }
    Ok(())
}
