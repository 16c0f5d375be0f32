//! The console's screens, as the journeys and the picture taker go through them.

use crate::page::{Name, Page};
use std::fmt;

/// Names of the screens, as the rail shows them.
pub const SCREENS: [&str; 5] = ["Environments", "Compare", "Promotions", "Audit", "Settings"];

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        })
    }
}

/// Goes to a screen by the rail and waits until its heading is there.
pub fn go_to(page: &Page, screen: &str) {
    page.click("link", Name::Has(screen));
    page.find("heading", screen);
}

impl Theme {
    /// The name of the button that brings this theme.
    fn control(self) -> String {
        format!("Use {self} colours").to_lowercase()
    }

    fn other(self) -> Self {
        match self {
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Light,
        }
    }
}

/// Chooses light or dark, if it is not chosen already, and waits until it is shown.
pub fn use_theme(page: &Page, theme: Theme) {
    let (this, other) = (theme.control(), theme.other().control());
    let offered = page.wait_for("light or dark to be offered", || {
        let offers = |name: &String| !page.all("button", name.as_str()).is_empty();
        [&this, &other].into_iter().find(|name| offers(name))
    });
    if offered == &this {
        page.click("button", this.as_str());
        page.find("button", other.as_str());
    }
}

/// The theme that the window shows, by what it offers to change to.
pub fn theme(page: &Page) -> Theme {
    page.wait_for("light or dark to be offered", || {
        [Theme::Light, Theme::Dark]
            .into_iter()
            .find(|theme| !page.all("button", theme.control().as_str()).is_empty())
    })
    .other()
}

/// Acts as another person of the practice estate.
pub fn act_as(page: &Page, person: &str) {
    // Until every system has said who this is, the button names nobody, or is still asking.
    let button = page.wait_for("somebody to act as", || {
        let mut buttons = page.all("button", Name::Has("Acting as"));
        buttons.retain(|button| {
            ["nobody", "unknown", "…"]
                .iter()
                .all(|nobody| !button.name.contains(nobody))
        });
        buttons.pop()
    });
    if button.name.contains(person) {
        return;
    }
    page.click("button", Name::Has("Acting as"));
    page.click("menuitem", Name::Has(person));
    page.find("button", Name::Has(&format!("Acting as {person}")));
}

/// Goes to an address of the user interface, as a copied link does.
pub fn show(page: &Page, address: &str) {
    let script = "location.hash = arguments[0]";
    page.session()
        .script(script, &serde_json::json!([address]))
        .unwrap_or_else(|error| panic!("{address}: {error}"));
    page.wait_until_still();
}
