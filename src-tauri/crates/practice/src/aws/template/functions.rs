//! The intrinsic functions.

use super::super::error::{AwsError, AwsResult};
use super::KNOWN_AFTER_APPLY;
use super::evaluate::{Evaluated, Known, Scope, text_of};
use base64::Engine as _;
use serde_json::{Value, json};

fn broken(function: &str, what: &str) -> AwsError {
    AwsError::validation(format!("Template error: {function} {what}"))
}

/// What a function makes of arguments that are not known yet.
macro_rules! known {
    ($evaluated:expr) => {
        match $evaluated {
            Evaluated::Value(value) => value,
            Evaluated::AfterApply => return Ok(Evaluated::AfterApply),
            Evaluated::Nothing => return Ok(Evaluated::Nothing),
        }
    };
}

// Behind the macro, which `lists` uses.
mod lists;
mod pieces;

pub(super) use pieces::{Piece, pieces};

impl Scope<'_> {
    /// Calls a function.
    pub(super) fn call(&self, name: &str, argument: &Value) -> AwsResult<Evaluated> {
        match name {
            "Ref" => self.reference(argument),
            "Fn::GetAtt" => self.attribute(argument),
            "Fn::Sub" => self.substitute(argument),
            "Fn::Join" => self.join(argument),
            "Fn::Select" => self.select(argument),
            "Fn::Split" => self.split(argument),
            "Fn::FindInMap" => self.find_in_map(argument),
            "Fn::If" => self.choose(argument),
            "Fn::Base64" => {
                let text = text_of(&known!(self.evaluate(argument)?));
                let encoded = base64::engine::general_purpose::STANDARD.encode(text);
                Ok(Evaluated::Value(encoded.into()))
            }
            "Fn::ImportValue" => self.import(argument),
            "Fn::GetAZs" => self.zones(argument),
            "Fn::Cidr" => self.cidr(argument),
            "Fn::Length" => match known!(self.evaluate(argument)?) {
                Value::Array(items) => Ok(Evaluated::Value(items.len().to_string().into())),
                _ => Err(broken(name, "needs a list")),
            },
            "Fn::ToJsonString" => {
                let value = known!(self.evaluate(argument)?);
                Ok(Evaluated::Value(value.to_string().into()))
            }
            "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" => {
                let whole = json!({ name: argument });
                Ok(Evaluated::Value(self.truth(&whole)?.to_string().into()))
            }
            _ => Err(AwsError::validation(format!(
                "Template format error: Unrecognized function {name}."
            ))),
        }
    }

    fn reference(&self, argument: &Value) -> AwsResult<Evaluated> {
        let Some(name) = argument.as_str() else {
            return Err(AwsError::validation(
                "Template format error: All Reference targets must be strings",
            ));
        };
        if let Some(value) = self.pseudo_parameter(name) {
            return Ok(value);
        }
        if let Some(value) = self.parameters.get(name) {
            return Ok(Evaluated::Value(value.clone()));
        }
        Ok(match self.resources.value(name, None)? {
            Known::Value(value) => Evaluated::Value(value),
            Known::AfterApply => Evaluated::AfterApply,
        })
    }

    fn pseudo_parameter(&self, name: &str) -> Option<Evaluated> {
        let value = match name {
            "AWS::AccountId" => json!(self.account),
            "AWS::Region" => json!(self.region),
            "AWS::StackName" => json!(self.stack_name),
            "AWS::StackId" => json!(self.stack_id),
            "AWS::Partition" => json!("aws"),
            "AWS::URLSuffix" => json!("amazonaws.com"),
            "AWS::NotificationARNs" => json!(self.notification_arns),
            "AWS::NoValue" => return Some(Evaluated::Nothing),
            _ => return None,
        };
        Some(Evaluated::Value(value))
    }

    fn attribute(&self, argument: &Value) -> AwsResult<Evaluated> {
        let parts = match argument {
            Value::String(text) => text
                .split_once('.')
                .map(|(resource, attribute)| (resource.to_owned(), attribute.to_owned())),
            Value::Array(parts) => match parts.as_slice() {
                [Value::String(resource), attribute] => {
                    let attribute = text_of(&known!(self.evaluate(attribute)?));
                    Some((resource.clone(), attribute))
                }
                _ => None,
            },
            _ => None,
        };
        let (resource, attribute) = parts.ok_or_else(|| {
            broken(
                "every Fn::GetAtt object",
                "requires two non-empty parameters, the resource name and the resource attribute",
            )
        })?;
        Ok(match self.resources.value(&resource, Some(&attribute))? {
            Known::Value(value) => Evaluated::Value(value),
            Known::AfterApply => Evaluated::AfterApply,
        })
    }

    fn substitute(&self, argument: &Value) -> AwsResult<Evaluated> {
        let (text, variables) = match argument {
            Value::String(text) => (text, None),
            Value::Array(parts) => match parts.as_slice() {
                [Value::String(text), Value::Object(variables)] => (text, Some(variables)),
                [Value::String(text)] => (text, None),
                _ => return Err(substitution_error()),
            },
            _ => return Err(substitution_error()),
        };
        let mut out = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Variable(name) => {
                    let value = match variables.and_then(|map| map.get(name)) {
                        Some(value) => self.evaluate(value)?,
                        None => match name.split_once('.') {
                            Some((resource, attribute)) => {
                                self.attribute(&json!([resource, attribute]))?
                            }
                            None => self.reference(&json!(name))?,
                        },
                    };
                    match value {
                        Evaluated::Value(Value::Array(items)) => {
                            let items: Vec<_> = items.iter().map(text_of).collect();
                            out.push_str(&items.join(","));
                        }
                        Evaluated::Value(value) => out.push_str(&text_of(&value)),
                        // With a map of variables AWS gives the whole text up.
                        Evaluated::AfterApply if variables.is_some() => {
                            return Ok(Evaluated::AfterApply);
                        }
                        Evaluated::AfterApply => out.push_str(KNOWN_AFTER_APPLY),
                        Evaluated::Nothing => {}
                    }
                }
            }
        }
        Ok(if out == KNOWN_AFTER_APPLY {
            Evaluated::AfterApply
        } else {
            Evaluated::Value(out.into())
        })
    }

    fn find_in_map(&self, argument: &Value) -> AwsResult<Evaluated> {
        let Some(parts) = argument.as_array().filter(|parts| parts.len() >= 3) else {
            return Err(broken(
                "every Fn::FindInMap object",
                "requires three parameters, the map name, map key and the attribute for return value",
            ));
        };
        let mut names = Vec::new();
        for part in &parts[..3] {
            names.push(text_of(&known!(self.evaluate(part)?)));
        }
        let [map, first, second] = names.as_slice() else {
            return Err(broken("Fn::FindInMap", "requires three names"));
        };
        let found = self
            .template
            .mappings()
            .get(map)
            .and_then(|map| map.get(first))
            .and_then(|keys| keys.get(second));
        match (
            found,
            parts.get(3).and_then(|more| more.get("DefaultValue")),
        ) {
            (Some(value), _) | (None, Some(value)) => self.evaluate(value),
            (None, None) => Err(AwsError::validation(format!(
                "Template error: Unable to get mapping for {map}::{first}::{second}"
            ))),
        }
    }

    fn choose(&self, argument: &Value) -> AwsResult<Evaluated> {
        match argument.as_array().map(Vec::as_slice) {
            Some([Value::String(condition), then, otherwise]) => {
                let branch = if self.condition(condition)? {
                    then
                } else {
                    otherwise
                };
                self.evaluate(branch)
            }
            _ => Err(broken(
                "every Fn::If object",
                "requires a condition name and two values",
            )),
        }
    }

    fn import(&self, argument: &Value) -> AwsResult<Evaluated> {
        let name = text_of(&known!(self.evaluate(argument)?));
        match self.exports.get(&name) {
            Some(value) => {
                self.imported.borrow_mut().insert(name);
                Ok(Evaluated::Value(value.clone().into()))
            }
            None => Err(AwsError::validation(format!(
                "No export named {name} found."
            ))),
        }
    }
}

