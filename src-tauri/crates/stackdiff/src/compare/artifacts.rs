//! What a template brings in beside itself: archives in S3, container images, documents.

use super::{parameters::Parameters, side::Side, with_template, written_out};
use crate::{
    render,
    resolve::{Member, Resolved, Resolver, Term},
};

/// Something that a resource takes from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedArtifact {
    /// Logical id of the resource.
    pub logical_id: String,
    /// Where it lies, with everything that pins it; functions that nobody can work out stand as they
    /// are written.
    pub location: String,
}

/// How a property names what it takes.
#[derive(Clone, Copy)]
enum Form {
    /// Bucket, key and version under these keys, or an address as a text.
    InS3([&'static str; 3]),
    /// A text.
    Text,
}

const LAMBDA: Form = Form::InS3(["S3Bucket", "S3Key", "S3ObjectVersion"]);
const SERVERLESS: Form = Form::InS3(["Bucket", "Key", "Version"]);

/// Type, path of the property (`*` for every item of a list), form.
const PLACES: &[(&str, &[&str], Form)] = &[
    ("AWS::Lambda::Function", &["Code"], LAMBDA),
    ("AWS::Lambda::Function", &["Code", "ImageUri"], Form::Text),
    ("AWS::Lambda::LayerVersion", &["Content"], LAMBDA),
    ("AWS::Serverless::Function", &["CodeUri"], SERVERLESS),
    ("AWS::Serverless::Function", &["ImageUri"], Form::Text),
    ("AWS::Serverless::LayerVersion", &["ContentUri"], SERVERLESS),
    ("AWS::Serverless::Api", &["DefinitionUri"], SERVERLESS),
    ("AWS::ApiGateway::RestApi", &["BodyS3Location"], SERVERLESS),
    ("AWS::ApiGatewayV2::Api", &["BodyS3Location"], SERVERLESS),
    (
        "AWS::StepFunctions::StateMachine",
        &["DefinitionS3Location"],
        SERVERLESS,
    ),
    (
        "AWS::ECS::TaskDefinition",
        &["ContainerDefinitions", "*", "Image"],
        Form::Text,
    ),
    ("AWS::CloudFormation::Stack", &["TemplateURL"], Form::Text),
];

/// Everything that the resources of a side take from elsewhere, by logical id.
pub fn artifacts(side: &Side<'_>) -> Vec<NamedArtifact> {
    let parameters = Parameters::of(side);
    let loops = written_out(side, &parameters);
    let side = with_template(side, loops.as_ref());
    let Some(template) = side.template else {
        return Vec::new();
    };
    let scope = parameters.scope(&side);
    let mut resolver = Resolver::new(&scope);
    let mut found = Vec::new();
    for resource in template.resources() {
        let Some(properties) = resource.properties() else {
            continue;
        };
        let places = PLACES
            .iter()
            .filter(|it| Some(it.0) == resource.resource_type);
        for (_, path, form) in places {
            let Some((first, rest)) = path.split_first() else {
                continue;
            };
            let Some(node) = properties.get(first) else {
                continue;
            };
            let value = resolver.resolve(node);
            for at in under(&value, rest) {
                found.extend(form.location(at).map(|location| NamedArtifact {
                    logical_id: resource.logical_id.to_owned(),
                    location,
                }));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn under<'v, 'a>(value: &'v Resolved<'a>, path: &[&str]) -> Vec<&'v Resolved<'a>> {
    let Some((step, rest)) = path.split_first() else {
        return vec![value];
    };
    let next: Vec<&Resolved<'a>> = match &value.value {
        Term::List(items) | Term::Set(items) if *step == "*" => items.iter().collect(),
        Term::Map(members) => members
            .iter()
            .filter(|it| it.key == *step)
            .map(|it| &it.value)
            .collect(),
        _ => Vec::new(),
    };
    next.into_iter().flat_map(|it| under(it, rest)).collect()
}

impl Form {
    fn location(self, value: &Resolved<'_>) -> Option<String> {
        let text = |value: &Resolved<'_>| match &value.value {
            Term::Absent | Term::Null => None,
            _ => Some(render::resolved(value)),
        };
        match (self, &value.value) {
            (Self::InS3([bucket, key, version]), Term::Map(members)) => {
                let member = |name: &str| {
                    let found = members.iter().find(|it: &&Member<'_>| it.key == name);
                    found.and_then(|it| text(&it.value))
                };
                let mut location = format!("s3://{}/{}", member(bucket)?, member(key)?);
                if let Some(version) = member(version) {
                    location.push_str("?versionId=");
                    location.push_str(&version);
                }
                Some(location)
            }
            _ => text(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Budget, EnvironmentFacts, ParameterValues, Template};

    fn told(text: &str, parameters: &[(&str, &str)]) -> Vec<(String, String)> {
        let template = Template::read(text.as_bytes(), "t.yaml", &Budget::default()).unwrap();
        let mut values = ParameterValues::default();
        for (key, value) in parameters {
            values.declare_value(*key, *value);
        }
        let side = Side {
            template: Some(&template),
            parameters: values,
            environment: EnvironmentFacts {
                account: Some("333333333333".into()),
                region: Some("us-east-1".into()),
                ..EnvironmentFacts::default()
            },
        };
        let found = artifacts(&side).into_iter();
        found.map(|it| (it.logical_id, it.location)).collect()
    }

    #[test]
    fn an_archive_is_named_with_bucket_key_and_version() {
        let text = "
Parameters: {Version: {Type: String}}
Resources:
  Handler:
    Type: AWS::Lambda::Function
    Properties:
      Code: {S3Bucket: !Sub 'code-${AWS::AccountId}', S3Key: !Sub 'pay/${Version}.zip'}
  Layer:
    Type: AWS::Lambda::LayerVersion
    Properties:
      Content: {S3Bucket: b, S3Key: k, S3ObjectVersion: v7}
  Inline:
    Type: AWS::Lambda::Function
    Properties: {Code: {ZipFile: 'pass'}}
";
        let one = |id: &str, at: &str| (id.to_owned(), at.to_owned());
        assert_eq!(
            told(text, &[("Version", "9.3.1")]),
            [
                one("Handler", "s3://code-333333333333/pay/9.3.1.zip"),
                one("Layer", "s3://b/k?versionId=v7"),
            ]
        );
    }

    #[test]
    fn every_container_names_its_image() {
        let text = "
Parameters: {Tag: {Type: String}}
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: app, Image: !Sub 'registry/app:${Tag}'}
        - {Name: side, Image: 'registry/side@sha256:00'}
";
        let images: Vec<_> = told(text, &[("Tag", "1")])
            .into_iter()
            .map(|it| it.1)
            .collect();
        assert_eq!(images, ["registry/app:1", "registry/side@sha256:00"]);
    }

    #[test]
    fn what_nobody_can_work_out_stands_as_it_is_written() {
        let text = "
Resources:
  Handler:
    Type: AWS::Lambda::Function
    Properties: {Code: {ImageUri: !ImportValue image}}
";
        assert_eq!(told(text, &[])[0].1, "!ImportValue image");
    }
}
