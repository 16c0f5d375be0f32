//! Short ways to read templates and put sides together.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]

use interlock_stackdiff::{
    Budget, EnvironmentFacts, ParameterValue, Side, StackDifference, Template, compare,
};
use std::path::PathBuf;

/// A file of the test data.
pub fn testdata(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("testdata")
        .join(path)
}

/// The bytes of a file of the test data.
pub fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(testdata(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The JSON of a file of the test data.
pub fn json(path: &str) -> serde_json::Value {
    serde_json::from_slice(&bytes(path)).unwrap()
}

/// Reads a template that must be readable.
pub fn template(text: &str) -> Template {
    Template::read(text.as_bytes(), "template", &Budget::default())
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A side of nothing but a template.
pub fn bare(template: &Template) -> Side<'_> {
    Side {
        template: Some(template),
        ..Side::default()
    }
}

/// A side with values that a deployed stack has.
pub fn with_values<'a>(template: &'a Template, values: &[(&str, &str)]) -> Side<'a> {
    let mut side = bare(template);
    for (key, text) in values {
        let value = ParameterValue {
            text: (*text).to_owned(),
            resolved: None,
        };
        side.parameters.observe(*key, value);
    }
    side
}

/// The facts of an environment.
pub fn environment(name: &str, account: &str, region: &str) -> EnvironmentFacts {
    EnvironmentFacts {
        name: Some(name.to_owned()),
        account: Some(account.to_owned()),
        region: Some(region.to_owned()),
        ..EnvironmentFacts::default()
    }
}

/// Compares two texts without any values.
pub fn compare_texts(left: &str, right: &str) -> StackDifference {
    let (left, right) = (template(left), template(right));
    compare(&bare(&left), &bare(&right))
}

/// One line for each difference, for assertions that read like a list.
pub fn lines(difference: &StackDifference) -> Vec<String> {
    let mut lines = Vec::new();
    for (section, entry) in difference.entries() {
        for property in &entry.properties {
            let path = property.path.to_string();
            let place = [section.key(), &entry.name, &path]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("/");
            let causes: Vec<String> = property.causes.iter().map(ToString::to_string).collect();
            let mark = match (property.expected, property.unknown) {
                (true, _) => " expected",
                (_, true) => " unknown",
                _ => "",
            };
            let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
            lines.push(format!(
                "{place}: {} -> {} ({}){mark}",
                side(&property.before),
                side(&property.after),
                causes.join(", ")
            ));
        }
    }
    lines
}
