//! Views as lines for people.

use crate::output::{paint, sign, table};
use interlock_contract::{
    Tone,
    audit::AuditView,
    comparison::{
        ComparisonSummaryView, ComparisonView, CountsView, DifferenceState, EntryView,
        StackComparisonView, VariableState,
    },
    overview::{CellView, OverviewView, PromoteView},
    promotion::{PromotionView, PromotionsView},
    run::{LogLineView, RunView},
};
use std::fmt::Write as _;

/// The matrix.
pub fn overview(view: &OverviewView) -> String {
    let mut rows = Vec::new();
    if let Some(first) = view.rows.first() {
        let mut head = vec!["SERVICE".to_owned()];
        head.extend(
            first
                .cells
                .iter()
                .map(|cell| cell.environment.to_uppercase()),
        );
        rows.push(head);
    }
    for row in &view.rows {
        let mut line = vec![row.service.clone()];
        line.extend(row.cells.iter().map(cell));
        rows.push(line);
    }
    let mut text = table(&rows);
    for scope in view.scopes.iter().filter(|scope| scope.tone != Tone::Ok) {
        let reason = scope.reason.clone().unwrap_or_default();
        let _ = writeln!(
            text,
            "{} {} {}: {reason}",
            sign(scope.tone),
            scope.environment,
            scope.region
        );
    }
    if view.taken_at.is_none() {
        text.push_str("Nothing was observed yet.\n");
    }
    text
}

fn cell(cell: &CellView) -> String {
    let mut text = format!(
        "{} {}",
        sign(cell.tone),
        cell.version.as_deref().unwrap_or(&cell.status)
    );
    if cell.tone != Tone::Ok && cell.version.is_some() {
        let _ = write!(text, " {}", cell.status);
    }
    for marker in &cell.markers {
        let _ = write!(
            text,
            " [{}{}]",
            if marker.tone == Tone::Bad { "!" } else { "" },
            marker.label
        );
    }
    if matches!(cell.promote, PromoteView::Allowed { .. }) {
        text.push_str(" <-");
    }
    text
}

fn state_word(state: DifferenceState) -> &'static str {
    match state {
        DifferenceState::Same => "same",
        DifferenceState::Changed => "changed",
        DifferenceState::OnlyLeft => "only left",
        DifferenceState::OnlyRight => "only right",
        DifferenceState::Unknown => "unknown",
    }
}

fn counts(c: &CountsView) -> String {
    format!(
        "+{} -{} ~{} expected {} unknown {}",
        c.added, c.removed, c.changed, c.expected, c.unknown
    )
}

/// Counts of every service.
pub fn comparison_summary(view: &ComparisonSummaryView) -> String {
    let rows: Vec<_> = view
        .services
        .iter()
        .map(|s| {
            vec![
                s.service.clone(),
                state_word(s.state).to_owned(),
                counts(&s.counts),
                s.reason.clone().unwrap_or_default(),
            ]
        })
        .collect();
    table(&rows)
}

/// One service.
pub fn comparison(view: &ComparisonView, all: bool) -> String {
    let side = |label: &str, version: &Option<String>| {
        format!(
            "{label} {}",
            version.as_deref().unwrap_or("version not known")
        )
    };
    let mut text = format!(
        "{}: {} -> {}\n",
        view.service,
        side(&view.left.label, &view.left.version),
        side(&view.right.label, &view.right.version)
    );
    for entry in &view.stacks {
        text.push_str(&stack(entry, all));
    }
    let variables: Vec<_> = view
        .variables
        .iter()
        .filter(|v| match v.state {
            VariableState::Same => false,
            VariableState::Expected => all,
            VariableState::Unexpected | VariableState::Missing | VariableState::Unknown => true,
        })
        .map(|v| {
            let word = match v.state {
                VariableState::Same => "same",
                VariableState::Expected => "expected",
                VariableState::Unexpected => "unexpected",
                VariableState::Missing => "missing",
                VariableState::Unknown => "unknown",
            };
            let value = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".into());
            vec![
                format!("  {}", v.stack),
                v.key.clone(),
                value(&v.left),
                value(&v.right),
                word.to_owned(),
            ]
        })
        .collect();
    if !variables.is_empty() {
        text.push_str("variables\n");
        text.push_str(&table(&variables));
    }
    if !view.commits.is_empty() {
        text.push_str("commits\n");
        for commit in &view.commits {
            let _ = writeln!(
                text,
                "  {} {} ({})",
                &commit.id[..commit.id.len().min(7)],
                commit.title,
                commit.author
            );
        }
    }
    for note in [&view.variables_note, &view.commits_note]
        .into_iter()
        .flatten()
    {
        let _ = writeln!(text, "note: {note}");
    }
    text
}

/// One stack.
pub fn stack(view: &StackComparisonView, all: bool) -> String {
    let mut text = format!(
        "{} {} ({})\n",
        view.name,
        state_word(view.state),
        counts(&view.counts)
    );
    if let Some(reason) = &view.reason {
        let _ = writeln!(text, "  {reason}");
    }
    for item in &view.entries {
        entry(&mut text, item, all);
    }
    text
}

