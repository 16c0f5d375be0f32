//! Paths into values: where two differ, and what is there.

use crate::aws::template::evaluate::function;
use serde_json::Value;
use std::collections::BTreeMap;

/// Follows a path into an expression as far as it goes without entering a function.
pub(super) fn follow<'a>(expression: &'a Value, path: &[String]) -> &'a Value {
    let mut here = expression;
    for step in path {
        if here.as_object().is_some_and(|map| function(map).is_some()) {
            break;
        }
        match child(here, step) {
            Some(next) => here = next,
            None => break,
        }
    }
    here
}

fn child<'a>(value: &'a Value, step: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) => map.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Returns the value at a path.
pub(super) fn at<'a>(value: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(value, |here, step| child(here, step))
}

/// Writes a path as a JSON pointer.
pub fn pointer(path: &[String]) -> String {
    path.iter().fold(String::new(), |mut text, step| {
        text.push('/');
        text.push_str(&step.replace('~', "~0").replace('/', "~1"));
        text
    })
}

/// Returns the paths at which two values differ, as deep as both have the same shape.
pub fn differing_paths(before: &Value, after: &Value) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    differ(before, after, &mut Vec::new(), &mut out);
    out
}

fn differ(before: &Value, after: &Value, path: &mut Vec<String>, out: &mut Vec<Vec<String>>) {
    match (before, after) {
        _ if before == after => {}
        (Value::Object(was), Value::Object(now)) => {
            let both: BTreeMap<&String, (Option<&Value>, Option<&Value>)> = was
                .keys()
                .chain(now.keys())
                .map(|key| (key, (was.get(key), now.get(key))))
                .collect();
            for (key, sides) in both {
                path.push(key.clone());
                match sides {
                    (Some(was), Some(now)) => differ(was, now, path, out),
                    _ => out.push(path.clone()),
                }
                path.pop();
            }
        }
        (Value::Array(was), Value::Array(now)) if was.len() == now.len() => {
            for (index, (was, now)) in was.iter().zip(now).enumerate() {
                path.push(index.to_string());
                differ(was, now, path, out);
                path.pop();
            }
        }
        // The root of two different shapes has no path of its own.
        _ => out.push(path.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn differences_are_found_as_deep_as_shapes_agree() {
        let before = json!({"A": {"B": "1", "C": ["x", "y"]}, "D": ["1"], "E~/": "1"});
        let after = json!({"A": {"B": "2", "C": ["x", "z"]}, "D": ["1", "2"], "F": "1"});
        let paths: Vec<_> = differing_paths(&before, &after)
            .iter()
            .map(|path| pointer(path))
            .collect();
        assert_eq!(paths, ["/A/B", "/A/C/1", "/D", "/E~0~1", "/F"]);
        assert!(differing_paths(&after, &after).is_empty());
    }
}
