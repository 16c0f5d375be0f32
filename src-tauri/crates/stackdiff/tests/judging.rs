//! The judgement against answers that others gave: what AWS announced for recorded change sets, and
//! the right answer of semantic cases.

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]

mod common;

use common::{bare, bytes, json, with_values};
use interlock_stackdiff::{Action, Analysis, Budget, Impact, Replacement, Side, Template, analyse};
use std::collections::BTreeSet;

fn read(path: &str) -> Template {
    Template::read(&bytes(path), path, &Budget::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn side<'a>(template: &'a Template, values: &serde_json::Value) -> Side<'a> {
    let values: Vec<(&str, &str)> = values
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str().unwrap()))
        .collect();
    with_values(template, &values)
}

const fn replacement_name(replacement: Replacement) -> &'static str {
    match replacement {
        Replacement::True => "True",
        Replacement::False => "False",
        Replacement::Conditional => "Conditional",
    }
}

const fn action_name(action: Action) -> &'static str {
    match action {
        Action::Add => "Add",
        Action::Modify => "Modify",
        Action::Remove => "Remove",
        Action::Import => "Import",
    }
}

/// Action, logical id, type and replacement, as a change set has them. The replacement of what is
/// added means nothing, and recordings of different dates differ in it.
fn rows(analysis: &Analysis) -> BTreeSet<[String; 4]> {
    analysis
        .resources
        .iter()
        .map(|resource| {
            [
                action_name(resource.action).to_owned(),
                resource.logical_id.clone(),
                resource.resource_type.clone(),
                resource.replacement.map_or("", replacement_name).to_owned(),
            ]
        })
        .collect()
}

fn recorded(case: &serde_json::Value) -> BTreeSet<[String; 4]> {
    case["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            let text = |key: &str| change[key].as_str().unwrap_or_default().to_owned();
            let replacement = match change["action"].as_str() {
                Some("Add") => String::new(),
                _ => text("replacement"),
            };
            [
                text("action"),
                text("logical_id"),
                text("type"),
                replacement,
            ]
        })
        .collect()
}

#[test]
fn recorded_change_sets_are_predicted_with_action_type_and_replacement() {
    let mut others = Vec::new();
    let index = json("recorded-change-sets/index.json");
    for case in index.as_array().unwrap() {
        let name = case["dir"].as_str().unwrap();
        let before = read(&format!("recorded-change-sets/{name}/before.json"));
        let after = read(&format!("recorded-change-sets/{name}/after.json"));
        let analysis = analyse(
            &side(&before, &case["parameters_before"]),
            &side(&after, &case["parameters_after"]),
        );
        let (found, wanted) = (rows(&analysis), recorded(case));
        if found != wanted {
            others.push((name.to_owned(), found, wanted));
        }
    }
    let names: Vec<&str> = others.iter().map(|(name, ..)| &name[..2]).collect();
    // 25: SAM makes the resources on AWS's side. 42: the content of a Systems Manager parameter
    // was changed between the two, which neither templates nor values show.
    assert_eq!(names, ["25", "42"], "{others:#?}");
}

/// What is wrong with the judgement of a semantic case; none when it is right.
fn fault(expect: &serde_json::Value, analysis: &Analysis) -> Option<String> {
    if expect["equal"] == true && (analysis.differs() || !analysis.resources.is_empty()) {
        return Some("it is called different".to_owned());
    }
    for (id, wanted) in expect.as_object().unwrap() {
        let Some(wanted) = wanted.as_str().filter(|_| id != "security" && id != "note") else {
            continue;
        };
        let Some(resource) = analysis.resources.iter().find(|r| &r.logical_id == id) else {
            return Some(format!("{id} is not listed"));
        };
        let is_right = match wanted {
            "Snapshot" => resource.impact == Impact::Snapshots,
            "Retain" => resource.impact == Impact::Retains,
            "Modify/Rejected" => {
                resource.action == Action::Modify && resource.impact == Impact::Rejected
            }
            _ => {
                let replacement = resource.replacement.map_or("", replacement_name);
                let found = format!("{}/{replacement}", action_name(resource.action));
                found.trim_end_matches('/') == wanted
            }
        };
        if !is_right {
            return Some(format!("{id} should be {wanted}: {resource:#?}"));
        }
    }
    let first = analysis.resources.first();
    let security = analysis.access.as_ref();
    let security = security.map_or("same", |access| access.verdict.name());
    if let Some(wanted) = expect["security"].as_str()
        && security != wanted
    {
        return Some(format!("security is {security}: {:#?}", analysis.access));
    }
    if expect["stateful"] == true && !analysis.resources.iter().any(|one| one.stateful) {
        return Some("nothing is stateful".to_owned());
    }
    if expect["metadataOnly"] == true && first.is_none_or(|one| one.impact != Impact::Metadata) {
        return Some("more than metadata".to_owned());
    }
    None
}

#[test]
fn semantic_cases_have_the_right_impact_and_access() {
    let mut wrong = Vec::new();
    for case in json("semantic/cases.json").as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        let [before, after] = ["before", "after"].map(|side| {
            let text = case[side].to_string();
            Template::read(text.as_bytes(), id, &Budget::default()).unwrap()
        });
        let analysis = analyse(&bare(&before), &bare(&after));
        if let Some(fault) = fault(&case["expect"], &analysis) {
            wrong.push(format!("{id}: {fault}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_template_of_the_collections_is_the_same_as_itself() {
    for case in json("twins/index.json").as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        let template = read(&format!("twins/{id}/t.json"));
        let analysis = analyse(&bare(&template), &bare(&template));
        assert!(!analysis.differs(), "{id}");
        assert!(
            analysis.resources.is_empty(),
            "{id}: {:#?}",
            analysis.resources
        );
        assert!(
            analysis.respelled.is_empty(),
            "{id}: {:#?}",
            analysis.respelled
        );
    }
}
