//! Text to values: JSON, or YAML with CloudFormation's short forms and YAML 1.1 scalars.

use super::super::error::{AwsError, AwsResult};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use serde_json::{Map, Value, json};

/// Deepest nesting that is read.
const DEPTH_LIMIT: usize = 120;

/// Reads a template's text.
pub fn read(text: &str) -> AwsResult<Value> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| {
            malformed(format!(
                "JSON not well-formed. (line {}, column {})",
                error.line(),
                error.column()
            ))
        });
    }
    let mut reader = Reader {
        events: Box::new(Parser::new_from_str(text)),
        depth: 0,
    };
    reader.document()
}

fn malformed(message: impl AsRef<str>) -> AwsError {
    AwsError::validation(format!("Template format error: {}", message.as_ref()))
}

fn not_well_formed(line: usize, column: usize) -> AwsError {
    malformed(format!(
        "YAML not well-formed. (line {line}, column {column})"
    ))
}

type Events<'a> = Box<dyn Iterator<Item = Result<(Event<'a>, Span), ScanError>> + 'a>;

struct Reader<'a> {
    events: Events<'a>,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> AwsResult<(Event<'a>, Span)> {
        match self.events.next() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(not_well_formed(
                error.marker().line(),
                error.marker().col() + 1,
            )),
            None => Err(malformed("unsupported structure.")),
        }
    }

    fn document(&mut self) -> AwsResult<Value> {
        loop {
            match self.next()?.0 {
                Event::StreamStart | Event::Nothing | Event::DocumentStart(_) => {}
                Event::StreamEnd | Event::DocumentEnd => {
                    return Err(malformed("unsupported structure."));
                }
                event => {
                    let value = self.value(event)?;
                    // Only one document; what follows must still be YAML.
                    while let Ok((event, _)) = self.next() {
                        match event {
                            Event::StreamEnd => return Ok(value),
                            Event::DocumentStart(_) => {
                                return Err(malformed("YAML contains more than one document."));
                            }
                            _ => {}
                        }
                    }
                    return Ok(value);
                }
            }
        }
    }

    fn value(&mut self, event: Event<'a>) -> AwsResult<Value> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            return Err(malformed("the template is nested too deeply."));
        }
        let value = match event {
            Event::Alias(_) => Err(AwsError::validation(
                "Template error: YAML aliases are not allowed in CloudFormation templates",
            )),
            Event::Scalar(text, style, _, tag) => Ok(scalar(&text, style, tag.as_deref())),
            Event::SequenceStart(_, tag) => self.sequence(tag.as_deref()),
            Event::MappingStart(_, tag) => self.mapping(tag.as_deref()),
            _ => Err(malformed("unsupported structure.")),
        };
        self.depth -= 1;
        value
    }

    fn sequence(&mut self, tag: Option<&Tag>) -> AwsResult<Value> {
        let mut items = Vec::new();
        loop {
            match self.next()?.0 {
                Event::SequenceEnd => break,
                event => items.push(self.value(event)?),
            }
        }
        Ok(with_tag(tag, Value::Array(items)))
    }

    fn mapping(&mut self, tag: Option<&Tag>) -> AwsResult<Value> {
        let mut map = Map::new();
        loop {
            let (event, span) = self.next()?;
            let key = match event {
                Event::MappingEnd => break,
                Event::Scalar(text, _, _, None) => text.into_owned(),
                _ => {
                    return Err(not_well_formed(span.start.line(), span.start.col() + 1));
                }
            };
            if key == "<<" {
                return Err(AwsError::validation(
                    "Template error: YAML aliases are not allowed in CloudFormation templates",
                ));
            }
            let (event, _) = self.next()?;
            let value = self.value(event)?;
            if map.insert(key.clone(), value).is_some() {
                return Err(malformed(format!(
                    "YAML not well-formed. Duplicate key '{key}' (line {}, column {})",
                    span.start.line(),
                    span.start.col() + 1
                )));
            }
        }
        Ok(with_tag(tag, Value::Object(map)))
    }
}

/// Returns the long form's name of a short form, such as `Fn::Sub` for `!Sub`.
fn function_of(tag: &Tag) -> Option<String> {
    (tag.handle == "!" && !tag.suffix.is_empty()).then(|| match tag.suffix.as_str() {
        "Ref" | "Condition" => tag.suffix.clone(),
        name => format!("Fn::{name}"),
    })
}

