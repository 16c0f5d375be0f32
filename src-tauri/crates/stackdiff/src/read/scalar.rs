//! Plain YAML scalars as CloudFormation reads them: by YAML 1.1, dates excepted.
//!
//! `Yes`, `off` are booleans; a leading zero means octal, unless an 8 or 9 follows, and then the
//! scalar is a text; `1:30` counts in sixties; an exponent needs its sign; dates stay texts.

use crate::node::{Number, Value};
use std::borrow::Cow;

/// The value of a plain scalar.
pub(crate) fn plain(text: Cow<'_, str>) -> Value {
    if is_null(&text) {
        return Value::Null;
    }
    if let Some(truth) = boolean(&text) {
        return Value::Boolean(truth);
    }
    let may_be_number =
        text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    let number = may_be_number.then(|| integer(&text).or_else(|| float(&text)));
    number
        .flatten()
        .map_or_else(|| Value::Text(text.into_owned()), Value::Number)
}

/// Whether a scalar may carry this one of YAML's own tags in a template.
pub(crate) fn is_tag(tag: &str) -> bool {
    matches!(tag, "str" | "null" | "bool" | "int" | "float")
}

/// The value of a scalar under one of YAML's own tags; none when the text does not fit it.
pub(crate) fn tagged(tag: &str, text: &str) -> Option<Value> {
    match tag {
        "str" => Some(Value::Text(text.to_owned())),
        "null" => is_null(text).then_some(Value::Null),
        "bool" => boolean(text).map(Value::Boolean),
        "int" => integer(text).map(Value::Number),
        "float" => float(text).or_else(|| integer(text)).map(Value::Number),
        _ => None,
    }
}

