//! What is asked for: items 1 to 5.

use super::{Desk, NO_MANIFEST, place};
use crate::{
    model::{Item, Table},
    said, words,
};
use interlock_ledger::Predicate;

/// Elements that say which promotion it is: they stay although a parameter has the same value.
const IDENTITY: [&str; 9] = [
    "services",
    "from",
    "to",
    "requester",
    "version",
    "commit",
    "account",
    "region",
    "delivered after",
];

/// Items 1 to 5.
pub fn items(desk: &Desk<'_>) -> [Item; 5] {
    [
        request(desk),
        classification(desk),
        Item::absent(
            3,
            "What a change does to access, network, encryption and logging is computed when a promotion is shown, and not kept in the ledger. The manifest binds the announced changes by digest (item 5).",
        ),
        manifest(desk),
        difference(desk),
    ]
}

fn request(desk: &Desk<'_>) -> Item {
    let promotion = &desk.facts.promotion;
    let requester = desk
        .manifest()
        .map_or(&promotion.begun_by, |it| &it.requester);
    let row = |name: &str, value: String| [name.to_owned(), value];
    let table = Table::new("Promotion", ["field", "value"]).with([
        row("id", promotion.id.to_string()),
        row("services", promotion.services.join(", ")),
        row("environment", promotion.to.clone()),
        row("requester", requester.to_string()),
        row("begun by", promotion.begun_by.to_string()),
        row("begun at", promotion.created_at.to_string()),
        row("state", words::state(&promotion.state).to_owned()),
    ]);
    let asked = desk.said_of(|it| {
        matches!(
            it,
            Predicate::PrepareIntent { .. } | Predicate::Request { .. }
        )
    });
    let mut files = Vec::new();
    let mut says_why = false;
    let mut rows = Vec::new();
    for (entry, statement) in asked {
        files.extend(desk.files_of(entry.seq));
        says_why |= matches!(&statement.predicate, Predicate::Request { comment, .. } if !comment.is_empty());
        rows.push([
            entry.seq.to_string(),
            statement.at.to_string(),
            statement.actor.to_string(),
            said::line(&statement.predicate, &place(entry.seq), desk.redactor),
        ]);
    }
    let reason = if says_why {
        "the comment of the request is the reason"
    } else {
        "nobody wrote a reason with the request"
    };
    let why = format!("The ledger has no field for a title and a change ticket; {reason}.");
    Item::partial(1, why)
        .table(table)
        .table(Table::new("What was asked", ["entry", "time", "person", "said"]).with(rows))
        .files(files)
}

fn classification(desk: &Desk<'_>) -> Item {
    let promotion = &desk.facts.promotion;
    let emergency = promotion.break_glass.is_some();
    let class = if emergency { "emergency" } else { "normal" };
    let table = Table::new("Classification", ["field", "value"])
        .with([["class, by the record".to_owned(), class.to_owned()]]);
    Item::partial(2, "Only emergencies are told apart. Whether the change is a significant one (PCI DSS 6.5.2) is not recorded, nor a check-list for it.").table(table)
}

fn manifest(desk: &Desk<'_>) -> Item {
    let (Some(manifest), Some(digest)) = (desk.manifest(), desk.facts.promotion.digest) else {
        return Item::absent(4, NO_MANIFEST);
    };
    let rows = manifest.elements().into_iter().map(|(group, name, value)| {
        let place = format!("manifest: {name} of {group}");
        let value = match name.as_str() {
            _ if name.starts_with("parameter ") => desk.redactor.value(&place, &value),
            _ if IDENTITY.contains(&name.as_str()) => desk.redactor.name(&place, &value),
            _ => desk.redactor.text(&place, &value),
        };
        [group, name, value]
    });
    let digests = desk.evidence.manifests.iter().map(|(known, path)| {
        let current = words::yes(*known == digest);
        let path = if desk.evidence.has(path) {
            path.clone()
        } else {
            "left out".to_owned()
        };
        [known.to_string(), current, path]
    });
    let item = if desk.manifest_file().is_some() {
        Item::present(4)
    } else {
        Item::partial(
            4,
            "The exact bytes are left out of a redacted dossier; their SHA-256 is here.",
        )
    };
    let files = desk.evidence.manifests.iter().map(|(_, path)| path.clone());
    item.table(Table::new("Manifests", ["SHA-256", "current", "file"]).with(digests))
        .table(Table::new("Elements", ["group", "element", "value"]).with(rows))
        .files(files.filter(|path| desk.evidence.has(path)))
}

fn difference(desk: &Desk<'_>) -> Item {
    let Some(manifest) = desk.manifest() else {
        return Item::absent(5, NO_MANIFEST);
    };
    let rows: Vec<_> = manifest
        .change_sets()
        .map(|(service, stack)| {
            [
                service.service.to_string(),
                stack.stack.to_string(),
                desk.redactor.text("change set", &stack.change_set),
                stack.changes.to_string(),
            ]
        })
        .collect();
    if rows.is_empty() {
        return Item::absent(
            5,
            "A job deploys: there is no change set. What the difference was shown as is not kept in the ledger.",
        );
    }
    Item::partial(5, "The list of changes that AWS announced is bound by its SHA-256, which stands in the manifest that was approved. The difference as a person saw it is not kept in the ledger, nor a digest of it.")
        .table(Table::new("Announced changes", ["service", "stack", "change set", "SHA-256 of the changes"]).with(rows))
        .files(desk.manifest_file())
}
