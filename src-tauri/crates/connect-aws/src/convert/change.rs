//! Rows of a change set, and what AWS found wrong with it, from the SDK's types to ours.

use super::{Incomplete, needed, text, time, words};
use aws_sdk_cloudformation::types as sdk;
use interlock_domain::change_set::{
    ChangeSetProblem, IgnoredDrift, LiveDrift, PropertyChange, ResourceChange,
};

pub(super) fn resource(from: &sdk::ResourceChange) -> Result<ResourceChange, Incomplete> {
    let logical_id = needed(from.logical_resource_id(), "a change", "logical id")?;
    let action = from.action().map(sdk::ChangeAction::as_str);
    let json = |context: Option<&str>| serde_json::from_str(context?).ok();
    let (before, after) = (json(from.before_context()), json(from.after_context()));
    let mut details: Vec<PropertyChange> = from.details().iter().filter_map(property).collect();
    for detail in &mut details {
        detail.note_cuts(before.as_ref(), after.as_ref());
    }
    let drift = from.resource_drift_status();
    Ok(ResourceChange {
        nested_in: Vec::new(),
        action: needed(action, &logical_id, "action")?,
        physical_id: text(from.physical_resource_id()),
        resource_type: needed(from.resource_type(), &logical_id, "type")?,
        replacement: text(from.replacement().map(sdk::Replacement::as_str)),
        policy_action: text(from.policy_action().map(sdk::PolicyAction::as_str)),
        scope: words(from.scope(), sdk::ResourceAttribute::as_str),
        details,
        before_context: text(from.before_context()),
        after_context: text(from.after_context()),
        previous_context: text(from.previous_deployment_context()),
        drift_status: text(drift.map(sdk::StackResourceDriftStatus::as_str)),
        drift_ignored: from
            .resource_drift_ignored_attributes()
            .iter()
            .map(|ignored| IgnoredDrift {
                path: ignored.path().unwrap_or_default().to_owned(),
                reason: ignored
                    .reason()
                    .map(sdk::DriftIgnoredReason::as_str)
                    .unwrap_or_default()
                    .to_owned(),
            })
            .collect(),
        nested_change_set: text(from.change_set_id()),
        logical_id,
    })
}

fn property(from: &sdk::ResourceChangeDetail) -> Option<PropertyChange> {
    let target = from.target()?;
    let attribute = target.attribute().map(sdk::ResourceAttribute::as_str);
    let recreation = target.requires_recreation();
    let change = target.attribute_change_type();
    Some(PropertyChange {
        attribute: attribute.unwrap_or_default().to_owned(),
        path: text(target.path())
            .or_else(|| text(target.name()))
            .unwrap_or_default(),
        before: target.before_value().map(str::to_owned),
        after: target.after_value().map(str::to_owned),
        recreation: text(recreation.map(sdk::RequiresRecreation::as_str)),
        source: text(from.change_source().map(sdk::ChangeSource::as_str)),
        causing_entity: text(from.causing_entity()),
        evaluation: text(from.evaluation().map(sdk::EvaluationType::as_str)),
        change: text(change.map(sdk::AttributeChangeType::as_str)),
        before_from: text(target.before_value_from().map(sdk::BeforeValueFrom::as_str)),
        after_from: text(target.after_value_from().map(sdk::AfterValueFrom::as_str)),
        drift: target.drift().map(|drift| LiveDrift {
            previous: drift.previous_value().map(str::to_owned),
            actual: drift.actual_value().map(str::to_owned),
            at: time(drift.drift_detection_timestamp()),
        }),
        cut: false,
    })
}

