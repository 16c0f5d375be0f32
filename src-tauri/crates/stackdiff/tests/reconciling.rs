//! Predictions beside what AWS announced: the recorded change sets, AWS beside itself, and
//! predictions that were made wrong on purpose.

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]

mod common;

use common::{bytes, json, with_values};
use interlock_stackdiff::{
    Action, Acts, Agreement, Analysis, AnnouncedChange, AnnouncedDetail, Budget, Finding, Impact,
    KNOWN_AFTER_APPLY, Path, PropertyImpact, Replacement, ResourceImpact, Segment, Side, StackTags,
    Template, analyse, reconcile,
};
use proptest::prelude::*;
use serde_json::Value;

fn text(value: &Value, key: &str) -> Option<String> {
    value[key].as_str().map(str::to_owned)
}

/// A value as AWS sends it; none where the recording has something else in its place.
fn recorded(value: &Value) -> Option<String> {
    let value = match value {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let is_redacted = value.contains('<') && value.contains('>');
    (!is_redacted).then_some(value)
}

fn detail(from: &Value) -> AnnouncedDetail {
    let target = &from["Target"];
    AnnouncedDetail {
        attribute: text(target, "Attribute").unwrap_or_default(),
        path: text(target, "Path").unwrap_or_default(),
        before: recorded(&target["BeforeValue"]),
        after: recorded(&target["AfterValue"]),
        cut: false,
        recreation: text(target, "RequiresRecreation"),
        evaluation: text(from, "Evaluation"),
        source: text(from, "ChangeSource"),
        causing_entity: text(from, "CausingEntity"),
        has_drifted: false,
    }
}

fn announced(name: &str) -> Vec<AnnouncedChange> {
    let set = json(&format!("recorded-change-sets/{name}/announced.json"));
    let changes = set["Changes"].as_array().unwrap();
    changes
        .iter()
        .map(|change| &change["ResourceChange"])
        .map(|change| AnnouncedChange {
            nested_in: Vec::new(),
            action: text(change, "Action").unwrap(),
            logical_id: text(change, "LogicalResourceId").unwrap(),
            resource_type: text(change, "ResourceType").unwrap(),
            replacement: text(change, "Replacement"),
            policy_action: text(change, "PolicyAction"),
            scope: Vec::new(),
            details: change["Details"]
                .as_array()
                .unwrap()
                .iter()
                .map(detail)
                .collect(),
            is_gone: false,
        })
        .collect()
}

fn names() -> Vec<String> {
    let index = json("recorded-change-sets/index.json");
    let cases = index.as_array().unwrap();
    cases
        .iter()
        .map(|case| text(case, "dir").unwrap())
        .collect()
}

fn side<'a>(template: &'a Template, values: &Value) -> Side<'a> {
    let values: Vec<(&str, &str)> = values
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str().unwrap()))
        .collect();
    with_values(template, &values)
}

fn prediction(name: &str) -> Analysis {
    let index = json("recorded-change-sets/index.json");
    let case = index
        .as_array()
        .unwrap()
        .iter()
        .find(|case| case["dir"] == name)
        .unwrap();
    let [before, after] = ["before", "after"].map(|side| {
        let path = format!("recorded-change-sets/{name}/{side}.json");
        Template::read(&bytes(&path), &path, &Budget::default()).unwrap()
    });
    analyse(
        &side(&before, &case["parameters_before"]),
        &side(&after, &case["parameters_after"]),
    )
}

fn nothing() -> Analysis {
    analyse(&Side::default(), &Side::default())
}

/// One line for everything that is not plain agreement.
fn findings(name: &str, prediction: &Analysis, announced: &[AnnouncedChange]) -> Vec<String> {
    let mut lines = Vec::new();
    for resource in reconcile(prediction, announced, StackTags::Unknown).resources {
        let about = format!("{} {}", &name[..2], resource.logical_id);
        for finding in &resource.findings {
            lines.push(format!("{about}: {finding}"));
        }
        for property in &resource.properties {
            for finding in &property.findings {
                lines.push(format!("{about}.{}: {finding}", property.path));
            }
        }
    }
    lines
}

