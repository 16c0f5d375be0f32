//! Where it comes from: items 6, 7 and 11.

use super::{Desk, NO_MANIFEST};
use crate::{
    model::{Item, Table},
    words,
};
use interlock_domain::manifest::Manifest;
use interlock_ledger::Promotion;

/// Items 6, 7 and 11.
pub fn items(desk: &Desk<'_>) -> [Item; 3] {
    let Some(manifest) = desk.manifest() else {
        return [6, 7, 11].map(|number| Item::absent(number, NO_MANIFEST));
    };
    [
        source(desk, manifest),
        build(desk, manifest),
        sequence(desk, manifest),
    ]
}

fn source(desk: &Desk<'_>, manifest: &Manifest) -> Item {
    let unknown = || "not known".to_owned();
    let name = |text: &str| desk.redactor.name("source", text);
    let mut missing = vec![
        "who reviewed and approved the merge requests",
        "whether commits are signed",
        "ids of the pipelines",
    ];
    let services = manifest.services.iter().map(|service| {
        [
            service.service.to_string(),
            service.version.as_deref().map_or_else(unknown, name),
            service
                .commit
                .as_ref()
                .map_or_else(unknown, ToString::to_string),
            service
                .origin_note
                .as_deref()
                .map_or_else(String::new, |note| desk.redactor.text("source", note)),
        ]
    });
    let services: Vec<_> = services.collect();
    if manifest.services.iter().any(|it| it.commit.is_none()) {
        missing.push("the commit of a service");
    }
    if manifest.services.iter().any(|it| it.origin_note.is_some()) {
        missing.push("what the notes say of who wrote and merged it");
    }
    let requests = manifest.services.iter().flat_map(|service| {
        service.merge_requests.iter().map(|request| {
            let by = request.merged_by.as_deref();
            [
                service.service.to_string(),
                name(&request.name),
                by.map_or_else(unknown, name),
            ]
        })
    });
    let authors = manifest.services.iter().flat_map(|service| {
        service.authors.iter().map(|author| {
            let commits = service.commits_by.get(author);
            [
                service.service.to_string(),
                name(author),
                commits.map_or_else(|| "-".to_owned(), ToString::to_string),
            ]
        })
    });
    let (requests, authors): (Vec<_>, Vec<_>) = (requests.collect(), authors.collect());
    Item::lacking(6, &missing)
        .table(
            Table::new("What it brings", ["service", "version", "commit", "note"]).with(services),
        )
        .table(
            Table::new("Merge requests", ["service", "merge request", "merged by"]).with(requests),
        )
        .table(Table::new("Who wrote or merged it", ["service", "author", "commits"]).with(authors))
        .files(desk.manifest_file())
}

fn build(desk: &Desk<'_>, manifest: &Manifest) -> Item {
    let rows: Vec<_> = manifest
        .services
        .iter()
        .flat_map(|service| {
            service.artifacts.iter().map(|artifact| {
                [
                    service.service.to_string(),
                    artifact.stack.to_string(),
                    desk.redactor.text("artifact", &artifact.resource),
                    desk.redactor.text("artifact", &artifact.location),
                ]
            })
        })
        .collect();
    if rows.is_empty() {
        return Item::absent(
            7,
            "No template names an archive or an image, and no build attestation or software bill of materials is read.",
        );
    }
    Item::partial(7, "What the templates name is listed with what pins it. No build attestation and no software bill of materials is read.")
        .table(Table::new("Archives and images", ["service", "stack", "resource", "location"]).with(rows))
        .files(desk.manifest_file())
}

/// Promotions of the same commit, or where that is not known of the same version, of a service.
fn sequence(desk: &Desk<'_>, manifest: &Manifest) -> Item {
    let mut rows = Vec::new();
    for service in &manifest.services {
        for other in desk.facts.record.promotions.values() {
            let theirs = other.manifest.as_ref();
            let Some(part) = theirs.and_then(|it| it.service(&service.service)) else {
                continue;
            };
            let is_same = match (&service.commit, &part.commit) {
                (Some(ours), Some(theirs)) => ours.same_as(theirs),
                _ => service.version.is_some() && service.version == part.version,
            };
            if is_same {
                rows.push((ended(other), row(desk, service.service.as_str(), other)));
            }
        }
    }
    rows.sort();
    let elsewhere = rows.iter().any(|(_, row)| row[1] != manifest.to.as_str());
    let table = Table::new(
        "Promotions of the same content",
        [
            "service",
            "environment",
            "promotion",
            "version",
            "state",
            "ended",
        ],
    )
    .with(rows.into_iter().map(|(_, row)| row));
    let item = if elsewhere {
        Item::partial(
            11,
            "Promotions are compared by commit, or by version where no commit is known. That the same archives and images ran in each environment is not proven by digest.",
        )
    } else {
        Item::absent(
            11,
            "No other promotion of this content into another environment stands in this ledger.",
        )
    };
    item.table(table)
}

fn ended(promotion: &Promotion) -> String {
    let attempt = promotion.last_attempt();
    words::time(
        attempt
            .and_then(|it| it.ended.as_ref())
            .map(|(_, at, _)| *at),
    )
}

fn row(desk: &Desk<'_>, service: &str, promotion: &Promotion) -> [String; 6] {
    let manifest = promotion.manifest.as_ref();
    let parts = manifest.map_or(&[][..], |it| &it.services);
    let part = parts.iter().find(|it| it.service.as_str() == service);
    let version = part.and_then(|it| it.version.clone()).unwrap_or_default();
    [
        service.to_owned(),
        promotion.to.clone(),
        promotion.id.to_string(),
        desk.redactor.name("sequence", &version),
        words::state(&promotion.state).to_owned(),
        ended(promotion),
    ]
}
