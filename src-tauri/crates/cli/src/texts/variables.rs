//! The variables of a service: one row a key, one column an environment.

use super::head;
use crate::{colour::paint, table::table};
use interlock_contract::{
    Tone,
    comparison::VariableState,
    variables::{
        VariableCellKind, VariableCellView, VariableRowView, VariableTroubleName, VariablesView,
    },
};
use std::fmt::Write as _;

/// Every row that needs a look; with `all` the others too.
pub fn variables(view: &VariablesView, all: bool) -> String {
    let is_calm = |row: &VariableRowView| {
        row.trouble.is_none() && matches!(row.state, VariableState::Same | VariableState::Expected)
    };
    let mut names = vec!["STACK", "KEY"];
    let environments: Vec<String> = view.environments.iter().map(|e| e.to_uppercase()).collect();
    names.extend(environments.iter().map(String::as_str));
    names.push("STATE");
    let mut rows = vec![head(&names)];
    let shown = view.rows.iter().filter(|row| all || !is_calm(row));
    rows.extend(shown.map(|row| {
        let mut line = vec![row.stack.clone(), row.key.clone()];
        line.extend(row.cells.iter().map(cell));
        line.push(state(row));
        line
    }));
    let mut text = String::new();
    for doubt in &view.doubts {
        let _ = writeln!(text, "{}", paint(&format!("! {doubt}"), Tone::Waiting));
    }
    if view.rows.is_empty() {
        text.push_str("no stack of this service has a variable\n");
        return text;
    }
    if rows.len() > 1 {
        text.push_str(&table(&rows));
    }
    let calm = view.rows.iter().filter(|row| is_calm(row)).count();
    if !all && calm > 0 {
        let _ = writeln!(text, "{calm} the same or as expected (--all shows them)");
    }
    text
}

fn cell(cell: &VariableCellView) -> String {
    match (cell.kind, &cell.value) {
        (VariableCellKind::NoStack, _) => String::new(),
        (VariableCellKind::Default, Some(value)) => format!("{value} (default)"),
        (_, Some(value)) => value.clone(),
        (VariableCellKind::Hidden, None) => "?".into(),
        (VariableCellKind::NoValue, None) => "no value".into(),
        (_, None) => "absent".into(),
    }
}

fn state(row: &VariableRowView) -> String {
    let word = match row.state {
        VariableState::Same => "same",
        VariableState::Expected => "expected",
        VariableState::Unexpected => "unexpected",
        VariableState::Missing => "missing",
        VariableState::Unknown => "cannot be known",
    };
    let mut text = word.to_owned();
    if let Some(note) = &row.note {
        let _ = write!(text, ": {note}");
    }
    match row.trouble {
        None => {}
        Some(VariableTroubleName::NotDeclared) => text.push_str("; no template declares it"),
        Some(VariableTroubleName::Unused) => text.push_str("; no template uses it"),
        Some(VariableTroubleName::Undefined) => {
            let places = row.trouble_in.join(", ");
            let _ = write!(text, "; undefined in the document of {places}");
        }
    }
    text
}
