//! The ledger and its roster on the command line: begun, shown, held to what was seen of it.

use crate::support::Bank;
use std::{fs, path::PathBuf};

/// The practice estate as a real one, with a key for ledger entries.
fn real(bank: &mut Bank, change: impl FnOnce(String) -> String) -> String {
    bank.desk.set("INTERLOCK_LEDGER_KEY", &"5a".repeat(32));
    bank.as_real(change)
}

fn data(bank: &Bank) -> PathBuf {
    bank.desk.path(".local/share/interlock/andes-bank")
}

/// The files of the ledger, wherever SQLite keeps their content.
fn copy(bank: &Bank, from: &str, to: &str) {
    let (from, to) = (bank.desk.path(from), bank.desk.path(to));
    fs::create_dir_all(&to).unwrap();
    for name in ["ledger.db", "ledger.db-wal", "ledger.db-shm"] {
        let _ = fs::remove_file(to.join(name));
        if from.join(name).exists() {
            fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}

#[test]
fn fault_35_a_ledger_that_was_put_back_is_told_with_both_heads() {
    let mut bank = Bank::open();
    let file = real(&mut bank, |text| text);
    let place = ".local/share/interlock/andes-bank";
    let promote = ["promote", "payments-api", "--to", "prod"];
    bank.run_on(&file, &promote).ends(0);
    let before = bank.run_on(&file, &["ledger", "verify", "--format", "json"]);
    let before = before.ends(0).json();
    copy(&bank, place, "kept");
    let promote = ["promote", "transactions-table", "--to", "prod"];
    bank.run_on(&file, &promote);
    let after = bank.run_on(&file, &["ledger", "verify", "--format", "json"]);
    let after = after.ends(0).json();
    copy(&bank, "kept", place);
    let told = bank.run_on(&file, &["ledger", "verify", "--format", "json"]);
    let told = told.ends(1).json();
    let reason = told["reason"].as_str().unwrap();
    assert!(reason.contains("rolled back"), "{reason}");
    for root in [&before["root"], &after["root"]] {
        assert!(reason.contains(root.as_str().unwrap()), "{reason}");
    }
    let promote = ["promote", "transfers", "--to", "prod"];
    bank.run_on(&file, &promote)
        .ends(8)
        .says(&["rolled back", "ledger-seen.json"]);
    // The note itself is no place to forget in.
    fs::write(data(&bank).join("ledger-seen.json"), "{").unwrap();
    bank.run_on(&file, &["log"])
        .ends(8)
        .says(&["ledger-seen.json", "cannot be read"]);
}

#[test]
fn a_ledger_is_begun_shown_and_its_roster_changed_by_who_administers_it() {
    let mut bank = Bank::open();
    let table = "\n[ledger]\nadministrators = [\"a.ruiz\"]\n";
    let file = real(&mut bank, |text| text + table);
    bank.run_on(&file, &["promote", "payments-api", "--to", "prod"])
        .ends(5)
        .says(&["no roster in force yet", "interlock ledger init"]);
    bank.run_on(&file, &["roster", "propose"])
        .ends(5)
        .says(&["interlock ledger init"]);
    bank.run_on(&file, &["ledger", "init"]).ends(0).prints(&[
        "has begun; roster 1 is in force",
        "a.ruiz becomes an administrator",
    ]);
    bank.run_on(&file, &["ledger", "init"])
        .ends(0)
        .prints(&["has begun already"]);
    bank.run_on(&file, &["ledger", "show"]).ends(0).prints(&[
        "SIGNATURE",
        "signed for roster 1",
        "verified: a.ruiz",
    ]);
    bank.run_on(&file, &["ledger", "show", "0"])
        .ends(0)
        .prints(&["entry 0", "leaf ", "urn:interlock:predicate:roster:v1"]);
    bank.run_on(&file, &["ledger", "show", "7"])
        .ends(6)
        .says(&["has no entry 7", "0 to 0"]);
    bank.run_on(&file, &["roster", "show"]).ends(0).prints(&[
        "Roster 1",
        "Ana Ruiz (a.ruiz)",
        "no key",
        "ed25519 ",
    ]);
    bank.run_on(&file, &["roster", "propose"])
        .ends(0)
        .prints(&["is what the estate file says"]);
    let key = bank.run_on(&file, &["roster", "key"]).ends(0);
    assert!(
        key.out.contains("The roster in force knows it."),
        "{}",
        key.out
    );
    // Luis is given a key in the file.
    let luis = "ed25519 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    let text = fs::read_to_string(&file).unwrap();
    let id = "id = \"l.prado\"\n";
    fs::write(
        &file,
        text.replace(id, &format!("{id}keys = [\"{luis}\"]\n")),
    )
    .unwrap();
    bank.run_on(&file, &["roster", "show"]).ends(1).prints(&[
        "The estate file wants it otherwise",
        "Luis Prado gets the ed25519 key",
    ]);
    bank.run_on(&file, &["roster", "propose"]).ends(0).prints(&[
        "Roster 2",
        "is in force",
        "Luis Prado gets the ed25519 key",
    ]);
    let roster = bank.run_on(&file, &["roster", "show", "--format", "json"]);
    let people = roster.ends(0).json()["people"].clone();
    let luis = people
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == "l.prado");
    let id = luis.unwrap()["keys"][0]["id"].as_str().unwrap().to_owned();
    let revoke = [
        "roster",
        "revoke",
        &id[..8],
        "--reason",
        "stolen",
        "--from",
        "1",
    ];
    bank.run_on(&file, &revoke)
        .ends(0)
        .prints(&["(revoked from entry 1 on)"]);
    bank.run_on(&file, &revoke)
        .ends(5)
        .says(&["revoked already"]);
    bank.run_on(&file, &["roster", "revoke", "00000000", "--reason", "x"])
        .ends(6)
        .says(&["interlock roster show"]);
    bank.run_on(&file, &["roster", "sign", "abc"])
        .ends(2)
        .says(&["no digest of a roster"]);
    bank.run_on(&file, &["roster", "sign", "0123456789ab"])
        .ends(6)
        .says(&["waits for signatures"]);
    // A choice that cannot work is told, and kept for this computer when it is none of ours to know.
    bank.run_on(&file, &["roster", "key", "--use", "hunter2"])
        .ends(2)
        .says(&["none of"]);
    let agent = format!("agent:{}", key_file(&bank));
    bank.run_on(&file, &["roster", "key", "--use", &agent])
        .ends(5)
        .says(&["SSH_AUTH_SOCK is not set"]);
    bank.run_on(&file, &["promote", "payments-api", "--to", "prod"])
        .ends(5)
        .says(&["SSH_AUTH_SOCK is not set"]);
    bank.run_on(&file, &["roster", "key", "--use", "keychain"])
        .ends(0);
}

/// A `.pub` file.
fn key_file(bank: &Bank) -> String {
    let line =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOk9HhJATquU8ffKsjrdOGccGAnSDSsn4+JQS6svS8ih ana\n";
    bank.desk.write("ana.pub", line)
}

#[test]
fn the_template_of_the_bucket_is_printed_without_an_estate() {
    let bank = Bank::open();
    let printed = bank.desk.run(&["ledger", "init", "--template"]).ends(0);
    for words in ["AWSTemplateFormatVersion", "s3:if-none-match", "COMPLIANCE"] {
        assert!(printed.out.contains(words), "{words}");
    }
}

#[test]
fn on_a_practice_estate_everybody_has_a_key_already() {
    let bank = Bank::open();
    bank.run(&["roster", "key"]).ends(0).prints(&["(practice)"]);
    bank.run(&["roster", "key", "--use", "keychain"])
        .ends(5)
        .says(&["a key of their own already"]);
}
