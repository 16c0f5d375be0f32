//! What a grant takes of one dimension: texts by pattern, or numbers by range.

use super::address;
use super::glob::{Budget, Exhausted, Language, Pattern, plainly_holds, signatures};
use std::collections::BTreeSet;

/// One alternative.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    /// Texts.
    Text(Pattern),
    /// Numbers of one kind from one to another, both included.
    Range(Range),
}

/// Numbers of one kind from one to another, both included.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Range {
    /// Numbers of different kinds are never equal.
    pub(super) kind: u8,
    /// First.
    pub(super) low: u128,
    /// Last.
    pub(super) high: u128,
    /// The words for it.
    pub(super) words: String,
}

impl Item {
    /// Whether it is not known what it is.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Text(pattern) => pattern.is_open(),
            Self::Range(range) => address::at_most(range).is_some(),
        }
    }

    /// The words for it.
    pub(super) fn words(&self) -> &str {
        match self {
            Self::Text(pattern) => &pattern.text,
            Self::Range(range) => &range.words,
        }
    }
}

/// A part of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Extent {
    /// The alternatives.
    pub(super) items: Vec<Item>,
    /// Whether it is everything but these.
    pub(super) negated: bool,
    /// Whether it holds that there is no value at all.
    pub(super) absent: bool,
}

impl Extent {
    /// Any of the items.
    pub(super) fn of(items: Vec<Item>) -> Self {
        Self {
            items,
            negated: false,
            absent: false,
        }
    }

    /// Any of the patterns.
    pub(super) fn texts(patterns: impl IntoIterator<Item = Pattern>) -> Self {
        Self::of(patterns.into_iter().map(Item::Text).collect())
    }

    /// One text.
    pub(super) fn exactly(text: &str) -> Self {
        Self::texts([Pattern::exact(text, false)])
    }

    /// Whether it names something of which a stretch is not known.
    pub(super) fn is_open(&self) -> bool {
        self.items.iter().any(Item::is_open)
    }

    /// The same with everything that its items can be.
    pub(super) fn at_most(&self) -> Self {
        let mut most = self.at_most_in_numbers();
        for item in &mut most.items {
            if let Item::Text(pattern) = item {
                *pattern = pattern.at_most();
            }
        }
        most
    }

    /// The same with every number that its items can be.
    pub(super) fn at_most_in_numbers(&self) -> Self {
        let mut most = self.clone();
        most.items = std::mem::take(&mut most.items)
            .into_iter()
            .flat_map(|item| match &item {
                Item::Range(range) => match address::at_most(range) {
                    Some(ranges) => ranges.into_iter().map(Item::Range).collect(),
                    None => vec![item],
                },
                Item::Text(_) => vec![item],
            })
            .collect();
        most
    }

    /// Whether it holds all that a pattern matches, or nothing of it; none where that is not plain.
    pub(super) fn plainly_holds(&self, pattern: &Pattern) -> Option<bool> {
        if self.items.iter().any(|item| matches!(item, Item::Range(_))) {
            return None;
        }
        plainly_holds(self.texts_of(), self.negated, pattern)
    }

    fn texts_of(&self) -> impl Iterator<Item = &Pattern> + Clone {
        self.items.iter().filter_map(|item| match item {
            Item::Text(pattern) => Some(pattern),
            Item::Range(_) => None,
        })
    }

    fn holds(&self, kind: u8, number: u128) -> bool {
        let found = self.items.iter().any(|item| match item {
            Item::Range(range) => range.kind == kind && (range.low..=range.high).contains(&number),
            Item::Text(_) => false,
        });
        found != self.negated
    }
}

/// How the values of a dimension are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// One value, or none.
    One,
    /// `true` or `false`, or none.
    Truth,
    /// Several values, all of which have to be within.
    All,
}

/// For every value within all of `within`, which of `others` hold it (each being extents that all
/// have to hold): the possible answers, each as one truth per other. None at all when nothing is
/// within.
pub(super) fn cells(
    within: &[Extent],
    others: &[&[Extent]],
    values: Values,
    budget: &mut Budget,
) -> Result<BTreeSet<Vec<bool>>, Exhausted> {
    let mut found = present(within, others, values, budget)?;
    found.extend(missing(within, others));
    if values == Values::All && !found.is_empty() {
        // A set of values is within what holds each of them.
        let each = (0..others.len())
            .map(|index| found.iter().all(|cell: &Vec<bool>| cell[index]))
            .collect();
        return Ok(BTreeSet::from([each, vec![true; others.len()]]));
    }
    Ok(found)
}

