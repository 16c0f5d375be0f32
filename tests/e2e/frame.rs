//! The frame around every screen: theme, address, room.

use interlock_acceptance::bank::{Bank, QUICK};
use interlock_acceptance::matrix::{wait_for_versions, wait_until_gone};
use interlock_acceptance::page::Page;
use interlock_acceptance::screens::{SCREENS, Theme, go_to, show, theme, use_theme};
use interlock_acceptance::window::Desk;
use serde_json::json;

fn number(page: &Page, script: &str) -> u64 {
    let answer = page.session().script(script, &json!([])).unwrap();
    answer.as_u64().unwrap_or(u64::MAX)
}

#[test]
fn theme_and_filter_are_as_they_were_when_the_window_opens_again() {
    let bank = Bank::open(QUICK);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "limits", &["1.9.0", "1.9.0", "1.9.0"]);
    let other = match theme(&page) {
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::Light,
    };
    use_theme(&page, other);
    page.fill("searchbox", "Filter services", "payments");
    wait_until_gone(&page, "limits");
    // Another screen and back: the address holds the view.
    go_to(&page, "Audit");
    page.session().script("history.back()", &json!([])).unwrap();
    page.find("heading", "Environments");
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    wait_until_gone(&page, "limits");
    page.close().unwrap();

    let page = desk.open_with(&bank.words());
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    assert_eq!(theme(&page), other);
    wait_until_gone(&page, "limits");
}

#[test]
fn no_screen_scrolls_sideways_in_the_smallest_window() {
    let desk = Desk::new();
    let page = desk.open();
    wait_for_versions(&page, "payments-api", &["9.3.1", "9.3.1", "9.1.4"]);
    page.session().resize(1280, 800).unwrap();
    page.wait_for("the window to be 1280 wide", || {
        (number(&page, "return innerWidth") <= 1280).then_some(())
    });
    let addresses = [
        "/environments?service=payments-api&environment=prod",
        "/compare?service=payments-api&left=prod&right=qa",
        "/compare?service=payments-api&left=prod&right=qa&tab=variables",
        "/compare?service=payments-api&left=prod&right=qa&tab=raw",
    ];
    let fits = |place: &str| {
        page.wait_until_still();
        let over = number(
            &page,
            "return Math.max(0, document.scrollingElement.scrollWidth - innerWidth)",
        );
        assert_eq!(over, 0, "{place} is wider than the window");
    };
    for screen in SCREENS {
        go_to(&page, screen);
        fits(screen);
    }
    for address in addresses {
        show(&page, address);
        fits(address);
    }
}
