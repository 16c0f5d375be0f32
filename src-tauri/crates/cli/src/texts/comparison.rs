//! Two sides of a service: what differs, and how.

use super::{commits, head, values};
use crate::{colour::paint, table::table};
use interlock_contract::{
    Tone,
    comparison::{
        ComparisonSummaryView, ComparisonView, CountsView, DifferenceState, EntryView,
        PropertyView, SideView, StackComparisonView, VariableState, VariableView,
    },
};
use std::fmt::Write as _;

/// Words for a state; what cannot be compared is never simply the same.
fn state_word(state: DifferenceState, counts: &CountsView) -> &'static str {
    match state {
        DifferenceState::Same if counts.unknown > 0 => "same as far as known",
        DifferenceState::Same => "same",
        DifferenceState::Changed => "changed",
        DifferenceState::OnlyLeft => "only left",
        DifferenceState::OnlyRight => "only right",
        DifferenceState::Unknown => "unknown",
    }
}

/// `2 added, 6 changed, 1 unknown; 24 expected`.
fn counts(c: &CountsView) -> String {
    let parts: Vec<_> = [
        (c.added, "added"),
        (c.removed, "removed"),
        (c.changed, "changed"),
        (c.unknown, "unknown"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    let mut text = parts.join(", ");
    if c.expected > 0 {
        let between = if text.is_empty() { "" } else { "; " };
        let _ = write!(text, "{between}{} expected", c.expected);
    }
    text
}

/// Counts of every service.
pub fn comparison_summary(view: &ComparisonSummaryView) -> String {
    let mut rows = vec![head(&["SERVICE", "STATE", "RESOURCES AND VALUES", "NOTE"])];
    rows.extend(view.services.iter().map(|s| {
        vec![
            s.service.clone(),
            state_word(s.state, &s.counts).to_owned(),
            counts(&s.counts),
            s.reason.clone().unwrap_or_default(),
        ]
    }));
    table(&rows)
}

/// One service.
pub fn comparison(view: &ComparisonView, all: bool) -> String {
    let side = |mark: &str, side: &SideView, tone: Tone| {
        let version = side.version.as_deref().unwrap_or("version not known");
        vec![
            paint(&format!("{mark} {}", side.label), tone),
            paint(version, tone),
        ]
    };
    let sides = table(&[
        side("---", &view.left, Tone::Bad),
        side("+++", &view.right, Tone::Ok),
    ]);
    let mut text = format!("{}\n{sides}", view.service);
    for side in [&view.left, &view.right] {
        for doubt in &side.doubts {
            let line = format!("! {}: {doubt}", side.label);
            let _ = writeln!(text, "{}", paint(&line, Tone::Waiting));
        }
    }
    for entry in &view.stacks {
        text.push('\n');
        text.push_str(&stack(entry, all));
    }
    text.push_str(&variables(view, all));
    if !view.commits.is_empty() {
        let _ = writeln!(
            text,
            "\ncommits in {} and not in {}",
            place(&view.right),
            place(&view.left)
        );
        text.push_str(&commits::rows(&view.commits));
    }
    for note in [&view.variables_note, &view.commits_note]
        .into_iter()
        .flatten()
    {
        let _ = writeln!(text, "note: {note}");
    }
    if !all && view.counts.expected > 0 {
        let _ = writeln!(
            text,
            "\nNot shown: {} that the environments explain; --all shows them.",
            match view.counts.expected {
                1 => "1 difference".to_owned(),
                many => format!("{many} differences"),
            }
        );
    }
    text
}

/// `prod` of `prod now`.
fn place(side: &SideView) -> &str {
    side.label.strip_suffix(" now").unwrap_or(&side.label)
}

fn variables(view: &ComparisonView, all: bool) -> String {
    let shown: Vec<_> = view
        .variables
        .iter()
        .filter(|v| match v.state {
            VariableState::Same => false,
            VariableState::Expected => all,
            VariableState::Unexpected | VariableState::Missing | VariableState::Unknown => true,
        })
        .collect();
    if shown.is_empty() {
        return String::new();
    }
    let mut rows = vec![vec![
        "  STACK".to_owned(),
        "NAME".to_owned(),
        place(&view.left).to_uppercase(),
        place(&view.right).to_uppercase(),
        String::new(),
    ]];
    rows.extend(shown.into_iter().map(variable));
    format!("\nvariables\n{}", table(&rows))
}

fn variable(v: &VariableView) -> Vec<String> {
    let word = match v.state {
        VariableState::Same => "same",
        VariableState::Expected => "expected",
        VariableState::Unexpected => "unexpected",
        VariableState::Missing => "on one side only",
        VariableState::Unknown => "cannot be known",
    };
    let masked = v.state == VariableState::Unknown;
    let value = |side: &Option<String>| match side {
        Some(value) => value.clone(),
        None if masked => "?".into(),
        None => "(not set)".into(),
    };
    let note = v.note.as_ref().map(|n| format!(": {n}"));
    vec![
        format!("  {}", v.stack),
        v.key.clone(),
        value(&v.left),
        value(&v.right),
        format!("{word}{}", note.unwrap_or_default()),
    ]
}

/// One stack.
pub fn stack(view: &StackComparisonView, all: bool) -> String {
    let mut text = format!("{}: {}\n", view.name, told(view));
    if let Some(reason) = &view.reason {
        let _ = writeln!(text, "  {reason}");
    }
    for danger in &view.dangers {
        text.push_str(&super::diff::danger(danger));
    }
    for item in &view.entries {
        entry(&mut text, item, all);
    }
    text
}

/// What a stack differs by, in one line.
fn told(view: &StackComparisonView) -> String {
    let counts = counts(&view.counts);
    let state = state_word(view.state, &view.counts);
    match view.state {
        _ if counts.is_empty() => state.to_owned(),
        DifferenceState::Changed => counts,
        _ => format!("{state} ({counts})"),
    }
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
    let mut title = format!("{mark} {}.{}", entry.section, entry.name);
    if let Some(kind) = &entry.resource_type {
        let _ = write!(title, "  {kind}");
    }
    if let Some(row) = &entry.judgement
        && entry.state == DifferenceState::Changed
    {
        let _ = write!(title, "  {}", row.impact_text);
    }
    let place = entry.location.as_ref().map(|l| format!("  {l}"));
    let place = place.unwrap_or_default();
    let _ = writeln!(text, "  {}{place}", paint(&title, tone));
    for item in shown {
        property(text, item);
    }
}

fn property(text: &mut String, property: &PropertyView) {
    let note = if property.unknown {
        " (cannot be known)"
    } else if property.expected {
        " (expected)"
    } else {
        ""
    };
    let _ = writeln!(text, "      {}{note}", property.path);
    values::lines(
        text,
        "        ",
        property.before.as_deref(),
        property.after.as_deref(),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_compared_is_never_simply_the_same() {
        let mut c = CountsView {
            expected: 15,
            ..CountsView::default()
        };
        assert_eq!(state_word(DifferenceState::Same, &c), "same");
        assert_eq!(counts(&c), "15 expected");
        c.unknown = 2;
        assert_eq!(
            state_word(DifferenceState::Same, &c),
            "same as far as known"
        );
        assert_eq!(counts(&c), "2 unknown; 15 expected");
    }
}
