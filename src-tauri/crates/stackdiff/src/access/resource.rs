//! Policies of what is acted on: buckets, queues, keys and the like, and single permissions.

use super::condition;
use super::extent::Extent;
use super::glob::Pattern;
use super::grant::{Dimension, Grant, Kind, Reach};
use super::names::Names;
use super::principal;
use super::statement;
use crate::plain::{CLOSES, OPENS, Plain};

/// Properties that name what a policy of its own is attached to.
const PLACES: [&str; 19] = [
    "Bucket",
    "Queues",
    "Queue",
    "Topics",
    "TopicArn",
    "MrapName",
    "ObjectLambdaAccessPoint",
    "ResourceIdentifier",
    "SecretId",
    "ResourceArn",
    "EventBusName",
    "FileSystemId",
    "KeyId",
    "VaultName",
    "RestApiId",
    "TableBucketARN",
    "TableARN",
    "StreamArn",
    "RegistryName",
];

/// Adds what the policy documents anywhere in the properties give.
pub(super) fn documents(id: &str, resource_type: &str, properties: &Plain, names: &Names) -> Reach {
    let mut reach = Reach::default();
    let place = place(id, resource_type, properties, names);
    walk(id, &place, properties, &mut reach, 0);
    reach.speaks |= !reach.unclear.is_empty() && super::concerns(resource_type);
    let says_nothing =
        reach.allows.is_empty() && reach.denies.is_empty() && reach.unclear.is_empty();
    if says_nothing && is_open_without_policy(resource_type, properties) {
        let everything = || Extent::texts([Pattern::glob("*", false)]);
        let anyone = Extent::texts([principal::named("AWS", "*", false)]);
        let grant = Grant::new(Kind::Resource, id)
            .within(Dimension::Place, place)
            .within(Dimension::Action, everything())
            .within(Dimension::Resource, everything())
            .within(Dimension::Principal, anyone);
        reach.allows.push(grant.standing(true));
    }
    if resource_type == "AWS::KMS::Key" && properties.get("KeyPolicy").is_none() {
        // Its own account may do everything, as "Default key policy" in the developer guide says.
        let account = format!("{OPENS}AWS::AccountId{CLOSES}");
        let grant = Grant::new(Kind::Resource, id)
            .within(Dimension::Place, Extent::exactly(id))
            .within(
                Dimension::Action,
                Extent::texts([Pattern::glob("kms:*", false).folded()]),
            )
            .within(
                Dimension::Resource,
                Extent::texts([Pattern::glob("*", false)]),
            )
            .within(
                Dimension::Principal,
                Extent::texts([principal::named("AWS", &account, false)]),
            );
        reach.allows.push(grant.standing(true));
    }
    reach
}

/// Whether anyone may do anything through a resource that has no policy: "Endpoint policies" of
/// AWS PrivateLink, "Default file system policy" of EFS, and "How API Gateway resource policies
/// affect authorization workflow", where a private API lets nobody in.
fn is_open_without_policy(resource_type: &str, properties: &Plain) -> bool {
    let has = |key: &str| properties.get(key).is_some();
    let is_private = || {
        let types = properties
            .get("EndpointConfiguration")
            .and_then(|configuration| configuration.get("Types"))
            .map_or(&[][..], Plain::items);
        types.iter().any(|one| one.as_text() == Some("PRIVATE"))
    };
    match resource_type {
        "AWS::EC2::VPCEndpoint" => !has("PolicyDocument"),
        "AWS::EFS::FileSystem" => !has("FileSystemPolicy"),
        "AWS::ApiGateway::RestApi" => !has("Policy") && !has("BodyS3Location") && !is_private(),
        _ => false,
    }
}

/// What the policy is attached to: what the resource names, else the resource itself.
fn place(id: &str, resource_type: &str, properties: &Plain, names: &Names) -> Extent {
    let is_policy = ["Policy", "Permission"]
        .iter()
        .any(|suffix| resource_type.ends_with(suffix));
    let named = PLACES
        .iter()
        .filter(|_| is_policy)
        .find_map(|key| properties.get(key));
    match named {
        Some(named) => {
            let name = |value| Pattern::exact(&names.of(value), false);
            Extent::texts(named.items().iter().map(name))
        }
        None => Extent::exactly(id),
    }
}

