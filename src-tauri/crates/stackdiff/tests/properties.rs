//! What holds for every template: twins read equal, nothing differs from itself, sides mirror,
//! edits of scalars are seen, and no bytes break the readers.

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]
#![allow(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "test data is small"
)]

mod common;

use common::{bare, lines, template};
use interlock_stackdiff::{
    Budget, EntryState, PropertyDifference, Segment, StackDifference, Template, compare,
    variables::VariableDocument,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};

/// Texts that YAML would read as something else when they are not quoted, and ordinary ones.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "yes",
            "No",
            "0755",
            "1:30",
            "012",
            "1e3",
            "~",
            "null",
            "2012-10-17",
            "a: b",
            "- a",
            "# a",
            "{a}",
            "[a",
            "'",
            "\"",
            "&a",
            "*a",
            "!Ref a",
            "<<",
            "=",
            " a ",
            "a\nb",
            "a\tb",
            "${A}",
            "${!A}",
            "año",
            "😀",
            "\u{2028}",
            "a\r\nb",
            "%",
            "@",
            "`",
            "|",
            ">",
            "?",
            ":",
            "-",
            "...",
            "---",
        ])
        .prop_map(ToOwned::to_owned),
        "[a-zA-Z0-9 ._/:-]{0,12}",
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-Z][a-zA-Z0-9]{0,6}",
        1 => prop::sample::select(vec!["Key", "Name", "Sid", "a.b", "aws:cdk:path", "a b", "12", "on"])
            .prop_map(ToOwned::to_owned),
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(Value::String),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| json!(number)),
        prop::sample::select(vec![0.5, 13.1, 1.25, -2.75]).prop_map(|number| json!(number)),
        Just(Value::Null),
    ]
}

fn intrinsic(inner: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec!["P", "Q", "AWS::Region", "AWS::NoValue", "R.Arn"]);
    prop_oneof![
        name.clone().prop_map(|name| json!({"Ref": name})),
        Just(json!({"Fn::GetAtt": ["Q", "Arn"]})),
        "[a-z${}PQ.!-]{0,10}".prop_map(|text| json!({"Fn::Sub": text})),
        prop::collection::vec(inner.clone(), 0..4)
            .prop_map(|items| json!({"Fn::Join": ["-", items]})),
        (0..3u8, prop::collection::vec(inner.clone(), 0..4))
            .prop_map(|(index, items)| json!({"Fn::Select": [index, items]})),
        (inner.clone(), inner.clone()).prop_map(|(yes, no)| json!({"Fn::If": ["C", yes, no]})),
        inner.prop_map(|value| json!({"Fn::Base64": value})),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::btree_map(key(), inner.clone(), 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
            prop::collection::vec((key(), inner.clone()), 0..4).prop_map(|items| {
                let named = items
                    .into_iter()
                    .map(|(name, value)| json!({"Name": name, "Value": value}));
                Value::Array(named.collect())
            }),
            intrinsic(inner),
        ]
    })
}

fn document() -> impl Strategy<Value = Value> {
    (
        prop::collection::btree_map("[A-Z][a-z]{0,2}", (value(), value()), 1..5),
        prop::collection::btree_map("[PQ]", prop::option::of(text()), 0..3),
        text(),
        any::<bool>(),
    )
        .prop_map(|(resources, parameters, description, condition)| {
            let resources: Map<String, Value> = resources
                .into_iter()
                .map(|(name, (first, second))| {
                    (
                        name,
                        json!({"Type": "T", "Properties": {"A": first, "B": second}}),
                    )
                })
                .collect();
            let parameters: Map<String, Value> = parameters
                .into_iter()
                .map(|(name, default)| match default {
                    Some(text) => (name, json!({"Type": "String", "Default": text})),
                    None => (name, json!({"Type": "String"})),
                })
                .collect();
            json!({
                "Description": description,
                "Parameters": parameters,
                "Conditions": {"C": {"Fn::Equals": [condition.to_string(), "true"]}},
                "Resources": resources,
            })
        })
}

/// Writes JSON as block YAML, with short forms where CloudFormation has them.
fn yaml(value: &Value, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(map) if map.is_empty() => out.push_str(" {}\n"),
        Value::Array(items) if items.is_empty() => out.push_str(" []\n"),
        Value::Object(map) => {
            if let Some((name, argument)) = short(map) {
                out.push_str(&format!(" !{name}"));
                yaml(argument, indent, out);
                return;
            }
            out.push('\n');
            for (key, value) in map {
                out.push_str(&format!("{pad}{}:", Value::String(key.clone())));
                yaml(value, indent + 2, out);
            }
        }
        Value::Array(items) => {
            out.push('\n');
            for item in items {
                out.push_str(&format!("{pad}-"));
                yaml(item, indent + 2, out);
            }
        }
        Value::String(text) => out.push_str(&format!(" {}\n", yaml_text(text))),
        other => out.push_str(&format!(" {other}\n")),
    }
}

/// Quoted for YAML, which reads line separators in quotes as line breaks.
fn yaml_text(text: &str) -> String {
    Value::String(text.to_owned())
        .to_string()
        .replace('\u{2028}', "\\u2028")
        .replace('\u{7f}', "\\u007f")
}

