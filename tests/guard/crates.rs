//! Which crate may use which, and who may link Tauri.

use interlock_acceptance::repository::root;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::OnceLock;

/// The allowed direct uses between our crates, without their `interlock-` prefix.
///
/// Two shells (`desktop`, `cli`) share one composition (`host`); only that composition knows the
/// adapters. Adapters never use each other; `practice` uses none of ours, so that no connector can
/// pass by sharing code with the server it is tested on.
const ALLOWED: [(&str, &[&str]); 17] = [
    ("domain", &[]),
    ("stackdiff", &["domain"]),
    ("policy", &["domain"]),
    ("ledger", &["domain"]),
    ("dossier", &["domain", "ledger"]),
    ("contract", &["domain"]),
    ("app", &["domain", "stackdiff", "policy", "ledger"]),
    ("store", &["domain", "app"]),
    ("secrets", &["domain", "app"]),
    // The port of the team's ledger belongs to the ledger.
    ("connect-aws", &["domain", "app", "ledger"]),
    ("connect-git", &["domain", "app"]),
    ("connect-http", &["domain", "app"]),
    ("practice", &[]),
    (
        "host",
        &[
            "domain",
            "app",
            "contract",
            "stackdiff",
            "policy",
            "ledger",
            "dossier",
            "store",
            "connect-aws",
            "connect-http",
            "connect-git",
            "secrets",
            "practice",
        ],
    ),
    (
        "cli",
        &["domain", "app", "contract", "stackdiff", "host", "practice"],
    ),
    ("desktop", &["contract", "host"]),
    (
        "acceptance",
        &[
            "app",
            "connect-aws",
            "contract",
            "domain",
            "host",
            "ledger",
            "policy",
            "practice",
            "stackdiff",
            "store",
        ],
    ),
];

/// Crates that only a shell with a window may have below it.
const WINDOW_CRATES: [&str; 5] = ["tauri", "wry", "tao", "gtk", "webkit2gtk"];

fn metadata() -> &'static Value {
    static METADATA: OnceLock<Value> = OnceLock::new();
    METADATA.get_or_init(|| {
        // What other platforms need was never fetched here.
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked", "--offline"])
            .args(["--filter-platform", &platform()])
            .current_dir(root())
            .output()
            .unwrap();
        let talk = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo metadata: {talk}");
        serde_json::from_slice(&output.stdout).unwrap()
    })
}

/// The platform that the compiler is for.
fn platform() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc names its host").to_owned()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap()
}

fn own(name: &str) -> Option<&str> {
    name.strip_prefix("interlock-")
}

#[test]
fn our_crates_use_each_other_only_in_the_allowed_directions() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    let members: BTreeSet<&str> = list(metadata(), "workspace_members")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for package in list(metadata(), "packages") {
        if !members.contains(text(package, "id")) {
            continue;
        }
        let name = own(text(package, "name")).expect("our crates are called interlock-something");
        seen.insert(name);
        let Some(targets) = allowed.get(name) else {
            wrong.push(format!("{name} is in no room; add it to ALLOWED"));
            continue;
        };
        for dependency in list(package, "dependencies") {
            let Some(used) = own(text(dependency, "name")) else {
                continue;
            };
            let for_tests = dependency["kind"] == "dev";
            // Tests of a connector or composition may talk to the practice estate.
            let allowed = targets.contains(&used) || (for_tests && used == "practice");
            if !allowed {
                wrong.push(format!("{name} -> {used}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "uses that the rooms do not allow: {wrong:#?}"
    );
    let expected: BTreeSet<&str> = allowed.keys().copied().collect();
    assert_eq!(seen, expected, "the list of rooms is out of date");
}

#[test]
fn only_the_desktop_has_a_window_toolkit_below_it() {
    let nodes: BTreeMap<&str, &Value> = list(&metadata()["resolve"], "nodes")
        .iter()
        .map(|node| (text(node, "id"), node))
        .collect();
    let names: BTreeMap<&str, &str> = list(metadata(), "packages")
        .iter()
        .map(|package| (text(package, "id"), text(package, "name")))
        .collect();
    let below = |start: &str| -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut open = vec![start.to_owned()];
        while let Some(id) = open.pop() {
            if seen.insert(id.clone()) {
                let dependencies = list(nodes[id.as_str()], "dependencies");
                open.extend(
                    dependencies
                        .iter()
                        .filter_map(Value::as_str)
                        .map(str::to_owned),
                );
            }
        }
        seen.iter()
            .map(|id| names[id.as_str()].to_owned())
            .collect()
    };
    for member in list(metadata(), "workspace_members") {
        let id = member.as_str().unwrap();
        let below = below(id);
        let toolkit: Vec<_> = WINDOW_CRATES
            .iter()
            .filter(|name| below.contains(**name))
            .collect();
        if names[id] == "interlock-desktop" {
            assert_eq!(
                toolkit.len(),
                WINDOW_CRATES.len(),
                "this test looks for the wrong names"
            );
        } else {
            assert!(toolkit.is_empty(), "{} links {toolkit:?}", names[id]);
        }
    }
}
