//! Gates over the stacks of both environments.

use super::{Told, counted};
use crate::facts::{Evidence, Facts, StackFact};
use interlock_domain::stack::StackPhase;

pub(super) fn source_stable(facts: &Facts) -> Told {
    stacks(&facts.source_stacks, &facts.subject.from, |phase| {
        phase == StackPhase::Stable
    })
}

pub(super) fn target_ready(facts: &Facts) -> Told {
    stacks(&facts.target_stacks, &facts.subject.to, |phase| {
        matches!(
            phase,
            StackPhase::Stable | StackPhase::RolledBack | StackPhase::InReview
        )
    })
}

fn stacks(
    evidence: &Evidence<Vec<StackFact>>,
    place: &str,
    is_good: impl Fn(StackPhase) -> bool,
) -> Told {
    match &evidence.value {
        Err(reason) => Told::unknown(format!("{place} cannot be read: {reason}"), evidence),
        Ok(stacks) => {
            // The first by name, so that the order in which they were read changes nothing.
            let bad = stacks.iter().filter(|stack| !is_good(stack.phase));
            if let Some(stack) = bad.min_by_key(|stack| &stack.name) {
                let summary = format!("{} is {} in {place}", stack.name, stack.status);
                return Told::fail(summary, evidence);
            }
            let count = counted(stacks.len(), "stack");
            Told::pass(format!("{count} in {place} in order"), evidence)
        }
    }
}
