//! Promotions: preparing, deciding, and what may be done when.

mod actions;
mod bound;
mod calendar;
mod change_sets;
mod decide;
mod desired;
mod drift;
mod facts;
mod judged;
mod known;
mod lift;
mod look;
mod nested;
mod permission;
mod prepare;
mod reasons;
mod recheck;
mod sources;

pub use actions::{Action, ActionState};
pub use calendar::{Calendar, FreezeAhead, Takes};
pub(crate) use decide::refused;
pub(crate) use desired::{template_error, variables_error};
pub use drift::{DriftLine, SeenDrift};
pub use judged::{Judgement, NestedJudgement, SeenChangeSet};
pub use lift::WaiverOrder;
pub(crate) use lift::is_open;
pub use look::{Look, SeenCommits};
pub use permission::Voice;
pub(crate) use permission::why_not_ask;
pub(crate) use prepare::{scope_of, scope_of_job};

#[cfg(test)]
pub(crate) mod tests_support;

use interlock_domain::Digest;

/// Manifest digest of statements that come before there is a manifest: the digest of nothing.
pub(crate) fn no_manifest() -> Digest {
    Digest::of(b"")
}
