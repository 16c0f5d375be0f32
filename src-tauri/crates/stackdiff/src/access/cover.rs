//! Whether a grant lies within the union of others.

use super::address;
use super::extent::{Extent, Item, Values, cells, hardest, missing, present};
use super::glob::{Budget, Exhausted};
use super::grant::{Dimension, Grant, Kind};
use crate::hashed::{HashMap, HashSet};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The answer to a question about sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// Working it out would cost too much.
    Undecided,
}

/// Most grants that are looked at together.
const MOST: usize = 128;

/// Grants by where they stand and who holds them.
#[derive(Debug, Default)]
pub(super) struct Others<'g> {
    all: Vec<&'g Grant>,
    by_name: HashMap<(Kind, &'g str), Vec<usize>>,
    /// Those that stand nowhere in particular.
    anywhere: Vec<usize>,
    /// All of them by what they say.
    by_print: HashMap<u64, Vec<usize>>,
}

impl<'g> Others<'g> {
    /// Takes grants.
    pub(super) fn of(grants: impl IntoIterator<Item = &'g Grant>) -> Self {
        let mut others = Self::default();
        for grant in grants {
            let index = others.all.len();
            others.all.push(grant);
            let alike = others.by_print.entry(grant.print()).or_default();
            alike.push(index);
            let mut has_name = false;
            for name in grant.names() {
                has_name = true;
                let named = others.by_name.entry((grant.kind, name)).or_default();
                named.push(index);
            }
            if !has_name {
                others.anywhere.push(index);
            }
        }
        others
    }

    /// Whether one of them says the same.
    fn has(&self, grant: &Grant) -> bool {
        let alike = self.by_print.get(&grant.print());
        alike.is_some_and(|all| all.iter().any(|index| grant.is_like(self.all[*index])))
    }

    /// Those that can have something in common with a grant.
    fn near(&self, grant: &Grant) -> Vec<&'g Grant> {
        let mut found: BTreeSet<usize> = self.anywhere.iter().copied().collect();
        let mut has_name = false;
        for name in grant.names() {
            has_name = true;
            found.extend(self.by_name.get(&(grant.kind, name)).into_iter().flatten());
        }
        let all = (!has_name).then_some(0..self.all.len());
        found.extend(all.into_iter().flatten());
        let near = found.into_iter().map(|index| self.all[index]);
        near.filter(|other| other.kind == grant.kind).collect()
    }
}

/// Whether a grant lies within the union of others.
pub(super) fn is_covered(grant: &Grant, others: &Others<'_>, budget: &mut Budget) -> Answer {
    if others.has(grant) {
        return Answer::Yes;
    }
    let near = others.near(grant);
    answer(grant, &near, budget).unwrap_or(Answer::Undecided)
}

fn answer(grant: &Grant, others: &[&Grant], budget: &mut Budget) -> Result<Answer, Exhausted> {
    let mut wider = None;
    if !within(grant, others, budget)? {
        let most = at_most(grant);
        match most {
            Some(most) if within(&most, others, budget)? => wider = Some(most),
            _ => return Ok(Answer::No),
        }
    }
    // What is not known may turn out to be what another grant leaves out.
    let mut certain = Vec::new();
    for other in others {
        if !may_leave_out(grant, other, budget)? {
            certain.push(*other);
        }
    }
    let grant = wider.as_ref().unwrap_or(grant);
    if certain.len() == others.len() || within(grant, &certain, budget)? {
        Ok(Answer::Yes)
    } else {
        Ok(Answer::Undecided)
    }
}

