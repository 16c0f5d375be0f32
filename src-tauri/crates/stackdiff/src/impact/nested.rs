//! Nested stacks: what a change to a stack does inside those nested in it, and what they hand back.
//!
//! Each nested stack whose template is known is judged like a stack of its own, with the values that
//! its parent hands to it on both sides. Its outputs that change are handed back to the parent, which
//! is judged again with them, until nothing new comes. Where the templates are, the caller knows.

use super::carried::Carried;
use super::handed::{self, Handed, Values};
use super::inside::{Inside, both_accesses, parameters, row, told, why};
use super::judge::{analyse_carrying, by_danger};
use super::outputs::{ChangedOutput, changed_outputs};
use super::traced::retold;
use super::{Analysis, Impact, Reason};
use crate::compare::Side;
use crate::template::Template;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Stacks that may be nested in one another.
const DEEPEST: usize = 8;
/// Judgements that one change may cost, those of nested stacks included.
const MOST: usize = 400;

/// The templates of the stacks nested in one, by logical id, as far as anything is known of them.
#[derive(Debug, Clone, Default)]
pub struct NestedTemplates(pub BTreeMap<String, NestedTemplate>);

/// The template of a nested stack.
#[derive(Debug, Clone)]
pub enum NestedTemplate {
    /// It was read.
    Read {
        /// The template.
        template: Box<Template>,
        /// As it is written, for who looks it up.
        text: Arc<str>,
        /// Those of the stacks nested in it.
        inside: NestedTemplates,
    },
    /// It could not be read.
    Unread {
        /// Where it is; two sides that lead to one place have one template, whatever it says.
        place: String,
        /// Why not, in words.
        reason: String,
    },
}

/// What happens inside a nested stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NestedImpact {
    /// Logical ids of the stacks that lead to it, itself last.
    pub path: Vec<String>,
    /// Name of its template on the left.
    pub left_file: String,
    /// Name of its template on the right.
    pub right_file: String,
    /// Its outputs that go or change.
    pub outputs: Vec<ChangedOutput>,
    /// The judgement.
    pub analysis: Analysis,
}

impl NestedImpact {
    /// The stack as people name it: the logical ids that lead to it.
    pub fn stack(&self) -> String {
        self.path.join("/")
    }
}

