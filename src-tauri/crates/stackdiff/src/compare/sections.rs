//! The sections of two templates, entry by entry.
//!
//! Resources and outputs are compared by what they become on each side; everything else by what
//! the templates say, because a parameter's value changes what a condition gives, not the condition.

use super::causes::{Cause, Judge, Verdict};
use super::difference::{
    EntryDifference, EntryState, ParameterRow, PropertyDifference, RowState, SectionDifference,
};
use super::environment::Translation;
use super::parameters::Parameters;
use super::path::Segment;
use super::side::{EnvironmentFacts, Side};
use super::tree::{Present, Walk};
use crate::beside::at_once;
use crate::hashed::HashSet;
use crate::impact::Acts;
use crate::location::Location;
use crate::node::{Entry, Map, Node};
use crate::normalise;
use crate::resolve::{Influences, Meaning, Member, Resolved, Resolver, Scope, Term, Truth, same};
use crate::template::{Section, Template};
use std::collections::BTreeSet;

/// Compares all sections; what the resources became on each side is handed on as well.
pub(super) fn compare<R>(
    (left, left_parameters): (&Side<'_>, &Parameters),
    (right, right_parameters): (&Side<'_>, &Parameters),
    rows: &[ParameterRow],
    translation: &Translation,
    finish: impl FnOnce(Vec<SectionDifference>, &Pairs<'_>) -> R,
) -> R {
    let plain = Scope::without_values();
    let left_scope = left_parameters.scope(left);
    let right_scope = right_parameters.scope(right);
    let judge = Judge {
        translation,
        rows: Judge::states(rows),
        hidden: left_parameters
            .hidden()
            .chain(right_parameters.hidden())
            .collect(),
        pseudo: differing_pseudo_parameters(&left_scope, &right_scope),
        exports: differing_exports(&left.environment, &right.environment),
        mappings: edited(left.template, right.template, &Section::Mappings),
        conditions: edited(left.template, right.template, &Section::Conditions),
    };
    let mut comparison = Comparison {
        judge: &judge,
        plain: (Resolver::new(&plain), Resolver::new(&plain)),
        valued: (Resolver::new(&left_scope), Resolver::new(&right_scope)),
        pairs: Vec::new(),
    };
    let keys = |template: Option<&Template>| -> Vec<Section> {
        template
            .and_then(|template| template.root().as_map())
            .map_or(&[][..], Map::entries)
            .iter()
            .map(|entry| Section::of_key(&entry.key))
            .collect()
    };
    let sections: BTreeSet<Section> = keys(left.template)
        .into_iter()
        .chain(keys(right.template))
        .collect();
    let sections: Vec<SectionDifference> = sections
        .into_iter()
        .filter_map(|section| {
            let one = left.template.and_then(|template| entry(template, &section));
            let other = right
                .template
                .and_then(|template| entry(template, &section));
            let entries = comparison.section(&section, one, other);
            (!entries.is_empty()).then_some(SectionDifference { section, entries })
        })
        .collect();
    let pairs = Pairs {
        resources: comparison.pairs,
        translation: translation.and(explained(
            rows,
            translation,
            (&left.environment, left_parameters),
            (&right.environment, right_parameters),
        )),
    };
    finish(sections, &pairs)
}

/// The texts on both sides of what the environments explain: parameters and exports.
fn explained(
    rows: &[ParameterRow],
    translation: &Translation,
    (left, left_values): (&EnvironmentFacts, &Parameters),
    (right, right_values): (&EnvironmentFacts, &Parameters),
) -> Vec<(String, String)> {
    let parameters = rows
        .iter()
        .filter(|row| row.state == RowState::Expected)
        .filter_map(|row| Some((left_values.text(&row.key)?, right_values.text(&row.key)?)));
    // `orders-dev-key` of one environment is `orders-prod-key` of the other.
    let exports = left.exports.iter().filter_map(|(name, value)| {
        let found = right.exports.get(name);
        let other = found.or_else(|| right.exports.get(&translation.text_as_right(name)))?;
        Some((value.clone(), other.clone()))
    });
    parameters.chain(exports).collect()
}

fn entry<'a>(template: &'a Template, section: &Section) -> Option<&'a Entry> {
    template.root().as_map()?.entry(section.key())
}

fn differing_pseudo_parameters(left: &Scope<'_>, right: &Scope<'_>) -> HashSet<&'static str> {
    left.pseudo
        .iter()
        .filter(|(name, text)| right.pseudo.get(*name).is_some_and(|other| other != *text))
        .map(|(name, _)| *name)
        .collect()
}

