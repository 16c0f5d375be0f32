//! Foreign text made harmless: what cannot be seen, or turns the direction of what can, is written out.

/// A stretch of text: as it is, or a character that is written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// As it is.
    Plain(&'a str),
    /// Written out, such as `\u{202e}`.
    Escape(String),
}

/// Whether a character is invisible, changes the direction of text, or belongs to no script.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{ffff}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{e0000}'..='\u{10ffff}')
}

/// Cuts a text into what can be shown as it is and what is written out.
pub fn pieces(text: &str, hides: impl Fn(char) -> bool) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| hides(*c)) {
        if start < at {
            pieces.push(Piece::Plain(&text[start..at]));
        }
        pieces.push(Piece::Escape(format!("\\u{{{:x}}}", u32::from(c))));
        start = at + c.len_utf8();
    }
    if start < text.len() {
        pieces.push(Piece::Plain(&text[start..]));
    }
    pieces
}

/// The text with everything hidden written out.
pub fn written_out(text: &str, hides: impl Fn(char) -> bool) -> String {
    let pieces = pieces(text, hides).into_iter();
    let words = pieces.map(|piece| match piece {
        Piece::Plain(text) => text.to_owned(),
        Piece::Escape(text) => text,
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_or_turns_text_is_written_out_and_letters_are_left() {
        let told = written_out(
            "pay\u{202e}dorp\u{2066}\t\u{200b}\u{e0041} José \u{4e2d}",
            is_hidden,
        );
        assert_eq!(
            told,
            "pay\\u{202e}dorp\\u{2066}\\u{9}\\u{200b}\\u{e0041} José \u{4e2d}"
        );
        assert_eq!(pieces("", is_hidden), []);
    }
}
