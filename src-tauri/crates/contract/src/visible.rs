//! Foreign text, with what nobody can see in it made visible.
//!
//! Names, commit titles, log lines, templates and error texts are written by strangers. Characters
//! without a picture of their own can move the cursor of a terminal, turn the direction of writing,
//! or make two names look like one. Where text meets eyes they are shown as boxes such as
//! `[U+202E]`: shells pass every answer through here. What programs read keeps its characters,
//! written as JSON escapes. Letters of other scripts that look alike are not told apart.

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

/// Characters beside those of control that have no picture of their own, first and last.
const UNSEEN: [(char, char); 20] = [
    // Joiners, fillers and spaces of no width.
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200d}'),
    ('\u{2060}', '\u{2065}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    // Marks of direction: they turn what stands after them.
    ('\u{61c}', '\u{61c}'),
    ('\u{200e}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2066}', '\u{206f}'),
    // Ends of lines and paragraphs that are no line feed.
    ('\u{2028}', '\u{2029}'),
    // Choices of a variant, tags, and marks of scores and shorthand.
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// Whether a character has no picture of its own. Line feed and tab have their effect only.
pub fn is_unseen(c: char) -> bool {
    if c.is_ascii() {
        return c.is_control() && !matches!(c, '\n' | '\t');
    }
    c.is_control()
        || UNSEEN
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&c))
}

/// A text as it may be shown: unseen characters as boxes. The two characters that end a line on
/// some systems stay together and end it.
pub fn visible(text: &str) -> Cow<'_, str> {
    boxed(text, is_unseen)
}

/// A text that is part of one line: it ends no line either.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    boxed(text, |c| is_unseen(c) || matches!(c, '\n' | '\t'))
}

/// What a view says, as JSON for eyes: unseen characters of its texts are boxes.
pub fn to_visible_json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    let mut bytes = Vec::with_capacity(256);
    let boxes = Boxes {
        is_carriage_returned: false,
    };
    value.serialize(&mut serde_json::Serializer::with_formatter(
        &mut bytes, boxes,
    ))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// JSON for programs: the same values, with unseen characters written as escapes, so that it does
/// nothing to a terminal either.
pub fn escaped_json(json: &str) -> Cow<'_, str> {
    // Outside of its strings JSON has none of these characters, and inside they may be escaped.
    if !json.chars().any(is_unseen) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_unseen(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

fn boxed(text: &str, hides: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let ends_line = c == '\r' && !hides('\n') && rest.peek() == Some(&'\n');
        if hides(c) && !ends_line {
            let _ = write!(shown, "[U+{:04X}]", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Writes the texts of a JSON document with boxes.
struct Boxes {
    /// A carriage return was read, and what follows it is not known yet.
    is_carriage_returned: bool,
}

impl Boxes {
    fn settle<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        if std::mem::take(&mut self.is_carriage_returned) {
            writer.write_all(b"[U+000D]")?;
        }
        Ok(())
    }
}

impl Formatter for Boxes {
    fn write_string_fragment<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        self.settle(writer)?;
        writer.write_all(visible(fragment).as_bytes())
    }

    fn write_char_escape<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        if matches!(escape, CharEscape::LineFeed) && std::mem::take(&mut self.is_carriage_returned)
        {
            return writer.write_all(b"\\r\\n");
        }
        self.settle(writer)?;
        match escape {
            CharEscape::CarriageReturn => {
                self.is_carriage_returned = true;
                Ok(())
            }
            CharEscape::Backspace => writer.write_all(b"[U+0008]"),
            CharEscape::FormFeed => writer.write_all(b"[U+000C]"),
            CharEscape::AsciiControl(byte) => write!(writer, "[U+{byte:04X}]"),
            plain => CompactFormatter.write_char_escape(writer, plain),
        }
    }

    fn end_string<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.settle(writer)?;
        writer.write_all(b"\"")
    }
}

#[cfg(test)]
#[path = "visible/tests.rs"]
mod tests;
