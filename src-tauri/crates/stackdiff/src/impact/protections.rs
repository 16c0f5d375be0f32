//! Protections that a resource had and has no longer.

use super::loss::attribute;
use crate::compare::Body;
use crate::resolve::{Resolved, Term};
use crate::schema::known::{Guard, protections};

/// The protections that the left has and the right has not, in words.
pub(super) fn removed(resource_type: &str, left: &Body<'_>, right: &Body<'_>) -> Vec<String> {
    let mut gone: Vec<String> = protections(resource_type)
        .filter(|protection| {
            let path: Vec<&str> = protection.path.split('/').collect();
            let protects = |body: &Body<'_>| is_on(protection.guard, &values(body, &path));
            // What is not known to be off is not called removed.
            protects(left) == Some(true) && protects(right) == Some(false)
        })
        .map(|protection| protection.words.to_owned())
        .collect();
    for (key, what) in [
        ("DeletionPolicy", "what keeps it when it leaves the stack"),
        (
            "UpdateReplacePolicy",
            "what keeps the old one when it is replaced",
        ),
    ] {
        let keeps = |body| {
            matches!(
                attribute(body, key),
                Some("Retain" | "RetainExceptOnCreate" | "Snapshot")
            )
        };
        if keeps(left) && !keeps(right) {
            gone.push(format!("{what} ({key})"));
        }
    }
    gone.dedup();
    gone
}

/// Whether values protect; none where that is not known.
fn is_on(guard: Guard, values: &[&Resolved<'_>]) -> Option<bool> {
    let texts: Option<Vec<&str>> = values.iter().map(|value| value.known_text()).collect();
    let is_true = |text: &&str| text.eq_ignore_ascii_case("true");
    Some(match guard {
        Guard::Given => !values.is_empty(),
        Guard::Absent => values.is_empty(),
        Guard::True => texts?.iter().any(is_true),
        Guard::False => !texts?.iter().any(is_true),
        Guard::Is(wanted) => texts?.iter().any(|text| text.eq_ignore_ascii_case(wanted)),
        Guard::IsNot(refused) => {
            let texts = texts?;
            !texts.is_empty() && !texts.iter().any(|text| text.eq_ignore_ascii_case(refused))
        }
        Guard::AboveZero => texts?.iter().all(|text| *text != "0"),
    })
}

/// The values at a path below the properties; `*` stands for every item, `=name` for those whose
/// `Key` is the name.
fn values<'b, 'a>(body: &'b Body<'a>, path: &[&str]) -> Vec<&'b Resolved<'a>> {
    let mut found = member(&body.value, "Properties");
    for step in path {
        found = found
            .into_iter()
            .flat_map(|value| match *step {
                "*" => items(value),
                step => match step.strip_prefix('=') {
                    Some(name) => items(value)
                        .into_iter()
                        .filter(|item| {
                            let key = member(item, "Key");
                            key.iter().any(|key| key.known_text() == Some(name))
                        })
                        .collect(),
                    None => member(value, step),
                },
            })
            .collect();
    }
    found
}

fn member<'b, 'a>(value: &'b Resolved<'a>, key: &str) -> Vec<&'b Resolved<'a>> {
    match &value.value {
        Term::Map(members) => members
            .iter()
            .filter(|member| member.key == key && !member.value.is_absent())
            .map(|member| &member.value)
            .collect(),
        _ => Vec::new(),
    }
}

fn items<'b, 'a>(value: &'b Resolved<'a>) -> Vec<&'b Resolved<'a>> {
    match &value.value {
        Term::List(items) | Term::Set(items) => {
            items.iter().filter(|item| !item.is_absent()).collect()
        }
        _ => Vec::new(),
    }
}
