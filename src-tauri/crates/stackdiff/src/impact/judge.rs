//! What happens to each resource: its own changes first, then what it is carried along with.

use super::carried::{self, Carried};
use super::change::Change;
use super::references::{self, Reference};
use super::{Analysis, Impact, Note, Replacement, ResourceImpact, Respelling, moves, reach};
use crate::beside::at_once;
use crate::compare::{self, Body, EntryDifference, Pair, Pairs, RowState, Side, StackDifference};
use crate::hashed::{HashMap, HashSet};
use crate::schema::known;
use crate::template::Section;
use std::collections::BTreeMap;

/// Resources from which a thread is worth its start.
const WORTH_A_THREAD: usize = 64;

type Changes<'p> = BTreeMap<&'p str, Change<'p>>;

/// Compares two stacks and judges what the change does to what runs.
pub fn analyse(left: &Side<'_>, right: &Side<'_>) -> Analysis {
    analyse_carrying(left, right, &[], |_, _| ()).0
}

/// The same with values from outside that become known while the change is carried out; hands the
/// resources of both sides on with the judgement.
pub(super) fn analyse_carrying<R>(
    left: &Side<'_>,
    right: &Side<'_>,
    carried: &[Carried],
    then: impl FnOnce(&Analysis, &Pairs<'_>) -> R,
) -> (Analysis, R) {
    compare::compare_with(left, right, |difference, pairs| {
        let analysis = judge(difference, pairs, carried);
        let more = then(&analysis, pairs);
        (analysis, more)
    })
}

fn judge(difference: StackDifference, pairs: &Pairs<'_>, carried: &[Carried]) -> Analysis {
    let (mut resources, access) = {
        let entries: HashMap<&str, &EntryDifference> = difference
            .entries()
            .filter(|(section, _)| **section == Section::Resources)
            .map(|(_, entry)| (entry.name.as_str(), entry))
            .collect();
        let mut changes: Changes<'_> = pairs
            .resources
            .iter()
            .filter_map(|pair| Some((pair.name, Change::of(pair, entries.get(pair.name)?))))
            .collect();
        by_macros(pairs, &difference, &mut changes);
        carried::lay(pairs, carried, &mut changes);
        let references = References::of(pairs, &changes);
        carry_along(&references, &mut changes);
        let question = reach::Question::of(pairs, changes.values());
        reach::beside(question, || {
            let mut resources: Vec<ResourceImpact> = changes.values().map(Change::judged).collect();
            moves::note(pairs, &mut resources);
            note_readers(&references, &mut resources);
            resources
        })
    };
    by_danger(&mut resources);
    Analysis {
        respelled: respelled(pairs, &resources),
        difference,
        resources,
        effects: Vec::new(),
        dependents: Vec::new(),
        unread: Vec::new(),
        access,
        nested: Vec::new(),
        carried: carried.to_vec(),
    }
}

/// The most dangerous first.
pub(super) fn by_danger(resources: &mut [ResourceImpact]) {
    resources.sort_by(|one, other| {
        let danger = |resource: &ResourceImpact| (resource.data_loss, resource.impact);
        danger(other)
            .cmp(&danger(one))
            .then_with(|| one.logical_id.cmp(&other.logical_id))
    });
}

/// Macros are given the values of all parameters: where one differs, their answer may.
fn by_macros<'p>(pairs: &'p Pairs<'p>, difference: &StackDifference, changes: &mut Changes<'p>) {
    let is_same = |state: RowState| matches!(state, RowState::Same | RowState::Unknown);
    if difference.parameters.iter().all(|row| is_same(row.state)) {
        return;
    }
    for pair in &pairs.resources {
        if let Some(body) = stays(pair) {
            for (path, name, words, at) in references::macros(body) {
                changes
                    .entry(pair.name)
                    .or_insert_with(|| Change::carried(pair))
                    .by_macro(path, &name, words, at);
            }
        }
    }
}

/// What the resources that stay refer to; nothing when none changes.
struct References<'p>(Vec<(&'p Pair<'p>, Reference)>);

