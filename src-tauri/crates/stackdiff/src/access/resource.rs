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
const PLACES: [&str; 14] = [
    "Bucket",
    "Queues",
    "Topics",
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
    if resource_type == "AWS::EC2::VPCEndpoint" && properties.get("PolicyDocument").is_none() {
        let everything = || Extent::texts([Pattern::glob("*", false)]);
        let anyone = Extent::texts([principal::named("AWS", "*", false)]);
        let grant = Grant::new(Kind::Resource, id)
            .within(Dimension::Place, place)
            .within(Dimension::Action, everything())
            .within(Dimension::Resource, everything())
            .within(Dimension::Principal, anyone);
        reach.allows.push(grant.standing(true));
    }
    reach
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
        Plain::Text(text) => text.starts_with(OPENS) && text.ends_with(CLOSES),
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
            "FunctionUrlAuthType",
            "StringEquals",
            "lambda:FunctionUrlAuthType",
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
