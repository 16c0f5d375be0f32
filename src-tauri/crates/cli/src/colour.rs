//! Signs, colours, and foreign text made harmless for a terminal.
//!
//! Colour is never alone: a sign or a word always says the same.

use interlock_contract::Tone;
use std::{ffi::OsString, io::IsTerminal as _};

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
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
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

/// Text without control characters that would move the cursor, ring, or rewrite what stands
/// there. Commit titles, logs and reasons come from strangers; our own colours stay.
pub fn harmless(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '\u{1b}' if colour_code(rest).is_some() => {
                let code = colour_code(rest).unwrap_or_default();
                clean.push_str(code);
                code.len()
            }
            '\n' | '\t' => {
                clean.push(c);
                c.len_utf8()
            }
            c if c.is_control() || turns(c) => {
                clean.push('\u{fffd}');
                c.len_utf8()
            }
            c => {
                clean.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    clean
}

/// Marks that turn the direction of writing can make one name look like another.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A colour of ours at the beginning of a text.
fn colour_code(text: &str) -> Option<&str> {
    [
        "\u{1b}[0m",
        "\u{1b}[31m",
        "\u{1b}[32m",
        "\u{1b}[33m",
        "\u{1b}[34m",
        "\u{1b}[35m",
        "\u{1b}[36m",
        "\u{1b}[90m",
    ]
    .into_iter()
    .find(|code| text.starts_with(code))
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
        assert_eq!(painted("red", Tone::Bad, true), "\u{1b}[31mred\u{1b}[0m");
    }

    #[test]
    fn foreign_control_characters_reach_no_terminal_and_our_colours_do() {
        let ours = painted("failed", Tone::Bad, true);
        assert_eq!(harmless(&ours), ours);
        assert_eq!(
            harmless("a\u{1b}[2Jb\u{1b}]0;title\u{7}c\rd"),
            "a\u{fffd}[2Jb\u{fffd}]0;title\u{fffd}c\u{fffd}d"
        );
        assert_eq!(harmless("Sofía\n\tñandú 漢字"), "Sofía\n\tñandú 漢字");
        assert_eq!(harmless("\u{202e}live"), "\u{fffd}live");
    }
}
