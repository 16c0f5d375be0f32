//! Signs, colours, and foreign text made harmless for a terminal.
//!
//! Colour is never alone: a sign or a word always says the same. Our colours carry a seal until they
//! are printed: foreign text that brings colours of its own does not know it, and cannot look like ours.

use console::measure_text_width;
use interlock_contract::{Tone, visible::visible};
use std::{
    ffi::OsString,
    hash::{BuildHasher as _, RandomState},
    io::IsTerminal as _,
    sync::LazyLock,
};

/// Begins and ends a colour of ours: made anew in every process.
static SEAL: LazyLock<String> =
    LazyLock::new(|| format!("\u{1b}<{:016x}>", RandomState::new().hash_one(())));

/// Colours a word that goes to stdout, if that is a terminal that wants colour.
pub fn paint(text: &str, tone: Tone) -> String {
    painted(text, tone, wanted(std::io::stdout().is_terminal()))
}

/// Colours a word that goes to stderr, if that is a terminal that wants colour.
pub fn paint_talk(text: &str, tone: Tone) -> String {
    painted(text, tone, wanted(std::io::stderr().is_terminal()))
}

fn wanted(terminal: bool) -> bool {
    decide(
        terminal,
        std::env::var_os("NO_COLOR"),
        std::env::var_os("TERM"),
    )
}

/// Colour goes to terminals only, and not to those whose user asked for none.
fn decide(terminal: bool, no_color: Option<OsString>, term: Option<OsString>) -> bool {
    terminal
        && no_color.is_none_or(|value| value.is_empty())
        && term.is_none_or(|term| term != "dumb")
}

fn painted(text: &str, tone: Tone, colours: bool) -> String {
    let code = match tone {
        _ if !colours => return text.to_owned(),
        Tone::Ok => "32",
        Tone::Running => "34",
        Tone::Waiting => "33",
        Tone::Bad => "31",
        Tone::Drift => "35",
        Tone::Frozen => "36",
        Tone::Unknown => "90",
        Tone::Neutral => return text.to_owned(),
    };
    format!("{0}{code}m{text}{0}0m", *SEAL)
}

/// A sign for a tone.
pub const fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Ok => "+",
        Tone::Running => ">",
        Tone::Waiting => "!",
        Tone::Bad => "x",
        Tone::Drift => "~",
        Tone::Frozen => "*",
        Tone::Unknown => "?",
        Tone::Neutral => " ",
    }
}

/// What a sign means.
pub const fn meaning(tone: Tone) -> &'static str {
    match tone {
        Tone::Ok => "in order",
        Tone::Running => "under way",
        Tone::Waiting => "waits or warns",
        Tone::Bad => "failed",
        Tone::Drift => "drifted",
        Tone::Frozen => "frozen",
        Tone::Unknown => "not known",
        Tone::Neutral => "nothing to say",
    }
}

/// Text for a terminal: what would move the cursor, ring, turn the direction of writing or is not
/// seen at all becomes a box. Commit titles, logs and reasons come from strangers; our own colours
/// stay.
pub fn harmless(text: &str) -> String {
    let mut parts = text.split(SEAL.as_str());
    let mut clean = visible(parts.next().unwrap_or_default()).into_owned();
    for part in parts {
        // After our seal stand the digits of a colour.
        let (code, rest) = part.split_once('m').unwrap_or(("0", part));
        clean.push_str("\u{1b}[");
        clean.push_str(code);
        clean.push('m');
        clean.push_str(&visible(rest));
    }
    clean
}

/// Columns that a text takes on a terminal once it is harmless.
pub fn width(text: &str) -> usize {
    measure_text_width(&harmless(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_goes_only_to_terminals_whose_user_wants_it() {
        let some = |text: &str| Some(OsString::from(text));
        assert!(decide(true, None, some("xterm-256color")));
        assert!(decide(true, some(""), None));
        assert!(!decide(false, None, some("xterm-256color")));
        assert!(!decide(true, some("1"), some("xterm-256color")));
        assert!(!decide(true, None, some("dumb")));
        assert_eq!(painted("red", Tone::Bad, false), "red");
        let red = painted("red", Tone::Bad, true);
        assert_eq!(harmless(&red), "\u{1b}[31mred\u{1b}[0m");
    }

    #[test]
    fn threat_02_foreign_control_characters_reach_no_terminal_and_our_colours_do() {
        let ours = painted("a \u{1b}[32mforeign\u{1b}[0m word", Tone::Bad, true);
        assert_eq!(
            harmless(&ours),
            "\u{1b}[31ma [U+001B][32mforeign[U+001B][0m word\u{1b}[0m"
        );
        assert_eq!(
            harmless("a\u{1b}[2Jb\u{1b}]0;title\u{7}c\rd"),
            "a[U+001B][2Jb[U+001B]]0;title[U+0007]c[U+000D]d"
        );
        assert_eq!(harmless("Sofía\n\tñandú 漢字"), "Sofía\n\tñandú 漢字");
        assert_eq!(harmless("\u{202e}live"), "[U+202E]live");
    }

    #[test]
    fn a_text_is_as_wide_as_it_is_shown() {
        assert_eq!(width(&painted("red", Tone::Bad, true)), 3);
        assert_eq!(width("a\u{200b}b"), 10);
        assert_eq!(width("漢字"), 4);
    }
}
