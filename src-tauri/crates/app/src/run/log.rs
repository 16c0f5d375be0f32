//! A log in bounded memory: whole lines, numbered for ever, the oldest dropped first.

use interlock_domain::Timestamp;
use std::collections::VecDeque;

/// Lines kept at most.
const LINES: usize = 50_000;
/// Bytes kept at most.
const BYTES: usize = 32 * 1024 * 1024;
/// Bytes of one line at most; the rest of it is cut.
const LINE: usize = 16 * 1024;

/// How a line is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Plain.
    Plain,
    /// Something began.
    Progress,
    /// Something went well.
    Good,
    /// An error.
    Error,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When, if the source says so.
    pub at: Option<Timestamp>,
    /// Text without control characters.
    pub text: String,
    /// How to read it.
    pub severity: Severity,
}

/// The buffer.
#[derive(Debug, Default)]
pub struct LogBuffer {
    lines: VecDeque<LogLine>,
    dropped: usize,
    bytes: usize,
    rest: String,
    first_error: Option<(usize, String)>,
}

impl LogBuffer {
    /// Adds a line.
    pub fn push(&mut self, at: Option<Timestamp>, text: &str, severity: Severity) {
        let text = clean(text);
        if severity == Severity::Error && self.first_error.is_none() {
            self.first_error = Some((self.next(), text.clone()));
        }
        self.bytes += text.len();
        self.lines.push_back(LogLine { at, text, severity });
        while self.lines.len() > LINES || self.bytes > BYTES {
            if let Some(line) = self.lines.pop_front() {
                self.bytes -= line.text.len();
                self.dropped += 1;
            }
        }
    }

    /// Adds a piece of text as it streams in; only whole lines are taken.
    pub fn feed(&mut self, text: &str) {
        for piece in text.split_inclusive('\n') {
            let room = LINE.saturating_sub(self.rest.len());
            let cut = (0..=room.min(piece.len()))
                .rev()
                .find(|at| piece.is_char_boundary(*at))
                .unwrap_or(0);
            self.rest.push_str(&piece[..cut]);
            if piece.ends_with('\n') {
                let line = std::mem::take(&mut self.rest);
                let line = line.trim_end_matches(['\n', '\r']);
                self.push(None, line, severity_of(line));
            }
        }
    }

    /// Takes what is left without a line end.
    pub fn finish(&mut self) {
        if !self.rest.is_empty() {
            let line = std::mem::take(&mut self.rest);
            self.push(None, &line, severity_of(&line));
        }
    }

    /// Number that the next line will have.
    pub fn next(&self) -> usize {
        self.dropped + self.lines.len()
    }

    /// Lines dropped from the front.
    pub const fn dropped(&self) -> usize {
        self.dropped
    }

    /// First error and its line number.
    pub fn first_error(&self) -> Option<(usize, &str)> {
        self.first_error
            .as_ref()
            .map(|(line, text)| (*line, text.as_str()))
    }

    /// Lines from a number on, at most `limit`, with the number of the first.
    pub fn from(&self, from: usize, limit: usize) -> (usize, Vec<LogLine>) {
        let start = from.max(self.dropped);
        (
            start,
            self.lines
                .iter()
                .skip(start - self.dropped)
                .take(limit)
                .cloned()
                .collect(),
        )
    }
}

fn clean(text: &str) -> String {
    let cut = text
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| *at > LINE)
        .unwrap_or(text.len());
    text[..cut]
        .chars()
        .filter(|c| !c.is_control() || *c == '\t')
        .collect()
}

fn severity_of(line: &str) -> Severity {
    let start = line.trim_start();
    let upper = |word: &str| start.starts_with(word) || line.contains(&format!(" {word}"));
    if upper("ERROR")
        || upper("FAILED")
        || line.contains("_FAILED")
        || start.starts_with("Finished: FAILURE")
        || line.contains("ROLLBACK")
        || line.contains("Exception:")
    {
        Severity::Error
    } else if line.contains("_COMPLETE") || start.starts_with("Finished: SUCCESS") {
        Severity::Good
    } else if line.contains("_IN_PROGRESS") || start.starts_with("[Pipeline] {") {
        Severity::Progress
    } else {
        Severity::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_whole_lines() {
        let mut log = LogBuffer::default();
        log.feed("one\r\ntw");
        log.feed("o\r\nthree");
        log.finish();
        let (_, lines) = log.from(0, 10);
        let texts: Vec<_> = lines.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["one", "two", "three"]);
    }

    #[test]
    fn fault_51_a_log_without_end_stays_bounded_and_its_numbers_stay_true() {
        let mut log = LogBuffer::default();
        let chunk = "x".repeat(199) + "\n";
        for _ in 0..200_000 {
            log.feed(&chunk);
        }
        assert_eq!(log.next(), 200_000);
        assert!(log.bytes <= BYTES && log.lines.len() <= LINES);
        let (first, lines) = log.from(0, 5);
        assert_eq!(first, log.dropped());
        assert_eq!(lines.len(), 5);
        log.feed(&"y".repeat(100_000_000));
        assert!(log.rest.len() <= LINE);
    }

    #[test]
    fn control_characters_are_taken_out() {
        let mut log = LogBuffer::default();
        log.feed("a\u{1b}[31mred\u{0}\n");
        assert_eq!(log.from(0, 1).1[0].text, "a[31mred");
    }

    #[test]
    fn the_first_error_keeps_its_number() {
        let mut log = LogBuffer::default();
        log.feed("fine\nERROR: no\nERROR: again\n");
        assert_eq!(log.first_error(), Some((1, "ERROR: no")));
    }
}
