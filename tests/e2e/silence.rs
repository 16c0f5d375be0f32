//! Systems that do not answer as they should: the reason is said, what was known stays with its age,
//! and nothing is made up.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::keys::ESCAPE;
use interlock_acceptance::matrix::{cells, wait_for_versions};
use interlock_acceptance::page::{Element, Name, Page};
use interlock_acceptance::window::Desk;
use serde_json::{Value, json};
use std::fs;

/// Versions of payments-api in dev, qa and prod.
const KNOWN: [&str; 3] = ["9.3.1", "9.3.1", "9.1.4"];

/// Opens "Freshness of the sources", waits until the line of a scope says something, and gives the
/// line, which must not be called fresh.
fn freshness(page: &Page, head: &str, wanted: &str) -> String {
    page.click("button", Name::Has("Freshness"));
    let dialog = page.find("dialog", "Freshness of the sources");
    let line = page.wait_for(&format!("{head} to say {wanted:?}"), || {
        let rows = page.all_within(Some(&dialog), "row", Name::Has(head));
        let says = |row: &Element| row.name.to_lowercase().contains(&wanted.to_lowercase());
        rows.into_iter().find(says)
    });
    let green = page.all_within(Some(&line), "img", Name::Is("fresh"));
    assert!(green.is_empty(), "called fresh: {}", line.name);
    page.press(&[ESCAPE]);
    page.wait_for("the freshness to close", || {
        page.all("dialog", Name::Any).is_empty().then_some(())
    });
    line.name
}

fn refresh(page: &Page) {
    page.click("button", "Refresh");
}

fn in_prod(kind: &Value) -> Value {
    let mut rule = json!({ "service": "cloudformation", "operation": "DescribeStacks", "scope": "333333333333/*" });
    rule.as_object_mut()
        .unwrap()
        .extend(kind.as_object().unwrap().clone());
    rule
}

#[test]
fn an_account_that_does_not_answer_is_explained_and_its_last_known_state_stays_with_its_age() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &KNOWN);
    page.find("button", "Refresh");

    let cases = [
        (json!({ "kind": "expired_credentials" }), "ran out"),
        (
            json!({ "kind": "error", "code": "AccessDenied", "status": 403 }),
            "may not",
        ),
        (
            json!({ "kind": "unavailable_503" }),
            "unable to handle request",
        ),
        (json!({ "kind": "reset" }), "gave no answer"),
        (json!({ "kind": "html_login_200" }), "web page"),
    ];
    for (kind, said) in cases {
        bank.add_fault(&in_prod(&kind));
        refresh(&page);
        let line = freshness(&page, "333333333333 us-east-1", said);
        // The age of what is shown.
        let told = ["ago", "now"].iter().any(|word| line.contains(word));
        assert!(told && line.contains("20 stacks"), "{kind}: {line}");
        wait_for_versions(&page, "payments-api", &KNOWN);
        page.wait_for_text("What is shown from there is the last known");

        bank.remove_faults();
        refresh(&page);
        page.wait_for(&format!("prod to be current after {kind}"), || {
            let old = page.text().contains("What is shown from there");
            (!old && !page.all("button", "Refresh").is_empty()).then_some(())
        });
    }
}

#[test]
fn a_profile_that_leads_to_another_account_is_said_and_nothing_is_read_from_there() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let file = desk.data().join("interlock.toml");
    let good = fs::read_to_string(bank.estate_file()).unwrap();
    let other = good.replacen(
        "account = \"333333333333\"",
        "account = \"999999999999\"",
        1,
    );
    fs::write(&file, other).unwrap();
    let page = desk.open_with(&["--estate".to_owned(), file.display().to_string()]);
    let line = freshness(&page, "999999999999 us-east-1", "333333333333");
    assert!(line.contains("0 stacks"), "{line}");
    // What the right accounts say is there; of prod nothing is known, and nothing is claimed.
    page.wait_for("dev and qa without prod", || {
        let cells = cells(&page, "payments-api");
        let [dev, qa, prod] = &cells[..] else {
            return None;
        };
        (dev.contains("9.3.1") && qa.contains("9.3.1") && !prod.contains("9.1.4")).then_some(())
    });
}

#[test]
fn a_refresh_that_takes_long_is_cancelled_and_what_was_known_stays() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &KNOWN);
    page.find("button", "Refresh");
    bank.add_fault(&in_prod(&json!({ "kind": "latency", "millis": 30_000 })));
    refresh(&page);
    page.click("button", Name::Has("Cancel the refresh"));
    page.find("button", "Refresh");
    wait_for_versions(&page, "payments-api", &KNOWN);
}
