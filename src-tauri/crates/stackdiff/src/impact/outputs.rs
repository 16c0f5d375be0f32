//! The outputs of a stack that go or change, and what makes them.

use super::carried::{self, Carried};
use super::traced::traced;
use super::{Action, Analysis, Reason, Replacement, references};
use crate::compare::{self, Body, Side};
use crate::hashed::HashMap;
use crate::resolve::{Resolved, Resolver, Scope, Term, Truth, same};
use crate::template::{Section, Template};

/// What becomes of an output, or of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutputFate {
    /// It is there no longer.
    Goes,
    /// It has another value.
    Changes,
    /// It may have another value: that becomes known while the change is carried out.
    MayChange,
}

/// An output that goes or changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedOutput {
    /// Its name in the template.
    pub output: String,
    /// What becomes of it under that name; none when nothing.
    pub fate: Option<OutputFate>,
    /// The name under which it is exported, and what becomes of that export.
    pub export: Option<(String, OutputFate)>,
    /// What makes it change, when that is something beside its own text.
    pub because: Option<Reason>,
}

impl ChangedOutput {
    /// What those that read it say of it.
    pub(super) fn reason(&self, stack: &str) -> Reason {
        let reason = Reason::Output {
            stack: stack.to_owned(),
            output: self.output.clone(),
        };
        match &self.because {
            Some(because) => reason.following(because.clone()),
            None => reason,
        }
    }
}

/// The outputs of the left that go or change, as far as the two templates tell.
pub fn changed_outputs(
    left: &Side<'_>,
    right: &Side<'_>,
    analysis: &Analysis,
) -> Vec<ChangedOutput> {
    let moved: HashMap<&str, Replacement> = analysis
        .resources
        .iter()
        .filter_map(|resource| {
            let replacement = match resource.action {
                Action::Remove => Replacement::True,
                _ => resource.replacement?,
            };
            Some((resource.logical_id.as_str(), replacement))
        })
        .collect();
    let moving = Moving {
        moved,
        carried: &analysis.carried,
    };
    let found = compare::with_scope(left, |template, scope| {
        let before = Outputs::of(template, scope);
        let compared = |after: &Outputs<'_>| -> Vec<ChangedOutput> {
            before
                .0
                .iter()
                .filter_map(|output| output.changed(after, &moving))
                .collect()
        };
        compare::with_scope(right, |template, scope| {
            compared(&Outputs::of(template, scope))
        })
        .unwrap_or_else(|| compared(&Outputs(Vec::new())))
    });
    let mut found = found.unwrap_or_default();
    for because in found.iter_mut().filter_map(|one| one.because.as_mut()) {
        *because = traced(because, &analysis.resources);
    }
    found
}

/// What moves without the text of any output telling.
struct Moving<'m> {
    /// Resources that are, or may be, made anew, or go.
    moved: HashMap<&'m str, Replacement>,
    /// Values from outside.
    carried: &'m [Carried],
}

impl Moving<'_> {
    /// What it does to a value, the worst, and through what.
    fn through(&self, value: &Resolved<'_>) -> Option<(OutputFate, Reason)> {
        let by_resource = references::within(value).into_iter().filter_map(|one| {
            let fate = match self.moved.get(one.target.as_str())? {
                Replacement::False => return None,
                Replacement::True => OutputFate::Changes,
                Replacement::Conditional => OutputFate::MayChange,
            };
            let reason = Reason::Replaced {
                logical_id: one.target,
                attribute: one.attribute,
            };
            Some((fate, reason))
        });
        let from_outside = carried::in_value(value, Vec::new(), self.carried);
        let from_outside = from_outside.into_iter().map(|met| {
            let fate = if met.by.is_sure {
                OutputFate::Changes
            } else {
                OutputFate::MayChange
            };
            (fate, met.by.reason.clone())
        });
        by_resource
            .chain(from_outside)
            .min_by_key(|(fate, _)| *fate)
    }
}

/// The outputs that a side has.
struct Outputs<'a>(Vec<Output<'a>>);

struct Output<'a> {
    name: &'a str,
    value: Option<Resolved<'a>>,
    export: Option<String>,
    is_decided: bool,
}

impl<'a> Outputs<'a> {
    fn of(template: &'a Template, scope: &'a Scope<'a>) -> Self {
        let mut resolver = Resolver::new(scope);
        let mut outputs = Vec::new();
        for entry in template.section_entries(&Section::Outputs) {
            let body = Body::of(&mut resolver, entry);
            if !body.exists() {
                continue;
            }
            let is_decided = !matches!(body.condition, Some((_, Truth::Open, _)));
            let Term::Map(members) = body.value.value else {
                continue;
            };
            let (mut value, mut export) = (None, None);
            for member in members {
                match (member.key.as_ref(), &member.value.value) {
                    ("Value", _) => value = Some(member.value),
                    ("Export", Term::Map(inner)) => {
                        let name = inner.iter().find(|member| member.key == "Name");
                        let name = name.and_then(|name| name.value.known_text());
                        export = name.map(ToOwned::to_owned);
                    }
                    _ => {}
                }
            }
            outputs.push(Output {
                name: &entry.key,
                value,
                export,
                is_decided,
            });
        }
        Self(outputs)
    }
}

impl Output<'_> {
    fn changed(&self, after: &Outputs<'_>, moving: &Moving<'_>) -> Option<ChangedOutput> {
        let fate = |other: Option<&Output<'_>>| match other {
            None => Some((OutputFate::Goes, None)),
            Some(other) => self.compared(other, moving),
        };
        let by_name = fate(after.0.iter().find(|other| other.name == self.name));
        let by_export = self.export.clone().and_then(|name| {
            let other = after
                .0
                .iter()
                .find(|other| other.export.as_ref() == Some(&name));
            Some((name, fate(other)?))
        });
        let because = by_name
            .iter()
            .chain(by_export.iter().map(|(_, fate)| fate))
            .find_map(|(_, because)| because.clone());
        (by_name.is_some() || by_export.is_some()).then(|| ChangedOutput {
            output: self.name.to_owned(),
            fate: by_name.map(|(fate, _)| fate),
            export: by_export.map(|(name, (fate, _))| (name, fate)),
            because,
        })
    }

    fn compared(
        &self,
        other: &Output<'_>,
        moving: &Moving<'_>,
    ) -> Option<(OutputFate, Option<Reason>)> {
        let (Some(before), Some(after)) = (&self.value, &other.value) else {
            return Some((OutputFate::MayChange, None));
        };
        if !same(before, after) {
            let is_known = before.known_text().is_some() && after.known_text().is_some();
            let fate = if is_known {
                OutputFate::Changes
            } else {
                OutputFate::MayChange
            };
            return Some((fate, None));
        }
        let through = moving.through(after);
        let through = through.map(|(fate, because)| (fate, Some(because)));
        through.or((!other.is_decided).then_some((OutputFate::MayChange, None)))
    }
}