fn entry(text: &mut String, entry: &EntryView, all: bool) {
    let shown: Vec<_> = entry
        .properties
        .iter()
        .filter(|p| all || !p.expected)
        .collect();
    if shown.is_empty() && !entry.properties.is_empty() {
        return;
    }
    let (mark, tone) = match entry.state {
        DifferenceState::OnlyRight => ("+", Tone::Ok),
        DifferenceState::OnlyLeft => ("-", Tone::Bad),
        DifferenceState::Unknown => ("?", Tone::Unknown),
        DifferenceState::Changed | DifferenceState::Same => ("~", Tone::Waiting),
    };
    let kind = entry
        .resource_type
        .as_ref()
        .map(|t| format!(" {t}"))
        .unwrap_or_default();
    let place = entry
        .location
        .as_ref()
        .map(|l| format!("  {l}"))
        .unwrap_or_default();
    let head = format!("{mark} {}.{}{kind}", entry.section, entry.name);
    let _ = writeln!(text, "  {}{place}", paint(&head, tone));
    for property in shown {
        let value = |side: &Option<String>| {
            side.as_ref().map_or_else(
                || "(absent)".to_owned(),
                |text| text.replace('\n', "\n          "),
            )
        };
        let note = if property.unknown {
            " (cannot be known)"
        } else if property.expected {
            " (expected)"
        } else {
            ""
        };
        let _ = writeln!(text, "      {}{note}", property.path);
        let _ = writeln!(
            text,
            "        {} {}",
            paint("-", Tone::Bad),
            value(&property.before)
        );
        let _ = writeln!(
            text,
            "        {} {}",
            paint("+", Tone::Ok),
            value(&property.after)
        );
    }
}

/// The inbox.
pub fn promotions(view: &PromotionsView) -> String {
    let mut rows = vec![
        [
            "ID",
            "SERVICE",
            "PATH",
            "VERSION",
            "STATE",
            "WAITS FOR",
            "BY",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    for p in &view.promotions {
        rows.push(vec![
            p.id.clone(),
            p.service.clone(),
            format!("{} -> {}", p.from, p.to),
            p.version.clone().unwrap_or_else(|| "?".into()),
            format!("{} {}", sign(p.tone), p.state),
            p.waiting_on.clone().unwrap_or_default(),
            p.requested_by.clone(),
        ]);
    }
    if view.promotions.is_empty() {
        "No promotion is recorded.".into()
    } else {
        table(&rows)
    }
}

/// One promotion.
pub fn promotion(view: &PromotionView) -> String {
    let s = &view.summary;
    let mut text = format!(
        "{}  {} {} {} -> {}  {}\n",
        s.id,
        s.service,
        s.version.as_deref().unwrap_or("version not known"),
        s.from,
        s.to,
        paint(&s.state, s.tone)
    );
    let _ = writeln!(text, "manifest {} ({})", s.digest_short, view.digest);
    if let Some(voided) = &view.voided {
        let _ = writeln!(
            text,
            "{} {} went from {} to {}",
            paint("An earlier approval is void:", Tone::Waiting),
            voided.element,
            voided.before,
            voided.after
        );
    }
    for set in &view.change_sets {
        let _ = writeln!(
            text,
            "change set of {} in {} {}: {}",
            set.stack, set.account, set.region, set.status
        );
        if let Some(reason) = &set.reason {
            let _ = writeln!(text, "  {reason}");
        }
        for change in &set.changes {
            let impact = paint(&change.impact, change.tone);
            let _ = writeln!(
                text,
                "  {} {} {} ({impact})",
                sign(change.tone),
                change.logical_id,
                change.resource_type
            );
            for detail in &change.details {
                let value = |side: &Option<String>| side.clone().unwrap_or_else(|| "?".into());
                let _ = writeln!(
                    text,
                    "      {}: {} -> {} ({})",
                    detail.path,
                    value(&detail.before),
                    value(&detail.after),
                    detail.cause
                );
            }
        }
    }
    if let Some(note) = &view.change_note {
        let _ = writeln!(text, "{note}");
    }
    text.push_str("gates\n");
    for gate in &view.gates {
        let _ = writeln!(
            text,
            "  {} {}: {}",
            sign(gate.tone),
            gate.gate,
            gate.summary
        );
    }
    let _ = writeln!(
        text,
        "approvals {} of {}",
        view.approvals_have, view.approvals_needed
    );
    for person in &view.people {
        let detail = person
            .detail
            .as_ref()
            .map(|d| format!(": {d}"))
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "  {} {} ({}) {}{detail}",
            sign(person.tone),
            person.name,
            person.role,
            person.state
        );
    }
    for action in &view.actions {
        let reason = action
            .reason
            .as_ref()
            .map(|r| format!(" (not now: {r})"))
            .unwrap_or_default();
        let _ = writeln!(text, "can: {}{reason}", action.label);
    }
    text
}

/// A run's result.
pub fn run(view: &RunView) -> String {
    let mut text = format!("{} {}\n", sign(view.tone), paint(&view.state, view.tone));
    for step in &view.steps {
        let indent = "  ".repeat(step.depth as usize + 1);
        let detail = step
            .detail
            .as_ref()
            .map(|d| format!(": {d}"))
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "{indent}{} {} {}{detail}",
            sign(step.tone),
            step.name,
            step.state
        );
    }
    if let Some(error) = &view.first_error {
        let _ = writeln!(text, "first error: {error}");
    }
    text
}

/// One log line.
pub fn log_line(line: &LogLineView) -> String {
    match &line.at {
        Some(at) => format!("{at} {}", paint(&line.text, line.tone)),
        None => paint(&line.text, line.tone),
    }
}

/// The ledger.
pub fn audit(view: &AuditView) -> String {
    let rows: Vec<_> = view
        .entries
        .iter()
        .map(|e| {
            vec![
                e.seq.to_string(),
                e.at.clone(),
                e.actor.clone(),
                e.promotion.clone().unwrap_or_default(),
                e.kind.clone(),
                match &e.ignored {
                    Some(reason) => format!("{} [ignored: {reason}]", e.summary),
                    None => e.summary.clone(),
                },
            ]
        })
        .collect();
    if rows.is_empty() {
        "The ledger is empty.".into()
    } else {
        table(&rows)
    }
}
