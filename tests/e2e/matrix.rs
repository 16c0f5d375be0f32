//! Environments: the matrix from real calls, by keyboard, with its drawer and filters.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::keys::{CONTROL, DOWN, ENTER, ESCAPE, HOME, RIGHT, TAB};
use interlock_acceptance::matrix::{wait_for_versions, wait_until_gone};
use interlock_acceptance::page::Name;
use interlock_acceptance::window::Desk;
use serde_json::json;

#[test]
fn the_practice_estate_opens_with_what_its_accounts_answer() {
    let desk = Desk::new();
    let page = desk.open();
    page.find("grid", "Services by environment");
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    wait_for_versions(&page, "limits", &["1.9.0", "1.9.0", "1.9.0"]);
    for environment in ["dev", "qa", "prod"] {
        page.find("columnheader", Name::Has(environment));
    }
}

#[test]
fn the_last_known_state_is_there_at_once_when_the_servers_are_gone() {
    let desk = Desk::new();
    let words = {
        let bank = Bank::open(QUICK);
        let page = desk.open_with(&bank.words());
        wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
        page.close().unwrap();
        let kept = desk.data().join("kept.toml");
        bank.keep_estate(&kept);
        ["--estate".to_owned(), kept.display().to_string()]
    };
    // The bank has ended: nothing answers any more.
    let page = desk.open_with(&words);
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    page.wait_for_text("unreachable");
}

#[test]
fn differences_only_leaves_the_services_that_differ() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "limits", &["1.9.0", "1.9.0", "1.9.0"]);
    page.click("button", "Differences");
    wait_until_gone(&page, "limits");
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    page.fill("searchbox", "Filter services", "transfers");
    wait_until_gone(&page, "payments-api");
    wait_for_versions(&page, "transfers", &["5.2.0", "5.2.0", "5.1.9"]);
}

#[test]
fn a_cell_is_reached_opened_and_left_by_keyboard() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);

    for _ in 0..40 {
        if page.focus().0 == "gridcell" {
            break;
        }
        page.press(&[TAB]);
    }
    assert_eq!(
        page.focus().0,
        "gridcell",
        "the matrix is not reached by Tab"
    );
    page.chord(&[CONTROL], &[HOME]);
    page.press(&[DOWN, RIGHT, RIGHT]);
    page.press(&[ENTER]);
    let drawer = page.find("complementary", Name::Has(" in prod"));
    page.find_within(Some(&drawer), "heading", "Stacks");

    page.press(&[ESCAPE]);
    page.wait_for("the drawer to close", || {
        page.all("complementary", Name::Has(" in prod"))
            .is_empty()
            .then_some(())
    });
    page.wait_for("the focus to return", || {
        (page.focus().0 == "gridcell").then_some(())
    });
}

#[test]
fn the_palette_goes_to_a_service_by_its_name() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    page.chord(&[CONTROL], &['k']);
    page.find("dialog", "Search and commands");
    page.press(&['c', 'a', 'r', 'd', 's']);
    page.wait_for("cards to be offered", || {
        page.all("option", Name::Has("cards")).into_iter().next()
    });
    page.press(&[ENTER]);
    page.find("complementary", "cards in prod");
}

#[test]
fn a_source_that_does_not_answer_is_said_and_the_rest_is_there() {
    let bank = Bank::open(QUICK);
    bank.add_fault(&json!({ "service": "jenkins", "kind": "unavailable_503" }));
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    page.click("button", Name::Has("Freshness"));
    let shown = page.find("dialog", "Freshness of the sources");
    page.wait_for("Jenkins's reason", || {
        let text = page.session().ask_element(&shown.reference, "text").ok()?;
        text.as_str()?.contains("Jenkins is starting").then_some(())
    });
}
