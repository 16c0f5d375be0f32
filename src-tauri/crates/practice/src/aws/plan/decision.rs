//! What happens to one resource: kept, created, changed in place or replaced, and under which identifier.

use super::{Action, PlannedResource, Subject, place_of};
use crate::aws::model::Resource;
use crate::aws::resource_types::{self, Recreation};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

const ATTRIBUTES: [&str; 5] = [
    "Metadata",
    "CreationPolicy",
    "UpdatePolicy",
    "DeletionPolicy",
    "UpdateReplacePolicy",
];

/// Decides about a resource of the target.
pub(super) fn decide(
    subject: &Subject<'_>,
    id: &str,
    declaration: &Value,
    properties: Value,
    before: Option<&Resource>,
    tags_change: bool,
) -> PlannedResource {
    let resource_type = declaration
        .get("Type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let attributes: BTreeMap<_, _> = ATTRIBUTES
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), declaration.get(*name)?.clone())))
        .collect();
    let action = match before {
        None => Action::Create,
        Some(before) => {
            let changed = changed_properties(&before.properties, &properties);
            let recreates = changed
                .iter()
                .any(|name| resource_types::recreation(resource_type, name) == Recreation::Always);
            if recreates {
                Action::Replace
            } else if !changed.is_empty()
                || before.attributes != attributes
                || (tags_change && resource_types::takes_tags(resource_type))
            {
                Action::Modify
            } else {
                Action::Keep
            }
        }
    };
    let existing = before.filter(|_| matches!(action, Action::Keep | Action::Modify));
    let (seed, physical_id) = if let Some(before) = existing {
        (before.seed.clone(), before.physical_id.clone())
    } else {
        let seed = format!("{}/{id}/{}", subject.id, subject.generation);
        let place = place_of(subject, id, &seed);
        let physical_id = match subject.adopted.get(id) {
            Some(existing) => existing.clone(),
            None => resource_types::physical_id(resource_type, &properties, place),
        };
        (seed, physical_id)
    };
    let kept = before.filter(|_| action == Action::Keep);
    PlannedResource {
        action,
        resource: Resource {
            logical_id: id.to_owned(),
            physical_id,
            resource_type: resource_type.to_owned(),
            properties,
            shown: None,
            attributes,
            seed,
            status: kept.map_or_else(String::new, |before| before.status.clone()),
            reason: kept.and_then(|before| before.reason.clone()),
            updated_at: kept.map_or(Timestamp::UNIX_EPOCH, |before| before.updated_at),
        },
        before: before.cloned(),
        needs: BTreeSet::new(),
    }
}

/// Returns the names of the properties that differ.
pub fn changed_properties(before: &Value, after: &Value) -> BTreeSet<String> {
    let empty = Map::new();
    let before = before.as_object().unwrap_or(&empty);
    let after = after.as_object().unwrap_or(&empty);
    before
        .keys()
        .chain(after.keys())
        .filter(|key| before.get(*key) != after.get(*key))
        .cloned()
        .collect()
}
