//! Carrying a promotion out: intent before act, observation after, and finding out what
//! happened when nobody knows.

mod cloudformation;
mod engine;
mod jenkins;
mod live;
mod log;
mod parameters;
mod recall;
mod take_up;
mod verify;

pub use live::{Live, LiveBuild, LiveState};
pub use log::{LogBuffer, LogLine, Severity};
pub use parameters::DEPLOY_PARAMETERS;
pub(crate) use parameters::{COMMIT, ENVIRONMENT, VERSION};

use std::time::Duration;

/// How often a running deployment is looked at.
pub(crate) const POLL: Duration = Duration::from_secs(1);
/// An intent younger than this may still be on its way from another process.
pub(crate) const IN_FLIGHT: jiff::SignedDuration = jiff::SignedDuration::from_secs(30);
