//! Conditions of a statement: each key is a dimension, each operator a part of it.
//!
//! Operators and keys are the ones of the IAM user guide. What cannot be read limits the statement
//! in a way that only the same text equals.

use super::address::{self, Family};
use super::extent::{Extent, Item, Range};
use super::glob::Pattern;
use super::grant::{Dimension, Grant, Quantifier};
use crate::plain::{CLOSES, OPENS, Plain};

/// Puts the limits of a `Condition` on a grant.
pub(super) fn limit(mut grant: Grant, condition: &Plain, variables: bool) -> Grant {
    let Plain::Map(operators) = condition else {
        return match condition {
            Plain::Null => grant,
            other => unreadable(grant, &format!("{other:?}")),
        };
    };
    for (operator, keys) in operators {
        let Plain::Map(keys) = keys else {
            grant = unreadable(grant, &format!("{operator} {keys:?}"));
            continue;
        };
        for (key, values) in keys {
            let is_only = any_of(operators, key) < 2;
            grant = match clause(operator, key, values.items(), is_only, variables) {
                Some((dimension, extent)) => grant.within(dimension, extent),
                None => unreadable(grant, &format!("{operator} {key} {}", spoken(values))),
            };
        }
    }
    grant
}

/// Values as they were written, each told from every other one.
fn spoken(values: &Plain) -> String {
    let texts: Option<Vec<&str>> = values.items().iter().map(Plain::as_text).collect();
    match texts.as_deref() {
        Some([one]) => (*one).to_owned(),
        Some(texts) => format!("{texts:?}"),
        None => format!("{values:?}"),
    }
}

/// How many operators ask whether any value of a key is something.
fn any_of(operators: &[(String, Plain)], key: &str) -> usize {
    operators
        .iter()
        .filter(|(operator, _)| operator.to_ascii_lowercase().starts_with("foranyvalue:"))
        .flat_map(|(_, keys)| match keys {
            Plain::Map(keys) => keys.as_slice(),
            _ => &[],
        })
        .filter(|(other, _)| other.eq_ignore_ascii_case(key))
        .count()
}

fn unreadable(grant: Grant, text: &str) -> Grant {
    let dimension = Dimension::Condition {
        key: text.to_owned(),
        family: "?",
        quantifier: Quantifier::One,
    };
    grant.within(dimension, Extent::exactly("holds"))
}

