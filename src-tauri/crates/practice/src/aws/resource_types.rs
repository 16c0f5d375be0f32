//! What CloudFormation knows about resource types: names, identifiers, attributes, and what forces a replacement.
//!
//! A table of the types that the bank uses, written from AWS's resource reference. Other types that CloudFormation knows
//! are accepted with plain behaviour: every change is in place, the identifier is a name.

mod table;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use table::TYPES;

/// Whether a change of a property makes a new resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recreation {
    /// Never.
    Never,
    /// It depends on more than the property.
    Conditionally,
    /// Always.
    Always,
}

impl Recreation {
    /// Returns AWS's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "Never",
            Self::Conditionally => "Conditionally",
            Self::Always => "Always",
        }
    }
}

/// A row of the table.
struct Row {
    /// Type.
    name: &'static str,
    /// Properties that force a new resource, separated by blanks; `*` for all.
    create_only: &'static str,
    /// Properties that may force one.
    conditional: &'static str,
    /// Property that names the resource.
    name_property: &'static str,
    /// Pattern of the physical id.
    id: &'static str,
    /// `Attribute=pattern`, separated by blanks.
    attributes: &'static str,
}

/// Where a resource lives, for the patterns of identifiers.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Account id.
    pub account: &'a str,
    /// Region.
    pub region: &'a str,
    /// Stack name.
    pub stack: &'a str,
    /// Logical id.
    pub logical_id: &'a str,
    /// What makes generated identifiers differ.
    pub seed: &'a str,
}

/// The types that CloudFormation knows, by service.
static KNOWN: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    include_str!("resource_types/known.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .map(|(service, names)| (service, names.split(' ').collect()))
        .collect()
});

fn row(resource_type: &str) -> Option<&'static Row> {
    TYPES.iter().find(|row| row.name == resource_type)
}

/// Reports whether CloudFormation would accept the type.
pub fn is_recognized(resource_type: &str) -> bool {
    if let Some(name) = resource_type.strip_prefix("Custom::") {
        return !name.is_empty();
    }
    let mut parts = resource_type.split("::");
    match (parts.next(), parts.next(), parts.next()) {
        (Some("AWS"), Some(service), Some(name)) => KNOWN
            .get(service)
            .is_some_and(|names| names.contains(&name) && parts.next().is_none()),
        _ => false,
    }
}

/// Returns whether a change of a property makes a new resource.
pub fn recreation(resource_type: &str, property: &str) -> Recreation {
    let Some(row) = row(resource_type) else {
        return Recreation::Never;
    };
    let is_in = |list: &str| list == "*" || list.split(' ').any(|name| name == property);
    if is_in(row.create_only) {
        Recreation::Always
    } else if is_in(row.conditional) {
        Recreation::Conditionally
    } else {
        Recreation::Never
    }
}

/// Returns the property that names a resource of a type.
pub fn name_property(resource_type: &str) -> Option<&'static str> {
    row(resource_type)
        .map(|row| row.name_property)
        .filter(|name| !name.is_empty())
}

/// Reports whether stack tags are put on resources of a type.
pub fn takes_tags(resource_type: &str) -> bool {
    !table::UNTAGGED.contains(&resource_type)
}

/// Reports whether drift of a type can be detected.
pub fn detects_drift(resource_type: &str) -> bool {
    !resource_type.starts_with("Custom::") && !table::WITHOUT_DRIFT.contains(&resource_type)
}

/// Returns the physical id of a new resource.
pub fn physical_id(resource_type: &str, properties: &Value, place: Place<'_>) -> String {
    let row = row(resource_type);
    let given = row
        .filter(|row| !row.name_property.is_empty())
        .and_then(|row| properties.get(row.name_property))
        .and_then(Value::as_str)
        .map(str::to_owned);
    let name = given.unwrap_or_else(|| {
        let stack: String = place.stack.chars().take(40).collect();
        format!(
            "{stack}-{}-{}",
            place.logical_id,
            random(place.seed, "name", UPPER, 12)
        )
    });
    let pattern = row.map_or("{name}", |row| row.id);
    fill(pattern, &name, "", properties, place)
}

/// Returns an attribute of a resource; none when the type does not have it.
pub fn attribute(
    resource_type: &str,
    attribute: &str,
    physical_id: &str,
    properties: &Value,
    place: Place<'_>,
) -> Option<Value> {
    let name = physical_id.rsplit([':', '/']).next().unwrap_or(physical_id);
    let Some(row) = row(resource_type) else {
        return Some(Value::from(format!("{physical_id}.{attribute}")));
    };
    let pattern = row
        .attributes
        .split(' ')
        .filter_map(|pair| pair.split_once('='))
        .find(|(wanted, _)| *wanted == attribute)
        .map(|(_, pattern)| pattern);
    match pattern {
        Some(pattern) => Some(Value::from(fill(
            pattern,
            name,
            physical_id,
            properties,
            place,
        ))),
        None if attribute.starts_with("Outputs.") => None,
        None => properties.get(attribute).cloned().or_else(|| {
            (Some(attribute) == name_property(resource_type)).then(|| Value::from(name))
        }),
    }
}

const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const MIXED: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &[u8] = b"0123456789abcdef";

