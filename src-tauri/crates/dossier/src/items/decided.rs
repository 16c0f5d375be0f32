//! Who decided, and who could have: items 12, 13, 14, 20, 25 and 26.

use super::{Desk, NO_MANIFEST, place};
use crate::{
    evidence::{policy_path, roster_path, signature, ssh_name},
    model::{Item, Table},
    said, words,
};
use interlock_domain::{PersonId, manifest::Manifest};
use interlock_ledger::{Entry, Predicate, Roster, Statement, authority::Activation};
use std::collections::BTreeSet;

/// Items 12, 13, 14, 20, 25 and 26.
pub fn items(desk: &Desk<'_>) -> [Item; 6] {
    [
        duties(desk),
        approvals(desk),
        others(desk),
        emergency(desk),
        roster(desk),
        policy(desk),
    ]
}

/// The roster in force at the promotion's last entry.
fn in_force<'a>(desk: &Desk<'a>) -> Option<&'a Roster> {
    let last = desk.facts.own_entries().last();
    last.and_then(|entry| entry.roster.as_deref())
}

fn duties(desk: &Desk<'_>) -> Item {
    let Some(manifest) = desk.manifest() else {
        return Item::absent(12, NO_MANIFEST);
    };
    let roster = in_force(desk);
    let people = took_part(desk, manifest);
    let approvals = &desk.facts.promotion.approvals;
    let drivers = desk.drivers();
    let rows = people.iter().map(|person| {
        let known_as = roster
            .and_then(|it| it.members_names(person))
            .unwrap_or_default();
        let wrote = manifest
            .authors()
            .any(|author| author == person || known_as.contains(author));
        [
            desk.redactor.name("separation of duties", person),
            words::yes(manifest.requester.as_str() == person),
            words::yes(wrote),
            words::yes(approvals.iter().any(|it| it.by.as_str() == person)),
            words::yes(drivers.iter().any(|(_, it)| it.actor.as_str() == person)),
        ]
    });
    let matching = desk.facts.promotion.matching();
    let rules = desk.facts.promotion.rules();
    let met = rules
        .iter()
        .zip(matching.by_rule.iter().zip(&matching.missing));
    let met = met.map(|(rule, (by, missing))| {
        let by: Vec<&str> = by.iter().map(PersonId::as_str).collect();
        [
            rule.name.clone(),
            rule.count.to_string(),
            by.join(", "),
            missing.to_string(),
        ]
    });
    let (rows, met): (Vec<_>, Vec<_>) = (rows.collect(), met.collect());
    let unknown = manifest.services.iter().any(|it| it.origin_note.is_some());
    let missing: &[&str] = if unknown {
        &["who wrote and merged some of it (item 6 has the notes)"]
    } else {
        &[]
    };
    Item::lacking(12, missing)
        .table(
            Table::new(
                "Who did what",
                [
                    "person",
                    "requested",
                    "wrote or merged",
                    "approved",
                    "executed",
                ],
            )
            .with(rows),
        )
        .table(
            Table::new(
                "Approval rules",
                ["rule", "wanted", "met by", "still missing"],
            )
            .with(met),
        )
        .files(desk.manifest_file())
}

/// Everybody who took part: by id where the roster knows them, else by the name that a system gave.
fn took_part(desk: &Desk<'_>, manifest: &Manifest) -> BTreeSet<String> {
    let roster = in_force(desk);
    let promotion = &desk.facts.promotion;
    let mut people = BTreeSet::from([
        manifest.requester.to_string(),
        promotion.begun_by.to_string(),
    ]);
    people.extend(promotion.approvals.iter().map(|it| it.by.to_string()));
    people.extend(desk.drivers().iter().map(|(_, it)| it.actor.to_string()));
    for author in manifest.authors() {
        let members = roster.map_or(&[][..], |it| &it.people);
        let known = members
            .iter()
            .find(|it| it.id.as_str() == author || it.known_as.contains(author));
        people.insert(known.map_or_else(|| author.clone(), |it| it.id.to_string()));
    }
    people
}

/// Names by which systems know a person.
trait Names {
    fn members_names(&self, person: &str) -> Option<Vec<String>>;
}

impl Names for Roster {
    fn members_names(&self, person: &str) -> Option<Vec<String>> {
        let member = self.people.iter().find(|it| it.id.as_str() == person)?;
        Some(member.known_as.clone())
    }
}

