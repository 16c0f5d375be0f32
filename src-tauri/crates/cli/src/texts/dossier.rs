//! The dossier of a promotion.

use super::head;
use crate::table::table;
use interlock_host::DossierView;

/// What it holds, one line a kind of evidence.
pub fn dossier(view: &DossierView) -> String {
    let mut rows = vec![head(&["", "STATE", "EVIDENCE", "WHAT IS MISSING"])];
    rows.extend(view.items.iter().map(|item| {
        vec![
            item.number.to_string(),
            item.state.clone(),
            item.title.clone(),
            item.why.clone().unwrap_or_default(),
        ]
    }));
    table(&rows)
}
