//! What the window says when the estate file cannot be used. One window bears every case: the file
//! is mended, broken again, and read again at the press of a button.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::journey::{self, Promotion};
use interlock_acceptance::matrix::wait_for_versions;
use interlock_acceptance::page::{Name, Page};
use interlock_acceptance::screens::act_as;
use interlock_acceptance::window::Desk;
use std::fs;
use std::time::Duration;

/// How long reading a small file may take.
const ASKING: Duration = Duration::from_millis(300);

/// Line of a text, counted from one.
fn line_of(text: &str, part: &str) -> usize {
    let place = text.find(part).unwrap();
    1 + text[..place].matches('\n').count()
}

/// Presses "Try again" until the window says something.
fn try_again_until(page: &Page, wanted: &str) {
    page.wait_for(&format!("{wanted:?} after Try again"), || {
        // What is said now comes before asking again: asking takes it away for a moment.
        if page.text().to_lowercase().contains(&wanted.to_lowercase()) {
            return Some(());
        }
        for button in page.all("button", "Try again") {
            let _ = page.session().click(&button.reference);
        }
        std::thread::sleep(ASKING);
        None
    });
}

#[test]
fn every_fault_of_an_estate_file_is_explained_with_its_line_and_can_be_mended_there_and_then() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let file = desk.data().join("interlock.toml");
    let good = fs::read_to_string(bank.estate_file()).unwrap();

    // The file is missing.
    let words = ["--estate".to_owned(), file.display().to_string()];
    let page = desk.open_with(&words);
    page.wait_for_text("interlock.toml cannot be read");
    page.wait_for_text("interlock init");

    // Text to be replaced, what stands there instead, the part whose line is told, what is said.
    let twice = "\n[[services]]\nname = \"payments-api\"\nstacks = [\"again-{env}\"]\n";
    let cases = [
        (
            "name = \"Andes Bank\"",
            "name = \"Andes Bank",
            "name = \"Andes Bank",
            "string",
        ),
        ("account = ", "acount = ", "acount", "Unknown key `acount`"),
        (
            "\n[[repositories]]",
            &format!("{twice}\n[[repositories]]"),
            "name = \"payments-api\"\nstacks = [\"again",
            "service `payments-api` is declared twice",
        ),
    ];
    for (from, to, place, said) in cases {
        let bad = good.replacen(from, to, 1);
        fs::write(&file, &bad).unwrap();
        try_again_until(&page, said);
        page.wait_for_text(&format!("interlock.toml:{}", line_of(&bad, place)));
        // Nothing is made up meanwhile.
        assert!(page.all("grid", "Services by environment").is_empty());
    }

    // No environment at all.
    let bad = format!(
        "name = \"Andes Bank\"\n{}",
        &good[good.find("\n[[services]]").unwrap()..]
    );
    fs::write(&file, bad).unwrap();
    try_again_until(&page, "[[environments]]");

    fs::write(&file, &good).unwrap();
    page.wait_for("the matrix after Try again", || {
        for button in page.all("button", "Try again") {
            let _ = page.session().click(&button.reference);
        }
        page.all("grid", "Services by environment").pop()
    });
}

#[test]
fn a_promotion_whose_environment_left_the_estate_file_says_so_and_can_be_abandoned() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let file = desk.data().join("interlock.toml");
    let good = fs::read_to_string(bank.estate_file()).unwrap();
    fs::write(&file, &good).unwrap();
    let words = ["--estate".to_owned(), file.display().to_string()];
    let promotion = Promotion::new("payments-api", "prod");
    let page = desk.open_with(&words);
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    act_as(&page, "Ana Ruiz");
    journey::prepare(&page, &promotion);
    journey::request(&page, &promotion);
    page.close().unwrap();

    let from = good.find("[[environments]]\nname = \"prod\"").unwrap();
    let to = good.find("\n[[services]]").unwrap();
    fs::write(&file, format!("{}{}", &good[..from], &good[to..])).unwrap();
    let page = desk.open_with(&words);
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1"]);
    act_as(&page, "Luis Prado");
    journey::open_from_inbox(&page, &promotion);
    // What AWS would do cannot be seen any more: it is not told as no change.
    page.wait_for_text("2 change sets cannot be seen");
    journey::approve(&page, &promotion);
    page.wait_for_text("Put it back into the estate file, or abandon what was meant for it.");
    page.click("button", "Abandon");
    let dialog = page.find("alertdialog", Name::Any);
    page.fill(
        "textbox",
        "Reason, for the record",
        "prod is no longer ours",
    );
    page.click_within(Some(&dialog), "button", "Abandon");
    page.wait_for_text("abandoned");
}
