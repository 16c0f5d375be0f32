//! The 33 kinds of evidence, each with what the ledger knows of it and what it does not.

mod around;
mod carried_out;
mod decided;
mod judged;
mod origin;
mod request;
mod tamper;

use crate::{evidence::Evidence, facts::Facts, model::Item, redact::Redactor};
use interlock_domain::manifest::Manifest;
use interlock_ledger::{Entry, Predicate, Statement};

/// What items are made of.
pub struct Desk<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// What replaces what is not to be told.
    pub redactor: &'a Redactor,
    /// The raw evidence.
    pub evidence: &'a Evidence,
}

/// Every kind of evidence, in the order of the list.
pub fn all(desk: &Desk<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    items.extend(request::items(desk));
    items.extend(origin::items(desk));
    items.extend(judged::items(desk));
    items.extend(decided::items(desk));
    items.extend(carried_out::items(desk));
    items.extend(around::items(desk));
    items.extend(tamper::items(desk));
    items.sort_by_key(|item| item.number);
    // Every other item is told by now: this one knows everything that was replaced.
    items.push(tamper::redaction(desk));
    items
}

/// Why an item is absent that rests on the manifest.
const NO_MANIFEST: &str = "The promotion has no manifest that is kept in the ledger.";

impl<'a> Desk<'a> {
    /// The current manifest.
    fn manifest(&self) -> Option<&'a Manifest> {
        self.facts.promotion.manifest.as_ref()
    }

    /// Entries about the promotion that count, with what they say.
    fn said(&self) -> impl Iterator<Item = (&'a Entry, &'a Statement)> {
        let entries = self.facts.counting_entries();
        entries.filter_map(|entry| Some((entry, entry.statement.as_ref().ok()?)))
    }

    /// Those of some kinds.
    fn said_of(
        &self,
        is_wanted: impl Fn(&Predicate) -> bool,
    ) -> impl Iterator<Item = (&'a Entry, &'a Statement)> {
        self.said()
            .filter(move |(_, statement)| is_wanted(&statement.predicate))
    }

    /// Entries with which somebody began to drive an attempt, or took it over; not those with which
    /// who drives it says that it is still there.
    fn drivers(&self) -> Vec<(&'a Entry, &'a Statement)> {
        let mut last = None;
        let mut drivers = Vec::new();
        for (entry, statement) in self.said() {
            let (Predicate::ExecutionClaim { attempt, runner }
            | Predicate::Lease {
                attempt, runner, ..
            }) = &statement.predicate
            else {
                continue;
            };
            let driver = Some((attempt, runner, &statement.actor));
            if last != driver {
                drivers.push((entry, statement));
            }
            last = driver;
        }
        drivers
    }

    /// Files of an entry that are there.
    fn files_of(&self, seq: u64) -> Vec<String> {
        use crate::evidence::{leaf_path, statement_path};
        let mut files = vec![leaf_path(seq), statement_path(seq)];
        files.retain(|path| self.evidence.has(path));
        files
    }

    /// The path of the current manifest, when it is there.
    fn manifest_file(&self) -> Option<String> {
        let path = "promotion/manifest.json";
        self.evidence.has(path).then(|| path.to_owned())
    }
}

/// `entry 7`.
fn place(seq: u64) -> String {
    format!("entry {seq}")
}
