//! Values from outside of a stack that become known only while the change is carried out: what a
//! parent hands to a nested stack, what nested stacks hand back, and what other stacks give.
//!
//! They are followed like replacements: to every place that holds them, and from there onwards.

use super::change::Change;
use super::references::{self, Source};
use super::{Impact, Reason};
use crate::compare::{Body, Pairs, Path, Segment};
use crate::location::Location;
use crate::resolve::{Influence, Influences, Resolved, Term, Truth};
use std::collections::BTreeMap;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outside {
    /// A parameter, whose value somebody else works out.
    Parameter(String),
    /// An output of a stack that is nested in this one.
    Nested {
        /// Logical id of the nested stack.
        logical_id: String,
        /// The output.
        output: String,
    },
    /// What another stack gives.
    Stack(Source),
}

/// A value that another one takes the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Carried {
    pub(super) from: Outside,
    /// Whether it surely does.
    pub(super) is_sure: bool,
    pub(super) reason: Reason,
}

/// A place that holds such a value.
pub(super) struct Met<'c> {
    pub(super) path: Path,
    /// The value in short words.
    pub(super) words: String,
    pub(super) at: Location,
    pub(super) by: &'c Carried,
    /// What happens through it, where no schema tells.
    pub(super) impact: Option<Impact>,
}

/// Lays such values into the resources that stay and hold them.
pub(super) fn lay<'p>(
    pairs: &'p Pairs<'p>,
    carried: &[Carried],
    changes: &mut BTreeMap<&'p str, Change<'p>>,
) {
    if carried.is_empty() {
        return;
    }
    for pair in &pairs.resources {
        let exists = |body: &Option<Body<'_>>| body.as_ref().is_some_and(Body::exists);
        let (true, Some(body)) = (exists(&pair.left), &pair.right) else {
            continue;
        };
        if !body.exists() {
            continue;
        }
        for met in in_body(body, carried) {
            changes
                .entry(pair.name)
                .or_insert_with(|| Change::carried(pair))
                .comes_from_outside(met);
        }
    }
}

/// The places in a resource.
fn in_body<'c>(body: &Body<'_>, carried: &'c [Carried]) -> Vec<Met<'c>> {
    let mut found = Vec::new();
    if let Term::Map(members) = &body.value.value
        && let Some(properties) = members.iter().find(|member| member.key == "Properties")
    {
        let path = vec![Segment::Key("Properties".to_owned())];
        found = in_value(&properties.value, path, carried);
    }
    if let Some((name, Truth::Open, influences)) = &body.condition
        && let Some(by) = parameter(influences, carried)
    {
        // It may come to be, or go.
        found.push(Met {
            path: Path(vec![Segment::Key("Condition".to_owned())]),
            words: (*name).to_owned(),
            at: body.value.at,
            by,
            impact: Some(Impact::MayReplace),
        });
    }
    found
}

/// The places in a value that stands at `path`.
pub(super) fn in_value<'c>(
    value: &Resolved<'_>,
    mut path: Vec<Segment>,
    carried: &'c [Carried],
) -> Vec<Met<'c>> {
    let (references, readings) = references::searched_in(value, path.clone());
    let by_reference = references.into_iter().filter_map(|reference| {
        let by = carried.iter().find(|one| match &one.from {
            Outside::Nested { logical_id, output } => {
                *logical_id == reference.target
                    && reference.attribute.as_deref().and_then(output_name) == Some(output)
            }
            Outside::Parameter(_) | Outside::Stack(_) => false,
        })?;
        Some(Met {
            path: reference.path,
            words: reference.words,
            at: reference.at,
            by,
            impact: None,
        })
    });
    let by_reading = readings.into_iter().filter_map(|reading| {
        let by = carried
            .iter()
            .find(|one| matches!(&one.from, Outside::Stack(source) if *source == reading.source))?;
        Some(Met {
            path: reading.path,
            words: reading.words,
            at: reading.at,
            by,
            impact: None,
        })
    });
    let mut found: Vec<Met<'c>> = by_reference.chain(by_reading).collect();
    if carried
        .iter()
        .any(|one| matches!(one.from, Outside::Parameter(_)))
    {
        by_parameter(value, &mut path, carried, &mut found);
    }
    found
}

/// `Outputs.Name` as `Fn::GetAtt` asks a nested stack.
fn output_name(attribute: &str) -> Option<&str> {
    attribute.strip_prefix("Outputs.")
}

/// What is not known of a value depends on its parameters, through conditions as well.
fn by_parameter<'c>(
    value: &Resolved<'_>,
    path: &mut Vec<Segment>,
    carried: &'c [Carried],
    found: &mut Vec<Met<'c>>,
) {
    match &value.value {
        Term::Map(members) => {
            for member in members {
                path.push(Segment::Key(member.key.clone().into_owned()));
                by_parameter(&member.value, path, carried, found);
                path.pop();
            }
        }
        Term::List(items) | Term::Set(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Segment::Item {
                    identity: None,
                    left: None,
                    right: Some(index),
                });
                by_parameter(item, path, carried, found);
                path.pop();
            }
        }
        Term::Pieces(_) | Term::Call { .. } | Term::Opaque(_) => {
            if let Some(by) = parameter(&everything(value), carried) {
                found.push(Met {
                    path: Path(path.clone()),
                    words: crate::render::resolved(value),
                    at: value.at,
                    by,
                    impact: None,
                });
            }
        }
        Term::Null | Term::Absent | Term::Scalar(_) => {}
    }
}

/// What a value that is not known depends on, its arguments included.
fn everything<'a>(value: &Resolved<'a>) -> Influences<'a> {
    let own = value.influences.clone();
    match &value.value {
        Term::Call(call) => own.with(&everything(&call.argument)),
        Term::List(items) | Term::Set(items) => items
            .iter()
            .fold(own, |all, item| all.with(&everything(item))),
        Term::Map(members) => members
            .iter()
            .fold(own, |all, member| all.with(&everything(&member.value))),
        _ => own,
    }
}

fn parameter<'c>(influences: &Influences<'_>, carried: &'c [Carried]) -> Option<&'c Carried> {
    carried.iter().find(|one| {
        matches!(&one.from, Outside::Parameter(name)
            if influences.iter().any(|other| other == Influence::Parameter(name)))
    })
}
