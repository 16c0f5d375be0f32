//! Rules of a web ACL: what each stops, or lets through past the rules behind it.
//!
//! What a rule matches is not worked out, so that one that matches something else is another one.
//! Its name, its number and its metrics are no part of what it does.

use super::extent::Extent;
use super::grant::{Dimension, Grant, Kind, Reach};
use crate::plain::{Plain, readable};

/// What the rules of a web ACL stop and let through.
pub(super) fn reach(id: &str, properties: &Plain) -> Reach {
    let mut reach = Reach::default();
    let rules = properties.get("Rules");
    reach.speaks |= rules.is_some();
    for rule in rules.map_or(&[][..], Plain::items) {
        let Plain::Map(_) = rule else {
            reach.unclear.insert(format!("{id} {rule:?}"));
            continue;
        };
        let names = |key: &str, action: &str| {
            rule.get(key)
                .is_some_and(|actions| actions.get(action).is_some())
        };
        if ["Action", "OverrideAction"]
            .iter()
            .filter_map(|key| rule.get(key))
            .any(|action| !matches!(action, Plain::Map(_)))
        {
            reach.unclear.insert(format!("{id} {rule:?}"));
            continue;
        }
        let what = rule.get("Statement").cloned().unwrap_or(Plain::Null);
        let name = rule
            .get("Name")
            .and_then(Plain::as_text)
            .unwrap_or_default();
        let grant = |kind: &str, words: String| {
            Grant::new(Kind::Switch, id)
                .within(Dimension::Place, Extent::exactly(id))
                .within(
                    Dimension::Proof,
                    Extent::exactly(&format!("{kind} {what:?}")),
                )
                .called(words)
        };
        let name = readable(name);
        if names("Action", "Allow") {
            let words = format!("requests that the rule {name} lets through");
            reach.allows.push(grant("allow", words));
        } else if !names("Action", "Count") && !names("OverrideAction", "Count") {
            // Whom a challenge stops, a block would stop as well.
            let is_block = !names("Action", "Captcha") && !names("Action", "Challenge");
            for kind in ["challenge", "block"]
                .iter()
                .take(1 + usize::from(is_block))
            {
                let words = format!("requests that the rule {name} stops");
                reach.denies.push(grant(kind, words).standing(true));
            }
        }
    }
    reach
}
