//! What a change at one place does to its resource, by what is known of the resource type.

use super::Impact;
use crate::compare::{Path, PropertyDifference, Segment};
use crate::schema::{self, ReplacementOrder, SchemaCursor, Update, known};

/// What a change at a place does.
#[derive(Debug, Clone)]
pub(super) struct Effect {
    pub(super) impact: Impact,
    /// Why AWS refuses it.
    pub(super) refusal: Option<&'static str>,
    /// Whether the answer of a macro decides.
    pub(super) is_macro: bool,
    /// What another source says, where it says more.
    pub(super) doubt: Option<&'static str>,
}

impl Effect {
    const fn of(impact: Impact) -> Self {
        Self {
            impact,
            refusal: None,
            is_macro: false,
            doubt: None,
        }
    }
}

/// What a value that differs does; `siblings` are all differences of the resource.
pub(super) fn of_difference(
    resource_type: &str,
    property: &PropertyDifference,
    siblings: &[PropertyDifference],
) -> Effect {
    let change = Change {
        before: property.before.as_deref(),
        after: property.after.as_deref(),
        is_unknown: property.unknown,
        siblings,
    };
    of(resource_type, &property.path, &change)
}

/// What a value does that becomes known while the change is carried out.
pub(super) fn of_reference(resource_type: &str, path: &Path) -> Effect {
    let change = Change {
        before: Some(""),
        after: Some(""),
        is_unknown: true,
        siblings: &[],
    };
    of(resource_type, path, &change)
}

struct Change<'c> {
    before: Option<&'c str>,
    after: Option<&'c str>,
    is_unknown: bool,
    siblings: &'c [PropertyDifference],
}

fn of(resource_type: &str, path: &Path, change: &Change<'_>) -> Effect {
    let Some(Segment::Key(first)) = path.0.first() else {
        return Effect::of(Impact::InPlace);
    };
    match first.as_str() {
        "Properties" => {}
        "Type" => {
            return Effect {
                refusal: Some(known::TYPE_CHANGE),
                ..Effect::of(Impact::Rejected)
            };
        }
        _ => return Effect::of(Impact::Metadata),
    }
    let below = &path.0[1..];
    if below
        .iter()
        .any(|step| matches!(step, Segment::Key(key) if key == "Fn::Transform"))
    {
        return Effect {
            is_macro: true,
            ..Effect::of(Impact::InPlace)
        };
    }
    let at = cursor(resource_type, below);
    if let Some(refusal) = at.refusal().filter(|_| !change.is_unknown)
        && is_refused(refusal, below, change)
    {
        return Effect {
            refusal: Some(refusal.reason),
            ..Effect::of(Impact::Rejected)
        };
    }
    let replaces = || match schema::of(resource_type).map(schema::TypeSchema::replacement_order) {
        Some(ReplacementOrder::DeleteFirst) => Impact::ReplacesDeleteFirst,
        _ => Impact::ReplacesCreateFirst,
    };
    let impact = match at.update_within() {
        Update::InPlace => Impact::InPlace,
        Update::MayInterrupt => Impact::MayInterrupt,
        Update::MayReplace => Impact::MayReplace,
        Update::Replaces if change.is_unknown => Impact::MayReplace,
        Update::Replaces => replaces(),
    };
    let doubt = match below.first() {
        Some(Segment::Key(property))
            if impact == Impact::InPlace
                && known::guide_says_replacement(resource_type, property) =>
        {
            Some("the user guide of 2023 says that this property replaces the resource")
        }
        _ => None,
    };
    Effect {
        doubt,
        ..Effect::of(impact)
    }
}

fn cursor<'p>(resource_type: &str, path: &'p [Segment]) -> SchemaCursor<'p> {
    path.iter()
        .fold(schema::cursor(resource_type), |at, step| match step {
            Segment::Key(key) => at.key(key),
            Segment::Item { .. } => at.item(),
        })
}

/// Whether a refusal applies to this change; what it says of items is read off the path.
fn is_refused(refusal: &known::Refusal, path: &[Segment], change: &Change<'_>) -> bool {
    use known::RefusedWhen::{Changed, ChangedInItem, ItemChangedOrRemoved, Lowered, SeveralItems};
    // The first item on the way, and on which sides it is.
    let item = path.iter().find_map(|step| match step {
        Segment::Item { left, right, .. } => Some((left.is_some(), right.is_some())),
        Segment::Key(_) => None,
    });
    let is_whole_item = matches!(path.last(), Some(Segment::Item { .. }));
    match refusal.when {
        Changed => true,
        ItemChangedOrRemoved => match item {
            Some((on_left, _)) => on_left,
            // The whole list comes or goes.
            None => change.before.is_some(),
        },
        ChangedInItem => matches!(item, Some((true, true))) && !is_whole_item,
        SeveralItems => {
            let list_length = path
                .iter()
                .position(|step| matches!(step, Segment::Item { .. }))
                .unwrap_or(path.len());
            let list = &path[..list_length];
            let whole = change
                .siblings
                .iter()
                .filter(|sibling| {
                    sibling.path.0.len() == list_length + 2
                        && sibling.path.0[1..=list_length] == *list
                        && (sibling.before.is_none() || sibling.after.is_none())
                })
                .count();
            whole > 1
        }
        Lowered => {
            let number = |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok());
            match (number(change.before), number(change.after)) {
                (Some(before), Some(after)) => after < before,
                _ => false,
            }
        }
    }
}
