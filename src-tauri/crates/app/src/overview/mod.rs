//! The overview: what runs where, how fresh that is, and what may be promoted.

mod matrix;
mod refresh;
mod snapshot;

pub use matrix::{Cell, Condition, GateMark, Matrix, Promotability, Row};
pub(crate) use matrix::{Placed, open_promotion};
pub(crate) use refresh::COMMITS;
pub use snapshot::{BuildState, ProjectQuality, ScopeState, Snapshot, Told};
