//! A run's steps and its log.

use super::time;
use crate::{
    colour::{paint, sign},
    table::table,
};
use interlock_contract::run::{LogLineView, RunView};
use std::fmt::Write as _;

/// A run's result.
pub fn run(view: &RunView) -> String {
    let mut text = format!("\n{} {}\n", sign(view.tone), paint(&view.state, view.tone));
    let rows: Vec<_> = view
        .steps
        .iter()
        .map(|step| {
            vec![
                format!("  {} {}", sign(step.tone), step.state),
                format!("{}{}", "  ".repeat(step.depth as usize), step.name),
                step.detail.clone().unwrap_or_default(),
            ]
        })
        .collect();
    text.push_str(&table(&rows));
    if let Some(error) = &view.first_error {
        let _ = writeln!(text, "first error: {error}");
    }
    text
}

/// One log line.
pub fn log_line(line: &LogLineView) -> String {
    match &line.at {
        Some(at) => format!("{} {}", time(at), paint(&line.text, line.tone)),
        None => paint(&line.text, line.tone),
    }
}
