//! What CloudFormation refuses in a template before it does anything.

use super::super::error::{AwsError, AwsResult};
use super::super::resource_types;
use super::{References, Template, conditions};
use serde_json::Value;
use std::collections::BTreeSet;

const SECTIONS: [&str; 11] = [
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Transform",
    "Resources",
    "Outputs",
    "Hooks",
];

const RESOURCE_KEYS: [&str; 9] = [
    "Type",
    "Properties",
    "DependsOn",
    "Condition",
    "Metadata",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "CreationPolicy",
    "UpdatePolicy",
];

fn format_error(message: impl AsRef<str>) -> AwsError {
    AwsError::validation(format!("Template format error: {}", message.as_ref()))
}

/// Checks a template's structure, references and resource types.
pub fn check(template: &Template) -> AwsResult<()> {
    check_sections(template)?;
    check_parameters(template)?;
    check_resources(template)?;
    check_references(template)?;
    conditions::check(template)?;
    for transform in template.transforms() {
        if transform != "AWS::LanguageExtensions" {
            return Err(AwsError::validation(format!(
                "No transform named {transform} found.. Rollback requested by user."
            )));
        }
    }
    Ok(())
}

fn check_sections(template: &Template) -> AwsResult<()> {
    let unknown: Vec<_> = template
        .root
        .keys()
        .filter(|key| !SECTIONS.contains(&key.as_str()))
        .map(String::as_str)
        .collect();
    if !unknown.is_empty() {
        return Err(AwsError::validation(format!(
            "Invalid template property or properties [{}]",
            unknown.join(", ")
        )));
    }
    for section in [
        "Parameters",
        "Mappings",
        "Conditions",
        "Resources",
        "Outputs",
    ] {
        if template
            .root
            .get(section)
            .is_some_and(|value| !value.is_object())
        {
            return Err(format_error(format!("{section} must be an object.")));
        }
    }
    if let Some(description) = template.root.get("Description") {
        match description.as_str() {
            None => return Err(format_error("[/Description] Description must be a string.")),
            Some(text) if text.len() > 1024 => {
                return Err(format_error("'Description' length is greater than 1024."));
            }
            Some(_) => {}
        }
    }
    let version = template.root.get("AWSTemplateFormatVersion");
    if version.is_some_and(|version| version.as_str() != Some("2010-09-09")) {
        return Err(format_error(
            "unsupported value for AWSTemplateFormatVersion.",
        ));
    }
    if template.resources().is_empty() {
        return Err(format_error(
            "At least one Resources member must be defined.",
        ));
    }
    if template.resources().len() > 500 {
        return Err(format_error(format!(
            "Number of resources, {}, is greater than maximum allowed, 500",
            template.resources().len()
        )));
    }
    if let Some(path) = null_path(&Value::Object(template.root.clone()), "") {
        return Err(format_error(format!(
            "[{path}] 'null' values are not allowed in templates"
        )));
    }
    Ok(())
}

fn null_path(value: &Value, path: &str) -> Option<String> {
    match value {
        Value::Null => Some(path.to_owned()),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| null_path(item, &format!("{path}/{index}"))),
        // Metadata is kept and never read.
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| key.as_str() != "Metadata")
            .find_map(|(key, value)| null_path(value, &format!("{path}/{key}"))),
        _ => None,
    }
}

fn check_parameters(template: &Template) -> AwsResult<()> {
    for (name, declaration) in template.parameters() {
        if !is_alphanumeric(name) {
            return Err(format_error(format!(
                "Parameter name {name} is non alphanumeric."
            )));
        }
        let Some(type_name) = declaration.get("Type").and_then(Value::as_str) else {
            return Err(format_error(format!(
                "[/Parameters/{name}] Every Parameters object must contain a Type member."
            )));
        };
        if !is_parameter_type(type_name) {
            return Err(format_error(format!(
                "Unrecognized parameter type: {type_name}"
            )));
        }
    }
    Ok(())
}

fn is_parameter_type(name: &str) -> bool {
    let inner = name
        .strip_prefix("List<")
        .and_then(|rest| rest.strip_suffix('>'))
        .unwrap_or(name);
    matches!(inner, "String" | "Number" | "CommaDelimitedList") || inner.starts_with("AWS::")
}

fn is_alphanumeric(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric())
}