fn approvals(desk: &Desk<'_>) -> Item {
    let said: Vec<_> = desk
        .said_of(|it| matches!(it, Predicate::Approval { .. }))
        .collect();
    if said.is_empty() {
        return Item::absent(13, "Nobody has approved it.");
    }
    let rows = said
        .iter()
        .map(|(entry, statement)| approval(desk, entry, statement));
    let rows: Vec<_> = rows.collect();
    let mut files = Vec::new();
    for (entry, _) in &said {
        files.extend(desk.files_of(entry.seq));
        files.extend(ssh_name(desk.facts, entry.seq).filter(|path| desk.evidence.has(path)));
    }
    Item::partial(13, "Missing: an identity statement of another system, such as a token of the identity provider. A statement binds the manifest by digest and everything in the log before it; what stood on the screen is not kept.")
        .table(Table::new("Approvals", ["entry", "time", "person", "manifest", "counts now", "key", "kind", "assurance", "roster", "comment", "signature"]).with(rows))
        .files(files)
}

fn approval(desk: &Desk<'_>, entry: &Entry, statement: &Statement) -> [String; 11] {
    let promotion = &desk.facts.promotion;
    let counts = promotion.approvals.iter().any(|it| it.seq == entry.seq);
    let roster = entry.roster.as_deref();
    let (key, assurance) = entry.signed.as_ref().map_or_else(
        |reason| (reason.clone(), String::new()),
        |signed| (signed.key.clone(), signed.assurance.to_string()),
    );
    let kind = roster
        .and_then(|it| it.holder(&key))
        .map(|(_, it)| it.key.kind.word());
    let comment = match &statement.predicate {
        Predicate::Approval { comment, .. } => desk.redactor.comment(&place(entry.seq), comment),
        _ => String::new(),
    };
    [
        entry.seq.to_string(),
        statement.at.to_string(),
        statement.actor.to_string(),
        statement.subject.to_string(),
        words::yes(counts),
        key,
        kind.unwrap_or_default().to_owned(),
        assurance,
        roster.map_or_else(String::new, |it| it.version.to_string()),
        comment,
        signature(desk.facts, entry.seq).unwrap_or_default(),
    ]
}

fn others(desk: &Desk<'_>) -> Item {
    let promotion = &desk.facts.promotion;
    let is_wanted = |it: &Predicate| {
        matches!(
            it,
            Predicate::Rejection { .. }
                | Predicate::Withdrawal { .. }
                | Predicate::Voided { .. }
                | Predicate::Abandonment { .. }
                | Predicate::PrepareFailed { .. }
        )
    };
    let mut files = Vec::new();
    let mut rows = Vec::new();
    for (entry, statement) in desk.said_of(is_wanted) {
        files.extend(desk.files_of(entry.seq));
        rows.push([
            place(entry.seq),
            statement.at.to_string(),
            statement.actor.to_string(),
            statement.predicate.kind().to_owned(),
            said::line(&statement.predicate, &place(entry.seq), desk.redactor),
        ]);
    }
    for expired in &promotion.expired {
        let until = promotion.counts_until(expired);
        rows.push([
            place(expired.seq),
            words::time(until),
            expired.by.to_string(),
            "expiry".to_owned(),
            "the approval became too old to count".to_owned(),
        ]);
    }
    if let interlock_ledger::PromotionState::Superseded { by } = &promotion.state {
        let row = ["-", "-", "-", "supersession"].map(str::to_owned);
        let [entry, time, person, kind] = row;
        rows.push([
            entry,
            time,
            person,
            kind,
            format!("{by} was approved for the same stacks"),
        ]);
    }
    let ignored = desk.facts.own_entries().filter_map(|entry| {
        let reason = desk.facts.record.ignored.get(&entry.seq)?;
        Some([
            place(entry.seq),
            desk.redactor.text(&place(entry.seq), reason),
        ])
    });
    let ignored: Vec<_> = ignored.collect();
    Item::present(14)
        .table(
            Table::new(
                "What ended or voided something",
                ["place", "time", "person", "kind", "said"],
            )
            .with(rows),
        )
        .table(Table::new("Entries that count for nothing", ["place", "reason"]).with(ignored))
        .files(files)
}

