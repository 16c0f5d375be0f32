//! Access arithmetic by example, and against counting.

/// Rows of a table, each a line or two: texts and a verdict.
macro_rules! rows {
    ($($($cell:expr)=>+;)*) => { [$(($($cell),+)),*] };
}

mod counting;
mod examples;
mod laws;
mod places;
mod stacks;
mod unknown;

use super::{AccessChange, change, statement};
use crate::plain::{CLOSES, OPENS, Plain};
use crate::read::{self, Budget};

/// Plain data from JSON; `<X>` is a stretch that is not known, `"<<X>>"` a value that is not.
fn plain(text: &str) -> Plain {
    let node = read::json_document(text.as_bytes(), "", &Budget::default());
    marked(statement::plain(
        node.unwrap_or_else(|error| panic!("{error}: {text}")),
    ))
}

fn marked(value: Plain) -> Plain {
    match value {
        Plain::Text(text) => {
            let whole = text
                .strip_prefix("<<")
                .and_then(|rest| rest.strip_suffix(">>"));
            match whole {
                Some(words) => Plain::Unknown(words.to_owned()),
                None => Plain::Text(
                    text.replace('<', &OPENS.to_string())
                        .replace('>', &CLOSES.to_string()),
                ),
            }
        }
        Plain::List(items) => Plain::List(items.into_iter().map(marked).collect()),
        Plain::Map(members) => Plain::Map(
            members
                .into_iter()
                .map(|(key, value)| (key, marked(value)))
                .collect(),
        ),
        other => other,
    }
}

fn policy(statements: &str) -> String {
    format!(r#"{{"PolicyDocument":{{"Version":"2012-10-17","Statement":[{statements}]}}}}"#)
}

/// The verdict on a type between two texts of properties; an empty text is no resource.
fn judged(resource_type: &str, before: &str, after: &str) -> Option<AccessChange> {
    let side = |text: &str| (!text.is_empty()).then(|| plain(text));
    change(resource_type, side(before).as_ref(), side(after).as_ref())
}

fn verdict(resource_type: &str, before: &str, after: &str) -> &'static str {
    judged(resource_type, before, after).map_or("none", |change| change.verdict.name())
}