fn check_resources(template: &Template) -> AwsResult<()> {
    let mut unknown = BTreeSet::new();
    for (id, declaration) in template.resources() {
        if !is_alphanumeric(id) {
            return Err(format_error(format!(
                "Resource name {id} is non alphanumeric."
            )));
        }
        let Some(map) = declaration.as_object() else {
            return Err(format_error(format!(
                "[/Resources/{id}] resource definition is malformed"
            )));
        };
        let Some(resource_type) = map.get("Type").and_then(Value::as_str) else {
            return Err(format_error(format!(
                "[/Resources/{id}] Every Resources object must contain a Type member."
            )));
        };
        if let Some(key) = map
            .keys()
            .find(|key| !RESOURCE_KEYS.contains(&key.as_str()))
        {
            return Err(AwsError::validation(format!(
                "Invalid template resource property '{key}'"
            )));
        }
        if map
            .get("Properties")
            .is_some_and(|value| !value.is_object())
        {
            return Err(format_error(format!(
                "[/Resources/{id}/Properties] Properties must be an object."
            )));
        }
        let is_text = |value: &Value| value.is_string();
        let are_texts = |value: &Value| {
            is_text(value) || value.as_array().is_some_and(|all| all.iter().all(is_text))
        };
        if map.get("DependsOn").is_some_and(|value| !are_texts(value)) {
            return Err(format_error(
                "DependsOn must be a string or list of strings.",
            ));
        }
        if map.get("Condition").is_some_and(|value| !is_text(value)) {
            return Err(format_error("Every Condition member must be a string."));
        }
        if !resource_types::is_recognized(resource_type) {
            unknown.insert(resource_type);
        }
    }
    if unknown.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = unknown.into_iter().collect();
    Err(format_error(format!(
        "Unrecognized resource types: [{}]",
        names.join(", ")
    )))
}

fn check_references(template: &Template) -> AwsResult<()> {
    let is_known = |name: &str| {
        template.resources().contains_key(name)
            || template.parameters().contains_key(name)
            || name.starts_with("AWS::")
    };
    let mut unresolved = BTreeSet::new();
    for declaration in template.resources().values() {
        let mut found = References::of(declaration.get("Properties").unwrap_or(&Value::Null));
        for dependency in depends_on(declaration) {
            if !template.resources().contains_key(&dependency) {
                found.names.insert(dependency);
            }
        }
        unresolved.extend(found.names.iter().filter(|name| !is_known(name)).cloned());
        unresolved.extend(
            found
                .attributes
                .iter()
                .filter(|(id, _)| !template.resources().contains_key(id))
                .map(|(id, _)| id.clone()),
        );
    }
    refuse_unresolved(unresolved, "Resources")?;
    let mut unresolved = BTreeSet::new();
    for (name, declaration) in template.outputs() {
        if declaration.get("Value").is_none() {
            return Err(format_error(format!(
                "[/Outputs/{name}] Every Outputs member must contain a Value object"
            )));
        }
        let found = References::of(declaration);
        unresolved.extend(found.names.iter().filter(|name| !is_known(name)).cloned());
        unresolved.extend(
            found
                .attributes
                .iter()
                .filter(|(id, _)| !template.resources().contains_key(id))
                .map(|(id, _)| id.clone()),
        );
    }
    refuse_unresolved(unresolved, "Outputs")
}

fn refuse_unresolved(unresolved: BTreeSet<String>, section: &str) -> AwsResult<()> {
    if unresolved.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = unresolved.into_iter().collect();
    Err(format_error(format!(
        "Unresolved resource dependencies [{}] in the {section} block of the template",
        names.join(", ")
    )))
}

/// Returns the explicit dependencies of a resource.
pub fn depends_on(declaration: &Value) -> Vec<String> {
    match declaration.get("DependsOn") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many
            .iter()
            .filter_map(|id| id.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        Template::read(text).unwrap_err().message
    }

    #[test]
    fn what_aws_refuses_is_refused_in_its_words() {
        for (text, words) in [
            ("A: 1", "Invalid template property or properties [A]"),
            (
                "Description: x",
                "At least one Resources member must be defined.",
            ),
            (
                "Resources: {T: {Properties: {}}}",
                "[/Resources/T] Every Resources object must contain a Type member.",
            ),
            (
                "Resources: {T: {Type: 'AWS::Foo::Bar'}}",
                "Unrecognized resource types: [AWS::Foo::Bar]",
            ),
            (
                "Resources: {T: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: !Ref Nope}}}",
                "Unresolved resource dependencies [Nope] in the Resources block of the template",
            ),
            (
                "Resources: {T: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: ~}}}",
                "[/Resources/T/Properties/DisplayName] 'null' values are not allowed in templates",
            ),
            (
                "Resources: {T: {Type: 'AWS::SNS::Topic'}}\nOutputs: {O: {Value: !GetAtt X.Arn}}",
                "Unresolved resource dependencies [X] in the Outputs block of the template",
            ),
            (
                "Transform: My::Macro\nResources: {T: {Type: 'AWS::SNS::Topic'}}",
                "No transform named My::Macro found.",
            ),
            ("- 1", "unsupported structure"),
            (
                "AWSTemplateFormatVersion: 2011-01-01\nResources: {T: {Type: 'AWS::SNS::Topic'}}",
                "unsupported value for AWSTemplateFormatVersion",
            ),
            (
                "Parameters: {A: {Type: Text}}\nResources: {T: {Type: 'AWS::SNS::Topic'}}",
                "Unrecognized parameter type: Text",
            ),
            (
                "Resources: {T: {Type: 'AWS::SNS::Topic', DependsOn: {a: b}}}",
                "DependsOn must be a string or list of strings",
            ),
            (
                "Resources: {T: {Type: 'AWS::SNS::Topic', Condition: [a]}}",
                "Every Condition member must be a string",
            ),
        ] {
            let message = refusal(text);
            assert!(message.contains(words), "{text}: {message}");
        }
    }
}
