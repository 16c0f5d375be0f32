//! What is built from: locked, checked, and with nothing fetched when it runs.

use interlock_acceptance::repository::{has_extension, read, root};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Names of standards and of error pages; nothing is fetched from them.
const NAMES: [&str; 6] = [
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
    "http://www.w3.org/1998/Math/MathML",
    "https://react.dev/errors/",
    // A base to read relative addresses with.
    "http://localhost",
];

#[test]
fn threat_17_dependencies_of_the_programs_are_locked_and_checked() {
    let lock = read("Cargo.lock");
    let sources: Vec<&str> = lock
        .lines()
        .filter_map(|line| line.strip_prefix("source = "))
        .collect();
    assert!(sources.len() > 300, "the lock file names every dependency");
    for source in sources {
        let registry = "\"registry+https://github.com/rust-lang/crates.io-index\"";
        assert_eq!(source, registry);
    }
    let rules = read("deny.toml");
    for rule in [
        "unknown-registry = \"deny\"",
        "unknown-git = \"deny\"",
        "yanked = \"deny\"",
    ] {
        assert!(rules.contains(rule), "deny.toml lost {rule}");
    }
    let check = read(".ci/deny");
    assert!(check.contains("check bans licenses sources") && check.contains("check advisories"));
    assert!(read(".ci/run").contains("step 'cargo-deny' .ci/deny"));
}

#[test]
fn threat_18_dependencies_of_the_page_are_locked_and_run_nothing_when_installed() {
    let lock: Value = serde_json::from_str(&read("ui/package-lock.json")).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    assert!(packages.len() > 50);
    for (place, package) in packages.iter().filter(|(place, _)| !place.is_empty()) {
        assert!(package["integrity"].is_string(), "{place} has no digest");
        assert_ne!(
            package["hasInstallScript"], true,
            "{place} wants to run a script"
        );
    }
    for file in [".ci/setup", "Makefile"] {
        for line in read(file).lines().filter(|line| line.contains("npm ci")) {
            let says_it = line.trim_start().starts_with("say ");
            assert!(
                says_it || line.contains("--ignore-scripts"),
                "{file}: {line}"
            );
        }
    }
}

#[test]
fn threat_18_the_page_that_is_shipped_names_no_address_to_fetch_from() {
    let mut texts = 0;
    let mut named = Vec::new();
    for (path, text) in shipped(&root().join("ui/dist")) {
        texts += 1;
        for scheme in ["http://", "https://", "ws://", "wss://", "ftp://"] {
            for (at, _) in text.match_indices(scheme) {
                // A scheme alone is no address.
                let host = text[at + scheme.len()..].chars().next();
                let is_name = NAMES.iter().any(|name| text[at..].starts_with(name));
                if host.is_some_and(char::is_alphanumeric) && !is_name {
                    let end = text[at..]
                        .char_indices()
                        .nth(60)
                        .map_or(text.len(), |(i, _)| at + i);
                    named.push(format!("{path}: {}", &text[at..end]));
                }
            }
        }
        // `//host/file` goes where the page came from; in attributes and styles it would be fetched.
        for inherited in [
            "src=\"//",
            "href=\"//",
            "url(//",
            "url(\"//",
            "@import \"//",
        ] {
            if text.contains(inherited) {
                named.push(format!("{path}: {inherited}"));
            }
        }
    }
    assert!(texts >= 3, "the page is built: `npm run build` in ui");
    assert!(named.is_empty(), "{named:#?}");
}

/// Every text of the built page.
fn shipped(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(shipped(&path));
        } else if has_extension(
            &path.to_string_lossy(),
            &["js", "css", "html", "svg", "json"],
        ) {
            found.push((
                path.display().to_string(),
                fs::read_to_string(&path).unwrap(),
            ));
        }
    }
    found
}
