//! What the core tells the user interface without being asked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Name of the one event channel.
pub const CHANNEL: &str = "interlock-event";

/// Something changed; ask again for the view that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum HostEvent {
    /// A refresh goes on.
    OverviewProgress {
        /// Scopes and sources that answered or failed.
        done: u32,
        /// All of them.
        total: u32,
        /// What was last finished, in words.
        last: String,
    },
    /// AWS looks for drift, or has ended.
    DriftProgress {
        /// Service name.
        service: String,
        /// Environment name.
        environment: String,
        /// Stacks looked at.
        done: u32,
        /// All stacks; 0 while they are not counted.
        total: u32,
        /// The stack that was done last.
        last: Option<String>,
        /// Whether it goes on.
        running: bool,
    },
    /// The matrix has new facts.
    OverviewChanged,
    /// A promotion has a new entry.
    PromotionChanged {
        /// Its id.
        id: String,
    },
    /// A run moved.
    RunChanged {
        /// Promotion id.
        id: String,
    },
    /// I am somebody else now (practice only).
    IdentityChanged,
}
