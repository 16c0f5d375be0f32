//! The documents that belong to a project, and the list of decisions.

use interlock_acceptance::repository::{files, has_extension, read, root};
use std::collections::BTreeSet;

/// Everything that may stand at the top.
const TOP_LEVEL: [&str; 20] = [
    ".cargo",
    ".ci",
    ".gitignore",
    ".taurignore",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "Makefile",
    "README.md",
    "clippy.toml",
    "deny.toml",
    "docs",
    "fuzz",
    "icons",
    "src-tauri",
    "tauri.conf.json",
    "tests",
    "ui",
];

#[test]
fn the_top_level_holds_what_was_agreed_and_nothing_else() {
    let found: BTreeSet<String> = files()
        .iter()
        .map(|path| path.split('/').next().unwrap_or(path).to_owned())
        .collect();
    let agreed = TOP_LEVEL.map(str::to_owned).into();
    assert_eq!(found, agreed);
}

#[test]
fn every_decision_record_is_in_the_list_and_every_listed_one_exists() {
    let index = read("docs/decisions/README.md");
    let records: Vec<String> = files()
        .into_iter()
        .filter_map(|path| path.strip_prefix("docs/decisions/").map(str::to_owned))
        .filter(|name| name != "README.md")
        .collect();
    assert!(!records.is_empty());
    for record in &records {
        assert!(
            index.contains(&format!("({record})")),
            "{record} is not listed"
        );
    }
    for link in links(&index).filter(|link| has_extension(link, &["md"])) {
        assert!(root().join("docs/decisions").join(link).exists(), "{link}");
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut broken = Vec::new();
    for path in files().iter().filter(|path| has_extension(path, &["md"])) {
        let text = read(path);
        let folder = root().join(path);
        let folder = folder.parent().unwrap();
        for link in links(&text) {
            let target = link.split('#').next().unwrap_or(link);
            let elsewhere =
                target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            if !elsewhere && !folder.join(target).exists() {
                broken.push(format!("{path}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_licence_is_there_in_full() {
    let licence = read("LICENSE");
    assert!(licence.contains("Apache License"));
    assert!(licence.contains("END OF TERMS AND CONDITIONS"));
}

/// Targets of Markdown links, outside of code blocks.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines()
        .filter(move |line| {
            if line.trim_start().starts_with("```") {
                in_code = !in_code;
                return false;
            }
            !in_code
        })
        .flat_map(|line| line.split("](").skip(1))
        .filter_map(|rest| rest.split(')').next())
        .filter(|link| !link.contains(' '))
}
