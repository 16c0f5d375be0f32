//! What is live, what was deployed last, and what a change would make of it: three ways merged,
//! property by property.
//!
//! It compares texts as AWS gives them: JSON for lists and maps. What AWS itself calls drift by
//! mistake (order, its own tags, spellings that mean the same) is no drift here.

use crate::node::{Node, Value};
use crate::read::{Budget, json_document};

/// The three values of one property, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThreeValues {
    /// JSON pointer into the resource.
    pub path: String,
    /// As it is; none when it is absent.
    pub live: Option<String>,
    /// As deployed last.
    pub deployed: Option<String>,
    /// As the change would have it.
    pub after: Option<String>,
    /// Why AWS does not look at the live value, in its words.
    pub ignored: Option<String>,
    /// Whether the change brings live values back to the template where the two differ.
    pub reverts: bool,
}

/// What a deployment does to a property that may have been changed by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DriftFate {
    /// It is live as it was deployed.
    InSync,
    /// It was changed, and the deployment overwrites that.
    Overwritten,
    /// It was changed, and the deployment leaves that as it is.
    Stays,
    /// It was changed to what the deployment would make it.
    SameAlready,
    /// AWS does not look at the live value.
    Unknown,
}

impl DriftFate {
    /// The name in JSON documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InSync => "in-sync",
            Self::Overwritten => "overwritten",
            Self::Stays => "stays",
            Self::SameAlready => "same-already",
            Self::Unknown => "unknown",
        }
    }
}

impl std::fmt::Display for DriftFate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::InSync => "live as it was deployed",
            Self::Overwritten => "changed by hand, will be overwritten",
            Self::Stays => "changed by hand, stays as it is",
            Self::SameAlready => "changed by hand to what the deployment makes it",
            Self::Unknown => "AWS does not look at the live value",
        })
    }
}

/// What a deployment does to one property.
pub fn drift_fate(values: &ThreeValues) -> DriftFate {
    if values.ignored.is_some() {
        return DriftFate::Unknown;
    }
    let [live, deployed, after] =
        [&values.live, &values.deployed, &values.after].map(|value| value.as_deref().map(meaning));
    let is_late = values
        .after
        .as_deref()
        .is_some_and(|after| after.contains(super::KNOWN_AFTER_APPLY));
    if is_same(live.as_deref(), deployed.as_deref()) {
        DriftFate::InSync
    } else if !is_late && is_same(live.as_deref(), after.as_deref()) {
        DriftFate::SameAlready
    } else if !values.reverts && is_same(deployed.as_deref(), after.as_deref()) {
        // CloudFormation compares templates: what they do not change it does not touch.
        DriftFate::Stays
    } else {
        DriftFate::Overwritten
    }
}

/// Nothing and an empty list are one to AWS's drift detection.
fn is_same(one: Option<&str>, other: Option<&str>) -> bool {
    let is_empty = |value: Option<&str>| matches!(value, None | Some("[]" | "{}"));
    one == other || is_empty(one) && is_empty(other)
}

/// A text that is the same for values that mean the same: without order, without AWS's own tags,
/// scalars as texts, JSON in texts read.
fn meaning(text: &str) -> String {
    let trimmed = text.trim();
    if !trimmed.starts_with(['{', '[', '"']) {
        return quoted(trimmed);
    }
    match json_document(trimmed.as_bytes(), "value", &Budget::default()) {
        Ok(node) => meaning_of(&node),
        Err(_) => quoted(trimmed),
    }
}

fn meaning_of(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => quoted(if *value { "true" } else { "false" }),
        Value::Number(number) => quoted(number.text()),
        Value::Text(text) if text.trim_start().starts_with(['{', '[']) => meaning(text),
        Value::Text(text) => quoted(text),
        Value::List(items) => {
            let items = items.iter().filter(|item| !is_own_tag(item));
            let mut items: Vec<String> = items.map(meaning_of).collect();
            items.sort();
            format!("[{}]", items.join(","))
        }
        Value::Map(map) => {
            let mut members: Vec<String> = map
                .entries()
                .iter()
                .map(|entry| format!("{}:{}", quoted(&entry.key), meaning_of(&entry.value)))
                .collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
    }
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// Tags that CloudFormation itself puts on what it makes.
fn is_own_tag(item: &Node) -> bool {
    let key = item.as_map().and_then(|map| map.get("Key"));
    key.is_some_and(|key| matches!(&key.value, Value::Text(text) if text.starts_with("aws:")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn three(live: &str, deployed: &str, after: &str) -> ThreeValues {
        let value = |text: &str| (text != "-").then(|| text.to_owned());
        ThreeValues {
            live: value(live),
            deployed: value(deployed),
            after: value(after),
            ..ThreeValues::default()
        }
    }

    #[test]
    fn every_way_in_which_three_values_can_stand() {
        for (live, deployed, after, fate) in [
            ("1", "1", "1", DriftFate::InSync),
            ("1", "1", "2", DriftFate::InSync),
            ("2", "1", "3", DriftFate::Overwritten),
            ("2", "1", "2", DriftFate::SameAlready),
            ("2", "1", "1", DriftFate::Stays),
            ("-", "1", "1", DriftFate::Stays),
            ("-", "1", "-", DriftFate::SameAlready),
            ("2", "-", "-", DriftFate::Stays),
            (
                "2",
                "1",
                super::super::KNOWN_AFTER_APPLY,
                DriftFate::Overwritten,
            ),
        ] {
            assert_eq!(
                drift_fate(&three(live, deployed, after)),
                fate,
                "{live} {deployed} {after}"
            );
        }
    }

    #[test]
    fn a_deployment_that_reverts_drift_leaves_nothing_that_was_changed_by_hand() {
        let mut values = three("2", "1", "1");
        values.reverts = true;
        assert_eq!(drift_fate(&values), DriftFate::Overwritten);
    }

    #[test]
    fn what_aws_does_not_look_at_is_unknown() {
        let mut values = three("2", "1", "1");
        values.ignored = Some("WRITE_ONLY_PROPERTY".to_owned());
        assert_eq!(drift_fate(&values), DriftFate::Unknown);
    }

    #[test]
    fn order_own_tags_and_other_spellings_are_no_drift() {
        for (live, deployed) in [
            (r#"["b","a"]"#, r#"["a","b"]"#),
            (r#"{"b":1,"a":true}"#, r#"{"a":"true","b":"1"}"#),
            (
                r#"[{"Key":"aws:cloudformation:stack-name","Value":"x"},{"Key":"team","Value":"y"}]"#,
                r#"[{"Key":"team","Value":"y"}]"#,
            ),
            (r#"{"Policy":"{\"a\": [1]}"}"#, r#"{"Policy":{"a":["1"]}}"#),
            ("80", "\"80\""),
            ("[]", "-"),
        ] {
            assert_eq!(
                drift_fate(&three(live, deployed, deployed)),
                DriftFate::InSync,
                "{live} {deployed}"
            );
        }
        assert_eq!(
            drift_fate(&three(r#"["a","b","b"]"#, r#"["a","b"]"#, "-")),
            DriftFate::Overwritten
        );
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange_and_each_is_in_sync_with_itself(text in r#"[\[\]{}":,a-z0-9\\ ]{0,40}|.{0,20}"#, other in ".{0,8}") {
            prop_assert_eq!(drift_fate(&three(&text, &text, &other)), DriftFate::InSync);
            let _ = drift_fate(&three(&text, &other, &text));
        }
    }
}
