//! Change sets against what AWS answered to the same templates; see the README beside this file.

use super::super::change_sets::ChangeSetRequest;
use super::super::changes::{ChangeAction, ResourceChange};
use super::super::estate::{Estate, Site, StoreParameter};
use super::super::operations::{Forced, Request, any_capability};
use super::super::template::parameters::Supplied;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

#[derive(Deserialize)]
struct Case {
    #[serde(rename = "case")]
    name: String,
    before: Value,
    after: Value,
    parameters_before: Map<String, Value>,
    parameters_after: Map<String, Value>,
    with_values: Vec<Value>,
    without_values: Vec<Value>,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("recorded.json")).unwrap()
}

fn supplied(values: &Map<String, Value>) -> Vec<Supplied> {
    values
        .iter()
        .map(|(key, value)| Supplied {
            key: key.clone(),
            value: value.as_str().map(str::to_owned),
            use_previous: false,
        })
        .collect()
}

/// Puts the recording's placeholders in place of what they stand for, where that is certain.
fn plain(text: &str) -> String {
    text.replace("<partition>", "aws")
        .replace("<region>", "us-east-1")
        .replace("<stack-name:1>", "recorded")
}

fn request(template: &Value, parameters: &Map<String, Value>) -> Request {
    Request {
        stack: "recorded".to_owned(),
        template: Some(template.to_string()),
        parameters: supplied(parameters),
        capabilities: any_capability(),
        ..Request::default()
    }
}

fn store(estate: &mut Estate, site: &Site, value: &str) {
    estate.store = vec![StoreParameter {
        site: site.clone(),
        name: "<param-name>".to_owned(),
        value: value.to_owned(),
    }];
}

/// Answers a case as the practice estate would.
fn answer(case: &Case) -> Vec<ResourceChange> {
    let site = Site::new("111111111111", "us-east-1");
    let now = Timestamp::UNIX_EPOCH;
    let mut estate = Estate::default();
    let between = case.name.starts_with("42");
    store(
        &mut estate,
        &site,
        if between {
            "<param-value-1>"
        } else {
            "<param-value>"
        },
    );
    let forced = Forced {
        is_seed: true,
        failure: None,
    };
    let first = request(&case.before, &case.parameters_before);
    let index = estate.create_stack(&site, &first, now, &forced).unwrap();
    estate.finish(index);
    if between {
        store(&mut estate, &site, "<param-value-2>");
    }
    let wanted = ChangeSetRequest {
        request: request(&case.after, &case.parameters_after),
        name: "change".to_owned(),
        ..ChangeSetRequest::default()
    };
    let (index, set) = estate.create_change_set(&site, &wanted, now).unwrap();
    estate.stacks[index].change_sets[set].changes.clone()
}

/// What both sides say about a resource, as one comparable text.
type Said = BTreeSet<String>;

fn ours(change: &ResourceChange, with_values: bool) -> Said {
    let id = &change.logical_id;
    let mut said = Said::from([format!(
        "{id} {} {}",
        change.action.as_str(),
        change.resource_type
    )]);
    if change.action == ChangeAction::Modify {
        said.insert(format!(
            "{id} replacement {}",
            change.replacement(with_values).unwrap()
        ));
    }
    if let Some(policy) = &change.policy_action {
        said.insert(format!("{id} policy {policy}"));
    }
    for attribute in change.scope(with_values) {
        said.insert(format!("{id} scope {attribute}"));
    }
    for row in change.rows(with_values) {
        let mut line = format!(
            "{id} {} {} {} {} {}",
            row.source,
            if row.is_static { "Static" } else { "Dynamic" },
            row.cause.as_deref().unwrap_or("-"),
            row.name.as_deref().unwrap_or("-"),
            row.recreation,
        );
        if with_values {
            let _ = write!(
                line,
                " {} {} -> {}",
                row.path.as_deref().unwrap_or("-"),
                row.before.as_deref().unwrap_or("-"),
                row.after.as_deref().unwrap_or("-")
            );
        }
        said.insert(line);
    }
    if with_values {
        for (side, context) in [
            ("before", &change.before_context),
            ("after", &change.after_context),
        ] {
            if let Some(context) = context {
                let value: Value = serde_json::from_str(context).unwrap();
                said.extend(properties(id, side, &value));
            }
        }
    }
    said
}

fn properties(id: &str, side: &str, context: &Value) -> Said {
    context["Properties"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| format!("{id} {side} {name} {}", plain(&value.to_string())))
        .filter(|line| !line.contains("<resource:"))
        .collect()
}

fn theirs(change: &Value, with_values: bool) -> Said {
    let text = |value: &Value| value.as_str().map_or_else(|| "-".to_owned(), plain);
    let id = text(&change["LogicalResourceId"]);
    let mut said = Said::from([format!(
        "{id} {} {}",
        text(&change["Action"]),
        text(&change["ResourceType"])
    )]);
    if change["Action"] == "Modify" {
        said.insert(format!("{id} replacement {}", text(&change["Replacement"])));
    }
    if change.get("PolicyAction").is_some() {
        said.insert(format!("{id} policy {}", text(&change["PolicyAction"])));
    }
    for attribute in change["Scope"].as_array().unwrap() {
        said.insert(format!("{id} scope {}", text(attribute)));
    }
    for row in change["Details"].as_array().unwrap() {
        let target = &row["Target"];
        let mut line = format!(
            "{id} {} {} {} {} {}",
            text(&row["ChangeSource"]),
            text(&row["Evaluation"]),
            text(&row["CausingEntity"]),
            text(&target["Name"]),
            text(&target["RequiresRecreation"])
        );
        if with_values {
            let _ = write!(
                line,
                " {} {} -> {}",
                text(&target["Path"]),
                text(&target["BeforeValue"]),
                text(&target["AfterValue"])
            );
        }
        said.insert(line);
    }
    for (side, name) in [("before", "BeforeContext"), ("after", "AfterContext")] {
        if let Some(context) = change.get(name).filter(|_| with_values) {
            said.extend(properties(&id, side, context));
        }
    }
    said
}

/// Reports whether a line tells of a value that the recording does not give away: an identifier behind a placeholder, or
/// a name that AWS once claimed not to know although the template spells it out.
fn is_beyond_comparison(line: &str) -> bool {
    line.contains("Topic2 after Tags") || line.contains("Role before LogGroupName")
}

fn differences(case: &Case, with_values: bool) -> Vec<String> {
    let changes = answer(case);
    let ours: Said = changes
        .iter()
        .filter(|change| change.is_told(with_values))
        .flat_map(|change| ours(change, with_values))
        .collect();
    let recorded = if with_values {
        &case.with_values
    } else {
        &case.without_values
    };
    let theirs: Said = recorded
        .iter()
        .flat_map(|change| theirs(change, with_values))
        .collect();
    let only_ours = ours
        .difference(&theirs)
        .map(|line| format!("{}: only here: {line}", case.name));
    let only_theirs = theirs
        .difference(&ours)
        .map(|line| format!("{}: only AWS: {line}", case.name));
    only_ours
        .chain(only_theirs)
        .filter(|line| !is_beyond_comparison(line))
        .collect()
}

#[test]
fn change_sets_say_what_aws_says() {
    let mut all = Vec::new();
    for case in cases() {
        all.extend(differences(&case, true));
        all.extend(differences(&case, false));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn the_recordings_are_all_there() {
    let all = cases();
    assert_eq!(all.len(), 35);
    assert!(all.iter().all(|case| case.before != json!(null)));
}