fn differing_exports<'e>(
    left: &'e EnvironmentFacts,
    right: &'e EnvironmentFacts,
) -> HashSet<&'e str> {
    let (one, other) = (&left.exports, &right.exports);
    one.keys()
        .chain(other.keys())
        .filter(|name| one.get(*name) != other.get(*name))
        .map(String::as_str)
        .collect()
}

/// The entries of a section that the two templates say differently.
fn edited<'a>(
    left: Option<&'a Template>,
    right: Option<&'a Template>,
    section: &Section,
) -> HashSet<&'a str> {
    let map = |template: Option<&'a Template>| template?.section(section)?.as_map();
    entries(map(left), map(right))
        .filter(|pair| match pair {
            (Some(one), Some(other)) => !says_the_same(&one.value, &other.value),
            _ => true,
        })
        .filter_map(|(one, other)| one.or(other))
        .map(|entry| entry.key.as_str())
        .collect()
}

fn says_the_same(one: &Node, other: &Node) -> bool {
    let scope = Scope::without_values();
    let mut resolver = Resolver::new(&scope);
    one == other || same(&resolver.resolve(one), &resolver.resolve(other))
}

/// The entries of two mappings by key: those of the right in its order, then the left's others.
fn entries<'a>(
    left: Option<&'a Map>,
    right: Option<&'a Map>,
) -> impl Iterator<Item = (Option<&'a Entry>, Option<&'a Entry>)> {
    let all = |map: Option<&'a Map>| map.map_or(&[][..], Map::entries).iter();
    let on_right =
        all(right).map(move |entry| (left.and_then(|map| map.entry(&entry.key)), Some(entry)));
    let only_left = all(left)
        .filter(move |entry| right.is_none_or(|map| map.entry(&entry.key).is_none()))
        .map(|entry| (Some(entry), None));
    on_right.chain(only_left)
}

struct Comparison<'j, 'c, 'a> {
    judge: &'j Judge<'c>,
    plain: (Resolver<'a>, Resolver<'a>),
    valued: (Resolver<'a>, Resolver<'a>),
    pairs: Vec<Pair<'a>>,
}

/// Entries of a section from which it is compared in two halves at the same time.
const WORTH_A_THREAD: usize = 64;

/// An entry of a section on both sides.
type EntryPair<'a> = (Option<&'a Entry>, Option<&'a Entry>);

/// The resources of both sides by logical id.
pub(crate) struct Pairs<'p> {
    /// Those that the right has in its order, then those that only the left has.
    pub(crate) resources: Vec<Pair<'p>>,
    /// What stands for what between the two environments.
    pub(crate) translation: Translation,
}

/// A logical id on both sides.
pub(crate) struct Pair<'a> {
    pub(crate) name: &'a str,
    /// What it is on the left; none when the template does not have it.
    pub(crate) left: Option<Body<'a>>,
    /// What it is on the right.
    pub(crate) right: Option<Body<'a>>,
    /// Whether CloudFormation acts on it, when it is only written differently.
    pub(crate) respelled: Option<Acts>,
}

