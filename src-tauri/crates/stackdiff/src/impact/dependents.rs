//! Who breaks: other stacks that read an output which goes or changes.
//!
//! An export that is imported somewhere may neither go nor change: AWS refuses the update, and only
//! while it is carried out. `Fn::GetStackOutput` is the opposite: nobody is asked or told, and the
//! reader keeps the old value until it is updated itself. What a reader makes of the value may
//! alter its own outputs in turn: those are handed back, for whoever reads them. Which stacks there
//! are, and what their templates say, the caller knows.

use super::carried::{Carried, Outside};
use super::judge::analyse_carrying;
use super::outputs::{ChangedOutput, OutputFate, changed_outputs};
use super::references::{self, Reading, Source};
use super::traced::{retold, traced};
use super::{Analysis, Impact, Reason, Replacement, ResourceImpact};
use crate::compare::{self, Body, Path, Segment, Side};
use crate::resolve::{Resolver, Term};
use crate::template::Section;
use std::collections::BTreeMap;

/// Another stack that may read an output.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    /// Its name.
    pub stack: String,
    /// What it is.
    pub side: Side<'a>,
}

/// Whose outputs are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Giver<'g> {
    /// The stack that changes, or one that is nested in it.
    Changing(&'g str),
    /// A stack that would only change with its own next deployment.
    Later(&'g str),
}

impl<'g> Giver<'g> {
    /// Its name.
    pub const fn name(self) -> &'g str {
        match self {
            Self::Changing(name) | Self::Later(name) => name,
        }
    }

    const fn later(self) -> Option<&'g str> {
        match self {
            Self::Changing(_) => None,
            Self::Later(name) => Some(name),
        }
    }
}

/// Another stack that reads an output which goes or changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependent {
    /// The stack that reads.
    pub stack: String,
    /// The stack whose output it is, when that would only change with its own next deployment; none
    /// for the stack that changes.
    pub later: Option<String>,
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
    ///
    /// Gives the reader's own outputs that may become others through it, once the reader is
    /// deployed the next time.
    pub fn read_by(
        &mut self,
        giver: Giver<'_>,
        changed: &[ChangedOutput],
        reader: &Reader<'_>,
    ) -> Vec<ChangedOutput> {
        // With the exports known, what is imported would already be worked out.
        let mut side = reader.side.clone();
        side.environment.exports.clear();
        let region = side.environment.region.as_deref();
        let mut found: BTreeMap<(String, bool), Dependent> = BTreeMap::new();
        let mut carried: Vec<Carried> = Vec::new();
        for (place, reading) in readings(&side) {
            let hit = hit(giver.name(), region, changed, &reading.source);
            let Some((output, fate, export)) = hit else {
                continue;
            };
            let of_output = (output.output.clone(), export.is_some());
            let dependent = found.entry(of_output).or_insert_with(|| Dependent {
                stack: reader.stack.clone(),
                later: giver.later().map(ToOwned::to_owned),
                output: output.output.clone(),
                export: export.map(ToOwned::to_owned),
                fate,
                places: Vec::new(),
            });
            dependent.places.push(place);
            let from = Outside::Stack(reading.source);
            if carried.iter().all(|known| known.from != from) {
                carried.push(Carried {
                    from,
                    is_sure: false,
                    reason: output.reason(giver.name()),
                });
            }
        }
        if found.is_empty() {
            return Vec::new();
        }
        self.dependents.extend(found.into_values());
        let (inside, ()) = analyse_carrying(&side, &side, &carried, |_, _| ());
        let outputs = changed_outputs(&side, &side, &inside);
        for resource in &inside.resources {
            self.reach(&reader.stack, resource, &inside.resources);
        }
        outputs.into_iter().filter_map(later).collect()
    }

    /// A stack of which it is only known that it imports an export.
    pub fn imported_by(
        &mut self,
        giver: Giver<'_>,
        changed: &[ChangedOutput],
        export: &str,
        stack: &str,
    ) {
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
                later: giver.later().map(ToOwned::to_owned),
                output,
                export: Some(export.to_owned()),
                fate,
                places: Vec::new(),
            }));
    }

    /// Adds a resource of another stack, all of whose changes come from outside.
    fn reach(&mut self, stack: &str, resource: &ResourceImpact, beside: &[ResourceImpact]) {
        let mut effect = resource.clone();
        effect.stack = Some(stack.to_owned());
        effect.access = None;
        retold(&mut effect, |reason| traced(reason, beside));
        effect.properties.retain(|property| {
            let is_told = |reason: &Reason| matches!(reason, Reason::Cause(_));
            !property.causes.iter().all(is_told)
        });
        if effect.properties.is_empty() {
            return;
        }
        for property in &mut effect.properties {
            property.after = Some("known after its own deployment".to_owned());
        }
        effect.unknowns = unknowns(&effect);
        let is_same = |one: &&mut ResourceImpact| {
            one.stack.as_deref() == Some(stack) && one.logical_id == effect.logical_id
        };
        let Some(known) = self.effects.iter_mut().find(is_same) else {
            effect.replacement = Some(replacement(effect.impact));
            self.effects.push(effect);
            return;
        };
        for property in effect.properties {
            match known
                .properties
                .iter_mut()
                .find(|other| other.path == property.path)
            {
                None => known.properties.push(property),
                Some(other) => {
                    let is_new = |cause: &Reason| !other.causes.contains(cause);
                    let new: Vec<Reason> = property.causes.into_iter().filter(is_new).collect();
                    other.causes.extend(new);
                }
            }
        }
        known.causes.extend(effect.causes);
        known.causes.sort();
        known.causes.dedup();
        known.impact = known.impact.max(effect.impact);
        known.replacement = Some(replacement(known.impact));
        known.data_loss |= effect.data_loss;
        known.unknowns = unknowns(known);
    }
}