fn substitution_error() -> AwsError {
    broken(
        "One or more Fn::Sub intrinsic functions",
        "don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
    )
}

#[cfg(test)]
mod tests {
    use super::super::{ResourceView, Template};
    use super::*;
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    struct Two;

    impl ResourceView for Two {
        fn value(&self, logical_id: &str, attribute: Option<&str>) -> AwsResult<Known> {
            Ok(match (logical_id, attribute) {
                ("Old", None) => Known::Value("old-id".into()),
                ("Old", Some(attribute)) => Known::Value(format!("old-{attribute}").into()),
                _ => Known::AfterApply,
            })
        }
    }

    fn evaluate(expression: Value) -> AwsResult<Evaluated> {
        let template = Template::read_text(
            r#"{"Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
                               "Loop": {"Fn::Not": [{"Condition": "Loop"}]}},
                "Mappings": {"Sizes": {"prod": {"memory": 512}}}}"#,
        )?;
        let parameters = BTreeMap::from([
            ("Env".to_owned(), json!("prod")),
            ("Subnets".to_owned(), json!(["a", "b"])),
        ]);
        let exports = BTreeMap::from([("vpc".to_owned(), "vpc-1".to_owned())]);
        let scope = Scope {
            template: &template,
            parameters: &parameters,
            account: "333333333333",
            region: "sa-east-1",
            stack_name: "s",
            stack_id: "arn:s",
            notification_arns: &[],
            exports: &exports,
            resources: &Two,
            conditions: RefCell::default(),
            imported: RefCell::default(),
        };
        scope.evaluate(&expression)
    }

    fn value(expression: Value) -> Value {
        match evaluate(expression.clone()) {
            Ok(Evaluated::Value(value)) => value,
            other => panic!("{expression}: {other:?}"),
        }
    }

    #[test]
    fn functions_give_what_cloudformation_gives() {
        for (expression, expected) in [
            (
                json!({"Fn::Sub": "a-${Env}-${Old.Arn}-${!Lit}-${AWS::Region}"}),
                json!("a-prod-old-Arn-${Lit}-sa-east-1"),
            ),
            (
                json!({"Fn::Sub": ["${X}/${Env}", {"X": {"Ref": "Old"}}]}),
                json!("old-id/prod"),
            ),
            (
                json!({"Fn::Join": ["-", ["a", {"Ref": "Env"}, 3, true]]}),
                json!("a-prod-3-true"),
            ),
            (json!({"Fn::Join": [",", {"Ref": "Subnets"}]}), json!("a,b")),
            (
                json!({"Fn::Select": ["1", {"Fn::Split": [",", "x,y,z"]}]}),
                json!("y"),
            ),
            (
                json!({"Fn::FindInMap": ["Sizes", {"Ref": "Env"}, "memory"]}),
                json!("512"),
            ),
            (json!({"Fn::If": ["IsProd", 1, 2]}), json!("1")),
            (
                json!({"Fn::Base64": "HelloWorld"}),
                json!("SGVsbG9Xb3JsZA=="),
            ),
            (json!({"Fn::ImportValue": "vpc"}), json!("vpc-1")),
            (
                json!({"Fn::GetAZs": ""}),
                json!(["sa-east-1a", "sa-east-1b", "sa-east-1c"]),
            ),
            (
                json!({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}),
                json!(["10.0.0.0/24", "10.0.1.0/24"]),
            ),
            (
                json!({"A": {"Ref": "AWS::NoValue"}, "B": [{"Ref": "AWS::NoValue"}, 1]}),
                json!({"B": ["1"]}),
            ),
            (
                json!({"Condition": {"StringEquals": {"a": 1}}}),
                json!({"Condition": {"StringEquals": {"a": "1"}}}),
            ),
        ] {
            assert_eq!(value(expression.clone()), expected, "{expression}");
        }
    }

    #[test]
    fn what_is_not_known_yet_spreads() {
        for expression in [
            json!({"Ref": "New"}),
            json!({"Fn::Join": ["-", ["a", {"Fn::GetAtt": ["New", "Arn"]}]]}),
            json!({"Fn::Select": [0, {"Fn::Split": ["-", {"Fn::GetAtt": ["New", "Arn"]}]}]}),
            json!({"Fn::Sub": ["x${N}", {"N": {"Ref": "New"}}]}),
        ] {
            assert_eq!(
                evaluate(expression.clone()),
                Ok(Evaluated::AfterApply),
                "{expression}"
            );
        }
        assert_eq!(
            value(json!({"Fn::Sub": "x/${New}/y"})),
            json!("x/{{changeSet:KNOWN_AFTER_APPLY}}/y")
        );
    }

    #[test]
    fn mistakes_are_said_in_awss_words() {
        for (expression, words) in [
            (
                json!({"Fn::FindInMap": ["Sizes", "qa", "memory"]}),
                "Unable to get mapping for Sizes::qa::memory",
            ),
            (
                json!({"Fn::Select": [9, ["a"]]}),
                "cannot select nonexistent value at index 9",
            ),
            (
                json!({"Fn::ImportValue": "nope"}),
                "No export named nope found.",
            ),
            (json!({"Fn::Nope": 1}), "Unrecognized function Fn::Nope"),
            (json!({"Fn::If": ["Loop", 1, 2]}), "Circular dependencies"),
        ] {
            let error = evaluate(expression.clone()).unwrap_err();
            assert!(error.message.contains(words), "{expression}: {error}");
        }
    }
}
