//! Large templates from a seed: what was edited is found, and what was only re-spelled is not.

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]

mod common;
mod generator;

use common::{bare, template};
use generator::{Answer, Random, edited, json, respelled, yaml};
use interlock_stackdiff::{Action, Analysis, Replacement, ResourceImpact, analyse};
use serde_json::Value;
use std::collections::BTreeMap;

#[test]
fn the_pair_that_is_measured_has_the_agreed_size_and_is_the_same_everywhere() {
    let pair = edited(42, 500);
    let text = json(&pair.before);
    let in_yaml = yaml(&pair.before, &mut Random::new(42));
    assert!((400_000..460_000).contains(&text.len()), "{}", text.len());
    assert!(
        (210_000..260_000).contains(&in_yaml.len()),
        "{}",
        in_yaml.len()
    );
    assert_eq!(json(&edited(42, 500).after), json(&pair.after));
    assert_eq!(template(&text).resources().count(), 500);
}

#[test]
fn a_template_means_the_same_in_yaml() {
    for seed in 0..6 {
        let made = generator::template(seed, 120);
        let in_yaml = template(&yaml(&made, &mut Random::new(seed)));
        let analysis = analyse(&bare(&template(&json(&made))), &bare(&in_yaml));
        assert_eq!(rows(&analysis), Vec::<String>::new(), "seed {seed}");
    }
}

#[test]
fn what_is_only_respelled_is_no_finding() {
    let mut seen = BTreeMap::new();
    for seed in 0..12 {
        let made = generator::template(seed, 120);
        let mut random = Random::new(seed);
        let (other, used) = respelled(&made, &mut random);
        for (what, count) in used {
            *seen.entry(what).or_insert(0) += count;
        }
        for text in [json(&other), yaml(&other, &mut random)] {
            let analysis = analyse(&bare(&template(&json(&made))), &bare(&template(&text)));
            assert_eq!(rows(&analysis), Vec::<String>::new(), "seed {seed}");
        }
    }
    assert!(
        seen.len() >= 12 && seen.values().all(|count| *count > 5),
        "{seen:?}"
    );
}

#[test]
fn every_edit_is_found_with_what_it_does_and_nothing_else_is() {
    for seed in 0..12 {
        let pair = edited(seed, 240);
        let analysis = analyse(
            &bare(&template(&json(&pair.before))),
            &bare(&template(&json(&pair.after))),
        );
        let found: BTreeMap<&str, &ResourceImpact> = analysis
            .resources
            .iter()
            .map(|resource| (resource.logical_id.as_str(), resource))
            .collect();
        for (name, answer) in &pair.key.edited {
            let resource = found.get(name.as_str());
            let resource = resource.unwrap_or_else(|| panic!("seed {seed}: {name} is missing"));
            let (action, replacement) = match answer {
                Answer::Added => (Action::Add, None),
                Answer::Removed => (Action::Remove, None),
                Answer::Updated => (Action::Modify, Some(Replacement::False)),
                Answer::Replaced => (Action::Modify, Some(Replacement::True)),
            };
            assert_eq!(resource.action, action, "seed {seed}: {name}");
            // What refers to a replaced resource may be replaced with it.
            let follows = pair.key.carried.contains(name) || pair.key.perhaps.contains(name);
            if !follows && replacement.is_some() {
                assert_eq!(resource.replacement, replacement, "seed {seed}: {name}");
            }
        }
        for name in pair.key.reached.iter().chain(&pair.key.carried) {
            let gone = pair.key.edited.get(name) == Some(&Answer::Removed);
            assert!(
                gone || found.contains_key(name.as_str()),
                "seed {seed}: {name} is reached"
            );
        }
        let key = &pair.key;
        for name in found.keys() {
            let name = (*name).to_owned();
            let known = key.edited.contains_key(&name)
                || key.reached.contains(&name)
                || key.carried.contains(&name)
                || key.perhaps.contains(&name);
            assert!(known, "seed {seed}: {name} was not touched");
        }
    }
}

/// One line for each resource that is acted on, and for each difference.
fn rows(analysis: &Analysis) -> Vec<String> {
    let mut rows: Vec<String> = analysis
        .resources
        .iter()
        .map(|each| {
            let paths: Vec<String> = each
                .properties
                .iter()
                .map(|property| {
                    format!(
                        "{} {:?} {:?}",
                        property.path, property.before, property.after
                    )
                })
                .collect();
            format!("{} {:?} {}", each.logical_id, each.action, paths.join("; "))
        })
        .collect();
    rows.extend(common::lines(&analysis.difference));
    rows
}

/// The same template with more resources behind the others, which nothing refers to.
fn longer(template: &Value, count: usize, name: &str) -> Value {
    let mut longer = template.clone();
    // Nothing else may stand in other lines than before.
    let sections = longer.as_object_mut().unwrap();
    let resources = sections.shift_remove("Resources").unwrap();
    sections.insert("Resources".to_owned(), resources);
    let resources = longer["Resources"].as_object_mut().unwrap();
    for index in 0..count {
        let properties = serde_json::json!({"DisplayName": name});
        // Behind all others, also where keys are sorted.
        let id = format!("zzPad{index}");
        resources.insert(
            id,
            serde_json::json!({"Type": "AWS::SNS::Topic", "Properties": properties}),
        );
    }
    longer
}

/// What an analysis says of the resources that were there before.
fn without_the_longer_part(mut analysis: Analysis) -> Analysis {
    let is_own = |id: &str| !id.starts_with("zzPad");
    analysis.resources.retain(|it| is_own(&it.logical_id));
    for section in &mut analysis.difference.sections {
        section.entries.retain(|entry| is_own(&entry.name));
    }
    let sections = &mut analysis.difference.sections;
    sections.retain(|section| !section.entries.is_empty());
    analysis
}

#[test]
fn work_in_halves_on_threads_gives_what_one_pass_gives() {
    for seed in 0..24 {
        let pair = edited(seed, 20);
        let analysed = |count: usize, before: &str, after: &str| {
            let before = longer(&pair.before, count, before);
            let after = longer(&pair.after, count, after);
            let [before, after] = [before, after].map(|it| template(&json(&it)));
            without_the_longer_part(analyse(&bare(&before), &bare(&after)))
        };
        let plain = analysed(0, "", "");
        assert!(plain.differs());
        // From 64 resources the sections are compared in halves; from 8 that change, access is
        // worked out beside the rest. Both where nothing else changes and where all does.
        for (count, before, after) in [
            (44, "a", "a"),
            (90, "a", "a"),
            (201, "a", "a"),
            (90, "a", "b"),
        ] {
            let long = analysed(count, before, after);
            assert!(long == plain, "seed {seed}, {count} more");
        }
    }
}
