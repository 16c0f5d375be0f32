use super::*;
use serde_json::{Value, json};

/// Texts in which something else is read than what stands there.
const TROJAN: [(&str, &str); 9] = [
    // Turned: reads as a comment that ends before `admin`.
    (
        "/*\u{202e} } \u{2066}if admin\u{2069} \u{2066} begin */",
        "/*[U+202E] } [U+2066]if admin[U+2069] [U+2066] begin */",
    ),
    // Two names that look like one.
    ("pay\u{200b}ments", "pay[U+200B]ments"),
    ("prod\u{fe0f}", "prod[U+FE0F]"),
    (
        "\u{feff}AWSTemplateFormatVersion",
        "[U+FEFF]AWSTemplateFormatVersion",
    ),
    // A message in letters that nobody sees.
    ("ok\u{e0061}\u{e0070}", "ok[U+E0061][U+E0070]"),
    // What a terminal obeys.
    (
        "a\u{1b}[2Jb\u{7}\u{9b}31m",
        "a[U+001B][2Jb[U+0007][U+009B]31m",
    ),
    ("failed\rpassed", "failed[U+000D]passed"),
    (
        "a\u{8}b\u{c}c\u{7f}\0",
        "a[U+0008]b[U+000C]c[U+007F][U+0000]",
    ),
    ("one\u{2028}two", "one[U+2028]two"),
];

#[test]
fn threat_02_what_nobody_sees_is_shown_as_a_box() {
    for (written, shown) in TROJAN {
        assert_eq!(visible(written), shown);
        assert!(!visible(written).chars().any(is_unseen), "{shown}");
    }
}

#[test]
fn threat_02_every_text_of_a_view_is_shown_with_boxes() {
    for (written, shown) in TROJAN {
        let view = json!({ "title": written, "list": [{ written: [written] }], "number": 7 });
        let told: Value = serde_json::from_str(&to_visible_json(&view).unwrap()).unwrap();
        let expected = json!({ "title": shown, "list": [{ shown: [shown] }], "number": 7 });
        assert_eq!(told, expected);
    }
    // A carriage return at the end of a text, and before another one.
    assert_eq!(to_visible_json("a\r").unwrap(), r#""a[U+000D]""#);
    assert_eq!(to_visible_json("\r\r\n").unwrap(), r#""[U+000D]\r\n""#);
}

#[test]
fn threat_02_programs_read_every_character_and_terminals_obey_none() {
    for (written, _) in TROJAN {
        let json = serde_json::to_string_pretty(&json!({ "title": written })).unwrap();
        let escaped = escaped_json(&json);
        assert!(!escaped.chars().any(is_unseen), "{escaped:?}");
        let read: Value = serde_json::from_str(&escaped).unwrap();
        assert_eq!(read["title"], written);
    }
}

#[test]
fn letters_signs_and_ends_of_lines_of_every_script_stay() {
    for text in [
        "Sofía\n\tñandú 漢字 עברית العربية ✓ → 😀 \u{a0}e\u{301}",
        "Resources:\r\n  Bucket:\r\n",
    ] {
        assert_eq!(visible(text), text);
        let told: String = serde_json::from_str(&to_visible_json(text).unwrap()).unwrap();
        assert_eq!(told, text);
    }
}

#[test]
fn a_part_of_one_line_ends_none() {
    assert_eq!(
        visible_line("9.3.1, from qa to dev\r\nAs Ana\t"),
        "9.3.1, from qa to dev[U+000D][U+000A]As Ana[U+0009]"
    );
}
