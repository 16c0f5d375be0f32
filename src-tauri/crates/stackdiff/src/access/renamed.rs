//! Roles, groups and policies that have another logical id and are otherwise the same.
//!
//! They give what they gave, to whoever they are given to. What holds data is not here: another
//! bucket is not the same bucket.

use super::Subject;
use crate::hashed::{HashMap, HashSet};
use crate::plain::{CLOSES, OPENS, Plain};

/// Types whose resources are nothing but what they allow.
const TYPES: [&str; 5] = [
    "AWS::EC2::SecurityGroup",
    "AWS::IAM::Group",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::IAM::User",
];

/// The new ids of what was renamed, and the resources before as if it had never been called otherwise.
pub(super) struct Renamed {
    ids: HashMap<String, String>,
    properties: Vec<Plain>,
}

impl Renamed {
    /// Finds what is gone on one side and there under another id on the other.
    pub(super) fn of(before: &[Subject<'_>], after: &[Subject<'_>]) -> Self {
        let ids = |side: &[Subject<'_>]| -> HashSet<String> {
            side.iter().map(|one| one.logical_id.to_owned()).collect()
        };
        let (left, right) = (ids(before), ids(after));
        let of_type = |one: &&Subject<'_>| TYPES.contains(&one.resource_type);
        let gone = before
            .iter()
            .filter(of_type)
            .filter(|one| !right.contains(one.logical_id));
        // Nobody's own id makes two resources different.
        let shape = |one: &Subject<'_>| {
            let nameless = called(one.properties, one.logical_id, "");
            format!("{} {nameless:?}", one.resource_type)
        };
        let gone: Vec<&Subject<'_>> = gone.collect();
        let mut new: HashMap<String, Vec<&str>> = HashMap::default();
        let is_new = |one: &&Subject<'_>| !gone.is_empty() && !left.contains(one.logical_id);
        for one in after.iter().filter(of_type).filter(is_new) {
            new.entry(shape(one)).or_default().push(one.logical_id);
        }
        let mut ids = HashMap::default();
        if !new.is_empty() {
            for one in gone {
                if let Some(id) = new.get_mut(&shape(one)).and_then(Vec::pop) {
                    ids.insert(one.logical_id.to_owned(), id.to_owned());
                }
            }
        }
        let properties = if ids.is_empty() {
            Vec::new()
        } else {
            before
                .iter()
                .map(|one| {
                    ids.iter()
                        .fold(one.properties.clone(), |properties, (old, new)| {
                            called(&properties, old, new)
                        })
                })
                .collect()
        };
        Self { ids, properties }
    }

    /// The resources before under their new ids.
    pub(super) fn subjects<'s>(&'s self, before: &[Subject<'s>]) -> Vec<Subject<'s>> {
        let named = |one: &Subject<'s>| -> &'s str {
            self.ids
                .get(one.logical_id)
                .map_or(one.logical_id, String::as_str)
        };
        before
            .iter()
            .enumerate()
            .map(|(index, one)| Subject {
                logical_id: named(one),
                resource_type: one.resource_type,
                properties: self.properties.get(index).unwrap_or(one.properties),
            })
            .collect()
    }
}

/// A value in which references to one resource are to another.
fn called(value: &Plain, old: &str, new: &str) -> Plain {
    match value {
        Plain::Text(text) if text.contains(OPENS) => Plain::Text(
            text.replace(
                &format!("{OPENS}{old}{CLOSES}"),
                &format!("{OPENS}{new}{CLOSES}"),
            )
            .replace(&format!("{OPENS}{old}."), &format!("{OPENS}{new}.")),
        ),
        Plain::List(items) => {
            Plain::List(items.iter().map(|item| called(item, old, new)).collect())
        }
        Plain::Map(members) => Plain::Map(
            members
                .iter()
                .map(|(key, item)| (key.clone(), called(item, old, new)))
                .collect(),
        ),
        other => other.clone(),
    }
}
