//! Drift: what was changed past CloudFormation, as far as AWS has looked, and how old that is.
//!
//! AWS finds drift only when somebody asks it to look. What nobody looked for is not known, and a
//! look from before the last deployment says nothing of what stands there now.

mod detect;

pub use detect::{DetectionProgress, StackDriftReport};

use interlock_domain::{Timestamp, stack::Stack};

/// What is known of the drift of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DriftKnowledge {
    /// Nobody has let AWS look.
    NeverChecked,
    /// AWS has looked.
    Checked {
        /// Whether it found a difference.
        drifted: bool,
        /// When.
        at: Option<Timestamp>,
        /// Whether the stack was changed since.
        is_older_than_stack: bool,
    },
    /// It was not told, or in words that are not understood.
    NotKnown(String),
}

impl DriftKnowledge {
    /// What a stack says of its last detection.
    pub fn of(stack: &Stack) -> Self {
        let at = stack.drift.checked_at;
        let checked = |drifted| Self::Checked {
            drifted,
            at,
            is_older_than_stack: at.is_some_and(|at| at < stack.changed_at()),
        };
        match stack.drift.status.as_str() {
            "DRIFTED" => checked(true),
            "IN_SYNC" => checked(false),
            "NOT_CHECKED" => Self::NeverChecked,
            "UNKNOWN" => Self::NotKnown("AWS could not find out".to_owned()),
            other => Self::NotKnown(format!("AWS says {other}")),
        }
    }

    /// Whether a detection found differences.
    pub const fn is_drifted(&self) -> bool {
        matches!(self, Self::Checked { drifted: true, .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promotion::tests_support::stack;

    #[test]
    fn what_nobody_looked_for_is_not_in_sync_and_an_old_look_says_so() {
        let mut stack = stack("payments");
        let mut knowledge = |status: &str, checked: Option<&str>, changed: &str| {
            status.clone_into(&mut stack.drift.status);
            stack.drift.checked_at = checked.map(|at| at.parse().unwrap());
            stack.updated_at = Some(changed.parse().unwrap());
            DriftKnowledge::of(&stack)
        };
        let (early, late) = ("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z");
        assert_eq!(
            knowledge("NOT_CHECKED", None, early),
            DriftKnowledge::NeverChecked
        );
        for (status, is_drifted) in [("IN_SYNC", false), ("DRIFTED", true)] {
            for (checked, changed, is_older) in [(early, late, true), (late, early, false)] {
                let found = knowledge(status, Some(checked), changed);
                let DriftKnowledge::Checked {
                    drifted,
                    is_older_than_stack,
                    ..
                } = found
                else {
                    panic!("{found:?}");
                };
                assert_eq!((drifted, is_older_than_stack), (is_drifted, is_older));
            }
        }
        for status in ["UNKNOWN", "", "SOMETHING_NEW"] {
            let found = knowledge(status, Some(late), early);
            assert!(matches!(found, DriftKnowledge::NotKnown(_)), "{status}");
        }
    }
}
