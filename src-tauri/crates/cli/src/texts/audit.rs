//! The ledger.

use super::{head, time};
use crate::table::table;
use interlock_contract::audit::AuditView;

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
