//! Writes a template as YAML, as a person would: block style, short and long functions mixed.

use super::Random;
use super::walk::intrinsic;
use serde_json::Value;

/// The template as YAML.
pub fn yaml(template: &Value, random: &mut Random) -> String {
    let mut writer = Writer {
        text: String::new(),
        random,
    };
    writer.block(template, 0);
    writer.text
}

struct Writer<'r> {
    text: String,
    random: &'r mut Random,
}

impl Writer<'_> {
    /// A list or mapping, from the beginning of a line.
    fn block(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Object(map) => {
                for (key, member) in map {
                    self.indent(indent);
                    self.key(key);
                    self.after(member, indent + 2);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.indent(indent);
                    self.text.push('-');
                    self.after_dash(item, indent + 2);
                }
            }
            scalar => {
                self.indent(indent);
                self.scalar(scalar);
                self.text.push('\n');
            }
        }
    }

    fn indent(&mut self, by: usize) {
        self.text.extend(std::iter::repeat_n(' ', by));
    }

    fn key(&mut self, key: &str) {
        self.word(key);
        self.text.push(':');
    }

    /// What stands behind a key.
    fn after(&mut self, value: &Value, indent: usize) {
        if let Some(flow) = flow(value) {
            self.text.push(' ');
            self.text.push_str(&flow);
            self.text.push('\n');
        } else if is_short(value) {
            self.text.push(' ');
            self.short(value, indent);
        } else if is_block(value) {
            self.text.push('\n');
            // Items stand under their key.
            let under = if value.is_array() { 2 } else { 0 };
            self.block(value, indent.saturating_sub(under));
        } else {
            self.text.push(' ');
            self.scalar(value);
            self.text.push('\n');
        }
    }

    /// What stands behind a dash: the first key of a mapping stands on the same line.
    fn after_dash(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Object(map) if !map.is_empty() && !is_short(value) => {
                for (number, (key, member)) in map.iter().enumerate() {
                    if number == 0 {
                        self.text.push(' ');
                    } else {
                        self.indent(indent);
                    }
                    self.key(key);
                    self.after(member, indent + 2);
                }
            }
            Value::Array(_) if is_block(value) && flow(value).is_none() => {
                self.text.push('\n');
                self.block(value, indent);
            }
            other => self.after(other, indent),
        }
    }

    fn short(&mut self, value: &Value, indent: usize) {
        let (name, argument) = intrinsic(value).expect("a function");
        self.text.push('!');
        self.text.push_str(name.trim_start_matches("Fn::"));
        match argument {
            Value::Array(parts) if name == "Fn::GetAtt" => {
                let parts: Vec<&str> = parts.iter().filter_map(Value::as_str).collect();
                self.text.push(' ');
                self.text.push_str(&parts.join("."));
                self.text.push('\n');
            }
            Value::Array(_) if let Some(flow) = flow(argument) => {
                self.text.push(' ');
                self.text.push_str(&flow);
                self.text.push('\n');
            }
            Value::Array(_) => {
                self.text.push('\n');
                self.block(argument, indent);
            }
            scalar => {
                self.text.push(' ');
                self.scalar(scalar);
                self.text.push('\n');
            }
        }
    }

    fn scalar(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.word(text),
            other => self.text.push_str(&other.to_string()),
        }
    }

    /// A text, in quotes where YAML would read something else.
    fn word(&mut self, text: &str) {
        if is_plain(text) {
            self.text.push_str(text);
        } else if text.contains(['\n', '\t', '\'']) || self.random.percent(20) {
            self.text
                .push_str(&Value::String(text.to_owned()).to_string());
        } else {
            self.text.push('\'');
            self.text.push_str(text);
            self.text.push('\'');
        }
    }
}

/// Whether a function can be written with its tag: three in four are.
fn is_short(value: &Value) -> bool {
    let Some((name, argument)) = intrinsic(value) else {
        return false;
    };
    let fits = match argument {
        Value::String(_) => true,
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    fits && (name == "Ref" || !value.to_string().len().is_multiple_of(4))
}

/// A short list of scalars and references in one line.
fn flow(value: &Value) -> Option<String> {
    let items = value.as_array().filter(|items| !items.is_empty())?;
    let words: Option<Vec<String>> = items
        .iter()
        .map(|item| match (item, intrinsic(item)) {
            (_, Some(("Ref", Value::String(to)))) => Some(format!("!Ref '{to}'")),
            (Value::String(text), _) if is_plain(text) && !text.contains(':') => Some(text.clone()),
            (Value::Array(_) | Value::Object(_), _) => None,
            (scalar, _) => Some(scalar.to_string()),
        })
        .collect();
    Some(format!("[{}]", words?.join(", "))).filter(|line| line.len() < 90)
}

fn is_block(value: &Value) -> bool {
    match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => false,
    }
}

fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .chars()
            .all(|each| each.is_ascii_alphanumeric() || "_./-:".contains(each))
        && !text.ends_with(':')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}
