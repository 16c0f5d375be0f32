//! The main job: a difference is prepared, approved by another person, run, verified and recorded.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::journey::{self, Promotion, wait_for_state};
use interlock_acceptance::page::{Name, Page};
use interlock_acceptance::screens::{act_as, go_to};
use interlock_acceptance::window::Desk;

/// Prepares and asks as Ana, approves and starts as Luis.
fn bring_to_run(page: &Page, promotion: &Promotion) {
    act_as(page, "Ana Ruiz");
    journey::prepare(page, promotion);
    journey::request(page, promotion);

    // Whoever asked cannot approve.
    let own = page.find("button", Name::Has("Approve as Ana Ruiz"));
    assert!(!page.is_enabled(&own));

    act_as(page, "Luis Prado");
    journey::open_from_inbox(page, promotion);
    journey::approve(page, promotion);
    journey::start(page, promotion);
}

fn the_audit_tells(page: &Page, words: &[&str]) {
    go_to(page, "Audit");
    for word in words {
        page.wait_for_text(word);
    }
}

#[test]
fn a_promotion_through_cloudformation_is_approved_run_verified_and_recorded() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    bring_to_run(&page, &Promotion::new("payments-api", "prod"));
    wait_for_state(&page, "Applied, stable, verified");
    the_audit_tells(&page, &["Ana Ruiz", "Luis Prado", "payments-api"]);
    assert_eq!(page.axe_violations(), Vec::<String>::new());
}

#[test]
fn a_promotion_through_jenkins_is_approved_run_verified_and_recorded() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    bring_to_run(&page, &Promotion::new("customer-portal", "prod"));
    page.wait_up_to(journey::RUN_PATIENCE, "the pipeline's question", || {
        page.text().contains("Deploy to prod?").then_some(())
    });
    page.click("button", "Deploy");
    wait_for_state(&page, "Applied, stable, verified");
    the_audit_tells(&page, &["Ana Ruiz", "Luis Prado", "customer-portal"]);
}

#[test]
fn a_window_that_was_closed_mid_run_picks_the_run_up_again() {
    let bank = Bank::open(1.0);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    let promotion = Promotion::new("payments-api", "prod");
    bring_to_run(&page, &promotion);
    wait_for_state(&page, "running");
    page.close().unwrap();

    let page = desk.open_with(&bank.words());
    journey::open_from_inbox(&page, &promotion);
    wait_for_state(&page, "Applied, stable, verified");
}