impl<'a> Comparison<'_, '_, 'a> {
    fn section(
        &mut self,
        section: &Section,
        left: Option<&'a Entry>,
        right: Option<&'a Entry>,
    ) -> Vec<EntryDifference> {
        let is_mapping =
            |entry: Option<&Entry>| entry.is_none_or(|entry| entry.value.as_map().is_some());
        if *section == Section::Transform || !is_mapping(left) || !is_mapping(right) {
            return self.single(section, left, right).into_iter().collect();
        }
        let map = |entry: Option<&'a Entry>| entry?.value.as_map();
        let pairs: Vec<EntryPair<'a>> = entries(map(left), map(right)).collect();
        if pairs.len() < WORTH_A_THREAD {
            return self.entries(section, &pairs);
        }
        let (first, second) = pairs.split_at(pairs.len() / 2);
        let mut beside = Self {
            judge: self.judge,
            plain: (self.plain.0.anew(), self.plain.1.anew()),
            valued: (self.valued.0.anew(), self.valued.1.anew()),
            pairs: Vec::new(),
        };
        let (mut found, (rest, pairs)) = at_once(
            true,
            || self.entries(section, first),
            || {
                let rest = beside.entries(section, second);
                (rest, beside.pairs)
            },
        );
        found.extend(rest);
        self.pairs.extend(pairs);
        found
    }

