//! What comes through, what counts as absent, and what is refused.

use super::*;
use aws_sdk_cloudformation::types as sdk;

fn least() -> sdk::builders::StackBuilder {
    sdk::Stack::builder()
        .stack_id("arn:aws:cloudformation:us-east-1:1:stack/a/1")
        .stack_name("a")
        .creation_time(DateTime::from_secs(1_700_000_000))
        .stack_status("UPDATE_COMPLETE".into())
}

#[test]
fn a_stack_comes_through_whole() {
    let drift = sdk::StackDriftInformation::builder()
        .stack_drift_status(sdk::StackDriftStatus::Drifted)
        .last_check_timestamp(DateTime::from_secs_and_nanos(1_700_000_100, 500_000_000))
        .build();
    let parameter = |key: &str, value: &str| {
        sdk::Parameter::builder()
            .parameter_key(key)
            .parameter_value(value)
    };
    let from = least()
        .description("Überweisungen")
        .last_updated_time(DateTime::from_secs(1_700_000_050))
        .parameters(parameter("Secret", "****").build())
        .parameters(parameter("Ami", "/golden").resolved_value("ami-1").build())
        .outputs(
            sdk::Output::builder()
                .output_key("Url")
                .output_value("https://x")
                .export_name("a-url")
                .build(),
        )
        .tags(sdk::Tag::builder().key("equipo").value("señal").build())
        .drift_information(drift)
        .parent_id("arn:parent")
        .capabilities(sdk::Capability::CapabilityIam)
        .role_arn("arn:role")
        .enable_termination_protection(true)
        .build();
    let stack = stack(&from).unwrap();
    assert_eq!(stack.description.as_deref(), Some("Überweisungen"));
    assert_eq!(stack.created_at.to_string(), "2023-11-14T22:13:20Z");
    assert_eq!(stack.changed_at().as_second(), 1_700_000_050);
    assert!(stack.parameters[0].is_masked());
    assert_eq!(stack.parameters[1].resolved.as_deref(), Some("ami-1"));
    assert_eq!(stack.outputs[0].export.as_deref(), Some("a-url"));
    assert_eq!(stack.tags["equipo"], "señal");
    assert_eq!(stack.drift.status, "DRIFTED");
    assert_eq!(
        stack.drift.checked_at.unwrap().to_string(),
        "2023-11-14T22:15:00.5Z"
    );
    assert_eq!(stack.parent.as_deref(), Some("arn:parent"));
    assert_eq!(stack.capabilities, ["CAPABILITY_IAM"]);
    assert!(stack.termination_protection);
}

#[test]
fn a_status_that_the_sdk_does_not_know_is_kept() {
    let from = least().stack_status("PONDERING_IN_PROGRESS".into()).build();
    assert_eq!(stack(&from).unwrap().status.word(), "PONDERING_IN_PROGRESS");
}

#[test]
fn blank_texts_are_absent_and_a_stack_without_a_name_is_refused() {
    let from = least()
        .description("")
        .parent_id("")
        .role_arn("")
        .stack_status_reason("")
        .build();
    let known = stack(&from).unwrap();
    assert_eq!(known.description, None);
    assert_eq!(known.parent, None);
    assert_eq!(known.role, None);
    assert_eq!(known.status_reason, None);
    assert_eq!(known.drift.status, "NOT_CHECKED");
    for broken in [
        least().stack_name("").build(),
        least().stack_id("").build(),
        least().stack_name("1bad_name").build(),
        least().set_creation_time(None).build(),
        least().set_stack_status(None).build(),
        least().creation_time(DateTime::from_secs(i64::MAX)).build(),
    ] {
        assert!(stack(&broken).is_err(), "{broken:?}");
    }
}

#[test]
fn a_resource_without_logical_id_or_type_is_refused() {
    let row = || {
        sdk::StackResourceSummary::builder()
            .logical_resource_id("Table")
            .resource_type("AWS::DynamoDB::Table")
            .resource_status(sdk::ResourceStatus::CreateComplete)
            .last_updated_timestamp(DateTime::from_secs(0))
            .physical_resource_id("")
    };
    let known = resource(&row().build()).unwrap();
    assert_eq!(known.physical_id, None);
    assert!(resource(&row().logical_resource_id("").build()).is_err());
    assert!(resource(&row().resource_type("").build()).is_err());
}

