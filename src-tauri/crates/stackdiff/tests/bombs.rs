//! Documents that are small and would become large: none takes more memory than a few times its own.
//!
//! The only test of its program, because it measures the process.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]

use interlock_stackdiff::{Budget, Template};
use std::fmt::Write as _;
use std::fs;

/// What a process of the tests may take at most; the documents themselves are 2 MB at most.
const MOST_KILOBYTES: u64 = 256 * 1024;

/// The most memory that this process ever had.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.unwrap().trim().strip_suffix(" kB").unwrap();
    kilobytes.parse().unwrap()
}

/// Lists of aliases of lists of aliases: `wide` to the power of `high`.
fn laughs(wide: usize, high: usize, write: impl Fn(usize, &str) -> String) -> String {
    let mut text = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..high {
        let items = vec![format!("*a{}", level - 1); wide].join(", ");
        text.push_str(&write(level, &items));
    }
    text
}

fn bombs() -> Vec<(&'static str, String)> {
    let mut merges = String::from("m0: &m0 {k0: v}\n");
    for level in 1..60 {
        let before = level - 1;
        writeln!(merges, "m{level}: &m{level} {{<<: [*m{before}, *m{before}], k{level}: [*m{before}, *m{before}]}}").unwrap();
    }
    let keys: String = (0..170_000).fold(String::new(), |mut text, n| {
        writeln!(text, "k{n}: v").unwrap();
        text
    });
    vec![
        (
            "a billion laughs",
            laughs(9, 10, |level, items| {
                format!("a{level}: &a{level} [{items}]\n")
            }),
        ),
        (
            "in maps",
            laughs(9, 40, |level, items| {
                format!("a{level}: &a{level} {{x: [{items}]}}\n")
            }),
        ),
        (
            "one long text many times",
            format!(
                "a: &a {}\nb: [{}]\n",
                "x".repeat(900_000),
                ["*a"; 9_000].join(", ")
            ),
        ),
        ("merges of merges", merges),
        ("depth", "[".repeat(1_900_000)),
        ("depth of maps", "{a: ".repeat(400_000)),
        ("depth of blocks", "- ".repeat(900_000)),
        ("depth behind a tag", "!Sub [".repeat(300_000)),
        ("nodes", format!("a: [{}0]", "0,".repeat(900_000))),
        ("keys", keys),
        (
            "quoted line feeds",
            format!("a: \"{}\"", "\\n".repeat(900_000)),
        ),
        ("anchors", "&a ".repeat(600_000)),
    ]
}

#[test]
fn threat_05_no_document_takes_more_memory_than_is_its_due() {
    let before = peak();
    for (name, text) in bombs() {
        assert!(text.len() < 2_000_000, "{name} is read at all");
        let read = Template::read(text.as_bytes(), "t.yaml", &Budget::default());
        assert!(read.is_err(), "{name} is no template");
        let peak = peak();
        assert!(
            peak < MOST_KILOBYTES,
            "{name}: {before} kB grew to {peak} kB"
        );
    }
}
