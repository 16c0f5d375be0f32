//! What shows that nothing was altered, and what was left out: items 27 and 33.

use super::Desk;
use crate::{
    evidence::{CHECK_PROOFS, CHECKPOINT, LOG, PROOFS, VERIFY},
    model::{Item, Table},
    redact::Class,
};

/// Item 27.
pub fn items(desk: &Desk<'_>) -> [Item; 1] {
    let (size, root) = desk.evidence.head;
    let found = &desk.facts.verification;
    let row = |name: &str, value: String| [name.to_owned(), value];
    let broken = found.broken.as_ref().map_or_else(
        || "every entry holds".to_owned(),
        |(seq, reason)| format!("broken at entry {seq}: {reason}"),
    );
    let head = Table::new("Log", ["field", "value"]).with([
        row("name", desk.redactor.name("log", &desk.facts.origin)),
        row("entries", size.to_string()),
        row("root (RFC 6962)", root.to_string()),
        row("checked when this was made", broken),
        row(
            "entries that count for nothing",
            desk.facts.record.ignored.len().to_string(),
        ),
        row("entries of a newer program", found.newer.len().to_string()),
    ]);
    let troubles = found
        .troubles
        .iter()
        .map(|it| [desk.redactor.name("log", it)]);
    let troubles: Vec<_> = troubles.collect();
    let mut missing = vec![
        "a signature under the checkpoint (`interlock ledger checkpoint` signs one, to be kept elsewhere)",
        "cosignatures of witnesses",
        "consistency with an earlier dossier",
    ];
    if desk.redactor.is_on() {
        missing.push("the log itself, which a redacted dossier leaves out");
    }
    let files = [PROOFS, CHECKPOINT, CHECK_PROOFS, VERIFY].map(str::to_owned);
    let log = desk.evidence.below(&format!("{LOG}/"));
    [Item::lacking(27, &missing)
        .table(head)
        .table(Table::new("What its place shows", ["trouble"]).with(troubles))
        .files(files.into_iter().chain(log))]
}

/// Item 33, once everything else is told.
pub fn redaction(desk: &Desk<'_>) -> Item {
    if !desk.redactor.is_on() {
        let table = Table::new("Redaction", ["field", "value"]).with([[
            "profile".to_owned(),
            "none: nothing is replaced or left out".to_owned(),
        ]]);
        return Item::present(33).table(table);
    }
    let log = desk.redactor.log();
    let counts = Class::ALL.map(|class| {
        let count = log.iter().filter(|(known, ..)| *known == class).count();
        [class.word().to_owned(), count.to_string()]
    });
    let rows = log
        .into_iter()
        .map(|(class, token, places)| [class.word().to_owned(), token, places.join(", ")]);
    let left_out = desk.evidence.left_out.iter().map(|path| [path.clone()]);
    Item::present(33)
        .table(Table::new("How many", ["kind", "different ones"]).with(counts))
        .table(Table::new("What was replaced", ["kind", "digest", "places"]).with(rows))
        .table(Table::new("Files that were left out", ["file"]).with(left_out))
}