/// Compares two stacks with those nested in them, and judges what the change does to what runs.
pub fn analyse_nested(
    (left, left_nested): (&Side<'_>, &NestedTemplates),
    (right, right_nested): (&Side<'_>, &NestedTemplates),
) -> Analysis {
    let place = Place {
        left,
        right,
        left_nested,
        right_nested,
        path: &[],
        left_over: &Cell::new(MOST),
    };
    place.judge(&[])
}

/// A stack on both sides, with where it is nested.
struct Place<'p> {
    left: &'p Side<'p>,
    right: &'p Side<'p>,
    left_nested: &'p NestedTemplates,
    right_nested: &'p NestedTemplates,
    path: &'p [String],
    /// Judgements that are left.
    left_over: &'p Cell<usize>,
}

impl Place<'_> {
    fn judge(&self, carried: &[Carried]) -> Analysis {
        let mut carried = carried.to_vec();
        loop {
            self.left_over.set(self.left_over.get().saturating_sub(1));
            let (mut analysis, all) = analyse_carrying(self.left, self.right, &carried, handed::of);
            let mut fresh: Vec<Carried> = Vec::new();
            let mut found: Vec<(Handed, Inside)> = Vec::new();
            for one in all {
                let inside = self.inside(&one);
                let back = inside.handed_back(&one.logical_id, &self.name(&one));
                fresh.extend(
                    back.into_iter()
                        .filter(|new| carried.iter().all(|known| known.from != new.from)),
                );
                found.push((one, inside));
            }
            if fresh.is_empty() || self.left_over.get() == 0 {
                if !fresh.is_empty() {
                    let words = "what the nested stacks hand on: there are too many of them";
                    analysis.unread.push(words.to_owned());
                }
                for (one, inside) in found {
                    take(&mut analysis, &one, inside);
                }
                by_danger(&mut analysis.resources);
                return analysis;
            }
            carried.extend(fresh);
        }
    }

    fn name(&self, handed: &Handed) -> String {
        let mut path = self.path.to_vec();
        path.push(handed.logical_id.clone());
        path.join("/")
    }

    /// What happens in a nested stack.
    fn inside(&self, handed: &Handed) -> Inside {
        let left = self.left_nested.0.get(&handed.logical_id);
        let right = self.right_nested.0.get(&handed.logical_id);
        let is_spent = self.path.len() >= DEEPEST || self.left_over.get() == 0;
        match (&handed.left, &handed.right) {
            _ if left.is_none() && right.is_none() => Inside::default(),
            _ if is_spent => Inside::unknown("what is nested so deep is not followed".to_owned()),
            (Some(before), Some(after)) => self.both(handed, (left, before), (right, after)),
            // What is kept, or of which a snapshot is taken, keeps what is in it.
            (Some(_), None) if handed.impact != Some(Impact::Removes) => Inside::default(),
            (Some(before), None) => match left {
                Some(NestedTemplate::Read {
                    template, inside, ..
                }) => {
                    let side = handed.side(template, before, &self.left.environment);
                    let gone = Side {
                        environment: self.right.environment.clone(),
                        ..Side::default()
                    };
                    let nothing = NestedTemplates::default();
                    self.judged(handed, (&side, inside), (&gone, &nothing))
                }
                other => Inside::unknown(format!("what goes with it: {}", why(other))),
            },
            (None, Some(after)) => match right {
                Some(NestedTemplate::Read {
                    template, inside, ..
                }) => {
                    let side = handed.side(template, after, &self.right.environment);
                    let nothing = Side {
                        environment: self.left.environment.clone(),
                        ..Side::default()
                    };
                    let none = NestedTemplates::default();
                    self.judged(handed, (&nothing, &none), (&side, inside))
                }
                other => Inside::unknown(format!("what comes with it: {}", why(other))),
            },
            (None, None) => Inside::default(),
        }
    }

    fn both(
        &self,
        handed: &Handed,
        (left, before): (Option<&NestedTemplate>, &Values),
        (right, after): (Option<&NestedTemplate>, &Values),
    ) -> Inside {
        use NestedTemplate::{Read, Unread};
        let unknown = match (left, right) {
            (Some(Read { .. }), Some(Read { .. })) => None,
            (Some(Unread { place, reason }), Some(Unread { place: other, .. }))
                if place == other =>
            {
                if handed.is_moved {
                    return Inside::unknown(format!("what its other template changes: {reason}"));
                }
                if handed.differs() {
                    return Inside::unknown(format!("what its parameters do in it: {reason}"));
                }
                return Inside::default();
            }
            (Some(Read { .. }), other) => Some(format!("its template after: {}", why(other))),
            (other, _) => Some(format!("its template before: {}", why(other))),
        };
        let (left, right) = match (left, right) {
            (
                Some(Read {
                    template, inside, ..
                }),
                Some(Read {
                    template: other,
                    inside: within,
                    ..
                }),
            ) => ((template, inside), (other, within)),
            // What the parameters do is told by the template that is known.
            (
                Some(Read {
                    template, inside, ..
                }),
                _,
            )
            | (
                _,
                Some(Read {
                    template, inside, ..
                }),
            ) => ((template, inside), (template, inside)),
            _ => {
                return Inside {
                    unknown,
                    ..Inside::default()
                };
            }
        };
        let one = handed.side(left.0, before, &self.left.environment);
        let other = handed.side(right.0, after, &self.right.environment);
        Inside {
            unknown,
            ..self.judged(handed, (&one, left.1), (&other, right.1))
        }
    }

    fn judged(
        &self,
        handed: &Handed,
        (left, left_nested): (&Side<'_>, &NestedTemplates),
        (right, right_nested): (&Side<'_>, &NestedTemplates),
    ) -> Inside {
        let mut path = self.path.to_vec();
        path.push(handed.logical_id.clone());
        let name = path.join("/");
        let place = Place {
            left,
            right,
            left_nested,
            right_nested,
            path: &path,
            left_over: self.left_over,
        };
        let mut analysis = place.judge(&parameters(handed, &name, right));
        let tell = |reason: &Reason| told(reason, handed, &name);
        let below = analysis.nested.iter_mut();
        for resource in below.flat_map(|nested| &mut nested.analysis.resources) {
            retold(resource, tell);
        }
        for resource in &mut analysis.resources {
            retold(resource, tell);
        }
        let outputs = if left.template.is_some() && right.template.is_some() {
            changed_outputs(left, right, &analysis)
        } else {
            Vec::new()
        };
        let file = |side: &Side<'_>| side.template.map(|template| template.file().to_owned());
        Inside {
            found: Some(NestedImpact {
                left_file: file(left).or_else(|| file(right)).unwrap_or_default(),
                right_file: file(right).or_else(|| file(left)).unwrap_or_default(),
                path,
                outputs,
                analysis,
            }),
            ..Inside::default()
        }
    }
}

/// Puts what happens in a nested stack to the judgement of its parent.
fn take(analysis: &mut Analysis, handed: &Handed, inside: Inside) {
    if let Some(row) = row(handed, &inside) {
        let known = analysis
            .resources
            .iter_mut()
            .find(|known| known.logical_id == handed.logical_id);
        match known {
            None => analysis.resources.push(row),
            Some(known) => known.unknowns.extend(inside.unknown),
        }
    }
    let Some(mut found) = inside.found else {
        return;
    };
    let below = std::mem::take(&mut found.analysis.nested);
    analysis.access = both_accesses(
        analysis.access.take(),
        found.analysis.access.as_ref(),
        &handed.logical_id,
    );
    if found.analysis.differs() || !found.analysis.resources.is_empty() {
        analysis.unread.append(&mut found.analysis.unread);
        analysis.nested.push(found);
    }
    analysis.nested.extend(below);
}
