//! The conditions that a template mentions must be declared, and conditions may read parameters only.

use super::super::error::{AwsError, AwsResult};
use super::evaluate::function;
use super::{References, Template};
use serde_json::Value;

/// Checks every mention of a condition, and what the conditions themselves mention.
pub fn check(template: &Template) -> AwsResult<()> {
    for expression in template.conditions().values() {
        if expression
            .as_object()
            .is_none_or(|map| function(map).is_none())
        {
            return Err(AwsError::validation(
                "Template format error: Every Conditions member must be a condition function.",
            ));
        }
        let found = References::of(expression);
        let strangers: Vec<_> = found
            .logical_ids()
            .filter(|name| !template.parameters().contains_key(*name) && !name.starts_with("AWS::"))
            .map(String::as_str)
            .collect();
        if !strangers.is_empty() {
            return Err(AwsError::validation(format!(
                "Template format error: Unresolved dependencies [{}]. Cannot reference resources in the Conditions block of the template",
                strangers.join(", ")
            )));
        }
        for name in &found.conditions {
            require(template, name, "Conditions")?;
        }
    }
    for (section, declarations) in [
        ("Resources", template.resources()),
        ("Outputs", template.outputs()),
    ] {
        for declaration in declarations.values() {
            if let Some(name) = declaration.get("Condition").and_then(Value::as_str) {
                require(template, name, section)?;
            }
            let body = ["Properties", "Value"].map(|key| declaration.get(key));
            if let Some(name) = body
                .into_iter()
                .flatten()
                .find_map(|value| undeclared(template, value))
            {
                return Err(AwsError::validation(format!(
                    "Template error: unresolved condition dependency {name} in Fn::If"
                )));
            }
        }
    }
    Ok(())
}

fn require(template: &Template, name: &str, section: &str) -> AwsResult<()> {
    if template.conditions().contains_key(name) {
        return Ok(());
    }
    Err(AwsError::validation(format!(
        "Template format error: Unresolved condition dependency {name} in the {section} block of the template"
    )))
}

/// Finds a condition that an `Fn::If` names and that is not declared.
fn undeclared<'a>(template: &Template, value: &'a Value) -> Option<&'a str> {
    match value {
        Value::Array(items) => items.iter().find_map(|item| undeclared(template, item)),
        Value::Object(map) => {
            let named = map
                .get("Fn::If")
                .and_then(|parts| parts.get(0)?.as_str())
                .filter(|name| !template.conditions().contains_key(*name));
            named.or_else(|| map.values().find_map(|item| undeclared(template, item)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUEUE: &str = "Resources: {Q: {Type: 'AWS::SQS::Queue'";

    #[test]
    fn conditions_that_are_not_declared_are_told() {
        for (text, words) in [
            (
                format!("Conditions: {{A: x}}\n{QUEUE}}}}}"),
                "Every Conditions member must be a condition function.",
            ),
            (
                format!("{QUEUE}, Condition: Nope}}}}"),
                "Unresolved condition dependency Nope in the Resources block",
            ),
            (
                format!("{QUEUE}}}}}\nOutputs: {{O: {{Condition: Nope, Value: x}}}}"),
                "Unresolved condition dependency Nope in the Outputs block",
            ),
            (
                format!("{QUEUE}, Properties: {{DelaySeconds: !If [Nope, 1, 2]}}}}}}"),
                "Template error: unresolved condition dependency Nope in Fn::If",
            ),
            (
                format!("Conditions: {{A: !Not [!Condition Nope]}}\n{QUEUE}}}}}"),
                "Unresolved condition dependency Nope in the Conditions block",
            ),
            (
                format!("Conditions: {{A: !Equals [!Ref Q, x]}}\n{QUEUE}}}}}"),
                "Unresolved dependencies [Q]. Cannot reference resources in the Conditions block",
            ),
        ] {
            let message = Template::read(&text).unwrap_err().message;
            assert!(message.contains(words), "{text}: {message}");
        }
    }

    #[test]
    fn declared_conditions_and_policies_pass() {
        let text = "Parameters: {E: {Type: String}}\n\
            Conditions: {A: !Equals [!Ref E, x], B: !And [!Condition A, !Equals [!Ref 'AWS::Region', y]]}\n\
            Resources: {P: {Type: 'AWS::SNS::TopicPolicy', Condition: B, Properties: {PolicyDocument: {Statement: [{Condition: {Bool: {x: !If [A, 'true', 'false']}}}]}}}}";
        Template::read(text).unwrap();
    }
}
