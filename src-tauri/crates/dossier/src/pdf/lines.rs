//! Text broken into lines by the widths of Helvetica.

use super::{MARGIN, PAGE};

/// How a paragraph looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// The document's title.
    Title,
    /// The title of an item.
    Heading,
    /// The title of a table.
    Caption,
    /// Text.
    Body,
    /// A row of a table.
    Row,
}

impl Style {
    /// Size of the font, in points.
    pub const fn size(self) -> f32 {
        match self {
            Self::Title => 18.0,
            Self::Heading => 13.0,
            Self::Caption | Self::Body => 9.5,
            Self::Row => 8.0,
        }
    }

    /// Whether it is bold.
    pub const fn is_bold(self) -> bool {
        matches!(self, Self::Title | Self::Heading | Self::Caption)
    }

    /// Space before its first line.
    const fn before(self) -> f32 {
        match self {
            Self::Title => 0.0,
            Self::Heading => 14.0,
            Self::Caption => 5.0,
            Self::Body => 2.0,
            Self::Row => 1.0,
        }
    }

    /// Space that has to be left below it on its page, so that no heading stands alone.
    pub const fn keep(self) -> f32 {
        match self {
            Self::Title | Self::Heading => 40.0,
            Self::Caption => 14.0,
            Self::Body | Self::Row => 0.0,
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// How it looks.
    pub style: Style,
    /// Space before it.
    pub before: f32,
    /// From the margin.
    pub indent: f32,
    /// Its text, in Latin-1.
    pub text: String,
}

/// Breaks a paragraph between words, and a word that fits in no line within itself.
pub fn wrapped(style: Style, text: &str) -> Vec<Line> {
    let mut lines: Vec<String> = vec![String::new()];
    let mut used = 0.0;
    for word in text.split(' ') {
        let gap = if used > 0.0 { width(style, ' ') } else { 0.0 };
        let long: f32 = word.chars().map(|c| width(style, c)).sum();
        let room = room(style, lines.len() - 1);
        if used > 0.0 && used + gap + long > room {
            lines.push(String::new());
            used = 0.0;
        } else if used > 0.0 {
            push(&mut lines, ' ');
            used += gap;
        }
        for c in word.chars() {
            let wide = width(style, c);
            if used + wide > self::room(style, lines.len() - 1) {
                lines.push(String::new());
                used = 0.0;
            }
            push(&mut lines, c);
            used += wide;
        }
    }
    let told = lines.into_iter().enumerate().map(|(at, text)| Line {
        style,
        before: if at == 0 { style.before() } else { 0.0 },
        indent: indent(style, at),
        text,
    });
    told.collect()
}

fn push(lines: &mut [String], c: char) {
    if let Some(line) = lines.last_mut() {
        line.push(c);
    }
}

/// Rows stand in a little, and what follows their first line a little more.
const fn indent(style: Style, line: usize) -> f32 {
    match style {
        Style::Row if line > 0 => 18.0,
        Style::Row => 8.0,
        Style::Title | Style::Heading | Style::Caption | Style::Body => 0.0,
    }
}

fn room(style: Style, line: usize) -> f32 {
    PAGE.0 - 2.0 * MARGIN - indent(style, line)
}

/// Widths of Helvetica from the space to the tilde, in thousandths of its size.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Width of a character; of those with accents the widest, which breaks a line early and never late.
fn width(style: Style, c: char) -> f32 {
    let at = usize::try_from(u32::from(c)).unwrap_or(0).wrapping_sub(32);
    let wide = match WIDTHS.get(at) {
        Some(wide) => *wide,
        None if c == '\u{b7}' => 278,
        None if c.is_lowercase() => 611,
        None => 1000,
    };
    // The bold face is never a tenth wider, save a few narrow marks.
    let bold = if style.is_bold() { 1.12 } else { 1.0 };
    f32::from(wide) / 1000.0 * style.size() * bold
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(line: &Line) -> f32 {
        line.text.chars().map(|c| width(line.style, c)).sum()
    }

    #[test]
    fn no_line_leaves_the_page_and_nothing_is_lost() {
        let text = format!("a word and {} and more words in a row", "x".repeat(500));
        for style in [Style::Title, Style::Body, Style::Row] {
            let lines = wrapped(style, &text);
            assert!(lines.len() > 2);
            for (at, line) in lines.iter().enumerate() {
                assert!(long(line) <= room(style, at) + 0.01, "{line:?}");
            }
            let all: String = lines.iter().map(|line| line.text.as_str()).collect();
            assert_eq!(all.replace(' ', ""), text.replace(' ', ""));
        }
        assert_eq!(wrapped(Style::Body, "").len(), 1);
    }
}
