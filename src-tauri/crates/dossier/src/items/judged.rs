//! What was judged: items 8, 9, 10 and 15.

use super::{Desk, NO_MANIFEST};
use crate::{
    evidence::policy_path,
    model::{Item, Table},
    words,
};
use interlock_domain::verdict::{Lifted, Outcome, Verdict};

const HEAD: [&str; 7] = [
    "service", "gate", "outcome", "summary", "source", "observed", "lifted",
];

/// Items 8, 9, 10 and 15.
pub fn items(desk: &Desk<'_>) -> [Item; 4] {
    [tests(desk), analysis(desk), gates(desk), freezes(desk)]
}

fn tests(desk: &Desk<'_>) -> Item {
    let rows = about(desk, &["test"]);
    if rows.is_empty() {
        return Item::absent(
            8,
            "No gate of the manifest is about tests, and no test report is kept in the ledger.",
        );
    }
    Item::partial(8, "The verdicts of gates whose name or rule speaks of tests. The reports themselves, suites, coverage and their digests are not kept in the ledger.")
        .table(Table::new("Verdicts about tests", HEAD).with(rows))
        .files(desk.manifest_file())
}

fn analysis(desk: &Desk<'_>) -> Item {
    let rows = about(
        desk,
        &["quality", "sonar", "analysis", "vulnerab", "secret"],
    );
    let waivers: Vec<_> = desk
        .facts
        .promotion
        .waivers
        .iter()
        .map(|waiver| {
            let place = super::place(waiver.seq);
            [
                waiver.seq.to_string(),
                waiver.service.clone(),
                waiver.gate.clone(),
                waiver.owner.to_string(),
                waiver.by.to_string(),
                waiver.expires.to_string(),
                desk.redactor.comment(&place, &waiver.reason),
            ]
        })
        .collect();
    let item = if rows.is_empty() {
        Item::absent(
            9,
            "No gate of the manifest is about static analysis, and no finding is kept in the ledger.",
        )
    } else {
        Item::partial(
            9,
            "The verdicts of gates whose name or rule speaks of analysis, with the values that they saw. Single findings, dependencies and secrets are not kept in the ledger.",
        )
    };
    let seqs = desk.facts.promotion.waivers.iter().map(|it| it.seq);
    let files: Vec<String> = seqs.flat_map(|seq| desk.files_of(seq)).collect();
    item.table(Table::new("Verdicts about analysis", HEAD).with(rows))
        .table(
            Table::new(
                "Waivers",
                [
                    "entry", "service", "gate", "owner", "said by", "until", "reason",
                ],
            )
            .with(waivers),
        )
        .files(files)
}

fn gates(desk: &Desk<'_>) -> Item {
    let Some(manifest) = desk.manifest() else {
        return Item::absent(10, NO_MANIFEST);
    };
    let policy = manifest.policy;
    let kept = policy
        .map(|digest| policy_path(&digest))
        .filter(|path| desk.evidence.has(path));
    let digest = policy.map_or_else(|| "none".to_owned(), |digest| digest.to_string());
    let mut missing = vec!["the version of the program that judged"];
    if policy.is_none() {
        missing.push("a policy that the manifest names");
    } else if kept.is_none() {
        missing.push("the text of the policy");
    }
    Item::lacking(10, &missing)
        .table(Table::new("Policy", ["SHA-256", "file"]).with([[
            digest,
            kept.clone().unwrap_or_else(|| "not here".to_owned()),
        ]]))
        .table(Table::new("Verdicts at the time of preparing", HEAD).with(about(desk, &[""])))
        .files(desk.manifest_file().into_iter().chain(kept))
}

fn freezes(desk: &Desk<'_>) -> Item {
    let rows = about(desk, &["freeze", "calendar"]);
    if rows.is_empty() {
        return Item::absent(15, "No gate of the manifest is about freezes.");
    }
    Item::partial(15, "The verdict at the time of preparing. It is judged again before approval and start, and what was found then is not kept in the ledger unless it stopped the promotion.")
        .table(Table::new("Verdicts about freezes", HEAD).with(rows))
        .files(desk.manifest_file())
}

/// Verdicts whose gate or rule speaks of one of these.
fn about(desk: &Desk<'_>, topics: &[&str]) -> Vec<[String; 7]> {
    let verdicts = desk.manifest().map_or(&[][..], |it| &it.gates);
    let speaks = |verdict: &&Verdict| {
        let name = format!("{} {}", verdict.gate, verdict.rule).to_lowercase();
        topics.iter().any(|topic| name.contains(topic))
    };
    verdicts
        .iter()
        .filter(speaks)
        .map(|it| row(desk, it))
        .collect()
}

fn row(desk: &Desk<'_>, verdict: &Verdict) -> [String; 7] {
    let place = format!("gate {}", verdict.gate);
    let outcome = match verdict.outcome {
        Outcome::Pass => "passed",
        Outcome::Fail => "failed",
        Outcome::Unknown => "unknown",
    };
    let lifted = match &verdict.lifted {
        None => String::new(),
        Some(Lifted::Waiver {
            owner,
            reason,
            expires,
        }) => {
            let reason = desk.redactor.comment(&place, reason);
            format!("waiver of {owner} until {expires}: {reason}")
        }
        Some(Lifted::BreakGlass { reason, incident }) => {
            let reason = desk.redactor.comment(&place, reason);
            let incident = desk.redactor.comment(&place, incident);
            format!("break-glass, {incident}: {reason}")
        }
    };
    [
        verdict.service.clone(),
        verdict.gate.clone(),
        outcome.to_owned(),
        desk.redactor.text(&place, &verdict.summary),
        desk.redactor.text(&place, &verdict.evidence),
        words::time(verdict.at),
        lifted,
    ]
}
