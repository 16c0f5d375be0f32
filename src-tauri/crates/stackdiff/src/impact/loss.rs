//! What becomes of a resource, and of its data, when it leaves the stack or is replaced.

use crate::compare::Body;
use crate::plain::Plain;
use crate::resolve::{Resolved, Term};
use crate::schema::{self, known::Deletion};

/// What CloudFormation does with the old resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Deletes it.
    Deleted,
    /// Takes a snapshot, then deletes it.
    Snapshot,
    /// Leaves it as it is.
    Retained,
}

/// What happens to a resource that a deployed stack gives up.
pub(super) fn on_removal(resource_type: &str, deployed: &Body<'_>) -> Fate {
    if let Some(policy) = attribute(deployed, "DeletionPolicy") {
        return fate(policy);
    }
    let has = |key: &str| property(deployed, key).is_some();
    match schema::known::default_deletion(resource_type, has) {
        Deletion::Snapshot => Fate::Snapshot,
        Deletion::Delete => Fate::Deleted,
    }
}

/// What happens to the old resource after its replacement exists.
pub(super) fn on_replacement(desired: &Body<'_>) -> Fate {
    attribute(desired, "UpdateReplacePolicy").map_or(Fate::Deleted, fate)
}

fn fate(policy: &str) -> Fate {
    match policy {
        "Retain" | "RetainExceptOnCreate" => Fate::Retained,
        "Snapshot" => Fate::Snapshot,
        _ => Fate::Deleted,
    }
}

/// An attribute of the declaration, such as `DeletionPolicy`.
pub(super) fn attribute<'b>(body: &'b Body<'_>, key: &str) -> Option<&'b str> {
    member(&body.value, key)?.known_text()
}

/// A property of a resource; none when it is absent.
pub(super) fn property<'b, 'a>(body: &'b Body<'a>, key: &str) -> Option<&'b Resolved<'a>> {
    member(properties(body)?, key).filter(|value| !value.is_absent())
}

/// All properties of a resource as plain data.
pub(super) fn plain_properties(body: &Body<'_>) -> Plain {
    let found = properties(body).and_then(Plain::of);
    found.unwrap_or_else(|| Plain::Map(Vec::new()))
}

/// All properties of a resource; none when it declares none.
fn properties<'b, 'a>(body: &'b Body<'a>) -> Option<&'b Resolved<'a>> {
    member(&body.value, "Properties").filter(|value| !value.is_absent())
}

fn member<'b, 'a>(value: &'b Resolved<'a>, key: &str) -> Option<&'b Resolved<'a>> {
    match &value.value {
        Term::Map(members) => members
            .iter()
            .find(|member| member.key == key)
            .map(|member| &member.value),
        _ => None,
    }
}