fn walk(id: &str, place: &Extent, value: &Plain, reach: &mut Reach, depth: usize) {
    if let Some(document) = statement::document(value) {
        let names_somebody = document
            .get("Statement")
            .map_or(&[][..], Plain::items)
            .iter()
            .any(|one| one.get("Principal").is_some() || one.get("NotPrincipal").is_some());
        let base = if names_somebody {
            Grant::new(Kind::Resource, id).within(Dimension::Place, place.clone())
        } else {
            Grant::new(Kind::Identity, id).within(Dimension::Holder, place.clone())
        };
        statement::policy(&document, &base, reach);
        return;
    }
    if depth > 40 {
        return;
    }
    if value.get("Statement").is_some_and(Plain::has_unknown) {
        reach.unclear.insert(format!("{id} {value:?}"));
        return;
    }
    match value {
        Plain::List(items) => {
            for item in items {
                walk(id, place, item, reach, depth + 1);
            }
        }
        Plain::Map(members) => {
            for (key, value) in members {
                // A policy that is not known differs from one that is.
                if key.contains("Polic") && is_unknown(value) {
                    reach.unclear.insert(format!("{id} {key} {value:?}"));
                }
                walk(id, place, value, reach, depth + 1);
            }
        }
        _ => {}
    }
}

fn is_unknown(value: &Plain) -> bool {
    match value {
        Plain::Unknown(_) => true,
        // Also a document that is put together to one that cannot be read.
        Plain::Text(text) => {
            text.contains(OPENS) && (text.starts_with(OPENS) || text.trim_start().starts_with('{'))
        }
        _ => false,
    }
}

/// A permission that is a resource of its own, as Lambda and EventBridge have them.
pub(super) fn permission(
    id: &str,
    resource_type: &str,
    properties: &Plain,
    names: &Names,
) -> Reach {
    let mut reach = Reach {
        speaks: true,
        ..Reach::default()
    };
    let target = ["FunctionName", "LayerVersionArn", "EventBusName"]
        .iter()
        .find_map(|key| properties.get(key))
        .map_or_else(|| "default".to_owned(), |target| names.of(target));
    let base = Grant::new(Kind::Resource, id).within(Dimension::Place, Extent::exactly(&target));
    if resource_type == "AWS::Events::EventBusPolicy"
        && let Some(one) = properties.get("Statement")
    {
        statement::add(one, &base, true, &mut reach);
        return reach;
    }
    let text = |key: &str| properties.get(key).map(|value| names.raw(value));
    let (Some(action), Some(who)) = (text("Action"), text("Principal")) else {
        reach.unclear.insert(format!("{id} {properties:?}"));
        return reach;
    };
    let is_account = who.contains(":iam:") || who.bytes().all(|byte| byte.is_ascii_digit());
    let kind = if who == "*" || is_account || !who.contains('.') {
        "AWS"
    } else {
        "Service"
    };
    let mut grant = base
        .within(
            Dimension::Action,
            Extent::texts([Pattern::glob(&action, false).folded().shown(&action)]),
        )
        .within(
            Dimension::Resource,
            Extent::texts([Pattern::glob("*", false).shown(&target)]),
        )
        .within(
            Dimension::Principal,
            Extent::texts([principal::named(kind, &who, false)]),
        );
    for (property, operator, key) in [
        ("SourceArn", "ArnLike", "aws:SourceArn"),
        ("SourceAccount", "StringEquals", "aws:SourceAccount"),
        ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
        ("OrganizationId", "StringEquals", "aws:PrincipalOrgID"),
        (
            "EventSourceToken",
            "StringEquals",
            "lambda:EventSourceToken",
        ),
        (
            "InvokedViaFunctionUrl",
            "Bool",
            "lambda:InvokedViaFunctionUrl",
        ),
    ] {
        if let Some(value) = properties.get(property) {
            let clause = Plain::Map(vec![(
                operator.to_owned(),
                Plain::Map(vec![(key.to_owned(), value.clone())]),
            )]);
            grant = condition::limit(grant, &clause, false);
        }
    }
    // Who comes in without authentication comes in with it as well.
    if let Some(kind) = text("FunctionUrlAuthType") {
        let kinds = match kind.as_str() {
            "NONE" => vec!["NONE", "AWS_IAM"],
            other => vec![other],
        };
        let kinds = kinds.iter().map(|kind| Pattern::exact(kind, false));
        grant = grant.within(Dimension::Proof, Extent::texts(kinds));
    }
    if let Some(condition) = properties.get("Condition")
        && let (Some(kind), Some(key), Some(value)) = (
            condition.get("Type").and_then(Plain::as_text),
            condition.get("Key").and_then(Plain::as_text),
            condition.get("Value"),
        )
    {
        let clause = Plain::Map(vec![(
            kind.to_owned(),
            Plain::Map(vec![(key.to_owned(), value.clone())]),
        )]);
        grant = condition::limit(grant, &clause, false);
    }
    reach.allows.push(grant);
    reach
}
