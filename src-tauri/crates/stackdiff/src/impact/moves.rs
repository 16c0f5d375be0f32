//! The same resource under another logical id: a stack refactoring would keep it.

use super::loss::property;
use super::{Action, Note, ResourceImpact};
use crate::compare::{Body, Pair, Pairs};
use crate::hashed::HashMap;
use crate::resolve::{Term, fingerprint, same};
use crate::schema;

/// Notes on a removed and an added resource that they are one.
pub(super) fn note(pairs: &Pairs<'_>, resources: &mut [ResourceImpact]) {
    let bodies: HashMap<&str, &Pair<'_>> = pairs
        .resources
        .iter()
        .map(|pair| (pair.name, pair))
        .collect();
    let of = |action: Action| {
        resources
            .iter()
            .enumerate()
            .filter(|(_, resource)| resource.action == action)
            .map(|(index, _)| index)
            .collect::<Vec<usize>>()
    };
    let (removed, mut added) = (of(Action::Remove), of(Action::Add));
    if removed.is_empty() || added.is_empty() {
        return;
    }
    let mut found = Vec::new();
    for gone in removed {
        let old = bodies
            .get(resources[gone].logical_id.as_str())
            .and_then(|pair| pair.left.as_ref());
        let place = added.iter().position(|new| {
            let new = &resources[*new];
            let body = bodies
                .get(new.logical_id.as_str())
                .and_then(|pair| pair.right.as_ref());
            new.resource_type == resources[gone].resource_type
                && old
                    .zip(body)
                    .is_some_and(|(old, new_body)| is_one(&new.resource_type, old, new_body))
        });
        if let Some(place) = place {
            found.push((gone, added.remove(place)));
        }
    }
    for (gone, new) in found {
        let (old_id, new_id) = (
            resources[gone].logical_id.clone(),
            resources[new].logical_id.clone(),
        );
        resources[gone].notes.push(Note::Moved { other: new_id });
        resources[new].notes.push(Note::Moved { other: old_id });
    }
}

/// Whether two resources of one type have the same name, or the same properties and some at all.
fn is_one(resource_type: &str, old: &Body<'_>, new: &Body<'_>) -> bool {
    let names = schema::of(resource_type).map_or(&[][..], schema::TypeSchema::fixed_name);
    let both = |name: &&str| Some((property(old, name)?, property(new, name)?));
    let given: Option<Vec<_>> = names.iter().map(both).collect();
    if let Some(given) = given.filter(|given| !given.is_empty()) {
        return given.iter().all(|(one, other)| same(one, other));
    }
    let properties = |body: &Body<'_>| match &body.value.value {
        Term::Map(members) => members
            .iter()
            .find(|member| member.key == "Properties")
            .map(|member| fingerprint(&member.value)),
        _ => None,
    };
    let old = properties(old);
    old.is_some() && old == properties(new)
}
