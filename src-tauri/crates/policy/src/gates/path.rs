//! Gates over the way that a promotion takes: from where, and how long it was there.

use super::Told;
use crate::{facts::Facts, length::Length};

/// It comes from the environment before, and is what runs there.
pub(super) fn path(facts: &Facts) -> Told {
    let evidence = &facts.path;
    let (from, to) = (&facts.subject.from, &facts.subject.to);
    let path = match &evidence.value {
        Err(reason) => {
            return Told::unknown(
                format!("what {from} runs cannot be told: {reason}"),
                evidence,
            );
        }
        Ok(path) => path,
    };
    match &path.before {
        None => {
            return Told::fail(format!("nothing comes before {to} on the path"), evidence);
        }
        Some(before) if before != from => {
            return Told::fail(
                format!("it comes from {from}, and not from {before}"),
                evidence,
            );
        }
        Some(_) => {}
    }
    match (&path.runs, &path.promoted) {
        (Some(runs), Some(promoted)) if runs == promoted => {
            Told::pass(format!("{from} runs {runs}"), evidence)
        }
        (Some(runs), Some(promoted)) => Told::fail(
            format!("{from} runs {runs}, and {promoted} is to be promoted"),
            evidence,
        ),
        (None, _) => Told::unknown(format!("what {from} runs is not known"), evidence),
        (_, None) => Told::unknown("what is to be promoted is not known", evidence),
    }
}

/// It ran long enough where it comes from.
pub(super) fn soak(wanted: Length, facts: &Facts) -> Told {
    let evidence = &facts.in_source_since;
    let from = &facts.subject.from;
    match &evidence.value {
        Err(reason) => Told::unknown(
            format!("since when {from} runs it cannot be told: {reason}"),
            evidence,
        ),
        Ok(since) if *since > facts.now => Told::unknown(
            format!("{from} is told to run it since {since}, which is still to come"),
            evidence,
        ),
        Ok(since) => {
            let been = Length::between(*since, facts.now);
            let summary = format!("in {from} for {been}, since {since}; {wanted} is asked for");
            if been >= wanted {
                Told::pass(summary, evidence)
            } else {
                Told::fail(summary, evidence)
            }
        }
    }
}
