//! Expressions and conditions without an end: bounded work, and an honest "unknown".

#![allow(clippy::unwrap_used, reason = "a test stops where its data is wrong")]
#![allow(clippy::format_push_string, reason = "test data is small")]

mod common;

use common::compare_texts;
use interlock_stackdiff::EntryState;

/// A template of one resource with these properties in flow style.
fn one(properties: &str) -> String {
    format!("Resources:\n  R:\n    Type: T\n    Properties: {{{properties}}}\n")
}

#[test]
fn expressions_that_grow_without_end_are_left_as_they_are_and_said_to_be_unknown() {
    let mut text = "!Ref P".to_owned();
    for _ in 0..40 {
        text = format!("!Sub ['${{A}}${{A}}', {{A: {text}}}]");
    }
    let (left, right) = (
        one(&format!("V: {text}")),
        one(&format!("V: {}", text.replace("Ref P", "Ref Q"))),
    );
    let difference = compare_texts(&left, &right);
    let (_, entry) = difference.entries().next().unwrap();
    assert_eq!(entry.state, EntryState::Unknown);
    assert!(!compare_texts(&left, &left).differs());
}

#[test]
fn conditions_that_refer_to_themselves_or_through_long_chains_stay_open() {
    let mut chain = String::from("Conditions:\n  C0: !Condition C0\n");
    for number in 1..2_000 {
        chain.push_str(&format!("  C{number}: !Not [!Condition C{}]\n", number - 1));
    }
    let text = format!(
        "{chain}Resources:\n  R: {{Type: T, Condition: C1999, Properties: {{V: !If [C0, 1, 2]}}}}\n"
    );
    assert!(!compare_texts(&text, &text).differs());
}
