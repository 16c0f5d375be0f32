//! What docs/command-line.md promises to programs.

use crate::support::{Bank, Desk, Ended, root};
use std::collections::BTreeSet;

fn page() -> String {
    std::fs::read_to_string(root().join("docs/command-line.md")).unwrap()
}

/// Cells of the row that begins with these words.
fn row(page: &str, first: &str) -> Vec<String> {
    let found = page.lines().find(|line| {
        line.strip_prefix("| ")
            .and_then(|line| line.split(" |").next())
            .is_some_and(|cell| cell.split(", ").any(|name| name == first))
    });
    let found = found.unwrap_or_else(|| panic!("no row of {first}"));
    found
        .split('|')
        .map(|cell| cell.trim().to_owned())
        .collect()
}

#[test]
fn exit_codes_on_the_page_are_those_of_help() {
    let page = page();
    let help = Desk::new().run(&["--help"]).ends(0).out;
    let (_, codes) = help.split_once("Exit codes:\n").unwrap();
    let mut told = 0;
    for line in codes.lines().filter(|line| !line.trim().is_empty()) {
        let (code, meaning) = line.trim().split_once("  ").unwrap_or_else(|| {
            let (code, meaning) = line.trim().split_once(' ').unwrap();
            (code, meaning)
        });
        assert_eq!(row(&page, code)[2], meaning.trim(), "{code}");
        told += 1;
    }
    assert_eq!(told, 11);
}

#[track_caller]
fn has_the_fields(page: &str, command: &str, ended: &Ended) -> serde_json::Value {
    let value = ended.json();
    let cells = row(page, &format!("`{command}`"));
    let promised: BTreeSet<&str> = cells[3].split('`').skip(1).step_by(2).collect();
    let printed: BTreeSet<&str> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(printed, promised, "{command}");
    value
}

#[test]
fn json_has_the_fields_that_the_page_promises() {
    let page = page();
    let bank = Bank::open();
    let run = |words: &[&str]| bank.run(&[words, &["--format", "json"]].concat());
    let sides = ["--from", "prod", "--to", "qa"];
    has_the_fields(&page, "status", &run(&["status"]));
    has_the_fields(&page, "doctor", &run(&["doctor"]));
    has_the_fields(&page, "compare", &run(&[&["compare"], &sides[..]].concat()));
    let one = run(&[&["compare", "transfers"], &sides[..]].concat());
    has_the_fields(&page, "compare SERVICE", &one);
    let variables = run(&["variables", "transfers"]);
    has_the_fields(&page, "variables", &variables);
    let contained = run(&["contains", "payments-api/v9.1.4"]);
    has_the_fields(&page, "contains", &contained);
    let drift = run(&["drift", "payments-api", "prod"]);
    has_the_fields(&page, "drift", &drift);
    let promotion = run(&["promote", "transactions-table", "--to", "prod"]);
    let promotion = has_the_fields(&page, "promote", &promotion);
    let id = promotion["summary"]["id"].as_str().unwrap();
    has_the_fields(
        &page,
        "follow PROMOTION --show",
        &run(&["follow", id, "--show"]),
    );
    has_the_fields(&page, "follow", &run(&["follow"]));
    let dossier = run(&["dossier", id, "--output", "one.zip"]);
    has_the_fields(&page, "dossier PROMOTION", &dossier);
    let period = ["--population", "--from", "2020-01-01", "--to", "2020-12-31"];
    let population = run(&[&["dossier", "--output", "all.csv"], &period[..]].concat());
    has_the_fields(&page, "dossier --population", &population);
    has_the_fields(&page, "log", &run(&["log"]));
    let entry = run(&["ledger", "show", "0"]);
    has_the_fields(&page, "ledger show ENTRY", &entry);
    has_the_fields(&page, "ledger show", &run(&["ledger", "show"]));
    has_the_fields(&page, "ledger verify", &run(&["ledger", "verify"]));
    has_the_fields(&page, "ledger init", &run(&["ledger", "init"]));
    has_the_fields(&page, "roster show", &run(&["roster", "show"]));
    has_the_fields(&page, "roster propose", &run(&["roster", "propose"]));
    has_the_fields(&page, "roster key", &run(&["roster", "key"]));
    has_the_fields(&page, "policy show", &run(&["policy", "show"]));
    has_the_fields(&page, "policy test", &run(&["policy", "test"]));
    let explain = run(&["policy", "explain", "transfers", "--to", "prod"]);
    has_the_fields(&page, "policy explain", &explain);
    bank.desk.write("a.yaml", "Resources: {}\n");
    has_the_fields(&page, "diff", &run(&["diff", "a.yaml", "a.yaml"]));
}

#[test]
fn a_run_in_json_is_one_object_a_line_and_ends_with_its_result() {
    let bank = Bank::open();
    bank.run(&["status"]).ends(1);
    let prepare = [
        "promote",
        "cards",
        "--to",
        "qa",
        "--request",
        "--format",
        "json",
    ];
    let view = bank.run(&prepare).json();
    let id = view["summary"]["id"].as_str().unwrap().to_owned();
    if view["approvalsNeeded"] != 0 {
        let digest = view["digest"].as_str().unwrap();
        let approve = ["--as", "l.prado", "approve", &id, "--digest", digest];
        bank.run(&approve).ends(0);
    }
    let run = [
        "promote",
        &id,
        "--execute",
        "--confirm",
        "qa",
        "--format",
        "json",
    ];
    let ended = bank.run(&run);
    let lines: Vec<serde_json::Value> = ended
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (result, log) = lines.split_last().unwrap();
    assert!(result["steps"].is_array(), "{ended:?}");
    assert!(!log.is_empty() && log.iter().all(|line| line["text"].is_string()));
}
