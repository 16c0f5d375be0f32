//! Which revision of each stack stood at a time, and how surely.

use crate::ports::SeenRevision;
use interlock_domain::{Timestamp, stack::Stack};
use std::collections::BTreeMap;

/// Stacks as they were at a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// Stacks that were there, as far as anybody saw.
    pub stacks: Vec<Stack>,
    /// What is not sure.
    pub doubts: Vec<Doubt>,
}

/// A stack of which it is not sure what it was at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Stack name.
    pub stack: String,
    /// What is not sure.
    pub why: Uncertain,
}

impl Doubt {
    /// Whether a revision is shown all the same.
    pub const fn shows_a_revision(&self) -> bool {
        matches!(
            self.why,
            Uncertain::LastSeen(_) | Uncertain::GoneBetween(..)
        )
    }
}

/// Why it is not sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncertain {
    /// It was there, but nobody saw it before it was changed at this time.
    ChangedUnseen(Timestamp),
    /// It was made at this time; whether another of its name stood before nobody saw.
    MadeLater(Timestamp),
    /// The revision that is shown was last seen at this time; it may have changed after.
    LastSeen(Timestamp),
    /// It was last seen at the first time and gone at the second.
    GoneBetween(Timestamp, Timestamp),
}

impl std::fmt::Display for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stack = &self.stack;
        match self.why {
            Uncertain::ChangedUnseen(at) => {
                write!(
                    f,
                    "{stack} was changed at {at}; nobody saw what it was before"
                )
            }
            Uncertain::MadeLater(at) => {
                write!(
                    f,
                    "{stack} was made at {at}; nobody saw what stood there before"
                )
            }
            Uncertain::LastSeen(at) => {
                write!(
                    f,
                    "{stack} was last seen at {at}; it may have changed after that"
                )
            }
            Uncertain::GoneBetween(seen, gone) => write!(
                f,
                "{stack} was last seen at {seen} and was gone at {gone}; when it went is not known"
            ),
        }
    }
}

impl Past {
    /// What stood at a time.
    pub fn of(revisions: &[SeenRevision], at: Timestamp) -> Self {
        let mut by_stack: BTreeMap<&str, Vec<&SeenRevision>> = BTreeMap::new();
        for revision in revisions {
            let stack = revision.stack.id.as_str();
            by_stack.entry(stack).or_default().push(revision);
        }
        let mut past = Self::default();
        // Before anybody looked, stacks may have stood that are gone since.
        let looked = revisions.iter().any(|one| one.first_seen <= at);
        for mut revisions in by_stack.into_values() {
            revisions.sort_by_key(|one| (one.stack.changed_at(), one.first_seen));
            past.take(&revisions, at, looked);
        }
        past.stacks.sort_by(|a, b| a.name.cmp(&b.name));
        past
    }

    /// One stack's revisions, the oldest first.
    fn take(&mut self, revisions: &[&SeenRevision], at: Timestamp, looked: bool) {
        let begun = revisions.partition_point(|one| one.stack.changed_at() <= at);
        let Some(standing) = standing(&revisions[..begun], at) else {
            if let Some(SeenRevision { stack, .. }) = revisions.first() {
                if stack.created_at <= at {
                    self.doubt(stack, Uncertain::ChangedUnseen(stack.changed_at()));
                } else if !looked {
                    self.doubt(stack, Uncertain::MadeLater(stack.created_at));
                }
            }
            return;
        };
        // The stack's last revision that was seen at all says when it was gone.
        let is_last = begun == revisions.len();
        let gone_at = standing.gone_at.filter(|_| is_last);
        if gone_at.is_some_and(|gone| at >= gone) {
            return;
        }
        if at > standing.last_seen {
            self.doubt(
                &standing.stack,
                match gone_at {
                    Some(gone) => Uncertain::GoneBetween(standing.last_seen, gone),
                    None => Uncertain::LastSeen(standing.last_seen),
                },
            );
        }
        self.stacks.push(standing.stack.clone());
    }

    fn doubt(&mut self, stack: &Stack, why: Uncertain) {
        self.doubts.push(Doubt {
            stack: stack.name.to_string(),
            why,
        });
    }
}

/// The newest change that had begun; of its several states the one that was seen by then, or
/// the first that was seen after.
fn standing<'r>(begun: &[&'r SeenRevision], at: Timestamp) -> Option<&'r SeenRevision> {
    let newest = begun.last()?.stack.changed_at();
    let states = || begun.iter().filter(|one| one.stack.changed_at() == newest);
    states()
        .rev()
        .find(|one| one.first_seen <= at)
        .or_else(|| states().next())
        .copied()
}

#[cfg(test)]
mod tests;
