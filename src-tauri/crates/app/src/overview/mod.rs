//! The overview: what runs where, how fresh that is, and what may be promoted.

mod claims;
mod condition;
mod matrix;
mod promotable;
mod refresh;
mod snapshot;

pub(crate) use claims::Placed;
pub use matrix::{Cell, Condition, GateMark, Matrix, Promotability, Row};
pub(crate) use promotable::open_promotion;
pub(crate) use refresh::COMMITS;
pub use snapshot::{BuildState, ProjectQuality, ScopeState, Snapshot, Told};
