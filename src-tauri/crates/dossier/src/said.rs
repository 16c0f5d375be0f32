//! What a statement says, field by field, without knowing its kinds one by one.
//!
//! A kind or a field that comes later is shown as well, and taken for a comment until it is known to
//! be none: a redacted dossier tells nothing that it does not understand.

use crate::redact::{Class, Redactor};
use interlock_ledger::Predicate;
use serde_json::Value;

/// Fields that name something.
const NAMES: [&str; 18] = [
    "kind", "fence", "to", "services", "service", "gate", "owner", "expires", "runner", "attempt",
    "step", "token", "held", "outcome", "version", "key", "from_seq", "element",
];
/// Fields in which the program tells what it did and saw.
const TEXTS: [&str; 4] = ["call", "detail", "handle", "state"];
/// Fields with what an element of a manifest was before and after.
const SIDES: [&str; 2] = ["before", "after"];

/// A field of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// What a redacted dossier takes it for.
    pub class: Option<Class>,
}

/// Every field of a statement, in order.
pub fn fields(predicate: &Predicate) -> Vec<Field> {
    let mut found = Vec::new();
    if let Ok(value) = serde_json::to_value(predicate) {
        walk("", &value, &mut found);
    }
    let mut is_parameter = false;
    let fields = found.into_iter().filter(|(name, _)| name != "kind");
    let told = fields.map(|(name, text)| {
        if name == "element" {
            is_parameter = text.starts_with("parameter ");
        }
        let class = if SIDES.contains(&name.as_str()) {
            is_parameter.then_some(Class::Value)
        } else {
            let is_known = [&NAMES[..], &TEXTS].concat().contains(&name.as_str());
            (!is_known).then_some(Class::Comment)
        };
        Field { name, text, class }
    });
    told.collect()
}

/// What a statement says, in one line, redacted.
pub fn line(predicate: &Predicate, place: &str, redactor: &Redactor) -> String {
    let told = fields(predicate)
        .into_iter()
        .map(|Field { name, text, class }| {
            let text = match class {
                Some(Class::Comment) => redactor.comment(place, &text),
                Some(Class::Value) => redactor.value(place, &text),
                Some(Class::Email) | None if NAMES.contains(&name.as_str()) => {
                    redactor.name(place, &text)
                }
                Some(Class::Email) | None => redactor.text(place, &text),
            };
            format!("{name}: {text}")
        });
    told.collect::<Vec<_>>().join("; ")
}

/// The texts of a statement that a redacted dossier does not tell.
pub fn sensitive(predicate: &Predicate) -> Vec<(Class, String)> {
    let fields = fields(predicate).into_iter();
    let told = fields.filter_map(|field| Some((field.class?, field.text)));
    told.collect()
}

fn walk(name: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                walk(name, member, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                walk(name, item, found);
            }
        }
        Value::Null => {}
        Value::String(text) => found.push((name.to_owned(), text.clone())),
        Value::Bool(_) | Value::Number(_) => found.push((name.to_owned(), value.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_told_and_what_people_write_is_known_as_theirs() {
        let text = r#"{"kind":"step-observation","attempt":1,"step":"s","observed":{"state":"accepted","handle":"item 7"},"detail":"d"}"#;
        let observed: Predicate = serde_json::from_str(text).unwrap();
        let names: Vec<String> = fields(&observed).into_iter().map(|it| it.name).collect();
        assert_eq!(names, ["attempt", "step", "state", "handle", "detail"]);
        assert_eq!(sensitive(&observed), []);
        let text = r#"{"kind":"break-glass","reason":"payments are down","incident":"INC-1"}"#;
        let broken: Predicate = serde_json::from_str(text).unwrap();
        assert_eq!(
            sensitive(&broken),
            [
                (Class::Comment, "payments are down".to_owned()),
                (Class::Comment, "INC-1".to_owned())
            ]
        );
    }

    #[test]
    fn of_what_moved_only_parameters_are_values() {
        let text = r#"{"kind":"voided","moved":[
            {"element":"template of pay","before":"none","after":"aa"},
            {"element":"parameter Secret of pay","before":"old one","after":"new one"}]}"#;
        let moved: Predicate = serde_json::from_str(text).unwrap();
        let told: Vec<String> = sensitive(&moved)
            .into_iter()
            .map(|(_, text)| text)
            .collect();
        assert_eq!(told, ["old one", "new one"]);
    }
}
