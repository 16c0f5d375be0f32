//! Templates that cannot be read: the file, the place in it, and what to do are said.

use crate::support::{Desk, Ended};
use std::fmt::Write as _;

const FINE: &str = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n";

fn diff_with(name: &str, bytes: impl AsRef<[u8]>) -> Ended {
    let desk = Desk::new();
    desk.write("fine.yaml", FINE);
    desk.write(name, bytes);
    let ended = desk.run(&["diff", "fine.yaml", name]).ends(2);
    assert_eq!(ended.out, "", "nothing is invented");
    ended
}

#[test]
fn broken_yaml_is_told_with_its_place() {
    diff_with("broken.yaml", "Resources:\n  A:\n    Type: [x\n").says(&[
        "error: broken.yaml:4:1: ",
        "expected ',' or ']'",
        "hint: Correct the document",
    ]);
}

#[test]
fn broken_json_is_told_with_its_place() {
    diff_with("broken.json", "{\n  \"Resources\": {,}\n}\n").says(&["error: broken.json:2:"]);
}

#[test]
fn a_file_that_is_no_text_is_told() {
    diff_with("binary.yaml", [0_u8, 0xff, 0xfe, 1]).says(&["binary.yaml:1:", "UTF-8"]);
}

#[test]
fn a_missing_file_is_named() {
    let desk = Desk::new();
    desk.write("fine.yaml", FINE);
    desk.run(&["diff", "fine.yaml", "gone.yaml"])
        .ends(2)
        .says(&["gone.yaml cannot be read"]);
}

#[test]
fn an_alias_bomb_is_refused_where_it_goes_off() {
    let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (before, this) in ('a'..='h').zip('b'..='i') {
        let nine = vec![format!("*{before}"); 9].join(", ");
        writeln!(text, "{this}: &{this} [{nine}]").unwrap();
    }
    diff_with("bomb.yaml", text).says(&["bomb.yaml:", "more than 250000 keys and values"]);
}

#[test]
fn a_template_of_twenty_megabytes_is_refused() {
    let text = format!("{FINE}    Metadata: {}\n", "y".repeat(20_000_000));
    diff_with("big.yaml", text).says(&["big.yaml:1:1: ", "more than 12000000 bytes"]);
}

#[test]
fn programs_get_the_place_in_fields() {
    let desk = Desk::new();
    desk.write("fine.yaml", FINE);
    desk.write("broken.yaml", "Resources:\n  A:\n    Type: [x\n");
    let ended = desk.run(&["--format", "json", "diff", "fine.yaml", "broken.yaml"]);
    let ended = ended.ends(2);
    let text = if ended.out.is_empty() {
        &ended.err
    } else {
        &ended.out
    };
    let told: serde_json::Value = serde_json::from_str(text).unwrap();
    let error = told.get("error").unwrap_or(&told);
    assert_eq!(error["location"]["file"], "broken.yaml");
    assert_eq!(error["location"]["line"], 4);
    assert_eq!(error["retryable"], false);
}
