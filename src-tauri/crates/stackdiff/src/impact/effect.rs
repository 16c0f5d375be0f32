//! What a change at one place does to its resource, by what is known of the resource type.

use super::Impact;
use crate::compare::{Body, Pair, Path, PropertyDifference, Segment};
use crate::resolve::{Resolved, Term, present};
use crate::schema::{self, ReplacementOrder, SchemaCursor, Update, known, second};

/// What a change at a place does.
#[derive(Debug, Clone)]
pub(super) struct Effect {
    pub(super) impact: Impact,
    /// Why AWS refuses it.
    pub(super) refusal: Option<&'static str>,
    /// Whether the answer of a macro decides.
    pub(super) is_macro: bool,
    /// What another source says, where it says something else.
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

/// Whether updates that AWS refuses are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusals {
    /// They are.
    Heeded,
    /// They are not: the resource is made anew, or nothing is known of the value.
    Passed,
}

/// What a value that differs does; `siblings` are all differences of the resource.
pub(super) fn of_difference(
    resource_type: &str,
    pair: &Pair<'_>,
    property: &PropertyDifference,
    siblings: &[PropertyDifference],
    refusals: Refusals,
) -> Effect {
    let alone = match (&property.before, &property.after) {
        (Some(_), None) => pair
            .left
            .as_ref()
            .and_then(|body| value(body, &property.path, |left, _| left)),
        (None, Some(_)) => pair
            .right
            .as_ref()
            .and_then(|body| value(body, &property.path, |_, right| right)),
        _ => None,
    };
    let change = Change {
        alone,
        refusals,
        before: property.before.as_deref(),
        after: property.after.as_deref(),
        is_unknown: property.unknown || property.depends,
        siblings,
    };
    of(resource_type, &property.path, &change)
}

/// What a value does that becomes known while the change is carried out.
pub(super) fn of_reference(resource_type: &str, path: &Path) -> Effect {
    let change = Change {
        alone: None,
        refusals: Refusals::Passed,
        before: Some(""),
        after: Some(""),
        is_unknown: true,
        siblings: &[],
    };
    of(resource_type, path, &change)
}

struct Change<'c> {
    /// The whole value, when the other side has none.
    alone: Option<&'c Resolved<'c>>,
    refusals: Refusals,
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
    if let Some(refusal) = at.refusal()
        && change.refusals == Refusals::Heeded
        && !change.is_unknown
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
    let update = change
        .alone
        .map_or_else(|| at.update_within(), |value| worst(at, value));
    let impact = match update {
        Update::InPlace => Impact::InPlace,
        Update::MayInterrupt => Impact::MayInterrupt,
        Update::MayReplace => Impact::MayReplace,
        Update::Replaces if change.is_unknown => Impact::MayReplace,
        Update::Replaces => replaces(),
    };
    let doubt = match below.first() {
        Some(Segment::Key(property)) => second::contradicts(resource_type, property, update),
        _ => None,
    };
    Effect {
        doubt,
        ..Effect::of(impact)
    }
}

fn cursor<'p>(resource_type: &str, path: &'p [Segment]) -> SchemaCursor<'p> {
    let mut at = schema::cursor(resource_type);
    let mut steps = path.iter();
    while let Some(step) = steps.next() {
        at = match step {
            // The branches of a conditional value stand where it stands.
            Segment::Key(key) if key == "Fn::If" => {
                steps.next();
                at
            }
            Segment::Key(key) => at.key(key),
            Segment::Item { .. } => at.item(),
        };
    }
    at
}

/// The value at a path of a side; `index` takes its number of an item.
fn value<'b, 'a>(
    body: &'b Body<'a>,
    path: &Path,
    index: fn(Option<usize>, Option<usize>) -> Option<usize>,
) -> Option<&'b Resolved<'a>> {
    path.0
        .iter()
        .try_fold(&body.value, |at, step| match (step, &at.value) {
            (Segment::Key(key), Term::Map(members)) => members
                .iter()
                .find(|member| member.key == key.as_str())
                .map(|member| &member.value),
            (Segment::Item { left, right, .. }, Term::List(items) | Term::Set(items)) => {
                present(items).nth(index(*left, *right)?)
            }
            _ => None,
        })
}

/// The most that a value does which comes or goes with all that is in it, and with nothing else.
fn worst<'v>(at: SchemaCursor<'v>, value: &'v Resolved<'_>) -> Update {
    match &value.value {
        Term::Map(members) => members
            .iter()
            .map(|member| worst(at.key(&member.key), &member.value))
            .fold(at.update(), Update::max),
        Term::List(items) | Term::Set(items) => present(items)
            .map(|item| worst(at.item(), item))
            .fold(at.update(), Update::max),
        Term::Call(_) | Term::Opaque(_) => at.update_within(),
        Term::Null | Term::Absent | Term::Scalar(_) | Term::Pieces(_) => at.update(),
    }
}

/// The numbers of a version; none where it holds anything else.
fn numbers(version: &str) -> Option<Vec<u32>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

/// Whether a refusal applies to this change; what it says of items is read off the path.
fn is_refused(refusal: &known::Refusal, path: &[Segment], change: &Change<'_>) -> bool {
    use known::RefusedWhen::{
        Changed, ChangedInItem, Downgraded, ItemChangedOrRemoved, Lowered, SeveralItems,
    };
    // The first item on the way, and on which sides it is.
    let item = path.iter().find_map(|step| match step {
        Segment::Item { left, right, .. } => Some((left.is_some(), right.is_some())),
        Segment::Key(_) => None,
    });
    let is_item = |step: &Segment| matches!(step, Segment::Item { .. });
    let is_whole_item = path.iter().position(is_item) == path.len().checked_sub(1);
    match refusal.when {
        Changed => true,
        ItemChangedOrRemoved => match item {
            Some((on_left, _)) => on_left,
            // The whole list comes or goes.
            None => change.before.is_some(),
        },
        ChangedInItem => matches!(item, Some((true, true))) && !is_whole_item,
        SeveralItems => {
            let list_length = path.iter().position(is_item).unwrap_or(path.len());
            if let Some(Term::List(items) | Term::Set(items)) = change.alone.map(|list| &list.value)
                && list_length == path.len()
            {
                return present(items).count() > 1;
            }
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
        // Another engine counts its versions anew.
        Downgraded => {
            let version = |text: Option<&str>| text.and_then(numbers);
            let is_engine = |sibling: &PropertyDifference| matches!(sibling.path.0.as_slice(), [_, Segment::Key(key)] if key == "Engine");
            match (version(change.before), version(change.after)) {
                (Some(before), Some(after)) => {
                    let both = before.len().min(after.len());
                    after[..both] < before[..both] && !change.siblings.iter().any(is_engine)
                }
                _ => false,
            }
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
