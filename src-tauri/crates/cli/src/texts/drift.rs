//! Drift as lines: one a stack, and under it one a property that differs.

use super::{time, values};
use crate::colour::sign;
use interlock_contract::drift::{DriftKnownView, DriftReportView};
use std::fmt::Write as _;

/// What is known of every stack.
pub fn report(view: &DriftReportView) -> String {
    let mut text = String::new();
    for stack in &view.stacks {
        let _ = writeln!(
            text,
            "{} {}  {} {}: {}",
            sign(stack.known.tone),
            stack.known.stack,
            stack.account,
            stack.known.region,
            known(&stack.known)
        );
        for resource in &stack.resources {
            let path = resource.path.as_deref().unwrap_or("is gone");
            let _ = writeln!(text, "    {} {path}", resource.logical_id);
            if resource.path.is_some() {
                values::lines(
                    &mut text,
                    "        ",
                    resource.expected.as_deref(),
                    resource.actual.as_deref(),
                );
            }
        }
    }
    text
}

/// Whether a stack has drifted, and when AWS looked.
pub fn known(known: &DriftKnownView) -> String {
    match &known.at {
        Some(at) => format!("{} (AWS looked at {})", known.words, time(at)),
        None => known.words.clone(),
    }
}
