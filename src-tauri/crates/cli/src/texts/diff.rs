//! The judgement of a change: dangers first, then every resource, then what else differs.

use super::values;
use crate::colour::paint;
use interlock_contract::{
    Tone,
    diff::{
        ActionName, DangerRow, DiffReport, DiffVerdict, ImpactName, PropertyRow, ReplacementName,
        ResourceRow, SectionRow, SecurityVerdict,
    },
};
use std::fmt::Write as _;

/// The whole judgement of two sides by their names.
pub fn report(report: &DiffReport, before: &str, after: &str) -> String {
    let mut text = format!(
        "{}\n{}\n{}\n",
        paint(&format!("--- {before}"), Tone::Bad),
        paint(&format!("+++ {after}"), Tone::Ok),
        summary(report)
    );
    dangers(&mut text, report);
    for row in &report.resources {
        text.push('\n');
        resource(&mut text, row);
    }
    for (heading, nested) in [
        ("in nested stacks", true),
        ("in other stacks, through what they read", false),
    ] {
        let mut rows = report
            .effects
            .iter()
            .filter(|row| row.nested == nested)
            .peekable();
        if rows.peek().is_some() {
            let _ = writeln!(text, "\n{heading}");
        }
        for row in rows {
            resource(&mut text, row);
        }
    }
    let sections = &report.sections;
    let others = [
        &sections.parameters,
        &sections.mappings,
        &sections.conditions,
        &sections.outputs,
        &sections.metadata,
    ];
    if others.iter().any(|rows| !rows.is_empty()) {
        text.push_str("\noutside of the resources\n");
        for row in others.into_iter().flatten() {
            section(&mut text, row);
        }
    }
    if !report.respelled.is_empty() {
        let names: Vec<&str> = report
            .respelled
            .iter()
            .map(|row| row.logical_id.as_str())
            .collect();
        let _ = writeln!(
            text,
            "\nwritten differently, same meaning: {}",
            shortened(&names)
        );
    }
    text
}

/// `different: 1 deletes, 2 in place; access broadened; 1 value unknown`.
fn summary(report: &DiffReport) -> String {
    let verdict = match report.verdict {
        DiffVerdict::Same if report.unknowns > 0 => "same as far as known",
        DiffVerdict::Same => "same",
        DiffVerdict::Different => "different",
        DiffVerdict::Unknown => "cannot be known",
    };
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for row in report.resources.iter().filter(|row| !row.expected) {
        match counted
            .iter_mut()
            .find(|(words, _)| *words == row.impact_text)
        {
            Some((_, count)) => *count += 1,
            None => counted.push((row.impact_text.as_str(), 1)),
        }
    }
    let mut parts: Vec<String> = counted
        .iter()
        .map(|(words, count)| format!("{count} {words}"))
        .collect();
    match report.resources.iter().filter(|row| row.expected).count() {
        0 => {}
        count => parts.push(format!("{count} expected")),
    }
    if let Some(word) = access_word(report.security) {
        parts.push(format!("access {word}"));
    }
    match report.unknowns {
        0 => {}
        1 => parts.push("1 value unknown".to_owned()),
        many => parts.push(format!("{many} values unknown")),
    }
    if parts.is_empty() {
        verdict.to_owned()
    } else {
        format!("{verdict}: {}", parts.join("; "))
    }
}

fn access_word(verdict: SecurityVerdict) -> Option<&'static str> {
    match verdict {
        SecurityVerdict::Broadened => Some("broadened"),
        SecurityVerdict::Narrowed => Some("narrowed"),
        SecurityVerdict::Incomparable => Some("changed in both directions, or not comparable"),
        SecurityVerdict::Same => None,
    }
}

fn dangers(text: &mut String, report: &DiffReport) {
    if report.dangers.is_empty() {
        return;
    }
    text.push_str("\ndecide first\n");
    for row in &report.dangers {
        text.push_str(&danger(row));
    }
}

/// One danger, on a line.
pub fn danger(row: &DangerRow) -> String {
    let line = format!("  ! {}  {}: {}", row.logical_id, row.title, row.text);
    format!("{}\n", paint(line.trim_end_matches(": "), Tone::Bad))
}

