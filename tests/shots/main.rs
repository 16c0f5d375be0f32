//! Takes pictures of every screen in the real window on the practice estate: light and dark, at the
//! smallest supported size and at a large one. `make demo-shots` runs it; a person looks at them.

use interlock_acceptance::page::Page;
use interlock_acceptance::screens::{SCREENS, Theme, go_to, use_theme};
use interlock_acceptance::window::Desk;
use std::path::PathBuf;

/// Sizes of the window.
const SIZES: [(u32, u32); 2] = [(1280, 800), (1920, 1080)];

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "shots".into()));
    let desk = Desk::new();
    let page = desk.open();
    let mut taken = 0;
    for theme in [Theme::Light, Theme::Dark] {
        use_theme(&page, theme);
        for (width, height) in SIZES {
            page.session()
                .resize(width, height)
                .unwrap_or_else(|error| panic!("{width}x{height}: {error}"));
            for screen in SCREENS {
                go_to(&page, screen);
                let name = format!("{screen}-{theme}-{width}x{height}.png").to_lowercase();
                picture(&page, &folder.join(name));
                taken += 1;
            }
        }
    }
    #[expect(clippy::print_stdout, reason = "this program talks to a person")]
    {
        println!("{taken} pictures are in {}", folder.display());
    }
}

fn picture(page: &Page, file: &std::path::Path) {
    page.wait_until_still();
    page.picture_to(file);
}
