//! Why an operation fails: what its events say, and the words in a property that ask for it.

use crate::aws::plan::{Action, Plan};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Returns the reason that the stack gives.
pub(super) fn failure_reason(plan: &Plan, failed: &BTreeSet<String>, is_cancelled: bool) -> String {
    if is_cancelled {
        return "User Initiated".to_owned();
    }
    let of = |wanted_create: bool| -> Vec<&str> {
        plan.resources
            .iter()
            .filter(|p| (p.action == Action::Create) == wanted_create)
            .map(|p| p.resource.logical_id.as_str())
            .filter(|id| failed.contains(*id))
            .collect()
    };
    let mut text = String::new();
    for (ids, verb) in [(of(true), "create"), (of(false), "update")] {
        if !ids.is_empty() {
            let _ = write!(
                text,
                "The following resource(s) failed to {verb}: [{}]. ",
                ids.join(", ")
            );
        }
    }
    text
}

/// Returns the text of a property that asks for a failure, with the reason that follows the magic words.
///
/// Any text of a resource's properties that contains `practice:fail` makes the resource fail; what follows the words is
/// the reason.
pub fn asked_failure(properties: &Value) -> Option<String> {
    match properties {
        Value::String(text) => text.split_once("practice:fail").map(|(_, rest)| {
            let reason = rest.trim_matches(|c: char| c == ':' || c.is_whitespace());
            if reason.is_empty() {
                "The practice estate was asked to fail here".to_owned()
            } else {
                reason.to_owned()
            }
        }),
        Value::Array(items) => items.iter().find_map(asked_failure),
        Value::Object(map) => map.values().find_map(asked_failure),
        _ => None,
    }
}