/// What a validation or a hook found; none for events of other kinds, and for what passed.
pub(crate) fn problem(from: &sdk::OperationEvent) -> Option<ChangeSetProblem> {
    let (name, reason, mode) = match from.event_type()?.as_str() {
        "VALIDATION_ERROR" => (
            from.validation_name(),
            from.validation_status_reason(),
            from.validation_failure_mode(),
        ),
        "HOOK_INVOCATION_ERROR" => (
            from.hook_type(),
            from.hook_status_reason(),
            from.hook_failure_mode(),
        ),
        _ => return None,
    };
    Some(ChangeSetProblem {
        // What does not say that it only warns is taken to stop.
        fails: mode.map(sdk::HookFailureMode::as_str) != Some("WARN"),
        name: text(name).unwrap_or_else(|| "a check of AWS".to_owned()),
        reason: text(reason)
            .or_else(|| text(from.resource_status_reason()))
            .unwrap_or_else(|| "AWS gives no reason".to_owned()),
        logical_id: text(from.logical_resource_id()),
        resource_type: text(from.resource_type()),
        path: text(from.validation_path()),
        at: time(from.timestamp()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::DateTime;

    fn target(path: &str, after: &str) -> sdk::ResourceTargetDefinition {
        sdk::ResourceTargetDefinition::builder()
            .attribute(sdk::ResourceAttribute::Properties)
            .path(path)
            .after_value(after)
            .before_value_from(sdk::BeforeValueFrom::ActualState)
            .attribute_change_type(sdk::AttributeChangeType::SyncWithActual)
            .drift(
                sdk::LiveResourceDrift::builder()
                    .previous_value("1")
                    .actual_value("2")
                    .drift_detection_timestamp(DateTime::from_secs(1_700_000_000))
                    .build(),
            )
            .build()
    }

    #[test]
    fn everything_that_a_drift_aware_row_says_comes_through() {
        let from = sdk::ResourceChange::builder()
            .action(sdk::ChangeAction::SyncWithActual)
            .logical_resource_id("Queue")
            .resource_type("AWS::SQS::Queue")
            .resource_drift_status(sdk::StackResourceDriftStatus::Modified)
            .resource_drift_ignored_attributes(
                sdk::ResourceDriftIgnoredAttribute::builder()
                    .path("/Properties/Secret")
                    .reason(sdk::DriftIgnoredReason::WriteOnlyProperty)
                    .build(),
            )
            .after_context(r#"{"Properties":{"Text":"a long text"}}"#)
            .previous_deployment_context("{}")
            .change_set_id("arn:nested")
            .details(
                sdk::ResourceChangeDetail::builder()
                    .target(target("/Properties/Text", "a long"))
                    .evaluation(sdk::EvaluationType::Dynamic)
                    .build(),
            )
            .build();
        let change = resource(&from).unwrap();
        assert_eq!(change.drift_status.as_deref(), Some("MODIFIED"));
        assert_eq!(change.drift_ignored[0].reason, "WRITE_ONLY_PROPERTY");
        assert_eq!(change.nested_change_set.as_deref(), Some("arn:nested"));
        assert_eq!(change.previous_context.as_deref(), Some("{}"));
        let detail = &change.details[0];
        assert!(detail.cut);
        assert_eq!(detail.evaluation.as_deref(), Some("Dynamic"));
        assert_eq!(detail.before_from.as_deref(), Some("ACTUAL_STATE"));
        let drift = detail.drift.as_ref().unwrap();
        assert_eq!(drift.actual.as_deref(), Some("2"));
        assert_eq!(drift.at.unwrap().as_second(), 1_700_000_000);
    }

    #[test]
    fn a_context_that_is_not_json_cuts_nothing() {
        let from = sdk::ResourceChange::builder()
            .action(sdk::ChangeAction::Modify)
            .logical_resource_id("Queue")
            .resource_type("AWS::SQS::Queue")
            .after_context("{\"Properties\":")
            .details(
                sdk::ResourceChangeDetail::builder()
                    .target(target("/Properties/Text", "a long"))
                    .build(),
            )
            .build();
        assert!(!resource(&from).unwrap().details[0].cut);
    }

    #[test]
    fn validations_and_hooks_are_problems_and_progress_is_not() {
        let validation = sdk::OperationEvent::builder()
            .event_type("VALIDATION_ERROR".into())
            .validation_name("NAME_CONFLICT_VALIDATION")
            .validation_status_reason("the name is taken")
            .validation_path("/Resources/Topic/Properties/TopicName")
            .logical_resource_id("Topic")
            .validation_failure_mode(sdk::HookFailureMode::Warn)
            .build();
        let found = problem(&validation).unwrap();
        assert!(!found.fails);
        assert_eq!(found.reason, "the name is taken");
        assert_eq!(
            found.path.as_deref(),
            Some("/Resources/Topic/Properties/TopicName")
        );
        let hook = sdk::OperationEvent::builder()
            .event_type("HOOK_INVOCATION_ERROR".into())
            .hook_type("Bank::Guard::Hook")
            .build();
        let found = problem(&hook).unwrap();
        assert!(found.fails);
        assert_eq!(found.name, "Bank::Guard::Hook");
        assert_eq!(found.reason, "AWS gives no reason");
        let progress = sdk::OperationEvent::builder().event_type("STACK_EVENT".into());
        assert_eq!(problem(&progress.build()), None);
        assert_eq!(problem(&sdk::OperationEvent::builder().build()), None);
    }
}
