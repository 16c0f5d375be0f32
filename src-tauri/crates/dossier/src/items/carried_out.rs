//! What was done and seen: items 16, 17, 18, 19 and 21.

use super::{Desk, place};
use crate::{
    model::{Item, Table},
    said, words,
};
use interlock_ledger::{Attempt, Outcome, Predicate, Step, StepOutcome};

const NOT_STARTED: &str = "The promotion was never started.";

/// Items 16, 17, 18, 19 and 21.
pub fn items(desk: &Desk<'_>) -> [Item; 5] {
    [
        timeline(desk),
        executor(desk),
        verification(desk),
        fall_back(desk),
        failures(desk),
    ]
}

fn timeline(desk: &Desk<'_>) -> Item {
    let attempts = &desk.facts.promotion.attempts;
    let steps = attempts
        .iter()
        .flat_map(|attempt| attempt.steps.iter().map(|step| row(desk, attempt, step)));
    let steps: Vec<_> = steps.collect();
    let mut files = Vec::new();
    let mut entries = Vec::new();
    for (entry, statement) in desk.said() {
        files.extend(desk.files_of(entry.seq));
        entries.push([
            entry.seq.to_string(),
            statement.at.to_string(),
            statement.actor.to_string(),
            statement.predicate.kind().to_owned(),
            said::line(&statement.predicate, &place(entry.seq), desk.redactor),
        ]);
    }
    let item = if attempts.is_empty() {
        Item::absent(16, NOT_STARTED)
    } else {
        Item::partial(
            16,
            "Calls, their tokens and the ids that followed stand in the log. The events of stacks and the logs of builds are not kept in the ledger.",
        )
    };
    item.table(
        Table::new(
            "Steps",
            [
                "attempt",
                "step",
                "intended",
                "call",
                "token",
                "followed at",
                "outcome",
                "seen",
                "detail",
            ],
        )
        .with(steps),
    )
    .table(
        Table::new(
            "Every entry that counts",
            ["entry", "time", "person", "kind", "said"],
        )
        .with(entries),
    )
    .files(files)
}

fn row(desk: &Desk<'_>, attempt: &Attempt, step: &Step) -> [String; 9] {
    let place = format!("step {}", step.id);
    let outcome = match step.outcome {
        StepOutcome::Intended => "intended; whether it was called is not recorded",
        StepOutcome::Unknown => "the reply was lost",
        StepOutcome::Accepted => "accepted",
        StepOutcome::Ended(outcome) => words::outcome(outcome),
    };
    [
        attempt.number.to_string(),
        desk.redactor.name(&place, &step.id),
        step.intended_at.to_string(),
        desk.redactor.text(&place, &step.call),
        step.token.clone(),
        desk.redactor
            .text(&place, step.handle.as_deref().unwrap_or("")),
        outcome.to_owned(),
        words::time(step.observed_at),
        desk.redactor.text(&place, &step.detail),
    ]
}

fn executor(desk: &Desk<'_>) -> Item {
    let attempts = &desk.facts.promotion.attempts;
    if attempts.is_empty() {
        return Item::absent(17, NOT_STARTED);
    }
    let rows = attempts.iter().map(|attempt| {
        [
            attempt.number.to_string(),
            attempt.by.to_string(),
            attempt.started_at.to_string(),
            words::yes(attempt.in_emergency),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let mut files = Vec::new();
    let mut drivers = Vec::new();
    for (entry, statement) in desk.drivers() {
        files.extend(desk.files_of(entry.seq));
        drivers.push([
            entry.seq.to_string(),
            statement.at.to_string(),
            statement.actor.to_string(),
            said::line(&statement.predicate, &place(entry.seq), desk.redactor),
        ]);
    }
    Item::partial(17, "Who signed to carry it out, and who took it over, is here. The session of AWS that made the calls, the events of CloudTrail and their digest files are not read.")
        .table(Table::new("Attempts", ["attempt", "started by", "started", "emergency"]).with(rows))
        .table(Table::new("Who drove it", ["entry", "time", "person", "said"]).with(drivers))
        .files(files)
}

fn verification(desk: &Desk<'_>) -> Item {
    let attempts = &desk.facts.promotion.attempts;
    let rows = attempts.iter().filter_map(|attempt| {
        let (held, at, detail) = attempt.verified.as_ref()?;
        Some([
            attempt.number.to_string(),
            at.to_string(),
            words::yes(*held),
            desk.redactor.text("verification", detail),
        ])
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        let why = if attempts.is_empty() {
            NOT_STARTED
        } else {
            "No verification stands in the log."
        };
        return Item::absent(18, why);
    }
    let said = desk.said_of(|it| matches!(it, Predicate::Verification { .. }));
    let files: Vec<String> = said
        .flat_map(|(entry, _)| desk.files_of(entry.seq))
        .collect();
    Item::partial(18, "What the environment held was compared with what was approved. Alarms and the drift status afterwards are not kept in the ledger.")
        .table(Table::new("Verifications", ["attempt", "time", "every check held", "checks"]).with(rows))
        .files(files)
}

/// Ends of attempts that are not as intended.
fn bad_ends(desk: &Desk<'_>) -> Vec<(Outcome, [String; 4])> {
    let attempts = desk.facts.promotion.attempts.iter();
    let ends = attempts.filter_map(|attempt| {
        let (outcome, at, detail) = attempt.ended.as_ref()?;
        let row = [
            attempt.number.to_string(),
            at.to_string(),
            words::outcome(*outcome).to_owned(),
            desk.redactor.text("completion", detail),
        ];
        (*outcome != Outcome::Succeeded).then_some((*outcome, row))
    });
    ends.collect()
}

fn completions(desk: &Desk<'_>) -> Vec<String> {
    let said = desk.said_of(|it| matches!(it, Predicate::Completion { .. }));
    said.flat_map(|(entry, _)| desk.files_of(entry.seq))
        .collect()
}

fn fall_back(desk: &Desk<'_>) -> Item {
    let back = bad_ends(desk)
        .into_iter()
        .filter(|(outcome, _)| *outcome == Outcome::RolledBack);
    let rows: Vec<_> = back.map(|(_, row)| row).collect();
    if rows.is_empty() {
        return Item::absent(
            19,
            "The ledger has no field for a fall-back plan, responsible persons and a rehearsal, and nothing was rolled back.",
        );
    }
    Item::partial(19, "What was rolled back stands in the log. The ledger has no field for a fall-back plan, responsible persons and a rehearsal.")
        .table(Table::new("What was rolled back", ["attempt", "time", "outcome", "detail"]).with(rows))
        .files(completions(desk))
}

fn failures(desk: &Desk<'_>) -> Item {
    let rows: Vec<_> = bad_ends(desk).into_iter().map(|(_, row)| row).collect();
    let item = if rows.is_empty() {
        Item::present(21)
    } else {
        Item::partial(
            21,
            "The ledger has no field for tickets that follow a failure.",
        )
    };
    let item = match &desk.facts.promotion.tainted {
        Some(reason) => {
            let reason = desk.redactor.comment("taint", reason);
            item.table(Table::new("What was taken back later", ["reason"]).with([[reason]]))
        }
        None => item,
    };
    item.table(
        Table::new(
            "Attempts that did not end as intended",
            ["attempt", "time", "outcome", "detail"],
        )
        .with(rows),
    )
    .files(completions(desk))
}
