//! Every promotion into an environment within a period, as the ledger knows them.
//!
//! Who tests a control draws a sample from this list, so it has to be complete: what was changed past
//! Interlock is not in it, and it says so in every row.

use crate::{model::Table, words};
use interlock_domain::{PromotionId, Timestamp};
use interlock_ledger::{Entry, Promotion, fold::Record};
use serde::Serialize;
use std::collections::BTreeSet;

/// What the report says of its completeness.
pub const NOT_COMPARED: &str = "not compared with CloudTrail";
/// Version of the document's shape.
const SCHEMA: &str = "interlock/population/v1";

/// A stretch of time: its first moment, and the first one after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First moment.
    pub from: Timestamp,
    /// First moment after it.
    pub until: Timestamp,
}

/// One promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Id.
    pub promotion: String,
    /// Environment.
    pub environment: String,
    /// Services.
    pub services: Vec<String>,
    /// Who asked for it.
    pub requester: String,
    /// Whose approvals count.
    pub approvers: Vec<String>,
    /// Who started an attempt, and who drove it last.
    pub executors: Vec<String>,
    /// When it was begun.
    pub begun: Timestamp,
    /// When the last approval that counts was given.
    pub approved: Option<Timestamp>,
    /// When its first attempt began.
    pub started: Option<Timestamp>,
    /// When its last attempt ended.
    pub ended: Option<Timestamp>,
    /// Whether an attempt was made at all: only then anything was changed.
    pub attempted: bool,
    /// Where it stands.
    pub outcome: &'static str,
    /// Whether the glass was broken for it.
    pub emergency: bool,
    /// SHA-256 of its manifest.
    pub manifest: Option<String>,
    /// First and last entry about it.
    pub entries: Option<(u64, u64)>,
    /// Always [`NOT_COMPARED`].
    pub cloud_trail: &'static str,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Population {
    /// Version of its shape.
    pub schema: &'static str,
    /// Name of the log.
    pub origin: String,
    /// Environment; none for every one.
    pub environment: Option<String>,
    /// First moment.
    pub from: Timestamp,
    /// First moment after the period.
    pub until: Timestamp,
    /// Which promotions are listed.
    pub rule: &'static str,
    /// Always [`NOT_COMPARED`].
    pub cloud_trail: &'static str,
    /// Number of entries that the log had.
    pub size: u64,
    /// Root over them.
    pub root: String,
    /// Promotions, in the order in which they were begun.
    pub promotions: Vec<Row>,
}

/// Lists the promotions of which an entry that counts was made within the period.
pub fn population(
    origin: &str,
    record: &Record,
    entries: &[Entry],
    head: interlock_ledger::leaf::Head,
    environment: Option<&str>,
    period: Period,
) -> Population {
    let counts = |entry: &&Entry| !record.ignored.contains_key(&entry.seq);
    let said: BTreeSet<&PromotionId> = entries
        .iter()
        .filter(counts)
        .filter_map(|entry| entry.statement.as_ref().ok())
        .filter(|it| period.from <= it.at && it.at < period.until)
        .filter_map(|it| it.promotion.as_ref())
        .collect();
    let mut wanted: Vec<&Promotion> = record
        .promotions
        .values()
        .filter(|it| environment.is_none_or(|name| it.to == name))
        .filter(|it| said.contains(&it.id))
        .collect();
    wanted.sort_by(|a, b| a.entries.first().cmp(&b.entries.first()));
    Population {
        schema: SCHEMA,
        origin: origin.to_owned(),
        environment: environment.map(str::to_owned),
        from: period.from,
        until: period.until,
        rule: "promotions with an entry that counts and was signed within the period",
        cloud_trail: NOT_COMPARED,
        size: head.size,
        root: head.root.to_string(),
        promotions: wanted.into_iter().map(row).collect(),
    }
}

fn row(promotion: &Promotion) -> Row {
    let attempts = &promotion.attempts;
    let drove = attempts.iter().flat_map(|it| [&it.by, &it.driver.by]);
    let mut executors: Vec<String> = drove.map(ToString::to_string).collect();
    executors.sort();
    executors.dedup();
    let requester = promotion
        .manifest
        .as_ref()
        .map_or(&promotion.begun_by, |it| &it.requester);
    let ends = attempts.iter().filter_map(|it| it.ended.as_ref());
    Row {
        promotion: promotion.id.to_string(),
        environment: promotion.to.clone(),
        services: promotion.services.clone(),
        requester: requester.to_string(),
        approvers: promotion
            .approvals
            .iter()
            .map(|it| it.by.to_string())
            .collect(),
        executors,
        begun: promotion.created_at,
        approved: promotion.approvals.iter().map(|it| it.at).max(),
        started: attempts.iter().map(|it| it.started_at).min(),
        ended: ends.map(|(_, at, _)| *at).max(),
        attempted: !attempts.is_empty(),
        outcome: words::state(&promotion.state),
        emergency: promotion.break_glass.is_some(),
        manifest: promotion.digest.map(|digest| digest.to_string()),
        entries: promotion
            .entries
            .first()
            .copied()
            .zip(promotion.entries.last().copied()),
        cloud_trail: NOT_COMPARED,
    }
}

impl Population {
    /// The report as CSV (RFC 4180), one promotion a line below the headings.
    pub fn csv(&self) -> String {
        let table = Table::new(
            "",
            [
                "promotion",
                "environment",
                "services",
                "requester",
                "approvers",
                "executors",
                "begun",
                "approved",
                "started",
                "ended",
                "attempted",
                "outcome",
                "emergency",
                "manifest",
                "first entry",
                "last entry",
                "cloudtrail",
            ],
        )
        .with(self.promotions.iter().map(cells));
        let mut csv = table.head.join(",") + "\r\n";
        for row in &table.rows {
            let line: Vec<String> = row.iter().map(|it| quoted(it)).collect();
            csv.push_str(&line.join(","));
            csv.push_str("\r\n");
        }
        csv
    }

    /// The report as JSON.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

fn cells(row: &Row) -> [String; 17] {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let entry = |which: fn((u64, u64)) -> u64| {
        row.entries
            .map(|it| which(it).to_string())
            .unwrap_or_default()
    };
    [
        row.promotion.clone(),
        row.environment.clone(),
        row.services.join(" "),
        row.requester.clone(),
        row.approvers.join(" "),
        row.executors.join(" "),
        row.begun.to_string(),
        time(row.approved),
        time(row.started),
        time(row.ended),
        words::yes(row.attempted),
        row.outcome.to_owned(),
        words::yes(row.emergency),
        row.manifest.clone().unwrap_or_default(),
        entry(|it| it.0),
        entry(|it| it.1),
        row.cloud_trail.to_owned(),
    ]
}

/// A cell that a spreadsheet takes for text and never for a formula.
fn quoted(cell: &str) -> String {
    let acts = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if acts {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains(['"', ',', '\r', '\n']) || acts {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_is_never_a_formula_and_never_two_cells() {
        assert_eq!(quoted("pay"), "pay");
        assert_eq!(quoted("a,b"), "\"a,b\"");
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
        assert_eq!(quoted("=HYPERLINK(1)"), "\"'=HYPERLINK(1)\"");
    }
}