fn with_tag(tag: Option<&Tag>, value: Value) -> Value {
    match tag.and_then(function_of) {
        None => value,
        Some(function) => {
            let mut map = Map::new();
            map.insert(function, value);
            Value::Object(map)
        }
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    if let Some(tag) = tag {
        if tag.is_yaml_core_schema() {
            return if tag.suffix == "str" {
                Value::String(text.to_owned())
            } else {
                plain(text)
            };
        }
        let Some(function) = function_of(tag) else {
            return Value::String(text.to_owned());
        };
        let argument = if function == "Fn::GetAtt" {
            match text.split_once('.') {
                Some((resource, attribute)) => json!([resource, attribute]),
                None => json!(text),
            }
        } else {
            json!(text)
        };
        return json!({ function: argument });
    }
    if style == ScalarStyle::Plain {
        plain(text)
    } else {
        Value::String(text.to_owned())
    }
}

/// Reads a plain scalar as YAML 1.1 does.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            return Value::Bool(true);
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return Value::Bool(false);
        }
        _ => {}
    }
    integer(text)
        .map(Value::from)
        .or_else(|| float(text).map(Value::from))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

fn integer(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) if text.starts_with('-') => (-1, rest),
        Some(rest) => (1, rest),
        None => (1, text),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let clean = digits.replace('_', "");
    let value = if let Some(hex) = clean.strip_prefix("0x") {
        i64::from_str_radix(hex, 16).ok()?
    } else if let Some(binary) = clean.strip_prefix("0b") {
        i64::from_str_radix(binary, 2).ok()?
    } else if clean.contains(':') {
        sexagesimal(&clean)?
    } else if clean.len() > 1 && clean.starts_with('0') {
        i64::from_str_radix(&clean, 8).ok()?
    } else {
        clean.parse().ok()?
    };
    Some(sign * value)
}

fn sexagesimal(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let first = parts.next().filter(|part| !part.starts_with('0'))?;
    let mut value: i64 = first.parse().ok()?;
    for part in parts {
        let digit: i64 = part.parse().ok().filter(|d| (0..60).contains(d))?;
        value = value.checked_mul(60)?.checked_add(digit)?;
    }
    Some(value)
}

fn float(text: &str) -> Option<f64> {
    let looks_like_one = text.contains('.')
        && text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))
        && text.chars().any(|c| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    looks_like_one.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_become_long_forms() {
        let yaml = "A: !Sub '${X}-y'\nB: !GetAtt T.Nested.Arn\nC: !If [P, !Ref Q, !Ref 'AWS::NoValue']\nD: {Condition: P}\nE: !Condition P\nF: !GetAtt [T, Arn]\n";
        assert_eq!(
            read(yaml).unwrap(),
            json!({
                "A": {"Fn::Sub": "${X}-y"},
                "B": {"Fn::GetAtt": ["T", "Nested.Arn"]},
                "C": {"Fn::If": ["P", {"Ref": "Q"}, {"Ref": "AWS::NoValue"}]},
                "D": {"Condition": "P"},
                "E": {"Condition": "P"},
                "F": {"Fn::GetAtt": ["T", "Arn"]},
            })
        );
    }

    #[test]
    fn plain_scalars_follow_yaml_1_1() {
        for (text, expected) in [
            ("Yes", json!(true)),
            ("off", json!(false)),
            ("0755", json!(493)),
            ("065115117704", json!(7_133_765_572_i64)),
            ("012345678901", json!("012345678901")),
            ("1:30", json!(90)),
            ("2012-10-17", json!("2012-10-17")),
            ("1.50", json!(1.5)),
            ("1.2.3", json!("1.2.3")),
            ("~", Value::Null),
            ("111111111111", json!(111_111_111_111_i64)),
            ("nodejs22.x", json!("nodejs22.x")),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
        assert_eq!(read("A: '0755'\n").unwrap(), json!({"A": "0755"}));
    }

    #[test]
    fn aliases_are_refused_as_aws_does() {
        let error = read("A: &x 1\nB: *x\n").unwrap_err();
        assert!(error.message.contains("aliases are not allowed"), "{error}");
    }

    #[test]
    fn broken_text_names_its_line() {
        let json = read("{\n \"A\": }").unwrap_err();
        assert!(
            json.message.contains("JSON not well-formed. (line 2"),
            "{json}"
        );
        let yaml = read("A:\n  - b\n c: [\n").unwrap_err();
        assert!(
            yaml.message.contains("YAML not well-formed. (line"),
            "{yaml}"
        );
        assert!(read("A: 1\nA: 2\n").is_err());
        assert!(read("").is_err());
    }

    #[test]
    fn deep_nesting_is_refused_before_the_stack_ends() {
        let text = format!("A: {}{}", "[".repeat(5000), "]".repeat(5000));
        assert!(read(&text).is_err());
    }
}