/// What becomes known of it with its own deployment.
fn unknowns(effect: &ResourceImpact) -> Vec<String> {
    let told = effect.properties.iter().filter_map(|property| {
        let cause = property.causes.first()?;
        Some(format!("{}: {cause}", property.path))
    });
    told.collect()
}

/// An output of a reader: what becomes of it shows with the reader's own deployment only.
fn later(output: ChangedOutput) -> Option<ChangedOutput> {
    output.because.is_some().then(|| ChangedOutput {
        fate: output.fate.map(|_| OutputFate::MayChange),
        export: output.export.map(|(name, _)| (name, OutputFate::MayChange)),
        ..output
    })
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

/// What a stack reads of others, in resources and outputs, with the places.
fn readings(side: &Side<'_>) -> Vec<(String, Reading)> {
    let found = compare::with_scope(side, |template, scope| {
        let mut resolver = Resolver::new(scope);
        let mut all = Vec::new();
        for section in [Section::Resources, Section::Outputs] {
            for entry in template.section_entries(&section) {
                let body = Body::of(&mut resolver, entry);
                if !body.exists() {
                    continue;
                }
                let read = if section == Section::Resources {
                    references::readings(&body)
                } else {
                    of_output(&body)
                };
                all.extend(read.into_iter().map(|reading| {
                    let place = match (&section, within(&reading.path)) {
                        (Section::Outputs, _) => format!("Outputs.{}", entry.key),
                        (_, path) => format!("{}.{path}", entry.key),
                    };
                    (place, reading)
                }));
            }
        }
        all
    });
    found.unwrap_or_default()
}

fn of_output(body: &Body<'_>) -> Vec<Reading> {
    let Term::Map(members) = &body.value.value else {
        return Vec::new();
    };
    let value = members.iter().find(|member| member.key == "Value");
    value.map_or_else(Vec::new, |value| {
        let path = vec![Segment::Key("Value".to_owned())];
        references::searched_in(&value.value, path).1
    })
}

fn within(path: &Path) -> String {
    let path = path.to_string();
    path.strip_prefix("Properties.")
        .map(ToOwned::to_owned)
        .unwrap_or(path)
}

/// The output that is read, what becomes of it, and the export by which it is read.
fn hit<'c>(
    stack: &str,
    region: Option<&str>,
    changed: &'c [ChangedOutput],
    source: &Source,
) -> Option<(&'c ChangedOutput, OutputFate, Option<&'c str>)> {
    changed.iter().find_map(|one| match source {
        Source::Export(name) => match &one.export {
            Some((export, fate)) if export == name => Some((one, *fate, Some(export.as_str()))),
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
            Some((one, one.fate?, None))
        }
        Source::Output { .. } => None,
    })
}
