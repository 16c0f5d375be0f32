//! The frame of every screen: reachable by keyboard, free of axe violations, light and dark.

use interlock_acceptance::screens::{SCREENS, Theme, go_to, use_theme};
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
