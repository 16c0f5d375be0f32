//! Real documents with a few pieces changed, and plain noise, for property tests of parsers.
//!
//! Compiled into the tests of every crate that reads foreign text; `cargo fuzz` has its own way
//! to mutate.

use proptest::{collection::vec, prelude::*, sample::Index};
use std::time::{Duration, Instant};

/// Pieces that parsers stumble over.
const PIECES: [&[u8]; 24] = [
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\r",
    b"\n\n",
    b"\t",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"[[[[[[[[",
    b"}",
    b"]",
    b"<",
    b"&lt;",
    b"null",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"&a [*a]",
    b"\x1b[8mha:",
    b"\xc3\xa9\xe6\xbc\xa2",
];

#[derive(Debug, Clone)]
enum Change {
    Byte(Index, u8),
    Insert(Index, usize),
    Remove(Index, Index),
    Repeat(Index, Index),
    Cut(Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        3 => (any::<Index>(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        2 => (any::<Index>(), any::<Index>()).prop_map(|(at, to)| Change::Remove(at, to)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(at, to)| Change::Repeat(at, to)),
        1 => any::<Index>().prop_map(Change::Cut),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    if bytes.is_empty() {
        return;
    }
    // Small pieces, so that most of the document stays what it was.
    let piece = |at: &Index, to: &Index| {
        let from = at.index(bytes.len());
        from..(from + 1 + to.index(40)).min(bytes.len())
    };
    match change {
        Change::Byte(at, byte) => {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        Change::Insert(at, which) => {
            let at = at.index(bytes.len());
            bytes.splice(at..at, PIECES[*which].iter().copied());
        }
        Change::Remove(at, to) => {
            let range = piece(at, to);
            bytes.drain(range);
        }
        Change::Repeat(at, to) => {
            let range = piece(at, to);
            let copy = bytes[range.clone()].to_vec();
            bytes.splice(range.end..range.end, copy);
        }
        Change::Cut(at) => bytes.truncate(at.index(bytes.len())),
    }
}

/// Noise, and documents of `seeds` as they are or changed in up to six places.
pub fn foreign(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    assert!(!seeds.is_empty(), "there is no real document to change");
    let changed = (prop::sample::select(seeds), vec(change(), 0..6));
    prop_oneof![
        1 => vec(any::<u8>(), 0..400),
        4 => changed.prop_map(|(mut bytes, changes)| {
            for change in &changes {
                apply(&mut bytes, change);
            }
            bytes
        }),
    ]
}

/// So many cases, or as many as `PROPTEST_CASES` says. Findings become tests, not files.
pub fn times(cases: u32) -> ProptestConfig {
    let told = std::env::var_os("PROPTEST_CASES").is_some();
    let standard = ProptestConfig::default();
    ProptestConfig {
        cases: if told { standard.cases } else { cases },
        failure_persistence: None,
        ..standard
    }
}

/// Runs the body of a fuzz target, which must come to its end soon.
pub fn soon(body: impl FnOnce()) {
    let begun = Instant::now();
    body();
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(10), "it took {took:?}");
}
