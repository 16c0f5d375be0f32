//! What a template declares to those who deploy it and to other stacks.

use crate::location::Location;
use crate::node::{Entry, Map, Node, Value};
use crate::render;
use crate::template::{Section, Template};

/// A parameter as the template declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredParameter {
    /// Key.
    pub key: String,
    /// Where the key stands.
    pub at: Location,
    /// `Type`; `String` when the template does not say.
    pub parameter_type: String,
    /// Default value.
    pub default: Option<String>,
    /// Whether CloudFormation masks its value.
    pub no_echo: bool,
    /// Values that are allowed; empty when any is.
    pub allowed_values: Vec<String>,
    /// Description.
    pub description: Option<String>,
}

impl DeclaredParameter {
    fn of(entry: &Entry) -> Option<Self> {
        let body = entry.value.as_map()?;
        let text = |key: &str| scalar(body, key);
        let allowed_values = body
            .get("AllowedValues")
            .and_then(Node::as_list)
            .unwrap_or_default()
            .iter()
            .filter_map(|value| value.scalar_text().map(std::borrow::Cow::into_owned))
            .collect();
        Some(Self {
            key: entry.key.clone(),
            at: entry.key_at,
            parameter_type: text("Type").unwrap_or_else(|| "String".to_owned()),
            default: text("Default"),
            no_echo: text("NoEcho").is_some_and(|value| value.eq_ignore_ascii_case("true")),
            allowed_values,
            description: text("Description"),
        })
    }

    /// Whether a value is a list written with commas.
    pub fn is_list(&self) -> bool {
        is_list_type(&self.parameter_type)
    }

    /// Whether a value names a Systems Manager parameter whose content is what counts.
    pub fn is_systems_manager_value(&self) -> bool {
        self.parameter_type
            .starts_with("AWS::SSM::Parameter::Value<")
    }
}

/// Whether values of a parameter type are lists written with commas.
pub(crate) fn is_list_type(parameter_type: &str) -> bool {
    parameter_type == "CommaDelimitedList"
        || parameter_type.starts_with("List<")
        || parameter_type.starts_with("AWS::SSM::Parameter::Value<List<")
        || parameter_type == "AWS::SSM::Parameter::Value<CommaDelimitedList>"
}

/// An output as the template declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredOutput {
    /// Key.
    pub key: String,
    /// Where the key stands.
    pub at: Location,
    /// Value as short YAML.
    pub value: String,
    /// Export name as short YAML, when the output is exported: `orders-queue` or `!Sub "${AWS::StackName}-queue"`.
    pub export: Option<String>,
    /// Condition under which it exists.
    pub condition: Option<String>,
    /// Description.
    pub description: Option<String>,
}

impl DeclaredOutput {
    fn of(entry: &Entry) -> Option<Self> {
        let body = entry.value.as_map()?;
        let export = body.get("Export").and_then(Node::as_map);
        Some(Self {
            key: entry.key.clone(),
            at: entry.key_at,
            value: body.get("Value").map(render::node).unwrap_or_default(),
            export: export.and_then(|map| map.get("Name")).map(render::node),
            condition: scalar(body, "Condition"),
            description: scalar(body, "Description"),
        })
    }
}

/// A `{{resolve:…}}` in a template: a value that CloudFormation fetches while it deploys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DynamicReference {
    /// Where the text that holds it begins.
    pub at: Location,
    /// The reference as written, braces included.
    pub text: String,
    /// Whether it names the version that it wants; otherwise its value can change at any time.
    pub is_versioned: bool,
}

impl Template {
    /// The parameters in source order.
    pub fn parameters(&self) -> Vec<DeclaredParameter> {
        self.section_entries(&Section::Parameters)
            .iter()
            .filter_map(DeclaredParameter::of)
            .collect()
    }

    /// The outputs in source order.
    pub fn outputs(&self) -> Vec<DeclaredOutput> {
        self.section_entries(&Section::Outputs)
            .iter()
            .filter_map(DeclaredOutput::of)
            .collect()
    }

    /// The outputs that other stacks can import.
    pub fn exports(&self) -> Vec<DeclaredOutput> {
        let mut outputs = self.outputs();
        outputs.retain(|output| output.export.is_some());
        outputs
    }

    /// The macros that the template as a whole asks for, in the order in which they run.
    pub fn transforms(&self) -> Vec<String> {
        let Some(section) = self.section(&Section::Transform) else {
            return Vec::new();
        };
        let items = section
            .as_list()
            .unwrap_or_else(|| std::slice::from_ref(section));
        items
            .iter()
            .filter_map(|item| match item.as_map() {
                Some(map) => scalar(map, "Name"),
                None => item.scalar_text().map(std::borrow::Cow::into_owned),
            })
            .collect()
    }

    /// Whether macros on AWS's side make something of it that it does not say itself.
    pub fn is_expanded_by_aws(&self) -> bool {
        let is_foreign = |name: &String| name != "AWS::LanguageExtensions";
        self.transforms().iter().any(is_foreign) || has_macro(self.root())
    }

    /// The dynamic references anywhere in the template, in source order.
    pub fn dynamic_references(&self) -> Vec<DynamicReference> {
        let mut found = Vec::new();
        collect_references(self.root(), &mut found);
        found
    }

    /// Whether a value can change between approval and deployment without any edit: a dynamic
    /// reference without a version, or one that is put together so that its version cannot be seen.
    pub fn uses_unversioned_dynamic_reference(&self) -> bool {
        self.dynamic_references()
            .iter()
            .any(|reference| !reference.is_versioned)
    }
}