/// The answer for no value at all; none when that is not within.
pub(super) fn missing(within: &[Extent], others: &[&[Extent]]) -> Option<Vec<bool>> {
    let holds = |extents: &[Extent]| extents.iter().all(|extent| extent.absent);
    holds(within).then(|| others.iter().map(|extents| holds(extents)).collect())
}

/// The same as [`cells`] for one value.
pub(super) fn present(
    within: &[Extent],
    others: &[&[Extent]],
    values: Values,
    budget: &mut Budget,
) -> Result<BTreeSet<Vec<bool>>, Exhausted> {
    let all = || within.iter().chain(others.iter().copied().flatten());
    let has = |wanted: fn(&Item) -> bool| all().any(|extent| extent.items.iter().any(wanted));
    let has_ranges = has(|item| matches!(item, Item::Range(_)));
    if has_ranges && has(|item| matches!(item, Item::Text(_))) {
        return Err(Exhausted);
    }
    if has_ranges {
        numbers(within, others, budget)
    } else {
        texts(within, others, values, budget)
    }
}

/// The answers that no other one implies: what is covered there is covered everywhere.
pub(super) fn hardest(
    found: BTreeSet<Vec<bool>>,
    budget: &mut Budget,
) -> Result<Vec<Vec<bool>>, Exhausted> {
    let all: Vec<Vec<bool>> = found.into_iter().collect();
    budget.spend(all.len() * all.len())?;
    let implies = |one: &Vec<bool>, other: &Vec<bool>| {
        one != other && one.iter().zip(other).all(|(one, other)| !one || *other)
    };
    Ok(all
        .iter()
        .filter(|cell| !all.iter().any(|other| implies(other, cell)))
        .cloned()
        .collect())
}

fn numbers(
    within: &[Extent],
    others: &[&[Extent]],
    budget: &mut Budget,
) -> Result<BTreeSet<Vec<bool>>, Exhausted> {
    // Membership changes at the bounds of ranges only.
    let mut points = BTreeSet::from([(0, 0), (u8::MAX, 0)]);
    for extent in within.iter().chain(others.iter().copied().flatten()) {
        for item in &extent.items {
            if let Item::Range(range) = item {
                points.insert((range.kind, 0));
                points.insert((range.kind, range.low));
                if let Some(after) = range.high.checked_add(1) {
                    points.insert((range.kind, after));
                }
            }
        }
    }
    let extents = within.len() + others.iter().map(|other| other.len()).sum::<usize>();
    budget.spend(points.len() * (extents + 1))?;
    Ok(points
        .into_iter()
        .filter(|(kind, number)| within.iter().all(|extent| extent.holds(*kind, *number)))
        .map(|(kind, number)| {
            others
                .iter()
                .map(|extents| extents.iter().all(|extent| extent.holds(kind, number)))
                .collect()
        })
        .collect())
}

fn texts(
    within: &[Extent],
    others: &[&[Extent]],
    values: Values,
    budget: &mut Budget,
) -> Result<BTreeSet<Vec<bool>>, Exhausted> {
    let truth = Extent::texts(["true", "false"].map(|text| Pattern::exact(text, false)));
    let base: Vec<(Vec<&Pattern>, bool)> = within
        .iter()
        .chain((values == Values::Truth).then_some(&truth))
        .map(|extent| (patterns(extent), extent.negated))
        .collect();
    let rest: Vec<(Vec<&Pattern>, bool)> = others
        .iter()
        .copied()
        .flatten()
        .map(|extent| (patterns(extent), extent.negated))
        .collect();
    let flat = signatures(&languages(&base), &languages(&rest), budget)?;
    Ok(flat
        .into_iter()
        .map(|held| {
            let mut held = held.into_iter();
            others
                .iter()
                .map(|extents| {
                    let all: Vec<bool> = held.by_ref().take(extents.len()).collect();
                    all.into_iter().all(|one| one)
                })
                .collect()
        })
        .collect())
}

fn patterns(extent: &Extent) -> Vec<&Pattern> {
    extent.texts_of().collect()
}

fn languages<'p>(parts: &'p [(Vec<&'p Pattern>, bool)]) -> Vec<Language<'p>> {
    parts
        .iter()
        .map(|(patterns, negated)| Language {
            patterns,
            negated: *negated,
        })
        .collect()
}