#[test]
fn every_recorded_change_set_agrees_or_says_who_knows_more_and_why() {
    let mut found = Vec::new();
    let mut agree = 0;
    for name in names() {
        let (prediction, announced) = (prediction(&name), announced(&name));
        let reconciliation = reconcile(&prediction, &announced, StackTags::Unknown);
        if reconciliation.verdict() == Agreement::Agree {
            agree += 1;
        }
        found.extend(findings(&name, &prediction, &announced));
    }
    let expected = [
        // Functions that are not worked out here, or whose parts the recording hides.
        "04 Topic1.DisplayName: AWS knows a value that could not be known here",
        "05 Topic1.DisplayName: AWS knows a value that could not be known here",
        // What a macro answers.
        "19 Parameter.Fn::Transform: macro Fn::Transform makes it on AWS's side",
        "20 Parameter.Fn::Transform: macro Fn::Transform makes it on AWS's side",
        "20 Parameter.Tags: macro Fn::Transform makes it on AWS's side",
        "23 Parameter.Fn::Transform: macro Fn::Transform makes it on AWS's side",
        "25 HelloWorldFunction: the SAM transform makes it on AWS's side",
        "25 HelloWorldFunctionApiEventPermissionProd: the SAM transform makes it on AWS's side",
        "25 HelloWorldFunctionRole: the SAM transform makes it on AWS's side",
        "25 ServerlessRestApi: the SAM transform makes it on AWS's side",
        "25 ServerlessRestApiDeployment47fc2d5f9d: the SAM transform makes it on AWS's side",
        "25 ServerlessRestApiProdStage: the SAM transform makes it on AWS's side",
        "42 MyParameter: parameter MyValue names a Systems Manager parameter, whose content only AWS knows",
    ];
    assert_eq!(found, expected);
    assert_eq!(agree, 36);
}

/// What AWS announces, as if it had been predicted.
fn as_predicted(announced: &[AnnouncedChange]) -> Analysis {
    let mut analysis = nothing();
    for change in announced {
        let mut properties: Vec<PropertyImpact> = Vec::new();
        for detail in &change.details {
            let path = Path(
                detail
                    .path
                    .trim_start_matches('/')
                    .split('/')
                    .map(|step| Segment::Key(step.to_owned()))
                    .collect(),
            );
            if properties.iter().any(|known| known.path == path) {
                continue;
            }
            let is_late = detail.after.as_deref() == Some(KNOWN_AFTER_APPLY);
            properties.push(PropertyImpact {
                path,
                impact: match detail.recreation.as_deref() {
                    Some("Always") => Impact::ReplacesCreateFirst,
                    Some("Conditionally") => Impact::MayReplace,
                    _ => Impact::InPlace,
                },
                acts: Acts::Yes,
                before: detail.before.clone(),
                after: detail.after.clone(),
                unknown: is_late,
                expected: false,
                causes: Vec::new(),
                left_at: None,
                right_at: None,
            });
        }
        let action = match change.action.as_str() {
            "Add" => Action::Add,
            "Modify" => Action::Modify,
            _ => Action::Remove,
        };
        analysis.resources.push(ResourceImpact {
            stack: None,
            logical_id: change.logical_id.clone(),
            resource_type: change.resource_type.clone(),
            action,
            replacement: match (action, change.replacement.as_deref()) {
                (Action::Modify, Some("True")) => Some(Replacement::True),
                (Action::Modify, Some("False")) => Some(Replacement::False),
                (Action::Modify, _) => Some(Replacement::Conditional),
                _ => None,
            },
            impact: match action {
                Action::Remove => Impact::Removes,
                Action::Add => Impact::Creates,
                _ => Impact::InPlace,
            },
            properties,
            access: None,
            stateful: false,
            data_loss: false,
            notes: Vec::new(),
            causes: Vec::new(),
            unknowns: Vec::new(),
            left_at: None,
            right_at: None,
        });
    }
    analysis
}

