//! Whether a grant lies within the union of others.

use super::address;
use super::extent::{Extent, Item, cells, hardest};
use super::glob::{Budget, Exhausted};
use super::grant::{Dimension, Grant, Kind};
use crate::hashed::{HashMap, HashSet};
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
}

impl<'g> Others<'g> {
    /// Takes grants.
    pub(super) fn of(grants: impl IntoIterator<Item = &'g Grant>) -> Self {
        let mut others = Self::default();
        for grant in grants {
            let index = others.all.len();
            others.all.push(grant);
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
    let near = others.near(grant);
    if near.iter().any(|other| grant.is_like(other)) {
        return Answer::Yes;
    }
    answer(grant, &near, budget).unwrap_or(Answer::Undecided)
}

fn answer(grant: &Grant, others: &[&Grant], budget: &mut Budget) -> Result<Answer, Exhausted> {
    if !within(grant, others, budget)? {
        return Ok(match at_most(grant) {
            Some(most) if within(&most, others, budget)? => Answer::Yes,
            _ => Answer::No,
        });
    }
    // What is not known may turn out to be what another grant leaves out.
    let mut certain = Vec::new();
    for other in others {
        if !may_leave_out(grant, other, budget)? {
            certain.push(*other);
        }
    }
    if certain.len() == others.len() || within(grant, &certain, budget)? {
        Ok(Answer::Yes)
    } else {
        Ok(Answer::Undecided)
    }
}

/// Whether a grant names something unknown that may be among the exceptions of another.
fn may_leave_out(grant: &Grant, other: &Grant, budget: &mut Budget) -> Result<bool, Exhausted> {
    for (dimension, limits) in &other.extents {
        let own = extents(grant, dimension);
        if !own.iter().any(|extent| !extent.negated && extent.is_open()) {
            continue;
        }
        let most: Vec<Extent> = own
            .iter()
            .filter(|extent| !extent.negated)
            .map(Extent::at_most)
            .collect();
        for limit in limits.iter().filter(|limit| limit.negated) {
            let exceptions = Extent {
                negated: false,
                ..limit.at_most()
            };
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
        extent.items = std::mem::take(&mut extent.items)
            .into_iter()
            .flat_map(|item| {
                let wider = match &item {
                    Item::Range(range) => address::at_most(range),
                    Item::Text(_) => None,
                };
                match wider {
                    Some(ranges) => {
                        is_wider = true;
                        ranges.into_iter().map(Item::Range).collect()
                    }
                    None => vec![item],
                }
            })
            .collect();
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
    let dimensions: BTreeSet<&Dimension> =
        near.iter().flat_map(|other| other.extents.keys()).collect();
    let mut axes: Vec<Vec<u128>> = Vec::new();
    for dimension in dimensions {
        let others: Vec<&[_]> = near.iter().map(|other| extents(other, dimension)).collect();
        let found = cells(
            extents(grant, dimension),
            &others,
            dimension.values(),
            budget,
        )?;
        if found.is_empty() {
            return Ok(true);
        }
        let found = hardest(found, budget)?;
        axes.push(found.iter().map(|cell| mask(cell)).collect());
    }
    let all = mask(&vec![true; near.len()]);
    let mut seen = HashSet::default();
    every_cell(&axes, 0, all, &mut seen, budget)
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

/// Whether a grant gives nothing, because its own limits contradict one another.
fn is_empty(grant: &Grant, budget: &mut Budget) -> Result<bool, Exhausted> {
    for (dimension, extents) in &grant.extents {
        if cells(extents, &[], dimension.values(), budget)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn extents<'g>(grant: &'g Grant, dimension: &Dimension) -> &'g [Extent] {
    grant.extents.get(dimension).map_or(&[], Vec::as_slice)
}
