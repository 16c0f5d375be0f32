//! What the window says when it cannot do its work.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::window::Desk;
use std::fs;

#[test]
fn a_bad_estate_file_is_explained_in_the_window_and_can_be_mended_there_and_then() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let file = desk.data().join("interlock.toml");
    let good = fs::read_to_string(bank.estate_file()).unwrap();
    let line = 1 + good
        .lines()
        .position(|line| line.starts_with("account = "))
        .unwrap();
    fs::write(&file, good.replacen("account = ", "acount = ", 1)).unwrap();

    let words = ["--estate".to_owned(), file.display().to_string()];
    let page = desk.open_with(&words);
    page.wait_for_text("acount");
    page.wait_for_text(&format!("interlock.toml:{line}"));

    fs::write(&file, good).unwrap();
    page.wait_for("the matrix after Try again", || {
        for button in page.all("button", "Try again") {
            let _ = page.session().click(&button.reference);
        }
        page.all("grid", "Services by environment").pop()
    });
}

#[test]
fn a_missing_estate_file_is_explained_in_the_window() {
    let desk = Desk::new();
    let missing = desk.data().join("nowhere.toml").display().to_string();
    let page = desk.open_with(&["--estate".to_owned(), missing]);
    page.wait_for_text("nowhere.toml cannot be read");
    page.wait_for_text("interlock init");
}
