//! Pieces of a console log: console notes and control sequences out, lines and letters whole.
//!
//! Jenkins counts the next offset in bytes of its file, while the text comes with longer line
//! ends; so only the header tells the offset. Whatever is incomplete at the end of a piece is
//! left for the next one, by answering a smaller offset.

/// Start of a console note; it ends with [`NOTE_END`].
const NOTE_START: &[u8] = b"\x1b[8mha:";
const NOTE_END: &[u8] = b"\x1b[0m";
/// Longest tail that may be left for the next piece.
const LONGEST_TAIL: usize = 64 * 1024;

/// Text without notes and control sequences, and how many bytes at the end were left over
/// because they are not complete. Nothing is left over from the last piece of a log.
pub(super) fn clean(bytes: &[u8], last: bool) -> (String, usize) {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        match rest[0] {
            b'\x1b' => match sequence_length(rest) {
                Some(length) => at += length,
                None if last || rest.len() > LONGEST_TAIL => at += 1,
                None => return (text(&kept), rest.len()),
            },
            b'\r' => {
                if rest.len() == 1 && !last {
                    return (text(&kept), 1);
                }
                if rest.get(1) != Some(&b'\n') {
                    kept.push(b'\n');
                }
                at += 1;
            }
            byte => {
                if !last && is_cut_letter(rest) {
                    return (text(&kept), rest.len());
                }
                if byte >= b' ' && byte != 0x7f || byte == b'\n' || byte == b'\t' {
                    kept.push(byte);
                }
                at += 1;
            }
        }
    }
    (text(&kept), 0)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect()
}

/// Length of the escape sequence at the start; none when its end is not there yet.
fn sequence_length(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(NOTE_START) {
        return note_length(bytes);
    }
    if bytes.len() < NOTE_START.len() && NOTE_START.starts_with(bytes) {
        return None;
    }
    match bytes.get(1)? {
        b'[' => bytes[2..]
            .iter()
            .position(|byte| !(0x20..=0x3f).contains(byte))
            .map(|end| {
                let is_final = (0x40..=0x7e).contains(&bytes[2 + end]);
                2 + end + usize::from(is_final)
            }),
        b']' | b'P' | b'^' | b'_' => string_length(bytes),
        0x20..=0x2f => bytes[1..]
            .iter()
            .position(|byte| !(0x20..=0x2f).contains(byte))
            .map(|end| 1 + end + usize::from((0x30..=0x7e).contains(&bytes[1 + end]))),
        0x30..=0x7e => Some(2),
        _ => Some(1),
    }
}

fn note_length(bytes: &[u8]) -> Option<usize> {
    for (at, byte) in bytes.iter().enumerate().skip(NOTE_START.len()) {
        match byte {
            b'\x1b' => {
                let rest = &bytes[at..];
                if rest.starts_with(NOTE_END) {
                    return Some(at + NOTE_END.len());
                }
                return (rest.len() >= NOTE_END.len()).then_some(NOTE_START.len());
            }
            // A note is Base64 on one line; this one was damaged.
            byte if byte.is_ascii_control() => return Some(NOTE_START.len()),
            _ => {}
        }
    }
    None
}

/// Length of an operating-system or device command, which ends with BEL or `ESC \`.
fn string_length(bytes: &[u8]) -> Option<usize> {
    for (at, byte) in bytes.iter().enumerate().skip(2) {
        match byte {
            0x07 => return Some(at + 1),
            b'\x1b' => return Some(at + if bytes.get(at + 1)? == &b'\\' { 2 } else { 0 }),
            b'\n' | b'\r' => return Some(at),
            _ => {}
        }
    }
    None
}

/// Whether the bytes are the beginning of a letter whose other bytes are not there.
fn is_cut_letter(bytes: &[u8]) -> bool {
    let wanted = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return false,
    };
    bytes.len() < wanted && bytes[1..].iter().all(|byte| byte & 0xc0 == 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn console_notes_and_colours_are_stripped() {
        let raw = b"Started by user \x1b[8mha:////4G42oNc/AA==\x1b[0mRita Releaser\r\n\
            \x1b[31mred\x1b[0m \x1b]0;title\x07plain\r\n";
        let (text, left) = clean(raw, false);
        assert_eq!(text, "Started by user Rita Releaser\nred plain\n");
        assert_eq!(left, 0);
    }

    #[test]
    fn a_letter_cut_at_the_edge_is_left_for_the_next_piece() {
        let whole = "línea ✓".as_bytes();
        for cut in 1..=2 {
            let (text, left) = clean(&whole[..whole.len() - cut], false);
            assert_eq!((text.as_str(), left), ("línea ", 3 - cut));
        }
        let (text, left) = clean(&whole[..whole.len() - 1], true);
        assert_eq!((text.as_str(), left), ("línea \u{fffd}", 0));
    }

    #[test]
    fn a_note_cut_at_the_edge_is_left_for_the_next_piece() {
        let raw = b"user \x1b[8mha:////4G42oNc/AA==\x1b[0mRita";
        for cut in 5..raw.len() - 4 {
            let (text, left) = clean(&raw[..cut], false);
            let clean_so_far = if cut >= raw.len() - 4 {
                "user Rita"
            } else {
                "user "
            };
            assert_eq!(text, clean_so_far[..text.len()], "cut at {cut}");
            assert!(left > 0 || cut == 5, "cut at {cut}");
        }
    }

    #[test]
    fn an_unfinished_sequence_at_the_very_end_does_not_hide_text() {
        assert_eq!(clean(b"end \x1b[31", true).0, "end [31");
    }

    #[test]
    fn bars_that_return_to_the_line_start_become_lines() {
        assert_eq!(clean(b" 10%\r 20%\r\ndone\n", true).0, " 10%\n 20%\ndone\n");
    }

    proptest! {
        #[test]
        fn any_bytes_become_text_without_control_characters(
            bytes in proptest::collection::vec(any::<u8>(), 0..300), last: bool
        ) {
            let (text, left) = clean(&bytes, last);
            prop_assert!(left <= bytes.len());
            prop_assert!(!(last && left > 0));
            prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
        }

        /// Reading in pieces, each from where the last one stopped, gives the same text.
        #[test]
        fn pieces_give_the_same_text_as_the_whole(
            parts in proptest::collection::vec(
                prop_oneof![
                    Just("línea ✓ 🚂".to_owned()),
                    Just("\x1b[31m".to_owned()),
                    Just("\x1b[8mha:////4G42oNc/AA==\x1b[0m".to_owned()),
                    Just("\r\n".to_owned()),
                    "[a-z ]{1,6}",
                ],
                0..12,
            ),
            sizes in proptest::collection::vec(1_usize..9, 1..60),
        ) {
            let bytes: Vec<u8> = parts.concat().into_bytes();
            let mut pieces = String::new();
            let (mut from, mut to) = (0, 0);
            for size in sizes.iter().cycle() {
                to = (to + size).min(bytes.len());
                let last = to == bytes.len();
                let (text, left) = clean(&bytes[from..to], last);
                pieces.push_str(&text);
                from = to - left;
                if last {
                    break;
                }
            }
            prop_assert_eq!(pieces, clean(&bytes, true).0);
        }
    }
}
