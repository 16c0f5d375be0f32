//! What the window says when the estate file cannot be used. One window bears every case: the file
//! is mended, broken again, and read again at the press of a button.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::page::Page;
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
