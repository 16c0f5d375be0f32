//! A grant in words that somebody who decides on a release understands.

use super::extent::Extent;
use super::grant::{Dimension, Grant, Kind, Quantifier};
use crate::plain::readable;

/// Most alternatives that are named; more are counted.
const MOST: usize = 12;

/// What kind of words a grant needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// It is allowed.
    Allowed,
    /// It is denied now.
    Denied,
    /// It is denied no longer.
    NotDenied,
}

/// What a grant allows, or denies.
pub(super) fn of(grant: &Grant, said: Said) -> String {
    let words = reach(grant, said == Said::Allowed);
    match said {
        Said::Allowed => words,
        Said::Denied => format!("{words} (now denied)"),
        Said::NotDenied => format!("{words} (no longer denied)"),
    }
}

fn reach(grant: &Grant, is_allowed: bool) -> String {
    if let Some(words) = &grant.words {
        return format!("{}{}", readable(words), conditions(grant));
    }
    let effect = if is_allowed { "Allow " } else { "" };
    let text = match grant.kind {
        Kind::Identity | Kind::Resource => statement(grant, effect),
        Kind::Trust => trust(grant),
        Kind::Ingress => traffic(grant, "from"),
        Kind::Egress => traffic(grant, "to"),
        Kind::Calls => calls(grant),
        // These are always called something.
        Kind::Listed | Kind::Switch => String::new(),
    };
    readable(&format!("{text}{}", conditions(grant)))
}

fn statement(grant: &Grant, effect: &str) -> String {
    let mut text = format!(
        "{effect}{} on {}",
        part(grant, &Dimension::Action).unwrap_or_else(|| "all actions".to_owned()),
        part(grant, &Dimension::Resource).unwrap_or_else(|| "all resources".to_owned()),
    );
    if let Some(principals) = part(grant, &Dimension::Principal) {
        text.push_str(" to ");
        text.push_str(&principals);
    }
    text
}

fn trust(grant: &Grant) -> String {
    let who = part(grant, &Dimension::Principal).unwrap_or_else(|| "anyone".to_owned());
    let what = match part(grant, &Dimension::Action) {
        Some(action) if !action.to_ascii_lowercase().starts_with("sts:assumerole") => {
            format!(" ({action})")
        }
        _ => String::new(),
    };
    format!("{who} may assume the role{what}")
}

fn traffic(grant: &Grant, direction: &str) -> String {
    let protocol = part(grant, &Dimension::Protocol);
    let is_icmp = protocol
        .as_deref()
        .is_some_and(|name| name.starts_with("icmp"));
    let ports = part(grant, &Dimension::Port).map(|ports| {
        let code = part(grant, &Dimension::Code);
        match (is_icmp, code) {
            (true, Some(code)) => format!(" type {ports} code {code}"),
            (true, None) => format!(" type {ports}"),
            (false, _) if ports == "0-65535" => String::from(" (all ports)"),
            (false, _) => format!(" {ports}"),
        }
    });
    let peers = part(grant, &Dimension::Peer).unwrap_or_else(|| "anywhere".to_owned());
    format!(
        "{}{} {direction} {peers}",
        protocol.unwrap_or_else(|| "all traffic".to_owned()),
        ports.unwrap_or_default(),
    )
}

fn calls(grant: &Grant) -> String {
    let proof = part(grant, &Dimension::Proof);
    let mut text = match &proof {
        Some(proof) => format!("calls with {proof}"),
        None => "calls without authentication".to_owned(),
    };
    if part(grant, &Dimension::Key).is_some() {
        text.push_str(", with an API key");
    } else if proof.is_some() {
        text.push_str(", without an API key");
    }
    if let Some(scopes) = part(grant, &Dimension::Scope) {
        text.push_str(", with the scope ");
        text.push_str(&scopes);
    }
    text
}

/// What a grant takes of a dimension; none when all of it.
fn part(grant: &Grant, dimension: &Dimension) -> Option<String> {
    let extents = grant.extents.get(dimension)?;
    let texts: Vec<String> = extents.iter().map(alternatives).collect();
    Some(texts.join(" and "))
}

fn alternatives(extent: &Extent) -> String {
    let mut words: Vec<&str> = extent
        .items
        .iter()
        .map(super::extent::Item::words)
        .collect();
    words.dedup();
    let more = words.len().saturating_sub(MOST);
    words.truncate(MOST);
    let mut text = words.join(", ");
    if more > 0 {
        text = format!("{text} and {more} more");
    }
    if extent.negated {
        text = format!("everything but {text}");
    }
    text
}

fn conditions(grant: &Grant) -> String {
    let mut clauses: Vec<String> = Vec::new();
    for (dimension, extents) in &grant.extents {
        let Dimension::Condition {
            key, quantifier, ..
        } = dimension
        else {
            continue;
        };
        let each = match quantifier {
            Quantifier::One => "",
            Quantifier::Any => "any of ",
            Quantifier::All => "all of ",
        };
        for extent in extents {
            if extent.items.is_empty() {
                clauses.push(format!(
                    "{key} is {}there",
                    if extent.absent { "not " } else { "" }
                ));
                continue;
            }
            if matches!(dimension, Dimension::Condition { family: "?", .. }) {
                clauses.push(key.clone());
                continue;
            }
            let items: Vec<&str> = extent
                .items
                .iter()
                .map(super::extent::Item::words)
                .collect();
            let items = items.join(" or ");
            clauses.push(match (extent.negated, extent.absent) {
                (true, _) => format!("{each}{key} is not {items}"),
                (false, true) => format!("{each}{key} is {items} or not there"),
                (false, false) => format!("{each}{key} is {items}"),
            });
        }
    }
    if clauses.is_empty() {
        String::new()
    } else {
        format!(" if {}", clauses.join(" and "))
    }
}