/// A number as JSON writes it.
pub(crate) fn json_number(source: &str) -> Number {
    let is_whole = !source.contains(['.', 'e', 'E']);
    if is_whole {
        Number::new(
            source,
            &whole(source.starts_with('-'), source.trim_start_matches('-')),
        )
    } else {
        Number::new(source, source)
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// Sign and rest.
fn signed(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    }
}

fn is_digits_or_underscores(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}

fn is_run_of_digits(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && is_digits_or_underscores(text)
}

fn without_underscores(text: &str) -> String {
    text.replace('_', "")
}

/// The decimal spelling of a whole number given in decimal digits of any length.
fn whole(negative: bool, digits: &str) -> String {
    let significant = digits.trim_start_matches('0');
    match (negative, significant) {
        (_, "") => "0".to_owned(),
        (true, digits) => format!("-{digits}"),
        (false, digits) => digits.to_owned(),
    }
}

fn integer(text: &str) -> Option<Number> {
    let (negative, body) = signed(text);
    let decimal = if let Some(digits) = body.strip_prefix("0x") {
        in_radix(digits, 16)?
    } else if let Some(digits) = body.strip_prefix("0b") {
        in_radix(digits, 2)?
    } else if body.contains(':') {
        sixties(body, true)?
    } else if body.len() > 1 && body.starts_with('0') {
        in_radix(&body[1..], 8)?
    } else if is_run_of_digits(body) {
        without_underscores(body)
    } else {
        return None;
    };
    Some(Number::new(text, &whole(negative, &decimal)))
}

/// Digits of another radix in decimal; numbers beyond 128 bits stay texts.
fn in_radix(digits: &str, radix: u32) -> Option<String> {
    let is_made_of_digits = digits.chars().all(|c| c == '_' || c.is_digit(radix));
    let digits = without_underscores(digits);
    if !is_made_of_digits || digits.is_empty() {
        return None;
    }
    u128::from_str_radix(&digits, radix)
        .ok()
        .map(|value| value.to_string())
}

/// `1:30` in decimal. A whole number in sixties may not begin with a zero.
fn sixties(body: &str, is_whole: bool) -> Option<String> {
    let (first, rest) = body.split_once(':')?;
    if !is_run_of_digits(first) || (is_whole && first.starts_with('0')) {
        return None;
    }
    let mut value: u128 = without_underscores(first).parse().ok()?;
    for part in rest.split(':') {
        let part = match part.as_bytes() {
            [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'] => part.parse::<u128>().ok()?,
            _ => return None,
        };
        value = value.checked_mul(60)?.checked_add(part)?;
    }
    Some(value.to_string())
}

fn float(text: &str) -> Option<Number> {
    if matches!(
        text.trim_start_matches(['+', '-']),
        ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN"
    ) && text.bytes().filter(|b| matches!(b, b'+' | b'-')).count() <= 1
    {
        return Some(Number::new(text, text));
    }
    let (negative, body) = signed(text);
    let sign = if negative { "-" } else { "" };
    if body.contains(':') {
        let (first, fraction) = body.split_once('.')?;
        if !is_digits_or_underscores(fraction) {
            return None;
        }
        let whole = sixties(first, false)?;
        return Some(Number::new(text, &decimal(sign, &whole, fraction, "")));
    }
    let (mantissa, exponent) = body
        .find(['e', 'E'])
        .map_or((body, ""), |at| body.split_at(at));
    let (first, fraction) = mantissa.split_once('.')?;
    let starts_with_point = first.is_empty();
    let is_float = is_signed_exponent(exponent)
        && if starts_with_point {
            text.starts_with('.') && is_run_of_digits(fraction)
        } else {
            is_run_of_digits(first) && is_digits_or_underscores(fraction)
        };
    is_float.then(|| Number::new(text, &decimal(sign, first, fraction, exponent)))
}

/// `[eE][-+][0-9]+` or nothing.
fn is_signed_exponent(text: &str) -> bool {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (None, _) => true,
        (Some(_), Some('+' | '-')) => {
            let digits = chars.as_str();
            !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
        }
        _ => false,
    }
}

/// A float's spelling without what only YAML 1.1 writes; digits stay as they are.
fn decimal(sign: &str, first: &str, fraction: &str, exponent: &str) -> String {
    let first = without_underscores(first);
    let first = if first.is_empty() { "0" } else { &first };
    let fraction = without_underscores(fraction);
    if fraction.is_empty() {
        format!("{sign}{first}{exponent}")
    } else {
        format!("{sign}{first}.{fraction}{exponent}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> String {
        match plain(text.into()) {
            Value::Number(number) => {
                assert_eq!(number.source(), text);
                number.text().to_owned()
            }
            other => panic!("{text} gave {other:?}"),
        }
    }

    #[test]
    fn words_of_yaml_1_1_are_booleans_and_single_letters_are_texts() {
        for text in [
            "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE",
        ] {
            assert_eq!(plain(text.into()), Value::Boolean(true), "{text}");
        }
        for text in [
            "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE",
        ] {
            assert_eq!(plain(text.into()), Value::Boolean(false), "{text}");
        }
        for text in ["y", "N", "yEs", "tRUE"] {
            assert_eq!(plain(text.into()), Value::Text(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn nothing_is_spelled_in_five_ways() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plain(text.into()), Value::Null, "{text}");
        }
    }

    #[test]
    fn whole_numbers_in_every_radix_come_out_in_decimal() {
        for (text, wanted) in [
            ("0", "0"),
            ("-0", "0"),
            ("+12", "12"),
            ("1_024", "1024"),
            ("010", "8"),
            ("0755", "493"),
            ("065115117704", "7133765572"),
            ("0b1010", "10"),
            ("0x1A", "26"),
            ("1:30", "90"),
            ("-1:30", "-90"),
            ("60:30", "3630"),
            ("9007199254740993", "9007199254740993"),
            (
                "123456789012345678901234567890123456789012",
                "123456789012345678901234567890123456789012",
            ),
        ] {
            assert_eq!(number(text), wanted, "{text}");
        }
    }

    #[test]
    fn floats_keep_their_digits() {
        for (text, wanted) in [
            ("13.10", "13.10"),
            ("13.1", "13.1"),
            ("10.", "10"),
            (".5", "0.5"),
            ("1.5e+10", "1.5e+10"),
            ("1_0.5_5", "10.55"),
            ("1:30.5", "90.5"),
            (".inf", ".inf"),
            ("-.INF", "-.INF"),
        ] {
            assert_eq!(number(text), wanted, "{text}");
        }
        assert_ne!(plain("13.10".into()), plain("13.1".into()));
    }

    #[test]
    fn what_only_looks_like_a_number_stays_a_text() {
        for text in [
            "012345678901",
            "08",
            "0o17",
            "1e5",
            "1.5e10",
            "-.5",
            "1:60",
            "0:59",
            "2012-10-17",
            "2001-12-14 21:59:43.10 -5",
            "1.2.3",
            "0x",
            "0b",
            "_1",
            "+",
            "-",
            ".",
            "10.0.0.0/8",
            "+-.inf",
        ] {
            assert_eq!(plain(text.into()), Value::Text(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn yaml_s_own_tags_decide_over_the_spelling() {
        assert_eq!(tagged("str", "yes"), Some(Value::Text("yes".into())));
        assert_eq!(tagged("bool", "yes"), Some(Value::Boolean(true)));
        assert_eq!(tagged("int", "five"), None);
        assert!(!is_tag("binary") && is_tag("null"));
    }
}
