//! Promotions: preparing, deciding, and what may be done when.

mod actions;
mod change_sets;
mod decide;
mod desired;
mod drift;
mod facts;
mod judged;
mod known;
mod look;
mod nested;
mod prepare;
mod recheck;

pub(crate) use actions::may_run;
pub use actions::{Action, ActionState, actions};
pub(crate) use decide::refused;
pub(crate) use desired::{template_error, variables_error};
pub use drift::{DriftLine, SeenDrift};
pub use judged::{Judgement, NestedJudgement, SeenChangeSet};
pub use look::Look;
pub(crate) use prepare::scope_of;

#[cfg(test)]
pub(crate) mod tests_support;

use interlock_domain::Digest;

/// Manifest digest of statements that come before there is a manifest: the digest of nothing.
pub(crate) fn no_manifest() -> Digest {
    Digest::of(b"")
}
