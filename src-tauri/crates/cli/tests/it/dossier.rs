//! The dossier of a promotion that was carried out, opened and checked by programs of others.

use crate::support::{Bank, Ended, root};
use serde_json::Value;
use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A Python that has `cryptography`: that of the conformance tests, or the machine's own.
fn python() -> PathBuf {
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/interlock/venv"));
    let venv = std::env::var_os("INTERLOCK_VENV").map(PathBuf::from);
    let own = venv.into_iter().chain(home).map(|it| it.join("bin/python"));
    let mut own = own.filter(|python| python.exists());
    own.next().unwrap_or_else(|| "python3".into())
}

#[track_caller]
fn ran(program: impl AsRef<OsStr>, words: &[&str], folder: &Path) -> String {
    let output = Command::new(program)
        .args(words)
        .current_dir(folder)
        .output()
        .unwrap();
    let ended = Ended::of(&output).ends(0);
    ended.out
}

/// A promotion that was asked for, approved, carried out and verified.
fn carried_out(bank: &Bank) -> String {
    bank.run(&["status"]).ends(1);
    let ask = [
        "promote",
        "payments-api",
        "--to",
        "prod",
        "--request",
        "--comment",
        CANARY,
    ];
    let view = bank.run(&[&ask[..], &["--format", "json"]].concat()).json();
    let id = view["summary"]["id"].as_str().unwrap().to_owned();
    let digest = view["digest"].as_str().unwrap();
    let approve = ["--as", "l.prado", "approve", &id, "--digest", digest];
    bank.run(&approve).ends(0);
    bank.run(&["promote", &id, "--execute", "--confirm", "prod"])
        .ends(0);
    id
}

/// What somebody wrote, which a redacted dossier does not tell.
const CANARY: &str = "the canary comment of a release";

/// Makes a dossier and opens it with Python's own reader of archives.
fn opened(bank: &Bank, id: &str, name: &str, more: &[&str]) -> (PathBuf, Vec<u8>) {
    let file = bank.desk.path(&format!("{name}.zip")).display().to_string();
    let words = ["dossier", id, "--output", &file];
    bank.run(&[&words[..], more].concat()).ends(0);
    let folder = bank.desk.path(name);
    fs::create_dir_all(&folder).unwrap();
    let script = "import sys, zipfile\n\
        archive = zipfile.ZipFile(sys.argv[1])\n\
        assert archive.testzip() is None\n\
        archive.extractall('.')\n";
    ran("python3", &["-c", script, &file], &folder);
    (folder, fs::read(&file).unwrap())
}

#[test]
fn a_dossier_is_opened_and_checked_without_this_program() {
    let bank = Bank::open();
    let id = carried_out(&bank);
    let (folder, bytes) = opened(&bank, &id, "first", &[]);
    ran("sha256sum", &["--quiet", "-c", "SHA256SUMS"], &folder);
    let verified = ran(python(), &["verify.py", "log"], &folder);
    let report: Value = serde_json::from_str(&verified).unwrap();
    assert_eq!(
        (&report["broken"], &report["ignored"]),
        (&Value::Null, &serde_json::json!({}))
    );
    let index: Value =
        serde_json::from_slice(&fs::read(folder.join("index.json")).unwrap()).unwrap();
    assert_eq!(index["log"]["root"], report["root"]);
    assert_eq!(index["log"]["size"], report["size"]);
    let proven: Value =
        serde_json::from_str(&ran("python3", &["proofs.py", "."], &folder)).unwrap();
    assert_eq!(proven["wrong"], serde_json::json!([]));
    assert!(proven["entries"].as_u64().unwrap() > 8, "{proven}");
    // The program is the one beside its page, and the commands of the page are those run here.
    let verifier = fs::read(root().join("docs/ledger/verify.py")).unwrap();
    assert_eq!(fs::read(folder.join("verify.py")).unwrap(), verifier);
    let page = fs::read_to_string(folder.join("VERIFY.md")).unwrap();
    for line in page
        .lines()
        .filter_map(|line| line.strip_prefix("    echo "))
    {
        let told = ran("sh", &["-c", &format!("echo {line}")], &folder);
        assert!(told.ends_with(": OK\n"), "{told}");
    }
    assert_eq!(index["state"], "verified");
    let items = index["items"].as_array().unwrap();
    assert_eq!(items.len(), 33);
    for wanted in [4, 12, 14, 20, 21, 25, 33] {
        assert_eq!(items[wanted - 1]["state"], "present", "{wanted}");
    }
    // The same ledger, the same bytes; and what is there is not overwritten.
    assert_eq!(opened(&bank, &id, "second", &[]).1, bytes);
    let file = bank.desk.path("first.zip").display().to_string();
    bank.run(&["dossier", &id, "--output", &file])
        .ends(5)
        .says(&["never overwritten"]);
}

