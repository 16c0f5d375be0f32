//! The comparison of what two sides give.
//!
//! A side gives what it allows unless it denies it, and what it denies counts against everything
//! else that may be allowed elsewhere: so more is allowed where less is denied, whatever else a
//! side says.

use super::cover::{Answer, Others, is_covered};
use super::extent::Extent;
use super::glob::Budget;
use super::grant::{Dimension, Grant, Reach};
use super::words::{self, Said};
use super::{AccessChange, AccessVerdict};
use crate::beside::at_once;

/// The work that each direction of a comparison may cost.
const STEPS: usize = 1_500_000;
/// Grants from which the two directions are worked out at the same time.
const WORTH_A_THREAD: usize = 64;

/// Compares what two sides give; `names` says from which resource each thing comes.
pub(super) fn between(before: &Reach, after: &Reach, names: bool) -> AccessChange {
    let gained = || gains(before, after, Said::Denied, names, &mut Budget(STEPS));
    let lost = || gains(after, before, Said::NotDenied, names, &mut Budget(STEPS));
    let is_large = before.allows.len() + after.allows.len() >= WORTH_A_THREAD;
    let (gained, lost) = at_once(is_large, gained, lost);
    let mut removed = lost.allowed;
    removed.extend(gained.denied);
    let mut added = gained.allowed;
    added.extend(lost.denied);
    let is_open = gained.is_undecided || lost.is_undecided || before.unclear != after.unclear;
    let verdict = match (added.is_empty(), removed.is_empty()) {
        _ if is_open => AccessVerdict::Incomparable,
        (true, true) => AccessVerdict::Same,
        (false, true) => AccessVerdict::Broadened,
        (true, false) => AccessVerdict::Narrowed,
        (false, false) => AccessVerdict::Incomparable,
    };
    for list in [&mut added, &mut removed] {
        let mut seen = crate::hashed::HashSet::default();
        list.retain(|words| seen.insert(words.clone()));
    }
    AccessChange {
        verdict,
        added,
        removed,
    }
}

/// What the second side says and the first does not.
struct Gains {
    allowed: Vec<String>,
    denied: Vec<String>,
    is_undecided: bool,
}

fn gains(before: &Reach, after: &Reach, denial: Said, names: bool, budget: &mut Budget) -> Gains {
    let denied_before = Others::of(&before.denies);
    // What the second side denies itself it does not gain.
    let had = Others::of(before.allows.iter().chain(&after.denies));
    let mut gains = Gains {
        allowed: Vec::new(),
        denied: Vec::new(),
        is_undecided: false,
    };
    for (grants, cover, said) in [
        (&after.allows, &had, Said::Allowed),
        (&after.denies, &denied_before, denial),
    ] {
        for grant in grants {
            match is_covered(grant, cover, budget) {
                Answer::Yes => {}
                Answer::Undecided => gains.is_undecided = true,
                Answer::No => {
                    let rest = uncovered(grant, cover, budget);
                    let mut text = words::of(&rest, said);
                    if names && !rest.source.is_empty() {
                        text = format!("{}: {text}", rest.source);
                    }
                    if said == Said::Allowed {
                        gains.allowed.push(text);
                    } else {
                        gains.denied.push(text);
                    }
                }
            }
        }
    }
    gains
}

/// A grant without those alternatives that others cover.
fn uncovered(grant: &Grant, others: &Others<'_>, budget: &mut Budget) -> Grant {
    let mut rest = grant.clone();
    for dimension in [
        Dimension::Action,
        Dimension::Resource,
        Dimension::Principal,
        Dimension::Holder,
        Dimension::Place,
        Dimension::Peer,
    ] {
        let Some([extent]) = rest.extents.get(&dimension).map(Vec::as_slice) else {
            continue;
        };
        if extent.negated || extent.items.len() < 2 {
            continue;
        }
        let extent = extent.clone();
        let mut only = Extent {
            items: Vec::new(),
            ..extent
        };
        let mut kept = Vec::new();
        for item in &extent.items {
            only.items = vec![item.clone()];
            rest.extents.insert(dimension.clone(), vec![only.clone()]);
            if is_covered(&rest, others, budget) != Answer::Yes {
                kept.push(item.clone());
            }
        }
        only.items = if kept.is_empty() { extent.items } else { kept };
        rest.extents.insert(dimension, vec![only]);
    }
    rest
}
