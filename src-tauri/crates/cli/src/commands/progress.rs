//! A bar on a terminal while something takes time; nothing in a pipeline.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;

/// A bar, when somebody looks.
pub fn bar() -> Option<ProgressBar> {
    std::io::stderr().is_terminal().then(|| {
        let bar = ProgressBar::new(1);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        bar
    })
}

/// Shows how far it is.
pub fn show(bar: &ProgressBar, done: u32, total: u32, last: &str) {
    bar.set_length(u64::from(total));
    bar.set_position(u64::from(done));
    bar.set_message(last.to_owned());
}
