//! The ledger of a team: its beginning, and its roster.

use super::head;
use crate::table::table;
use interlock_contract::team::{
    BeginningName, LedgerBeginningView, OwnKeyView, PlaceCheckName, RosterKeyView,
    RosterPersonView, RosterProposalView, RosterView,
};
use std::fmt::Write as _;

/// Digits of a digest that are shown where somebody types them.
const SHORT: usize = 12;

/// A ledger that was begun, or why not.
pub fn beginning(view: &LedgerBeginningView) -> String {
    let mut text = String::new();
    if !view.checks.is_empty() {
        let mut rows = vec![head(&["CHECK", "OUTCOME", "SEEN", "TO MEND IT"])];
        rows.extend(view.checks.iter().map(|check| {
            vec![
                check.what.clone(),
                outcome(check.outcome).into(),
                check.detail.clone(),
                check.mend.clone().unwrap_or_default(),
            ]
        }));
        text.push_str(&table(&rows));
        text.push('\n');
    }
    let (log, place) = (&view.origin, &view.place);
    let digest = view.roster.as_deref().unwrap_or_default();
    let _ = match view.state {
        BeginningName::Refused => writeln!(
            text,
            "Nothing was begun: {place} is not fit for the ledger `{log}`, or not known to be."
        ),
        BeginningName::Before => writeln!(text, "The ledger `{log}` in {place} has begun already."),
        BeginningName::Begun => writeln!(
            text,
            "The ledger `{log}` in {place} has begun; roster 1 is in force:"
        ),
        BeginningName::Waiting => writeln!(
            text,
            "The ledger `{log}` in {place} waits for more administrators to sign for its first \
             roster.\nThey say: interlock roster sign {}",
            digest.get(..SHORT).unwrap_or(digest)
        ),
    };
    text.push_str(&list(&view.changes));
    text
}

/// The roster in force, and what waits.
pub fn roster(view: &RosterView) -> String {
    let mut text = match (view.version, &view.digest) {
        (Some(version), Some(digest)) => format!(
            "Roster {version} of the ledger `{}` is in force ({}).\n{} of {} administrators have to \
             sign for the next one: {}; they {} decide on promotions.\n\n",
            view.origin,
            digest.get(..SHORT).unwrap_or(digest),
            view.threshold,
            view.administrators.len(),
            view.administrators.join(", "),
            if view.administrators_decide {
                "may"
            } else {
                "may not"
            }
        ),
        _ => format!(
            "No roster of the ledger `{}` is in force yet.\n",
            view.origin
        ),
    };
    if !view.people.is_empty() {
        let mut rows = vec![head(&["PERSON", "ROLE", "GROUPS", "ASSURANCE", "KEY"])];
        for person in &view.people {
            rows.extend(person_rows(person));
        }
        text.push_str(&table(&rows));
    }
    for waiting in &view.proposals {
        text.push('\n');
        text.push_str(&proposal(waiting));
    }
    if !view.wanted.is_empty() {
        text.push_str(
            "\nThe estate file wants it otherwise; `interlock roster propose` proposes that:\n",
        );
        text.push_str(&list(&view.wanted));
    }
    text
}

/// A roster that waits, or one that was signed for just now.
pub fn proposal(view: &RosterProposalView) -> String {
    let short = view.digest.get(..SHORT).unwrap_or(&view.digest);
    let mut text = if view.in_force {
        format!("Roster {} ({short}) is in force:\n", view.version)
    } else {
        let mut wanted = Vec::new();
        for (count, whose) in [
            (view.wanted_of_present, "of the roster in force"),
            (view.wanted_of_own, "of its own"),
        ] {
            if count > 0 {
                wanted.push(format!("{count} {whose}"));
            }
        }
        let mut signed = view.signed_by_present.clone();
        signed.extend(
            view.signed_by_own
                .iter()
                .filter(|id| !view.signed_by_present.contains(id))
                .cloned(),
        );
        format!(
            "Roster {} waits for administrators to sign: {} more ({} signed).\nThey say: interlock \
             roster sign {short}\n",
            view.version,
            wanted.join(" and "),
            signed.join(", ")
        )
    };
    text.push_str(&list(&view.changes));
    text
}

/// The key that somebody signs with here.
pub fn own_key(view: &OwnKeyView) -> String {
    let known = if view.in_roster {
        "The roster in force knows it."
    } else {
        "The roster in force does not know it: put it under `keys` of this person in the estate file, \
         and have it proposed."
    };
    format!(
        "{}\n{} signs here with it ({}). {known}",
        view.line, view.person, view.with
    )
}

fn person_rows(person: &RosterPersonView) -> Vec<Vec<String>> {
    let name = if person.active {
        format!("{} ({})", person.name, person.id)
    } else {
        format!("{} ({}), not active", person.name, person.id)
    };
    let first = vec![name, person.role.clone(), person.groups.join(", ")];
    let mut keys = person.keys.iter().map(key_cells);
    let with = |cells: Vec<String>, key: Option<[String; 2]>| {
        let key = key.unwrap_or_else(|| [String::new(), "no key".into()]);
        [cells, key.to_vec()].concat()
    };
    let mut rows = vec![with(first, keys.next())];
    rows.extend(keys.map(|key| with(vec![String::new(); 3], Some(key))));
    rows
}

fn key_cells(key: &RosterKeyView) -> [String; 2] {
    let revoked = key
        .revoked_from
        .map_or_else(String::new, |seq| format!(" (revoked from entry {seq} on)"));
    [
        key.assurance.to_string(),
        format!(
            "{} {}{revoked}",
            key.id.get(..8).unwrap_or(&key.id),
            key.line
        ),
    ]
}

const fn outcome(outcome: PlaceCheckName) -> &'static str {
    match outcome {
        PlaceCheckName::Holds => "holds",
        PlaceCheckName::Broken => "DOES NOT HOLD",
        PlaceCheckName::Unknown => "not known",
    }
}

fn list(sentences: &[String]) -> String {
    sentences.iter().fold(String::new(), |mut text, sentence| {
        let _ = writeln!(text, "  - {sentence}");
        text
    })
}
