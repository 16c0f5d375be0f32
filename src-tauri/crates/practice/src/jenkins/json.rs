//! Writes JSON the way Jenkins's remote API does.
//!
//! Two habits differ from an ordinary writer: every control character is a `\u00XX` escape (never `\n`), and `pretty=true`
//! puts a blank on both sides of the colon. The stage API (`wfapi`) is written by another library and uses `serde_json`.

use serde_json::Value;
use std::fmt::Write as _;

/// Renders a value as Jenkins's remote API renders it, indented when `pretty` is asked for.
pub fn render(value: &Value, pretty: bool) -> String {
    let mut out = String::with_capacity(512);
    write_value(&mut out, value, pretty.then_some(0));
    out
}

fn write_value(out: &mut String, value: &Value, indent: Option<usize>) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
        Value::String(text) => write_text(out, text),
        Value::Array(items) => {
            write_block(out, '[', ']', items.iter(), indent, |out, item, inner| {
                write_value(out, item, inner);
            });
        }
        Value::Object(fields) => {
            write_block(
                out,
                '{',
                '}',
                fields.iter(),
                indent,
                |out, (name, item), inner| {
                    write_text(out, name);
                    out.push_str(if inner.is_some() { " : " } else { ":" });
                    write_value(out, item, inner);
                },
            );
        }
    }
}

fn write_block<T>(
    out: &mut String,
    open: char,
    close: char,
    items: impl Iterator<Item = T>,
    indent: Option<usize>,
    mut write_item: impl FnMut(&mut String, T, Option<usize>),
) {
    out.push(open);
    let inner = indent.map(|level| level + 1);
    let mut first = true;
    for item in items {
        if !first {
            out.push(',');
        }
        first = false;
        break_line(out, inner);
        write_item(out, item, inner);
    }
    if !first || indent.is_some() {
        break_line(out, indent);
    }
    out.push(close);
}

fn break_line(out: &mut String, indent: Option<usize>) {
    if let Some(level) = indent {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", level));
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if control.is_control() && u32::from(control) < 0x80 => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::render;
    use serde_json::{Value, json};

    #[test]
    fn control_characters_are_written_as_unicode_escapes() {
        let text = render(
            &json!({"comment": "Second commit\n\nbody \"é\"\t\\"}),
            false,
        );
        assert_eq!(
            text,
            r#"{"comment":"Second commit\u000a\u000abody \"é\"\u0009\\"}"#
        );
    }

    #[test]
    fn pretty_output_reads_back_as_the_same_value() {
        let value = json!({"jobs": [{"name": "a", "empty": [], "none": null}], "n": 1.0});
        let text = render(&value, true);
        assert!(text.starts_with("{\n  \"jobs\" : [\n    {"));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