#[test]
fn aws_beside_itself_agrees() {
    for name in names() {
        let announced = announced(&name);
        let reconciliation = reconcile(&as_predicted(&announced), &announced, StackTags::Unknown);
        let counts = reconciliation.counts();
        assert_eq!(counts.agree, announced.len(), "{name}: {reconciliation:#?}");
        assert_eq!(reconciliation.verdict(), Agreement::Agree);
    }
}

#[test]
fn nothing_predicted_and_nothing_announced_agree() {
    let reconciliation = reconcile(&nothing(), &[], StackTags::Unknown);
    assert_eq!(reconciliation.verdict(), Agreement::Agree);
    assert_eq!(
        reconciliation.to_string(),
        "predicted and AWS's change set agree: nothing changes"
    );
}

/// Ways to make a prediction wrong; false when it has nothing that this could change.
fn mutate(analysis: &mut Analysis, kind: usize, which: usize) -> bool {
    let count = analysis.resources.len();
    if count == 0 {
        return false;
    }
    let resource = &mut analysis.resources[which % count];
    let is_modified = resource.action == Action::Modify;
    match kind {
        0 => drop(analysis.resources.remove(which % count)),
        1 => {
            resource.action = match resource.action {
                Action::Add => Action::Modify,
                Action::Modify => Action::Remove,
                _ => Action::Add,
            };
        }
        2 if is_modified => {
            resource.replacement = match resource.replacement {
                Some(Replacement::True) => Some(Replacement::False),
                _ => Some(Replacement::True),
            };
        }
        3 => resource.logical_id.push_str("Other"),
        4 => resource.resource_type.push_str("Other"),
        5 if is_modified && !resource.properties.is_empty() => resource.properties.clear(),
        6 if is_modified && !resource.properties.is_empty() => {
            let at = which % resource.properties.len();
            if let Some(last) = resource.properties[at].path.0.last_mut() {
                *last = Segment::Key("Elsewhere".to_owned());
            }
        }
        7 if is_modified && !resource.properties.is_empty() => {
            let at = which % resource.properties.len();
            let property = &mut resource.properties[at];
            property.impact = match property.impact {
                Impact::ReplacesCreateFirst | Impact::ReplacesDeleteFirst => Impact::InPlace,
                _ => Impact::ReplacesCreateFirst,
            };
        }
        8 if is_modified => {
            let value = resource.properties.iter_mut().find(|p| !p.unknown);
            let Some(value) = value.and_then(|property| property.before.as_mut()) else {
                return false;
            };
            value.push_str("Other");
        }
        9 if resource.action == Action::Remove => resource.impact = Impact::Retains,
        10 => {
            let mut another = resource.clone();
            another.logical_id.push_str("Another");
            analysis.resources.push(another);
        }
        11 if is_modified => {
            let mut another = resource.properties[0].clone();
            another.path = Path(vec![
                Segment::Key("Properties".to_owned()),
                Segment::Key("Another".to_owned()),
            ]);
            resource.properties.push(another);
        }
        _ => return false,
    }
    true
}

proptest! {
    #[test]
    fn every_mutation_of_a_right_prediction_is_noticed(
        case in 0_usize..43, kind in 0_usize..12, which in 0_usize..8
    ) {
        let name = &names()[case];
        let announced = announced(name);
        let mut mutated = as_predicted(&announced);
        prop_assume!(mutate(&mut mutated, kind, which));
        // A value that the recording hides cannot be compared.
        let reconciliation = reconcile(&mutated, &announced, StackTags::Unknown);
        prop_assert_eq!(
            reconciliation.verdict(),
            Agreement::Disagree,
            "{} {} {:#?}", name, kind, reconciliation
        );
    }

    #[test]
    fn no_announcement_is_too_strange(
        action in ".{0,12}", id in ".{0,12}", path in "(/[^/]{0,4}){0,5}|.{0,8}",
        words in proptest::collection::vec(proptest::option::of(".{0,10}"), 6),
    ) {
        let change = AnnouncedChange {
            action,
            logical_id: id,
            replacement: words[0].clone(),
            details: vec![AnnouncedDetail {
                path,
                before: words[1].clone(),
                after: words[2].clone(),
                recreation: words[3].clone(),
                evaluation: words[4].clone(),
                source: words[5].clone(),
                ..AnnouncedDetail::default()
            }],
            ..AnnouncedChange::default()
        };
        let prediction = prediction("33-immutable_property_update_causes_resource_replacement");
        let reconciliation = reconcile(&prediction, &[change.clone(), change], StackTags::Unknown);
        prop_assert!(reconciliation.counts().resources >= 4);
    }
}

