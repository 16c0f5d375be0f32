//! Who breaks: other stacks that read an output which goes or changes.
//!
//! An export that is imported somewhere may neither go nor change: AWS refuses the update, and only
//! while it is carried out. `Fn::GetStackOutput` is the opposite: nobody is asked or told, and the
//! reader keeps the old value until it is updated itself. Which stacks there are, and what their
//! templates say, the caller knows.

use super::{Action, Acts, Analysis, Impact, PropertyImpact, Reason, Replacement, ResourceImpact};
use super::{effect, loss, references};
use crate::compare::{self, Body, Side};
use crate::hashed::HashMap;
use crate::node::{Entry, Map};
use crate::resolve::{Resolved, Resolver, Scope, Term, Truth, same};
use crate::schema;
use crate::template::{Section, Template};
use references::{Reading, Source};
use std::collections::BTreeMap;

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
}

/// Another stack that may read an output.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    /// Its name.
    pub stack: String,
    /// What it is.
    pub side: Side<'a>,
}

/// Another stack that reads an output which goes or changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependent {
    /// The stack that reads.
    pub stack: String,
    /// The output.
    pub output: String,
    /// The export by whose name it is read; none when `Fn::GetStackOutput` reads the output.
    pub export: Option<String>,
    /// What becomes of it.
    pub fate: OutputFate,
    /// Where it is read, as `LogicalId.Property`; empty when the reader's template is not known.
    pub places: Vec<String>,
}

impl Analysis {
    /// Lays another stack beside the change: what it reads of the outputs that go or change.
    pub fn read_by(&mut self, stack: &str, changed: &[ChangedOutput], reader: &Reader<'_>) {
        let region = reader.side.environment.region.as_deref();
        let mut found: BTreeMap<(String, bool), Dependent> = BTreeMap::new();
        for (body_of, reading) in readings(&reader.side) {
            let Some((output, fate, export)) = hit(stack, region, changed, &reading.source) else {
                continue;
            };
            let of_output = (output.to_owned(), export.is_some());
            let dependent = found.entry(of_output).or_insert_with(|| Dependent {
                stack: reader.stack.clone(),
                output: output.to_owned(),
                export: export.map(ToOwned::to_owned),
                fate,
                places: Vec::new(),
            });
            let path = reading.path.to_string();
            let path = path.strip_prefix("Properties.").unwrap_or(&path);
            dependent.places.push(format!("{}.{path}", body_of.name));
            let cause = Reason::Output {
                stack: stack.to_owned(),
                output: output.to_owned(),
            };
            self.reach(&reader.stack, &body_of, &reading, cause);
        }
        self.dependents.extend(found.into_values());
    }

    /// A stack of which it is only known that it imports an export.
    pub fn imported_by(&mut self, changed: &[ChangedOutput], export: &str, stack: &str) {
        let is_known = self
            .dependents
            .iter()
            .any(|known| known.stack == stack && known.export.as_deref() == Some(export));
        let output = changed
            .iter()
            .find_map(|output| match &output.export {
                Some((name, fate)) if name == export => Some((output.output.clone(), *fate)),
                _ => None,
            })
            .filter(|_| !is_known);
        self.dependents
            .extend(output.map(|(output, fate)| Dependent {
                stack: stack.to_owned(),
                output,
                export: Some(export.to_owned()),
                fate,
                places: Vec::new(),
            }));
    }

    fn reach(&mut self, stack: &str, of: &Named, reading: &Reading, cause: Reason) {
        let impact = effect::of_reference(&of.resource_type, &reading.path).impact;
        let property = PropertyImpact {
            path: reading.path.clone(),
            impact,
            acts: Acts::Maybe,
            before: Some(reading.words.clone()),
            after: Some("known after its own deployment".to_owned()),
            unknown: true,
            expected: false,
            causes: vec![cause.clone()],
            left_at: None,
            right_at: Some(reading.at),
        };
        let unknown = format!("{}: {cause}", reading.path);
        let is_same = |one: &&mut ResourceImpact| {
            one.stack.as_deref() == Some(stack) && one.logical_id == of.name
        };
        if let Some(known) = self.effects.iter_mut().find(is_same) {
            known.impact = known.impact.max(impact);
            known.replacement = Some(replacement(known.impact));
            known.properties.push(property);
            known.unknowns.push(unknown);
            if !known.causes.contains(&cause) {
                known.causes.push(cause);
            }
            return;
        }
        self.effects.push(ResourceImpact {
            stack: Some(stack.to_owned()),
            logical_id: of.name.clone(),
            resource_type: of.resource_type.clone(),
            action: Action::Modify,
            replacement: Some(replacement(impact)),
            impact,
            properties: vec![property],
            access: None,
            stateful: schema::known::is_stateful(&of.resource_type),
            data_loss: false,
            notes: Vec::new(),
            causes: vec![cause],
            unknowns: vec![unknown],
            left_at: None,
            right_at: Some(reading.at),
        });
    }
}

