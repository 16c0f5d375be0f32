//! Properties that open something to more callers.

use super::extent::Extent;
use super::grant::{Dimension, Grant, Kind, Reach};
use super::switch_table::{Switch, TABLE};
use crate::plain::Plain;

/// When a property opens.
#[derive(Debug, Clone, Copy)]
pub(super) enum Open {
    /// When it is true.
    True,
    /// When it is false.
    False,
    /// When it is one of these texts.
    Is(&'static [&'static str]),
    /// When it is there.
    Given,
    /// When it is not there.
    Missing,
}

/// What holds where a property is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absent {
    /// It is closed.
    Closed,
    /// It is open; a new resource gives nothing by that alone.
    Open,
    /// It is open, and whoever makes a new resource without the property opens it.
    Wide,
}

use Open::{False, Given, Is, Missing, True};

fn of_type(resource_type: &str) -> &'static [Switch] {
    TABLE
        .iter()
        .find(|(name, _)| *name == resource_type)
        .map_or(&[], |(_, switches)| switches)
}

/// Whether any property of a type opens something.
pub(super) fn concerns(resource_type: &str) -> bool {
    !of_type(resource_type).is_empty()
}

/// What the switches of a resource open.
pub(super) fn reach(id: &str, resource_type: &str, properties: &Plain) -> Reach {
    let mut reach = Reach::default();
    for switch in of_type(resource_type) {
        let path: Vec<&str> = switch.path.split('/').collect();
        let mut values = Vec::new();
        find(properties, &path, &mut values);
        reach.speaks |= !values.is_empty();
        if values.is_empty() {
            if switch.absent != Absent::Closed {
                let is_standing = switch.absent == Absent::Open;
                reach.speaks |= !is_standing;
                reach
                    .allows
                    .push(grant(id, resource_type, switch, is_standing));
            }
            continue;
        }
        let mut is_open = false;
        for value in values {
            match opens(switch.open, value) {
                Some(opens) => is_open |= opens,
                None => {
                    reach
                        .unclear
                        .insert(format!("{id} {} {value:?}", switch.path));
                }
            }
        }
        if is_open {
            reach.allows.push(grant(id, resource_type, switch, false));
        }
    }
    reach
}

fn grant(id: &str, resource_type: &str, switch: &Switch, is_standing: bool) -> Grant {
    Grant::new(Kind::Switch, id)
        .within(Dimension::Place, Extent::exactly(id))
        .within(Dimension::Proof, Extent::exactly(switch.words))
        .called(switch.words)
        .standing(is_standing || resource_type.ends_with("WebACL"))
}

/// Whether a value opens; none when it is not known.
fn opens(open: Open, value: &Plain) -> Option<bool> {
    let text = || match value {
        Plain::Text(text) if !value.has_unknown() => Some(text.as_str()),
        _ => None,
    };
    match open {
        Given => match value {
            Plain::Unknown(_) => None,
            value => Some(!matches!(value, Plain::Null)),
        },
        Missing => match value {
            Plain::Unknown(_) => None,
            Plain::List(items) => Some(items.is_empty()),
            value => Some(matches!(value, Plain::Null)),
        },
        True => Some(text()?.eq_ignore_ascii_case("true")),
        False => Some(!text()?.eq_ignore_ascii_case("true")),
        Is(texts) => {
            if let Plain::List(items) = value {
                return items
                    .iter()
                    .map(|item| opens(open, item))
                    .try_fold(false, |any, one| Some(any | one?));
            }
            let text = text()?;
            Some(texts.iter().any(|one| one.eq_ignore_ascii_case(text)))
        }
    }
}

/// The values at a path; an unknown value on the way stands for what would be there.
pub(super) fn find<'p>(value: &'p Plain, path: &[&str], found: &mut Vec<&'p Plain>) {
    let Some((step, rest)) = path.split_first() else {
        found.push(value);
        return;
    };
    match value {
        Plain::Unknown(_) => found.push(value),
        value if *step == "*" => {
            for item in value.items() {
                find(item, rest, found);
            }
        }
        value => {
            if let Some(value) = value.get(step) {
                find(value, rest, found);
            }
        }
    }
}