/// A function that may be written short here: two tags may not follow one another.
fn short(map: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (key, argument) = map.iter().next().filter(|_| map.len() == 1)?;
    let name = key
        .strip_prefix("Fn::")
        .or_else(|| (key == "Ref").then_some("Ref"))?;
    let is_plain = argument.is_string() || argument.is_array();
    is_plain.then_some((name, argument))
}

fn as_yaml(value: &Value) -> String {
    let mut text = String::new();
    yaml(value, 0, &mut text);
    text
}

/// The difference as the other side would see it, in any order.
fn mirrored(difference: &StackDifference) -> Vec<String> {
    described(
        difference,
        |property| {
            let mut path = property.path.clone();
            for segment in &mut path.0 {
                if let Segment::Item { left, right, .. } = segment {
                    std::mem::swap(left, right);
                }
            }
            format!(
                "{path:?} {:?} {:?} {:?}",
                property.after, property.before, property.unknown
            )
        },
        |state| match state {
            EntryState::Added => EntryState::Removed,
            EntryState::Removed => EntryState::Added,
            other => other,
        },
    )
}

fn plain(difference: &StackDifference) -> Vec<String> {
    described(
        difference,
        |property| {
            format!(
                "{:?} {:?} {:?} {:?}",
                property.path, property.before, property.after, property.unknown
            )
        },
        |state| state,
    )
}

fn described(
    difference: &StackDifference,
    property_text: impl Fn(&PropertyDifference) -> String,
    state: impl Fn(EntryState) -> EntryState,
) -> Vec<String> {
    let mut all: Vec<String> = difference
        .entries()
        .flat_map(|(section, entry)| {
            let head = format!("{section} {} {:?}", entry.name, state(entry.state));
            entry
                .properties
                .iter()
                .map(|property| format!("{head} {}", property_text(property)))
                .collect::<Vec<_>>()
        })
        .collect();
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_and_yaml_of_one_document_read_equal(document in document()) {
        let text = as_yaml(&document);
        let from_yaml = template(&text);
        for json in [document.to_string(), serde_json::to_string_pretty(&document).unwrap()] {
            let from_json = template(&json);
            prop_assert_eq!(from_yaml.root(), from_json.root(), "{}", text);
        }
        let windows = template(&text.replace('\n', "\r\n"));
        prop_assert_eq!(from_yaml.root(), windows.root());
    }

    #[test]
    fn nothing_differs_from_itself(document in document()) {
        let (json, yaml) = (template(&document.to_string()), template(&as_yaml(&document)));
        let difference = compare(&bare(&json), &bare(&yaml));
        prop_assert!(!difference.differs(), "{:?}", lines(&difference));
    }

    #[test]
    fn swapping_the_sides_swaps_the_difference(left in document(), right in document()) {
        let (left, right) = (template(&left.to_string()), template(&right.to_string()));
        let there = compare(&bare(&left), &bare(&right));
        let back = compare(&bare(&right), &bare(&left));
        prop_assert_eq!(plain(&there), mirrored(&back));
        prop_assert_eq!(there.differs(), back.differs());
    }

    #[test]
    fn an_edited_scalar_is_seen_at_its_place(document in document(), replacement in "[a-z]{13,14}") {
        let mut edited = document.clone();
        let resources = edited["Resources"].as_object_mut().unwrap();
        let (name, resource) = resources.iter_mut().next().unwrap();
        let name = name.clone();
        resource["Properties"]["A"] = json!(replacement);
        let (left, right) = (template(&document.to_string()), template(&edited.to_string()));
        let difference = compare(&bare(&left), &bare(&right));
        let found: Vec<String> = difference
            .entries()
            .flat_map(|(_, entry)| entry.properties.iter().map(|property| format!("{}/{}", entry.name, property.path)))
            .collect();
        prop_assert_eq!(found, [format!("{name}/A")]);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let started = Instant::now();
        let _ = Template::read(&bytes, "any", &Budget::default());
        let _ = VariableDocument::read(&bytes, "any");
        prop_assert!(started.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn any_text_of_yaml_s_own_signs_is_read_or_refused(
        text in "([-?:,\\[\\]{}#&*!|>'\"%@` \t\n\ra0~<.=+]|<<: |&a |\\*a|!Ref |!!str |- |\\? |: |--- |\\|-2\n|\r\n){0,60}"
    ) {
        let _ = Template::read(text.as_bytes(), "any", &Budget::default());
        let framed = format!("Resources:\n  R:\n    Type: T\n    Properties:\n      V: {text}\n");
        if let Ok(read) = Template::read(framed.as_bytes(), "any", &Budget::default()) {
            prop_assert!(!compare(&bare(&read), &bare(&read)).differs());
        }
    }

    #[test]
    fn a_template_with_a_byte_changed_is_read_or_refused(
        document in document(),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        is_yaml in any::<bool>(),
    ) {
        let mut bytes = if is_yaml { as_yaml(&document) } else { document.to_string() }.into_bytes();
        let at = place.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = Template::read(&bytes, "any", &Budget::default()) {
            prop_assert!(!compare(&bare(&read), &bare(&read)).differs());
        }
    }
}