#[test]
fn both_words_of_a_change_set_and_its_reason_make_one_state() {
    use ChangeSetState as State;
    let empty = "The submitted information didn't contain changes. Submit different information.";
    for (status, execution, reason, expected) in [
        ("CREATE_PENDING", "UNAVAILABLE", None, State::Pending),
        ("CREATE_IN_PROGRESS", "UNAVAILABLE", None, State::Pending),
        ("CREATE_COMPLETE", "AVAILABLE", None, State::Available),
        ("CREATE_COMPLETE", "UNAVAILABLE", None, State::Pending),
        (
            "CREATE_COMPLETE",
            "EXECUTE_IN_PROGRESS",
            None,
            State::Executing,
        ),
        ("CREATE_COMPLETE", "EXECUTE_COMPLETE", None, State::Executed),
        (
            "CREATE_COMPLETE",
            "EXECUTE_FAILED",
            None,
            State::ExecutionFailed,
        ),
        ("CREATE_COMPLETE", "OBSOLETE", None, State::Obsolete),
        ("FAILED", "UNAVAILABLE", Some(empty), State::Empty),
        (
            "FAILED",
            "UNAVAILABLE",
            Some("No updates are to be performed."),
            State::Empty,
        ),
        (
            "FAILED",
            "UNAVAILABLE",
            Some("Transform failed"),
            State::Failed,
        ),
        ("FAILED", "UNAVAILABLE", None, State::Failed),
        ("DELETE_COMPLETE", "UNAVAILABLE", None, State::Obsolete),
        ("DELETE_FAILED", "AVAILABLE", None, State::Failed),
        ("NEW_WORD", "AVAILABLE", None, State::Unknown),
        ("CREATE_COMPLETE", "", None, State::Unknown),
        ("CREATE_COMPLETE", "NEW_WORD", None, State::Unknown),
    ] {
        assert_eq!(
            state(status, execution, reason),
            expected,
            "{status} {execution}"
        );
    }
}

#[test]
fn changes_of_all_pages_come_in_order_with_values() {
    let change = |id: &str, path: Option<&str>| {
        let target = sdk::ResourceTargetDefinition::builder()
            .attribute(sdk::ResourceAttribute::Properties)
            .name("Value")
            .set_path(path.map(str::to_owned))
            .before_value("")
            .after_value("{{changeSet:KNOWN_AFTER_APPLY}}")
            .requires_recreation(sdk::RequiresRecreation::Never)
            .build();
        let detail = sdk::ResourceChangeDetail::builder()
            .target(target)
            .change_source(sdk::ChangeSource::ParameterReference)
            .causing_entity("Stage")
            .build();
        let resource = sdk::ResourceChange::builder()
            .action(sdk::ChangeAction::Modify)
            .logical_resource_id(id)
            .resource_type("AWS::SSM::Parameter")
            .replacement(sdk::Replacement::Conditional)
            .policy_action(sdk::PolicyAction::ReplaceAndDelete)
            .scope(sdk::ResourceAttribute::Properties)
            .details(detail)
            .build();
        sdk::Change::builder().resource_change(resource).build()
    };
    let page = |id, path| {
        DescribeChangeSetOutput::builder()
            .change_set_id("arn:set")
            .change_set_name("set")
            .stack_id("arn:stack")
            .stack_name("stack")
            .status(sdk::ChangeSetStatus::CreateComplete)
            .execution_status(sdk::ExecutionStatus::Available)
            .changes(change(id, path))
            .build()
    };
    let set = change_set(&[
        page("First", Some("/Properties/Value")),
        page("Second", None),
    ]);
    let set = set.unwrap();
    assert_eq!(set.state, ChangeSetState::Available);
    let ids: Vec<_> = set
        .changes
        .iter()
        .map(|change| &change.logical_id)
        .collect();
    assert_eq!(ids, ["First", "Second"]);
    assert_eq!(set.changes[0].details[0].path, "/Properties/Value");
    assert_eq!(set.changes[1].details[0].path, "Value");
    // An empty value is a value, unlike an absent one.
    assert_eq!(set.changes[0].details[0].before.as_deref(), Some(""));
    assert_eq!(set.changes[0].replacement.as_deref(), Some("Conditional"));
    assert!(change_set(&[]).is_err());
}