    fn entries(&mut self, section: &Section, pairs: &[EntryPair<'a>]) -> Vec<EntryDifference> {
        pairs
            .iter()
            .filter_map(|(one, other)| {
                let mut found = self.entry(section, *one, *other)?;
                if *section == Section::Parameters && (is_secret(*one) || is_secret(*other)) {
                    hide_default(&mut found.properties);
                }
                Some(found)
            })
            .collect()
    }

    /// A section that is one value.
    fn single(
        &mut self,
        section: &Section,
        left: Option<&'a Entry>,
        right: Option<&'a Entry>,
    ) -> Option<EntryDifference> {
        let is_list = *section == Section::Transform;
        let resolved = |resolver: &mut Resolver<'a>, entry: &'a Entry| {
            listed(resolver.resolve(&entry.value), is_list)
        };
        let one = left.map(|entry| resolved(&mut self.plain.0, entry));
        let other = right.map(|entry| resolved(&mut self.plain.1, entry));
        let places = (
            left.map(|entry| entry.key_at),
            right.map(|entry| entry.key_at),
        );
        let mut walk = Walk::new(self.judge);
        let state = match (&one, &other) {
            (Some(one), Some(other)) => {
                walk.compare(one, other);
                None
            }
            (Some(one), None) => {
                walk.given(&[], one, Present::Left, &edit());
                Some(EntryState::Removed)
            }
            (None, Some(other)) => {
                walk.given(&[], other, Present::Right, &edit());
                Some(EntryState::Added)
            }
            (None, None) => None,
        };
        changed(section.key(), None, places, walk.finish()).map(|entry| EntryDifference {
            state: state.unwrap_or(entry.state),
            ..entry
        })
    }

    fn entry(
        &mut self,
        section: &Section,
        left: Option<&'a Entry>,
        right: Option<&'a Entry>,
    ) -> Option<EntryDifference> {
        let name = left.or(right)?.key.as_str();
        let (here, there) = if matches!(section, Section::Resources | Section::Outputs) {
            (&mut self.valued.0, &mut self.valued.1)
        } else {
            (&mut self.plain.0, &mut self.plain.1)
        };
        let mut one = left.map(|entry| Body::of(here, entry));
        let mut other = right.map(|entry| Body::of(there, entry));
        let is_resource = *section == Section::Resources;
        // What CloudFormation itself works out to the same value it does not act on.
        let is_literally_same =
            matches!((&one, &other), (Some(one), Some(other)) if same(&one.value, &other.value));
        if is_resource {
            for body in [&mut one, &mut other].into_iter().flatten() {
                normalise::resource(&mut body.value);
            }
            if let (Some(one), Some(other)) = (&mut one, &mut other) {
                normalise::align(&mut one.value, &mut other.value);
            }
        }
        let places = (
            left.map(|entry| entry.key_at),
            right.map(|entry| entry.key_at),
        );
        let resource_type = resource_type(section, right).or_else(|| resource_type(section, left));
        let exists = |body: &Option<Body<'a>>| body.as_ref().is_some_and(Body::exists);
        let what = (name, resource_type, places);
        let found = match (exists(&one), exists(&other), &mut one, &mut other) {
            (true, true, Some(one), Some(other)) => {
                changed(name, resource_type, places, self.both(one, other))
            }
            (true, false, Some(one), other) => {
                let verdict = self.flipped(Some(one), other.as_ref());
                Some(self.alone(what, one, Present::Left, verdict))
            }
            (false, true, one, Some(other)) => {
                let verdict = self.flipped(one.as_ref(), Some(other));
                Some(self.alone(what, other, Present::Right, verdict))
            }
            _ => None,
        };
        if is_resource {
            self.pairs.push(Pair {
                name,
                left: one,
                right: other,
                respelled: match (left, right, &found) {
                    (Some(left), Some(right), None) if left.value != right.value => {
                        Some(if is_literally_same {
                            Acts::No
                        } else {
                            Acts::Maybe
                        })
                    }
                    _ => None,
                },
            });
        }
        found
    }

    fn both(&self, one: &mut Body<'a>, other: &mut Body<'a>) -> Vec<PropertyDifference> {
        let is_open = |body: &Body<'_>| !body.is_decided();
        let are_open = is_open(one) && is_open(other);
        // A condition that holds on both sides, or asks the same on both, changes nothing, whatever
        // its name.
        let asks_the_same = if are_open {
            one.meaning == other.meaning
        } else {
            !is_open(one) && !is_open(other)
        };
        let mut walk = Walk::new(self.judge);
        if let (true, false, Some(before), Some(after)) =
            (are_open, asks_the_same, &one.condition, &other.condition)
        {
            let verdict = if before.0 == after.0 {
                self.judge.by_influences(&before.2, &after.2)
            } else {
                edit()
            };
            walk.condition((before.0, &one.value), (after.0, &other.value), verdict);
        }
        if asks_the_same || are_open {
            leave_out(&mut one.value, "Condition");
            leave_out(&mut other.value, "Condition");
        }
        walk.compare(&one.value, &other.value);
        walk.finish()
    }

    /// Why an entry exists on one side only: its condition, or an edit.
    fn flipped(&self, one: Option<&Body<'_>>, other: Option<&Body<'_>>) -> Verdict {
        match (
            one.and_then(|body| body.condition.as_ref()),
            other.and_then(|body| body.condition.as_ref()),
        ) {
            (Some((name, _, left)), Some((other_name, _, right))) if name == other_name => {
                self.judge.by_influences(left, right)
            }
            _ => edit(),
        }
    }

    /// An entry that exists on one side only.
    fn alone(
        &self,
        (name, resource_type, places): (&str, Option<&str>, Places),
        body: &Body<'_>,
        present: Present,
        verdict: Verdict,
    ) -> EntryDifference {
        let mut walk = Walk::new(self.judge);
        match &body.value.value {
            Term::Map(members) => {
                for Member { key, value, .. } in members {
                    match (key.as_ref(), &value.value) {
                        ("Type" | "Condition", _) => {}
                        (name, Term::Map(properties)) if name == "Properties" => {
                            for property in properties {
                                let path = [name, property.key.as_ref()];
                                walk.given(&path, &property.value, present, &verdict);
                            }
                        }
                        (name, _) => walk.given(&[name], value, present, &verdict),
                    }
                }
            }
            _ => walk.given(&[], &body.value, present, &verdict),
        }
        let mut properties = walk.finish();
        let is_decided = body.is_decided();
        if !is_decided {
            for property in &mut properties {
                property.unknown = true;
                property.expected = false;
            }
        }
        EntryDifference {
            name: name.to_owned(),
            resource_type: resource_type.map(ToOwned::to_owned),
            state: match present {
                _ if !is_decided => EntryState::Unknown,
                Present::Left => EntryState::Removed,
                Present::Right => EntryState::Added,
            },
            expected: verdict.expected && is_decided,
            causes: verdict.causes,
            left_at: places.0,
            right_at: places.1,
            properties,
        }
    }
}

/// Where an entry stands in the left and the right template.
type Places = (Option<Location>, Option<Location>);

/// One side's entry, resolved.
pub(crate) struct Body<'a> {
    pub(crate) value: Resolved<'a>,
    /// Its condition, whether that holds, and what decided it.
    pub(crate) condition: Option<(&'a str, Truth, Influences<'a>)>,
    /// What its condition comes down to, while that is open.
    meaning: Meaning,
}

