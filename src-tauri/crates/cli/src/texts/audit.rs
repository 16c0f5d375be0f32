//! The ledger.

use super::{head, time};
use crate::table::table;
use interlock_contract::audit::{AuditView, ExportView, LedgerReportView};
use std::fmt::Write as _;

/// Entries, newest first.
pub fn audit(view: &AuditView) -> String {
    if view.entries.is_empty() {
        return "The ledger is empty.".into();
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
