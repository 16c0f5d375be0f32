//! Takes pictures of every screen in the real window on a practice bank: light and dark, at the
//! smallest supported size and at a large one. `make demo-shots` runs it; a person looks at them.

use interlock_acceptance::bank::Bank;
use interlock_acceptance::journey::{self, Promotion};
use interlock_acceptance::keys::{CONTROL, ESCAPE};
use interlock_acceptance::page::{Name, Page};
use interlock_acceptance::screens::{SCREENS, Theme, act_as, go_to, show, use_theme};
use interlock_acceptance::window::Desk;
use std::path::{Path, PathBuf};

/// Sizes of the window.
const SIZES: [(u32, u32); 2] = [(1280, 800), (1920, 1080)];

/// A pace at which a run is still running when its picture is taken.
const SLOW: f64 = 4.0;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "shots".into()));
    let bank = Bank::open(SLOW);
    let desk = Desk::new();
    let page = desk.open_with(&bank.words());
    page.find("grid", "Services by environment");
    act_as(&page, "Ana Ruiz");

    let each = |name: &str| picture_everywhere(&page, &folder, name);
    for screen in SCREENS {
        go_to(&page, screen);
        if screen == "Settings" {
            page.click("button", "Test every connection");
            page.wait_until_still();
        }
        each(screen);
    }
    show(&page, "/environments?service=payments-api&environment=prod");
    each("drawer");
    show(&page, "/compare?service=payments-api&left=prod&right=qa");
    page.find("heading", Name::Has("payments-api"));
    each("compare-payments");
    show(&page, "/environments");
    page.chord(&[CONTROL], &['k']);
    page.find("dialog", "Search and commands");
    each("palette");
    page.press(&[ESCAPE]);

    let promotion = Promotion::new("payments-api", "prod");
    journey::prepare(&page, &promotion);
    each("promotion-draft");
    journey::request(&page, &promotion);
    act_as(&page, "Luis Prado");
    journey::open_from_inbox(&page, &promotion);
    each("promotion-decide");
    page.click("button", "Approve as Luis Prado");
    journey::start(&page, &promotion);
    journey::wait_for_state(&page, "running");
    each("promotion-running");
    go_to(&page, "Audit");
    each("audit-after");
    #[expect(clippy::print_stdout, reason = "this program talks to a person")]
    {
        println!("the pictures are in {}", folder.display());
    }
}

fn picture_everywhere(page: &Page, folder: &Path, name: &str) {
    for theme in [Theme::Light, Theme::Dark] {
        use_theme(page, theme);
        for (width, height) in SIZES {
            page.session()
                .resize(width, height)
                .unwrap_or_else(|error| panic!("{width}x{height}: {error}"));
            page.wait_until_still();
            let file = format!("{name}-{theme}-{width}x{height}.png").to_lowercase();
            page.picture_to(&folder.join(file));
        }
    }
}
