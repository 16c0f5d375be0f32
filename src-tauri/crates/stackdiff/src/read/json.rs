//! JSON with a location for every node.
//!
//! Strict by RFC 8259, with two additions that lose nothing: numbers keep all their digits, and a
//! key that stands twice in an object is an error.

use super::budget::{Budget, Spending};
use super::scalar;
use super::short_forms;
use super::{Fault, ReadProblem};
use crate::location::{Location, Walk};
use crate::node::{Entry, Map, Node, Value};

/// Reads one JSON document.
pub(crate) fn read(text: &str, budget: &Budget) -> Result<Node, Fault> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        offset: 0,
        walk: Walk::new(text),
        spending: Spending::new(*budget),
        entries: Vec::new(),
        items: Vec::new(),
    };
    reader.skip_space();
    let node = reader.value(1)?;
    reader.skip_space();
    if reader.peek().is_some() {
        return Err(reader.fault("the document goes on after its end"));
    }
    Ok(node)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    offset: usize,
    walk: Walk<'a>,
    spending: Spending,
    /// Entries of the mappings that are open; each takes its own when it ends, with no room to
    /// spare.
    entries: Vec<Entry>,
    /// Items of the lists that are open.
    items: Vec<Node>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.offset).copied()
    }

    fn here(&mut self) -> Location {
        self.walk.at(self.offset)
    }

    fn fault(&mut self, message: &str) -> Fault {
        let message = if self.peek().is_none() {
            format!("{message}, and the document ends here")
        } else {
            message.to_owned()
        };
        (self.here(), ReadProblem::syntax(message))
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.offset += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Fault> {
        let at = self.here();
        self.spending.nodes(1, at)?;
        let value = match self.peek() {
            Some(b'{') => self.object(depth, at)?,
            Some(b'[') => self.list(depth, at)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Value::Boolean(true))?,
            Some(b'f') => self.word("false", Value::Boolean(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            _ => return Err(self.fault("a value is expected here")),
        };
        Ok(Node { at, value })
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Fault> {
        if self.text[self.offset..].starts_with(word) {
            self.offset += word.len();
            Ok(value)
        } else {
            Err(self.fault("a value is expected here"))
        }
    }

    fn object(&mut self, depth: usize, at: Location) -> Result<Value, Fault> {
        self.spending.depth(depth, at)?;
        self.offset += 1;
        let first = self.entries.len();
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.offset += 1;
            return Ok(Value::Map(Map::default()));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.fault("a key in double quotes is expected here"));
            }
            let key_at = self.here();
            self.spending.nodes(1, key_at)?;
            let key = self.string()?;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.fault("`:` is expected after a key"));
            }
            self.offset += 1;
            self.skip_space();
            let value = self.value(depth + 1)?;
            self.entries.push(Entry { key, key_at, value });
            self.skip_space();
            match self.peek() {
                Some(b',') => self.offset += 1,
                Some(b'}') => break,
                _ => return Err(self.fault("`,` or `}` is expected here")),
            }
        }
        self.offset += 1;
        let entries = self.entries.drain(first..).collect();
        let mut map = Map::new(entries).map_err(|twice| duplicate(*twice))?;
        short_forms::normalise(&mut map);
        Ok(Value::Map(map))
    }

    fn list(&mut self, depth: usize, at: Location) -> Result<Value, Fault> {
        self.spending.depth(depth, at)?;
        self.offset += 1;
        let first = self.items.len();
        self.skip_space();
        if self.peek() == Some(b']') {
            self.offset += 1;
            return Ok(Value::List(Vec::new()));
        }
        loop {
            self.skip_space();
            let item = self.value(depth + 1)?;
            self.items.push(item);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.offset += 1,
                Some(b']') => break,
                _ => return Err(self.fault("`,` or `]` is expected here")),
            }
        }
        self.offset += 1;
        Ok(Value::List(self.items.drain(first..).collect()))
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let start = self.offset;
        if self.peek() == Some(b'-') {
            self.offset += 1;
        }
        match self.peek() {
            Some(b'0') => self.offset += 1,
            Some(b'1'..=b'9') => self.skip_digits(),
            _ => return Err(self.fault("a digit is expected here")),
        }
        if self.peek() == Some(b'.') {
            self.offset += 1;
            self.require_digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.offset += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.offset += 1;
            }
            self.require_digits()?;
        }
        if matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.fault("a number may not begin with a zero; put it in quotes"));
        }
        Ok(Value::Number(scalar::json_number(
            &self.text[start..self.offset],
        )))
    }

    fn skip_digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.offset += 1;
        }
    }

    fn require_digits(&mut self) -> Result<(), Fault> {
        let start = self.offset;
        self.skip_digits();
        if self.offset == start {
            return Err(self.fault("a digit is expected here"));
        }
        Ok(())
    }

    fn string(&mut self) -> Result<String, Fault> {
        let opening = self.offset;
        self.offset += 1;
        let mut text = String::new();
        loop {
            let start = self.offset;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1F)) {
                self.offset += 1;
            }
            text.push_str(&self.text[start..self.offset]);
            match self.peek() {
                Some(b'"') => {
                    self.offset += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => {
                    return Err(self.fault(
                        "a line break or control character may not stand inside quotes; write it as an escape such as `\\n`",
                    ));
                }
                None => {
                    let at = self.walk.at(opening);
                    let message = "the text that begins here has no closing quote";
                    return Err((at, ReadProblem::syntax(message)));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let at = self.here();
        self.offset += 1;
        let escaped = self.peek();
        self.offset += 1;
        let plain = match escaped {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(at),
            _ => {
                let message = "this escape is not one that JSON knows";
                return Err((at, ReadProblem::syntax(message)));
            }
        };
        Ok(plain)
    }

    fn unicode(&mut self, at: Location) -> Result<char, Fault> {
        let broken = || {
            (
                at,
                ReadProblem::syntax(
                    "`\\u` needs the code of a character in four hexadecimal digits",
                ),
            )
        };
        let first = self.hexadecimal().ok_or_else(broken)?;
        if !(0xD800..0xE000).contains(&first) {
            return char::from_u32(first).ok_or_else(broken);
        }
        if !self
            .text
            .get(self.offset..)
            .is_some_and(|rest| rest.starts_with("\\u"))
        {
            return Err(broken());
        }
        self.offset += 2;
        let second = self.hexadecimal().ok_or_else(broken)?;
        char::decode_utf16([first, second].map(|unit| u16::try_from(unit).unwrap_or_default()))
            .next()
            .and_then(Result::ok)
            .filter(|_| (0xDC00..0xE000).contains(&second))
            .ok_or_else(broken)
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let digits = self.text.get(self.offset..self.offset + 4)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        self.offset += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

/// The fault of a key that stands twice, at its second place.
pub(crate) fn duplicate(twice: (Entry, Entry)) -> Fault {
    let (first, again) = twice;
    (
        again.key_at,
        ReadProblem::DuplicateKey {
            key: again.key,
            first: first.key_at,
            again: again.key_at,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, Fault> {
        super::read(text, &Budget::default())
    }

    #[test]
    fn every_node_knows_its_line_and_column() {
        let node = read("{\n  \"ñ\": [1,\n \"x\"]}").unwrap();
        let entry = node.as_map().unwrap().entry("ñ").unwrap();
        assert_eq!(entry.key_at, Location { line: 2, column: 3 });
        assert_eq!(entry.value.at, Location { line: 2, column: 8 });
        let items = entry.value.as_list().unwrap();
        assert_eq!(items[0].at, Location { line: 2, column: 9 });
        assert_eq!(items[1].at, Location { line: 3, column: 2 });
    }

    #[test]
    fn escapes_and_surrogate_pairs_are_read() {
        let node = read(r#""a\"\\\/\b\f\n\r\tñ😀""#).unwrap();
        assert_eq!(node.as_text(), Some("a\"\\/\u{8}\u{C}\n\r\tñ😀"));
    }

    #[test]
    fn numbers_keep_every_digit() {
        for text in ["9007199254740993", "13.10", "1e400", "0.10E-2", "-7"] {
            let node = read(text).unwrap();
            assert_eq!(node.scalar_text().as_deref(), Some(text));
        }
    }

    #[test]
    fn broken_json_says_where() {
        for (text, line, column) in [
            ("{", 1, 2),
            ("{\"a\":1,}", 1, 8),
            ("{\"a\" 1}", 1, 6),
            ("[1 2]", 1, 4),
            ("\"abc", 1, 1),
            ("\"a\nb\"", 1, 3),
            ("{\n\"a\": tru}", 2, 6),
            ("01", 1, 2),
            ("1.", 1, 3),
            ("\"\\x\"", 1, 2),
            ("\"\\ud800\"", 1, 2),
            ("\"\\ud800\\u0041\"", 1, 2),
            ("\"\\u00", 1, 2),
            ("\"\\", 1, 2),
            ("1 1", 1, 3),
            ("", 1, 1),
        ] {
            let (at, problem) = read(text).unwrap_err();
            assert_eq!((at.line, at.column), (line, column), "{text} {problem}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_named_with_both_lines() {
        let (at, problem) = read("{\"a\":1,\n\"b\":2,\n\"\\u0061\":3}").unwrap_err();
        assert_eq!(at.line, 3);
        assert_eq!(
            problem.to_string(),
            "the key `a` stands twice in one mapping: in line 1 and in line 3."
        );
    }
}
