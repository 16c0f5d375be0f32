//! Services that go together: approved as one, delivered one after the other.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::journey::{self, wait_for_state};
use interlock_acceptance::page::Name;
use interlock_acceptance::screens::{act_as, go_to};
use interlock_acceptance::window::Desk;

#[test]
fn a_job_and_change_sets_are_one_promotion_and_both_are_verified() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    act_as(&page, "Ana Ruiz");
    let promotion = journey::prepare_two(&page, "customer-portal", "payments-api", "prod");
    for gates in ["Gates of customer-portal", "Gates of payments-api"] {
        page.find("list", gates);
    }
    assert_eq!(page.axe_violations(), Vec::<String>::new());
    journey::request(&page, &promotion);

    act_as(&page, "Luis Prado");
    journey::open_from_inbox(&page, &promotion);
    journey::approve(&page, &promotion);
    journey::start(&page, &promotion);
    page.wait_up_to(journey::RUN_PATIENCE, "the pipeline's question", || {
        page.text().contains("Deploy to prod?").then_some(())
    });
    page.click("button", "Deploy");
    wait_for_state(&page, "Applied, stable, verified");
    for step in [
        "Run channels/deploy-customer-portal",
        "Deploy payments-api-prod",
    ] {
        page.wait_for_text(step);
    }
    assert_eq!(page.axe_violations(), Vec::<String>::new());

    // Both cells say so now.
    go_to(&page, "Environments");
    for service in ["customer-portal", "payments-api"] {
        let control = format!("Promote {service} from qa to prod");
        page.wait_up_to(journey::RUN_PATIENCE, "the new state in the matrix", || {
            page.all("button", control.as_str())
                .is_empty()
                .then_some(())
        });
    }
}

#[test]
fn a_whole_environment_is_offered_with_everything_that_can_go() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    act_as(&page, "Ana Ruiz");
    go_to(&page, "Environments");
    page.click("button", Name::Has("Promote what qa runs to prod"));
    let dialog = page.find("alertdialog", Name::Any);
    page.find("group", "Services that go together");
    page.click_within(Some(&dialog), "button", "Prepare promotion to prod");
    page.wait_up_to(journey::RUN_PATIENCE, "the order of delivery", || {
        page.all("list", "Order of delivery").pop()
    });
    let text = page.text();
    for service in ["customer-portal", "payments-api"] {
        assert!(text.contains(service), "{service} is not there: {text}");
    }
}