fn modify(id: &str, replacement: &str, details: Vec<AnnouncedDetail>) -> AnnouncedChange {
    AnnouncedChange {
        action: "Modify".to_owned(),
        logical_id: id.to_owned(),
        resource_type: "AWS::SNS::Topic".to_owned(),
        replacement: Some(replacement.to_owned()),
        details,
        ..AnnouncedChange::default()
    }
}

fn row(
    path: &str,
    recreation: &str,
    after: &str,
    evaluation: &str,
    source: &str,
) -> AnnouncedDetail {
    AnnouncedDetail {
        attribute: "Properties".to_owned(),
        path: path.to_owned(),
        before: Some("before".to_owned()),
        after: Some(after.to_owned()),
        recreation: Some(recreation.to_owned()),
        evaluation: Some(evaluation.to_owned()),
        source: Some(source.to_owned()),
        ..AnnouncedDetail::default()
    }
}

/// The only finding of the only resource, on itself or its only place.
fn only(prediction: &Analysis, announced: AnnouncedChange) -> Vec<Finding> {
    let mut reconciliation = reconcile(prediction, &[announced], StackTags::Unknown);
    let line = reconciliation.resources.remove(0);
    let inside = line.properties.into_iter().flat_map(|p| p.findings);
    line.findings.into_iter().chain(inside).collect()
}

#[test]
fn a_replacement_that_aws_leaves_open_is_decided_by_the_prediction() {
    let sure = row(
        "/Properties/TopicName",
        "Always",
        "after",
        "Static",
        "DirectModification",
    );
    let right = modify("Topic", "True", vec![sure.clone()]);
    let open = modify("Topic", "Conditional", vec![sure]);
    assert_eq!(
        only(&as_predicted(&[right]), open),
        [Finding::ReplacementDecided {
            predicted: Replacement::True
        }]
    );
}

#[test]
fn a_replacement_by_a_value_of_run_time_may_not_happen() {
    let late = row(
        "/Properties/TopicName",
        "Always",
        KNOWN_AFTER_APPLY,
        "Static",
        "ResourceReference",
    );
    let announced = modify("Topic", "True", vec![late]);
    let mut prediction = as_predicted(std::slice::from_ref(&announced));
    prediction.resources[0].replacement = Some(Replacement::Conditional);
    prediction.resources[0].properties[0].impact = Impact::MayReplace;
    assert_eq!(
        only(&prediction, announced),
        [
            Finding::ReplacementMayNotHappen,
            Finding::ReplacementMayNotHappen
        ]
    );
}

#[test]
fn tags_that_nobody_predicted_are_those_of_the_stack_only_where_it_gets_others() {
    for (tags, agreement) in [
        (StackTags::Unknown, Agreement::AwsKnowsMore),
        (StackTags::Change, Agreement::Agree),
        (StackTags::Stay, Agreement::Disagree),
    ] {
        let announce = |path: &str| {
            let mut detail = row(path, "Never", "after", "Static", "DirectModification");
            detail.attribute = "Tags".to_owned();
            reconcile(&nothing(), &[modify("Topic", "False", vec![detail])], tags).verdict()
        };
        assert_eq!(announce("/Tags/0"), agreement, "{tags:?}");
        assert_eq!(announce("/Properties/Tags/0"), Agreement::Disagree);
    }
}

