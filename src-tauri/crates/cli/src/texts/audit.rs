//! The ledger.

use super::{head, time};
use crate::table::table;
use interlock_contract::audit::{AuditEntryView, AuditView, ExportView, LedgerReportView};
use std::fmt::Write as _;

/// Entries, newest first.
pub fn audit(view: &AuditView) -> String {
    if view.entries.is_empty() {
        return if view.verification.size == 0 {
            "The ledger is empty.".into()
        } else {
            "No entry is like that.".into()
        };
    }
    let mut rows = vec![head(&["SEQ", "TIME", "PERSON", "PROMOTION", "ENTRY"])];
    rows.extend(view.entries.iter().map(|e| {
        vec![
            e.seq.to_string(),
            time(&e.at),
            e.actor.clone(),
            e.promotion.clone().unwrap_or_default(),
            match &e.ignored {
                Some(reason) => format!("{} [ignored: {reason}]", e.summary),
                None => e.summary.clone(),
            },
        ]
    }));
    let mut text = table(&rows);
    if view.more {
        text.push_str("Older entries are not shown; --limit shows more.\n");
    }
    text
}

/// Every entry, oldest first, with who signed it.
pub fn entries(entries: &[AuditEntryView]) -> String {
    if entries.is_empty() {
        return "The ledger is empty.".into();
    }
    let mut rows = vec![head(&[
        "SEQ",
        "TIME",
        "PERSON",
        "PROMOTION",
        "ENTRY",
        "SIGNATURE",
    ])];
    rows.extend(entries.iter().map(|entry| {
        vec![
            entry.seq.to_string(),
            time(&entry.at),
            entry.actor.clone(),
            entry.promotion.clone().unwrap_or_default(),
            entry.summary.clone(),
            standing(entry),
        ]
    }));
    table(&rows)
}

/// One entry, word for word.
pub fn entry(entry: &AuditEntryView) -> String {
    let mut text = format!(
        "entry {}, {}\n{} {}\n",
        entry.seq,
        time(&entry.at),
        entry.actor,
        entry.summary
    );
    if let Some(promotion) = &entry.promotion {
        let _ = writeln!(text, "promotion {promotion}");
    }
    let _ = writeln!(text, "{}", standing(entry));
    if let (Some(signature), Some(_)) = (&entry.signature, &entry.ignored) {
        let _ = writeln!(text, "{signature}");
    }
    let _ = writeln!(text, "leaf {}\n\n{}", entry.leaf, entry.statement);
    text
}

/// Whether an entry counts: who signed it, or why it does not.
fn standing(entry: &AuditEntryView) -> String {
    match (&entry.ignored, &entry.signature) {
        (Some(reason), _) => format!("ignored: {reason}"),
        (None, Some(signature)) => format!("verified: {signature}"),
        (None, None) => "not known".into(),
    }
}

/// The whole ledger, checked.
pub fn ledger_report(report: &LedgerReportView) -> String {
    let mut text = match (report.broken, &report.reason) {
        (Some(seq), Some(reason)) => {
            format!(
                "The ledger `{}` is broken at entry {seq}: {reason}.\n",
                report.origin
            )
        }
        _ => format!(
            "{} entries of the ledger `{}` hold together.\n",
            report.size, report.origin
        ),
    };
    let _ = writeln!(text, "root {}", report.root);
    for trouble in &report.troubles {
        let _ = writeln!(text, "its place does not hold: {trouble}");
    }
    for seq in &report.newer {
        let _ = writeln!(
            text,
            "entry {seq} was written by a newer Interlock: update this one before you rely on it"
        );
    }
    match report.roster {
        Some(version) => {
            let _ = writeln!(text, "roster {version} is in force");
        }
        None => text.push_str("no roster is in force\n"),
    }
    for entry in &report.ignored {
        let _ = writeln!(
            text,
            "entry {} counts for nothing: {}",
            entry.seq, entry.reason
        );
    }
    text
}

/// A copy of the ledger.
pub fn export(written: &ExportView) -> String {
    format!(
        "{} entries and {} documents are in {}; ssh-keygen can check {} of the entries.",
        written.entries, written.documents, written.folder, written.ssh_signatures
    )
}
