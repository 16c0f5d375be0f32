//! The frame of every screen: reachable by keyboard, free of axe violations, light and dark.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::journey::{self, Promotion, RUN_PATIENCE, wait_for_state};
use interlock_acceptance::keys::{CONTROL, ESCAPE};
use interlock_acceptance::matrix::wait_for_versions;
use interlock_acceptance::page::{Name, Page};
use interlock_acceptance::screens::{SCREENS, Theme, act_as, go_to, show, use_theme};
use interlock_acceptance::window::Desk;
use serde_json::json;
use std::fs;

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

/// The same where a layer lies above the button for light and dark: the theme is put on from outside.
fn violations_below(page: &Page, state: &str) -> Vec<String> {
    let wear = |theme: &str| {
        let script = "const root = document.documentElement.dataset; const was = root.theme;
            root.theme = arguments[0]; return was";
        let was = page.session().script(script, &json!([theme])).unwrap();
        was.as_str().unwrap_or_default().to_owned()
    };
    page.wait_until_still();
    let before = wear("light");
    let mut found = Vec::new();
    for theme in ["light", "dark"] {
        wear(theme);
        let rules = page.axe_violations();
        found.extend(rules.iter().map(|rule| format!("{state}, {theme}: {rule}")));
    }
    wear(&before);
    found
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
    journey::approve(&page, &promotion);
    journey::start(&page, &promotion);
    wait_for_state(&page, "It ended as");
    broken.extend(violations(&page, "failed run"));
    let promotion = Promotion::new("transactions-table", "prod");
    act_as(&page, "Ana Ruiz");
    journey::prepare(&page, &promotion);
    journey::request(&page, &promotion);
    act_as(&page, "Luis Prado");
    journey::open_from_inbox(&page, &promotion);
    journey::approve(&page, &promotion);
    page.find("button", "Promote transactions-table to prod");
    act_as(&page, "Ana Ruiz");
    page.click("button", "Promote transactions-table to prod");
    page.find("alertdialog", Name::Any);
    broken.extend(violations_below(&page, "question before a run"));
    page.press(&[ESCAPE]);
    journey::start(&page, &promotion);
    wait_for_state(&page, "Applied, stable, verified");
    broken.extend(violations(&page, "verified run"));
    go_to(&page, "Audit");
    page.click("button", Name::Has("approved manifest"));
    broken.extend(violations(&page, "audit entry"));
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn axe_finds_nothing_in_what_lies_above_the_screen() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    page.find("button", Name::Has("Acting as Ana Ruiz"));
    let mut broken = Vec::new();
    page.chord(&[CONTROL], &['k']);
    page.find("dialog", "Search and commands");
    broken.extend(violations_below(&page, "palette"));
    page.press(&"pay".chars().collect::<Vec<_>>());
    broken.extend(violations_below(&page, "palette with results"));
    page.press(&['#', '#', '#']);
    page.wait_for_text("Nothing is called that");
    broken.extend(violations_below(&page, "palette without results"));
    page.press(&[ESCAPE, ESCAPE]);
    page.press(&['?']);
    page.find("dialog", "Keys");
    broken.extend(violations_below(&page, "keys"));
    page.press(&[ESCAPE]);
    for (button, layer) in [
        (Name::Has("Acting as"), "menu"),
        (Name::Has("Freshness"), "dialog"),
        (Name::Has("Team"), "listbox"),
        (
            Name::Is("Why transfers cannot be promoted to prod"),
            "dialog",
        ),
        (
            Name::Is("Promote payments-api from qa to prod"),
            "alertdialog",
        ),
    ] {
        page.click("button", button);
        page.find(layer, Name::Any);
        broken.extend(violations_below(&page, &format!("{button:?}")));
        page.press(&[ESCAPE]);
        page.wait_for("it to close", || {
            page.all(layer, Name::Any).is_empty().then_some(())
        });
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn axe_finds_nothing_while_a_run_goes_on() {
    /// Slow enough to be looked at while it runs.
    const SLOW: f64 = 2.0;
    let bank = Bank::open(SLOW);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    let mut broken = Vec::new();
    for (service, sign) in [
        ("payments-api", "_COMPLETE"),
        ("customer-portal", "Deploy to prod?"),
    ] {
        let promotion = Promotion::new(service, "prod");
        act_as(&page, "Ana Ruiz");
        journey::prepare(&page, &promotion);
        journey::request(&page, &promotion);
        act_as(&page, "Luis Prado");
        journey::open_from_inbox(&page, &promotion);
        journey::approve(&page, &promotion);
        journey::start(&page, &promotion);
        page.wait_up_to(RUN_PATIENCE, sign, || {
            page.text().contains(sign).then_some(())
        });
        broken.extend(violations(&page, &format!("run of {service}")));
    }
    go_to(&page, "Environments");
    broken.extend(violations(&page, "matrix while a run goes on"));
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn axe_finds_nothing_when_nothing_is_there_or_nothing_answers() {
    let desk = Desk::new();
    let file = desk.data().join("interlock.toml");
    let words = ["--estate".to_owned(), file.display().to_string()];
    let mut broken = Vec::new();
    {
        let bank = Bank::open(QUICK);
        bank.keep_estate(&file);
        let page = desk.open_with(&words);
        wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
        page.find("button", "Refresh");
        for screen in ["Promotions", "Audit"] {
            go_to(&page, screen);
            broken.extend(violations(&page, &format!("empty {screen}")));
        }
        page.close().unwrap();
    }
    let page = desk.open_with(&words);
    page.wait_for_text("No scope answers");
    page.find("button", "Refresh");
    broken.extend(violations(&page, "servers gone"));
    go_to(&page, "Settings");
    page.click("button", "Test every connection");
    page.find("button", "Test again");
    broken.extend(violations(&page, "connections that fail"));
    go_to(&page, "Compare");
    page.wait_until_still();
    broken.extend(violations(&page, "compare without answers"));
    page.close().unwrap();

    let good = fs::read_to_string(&file).unwrap();
    fs::write(&file, good.replacen("account = ", "acount = ", 1)).unwrap();
    let page = desk.open_with(&words);
    page.wait_for_text("acount");
    for screen in SCREENS {
        page.click("link", Name::Has(screen));
        broken.extend(violations(&page, &format!("bad estate file, {screen}")));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
