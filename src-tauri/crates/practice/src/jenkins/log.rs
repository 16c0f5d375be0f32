//! A build's console text and the three ways Jenkins hands it out.
//!
//! The stored text has LF line ends and hidden console notes (`ESC[8mha:…ESC[0m`) before pipeline lines and names.
//! Offsets count the stored bytes; the progressive text sends CRLF, so a body is longer than the difference of two offsets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

const NOTE_START: &str = "\u{1b}[8mha:";
const NOTE_END: &str = "\u{1b}[0m";

/// A console log as it is stored: LF line ends, notes inside.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ConsoleLog {
    text: String,
}

/// One answer of the progressive log.
#[derive(Debug, PartialEq)]
pub struct Chunk {
    /// The bytes to send, with CRLF line ends.
    pub body: Vec<u8>,
    /// The offset to ask for next (`X-Text-Size`).
    pub next: usize,
}

impl ConsoleLog {
    /// Returns the stored length in bytes, which is the next offset to write at.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Appends a line without a note.
    pub fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Appends a line in which a note precedes `noted`, as Jenkins writes links to users, nodes and inputs.
    pub fn noted_line(&mut self, before: &str, noted: &str, after: &str) {
        self.text.push_str(before);
        self.text.push_str(&note(noted));
        self.text.push_str(noted);
        self.text.push_str(after);
        self.text.push('\n');
    }

    /// Appends a `[Pipeline]` line with its note.
    pub fn pipeline(&mut self, text: &str) {
        self.noted_line("", &format!("[Pipeline] {text}"), "");
    }

    /// Returns the chunk from an offset; an offset beyond the end gives the whole log again.
    pub fn chunk(&self, start: usize) -> Chunk {
        let bytes = self.text.as_bytes();
        let from = if start > bytes.len() { 0 } else { start };
        let mut body = Vec::with_capacity(bytes.len() - from + 64);
        for byte in &bytes[from..] {
            if *byte == b'\n' {
                body.push(b'\r');
            }
            body.push(*byte);
        }
        Chunk {
            body,
            next: bytes.len(),
        }
    }

    /// Returns the text without notes, as `consoleText` sends it.
    pub fn plain(&self) -> String {
        strip_notes(&self.text)
    }

    /// Returns a stretch of the log without notes, as the stage API sends a step's log.
    pub fn plain_between(&self, from: usize, to: usize) -> String {
        let to = to.min(self.text.len());
        self.text.get(from..to).map(strip_notes).unwrap_or_default()
    }
}

/// Makes a note: opaque to every reader, the same for the same text.
fn note(text: &str) -> String {
    let mut bytes = vec![0xff, 0xff, 0xff, 0xe0];
    bytes.extend(Sha256::digest(text.as_bytes()));
    bytes.extend([0, 0, 0, 0x20]);
    bytes.extend(Sha256::digest(&bytes));
    format!("{NOTE_START}{}{NOTE_END}", STANDARD.encode(bytes))
}

fn strip_notes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(NOTE_START) {
        plain.push_str(&rest[..start]);
        let noted = &rest[start..];
        match noted.find(NOTE_END) {
            Some(end) => rest = &noted[end + NOTE_END.len()..],
            None => rest = "",
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> ConsoleLog {
        let mut log = ConsoleLog::default();
        log.noted_line("Started by user ", "Rita Releaser", "");
        log.pipeline("Start of Pipeline");
        log.line("línea ✓");
        log
    }

    #[test]
    fn the_body_is_longer_than_the_offset_difference_by_one_byte_a_line() {
        let log = sample();
        let chunk = log.chunk(0);
        assert_eq!(chunk.next, log.len());
        assert_eq!(chunk.body.len(), log.len() + 3);
        assert!(chunk.body.ends_with(b"\r\n"));
    }

    #[test]
    fn chunks_read_one_after_another_make_the_whole() {
        let log = sample();
        let whole = log.chunk(0).body;
        let mut early = ConsoleLog::default();
        early.noted_line("Started by user ", "Rita Releaser", "");
        let mut body = early.chunk(0).body;
        body.extend(log.chunk(early.len()).body);
        assert_eq!(body, whole);
    }

    proptest! {
        #[test]
        fn any_way_of_reading_on_gives_the_whole_once(
            lines in proptest::collection::vec("[a-zé✓ ]{0,12}", 0..12),
            looks in proptest::collection::vec(any::<bool>(), 12),
        ) {
            let mut log = ConsoleLog::default();
            let (mut offset, mut read) = (0, Vec::new());
            for (line, look) in lines.iter().zip(looks) {
                log.pipeline(line);
                if look {
                    let chunk = log.chunk(offset);
                    read.extend(chunk.body);
                    offset = chunk.next;
                }
            }
            read.extend(log.chunk(offset).body);
            prop_assert_eq!(&read, &log.chunk(0).body);
            let plain = log.plain();
            let told: Vec<&str> = plain.lines().map(|line| &line["[Pipeline] ".len()..]).collect();
            prop_assert_eq!(told, lines);
        }
    }

    #[test]
    fn an_offset_at_the_end_is_empty_and_one_beyond_gives_the_whole_log() {
        let log = sample();
        assert!(log.chunk(log.len()).body.is_empty());
        assert_eq!(log.chunk(log.len() + 1), log.chunk(0));
    }

    #[test]
    fn the_plain_text_has_no_notes_and_lf_only() {
        assert_eq!(
            sample().plain(),
            "Started by user Rita Releaser\n[Pipeline] Start of Pipeline\nlínea ✓\n"
        );
    }
}
