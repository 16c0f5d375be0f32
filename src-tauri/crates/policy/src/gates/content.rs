//! Gates over what is promoted: pinned content, and its size.

use super::{Told, counted, declared};
use crate::{
    facts::{Evidence, Facts},
    policy::Without,
};
use interlock_domain::verdict::Outcome;

/// No reference is resolved outside of the template without a version.
pub(super) fn pinned(facts: &Facts, without: Without) -> Option<Told> {
    declared(facts.changes.as_ref(), without, "change set", |_| {
        let evidence = &facts.floating_references;
        let mut floating = match &evidence.value {
            Err(reason) => {
                return Told::unknown(format!("references are not known: {reason}"), evidence);
            }
            Ok(floating) => floating.clone(),
        };
        if floating.is_empty() {
            return Told::pass(
                "no reference is resolved outside of the template without a version",
                evidence,
            );
        }
        floating.sort();
        Told::fail(
            format!("resolved without a version: {}", floating.join(", ")),
            evidence,
        )
    })
}

/// Not too many resources and commits at once.
pub(super) fn size(
    max_resources: Option<u32>,
    max_commits: Option<u32>,
    without: Without,
    facts: &Facts,
) -> Option<Told> {
    let resources = max_resources.and_then(|most| {
        declared(facts.changes.as_ref(), without, "change set", |evidence| {
            count(evidence, "resource", most)
        })
    });
    let commits = max_commits.and_then(|most| {
        declared(facts.commits.as_ref(), without, "repository", |evidence| {
            count(evidence, "commit", most)
        })
    });
    match (resources, commits) {
        (Some(one), Some(other)) => Some(worse(one, other)),
        (one, other) => one.or(other),
    }
}

fn count<T>(evidence: &Evidence<Vec<T>>, what: &str, most: u32) -> Told {
    match &evidence.value {
        Err(reason) => Told::unknown(format!("the {what}s are not known: {reason}"), evidence),
        Ok(list) => {
            let summary = format!("{}, at most {most}", counted(list.len(), what));
            if list.len() <= most as usize {
                Told::pass(summary, evidence)
            } else {
                Told::fail(summary, evidence)
            }
        }
    }
}

/// The worse of two; both are told where they are alike.
fn worse(one: Told, other: Told) -> Told {
    let rank = |told: &Told| match told.outcome {
        Outcome::Fail => 2,
        Outcome::Unknown => 1,
        Outcome::Pass => 0,
    };
    match rank(&one).cmp(&rank(&other)) {
        std::cmp::Ordering::Greater => one,
        std::cmp::Ordering::Less => other,
        std::cmp::Ordering::Equal => Told {
            summary: format!("{}; {}", one.summary, other.summary),
            source: format!("{}; {}", one.source, other.source),
            // The older of both, and none where one is of no age.
            at: one.at.zip(other.at).map(|(one, other)| one.min(other)),
            ..one
        },
    }
}