fn scalar(map: &Map, key: &str) -> Option<String> {
    map.get(key)?
        .scalar_text()
        .map(std::borrow::Cow::into_owned)
}

/// Whether a part of a template is given to a macro.
fn has_macro(node: &Node) -> bool {
    match &node.value {
        Value::Map(map) => map
            .entries()
            .iter()
            .any(|entry| entry.key == "Fn::Transform" || has_macro(&entry.value)),
        Value::List(items) => items.iter().any(has_macro),
        _ => false,
    }
}

fn collect_references(node: &Node, found: &mut Vec<DynamicReference>) {
    match &node.value {
        Value::Text(text) => references_in(text, node.at, found),
        Value::List(items) => {
            for item in items {
                collect_references(item, found);
            }
        }
        Value::Map(map) => {
            for entry in map.entries() {
                collect_references(&entry.value, found);
            }
        }
        Value::Null | Value::Boolean(_) | Value::Number(_) => {}
    }
}

fn references_in(text: &str, at: Location, found: &mut Vec<DynamicReference>) {
    const OPENING: &str = "{{resolve:";
    let mut rest = text;
    while let Some(start) = rest.find(OPENING) {
        let from_start = &rest[start..];
        let end = from_start.find("}}").map(|end| end + 2);
        let reference = &from_start[..end.unwrap_or(from_start.len())];
        found.push(DynamicReference {
            at,
            text: reference.to_owned(),
            is_versioned: end.is_some() && is_versioned(reference),
        });
        rest = &from_start[reference.len()..];
    }
}

/// `{{resolve:ssm:name:3}}` and `{{resolve:secretsmanager:id:SecretString:key:stage:version}}`.
fn is_versioned(reference: &str) -> bool {
    let inner = reference
        .trim_start_matches("{{resolve:")
        .trim_end_matches("}}");
    let Some((service, rest)) = inner.split_once(':') else {
        return false;
    };
    match service {
        "ssm" | "ssm-secure" => rest
            .rsplit_once(':')
            .is_some_and(|(_, version)| is_number(version)),
        "secretsmanager" => secret_fields(rest)
            .nth(3)
            .is_some_and(|version| !version.is_empty()),
        _ => false,
    }
}

/// The fields after a secret's id: `SecretString`, key, stage, version. An ARN has seven parts.
fn secret_fields(rest: &str) -> impl Iterator<Item = &str> {
    let id_parts = if rest.starts_with("arn:") { 7 } else { 1 };
    rest.split(':').skip(id_parts)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Budget;

    fn template(text: &str) -> Template {
        Template::read(text.as_bytes(), "t.yaml", &Budget::default()).unwrap()
    }

    #[test]
    fn parameters_tell_type_default_choices_and_masking() {
        let template = template(
            "Parameters:\n  Size:\n    Type: Number\n    Default: 010\n    AllowedValues: [1, Yes]\n  Secret: {Type: String, NoEcho: true, Description: d}\nResources: {}\n",
        );
        let parameters = template.parameters();
        assert_eq!(parameters[0].default.as_deref(), Some("8"));
        assert_eq!(parameters[0].allowed_values, ["1", "true"]);
        assert_eq!(parameters[0].at.line, 2);
        assert!(!parameters[0].no_echo);
        assert!(parameters[1].no_echo);
    }

    #[test]
    fn exports_and_transforms_are_told_in_every_spelling() {
        let template = template(
            "Transform: [AWS::Serverless-2016-10-31, {Name: Other}]\nResources: {}\nOutputs:\n  A: {Value: !Ref Q, Export: {Name: !Sub '${AWS::StackName}-q'}}\n  B: {Value: x, Condition: C}\n",
        );
        assert_eq!(
            template.transforms(),
            ["AWS::Serverless-2016-10-31", "Other"]
        );
        let exports = template.exports();
        assert_eq!(exports.len(), 1);
        assert_eq!(exports[0].value, "!Ref Q");
        assert_eq!(
            exports[0].export.as_deref(),
            Some("!Sub \"${AWS::StackName}-q\"")
        );
        assert_eq!(template.outputs()[1].condition.as_deref(), Some("C"));
    }

    #[test]
    fn only_a_named_version_makes_a_dynamic_reference_stable() {
        for (text, versioned) in [
            ("{{resolve:ssm:/a/b:3}}", true),
            ("{{resolve:ssm:/a/b}}", false),
            ("{{resolve:ssm-secure:name:12}}", true),
            (
                "{{resolve:secretsmanager:my-secret:SecretString:password}}",
                false,
            ),
            (
                "{{resolve:secretsmanager:s:SecretString:password:AWSCURRENT}}",
                false,
            ),
            (
                "{{resolve:secretsmanager:s:SecretString:password::3f2a}}",
                true,
            ),
            (
                "{{resolve:secretsmanager:arn:aws:secretsmanager:us-east-1:111111111111:secret:s-AbCdEf:SecretString:k}}",
                false,
            ),
            (
                "{{resolve:secretsmanager:arn:aws:secretsmanager:us-east-1:111111111111:secret:s-AbCdEf:SecretString:k::v1}}",
                true,
            ),
            ("{{resolve:ssm:", false),
        ] {
            let source =
                format!("Resources:\n  R:\n    Type: T\n    Properties: {{V: 'x{text}y'}}\n");
            let template = template(&source);
            let found = template.dynamic_references();
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].is_versioned, versioned, "{text}");
            assert_eq!(template.uses_unversioned_dynamic_reference(), !versioned);
        }
    }
}
