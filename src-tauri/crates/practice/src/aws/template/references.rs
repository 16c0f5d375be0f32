//! What an expression mentions: parameters, resources and attributes, through conditions and mappings.

use super::Template;
use super::evaluate::function;
use super::functions::{Piece, pieces};
use serde_json::Value;
use std::collections::BTreeSet;

/// What an expression mentions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    /// Names of `Ref`: parameters, pseudo parameters and resources.
    pub names: BTreeSet<String>,
    /// Resource attributes.
    pub attributes: BTreeSet<(String, String)>,
    /// Conditions.
    pub conditions: BTreeSet<String>,
}

impl References {
    /// Collects what an expression mentions, without following conditions.
    pub fn of(expression: &Value) -> Self {
        let mut found = Self::default();
        found.collect(expression);
        found
    }

    /// Collects what an expression mentions, conditions' own mentions included.
    pub fn through_conditions(expression: &Value, template: &Template) -> Self {
        let mut found = Self::of(expression);
        let mut followed = BTreeSet::new();
        while let Some(name) = found.conditions.difference(&followed).next().cloned() {
            if let Some(condition) = template.conditions().get(&name) {
                found.collect(condition);
            }
            followed.insert(name);
        }
        found
    }

    /// Returns the logical ids that are mentioned by name or attribute.
    pub fn logical_ids(&self) -> impl Iterator<Item = &String> {
        self.names
            .iter()
            .chain(self.attributes.iter().map(|(resource, _)| resource))
    }

    fn collect(&mut self, expression: &Value) {
        match expression {
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Object(map) => match function(map) {
                Some((name, argument)) => self.collect_call(name, argument),
                None => map.values().for_each(|value| self.collect(value)),
            },
            _ => {}
        }
    }

    fn collect_call(&mut self, name: &str, argument: &Value) {
        match (name, argument) {
            ("Ref", Value::String(target)) => {
                self.names.insert(target.clone());
            }
            ("Condition", Value::String(condition)) => {
                self.conditions.insert(condition.clone());
            }
            ("Fn::GetAtt", Value::String(text)) => {
                if let Some((resource, attribute)) = text.split_once('.') {
                    self.attributes
                        .insert((resource.to_owned(), attribute.to_owned()));
                }
            }
            ("Fn::GetAtt", Value::Array(parts)) => {
                if let [Value::String(resource), attribute] = parts.as_slice() {
                    let attribute_name = attribute.as_str().unwrap_or("*").to_owned();
                    self.attributes.insert((resource.clone(), attribute_name));
                    self.collect(attribute);
                }
            }
            ("Fn::If", Value::Array(parts)) => {
                if let Some(Value::String(condition)) = parts.first() {
                    self.conditions.insert(condition.clone());
                }
                parts.iter().skip(1).for_each(|part| self.collect(part));
            }
            ("Fn::Sub", Value::String(text)) => self.collect_text(text, None),
            ("Fn::Sub", Value::Array(parts)) => {
                let variables = parts.get(1).and_then(Value::as_object);
                if let Some(Value::String(text)) = parts.first() {
                    self.collect_text(text, variables);
                }
                if let Some(variables) = variables {
                    variables.values().for_each(|value| self.collect(value));
                }
            }
            (_, argument) => self.collect(argument),
        }
    }

    fn collect_text(&mut self, text: &str, variables: Option<&serde_json::Map<String, Value>>) {
        for piece in pieces(text) {
            let Piece::Variable(name) = piece else {
                continue;
            };
            if variables.is_some_and(|map| map.contains_key(name)) {
                continue;
            }
            match name.split_once('.') {
                Some((resource, attribute)) => {
                    self.attributes
                        .insert((resource.to_owned(), attribute.to_owned()));
                }
                None => {
                    self.names.insert(name.to_owned());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn mentions_are_found_in_every_form() {
        let found = References::of(&json!({
            "A": {"Fn::Sub": ["${X}-${Env}-${T.Arn}-${!No}", {"X": {"Ref": "Y"}}]},
            "B": {"Fn::GetAtt": "Q.Arn"},
            "C": {"Fn::If": ["IsProd", {"Ref": "P"}, 1]},
        }));
        let names: Vec<_> = found.names.iter().map(String::as_str).collect();
        assert_eq!(names, ["Env", "P", "Y"]);
        let ids: BTreeSet<_> = found.attributes.iter().map(|(r, _)| r.as_str()).collect();
        assert_eq!(ids, BTreeSet::from(["Q", "T"]));
        assert!(found.conditions.contains("IsProd"));
    }
}
