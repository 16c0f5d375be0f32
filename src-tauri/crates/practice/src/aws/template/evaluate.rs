//! Values to what would be deployed: parameters, conditions and functions worked out for one stack.

use super::super::error::{AwsError, AwsResult};
use super::Template;
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What a reference to a resource or its attribute stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// This value.
    Value(Value),
    /// A value that only the deployment will tell.
    AfterApply,
}

/// Answers `Ref` and `Fn::GetAtt` on resources.
pub trait ResourceView {
    /// Returns what `Ref` stands for, or the value of an attribute.
    fn value(&self, logical_id: &str, attribute: Option<&str>) -> AwsResult<Known>;
}

/// Everything that evaluation needs beside the template.
pub struct Scope<'a> {
    /// Template.
    pub template: &'a Template,
    /// Effective parameter values.
    pub parameters: &'a BTreeMap<String, Value>,
    /// Account id.
    pub account: &'a str,
    /// Region.
    pub region: &'a str,
    /// Stack name.
    pub stack_name: &'a str,
    /// Stack ARN.
    pub stack_id: &'a str,
    /// Notification topics.
    pub notification_arns: &'a [String],
    /// Exports of the account and region.
    pub exports: &'a BTreeMap<String, String>,
    /// Resources.
    pub resources: &'a dyn ResourceView,
    /// Conditions worked out so far; none while one is being worked out.
    pub conditions: RefCell<BTreeMap<String, Option<bool>>>,
    /// Export names that were imported.
    pub imported: RefCell<BTreeSet<String>>,
}

/// A value with what it depends on that is not known yet.
#[derive(Debug, Clone, PartialEq)]
pub enum Evaluated {
    /// The value.
    Value(Value),
    /// `AWS::NoValue`: the property is left out.
    Nothing,
    /// Known after the deployment.
    AfterApply,
}

impl Scope<'_> {
    /// Works a value out; scalars become text, as CloudFormation hands them on.
    pub fn evaluate(&self, value: &Value) -> AwsResult<Evaluated> {
        match value {
            Value::Object(map) => match function(map) {
                // `Condition` is a function in conditions only; policies have a key of that name.
                Some((name, argument)) if name != "Condition" => self.call(name, argument),
                _ => self.object(map),
            },
            Value::Array(items) => {
                let mut out = Vec::with_capacity(items.len());
                for item in items {
                    match self.evaluate(item)? {
                        Evaluated::Nothing => {}
                        other => out.push(other.into_value()),
                    }
                }
                Ok(Evaluated::Value(Value::Array(out)))
            }
            Value::Null => Ok(Evaluated::Nothing),
            scalar => Ok(Evaluated::Value(Value::String(text_of(scalar)))),
        }
    }

    fn object(&self, map: &Map<String, Value>) -> AwsResult<Evaluated> {
        let mut out = Map::new();
        for (key, value) in map {
            match self.evaluate(value)? {
                Evaluated::Nothing => {}
                other => {
                    out.insert(key.clone(), other.into_value());
                }
            }
        }
        Ok(Evaluated::Value(Value::Object(out)))
    }

    /// Reports whether a named condition holds.
    pub fn condition(&self, name: &str) -> AwsResult<bool> {
        let missing = || {
            AwsError::validation(format!(
                "Template format error: Unresolved condition dependency {name} in the Conditions block of the template"
            ))
        };
        let known = self.conditions.borrow().get(name).copied();
        match known {
            Some(Some(value)) => return Ok(value),
            Some(None) => {
                return Err(AwsError::validation(
                    "Template format error: Circular dependencies in Conditions",
                ));
            }
            None => {}
        }
        let expression = self.template.conditions().get(name).ok_or_else(missing)?;
        self.conditions.borrow_mut().insert(name.to_owned(), None);
        let value = self.truth(expression)?;
        self.conditions
            .borrow_mut()
            .insert(name.to_owned(), Some(value));
        Ok(value)
    }

    /// Works out a condition's expression.
    pub fn truth(&self, expression: &Value) -> AwsResult<bool> {
        let broken = || {
            AwsError::validation(
                "Template format error: Every Conditions member must be a condition function.",
            )
        };
        let map = expression.as_object().ok_or_else(broken)?;
        let (name, argument) = function(map).ok_or_else(broken)?;
        let many = || argument.as_array().ok_or_else(broken);
        match name {
            "Condition" => self.condition(argument.as_str().ok_or_else(broken)?),
            "Fn::Equals" => {
                let [left, right] = many()?.as_slice() else {
                    return Err(broken());
                };
                Ok(self.evaluate(left)? == self.evaluate(right)?)
            }
            "Fn::Not" => {
                let [inner] = many()?.as_slice() else {
                    return Err(broken());
                };
                Ok(!self.truth(inner)?)
            }
            "Fn::And" => {
                let mut all = true;
                for inner in many()? {
                    all &= self.truth(inner)?;
                }
                Ok(all)
            }
            "Fn::Or" => {
                let mut any = false;
                for inner in many()? {
                    any |= self.truth(inner)?;
                }
                Ok(any)
            }
            _ => Err(broken()),
        }
    }

    /// Reports whether a resource or output is there at all.
    pub fn is_wanted(&self, declaration: &Value) -> AwsResult<bool> {
        match declaration.get("Condition").and_then(Value::as_str) {
            Some(name) => self.condition(name),
            None => Ok(true),
        }
    }
}

impl Evaluated {
    /// Returns the value, with the placeholder where it is not known.
    pub fn into_value(self) -> Value {
        match self {
            Self::Value(value) => value,
            Self::Nothing => Value::Null,
            Self::AfterApply => Value::String(super::KNOWN_AFTER_APPLY.to_owned()),
        }
    }
}

/// Returns the function of an object that is a function call.
pub fn function(map: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = map.iter().next().filter(|_| map.len() == 1)?;
    (name == "Ref" || name == "Condition" || name.starts_with("Fn::"))
        .then_some((name.as_str(), argument))
}

/// Returns a scalar as CloudFormation writes it.
pub fn text_of(scalar: &Value) -> String {
    match scalar {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