impl<'a> Body<'a> {
    /// Resolves an entry.
    pub(crate) fn of(resolver: &mut Resolver<'a>, entry: &'a Entry) -> Self {
        let named = entry.value.as_map().and_then(|map| map.get("Condition"));
        let condition = named
            .and_then(Node::as_text)
            .map(|name| (name, resolver.truth(name)));
        // What stands in it is only of use where it exists.
        let mut value = match &condition {
            Some((_, judged)) => resolver.resolve_under(judged, &entry.value),
            None => resolver.resolve(&entry.value),
        };
        leave_out(&mut value, "DependsOn");
        leave_out_empty_properties(&mut value);
        let meaning = condition.as_ref().map(|(_, judged)| judged.meaning);
        Self {
            value,
            condition: condition.map(|(name, judged)| (name, judged.truth, judged.influences)),
            meaning: meaning.unwrap_or_default(),
        }
    }

    /// Whether the side has it, as far as is known.
    pub(crate) const fn exists(&self) -> bool {
        !matches!(self.condition, Some((_, Truth::Fails, _)))
    }

    /// Whether it is known that the side has it.
    pub(crate) const fn is_decided(&self) -> bool {
        !matches!(self.condition, Some((_, Truth::Open, _)))
    }
}

fn leave_out(value: &mut Resolved<'_>, key: &str) {
    if let Term::Map(members) = &mut value.value {
        members.retain(|member| member.key != key);
    }
}

/// `Properties: {}` says what no `Properties` says.
fn leave_out_empty_properties(value: &mut Resolved<'_>) {
    if let Term::Map(members) = &mut value.value {
        members.retain(|member| {
            let is_empty = matches!(&member.value.value, Term::Map(inner) if inner.is_empty());
            !(member.key == "Properties" && is_empty)
        });
    }
}

/// One transform is a list of one.
fn listed(value: Resolved<'_>, is_list: bool) -> Resolved<'_> {
    if !is_list || matches!(value.value, Term::List(_)) {
        return value;
    }
    Resolved {
        at: value.at,
        origin: value.origin,
        influences: value.influences.clone(),
        value: Term::List(vec![value]),
    }
}

fn resource_type<'a>(section: &Section, entry: Option<&'a Entry>) -> Option<&'a str> {
    let body = (*section == Section::Resources)
        .then(|| entry?.value.as_map())
        .flatten()?;
    body.get("Type")?.as_text()
}

fn is_secret(entry: Option<&Entry>) -> bool {
    entry
        .and_then(|entry| entry.value.as_map()?.get("NoEcho")?.scalar_text())
        .is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// The default of a masked parameter is told to differ, never what it is.
fn hide_default(properties: &mut [PropertyDifference]) {
    for property in properties {
        if property.path.0.first() == Some(&Segment::Key("Default".to_owned())) {
            for text in [&mut property.before, &mut property.after] {
                *text = text.take().map(|_| "****".to_owned());
            }
        }
    }
}

fn edit() -> Verdict {
    Verdict {
        causes: vec![Cause::Edited],
        expected: false,
    }
}

/// The entry of the differences found in it; none when there are none.
fn changed(
    name: &str,
    resource_type: Option<&str>,
    places: Places,
    properties: Vec<PropertyDifference>,
) -> Option<EntryDifference> {
    if properties.is_empty() {
        return None;
    }
    let mut causes: Vec<Cause> = properties
        .iter()
        .flat_map(|property| property.causes.iter().cloned())
        .collect();
    causes.sort();
    causes.dedup();
    let is_unknown = properties.iter().all(|property| property.unknown);
    Some(EntryDifference {
        name: name.to_owned(),
        resource_type: resource_type.map(ToOwned::to_owned),
        state: if is_unknown {
            EntryState::Unknown
        } else {
            EntryState::Changed
        },
        expected: properties.iter().all(|property| property.expected),
        causes,
        left_at: places.0,
        right_at: places.1,
        properties,
    })
}