#[test]
fn rows_that_change_nothing_are_told_from_rows_that_were_missed() {
    let same = row(
        "/Properties/DisplayName",
        "Never",
        "before",
        "Dynamic",
        "ResourceAttribute",
    );
    let automatic = row(
        "/Properties/DisplayName",
        "Never",
        "after",
        "Dynamic",
        "Automatic",
    );
    let other = row(
        "/Properties/DisplayName",
        "Never",
        "after",
        "Static",
        "DirectModification",
    );
    for (detail, agreement) in [
        (same, Agreement::WeKnowMore),
        (automatic, Agreement::WeKnowMore),
        (other, Agreement::Disagree),
    ] {
        let announced = modify("Topic", "False", vec![detail]);
        assert_eq!(
            reconcile(&nothing(), &[announced], StackTags::Unknown).verdict(),
            agreement
        );
    }
}

#[test]
fn a_value_that_aws_cut_off_agrees_as_far_as_it_goes() {
    let full = row(
        "/Properties/DisplayName",
        "Never",
        "a long value",
        "Static",
        "DirectModification",
    );
    let mut cut = full.clone();
    cut.after = Some("a long...".to_owned());
    cut.cut = true;
    let mut other = cut.clone();
    other.after = Some("a short...".to_owned());
    let prediction = as_predicted(&[modify("Topic", "False", vec![full])]);
    let cut = modify("Topic", "False", vec![cut]);
    assert_eq!(only(&prediction, cut.clone()), [Finding::Cut]);
    assert_eq!(
        reconcile(&prediction, &[cut], StackTags::Unknown).verdict(),
        Agreement::Agree
    );
    let other = modify("Topic", "False", vec![other]);
    assert_eq!(
        reconcile(&prediction, &[other], StackTags::Unknown).verdict(),
        Agreement::Disagree
    );
}

#[test]
fn what_is_in_a_nested_stack_is_not_held_against_the_prediction() {
    let mut inner = modify("Topic", "False", Vec::new());
    inner.nested_in = vec!["Data".to_owned()];
    let prediction = as_predicted(&[modify("Topic", "False", Vec::new())]);
    let reconciliation = reconcile(&prediction, &[inner], StackTags::Unknown);
    let agreements: Vec<Agreement> = reconciliation
        .resources
        .iter()
        .map(|line| line.agreement)
        .collect();
    assert_eq!(agreements, [Agreement::Disagree, Agreement::AwsKnowsMore]);
    assert_eq!(
        reconciliation.to_string(),
        "predicted and AWS's change set agree on 0 of 2 rows; they disagree on 1; AWS knows more on 1"
    );
}

#[test]
fn what_a_drift_aware_change_set_puts_back_is_told_apart_from_what_the_template_changes() {
    let prediction = prediction("33-immutable_property_update_causes_resource_replacement");
    let drifted = |path: &str, after: &str| AnnouncedDetail {
        has_drifted: true,
        ..row(path, "Never", after, "Static", "NoModification")
    };
    let of_another = |details, action: &str, is_gone| AnnouncedChange {
        action: action.to_owned(),
        is_gone,
        ..modify("NobodyEdited", "False", details)
    };
    let finding = |change: AnnouncedChange| {
        let id = change.logical_id.clone();
        let lines = reconcile(&prediction, &[change], StackTags::Stay).resources;
        let line = lines.into_iter().find(|line| line.logical_id == id);
        line.unwrap().findings
    };
    let live = drifted("/Properties/DisplayName", "wanted");
    let edited = row(
        "/Properties/Other",
        "Never",
        "x",
        "Static",
        "DirectModification",
    );
    let back = [Finding::RevertsDrift];
    assert_eq!(
        finding(of_another(vec![live.clone()], "Modify", false)),
        back
    );
    assert_eq!(finding(of_another(Vec::new(), "Add", true)), back);
    let unpredicted = |word: &str| {
        [Finding::NotPredicted {
            announced: word.to_owned(),
        }]
    };
    let change = of_another(vec![live, edited], "Modify", false);
    assert_eq!(finding(change), unpredicted("Modify"));
    let change = of_another(Vec::new(), "Add", false);
    assert_eq!(finding(change), unpredicted("Add"));
}
