//! End-to-end tests: journeys in the real window, by role and name.
//!
//! Each test has a window, a data directory and a practice estate of its own. They prove the wiring;
//! what can fail lower down is tested lower down.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod compare;
mod decisions;
mod drift;
mod focus;
mod frame;
mod gate;
mod keyboard;
mod looks;
mod matrix;
mod promotion;
mod silence;
mod together;
mod trouble;
