//! Connections, and what to do about those that do not work.

use super::head;
use crate::{colour::sign, table::table};
use interlock_contract::{
    Tone,
    connections::{ConnectionView, ConnectionsView},
};
use std::fmt::Write as _;

/// One row a connection, with who we are there and what to do below its result.
pub fn connections(view: &ConnectionsView) -> String {
    let mut rows = vec![head(&["", "CONNECTION", "    TIME", "RESULT"])];
    rows.extend(view.connections.iter().map(row));
    let mut text = table(&rows);
    let count = |tone: Tone| view.connections.iter().filter(|c| c.tone == tone).count();
    let parts: Vec<_> = [
        (count(Tone::Ok), "in order"),
        (count(Tone::Waiting), "to be looked at"),
        (count(Tone::Bad), "failed"),
        (count(Tone::Unknown), "not asked"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let _ = writeln!(text, "\n{}", parts.join(", "));
    text
}

fn row(c: &ConnectionView) -> Vec<String> {
    let mut result = c.message.clone();
    if let Some(identity) = &c.identity {
        let _ = write!(result, "\n{identity}");
    }
    let tried = matches!(c.tone, Tone::Bad | Tone::Waiting);
    if tried && !c.address.is_empty() && !result.contains(&c.address) {
        let _ = write!(result, "\nasked: {}", c.address);
    }
    for hint in &c.hints {
        let _ = write!(result, "\nhint: {hint}");
    }
    let time = match c.tone {
        Tone::Unknown => String::new(),
        _ => format!("{:>5} ms", c.elapsed_ms),
    };
    vec![sign(c.tone).to_owned(), c.name.clone(), time, result]
}