/// Returns characters that look random and are always the same for a seed.
pub fn random(seed: &str, purpose: &str, alphabet: &[u8], length: usize) -> String {
    let mut out = String::with_capacity(length);
    let mut round = 0_u32;
    while out.len() < length {
        for byte in Sha256::digest(format!("{seed}/{purpose}/{round}")) {
            if out.len() < length {
                out.push(char::from(alphabet[usize::from(byte) % alphabet.len()]));
            }
        }
        round += 1;
    }
    out
}

/// Returns a version 4 UUID that is always the same for a seed.
pub fn uuid_of(seed: &str) -> String {
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&Sha256::digest(seed)[..16]);
    uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string()
}

fn fill(pattern: &str, name: &str, id: &str, properties: &Value, place: Place<'_>) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((word, more)) = after.split_once('}') else {
            break;
        };
        out.push_str(&placeholder(word, name, id, properties, place));
        rest = more;
    }
    out.push_str(rest);
    out
}

fn placeholder(word: &str, name: &str, id: &str, properties: &Value, place: Place<'_>) -> String {
    let (kind, digits) = word.split_at(
        word.find(|c: char| c.is_ascii_digit())
            .unwrap_or(word.len()),
    );
    let length: usize = digits.parse().unwrap_or(8);
    match kind {
        "name" => name.to_owned(),
        "lname" => name.to_ascii_lowercase(),
        "id" => id.to_owned(),
        "account" => place.account.to_owned(),
        "region" => place.region.to_owned(),
        "stack" => place.stack.to_owned(),
        "logical" => place.logical_id.to_owned(),
        "uuid" => uuid_of(place.seed),
        "hex" => random(place.seed, "hex", HEX, length),
        "lower" => random(place.seed, "lower", LOWER, length),
        "upper" => random(place.seed, "upper", UPPER, length),
        "mixed" => random(place.seed, "mixed", MIXED, length),
        property => properties
            .get(property)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PLACE: Place<'_> = Place {
        account: "333333333333",
        region: "us-east-1",
        stack: "payments-api-prod",
        logical_id: "PaymentsFn",
        seed: "x",
    };

    #[test]
    fn physical_ids_look_like_those_of_the_service() {
        let id =
            |resource_type: &str, properties: Value| physical_id(resource_type, &properties, PLACE);
        assert!(
            id("AWS::Lambda::Function", json!({})).starts_with("payments-api-prod-PaymentsFn-")
        );
        assert_eq!(
            id("AWS::Lambda::Function", json!({"FunctionName": "f"})),
            "f"
        );
        assert_eq!(
            id("AWS::SNS::Topic", json!({"TopicName": "t"})),
            "arn:aws:sns:us-east-1:333333333333:t"
        );
        assert_eq!(
            id("AWS::SQS::Queue", json!({"QueueName": "q"})),
            "https://sqs.us-east-1.amazonaws.com/333333333333/q"
        );
        let bucket = id("AWS::S3::Bucket", json!({}));
        assert_eq!(bucket, bucket.to_ascii_lowercase());
        assert_eq!(id("AWS::EC2::VPC", json!({})).len(), "vpc-".len() + 17);
        assert!(id("AWS::Cognito::UserPool", json!({})).starts_with("us-east-1_"));
    }

    #[test]
    fn attributes_follow_from_the_physical_id_or_a_property() {
        let get = |resource_type: &str, name: &str, id: &str, properties: Value| {
            attribute(resource_type, name, id, &properties, PLACE)
        };
        assert_eq!(
            get("AWS::Lambda::Function", "Arn", "f", json!({})),
            Some(json!("arn:aws:lambda:us-east-1:333333333333:function:f"))
        );
        assert_eq!(
            get(
                "AWS::SQS::Queue",
                "Arn",
                "https://sqs.us-east-1.amazonaws.com/333333333333/q",
                json!({})
            ),
            Some(json!("arn:aws:sqs:us-east-1:333333333333:q"))
        );
        assert_eq!(
            get(
                "AWS::SNS::Topic",
                "TopicName",
                "arn:aws:sns:us-east-1:333333333333:t",
                json!({})
            ),
            Some(json!("t"))
        );
        assert_eq!(
            get("AWS::SNS::Topic", "Nope", "arn:aws:sns:::t", json!({})),
            None
        );
    }

    #[test]
    fn only_known_types_are_recognized() {
        assert!(is_recognized("AWS::DynamoDB::Table"));
        assert!(is_recognized("AWS::Lambda::CodeSigningConfig"));
        assert!(is_recognized("Custom::Seed"));
        assert!(!is_recognized("AWS::Foo::Bar"));
        assert!(!is_recognized("AWS::Lambda::Funktion"));
        assert!(!is_recognized("AWS::Lambda::Function::More"));
        assert!(!is_recognized("AWS::Lambda"));
        assert!(!is_recognized("Lambda"));
    }

    #[test]
    fn a_key_schema_forces_a_new_table() {
        assert_eq!(
            recreation("AWS::DynamoDB::Table", "KeySchema"),
            Recreation::Always
        );
        assert_eq!(
            recreation("AWS::DynamoDB::Table", "BillingMode"),
            Recreation::Never
        );
        assert_eq!(
            recreation("AWS::Lambda::Permission", "Anything"),
            Recreation::Always
        );
    }

    #[test]
    fn every_type_of_the_table_is_recognized() {
        for row in TYPES {
            assert!(is_recognized(row.name), "{}", row.name);
        }
    }
}
