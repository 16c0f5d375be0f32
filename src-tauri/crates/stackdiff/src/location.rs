//! Where something stands in a source text.

use std::fmt;

/// A place in a source text; lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Location {
    /// The first character of a text.
    pub const START: Self = Self { line: 1, column: 1 };

    /// Takes counts of any width; what does not fit stays at the largest number.
    pub(crate) fn from_counts(line: usize, column: usize) -> Self {
        Self {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Finds the location of byte offsets that are asked in rising order, in one walk over the text.
pub(crate) struct Walk<'a> {
    bytes: &'a [u8],
    offset: usize,
    line: usize,
    column: usize,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            offset: 0,
            line: 1,
            column: 1,
        }
    }

    /// The location of `offset`; an offset before the last one asked gives the last answer.
    pub(crate) fn at(&mut self, offset: usize) -> Location {
        let end = offset.min(self.bytes.len());
        if let Some(passed) = self.bytes.get(self.offset..end) {
            for byte in passed {
                if *byte == b'\n' {
                    self.line += 1;
                    self.column = 1;
                } else if byte & 0xC0 != 0x80 {
                    self.column += 1;
                }
            }
            self.offset = end;
        }
        Location::from_counts(self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_restart_them() {
        let mut walk = Walk::new("añb\nc");
        assert_eq!(walk.at(0), Location::START);
        assert_eq!(walk.at(3).column, 3);
        assert_eq!(walk.at(5), Location { line: 2, column: 1 });
        assert_eq!(walk.at(900), Location { line: 2, column: 2 });
    }
}
