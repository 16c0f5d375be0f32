//! The frame of every screen: reachable by keyboard, free of axe violations, light and dark.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::journey::{self, Promotion, wait_for_state};
use interlock_acceptance::matrix::wait_for_versions;
use interlock_acceptance::page::{Name, Page};
use interlock_acceptance::screens::{SCREENS, Theme, act_as, go_to, show, use_theme};
use interlock_acceptance::window::Desk;
use serde_json::json;

#[test]
fn axe_finds_nothing_on_any_screen_in_light_and_dark() {
    let desk = Desk::new();
    let page = desk.open();
    let mut broken = Vec::new();
    for theme in [Theme::Light, Theme::Dark] {
        use_theme(&page, theme);
        for screen in SCREENS {
            go_to(&page, screen);
            page.wait_until_still();
            let found = page.axe_violations();
            broken.extend(
                found
                    .iter()
                    .map(|rule| format!("{screen}, {theme}: {rule}")),
            );
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn axe_would_find_a_button_without_a_name() {
    let desk = Desk::new();
    let page = desk.open();
    go_to(&page, "Environments");
    let script = "document.querySelector('main').append(document.createElement('button'))";
    page.session().script(script, &json!([])).unwrap();
    let found = page.axe_violations();
    assert!(
        found.iter().any(|rule| rule.starts_with("button-name")),
        "{found:?}"
    );
}

/// What axe finds in a state, in light and in dark.
fn violations(page: &Page, state: &str) -> Vec<String> {
    let themes = [Theme::Light, Theme::Dark];
    let found = themes.into_iter().flat_map(|theme| {
        use_theme(page, theme);
        page.wait_until_still();
        let named = move |rule: String| format!("{state}, {theme}: {rule}");
        page.axe_violations().into_iter().map(named)
    });
    found.collect()
}

#[test]
fn axe_finds_nothing_in_drawers_tabs_and_refusals() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    let compare = "/compare?service=payments-api&left=prod&right=qa";
    let mut broken = Vec::new();
    for address in [
        "/environments?view=differences".to_owned(),
        "/environments?filter=nothing-like-this".to_owned(),
        "/environments?service=payments-api&environment=prod".to_owned(),
        "/environments?service=transfers&environment=prod".to_owned(),
        format!("{compare}&show=everything"),
        format!("{compare}&tab=variables"),
        format!("{compare}&tab=commits"),
        format!("{compare}&tab=raw"),
        "/compare?service=payments-api&left=staging&right=qa".to_owned(),
        "/promotions/PR-NOPE".to_owned(),
    ] {
        show(&page, &address);
        page.wait_for("what is loading", || {
            (!page.text().contains("Loading ")).then_some(())
        });
        broken.extend(violations(&page, &address));
    }
    go_to(&page, "Settings");
    page.click("button", "Test every connection");
    page.find("button", "Test again");
    broken.extend(violations(&page, "tested connections"));
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn axe_finds_nothing_in_any_state_of_a_promotion() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    bank.fail_next(&json!({
        "stack": "payments-api-prod", "resource": "PaymentsFn", "times": 1, "reason": "no more of it",
    }));
    let promotion = Promotion::new("payments-api", "prod");
    let mut broken = Vec::new();
    act_as(&page, "Ana Ruiz");
    journey::prepare(&page, &promotion);
    broken.extend(violations(&page, "draft"));
    journey::request(&page, &promotion);
    broken.extend(violations(&page, "waiting, as requester"));
    act_as(&page, "Luis Prado");
    go_to(&page, "Promotions");
    broken.extend(violations(&page, "inbox"));
    journey::open_from_inbox(&page, &promotion);
    broken.extend(violations(&page, "decide"));
    page.click("button", "Approve as Luis Prado");
    journey::start(&page, &promotion);
    wait_for_state(&page, "It ended as");
    broken.extend(violations(&page, "failed run"));
    go_to(&page, "Audit");
    page.click("button", Name::Has("approved manifest"));
    broken.extend(violations(&page, "audit entry"));
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
