//! Properties that hold for whatever arrives: text, values, and graphs of resources that fail anywhere.

use super::super::changes::differing_paths;
use super::super::model::{
    Deployment, Inputs, OnFailure, OperationKind, Outcome, Resource, StackStatus,
};
use super::super::plan::{Action, Plan, PlannedResource};
use super::super::template::Template;
use super::super::timeline::{Setting, Timeline, deploy};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        "[a-c]{0,2}".prop_map(Value::from),
        (0..3_i64).prop_map(|n| Value::from(n.to_string())),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-d]", inner, 0..4)
                .prop_map(|map| Value::from(map.into_iter().collect::<serde_json::Map<_, _>>())),
        ]
    })
}

fn at<'a>(value: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(value, |here, step| match here {
        Value::Object(map) => map.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Resources in order of dependency, each with what happens to it and what it needs.
fn plan() -> impl Strategy<Value = Plan> {
    let action = prop_oneof![
        Just(Action::Keep),
        Just(Action::Create),
        Just(Action::Modify),
        Just(Action::Replace),
    ];
    prop::collection::vec((action, any::<u16>()), 1..8).prop_map(|all| {
        let resources = all
            .iter()
            .enumerate()
            .map(|(number, (action, needs))| PlannedResource {
                action: *action,
                resource: resource(number, "new"),
                before: (*action != Action::Create).then(|| resource(number, "old")),
                needs: (0..number)
                    .filter(|need| needs >> need & 1 == 1)
                    .map(name)
                    .collect(),
            })
            .collect();
        Plan {
            resources,
            ..Plan::default()
        }
    })
}

fn name(number: usize) -> String {
    format!("R{number}")
}

fn resource(number: usize, id: &str) -> Resource {
    Resource {
        logical_id: name(number),
        physical_id: format!("{id}-{number}"),
        resource_type: "AWS::SQS::Queue".to_owned(),
        properties: json!({}),
        shown: None,
        attributes: BTreeMap::new(),
        seed: String::new(),
        status: if id == "old" { "CREATE_COMPLETE" } else { "" }.to_owned(),
        reason: None,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

fn live(plan: &Plan) -> Deployment {
    Deployment {
        resources: plan
            .resources
            .iter()
            .filter_map(|planned| planned.before.clone())
            .collect(),
        ..Deployment::default()
    }
}

fn run(plan: &Plan, failing: &BTreeSet<usize>, cancelled_after: Option<u16>) -> Timeline {
    let started_at = Timestamp::UNIX_EPOCH;
    let setting = Setting {
        stack_id: "arn:stack",
        stack_name: "stack",
        operation: "operation",
        token: None,
        started_at,
        pace: 1.0,
        on_failure: OnFailure::Rollback,
        failures: failing
            .iter()
            .map(|number| (name(*number), "broken".to_owned()))
            .collect(),
        refusal: None,
        cancelled_at: cancelled_after
            .map(|millis| started_at + SignedDuration::from_millis(millis.into())),
    };
    deploy(
        &setting,
        OperationKind::Update,
        plan,
        &live(plan),
        &Inputs::default(),
    )
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = Template::read(&text);
    }

    #[test]
    fn yaml_and_json_of_a_value_read_alike(properties in value()) {
        let template = json!({"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"P": properties}}}});
        let pretty = serde_json::to_string_pretty(&template).unwrap();
        // JSON is YAML too; a comment makes it one that only the YAML reader takes.
        let yaml = format!("# a comment\n{pretty}");
        prop_assert_eq!(Template::read(&pretty), Template::read(&yaml));
    }

    #[test]
    fn paths_differ_exactly_where_values_do(before in value(), after in value()) {
        let paths = differing_paths(&before, &after);
        prop_assert_eq!(paths.is_empty(), before == after);
        for path in paths {
            prop_assert_ne!(at(&before, &path), at(&after, &path));
        }
    }

    #[test]
    fn a_timeline_is_strictly_ordered_and_ends(
        plan in plan(),
        failing in prop::collection::btree_set(0_usize..8, 0..3),
        cancelled in prop::option::of(any::<u16>()),
    ) {
        let timeline = run(&plan, &failing, cancelled);
        prop_assert!(timeline.events.windows(2).all(|pair| pair[0].at < pair[1].at));
        let last = timeline.statuses.last().unwrap();
        prop_assert!(!last.status.is_in_progress());
        prop_assert_eq!(last.at, timeline.ended_at);
        let expected = match timeline.outcome {
            Outcome::Done => StackStatus::UpdateComplete,
            Outcome::Failed(_) => StackStatus::UpdateRollbackComplete,
        };
        prop_assert_eq!(last.status, expected);
    }

    #[test]
    fn nothing_begins_before_what_it_needs_is_there(plan in plan()) {
        let timeline = run(&plan, &BTreeSet::new(), None);
        let place = |id: &str, ends: &str| {
            timeline.events.iter().position(|event| event.logical_id == id && event.status.ends_with(ends))
        };
        for planned in &plan.resources {
            let Some(begun) = place(&planned.resource.logical_id, "_IN_PROGRESS") else {
                continue;
            };
            for need in &planned.needs {
                prop_assert!(place(need, "_COMPLETE").is_none_or(|done| done < begun));
            }
        }
    }

    #[test]
    fn a_rolled_back_update_leaves_every_resource_as_it_was(
        plan in plan(),
        cancelled in any::<u16>(),
    ) {
        let timeline = run(&plan, &BTreeSet::new(), Some(cancelled));
        let ids = |deployment: &Deployment| -> Vec<String> {
            deployment.resources.iter().map(|resource| resource.physical_id.clone()).collect()
        };
        prop_assert_eq!(ids(&timeline.after), ids(&live(&plan)));
    }
}