impl<'p> References<'p> {
    fn of(pairs: &'p Pairs<'p>, changes: &Changes<'_>) -> Self {
        if changes.is_empty() {
            return Self(Vec::new());
        }
        let of = |pairs: &'p [Pair<'p>]| -> Vec<(&'p Pair<'p>, Reference)> {
            let made = pairs.iter().filter_map(|pair| Some((pair, stays(pair)?)));
            made.flat_map(|(pair, body)| {
                let all = references::of(body).into_iter();
                all.map(move |reference| (pair, reference))
            })
            .collect()
        };
        let (some, rest) = pairs.resources.split_at(pairs.resources.len() / 2);
        let is_large = pairs.resources.len() >= WORTH_A_THREAD;
        let (mut all, more) = at_once(is_large, || of(some), || of(rest));
        all.extend(more);
        Self(all)
    }
}

/// Follows replacements to the resources that refer to what is replaced.
fn carry_along<'p>(references: &References<'p>, changes: &mut Changes<'p>) {
    let mut waiting: Vec<(&str, Replacement)> = changes
        .iter()
        .filter_map(|(name, change)| Some((*name, replaced(change)?)))
        .collect();
    if waiting.is_empty() {
        return;
    }
    let mut readers: HashMap<&str, Vec<(&'p Pair<'p>, &Reference)>> = HashMap::default();
    for (pair, reference) in &references.0 {
        let of_target = readers.entry(&reference.target).or_default();
        of_target.push((*pair, reference));
    }
    while let Some((name, source)) = waiting.pop() {
        for (pair, reference) in readers.get(name).map_or(&[][..], Vec::as_slice) {
            let change = changes
                .entry(pair.name)
                .or_insert_with(|| Change::carried(pair));
            let before = replaced(change);
            change.carry(reference, source);
            let after = replaced(change);
            if before != after
                && let Some(after) = after
            {
                waiting.push((pair.name, after));
            }
        }
    }
}

fn replaced(change: &Change<'_>) -> Option<Replacement> {
    change
        .replacement()
        .filter(|replacement| *replacement != Replacement::False)
}

/// What a resource is on the right, when it is on both sides.
fn stays<'p>(pair: &'p Pair<'p>) -> Option<&'p Body<'p>> {
    let exists = |body: &'p Option<Body<'p>>| body.as_ref().filter(|body| body.exists());
    exists(&pair.left)?;
    exists(&pair.right)
}

/// Notes who reads an attribute that changes in place: AWS tells only while it deploys.
fn note_readers(references: &References<'_>, resources: &mut [ResourceImpact]) {
    let in_place = |resource: &ResourceImpact| {
        matches!(
            resource.impact,
            Impact::InPlace | Impact::MayInterrupt | Impact::MayReplace
        )
    };
    if !resources.iter().any(in_place) {
        return;
    }
    let places: HashMap<String, usize> = resources
        .iter()
        .enumerate()
        .filter(|(_, resource)| in_place(resource))
        .map(|(index, resource)| (resource.logical_id.clone(), index))
        .collect();
    for (pair, reference) in &references.0 {
        let (Some(index), Some(attribute)) = (places.get(&reference.target), &reference.attribute)
        else {
            continue;
        };
        let name = attribute.split('.').next().unwrap_or(attribute);
        let changes = resources[*index].properties.iter().any(|property| {
            matches!(property.path.0.get(1), Some(compare::Segment::Key(key)) if key == name)
        }) || answers_anew(&resources[*index].resource_type);
        let note = Note::ReadBy {
            logical_id: pair.name.to_owned(),
            attribute: attribute.clone(),
        };
        if changes && !resources[*index].notes.contains(&note) {
            resources[*index].notes.push(note);
        }
    }
}

/// Whether the attributes of a type are answers to its properties: outputs of a nested stack, what
/// the function of a custom resource returns.
fn answers_anew(resource_type: &str) -> bool {
    resource_type == "AWS::CloudFormation::Stack" || known::is_custom(resource_type)
}

/// What was written differently, means the same, and is not otherwise listed.
fn respelled(pairs: &Pairs<'_>, resources: &[ResourceImpact]) -> Vec<Respelling> {
    let listed: HashSet<&str> = resources
        .iter()
        .map(|resource| resource.logical_id.as_str())
        .collect();
    pairs
        .resources
        .iter()
        .filter(|pair| !listed.contains(pair.name))
        .filter_map(|pair| {
            Some(Respelling {
                logical_id: pair.name.to_owned(),
                acts: pair.respelled?,
            })
        })
        .collect()
}