fn resource(text: &mut String, row: &ResourceRow) {
    let (mark, tone) = match row.action {
        ActionName::Add | ActionName::Import => ("+", Tone::Ok),
        ActionName::Remove => ("-", Tone::Bad),
        ActionName::Modify if row.replacement == Some(ReplacementName::True) => ("±", Tone::Bad),
        ActionName::Modify => ("~", Tone::Waiting),
    };
    let impact = if row.expected {
        "expected"
    } else {
        row.impact_text.as_str()
    };
    let place = row.location.as_ref().map(|place| format!("  {place}"));
    let name = match &row.stack {
        Some(stack) => format!("{stack}/{}", row.logical_id),
        None => row.logical_id.clone(),
    };
    let _ = writeln!(
        text,
        "{}  {impact}{}",
        paint(&format!("{mark} {name}  {}", row.resource_type), tone),
        place.unwrap_or_default(),
    );
    for property in &row.properties {
        property_lines(text, row.action, property);
    }
    for (mark, reach, tone) in [
        ("allows", &row.access_added, Tone::Bad),
        ("no longer allows", &row.access_removed, Tone::Ok),
    ] {
        for words in reach {
            let _ = writeln!(text, "    {}", paint(&format!("{mark}: {words}"), tone));
        }
    }
    for note in &row.notes {
        let _ = writeln!(text, "    note: {note}");
    }
    for unknown in &row.unknowns {
        let _ = writeln!(text, "    not known: {unknown}");
    }
}

fn property_lines(text: &mut String, action: ActionName, property: &PropertyRow) {
    let mut words = Vec::new();
    if action == ActionName::Modify && property.impact != ImpactName::InPlace {
        words.push(impact_words(property.impact).to_owned());
    }
    if property.expected {
        words.push("expected".to_owned());
    }
    if action == ActionName::Modify && property.causes.iter().any(|cause| cause != EDITED) {
        words.push(property.causes.join(", "));
    }
    let words = if words.is_empty() {
        String::new()
    } else {
        format!("  ({})", words.join("; "))
    };
    let _ = writeln!(text, "    {}{words}", property.path);
    values::lines(
        text,
        "      ",
        property.before.as_deref(),
        property.after.as_deref(),
    );
}

/// The cause that needs no words.
const EDITED: &str = "edited in the template";

const fn impact_words(impact: ImpactName) -> &'static str {
    match impact {
        ImpactName::None => "no effect",
        ImpactName::Metadata => "metadata",
        ImpactName::Creates => "creates",
        ImpactName::Imports => "imports",
        ImpactName::InPlace => "in place",
        ImpactName::MayInterrupt => "may interrupt",
        ImpactName::Retains => "is retained",
        ImpactName::MayReplace => "may replace",
        ImpactName::ReplacesCreateFirst | ImpactName::ReplacesDeleteFirst => "replaces",
        ImpactName::Snapshots => "deletes after a snapshot",
        ImpactName::Removes => "deletes",
        ImpactName::Rejected => "will be rejected",
    }
}

fn section(text: &mut String, row: &SectionRow) {
    let mark = match row.action {
        ActionName::Add | ActionName::Import => "+",
        ActionName::Remove => "-",
        ActionName::Modify if row.unknown => "?",
        ActionName::Modify => "~",
    };
    let expected = if row.expected { "  (expected)" } else { "" };
    let place = row.location.as_ref().map(|place| format!("  {place}"));
    let _ = writeln!(
        text,
        "{mark} {}.{}{}{expected}",
        row.section,
        row.name,
        place.unwrap_or_default()
    );
    values::lines(text, "      ", row.before.as_deref(), row.after.as_deref());
}

/// The first names of many.
fn shortened(names: &[&str]) -> String {
    const MOST: usize = 8;
    if names.len() <= MOST {
        return names.join(", ");
    }
    format!(
        "{} and {} more",
        names[..MOST].join(", "),
        names.len() - MOST
    )
}