#[test]
fn a_redacted_dossier_tells_no_comment_and_no_address_and_says_so() {
    let bank = Bank::open();
    let id = carried_out(&bank);
    let (full, bytes) = opened(&bank, &id, "full", &[]);
    assert!(holds(&bytes, CANARY));
    assert!(full.join("log/log.jsonl").exists());
    let (folder, bytes) = opened(&bank, &id, "redacted", &["--redact"]);
    assert!(!holds(&bytes, CANARY));
    for person in interlock_practice::people::people() {
        assert!(!holds(&bytes, person.email), "{}", person.email);
    }
    let manifest = fs::read(full.join("promotion/manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let stacks = manifest["services"][0]["delivery"]["stacks"]
        .as_array()
        .unwrap();
    let values = stacks
        .iter()
        .flat_map(|it| it["parameters"].as_object().unwrap().values());
    let values: Vec<&str> = values
        .filter_map(Value::as_str)
        .filter(|it| it.len() > 8)
        .collect();
    assert!(!values.is_empty(), "{manifest}");
    for value in values {
        assert!(!holds(&bytes, value), "{value}");
    }
    assert!(!folder.join("log").exists());
    let index: Value =
        serde_json::from_slice(&fs::read(folder.join("index.json")).unwrap()).unwrap();
    assert_eq!(index["redaction"]["applied"], true);
    ran("sha256sum", &["--quiet", "-c", "SHA256SUMS"], &folder);
    ran("python3", &["proofs.py", "."], &folder);
}

fn holds(bytes: &[u8], wanted: &str) -> bool {
    bytes
        .windows(wanted.len())
        .any(|it| it == wanted.as_bytes())
}

#[test]
fn the_population_of_a_period_is_a_table_and_the_same_as_json() {
    let bank = Bank::open();
    let id = carried_out(&bank);
    let output = bank.desk.path("changes.csv").display().to_string();
    let words = [
        "dossier",
        "--population",
        "--from",
        "2020-01-01",
        "--to",
        "2099-12-31",
    ];
    let more = ["--env", "prod", "--output", &output];
    bank.run(&[&words[..], &more].concat())
        .ends(0)
        .prints(&["1 promotions", "not compared with CloudTrail"]);
    let csv = fs::read_to_string(&output).unwrap();
    let row = csv.lines().nth(1).unwrap();
    assert!(
        row.starts_with(&format!("{id},prod,payments-api,a.ruiz,l.prado,a.ruiz,")),
        "{row}"
    );
    assert!(row.ends_with(",not compared with CloudTrail"), "{row}");
    let json = fs::read(bank.desk.path("changes.json")).unwrap();
    let json: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["promotions"][0]["promotion"], id.as_str());
    assert_eq!(json["promotions"][0]["outcome"], "verified");
    let other = bank.desk.path("other.csv").display().to_string();
    let unknown = ["--env", "produccion", "--output", &other];
    bank.run(&[&words[..], &unknown].concat())
        .ends(6)
        .says(&["produccion"]);
}

#[test]
fn what_cannot_be_a_dossier_is_refused() {
    let bank = Bank::open();
    let output = bank.desk.path("none.zip").display().to_string();
    bank.run(&["dossier", "PR-NONE", "--output", &output])
        .ends(6)
        .says(&["PR-NONE"]);
    bank.run(&["dossier", "--output", &output]).ends(2);
    let mixed = ["dossier", "PR-1", "--population", "--output", &output];
    bank.run(&mixed).ends(2);
    assert!(!Path::new(&output).exists());
}
