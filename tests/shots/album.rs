//! Where pictures go: every state in both themes and sizes, or the few that the documents show.

use interlock_acceptance::page::Page;
use interlock_acceptance::screens::{Theme, use_theme};
use std::path::PathBuf;

/// Sizes of the window: the smallest that is supported, and a large one.
const SIZES: [(u32, u32); 2] = [(1280, 800), (1920, 1080)];

/// Pictures of the documents, each in one theme, at the smallest size.
const DOCUMENTS: [(&str, Theme); 12] = [
    ("environments", Theme::Dark),
    ("differences", Theme::Light),
    ("drawer", Theme::Light),
    ("compare", Theme::Dark),
    ("compare-variables", Theme::Light),
    ("decide", Theme::Dark),
    ("running-cloudformation", Theme::Dark),
    ("running-jenkins", Theme::Light),
    ("failed", Theme::Light),
    ("audit-entry", Theme::Light),
    ("settings", Theme::Dark),
    ("servers-gone", Theme::Dark),
];

/// Which pictures are wanted, and where.
pub struct Album {
    folder: PathBuf,
    documents: bool,
}

impl Album {
    /// Pictures into a folder: only those of the documents, or everything.
    pub fn new(folder: PathBuf, documents: bool) -> Self {
        Self { folder, documents }
    }

    /// Takes the pictures of a state, if they are wanted.
    pub fn take(&self, page: &Page, name: &str) {
        if self.documents {
            let wanted = DOCUMENTS.iter().filter(|(document, _)| *document == name);
            for (_, theme) in wanted {
                self.one(page, *theme, SIZES[0], &format!("{name}.png"));
            }
            return;
        }
        for size in SIZES {
            for theme in [Theme::Light, Theme::Dark] {
                let (width, height) = size;
                let file = format!("{name}-{theme}-{width}x{height}.png").to_lowercase();
                self.one(page, theme, size, &file);
            }
        }
    }

    /// Takes one picture for people to look at, in the theme and size that the window has.
    pub fn take_as_it_is(&self, page: &Page, name: &str) {
        if !self.documents {
            page.wait_until_still();
            page.picture_to(&self.folder.join(format!("{name}.png")));
        }
    }

    fn one(&self, page: &Page, theme: Theme, (width, height): (u32, u32), file: &str) {
        use_theme(page, theme);
        page.session()
            .resize(width, height)
            .unwrap_or_else(|error| panic!("{width}x{height}: {error}"));
        page.wait_until_still();
        page.picture_to(&self.folder.join(file));
    }
}
