//! Every scalar counts: in a large template of real resource types, changing any one of them is
//! found, in its resource, and both ways round.

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]

mod common;
mod generator;

use common::{bare, template};
use generator::Random;
use interlock_stackdiff::{AccessVerdict, Action, Analysis, analyse};
use serde_json::Value;
use std::collections::BTreeSet;

/// The JSON pointers of all scalars below the properties of resources.
fn scalars(template: &Value) -> Vec<String> {
    fn walk(value: &Value, pointer: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                for (key, inner) in map {
                    let step = key.replace('~', "~0").replace('/', "~1");
                    walk(inner, &format!("{pointer}/{step}"), found);
                }
            }
            Value::Array(items) => {
                for (index, inner) in items.iter().enumerate() {
                    walk(inner, &format!("{pointer}/{index}"), found);
                }
            }
            _ => found.push(pointer.to_owned()),
        }
    }
    let mut found = Vec::new();
    for (name, resource) in template["Resources"].as_object().unwrap() {
        let pointer = format!("/Resources/{name}/Properties");
        walk(&resource["Properties"], &pointer, &mut found);
    }
    found
}

/// Another value of the same kind, with the least that can be changed.
fn other(value: &Value, random: &mut Random) -> Value {
    match value {
        Value::Bool(truth) => Value::Bool(!truth),
        Value::Number(number) => Value::from(number.as_i64().unwrap_or(0) + 1),
        Value::String(text) if text.contains("${") || text.len() < 2 => {
            Value::String(format!("{text}x"))
        }
        Value::String(text) => {
            // One character in the middle becomes another one.
            let mut chars: Vec<char> = text.chars().collect();
            let at = random.below(chars.len());
            chars[at] = if chars[at] == 'q' { 'z' } else { 'q' };
            Value::String(chars.into_iter().collect())
        }
        _ => Value::String("x".to_owned()),
    }
}

fn judged(before: &Value, after: &Value) -> Analysis {
    let (before, after) = (template(&before.to_string()), template(&after.to_string()));
    analyse(&bare(&before), &bare(&after))
}

fn names(analysis: &Analysis) -> BTreeSet<&str> {
    analysis
        .resources
        .iter()
        .map(|resource| resource.logical_id.as_str())
        .collect()
}

#[test]
fn any_scalar_that_changes_is_found_in_its_resource() {
    let mut random = Random::new(7);
    for seed in 0..4 {
        let mut before = generator::template(seed, 60);
        // Without values no condition is decided, and both branches count.
        for (_, parameter) in before["Parameters"].as_object_mut().unwrap() {
            parameter.as_object_mut().unwrap().remove("Default");
        }
        let all = scalars(&before);
        for _ in 0..150 {
            let pointer = &all[random.below(all.len())];
            let mut after = before.clone();
            let place = after.pointer_mut(pointer).unwrap();
            let changed = other(place, &mut random);
            if changed == *place {
                continue;
            }
            let was = std::mem::replace(place, changed.clone());
            let analysis = judged(&before, &after);
            let name = pointer.split('/').nth(2).unwrap();
            assert!(
                (analysis.differs() || analysis.is_undecided()) && names(&analysis).contains(name),
                "seed {seed}, {pointer}: {was} -> {changed}"
            );
            let back = judged(&after, &before);
            assert!(
                names(&back).contains(name),
                "seed {seed}, {pointer}: {changed} -> {was}"
            );
        }
    }
}

#[test]
fn what_comes_one_way_goes_the_other_way() {
    for seed in 0..12 {
        let pair = generator::edited(seed, 120);
        let forward = judged(&pair.before, &pair.after);
        let back = judged(&pair.after, &pair.before);
        let of = |analysis: &Analysis, action: Action| -> BTreeSet<String> {
            analysis
                .resources
                .iter()
                .filter(|resource| resource.action == action)
                .map(|resource| resource.logical_id.clone())
                .collect()
        };
        assert_eq!(
            of(&forward, Action::Add),
            of(&back, Action::Remove),
            "seed {seed}"
        );
        assert_eq!(
            of(&forward, Action::Remove),
            of(&back, Action::Add),
            "seed {seed}"
        );
        for resource in &forward.resources {
            let Some(access) = &resource.access else {
                continue;
            };
            let mirrored = back
                .resources
                .iter()
                .find(|other| other.logical_id == resource.logical_id)
                .and_then(|other| other.access.as_ref())
                .map(|other| other.verdict);
            let wanted = match access.verdict {
                AccessVerdict::Broadened => AccessVerdict::Narrowed,
                AccessVerdict::Narrowed => AccessVerdict::Broadened,
                same => same,
            };
            assert_eq!(
                mirrored,
                Some(wanted),
                "seed {seed}: {}",
                resource.logical_id
            );
        }
    }
}
