//! Drift: what is not known is not in order, and AWS looks when somebody asks it to.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::matrix::wait_for_versions;
use interlock_acceptance::screens::show;
use interlock_acceptance::window::Desk;
use serde_json::json;

#[test]
fn a_stack_that_nobody_looked_at_is_looked_at_from_its_drawer() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "cards", &["3.0.0-rc.2", "2.9.7", "2.9.7"]);
    show(&page, "/environments?service=cards&environment=qa");
    page.wait_for_text("Never checked");
    page.click("button", "Look for drift now");
    page.wait_for_text("In sync");
    page.find("button", "Look for drift now");
    assert!(!page.text().contains("Never checked"));
    // A look that fails leaves what was known before, and says why.
    bank.add_fault(
        &json!({"service": "*", "operation": "DetectStackDrift", "kind": "unavailable_503"}),
    );
    page.click("button", "Look for drift now");
    page.wait_for_text("Not known");
    page.find("button", "Look for drift now");
    page.wait_for_text("In sync");
}