/// Whether it would be replaced is only told when its own stack is updated.
const fn replacement(impact: Impact) -> Replacement {
    match impact {
        Impact::MayReplace | Impact::ReplacesCreateFirst | Impact::ReplacesDeleteFirst => {
            Replacement::Conditional
        }
        _ => Replacement::False,
    }
}

/// A resource of a reader.
#[derive(Clone)]
struct Named {
    name: String,
    resource_type: String,
}

/// What a stack reads of others, by resource.
fn readings(side: &Side<'_>) -> Vec<(Named, Reading)> {
    // With the exports known, what is imported would already be worked out.
    let mut side = side.clone();
    side.environment.exports.clear();
    let found = compare::with_scope(&side, |template, scope| {
        let mut resolver = Resolver::new(scope);
        let mut all = Vec::new();
        for entry in entries(template, &Section::Resources) {
            let body = Body::of(&mut resolver, entry);
            if !body.exists() {
                continue;
            }
            let named = Named {
                name: entry.key.clone(),
                resource_type: loss::attribute(&body, "Type").unwrap_or("").to_owned(),
            };
            let read = references::readings(&body).into_iter();
            all.extend(read.map(|reading| (named.clone(), reading)));
        }
        all
    });
    found.unwrap_or_default()
}

/// The output that is read, what becomes of it, and the export by which it is read.
fn hit<'c>(
    stack: &str,
    region: Option<&str>,
    changed: &'c [ChangedOutput],
    source: &Source,
) -> Option<(&'c str, OutputFate, Option<&'c str>)> {
    changed.iter().find_map(|one| match source {
        Source::Export(name) => match &one.export {
            Some((export, fate)) if export == name => {
                Some((one.output.as_str(), *fate, Some(export.as_str())))
            }
            _ => None,
        },
        // A role may lead to another account, where a stack of the same name is another one.
        Source::Output {
            stack: of,
            output,
            region: in_region,
            is_elsewhere: false,
        } if of == stack
            && *output == one.output
            && in_region
                .as_deref()
                .is_none_or(|wanted| Some(wanted) == region) =>
        {
            Some((one.output.as_str(), one.fate?, None))
        }
        Source::Output { .. } => None,
    })
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
    let found = compare::with_scope(left, |template, scope| {
        let before = Outputs::of(template, scope);
        let compared = |after: &Outputs<'_>| -> Vec<ChangedOutput> {
            before
                .0
                .iter()
                .filter_map(|output| output.changed(after, &moved))
                .collect()
        };
        compare::with_scope(right, |template, scope| {
            compared(&Outputs::of(template, scope))
        })
        .unwrap_or_else(|| compared(&Outputs(Vec::new())))
    });
    found.unwrap_or_default()
}

fn entries<'t>(template: &'t Template, section: &Section) -> &'t [Entry] {
    let map = template.section(section).and_then(|node| node.as_map());
    map.map_or(&[][..], Map::entries)
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
        for entry in entries(template, &Section::Outputs) {
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
    fn changed(
        &self,
        after: &Outputs<'_>,
        moved: &HashMap<&str, Replacement>,
    ) -> Option<ChangedOutput> {
        let fate = |other: Option<&Output<'_>>| match other {
            None => Some(OutputFate::Goes),
            Some(other) => self.compared(other, moved),
        };
        let by_name = fate(after.0.iter().find(|other| other.name == self.name));
        let export = self.export.clone().and_then(|name| {
            let other = after
                .0
                .iter()
                .find(|other| other.export.as_ref() == Some(&name));
            Some((name, fate(other)?))
        });
        (by_name.is_some() || export.is_some()).then(|| ChangedOutput {
            output: self.name.to_owned(),
            fate: by_name,
            export,
        })
    }

    fn compared(
        &self,
        other: &Output<'_>,
        moved: &HashMap<&str, Replacement>,
    ) -> Option<OutputFate> {
        let (Some(before), Some(after)) = (&self.value, &other.value) else {
            return Some(OutputFate::MayChange);
        };
        if !same(before, after) {
            let is_known = before.known_text().is_some() && after.known_text().is_some();
            return Some(if is_known {
                OutputFate::Changes
            } else {
                OutputFate::MayChange
            });
        }
        let through = references::within(after)
            .iter()
            .filter_map(|reference| moved.get(reference.target.as_str()).copied())
            .filter(|replacement| *replacement != Replacement::False)
            .map(|replacement| match replacement {
                Replacement::True => OutputFate::Changes,
                _ => OutputFate::MayChange,
            })
            .min();
        through.or((!other.is_decided).then_some(OutputFate::MayChange))
    }
}
