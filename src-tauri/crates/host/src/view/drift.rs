//! Drift in words: what AWS found, when it looked, and what that says of now.

use super::instant;
use interlock_app::{
    Console, UseCase,
    drift::{DriftKnowledge, StackDriftReport},
};
use interlock_contract::{
    Tone,
    drift::{DriftKnownView, DriftReportView, StackDriftView},
    overview::DriftView,
};
use interlock_domain::{
    EnvironmentName, ServiceName,
    stack::{ResourceDrift, Stack},
};

/// What is known of the drift of a service; `detect` lets AWS look first.
pub async fn report(
    console: &Console,
    service: &ServiceName,
    environment: &EnvironmentName,
    detect: bool,
) -> UseCase<DriftReportView> {
    let stacks = console.drift(service, environment, detect).await?;
    Ok(DriftReportView {
        service: service.to_string(),
        environment: environment.to_string(),
        stacks: stacks.into_iter().map(stack_drift).collect(),
    })
}

fn stack_drift(report: StackDriftReport) -> StackDriftView {
    let StackDriftReport {
        scope,
        stack,
        knowledge,
        resources,
    } = report;
    let (knowledge, resources) = match resources {
        Ok(resources) => (knowledge, resources),
        Err(error) => (DriftKnowledge::NotKnown(error.message), Vec::new()),
    };
    StackDriftView {
        known: known(stack.name.as_str(), scope.region.as_str(), &knowledge),
        account: scope.account.to_string(),
        resources: resources
            .iter()
            .flat_map(|resource| drift_views(&stack, resource))
            .collect(),
    }
}

/// What is known, in words.
pub(super) fn known(stack: &str, region: &str, knowledge: &DriftKnowledge) -> DriftKnownView {
    let (words, tone, at) = match knowledge {
        DriftKnowledge::NeverChecked => ("never checked".to_owned(), Tone::Unknown, None),
        DriftKnowledge::NotKnown(reason) => (
            format!("not known: {}", reason.trim_end_matches('.')),
            Tone::Unknown,
            None,
        ),
        DriftKnowledge::Checked {
            drifted,
            at,
            is_older_than_stack,
        } => {
            let word = if *drifted { "drifted" } else { "in sync" };
            let (words, tone) = match (is_older_than_stack, drifted) {
                (true, _) => (
                    format!("{word} when it was checked, which was before the last deployment"),
                    Tone::Unknown,
                ),
                (false, true) => (word.to_owned(), Tone::Drift),
                (false, false) => (word.to_owned(), Tone::Ok),
            };
            (words, tone, at.map(instant))
        }
    };
    DriftKnownView {
        stack: stack.to_owned(),
        region: region.to_owned(),
        words,
        tone,
        at,
    }
}

/// A resource as rows, one a property.
pub(super) fn drift_views(stack: &Stack, resource: &ResourceDrift) -> Vec<DriftView> {
    let base = DriftView {
        stack: stack.name.to_string(),
        logical_id: resource.logical_id.clone(),
        resource_type: resource.resource_type.clone(),
        path: None,
        expected: None,
        actual: None,
        at: resource.at.or(stack.drift.checked_at).map(instant),
    };
    match resource.status.as_str() {
        "IN_SYNC" | "NOT_CHECKED" => Vec::new(),
        _ if resource.differences.is_empty() => vec![base],
        _ => resource
            .differences
            .iter()
            .map(|d| DriftView {
                path: Some(d.path.trim_start_matches('/').replace('/', ".")),
                expected: Some(d.expected.clone()),
                actual: Some(d.actual.clone()),
                ..base.clone()
            })
            .collect(),
    }
}
