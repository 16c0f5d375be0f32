//! What CloudFormation refuses in a template before it does anything, and the capabilities that it asks for.

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
        if declaration.get("Type").and_then(Value::as_str).is_none() {
            return Err(format_error(format!(
                "[/Parameters/{name}] Every Parameters object must contain a Type member."
            )));
        }
    }
    Ok(())
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

/// Returns the capabilities that deploying a template needs, and the resource types that ask for them.
pub fn capabilities(template: &Template) -> (Vec<&'static str>, Vec<String>) {
    let mut types = BTreeSet::new();
    let mut is_named = false;
    for declaration in template.resources().values() {
        let Some(resource_type) = declaration.get("Type").and_then(Value::as_str) else {
            continue;
        };
        let name = match resource_type {
            "AWS::IAM::Role" => Some("RoleName"),
            "AWS::IAM::User" => Some("UserName"),
            "AWS::IAM::Group" => Some("GroupName"),
            "AWS::IAM::ManagedPolicy" => Some("ManagedPolicyName"),
            "AWS::IAM::InstanceProfile" => Some("InstanceProfileName"),
            "AWS::IAM::Policy" | "AWS::IAM::AccessKey" | "AWS::IAM::UserToGroupAddition" => None,
            _ => continue,
        };
        types.insert(resource_type.to_owned());
        is_named |= name.is_some_and(|name| {
            declaration
                .get("Properties")
                .is_some_and(|properties| properties.get(name).is_some())
        });
    }
    let mut needed = Vec::new();
    if !types.is_empty() {
        needed.push(if is_named {
            "CAPABILITY_NAMED_IAM"
        } else {
            "CAPABILITY_IAM"
        });
    }
    if !template.transforms().is_empty() {
        needed.push("CAPABILITY_AUTO_EXPAND");
    }
    (needed, types.into_iter().collect())
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
        ] {
            let message = refusal(text);
            assert!(message.contains(words), "{text}: {message}");
        }
    }

    #[test]
    fn iam_needs_a_capability_and_named_iam_a_stronger_one() {
        let plain = Template::read(
            "Resources: {R: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {}}}}",
        )
        .unwrap();
        assert_eq!(plain.capabilities().0, ["CAPABILITY_IAM"]);
        let named =
            Template::read("Resources: {R: {Type: 'AWS::IAM::Role', Properties: {RoleName: x}}}")
                .unwrap();
        assert_eq!(named.capabilities().0, ["CAPABILITY_NAMED_IAM"]);
        let none = Template::read("Resources: {R: {Type: 'AWS::SNS::Topic'}}").unwrap();
        assert!(none.capabilities().0.is_empty());
    }
}
