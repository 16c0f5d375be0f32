//! Policy documents and their statements.

use super::condition;
use super::extent::Extent;
use super::glob::Pattern;
use super::grant::{Dimension, Grant, Kind, Reach};
use super::principal;
use crate::node::{Node, Value};
use crate::plain::{CLOSES, OPENS, Plain};
use crate::read::{self, Budget};
use std::borrow::Cow;

/// Whether a value is a policy document.
pub(super) fn is_document(value: &Plain) -> bool {
    value.get("Statement").is_some_and(|statements| {
        let all = statements.items();
        all.is_empty()
            || all
                .iter()
                .any(|statement| statement.get("Effect").is_some())
    })
}

/// A document, read from its text where it is written as one; none when the value is none.
pub(super) fn document(value: &Plain) -> Option<Cow<'_, Plain>> {
    if is_document(value) {
        return Some(Cow::Borrowed(value));
    }
    let text = value.as_text()?.trim_start();
    if !text.starts_with('{') || text.len() > 1 << 20 {
        return None;
    }
    let node = read::json_document(text.as_bytes(), "", &Budget::default()).ok()?;
    let read = plain(node);
    is_document(&read).then_some(Cow::Owned(read))
}

/// A node as plain data.
pub(super) fn plain(node: Node) -> Plain {
    match node.value {
        Value::Null => Plain::Null,
        Value::Boolean(truth) => Plain::Text(truth.to_string()),
        Value::Number(number) => Plain::Text(number.text().to_owned()),
        Value::Text(text) => Plain::Text(text),
        Value::List(items) => Plain::List(items.into_iter().map(plain).collect()),
        Value::Map(map) => Plain::Map(
            map.into_entries()
                .into_iter()
                .map(|entry| (entry.key, plain(entry.value)))
                .collect(),
        ),
    }
}

/// Adds what a policy gives: `base` is where it stands and who holds it.
pub(super) fn policy(value: &Plain, base: &Grant, reach: &mut Reach) {
    reach.speaks = true;
    let Some(document) = document(value) else {
        if !matches!(value, Plain::Null) {
            reach.unclear.insert(unclear(base, value));
        }
        return;
    };
    // Only the newer version of the language knows variables; the older one is the default.
    let variables = document.get("Version").and_then(Plain::as_text) == Some("2012-10-17");
    for statement in document.get("Statement").map_or(&[][..], Plain::items) {
        add(statement, base, variables, reach);
    }
}

/// Adds one statement.
pub(super) fn add(statement: &Plain, base: &Grant, variables: bool, reach: &mut Reach) {
    reach.speaks = true;
    let effect = statement.get("Effect").and_then(Plain::as_text);
    let (Some(effect @ ("Allow" | "Deny")), Some(grant)) =
        (effect, grant(statement, base, variables))
    else {
        reach.unclear.insert(unclear(base, statement));
        return;
    };
    if effect == "Allow" {
        reach.allows.push(grant.standing(false));
    } else {
        reach.denies.push(grant);
    }
}

/// What cannot be read, told apart by where it stands.
pub(super) fn unclear(base: &Grant, value: &Plain) -> String {
    format!("{:?} {:?} {value:?}", base.kind, base.extents)
}

fn grant(statement: &Plain, base: &Grant, variables: bool) -> Option<Grant> {
    let mut grant = base.clone();
    let (actions, negated) = either(statement, "Action", "NotAction")?;
    let mut extent = texts(actions, |text| {
        Pattern::glob(&spelled(text), false).folded().shown(text)
    })?;
    extent.negated = negated;
    grant = grant.within(Dimension::Action, extent);
    match either(statement, "Resource", "NotResource") {
        Some((resources, negated)) => {
            let mut extent = texts(resources, |text| Pattern::glob(text, variables))?;
            extent.negated = negated;
            grant = grant.within(Dimension::Resource, extent);
        }
        None if grant.kind == Kind::Trust => {}
        None => {
            grant = grant.within(
                Dimension::Resource,
                Extent::texts([Pattern::glob("*", false)]),
            );
        }
    }
    match either(statement, "Principal", "NotPrincipal") {
        Some((principals, negated)) => {
            let mut extent = principal::extent(principals, variables)?;
            extent.negated = negated;
            grant = grant.within(Dimension::Principal, extent);
        }
        None if grant.kind == Kind::Identity => {}
        None => return None,
    }
    if let Some(condition) = statement.get("Condition") {
        grant = condition::limit(grant, condition, variables);
    }
    Some(grant)
}

/// An action that names every action of every service.
fn spelled(action: &str) -> String {
    if action == "*:*" { "*" } else { action }.to_owned()
}

fn either<'s>(statement: &'s Plain, key: &str, not: &str) -> Option<(&'s Plain, bool)> {
    match (statement.get(key), statement.get(not)) {
        (Some(value), None) => Some((value, false)),
        (None, Some(value)) => Some((value, true)),
        _ => None,
    }
}

/// The patterns of a text or a list of texts.
pub(super) fn texts(value: &Plain, pattern: impl Fn(&str) -> Pattern) -> Option<Extent> {
    let patterns: Option<Vec<Pattern>> = value
        .items()
        .iter()
        .map(|item| match item {
            Plain::Text(text) => Some(pattern(text)),
            Plain::Unknown(words) => Some(pattern(&format!("{OPENS}{words}{CLOSES}"))),
            _ => None,
        })
        .collect();
    Some(Extent::texts(patterns?))
}
