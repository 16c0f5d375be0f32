//! What stands around a promotion, most of which no ledger holds: items 22 to 24 and 28 to 32.

use super::{Desk, place};
use crate::model::{Item, Table};

/// Items 22 to 24 and 28 to 32.
pub fn items(desk: &Desk<'_>) -> [Item; 8] {
    [
        Item::absent(22, "Who was informed, and when, is not recorded."),
        Item::absent(
            23,
            "No check-list about test data, test accounts and card numbers is signed in the ledger.",
        ),
        Item::absent(
            24,
            "The ledger has no field for documents and continuity plans.",
        ),
        tool(desk),
        clocks(desk),
        Item::absent(
            30,
            "It is a report of its own, over a period: `interlock dossier --population`. It has what the ledger knows, and is not compared with CloudTrail.",
        ),
        Item::absent(
            31,
            "Who administers Jenkins, the AWS accounts and the bucket of the ledger is not read for a dossier.",
        ),
        Item::absent(
            32,
            "Mode and end of the retention of each object are not read for a dossier. A ledger in a bucket is kept under Object Lock; `interlock ledger verify` examines its place.",
        ),
    ]
}

fn tool(desk: &Desk<'_>) -> Item {
    let mut runners: Vec<[String; 2]> = Vec::new();
    for attempt in &desk.facts.promotion.attempts {
        let runner = desk.redactor.name("tool", &attempt.driver.runner);
        runners.push([format!("attempt {}", attempt.number), runner]);
    }
    runners.push(["this dossier".to_owned(), desk.facts.program.clone()]);
    Item::partial(28, "Missing: the digest of the installer, its bill of materials and known vulnerabilities. Statements do not carry the version of the program that made them.")
        .table(Table::new("Programs", ["for", "program"]).with(runners))
}

fn clocks(desk: &Desk<'_>) -> Item {
    let rows = desk.facts.own_entries().filter_map(|entry| {
        let statement = entry.statement.as_ref().ok()?;
        let apart = entry.written_at.duration_since(statement.at).as_secs();
        Some([
            place(entry.seq),
            statement.at.to_string(),
            entry.written_at.to_string(),
            apart.to_string(),
        ])
    });
    let rows: Vec<_> = rows.collect();
    Item::partial(29, "The clock of who signed and of who wrote each entry. The order of the log does not rest on them. Times of AWS are not kept in the ledger.")
        .table(Table::new("Times of the entries", ["place", "signed", "written", "seconds apart"]).with(rows))
}
