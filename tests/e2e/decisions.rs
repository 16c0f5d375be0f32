//! A promotion that does not go the straight way: rejected, voided, held by the pipeline, rolled back.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::journey::{self, Promotion, RUN_PATIENCE, wait_for_state};
use interlock_acceptance::matrix::wait_for_versions;
use interlock_acceptance::page::{Name, Page};
use interlock_acceptance::question;
use interlock_acceptance::screens::{act_as, go_to};
use interlock_acceptance::window::Desk;
use serde_json::json;

fn bring_to_decision(page: &Page, promotion: &Promotion) {
    act_as(page, "Ana Ruiz");
    journey::prepare(page, promotion);
    journey::request(page, promotion);
    act_as(page, "Luis Prado");
    journey::open_from_inbox(page, promotion);
}

#[test]
fn a_rejection_needs_a_reason_and_is_recorded_with_it() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    bring_to_decision(&page, &Promotion::new("payments-api", "prod"));
    let reject = page.find("button", Name::Has("Reject"));
    assert!(!page.is_enabled(&reject), "a rejection without a reason");
    page.fill("textbox", "Comment", "The daily limit is not agreed yet");
    page.click("button", Name::Has("Reject"));
    wait_for_state(&page, "rejected");
    go_to(&page, "Audit");
    page.wait_for_text("The daily limit is not agreed yet");
    page.wait_for_text("Luis Prado");
}

#[test]
fn a_stack_that_moved_since_the_request_voids_what_was_asked_and_says_what_moved() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    let promotion = Promotion::new("payments-api", "prod");
    bring_to_decision(&page, &promotion);
    page.click("button", "Approve as Luis Prado");
    question::go_back("Approve for prod?");
    page.wait_for_text("nothing was signed or started");
    journey::approve(&page, &promotion);
    page.find("button", Name::Has("Promote payments-api to prod"));
    // Somebody deploys past the console.
    let template = bank.file("payments", "templates/cloudwatch/payments-alarms.json");
    bank.deploy("333333333333", "payments-alarms-prod", template);
    journey::start(&page, &promotion);
    page.wait_for_text("The approval by Luis Prado was voided");
    page.wait_for_text("payments-alarms-prod");
    page.wait_for_text("Review again prepares it anew");
    let can_start = page.all("button", Name::Has("Promote payments-api to prod"));
    assert!(can_start.iter().all(|button| !page.is_enabled(button)));
    // Whoever asked has it prepared anew and asks again with one press; what moved stays in view.
    page.click("button", "Review again");
    wait_for_state(&page, "waiting for approval");
    page.wait_for_text("Everybody must look again");
    page.wait_for_text("payments-alarms-prod");
}

#[test]
fn a_request_is_taken_back_and_the_glass_is_broken_marked_and_reviewed() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    let promotion = Promotion::new("payments-api", "prod");
    act_as(&page, "Ana Ruiz");
    journey::prepare(&page, &promotion);
    journey::request(&page, &promotion);
    page.click("button", "Take the request back");
    page.fill("textbox", "Reason, for the record", "The wrong version");
    let dialog = page.find("alertdialog", Name::Any);
    page.click_within(Some(&dialog), "button", "Take the request back");
    page.wait_for_text("The request was taken back");
    journey::request(&page, &promotion);
    page.click("button", "Break the glass");
    page.fill("textbox", "Incident", "INC-7");
    page.fill("textbox", "Reason, for the record", "Payments are down");
    page.fill("textbox", "Type prod to confirm", "prod");
    let dialog = page.find("alertdialog", Name::Any);
    page.click_within(Some(&dialog), "button", "Break the glass");
    question::agree("Break the glass for prod?");
    page.wait_for_text("Ana Ruiz broke the glass for INC-7");
    let effect = "Promote payments-api to prod in an emergency";
    page.click("button", effect);
    let dialog = page.find("alertdialog", Name::Any);
    page.fill("textbox", "Type prod to confirm", "prod");
    page.click_within(Some(&dialog), "button", effect);
    question::agree("Start in prod?");
    wait_for_state(&page, "Applied, stable, verified");
    // The mark stays, and the review waits for those who took no part.
    go_to(&page, "Promotions");
    page.wait_for_text("glass broken for INC-7");
    act_as(&page, "Diego Mora");
    journey::open_from_inbox(&page, &promotion);
    page.click("button", "What was approved");
    page.click("button", "Write the review");
    page.fill("textbox", "What was found, for the record", "It was needed");
    let dialog = page.find("alertdialog", Name::Any);
    page.click_within(Some(&dialog), "button", "Write the review");
    page.wait_for_text("Reviewed by Diego Mora");
}

#[test]
fn a_waived_gate_is_shown_as_waived_and_one_more_has_to_approve() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    let promotion = Promotion::new("payments-api", "prod");
    act_as(&page, "Ana Ruiz");
    go_to(&page, "Environments");
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    // From now on nobody can tell how the quality of the commit is.
    bank.add_fault(&json!({ "service": "sonarqube", "kind": "unavailable_503" }));
    journey::prepare(&page, &promotion);
    journey::request(&page, &promotion);
    page.wait_for_text("stops the promotion");
    page.click("button", "Waive a gate");
    page.fill(
        "textbox",
        "Reason, for the record",
        "Seen green this morning",
    );
    page.click("button", "Waive the gate");
    question::agree("Waive a gate for prod?");
    page.wait_for_text("because Seen green this morning");
    page.wait_for_text("0 OF 2 APPROVALS");
    act_as(&page, "Luis Prado");
    journey::approve(&page, &promotion);
    page.wait_for_text("1 OF 2 APPROVALS");
    // Another one has to; who wrote a part of it cannot, and is told so with the policy that says it.
    act_as(&page, "Diego Mora");
    let approve = page.find("button", "Approve as Diego Mora");
    assert!(!page.is_enabled(&approve));
    page.wait_for_text("of its commits (policy guard-author)");
    page.click("tab", Name::Has("Window"));
    page.wait_for_text("Started now it would run into no freeze");
}

#[test]
fn an_input_step_of_the_pipeline_is_answered_in_the_window() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    let promotion = Promotion::new("customer-portal", "prod");
    bring_to_decision(&page, &promotion);
    journey::approve(&page, &promotion);
    journey::start(&page, &promotion);
    page.wait_up_to(RUN_PATIENCE, "the pipeline's question", || {
        page.text().contains("Deploy to prod?").then_some(())
    });
    page.click("button", "Deploy");
    wait_for_state(&page, "Applied, stable, verified");
}

#[test]
fn a_run_that_fails_says_why_and_that_it_was_rolled_back() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    let promotion = Promotion::new("payments-api", "prod");
    bring_to_decision(&page, &promotion);
    journey::approve(&page, &promotion);
    page.find("button", Name::Has("Promote payments-api to prod"));
    bank.fail_next(&json!({
        "stack": "payments-api-prod", "resource": "PaymentsFn", "times": 1,
        "reason": "The function's memory is above the account's quota",
    }));
    journey::start(&page, &promotion);
    wait_for_state(&page, "It ended as");
    page.wait_for_text("above the account's quota");
    let text = page.text();
    assert!(text.to_lowercase().contains("rolled back"), "{text}");
    assert!(!text.contains("Applied, stable, verified"), "{text}");
    // What runs is what ran before.
    go_to(&page, "Environments");
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
}
