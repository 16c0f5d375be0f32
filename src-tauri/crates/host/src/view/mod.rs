//! From what the core knows to what the user interface shows: words, tones and texts.

pub mod audit;
pub mod cell;
mod change_set;
pub mod commit;
pub mod comparison;
mod dangers;
pub mod diff;
pub mod drift;
pub mod estate;
pub mod freezes;
mod lifted;
mod matrix_cell;
pub mod overview;
mod people;
pub mod promotion;
mod reached;
pub mod run;
pub mod stack;
pub mod variables;

use interlock_contract::{Instant, Tone};
use interlock_domain::{
    Timestamp,
    stack::{StackPhase, StackStatus},
};

/// An instant on the wire.
pub fn instant(at: Timestamp) -> Instant {
    at.to_string()
}

/// Tone of a stack or resource status word.
pub fn status_tone(status: &str) -> Tone {
    match StackStatus(status.to_owned()).phase() {
        StackPhase::Stable => Tone::Ok,
        StackPhase::Moving => Tone::Running,
        StackPhase::RolledBack | StackPhase::Failed => Tone::Bad,
        StackPhase::InReview => Tone::Waiting,
        StackPhase::Deleted => Tone::Neutral,
        StackPhase::Unknown => Tone::Unknown,
    }
}
