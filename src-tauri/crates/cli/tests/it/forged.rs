//! What somebody put in the place of the ledger, or turned in it, is not taken for the ledger.

use crate::support::Bank;
use std::{fs, path::PathBuf};

const PROMOTE: [&str; 4] = ["promote", "payments-api", "--to", "prod"];

fn ledger(bank: &Bank) -> PathBuf {
    bank.desk
        .path(".local/share/interlock/andes-bank/ledger.db")
}

/// The bytes of the database with everything in it, and nothing beside it.
fn whole(bank: &Bank) -> Vec<u8> {
    let database = rusqlite::Connection::open(ledger(bank)).unwrap();
    let merged: i64 = database
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .unwrap();
    assert_eq!(merged, 0);
    drop(database);
    fs::read(ledger(bank)).unwrap()
}

fn put(bank: &Bank, bytes: &[u8]) {
    for beside in ["ledger.db-wal", "ledger.db-shm"] {
        let _ = fs::remove_file(ledger(bank).with_file_name(beside));
    }
    fs::write(ledger(bank), bytes).unwrap();
}

#[test]
fn threat_20_a_ledger_of_another_name_is_not_believed() {
    let mut bank = Bank::open();
    bank.desk.set("INTERLOCK_LEDGER_KEY", &"5a".repeat(32));
    let table = "\n[ledger]\nadministrators = [\"a.ruiz\"]\n";
    let file = bank.as_real(|text| text + table);
    bank.run_on(&file, &["ledger", "init"]).ends(0);
    bank.run_on(&file, &PROMOTE).ends(0);
    let own = whole(&bank);
    // The same people and the same keys, in a log that calls itself otherwise.
    fs::remove_dir_all(ledger(&bank).parent().unwrap()).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let other = text.replace("name = \"Andes Bank\"", "name = \"Other Bank\"");
    assert_ne!(text, other);
    let elsewhere = bank.desk.write("other/interlock.toml", other);
    bank.run_on(&elsewhere, &["ledger", "init"]).ends(0);
    let forged = bank
        .desk
        .path(".local/share/interlock/other-bank/ledger.db");
    let database = rusqlite::Connection::open(&forged).unwrap();
    database
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    drop(database);
    let forged = fs::read(forged).unwrap();

    bank.run_on(&file, &["ledger", "init"]).ends(0);
    fs::remove_file(ledger(&bank).with_file_name("ledger-seen.json")).unwrap();
    put(&bank, &forged);
    let verified = bank.run_on(&file, &["ledger", "verify"]);
    assert_ne!(verified.code, 0, "{verified:?}");
    let promoted = bank.run_on(&file, &PROMOTE);
    assert!(matches!(promoted.code, 5 | 8), "{promoted:?}");
    // With its own log the same estate goes on.
    put(&bank, &own);
    let _ = fs::remove_file(ledger(&bank).with_file_name("ledger-seen.json"));
    bank.run_on(&file, &["ledger", "verify"]).ends(0);
}

#[test]
fn threat_16_no_turned_bit_of_any_page_of_the_ledger_goes_unnoticed() {
    let bank = Bank::open();
    bank.run(&["promote", "payments-api", "--to", "prod", "--request"])
        .ends(0);
    let file = bank.practice().estate_file().display().to_string();
    let folder = bank.desk.path("turned").display().to_string();
    let place = ["--data", folder.as_str()];
    let verify = [&place[..], &["ledger", "verify", "--format", "json"]].concat();
    bank.run_on(&file, &[&place[..], &PROMOTE].concat()).ends(0);
    let sound = bank.run_on(&file, &verify).ends(0).json();
    let found = crate::canary::files(&bank.desk.path("turned"));
    let path = found
        .iter()
        .find(|file| file.ends_with("ledger.db"))
        .unwrap();
    let database = rusqlite::Connection::open(path).unwrap();
    database
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    drop(database);
    let bytes = fs::read(path).unwrap();
    let mut noticed = 0;
    let pages = bytes.len() / 4096;
    for (page, within) in (0..pages).flat_map(|page| [(page, 40), (page, 2100), (page, 4000)]) {
        let mut turned = bytes.clone();
        turned[page * 4096 + within] ^= 1 << (within % 7);
        for beside in ["ledger.db-wal", "ledger.db-shm"] {
            let _ = fs::remove_file(path.with_file_name(beside));
        }
        fs::write(path, turned).unwrap();
        let told = bank.run_on(&file, &verify);
        if told.code == 0 {
            let root = &told.json()["root"];
            assert_eq!(*root, sound["root"], "page {page}, byte {within}: {told:?}");
        } else {
            noticed += 1;
        }
    }
    assert!(noticed > pages / 3, "{noticed} of {pages} pages");
}