/// Whether something that is not known may make another grant leave out a part of this one: it is
/// what this one names, or what the other one makes an exception of.
fn may_leave_out(grant: &Grant, other: &Grant, budget: &mut Budget) -> Result<bool, Exhausted> {
    for (dimension, limits) in &other.extents {
        let own = extents(grant, dimension);
        let is_open = own.iter().any(|extent| !extent.negated && extent.is_open());
        for limit in limits.iter().filter(|limit| limit.negated) {
            // What this one leaves out as well is no matter.
            let is_shared = |item: &&Item| {
                let mut out = own.iter().filter(|extent| extent.negated);
                out.any(|extent| extent.items.contains(item))
            };
            let exceptions = Extent::of(
                limit
                    .items
                    .iter()
                    .filter(|item| (is_open || item.is_open()) && !is_shared(item))
                    .cloned()
                    .collect(),
            );
            if exceptions.items.is_empty() {
                continue;
            }
            let most: Vec<Extent> = own
                .iter()
                .filter(|extent| !extent.negated)
                .map(Extent::at_most)
                .collect();
            let exceptions = exceptions.at_most();
            let found = cells(&most, &[&[exceptions][..]], dimension.values(), budget)?;
            if found.iter().any(|cell| cell[0]) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// A grant with all that its unknown addresses can be; none when it has none.
fn at_most(grant: &Grant) -> Option<Grant> {
    let mut most = grant.clone();
    let mut is_wider = false;
    for extent in most.extents.values_mut().flatten() {
        if extent.negated {
            continue;
        }
        is_wider |= extent.items.iter().any(|item| match item {
            Item::Range(range) => address::at_most(range).is_some(),
            Item::Text(_) => false,
        });
        *extent = extent.at_most_in_numbers();
    }
    is_wider.then_some(most)
}

fn within(grant: &Grant, others: &[&Grant], budget: &mut Budget) -> Result<bool, Exhausted> {
    let mut near = Vec::new();
    for other in others {
        match nearness(grant, other, budget)? {
            Nearness::Holds => return Ok(true),
            Nearness::Meets => near.push(*other),
            Nearness::Apart => {}
        }
    }
    if near.is_empty() {
        return is_empty(grant, budget);
    }
    if near.len() > MOST {
        return Err(Exhausted);
    }
    let mut axes: Vec<Vec<u128>> = Vec::new();
    for dimensions in axes_of(grant, &near) {
        let found = answers(grant, &near, &dimensions, budget)?;
        if found.is_empty() {
            return Ok(true);
        }
        let found = hardest(found, budget)?;
        axes.push(found.iter().map(|cell| mask(cell)).collect());
    }
    let all = mask(&vec![true; near.len()]);
    let mut seen = HashSet::default();
    Ok(every_cell(&axes, 0, all, &mut seen, budget)? || is_empty(grant, budget)?)
}

/// The dimensions that are independent of one another. A key of a condition is there or is not, in
/// whatever way its value is compared.
fn axes_of<'g>(grant: &'g Grant, near: &[&'g Grant]) -> Vec<Vec<&'g Dimension>> {
    let mut all: BTreeSet<&Dimension> =
        near.iter().flat_map(|other| other.extents.keys()).collect();
    let keys: BTreeSet<&str> = all.iter().filter_map(|one| one.single_key()).collect();
    let also = grant
        .extents
        .keys()
        .filter(|dimension| dimension.single_key().is_some_and(|key| keys.contains(key)));
    all.extend(also);
    let mut axes: Vec<Vec<&Dimension>> = Vec::new();
    for dimension in all {
        match axes.last_mut() {
            Some(last)
                if dimension.single_key().is_some()
                    && last[0].single_key() == dimension.single_key() =>
            {
                last.push(dimension);
            }
            _ => axes.push(vec![dimension]),
        }
    }
    axes
}

/// For what a grant takes of some dimensions that share their value, which others hold it.
fn answers(
    grant: &Grant,
    others: &[&Grant],
    dimensions: &[&Dimension],
    budget: &mut Budget,
) -> Result<BTreeSet<Vec<bool>>, Exhausted> {
    let of = |dimension| -> Vec<&[Extent]> {
        let all = others.iter();
        all.map(|other| extents(other, dimension)).collect()
    };
    if let [dimension] = dimensions {
        let own = taken(grant, dimension);
        return cells(&own, &of(dimension), dimension.values(), budget);
    }
    let both = |one: &[bool], other: &[bool]| -> Vec<bool> {
        one.iter().zip(other).map(|(a, b)| *a && *b).collect()
    };
    let mut there = BTreeSet::from([vec![true; others.len()]]);
    let mut gone = Some(vec![true; others.len()]);
    for dimension in dimensions {
        let (own, others) = (taken(grant, dimension), of(dimension));
        let found = present(&own, &others, dimension.values(), budget)?;
        budget.spend(there.len() * found.len())?;
        there = there
            .iter()
            .flat_map(|one| found.iter().map(|other| both(one, other)))
            .collect();
        gone = gone
            .zip(missing(&own, &others))
            .map(|(one, other)| both(&one, &other));
    }
    there.extend(gone);
    Ok(there)
}

fn mask(cell: &[bool]) -> u128 {
    cell.iter()
        .enumerate()
        .filter(|(_, held)| **held)
        .fold(0, |mask, (index, _)| mask | 1 << index)
}

/// Whether every choice of one cell per axis is held by one of the grants left.
fn every_cell(
    axes: &[Vec<u128>],
    from: usize,
    left: u128,
    seen: &mut HashSet<(usize, u128)>,
    budget: &mut Budget,
) -> Result<bool, Exhausted> {
    if left == 0 {
        return Ok(false);
    }
    let Some(axis) = axes.get(from) else {
        return Ok(true);
    };
    if !seen.insert((from, left)) {
        return Ok(true);
    }
    budget.spend(axis.len() + 1)?;
    for cell in axis {
        if !every_cell(axes, from + 1, left & cell, seen, budget)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How one grant lies to another.
enum Nearness {
    /// All of it is within the other.
    Holds,
    /// Some of it may be.
    Meets,
    /// None of it is.
    Apart,
}

fn nearness(grant: &Grant, other: &Grant, budget: &mut Budget) -> Result<Nearness, Exhausted> {
    let mut holds = true;
    for (dimension, limits) in &other.extents {
        let base = extents(grant, dimension);
        if base == limits.as_slice() {
            continue;
        }
        match plainly(base, limits, dimension.values(), budget)? {
            Some(Nearness::Holds) => continue,
            Some(Nearness::Apart) => return Ok(Nearness::Apart),
            Some(Nearness::Meets) => {
                holds = false;
                continue;
            }
            None => {}
        }
        let found = cells(base, &[limits], dimension.values(), budget)?;
        if found.iter().all(|cell| !cell[0]) && !found.is_empty() {
            return Ok(Nearness::Apart);
        }
        holds &= found.iter().all(|cell| cell[0]);
    }
    Ok(if holds {
        Nearness::Holds
    } else {
        Nearness::Meets
    })
}

/// How one extent lies to another, where that is plain without working out sets.
fn plainly(
    base: &[Extent],
    limits: &[Extent],
    values: Values,
    budget: &mut Budget,
) -> Result<Option<Nearness>, Exhausted> {
    let [limit] = limits else {
        return Ok(None);
    };
    match base {
        // Some value is within, and no value at all is not.
        [] if values != Values::Truth
            && !limit.negated
            && !limit.absent
            && !limit.items.is_empty() =>
        {
            Ok(Some(Nearness::Meets))
        }
        [base] if values == Values::One && !base.negated && !base.absent => {
            let (mut some, mut none) = (false, false);
            for item in &base.items {
                let Item::Text(pattern) = item else {
                    return Ok(None);
                };
                budget.spend(1 + limit.items.len())?;
                match limit.plainly_holds(pattern) {
                    Some(true) => some = true,
                    Some(false) => none = true,
                    None => return Ok(None),
                }
            }
            Ok(match (some, none) {
                (true, true) => Some(Nearness::Meets),
                (true, false) => Some(Nearness::Holds),
                (false, true) => Some(Nearness::Apart),
                (false, false) => None,
            })
        }
        _ => Ok(None),
    }
}

/// Whether a grant gives nothing, because its own limits contradict one another.
fn is_empty(grant: &Grant, budget: &mut Budget) -> Result<bool, Exhausted> {
    for dimensions in axes_of(grant, &[grant]) {
        if answers(grant, &[], &dimensions, budget)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a grant takes at most. Something that is not known may turn out to be within another limit
/// of the same kind, so that the two together are not less than the first alone.
fn taken<'g>(grant: &'g Grant, dimension: &Dimension) -> Cow<'g, [Extent]> {
    let all = extents(grant, dimension);
    let is_unknown = |extent: &&Extent| !extent.negated && extent.is_open();
    match all.iter().find(is_unknown) {
        Some(unknown) if all.len() > 1 => {
            let out = all.iter().filter(|extent| extent.negated);
            Cow::Owned(out.chain([unknown]).cloned().collect())
        }
        _ => Cow::Borrowed(all),
    }
}

fn extents<'g>(grant: &'g Grant, dimension: &Dimension) -> &'g [Extent] {
    grant.extents.get(dimension).map_or(&[], Vec::as_slice)
}