fn emergency(desk: &Desk<'_>) -> Item {
    let Some(broken) = &desk.facts.promotion.break_glass else {
        let table = Table::new("Emergency", ["field", "value"]).with([[
            "break-glass".to_owned(),
            "not used, by the whole log".to_owned(),
        ]]);
        return Item::present(20).table(table);
    };
    let comment = |text: &str| desk.redactor.comment("break-glass", text);
    let row = |name: &str, value: String| [name.to_owned(), value];
    let mut rows = vec![
        row("broken by", broken.by.to_string()),
        row("at", broken.at.to_string()),
        row("incident", comment(&broken.incident)),
        row("reason", comment(&broken.reason)),
        row("manifest", broken.manifest.to_string()),
    ];
    let mut missing = vec!["the due date of the review, which stands in the policy"];
    match &broken.reviewed {
        Some((by, at, found)) => rows.extend([
            row("reviewed by", by.to_string()),
            row("reviewed at", at.to_string()),
            row("found", comment(found)),
        ]),
        None => missing.push("the review afterwards"),
    }
    let said =
        desk.said_of(|it| matches!(it, Predicate::BreakGlass { .. } | Predicate::Review { .. }));
    let files: Vec<String> = said
        .flat_map(|(entry, _)| desk.files_of(entry.seq))
        .collect();
    Item::lacking(20, &missing)
        .table(Table::new("Emergency", ["field", "value"]).with(rows))
        .files(files)
}

fn roster(desk: &Desk<'_>) -> Item {
    let Some(roster) = in_force(desk) else {
        return Item::absent(
            25,
            "No roster was in force when the promotion's last entry was written.",
        );
    };
    let rows = roster.people.iter().map(|member| {
        let keys = member.keys.iter().map(|it| {
            format!(
                "{} ({}, assurance {})",
                it.key.id(),
                it.key.kind.word(),
                it.assurance
            )
        });
        let names = member
            .known_as
            .iter()
            .map(|it| desk.redactor.name("roster", it));
        [
            member.id.to_string(),
            desk.redactor.name("roster", &member.name),
            member.role.word().to_owned(),
            member.groups.join(", "),
            words::yes(member.active),
            words::yes(roster.is_admin(&member.id)),
            names.collect::<Vec<_>>().join(", "),
            keys.collect::<Vec<_>>().join(", "),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let digests = desk.facts.activations.iter().filter_map(|it| match it {
        Activation::Roster {
            seq,
            version,
            digest,
        } => Some([version.to_string(), place(*seq), digest.to_string()]),
        Activation::Policy { .. } => None,
    });
    let digests: Vec<_> = digests.collect();
    let kept = desk
        .manifest()
        .and_then(|it| it.roster)
        .map(|it| roster_path(&it));
    let item = if desk.redactor.is_on() {
        Item::partial(
            25,
            "The document is left out of a redacted dossier; its SHA-256 is here.",
        )
    } else {
        Item::present(25)
    };
    item.table(
        Table::new(
            format!("Roster {}", roster.version),
            [
                "id",
                "name",
                "role",
                "groups",
                "active",
                "administrator",
                "known as",
                "keys",
            ],
        )
        .with(rows),
    )
    .table(
        Table::new(
            "Rosters that came into force",
            ["version", "place", "SHA-256"],
        )
        .with(digests),
    )
    .files(kept.filter(|path| desk.evidence.has(path)))
}

fn policy(desk: &Desk<'_>) -> Item {
    let judged = desk.manifest().and_then(|it| it.policy);
    let history = desk.facts.activations.iter().filter_map(|it| match it {
        Activation::Policy { seq, digest } => Some([place(*seq), digest.to_string()]),
        Activation::Roster { .. } => None,
    });
    let history: Vec<_> = history.collect();
    let Some(digest) = judged else {
        let why = "The manifest names no policy.";
        let item = if history.is_empty() {
            Item::absent(26, why)
        } else {
            Item::partial(26, why)
        };
        return item.table(
            Table::new("Policies that came into force", ["place", "SHA-256"]).with(history),
        );
    };
    let kept = Some(policy_path(&digest)).filter(|path| desk.evidence.has(path));
    let mut missing = Vec::new();
    if kept.is_none() {
        missing.push("the text of the policy");
    }
    if history.is_empty() {
        missing.push("its change history: no policy was signed for in this ledger");
    }
    let judged = [["judged by".to_owned(), digest.to_string()]];
    Item::lacking(26, &missing)
        .table(Table::new("Policy", ["field", "SHA-256"]).with(judged))
        .table(Table::new("Policies that came into force", ["place", "SHA-256"]).with(history))
        .files(kept)
}
