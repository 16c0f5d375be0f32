//! Drift-aware change sets: they start from what is live instead of what was deployed last, and put
//! it back.
//!
//! As the documentation says it; nobody has published a recording of one.

use super::changes::{Detail, DriftOfDetail, ResourceChange, pointer_of};
use super::drift::{as_changed, find};
use super::model::{Deployment, Resource, Stack};
use super::template::evaluate::text_of;
use jiff::Timestamp;
use serde_json::Value;

/// What `DeploymentMode` may say.
pub const REVERT_DRIFT: &str = "REVERT_DRIFT";

impl Stack {
    /// What is deployed, with what was changed by hand in it; what is gone is left out.
    pub(super) fn as_found(&self) -> Deployment {
        let mut found = self.live.clone();
        found.resources = self
            .live
            .resources
            .iter()
            .filter(|resource| !resource.is_deleted())
            .filter_map(|resource| {
                let change = |properties| as_changed(self, resource, properties);
                Some(Resource {
                    properties: change(&resource.properties)?,
                    shown: resource.shown.as_ref().and_then(change),
                    ..resource.clone()
                })
            })
            .collect();
        found
    }

    /// Says of each row what was deployed and what is live, and of each resource whether it
    /// drifted.
    pub(super) fn tell_drift(&self, changes: &mut [ResourceChange], at: Timestamp) {
        let drifts = find(self);
        for change in changes {
            let drift = drifts
                .iter()
                .find(|drift| drift.logical_id == change.logical_id);
            let Some(drift) = drift else { continue };
            change.drift_status = Some(drift.status.clone());
            change.previous_context = (drift.status != "NOT_CHECKED").then(|| {
                let properties = drift.expected.clone();
                Value::Object(
                    [("Properties".to_owned(), properties)]
                        .into_iter()
                        .collect(),
                )
                .to_string()
            });
            for row in &mut change.details {
                tell(row, &drift.expected, &drift.actual, at);
            }
        }
    }

    /// AWS's word for the drift of the whole stack.
    pub(super) fn drift_word(&self) -> &'static str {
        let differs = |status: &str| matches!(status, "MODIFIED" | "DELETED");
        if find(self).iter().any(|drift| differs(&drift.status)) {
            "DRIFTED"
        } else {
            "IN_SYNC"
        }
    }
}

fn tell(row: &mut Detail, expected: &Value, live: &Value, at: Timestamp) {
    let Some(path) = row.path.as_deref().and_then(pointer_of) else {
        return;
    };
    let (was, is) = (expected.pointer(path), live.pointer(path));
    if was == is {
        return;
    }
    // Nobody edited it: the template says what it said, and something else is live.
    if was.map(text_of) == row.after && row.cause.is_none() {
        "NoModification".clone_into(&mut row.source);
    }
    row.drift = Some(DriftOfDetail {
        previous: was.map(text_of),
        actual: is.map(text_of),
        at,
    });
}