fn clause(
    operator: &str,
    key: &str,
    values: &[Plain],
    is_only: bool,
    variables: bool,
) -> Option<(Dimension, Extent)> {
    let lower = operator.to_ascii_lowercase();
    let (quantifier, rest) = if let Some(rest) = lower.strip_prefix("foranyvalue:") {
        (Quantifier::Any, rest)
    } else if let Some(rest) = lower.strip_prefix("forallvalues:") {
        (Quantifier::All, rest)
    } else {
        (Quantifier::One, lower.as_str())
    };
    let (name, if_exists) = match rest.strip_suffix("ifexists") {
        Some(name) => (name, true),
        None => (rest, false),
    };
    let texts: Vec<String> = values
        .iter()
        .map(|value| match value {
            Plain::Text(text) => Some(text.clone()),
            Plain::Unknown(words) => Some(format!("{OPENS}{words}{CLOSES}")),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let (family, negated, items) = match name {
        "null" => {
            let [text] = texts.as_slice() else {
                return None;
            };
            let is_null = match text.to_ascii_lowercase().as_str() {
                "true" => true,
                "false" => false,
                _ => return None,
            };
            let extent = Extent {
                items: Vec::new(),
                negated: !is_null,
                absent: is_null,
            };
            return Some((dimension(key, "text", quantifier), extent));
        }
        "stringequals" | "binaryequals" => ("text", false, exact(&texts, variables)),
        "stringnotequals" => ("text", true, exact(&texts, variables)),
        "stringequalsignorecase" => ("text", false, folded(&texts, variables)),
        "stringnotequalsignorecase" => ("text", true, folded(&texts, variables)),
        "stringlike" | "arnlike" | "arnequals" => ("text", false, globs(&texts, variables)),
        "stringnotlike" | "arnnotlike" | "arnnotequals" => ("text", true, globs(&texts, variables)),
        "bool" => {
            let lower: Vec<String> = texts.iter().map(|text| text.to_ascii_lowercase()).collect();
            ("Bool", false, exact(&lower, false))
        }
        "ipaddress" => ("address", false, addresses(&texts)?),
        "notipaddress" => ("address", true, addresses(&texts)?),
        _ if name.starts_with("numeric") => {
            let (negated, items) = numbers(name.strip_prefix("numeric")?, &texts, number)?;
            ("number", negated, items)
        }
        _ if name.starts_with("date") => {
            let (negated, items) = numbers(name.strip_prefix("date")?, &texts, moment)?;
            ("date", negated, items)
        }
        _ => return None,
    };
    let extent = Extent {
        items,
        negated,
        // A key that is not there fails what has to match, and meets what must not.
        absent: if_exists
            || match quantifier {
                Quantifier::One => negated,
                Quantifier::Any => false,
                Quantifier::All => true,
            },
    };
    // One question about any value is the question about one; two may be met by two values.
    let quantifier = match quantifier {
        Quantifier::Any if is_only => Quantifier::One,
        other => other,
    };
    Some((dimension(key, family, quantifier), extent))
}

fn dimension(key: &str, family: &'static str, quantifier: Quantifier) -> Dimension {
    Dimension::Condition {
        key: key.to_ascii_lowercase(),
        family,
        quantifier,
    }
}

fn exact(texts: &[String], variables: bool) -> Vec<Item> {
    let pattern = |text: &String| Item::Text(Pattern::exact(text, variables));
    texts.iter().map(pattern).collect()
}

fn folded(texts: &[String], variables: bool) -> Vec<Item> {
    let pattern = |text: &String| Item::Text(Pattern::exact(text, variables).folded());
    texts.iter().map(pattern).collect()
}

fn globs(texts: &[String], variables: bool) -> Vec<Item> {
    let pattern = |text: &String| Item::Text(Pattern::glob(text, variables));
    texts.iter().map(pattern).collect()
}

fn addresses(texts: &[String]) -> Option<Vec<Item>> {
    let mut items = Vec::new();
    for text in texts {
        items.extend(
            address::block(text, Family::Either)?
                .into_iter()
                .map(Item::Range),
        );
    }
    Some(items)
}

/// The ranges of a comparison with numbers that keep their order.
fn numbers(
    comparison: &str,
    texts: &[String],
    order: fn(&str) -> Option<u64>,
) -> Option<(bool, Vec<Item>)> {
    let mut items = Vec::new();
    for text in texts {
        let at = u128::from(order(text)?);
        let (low, high, words) = match comparison {
            "equals" | "notequals" => (at, at, ""),
            "lessthan" => (0, at.checked_sub(1)?, "less than "),
            "lessthanequals" => (0, at, "at most "),
            "greaterthan" => (at.checked_add(1)?, u128::MAX, "more than "),
            "greaterthanequals" => (at, u128::MAX, "at least "),
            _ => return None,
        };
        items.push(Item::Range(Range {
            kind: 0,
            low,
            high,
            words: format!("{words}{text}"),
        }));
    }
    Some((comparison == "notequals", items))
}

/// A number as one that keeps its order.
fn number(text: &str) -> Option<u64> {
    let value: f64 = text.parse().ok()?;
    if value.is_nan() {
        return None;
    }
    let bits = (value + 0.0).to_bits();
    Some(if bits >> 63 == 0 {
        bits | 1 << 63
    } else {
        !bits
    })
}

/// A moment, as an ISO 8601 text or as seconds, as a number that keeps its order.
fn moment(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(seconds);
    }
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00"));
    let (time, offset) = match time.rfind(['+', '-']) {
        Some(at) => (&time[..at], Some(&time[at..])),
        None => (time, None),
    };
    let field = |text: &str, digits: usize, most: u64| {
        let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        let value: u64 = text.parse().ok().filter(|_| is_number)?;
        (value <= most).then_some(value)
    };
    let mut parts = date.split('-');
    let year = field(parts.next()?, 4, 9999).filter(|year| *year >= 1970)?;
    let month = field(parts.next()?, 2, 12).filter(|month| *month > 0)?;
    let day = field(parts.next()?, 2, 31).filter(|day| *day > 0)?;
    let mut clock = time.split(':');
    let hour = field(clock.next()?, 2, 23)?;
    let minute = field(clock.next().unwrap_or("00"), 2, 59)?;
    let second = field(clock.next().unwrap_or("00"), 2, 60)?;
    if parts.next().is_some() || clock.next().is_some() {
        return None;
    }
    // Days of the civil calendar, counted in years that begin in March.
    let (shifted, march) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days =
        shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + (153 * march + 2) / 5 + day
            - 1;
    let since = days.checked_sub(719_468)?;
    let local = since * 86_400 + hour * 3_600 + minute * 60 + second;
    let Some(offset) = offset else {
        return Some(local);
    };
    let (hours, minutes) = offset[1..].split_once(':')?;
    let ahead = field(hours, 2, 23)? * 3_600 + field(minutes, 2, 59)? * 60;
    if offset.starts_with('+') {
        local.checked_sub(ahead)
    } else {
        Some(local + ahead)
    }
}
