//! What the page is opened with: the last known state, before it has asked for anything.

use crate::estate::EstateView;
use crate::overview::OverviewView;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Name of the page's global value that holds the first look.
pub const FIRST_LOOK: &str = "__INTERLOCK_FIRST_LOOK__";

/// The views that the first screen shows, as they were when the window was made.
///
/// They are what `estate_view` and `overview_view` answer. The page paints them and asks again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FirstLook {
    /// What the estate file says.
    pub estate: EstateView,
    /// The matrix as last known.
    pub overview: OverviewView,
}
