//! The main job: a difference is prepared, approved by another person, run, verified and recorded.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::page::{Name, Page};
use interlock_acceptance::screens::{act_as, go_to};
use interlock_acceptance::window::Desk;
use std::time::Duration;

const RUN_PATIENCE: Duration = Duration::from_secs(90);

fn prepare(page: &Page, service: &str) {
    go_to(page, "Environments");
    page.click(
        "button",
        format!("Promote {service} from qa to prod").as_str(),
    );
    page.click("button", "Prepare promotion to prod");
    let heading = format!("Promote {service}");
    page.wait_up_to(RUN_PATIENCE, &heading, || {
        page.all("heading", Name::Has(&heading)).into_iter().next()
    });
}

/// Opens the promotion of a service from the inbox.
fn open_from_inbox(page: &Page, service: &str) {
    go_to(page, "Promotions");
    page.click("link", Name::Has(service));
    page.find("heading", Name::Has(service));
}

fn wait_for_state(page: &Page, state: &str) {
    page.wait_up_to(RUN_PATIENCE, &format!("the state {state}"), || {
        page.text().contains(state).then_some(())
    });
}

/// Asks as Ana, approves as Luis, starts as Luis.
fn approve_and_start(page: &Page, service: &str) {
    page.click("button", "Request approval for prod");
    page.wait_for("the request to be recorded", || {
        page.text().contains("waiting for approval").then_some(())
    });

    // Whoever asked cannot approve.
    let own = page.find("button", Name::Has("Approve as Ana Ruiz"));
    assert!(!page.is_enabled(&own));

    act_as(page, "Luis Prado");
    open_from_inbox(page, service);
    page.click("button", "Approve as Luis Prado");
    page.click("button", format!("Promote {service} to prod").as_str());
    let dialog = page.find("alertdialog", Name::Any);
    page.fill("textbox", "Type prod to confirm", "prod");
    page.click_within(
        Some(&dialog),
        "button",
        format!("Promote {service} to prod").as_str(),
    );
}

fn the_audit_tells(page: &Page, kinds: &[&str]) {
    go_to(page, "Audit");
    for kind in kinds {
        page.wait_for_text(kind);
    }
}

#[test]
fn a_promotion_through_cloudformation_is_approved_run_verified_and_recorded() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    act_as(&page, "Ana Ruiz");
    prepare(&page, "payments-api");
    approve_and_start(&page, "payments-api");
    wait_for_state(&page, "verified");
    the_audit_tells(&page, &["Ana Ruiz", "Luis Prado", "payments-api"]);
    assert_eq!(page.axe_violations(), Vec::<String>::new());
}

#[test]
fn a_promotion_through_jenkins_is_approved_run_verified_and_recorded() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    act_as(&page, "Ana Ruiz");
    prepare(&page, "customer-portal");
    approve_and_start(&page, "customer-portal");
    wait_for_state(&page, "verified");
    the_audit_tells(&page, &["Ana Ruiz", "Luis Prado", "customer-portal"]);
}

#[test]
fn a_window_that_was_closed_mid_run_picks_the_run_up_again() {
    let bank = Bank::open(1.0);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    act_as(&page, "Ana Ruiz");
    prepare(&page, "payments-api");
    approve_and_start(&page, "payments-api");
    page.wait_for("the run to begin", || {
        page.text().contains("running").then_some(())
    });
    page.close().unwrap();

    let page = desk.open_with(&bank.words());
    open_from_inbox(&page, "payments-api");
    wait_for_state(&page, "verified");
}
