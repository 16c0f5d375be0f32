//! The matrix of services and environments.

use crate::{
    colour::{meaning, sign},
    table::table,
};
use interlock_contract::{
    Tone,
    overview::{CellView, MarkerKind, MarkerView, OverviewView, PromoteView},
};

/// Stands in a cell that could be promoted into.
const PROMOTABLE: &str = "<-";

/// The matrix.
pub fn overview(view: &OverviewView) -> String {
    let mut rows = Vec::new();
    if let Some(first) = view.rows.first() {
        let environments = first
            .cells
            .iter()
            .map(|cell| cell.environment.to_uppercase());
        rows.push(
            std::iter::once("SERVICE".to_owned())
                .chain(environments)
                .collect(),
        );
    }
    for row in &view.rows {
        let cells = row.cells.iter().map(cell);
        rows.push(std::iter::once(row.service.clone()).chain(cells).collect());
    }
    let mut text = table(&rows);
    let troubled: Vec<_> = view
        .scopes
        .iter()
        .filter(|scope| scope.tone != Tone::Ok)
        .map(|scope| {
            vec![
                sign(scope.tone).to_owned(),
                format!("{} {}", scope.environment, scope.region),
                scope.reason.clone().unwrap_or_default(),
            ]
        })
        .collect();
    text.push_str(&table(&troubled));
    if view.taken_at.is_none() {
        text.push_str("Nothing was observed yet.\n");
    }
    text
}

/// What the signs of a matrix mean, as far as they stand in it.
pub fn legend(view: &OverviewView) -> Option<String> {
    let cells = || view.rows.iter().flat_map(|row| &row.cells);
    let mut parts: Vec<String> = [
        Tone::Ok,
        Tone::Running,
        Tone::Waiting,
        Tone::Bad,
        Tone::Drift,
        Tone::Frozen,
        Tone::Unknown,
    ]
    .into_iter()
    .filter(|tone| cells().any(|cell| cell.tone == *tone))
    .map(|tone| format!("{} {}", sign(tone), meaning(tone)))
    .collect();
    if cells().any(promotable) {
        parts.push(format!("{PROMOTABLE} can be promoted from the left"));
    }
    (!parts.is_empty()).then(|| format!("stacks: {}", parts.join("   ")))
}

fn promotable(cell: &CellView) -> bool {
    matches!(cell.promote, PromoteView::Allowed { .. })
}

/// `~ 9.1.4 drifted, 4 behind <-`: sign, version, status unless all is well, marks.
fn cell(cell: &CellView) -> String {
    let main = match &cell.version {
        Some(version) if cell.tone == Tone::Ok => version.clone(),
        Some(version) => format!("{version} {}", cell.status),
        None => cell.status.clone(),
    };
    let marks = cell.markers.iter().filter_map(|marker| mark(cell, marker));
    let said: Vec<_> = std::iter::once(main).chain(marks).collect();
    let arrow = if promotable(cell) {
        format!(" {PROMOTABLE}")
    } else {
        String::new()
    };
    format!("{} {}{arrow}", sign(cell.tone), said.join(", "))
}

/// Words of a mark; none when it only says that all is well, or what the status says already.
fn mark(cell: &CellView, marker: &MarkerView) -> Option<String> {
    match (marker.kind, marker.tone) {
        (MarkerKind::Gate, Tone::Ok) => None,
        (MarkerKind::Gate, Tone::Bad) => Some("gate failed".into()),
        (MarkerKind::Drift, _) if cell.tone == Tone::Drift => None,
        _ => Some(marker.label.clone()),
    }
}
