//! Verdicts on small policies against counting every request of a small world.

use super::verdict;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A statement of a small world.
#[derive(Debug, Clone)]
pub(super) struct Small {
    pub(super) allows: bool,
    pub(super) actions: (bool, Vec<String>),
    pub(super) resources: (bool, Vec<String>),
    pub(super) principals: (bool, Vec<String>),
    /// By operator; they are on one key, but for what is about all of several values.
    conditions: BTreeMap<&'static str, Vec<String>>,
}

impl Small {
    /// The values of a condition in which one may be unknown, with what stands for it.
    pub(super) fn values_mut(&mut self) -> Option<(&'static str, &mut Vec<String>)> {
        self.conditions.iter_mut().find_map(|(operator, values)| {
            let unknown = match *operator {
                one if one.ends_with("IpAddress") => "<I>",
                one if one.contains("String") => "<T>",
                _ => return None,
            };
            Some((unknown, values))
        })
    }

    /// All lists of texts.
    pub(super) fn texts_mut(&mut self) -> impl Iterator<Item = &mut Vec<String>> {
        [
            &mut self.actions.1,
            &mut self.resources.1,
            &mut self.principals.1,
        ]
        .into_iter()
        .chain(self.conditions.values_mut())
    }
}

/// Operators of a condition, with the values that they are given here.
const OPERATORS: [(&str, &[&str]); 16] = [
    ("StringEquals", TEXTS),
    ("StringNotEquals", TEXTS),
    ("StringLike", TEXTS),
    ("StringNotLike", TEXTS),
    ("StringEqualsIfExists", TEXTS),
    ("ForAnyValue:StringLike", TEXTS),
    ("ForAllValues:StringLike", TEXTS),
    ("ForAllValues:StringNotEquals", TEXTS),
    ("Null", &["true", "false"]),
    ("Bool", &["true", "false"]),
    ("BoolIfExists", &["true", "false"]),
    ("IpAddress", BLOCKS),
    ("NotIpAddress", BLOCKS),
    ("NumericLessThan", NUMBERS),
    ("NumericGreaterThanEquals", NUMBERS),
    ("NumericEqualsIfExists", NUMBERS),
];
const TEXTS: &[&str] = &["x", "y", "x*"];
const BLOCKS: &[&str] = &["10.0.0.0/31", "10.0.0.1", "10.0.0.0/30", "2001:db8::/127"];
const NUMBERS: &[&str] = &["1", "2", "3"];

/// What a key of a request is, compared as each of the kinds of values.
#[derive(Clone, Copy)]
struct Value {
    text: &'static str,
    address: &'static str,
    number: u8,
    truth: bool,
}

fn patterns(letters: &'static str, most: usize) -> impl Strategy<Value = (bool, Vec<String>)> {
    let pattern = proptest::string::string_regex(&format!("[{letters}]{{1,{most}}}"))
        .unwrap_or_else(|error| panic!("{error}"));
    (
        prop::bool::weighted(0.2),
        prop::collection::vec(pattern, 1..3),
    )
}

pub(super) fn statement() -> impl Strategy<Value = Small> {
    let principal = prop::sample::select(vec!["*".to_owned(), "P1".into(), "P2".into()]);
    let principals = (
        prop::bool::weighted(0.1),
        prop::collection::vec(principal, 1..3),
    );
    let operator = prop::sample::select(&OPERATORS[..]).prop_flat_map(|(operator, values)| {
        let most = if operator == "Null" { 2 } else { 3 };
        let values = prop::collection::vec(prop::sample::select(values), 1..most);
        values.prop_map(move |values| {
            let values = values.into_iter().map(ToOwned::to_owned).collect();
            (operator, values)
        })
    });
    let conditions = prop::collection::vec(operator, 0..3);
    (
        prop::bool::weighted(0.75),
        patterns("ab*?", 3),
        patterns("ab*", 2),
        principals,
        prop_oneof![Just(Vec::new()), conditions],
    )
        .prop_map(
            |(allows, actions, resources, principals, conditions)| Small {
                allows,
                actions,
                resources,
                principals,
                conditions: conditions.into_iter().collect(),
            },
        )
}

pub(super) fn text(statements: &[Small]) -> String {
    let part = |(negated, values): &(bool, Vec<String>), key: &str| {
        let not = if *negated { "Not" } else { "" };
        format!("\"{not}{key}\":{values:?}")
    };
    let all: Vec<String> = statements
        .iter()
        .map(|one| {
            let not = if one.principals.0 { "Not" } else { "" };
            let clauses: Vec<String> = one
                .conditions
                .iter()
                .map(|(operator, values)| {
                    let key = if operator.starts_with("ForAll") {
                        "k:all"
                    } else {
                        "k:k"
                    };
                    format!("\"{operator}\":{{\"{key}\":{values:?}}}")
                })
                .collect();
            let condition = format!(",\"Condition\":{{{}}}", clauses.join(","));
            format!(
                "{{\"Effect\":\"{}\",{},{},\"{not}Principal\":{{\"AWS\":{:?}}}{condition}}}",
                if one.allows { "Allow" } else { "Deny" },
                part(&one.actions, "Action"),
                part(&one.resources, "Resource"),
                one.principals.1,
            )
        })
        .collect();
    format!(
        "{{\"Queues\":[\"q\"],\"PolicyDocument\":{{\"Version\":\"2012-10-17\",\"Statement\":[{}]}}}}",
        all.join(",")
    )
}

fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => {
            matches(rest, text)
                || text
                    .split_first()
                    .is_some_and(|(_, tail)| matches(pattern, tail))
        }
        (Some((b'?', rest)), Some((_, tail))) => matches(rest, tail),
        (Some((letter, rest)), Some((other, tail))) => letter == other && matches(rest, tail),
        _ => false,
    }
}

fn any(patterns: &[String], text: &str) -> bool {
    patterns
        .iter()
        .any(|pattern| matches(pattern.as_bytes(), text.as_bytes()))
}

/// Every text over three letters up to a length.
fn texts(most: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..most {
        last = last
            .iter()
            .flat_map(|text| ["a", "b", "c"].map(|letter| format!("{text}{letter}")))
            .collect();
        all.extend(last.iter().cloned());
    }
    all
}

fn meets(operator: &str, values: &[String], value: Option<Value>) -> bool {
    let (name, if_exists) = match operator.strip_suffix("IfExists") {
        Some(name) => (name, true),
        None => (operator, false),
    };
    let Some(value) = value else {
        return if_exists || name.contains("Not") || name == "Null" && values[0] == "true";
    };
    let is_in = |block: &String| match (block.as_str(), value.address) {
        ("10.0.0.0/31", at) => at == "10.0.0.0" || at == "10.0.0.1",
        ("10.0.0.0/30", at) => at.starts_with("10."),
        ("2001:db8::/127", at) => at == "2001:db8::1",
        (block, at) => block == at,
    };
    let number = |text: &String| text.parse::<u8>().unwrap_or_default();
    match name {
        "StringEquals" => values.iter().any(|one| one == value.text),
        "StringNotEquals" => !values.iter().any(|one| one == value.text),
        "StringNotLike" => !any(values, value.text),
        "Null" => values[0] == "false",
        "Bool" => values.contains(&value.truth.to_string()),
        "IpAddress" => values.iter().any(is_in),
        "NotIpAddress" => !values.iter().any(is_in),
        "NumericLessThan" => values.iter().any(|one| value.number < number(one)),
        "NumericGreaterThanEquals" => values.iter().any(|one| value.number >= number(one)),
        "NumericEquals" => values.iter().any(|one| value.number == number(one)),
        // A request with one value.
        _ => any(values, value.text),
    }
}

/// Whether all of several values meet an operator that is about all of them.
fn all_meet(operator: &str, values: &[String], several: &[&str]) -> bool {
    several.iter().all(|one| {
        if operator.ends_with("NotEquals") {
            !values.iter().any(|value| value == one)
        } else {
            any(values, one)
        }
    })
}

/// Every value of a key, compared in every way.
fn values() -> Vec<Option<Value>> {
    let mut all = vec![None];
    for text in ["x", "y", "xx", "x*", "z"] {
        for address in [
            "10.0.0.0",
            "10.0.0.1",
            "10.0.0.2",
            "2001:db8::1",
            "2001:db8::2",
        ] {
            for number in 0..5 {
                for truth in [false, true] {
                    all.push(Some(Value {
                        text,
                        address,
                        number,
                        truth,
                    }));
                }
            }
        }
    }
    all
}

/// What the statements say of every request there is: one bit a statement.
fn requests(statements: &[&Small]) -> BTreeSet<u16> {
    let bits = |holds: &dyn Fn(&Small) -> bool| -> u16 {
        let set = statements.iter().enumerate();
        set.filter(|(_, one)| holds(one))
            .fold(0, |bits, (index, _)| bits | 1 << index)
    };
    let told = |all: &[String], of: fn(&Small) -> &(bool, Vec<String>)| -> BTreeSet<u16> {
        let holds = |one: &Small, text: &str| any(&of(one).1, text) != of(one).0;
        all.iter()
            .map(|text| bits(&|one| holds(one, text)))
            .collect()
    };
    let both = |one: &BTreeSet<u16>, other: &BTreeSet<u16>| -> BTreeSet<u16> {
        one.iter()
            .flat_map(|a| other.iter().map(move |b| a & b))
            .collect()
    };
    let is_of_all = |operator: &str| operator.starts_with("ForAll");
    let conditions = values()
        .into_iter()
        .map(|value| {
            bits(&|one| {
                let clauses = one.conditions.iter();
                clauses
                    .filter(|(operator, _)| !is_of_all(operator))
                    .all(|(operator, values)| meets(operator, values, value))
            })
        })
        .collect();
    let several = [
        &[][..],
        &["x"],
        &["y"],
        &["xx"],
        &["z"],
        &["x", "y", "xx", "x*", "z"],
    ]
    .iter()
    .map(|several| {
        bits(&|one| {
            let clauses = one.conditions.iter();
            clauses
                .filter(|(operator, _)| is_of_all(operator))
                .all(|(operator, values)| all_meet(operator, values, several))
        })
    })
    .collect();
    let principals = ["P1", "P2", "P3"].map(ToOwned::to_owned);
    both(
        &both(
            &told(&texts(5), |one| &one.actions),
            &told(&texts(4), |one| &one.resources),
        ),
        &both(
            &told(&principals, |one| &one.principals),
            &both(&conditions, &several),
        ),
    )
}

pub(super) fn counted(before: &[Small], after: &[Small]) -> &'static str {
    let all: Vec<&Small> = before.iter().chain(after).collect();
    let of = |request: &u16, is_before: bool, allows: bool| {
        (0..all.len()).any(|at| {
            request >> at & 1 == 1 && all[at].allows == allows && (at < before.len()) == is_before
        })
    };
    let requests = requests(&all);
    // What is denied counts against anything that may be allowed elsewhere.
    let within = |first: bool| {
        requests.iter().all(|request| {
            let denied = of(request, first, false);
            (!of(request, first, true) || of(request, !first, true) || denied)
                && (!of(request, !first, false) || denied)
        })
    };
    match (within(true), within(false)) {
        (true, true) => "same",
        (true, false) => "broadened",
        (false, true) => "narrowed",
        (false, false) => "incomparable",
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_verdict_is_what_counting_every_request_says(
        before in prop::collection::vec(statement(), 1..4),
        after in prop::collection::vec(statement(), 1..4),
        kept in 0..4_usize,
    ) {
        // Often the two have statements in common.
        let after: Vec<Small> = before.iter().take(kept).cloned().chain(after).collect();
        let found = verdict("AWS::SQS::QueuePolicy", &text(&before), &text(&after));
        prop_assert_eq!(found, counted(&before, &after), "{} {}", text(&before), text(&after));
        let back = verdict("AWS::SQS::QueuePolicy", &text(&after), &text(&before));
        prop_assert_eq!(back, counted(&after, &before));
    }

    #[test]
    fn another_allowance_never_takes_anything_away(
        before in prop::collection::vec(statement(), 1..4),
        more in statement(),
    ) {
        let more = Small { allows: true, ..more };
        let after: Vec<Small> = before.iter().cloned().chain([more]).collect();
        let found = verdict("AWS::SQS::QueuePolicy", &text(&before), &text(&after));
        prop_assert!(matches!(found, "broadened" | "same"), "{found}");
    }
}

/// The addresses of two worlds of sixteen, as blocks of IPv4 and IPv6.
fn blocks() -> impl Strategy<Value = Vec<(bool, u8, u8)>> {
    prop::collection::vec((any_bool(), 0..16_u8, 0..=4_u8), 0..6)
}

fn any_bool() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.4)
}

proptest! {
    #[test]
    fn blocks_of_addresses_are_what_counting_says(one in blocks(), other in blocks()) {
        let text = |blocks: &[(bool, u8, u8)]| {
            let rules: Vec<String> = blocks
                .iter()
                .map(|(is_six, at, free)| {
                    let block = if *is_six {
                        format!(r#""CidrIpv6":"2001:db8::{at:x}/{}""#, 128 - free)
                    } else {
                        format!(r#""CidrIp":"10.0.0.{at}/{}""#, 32 - free)
                    };
                    format!(r#"{{{block},"IpProtocol":"tcp","FromPort":1,"ToPort":1}}"#)
                })
                .collect();
            format!(r#"{{"SecurityGroupIngress":[{}]}}"#, rules.join(","))
        };
        let count = |blocks: &[(bool, u8, u8)]| -> Vec<bool> {
            [false, true]
                .into_iter()
                .flat_map(|six| (0..16_u8).map(move |at| (six, at)))
                .map(|(six, at)| {
                    let holds = |(is_six, start, free): &(bool, u8, u8)| {
                        six == *is_six && at >> free == start >> free
                    };
                    blocks.iter().any(holds)
                })
                .collect()
        };
        let (left, right) = (count(&one), count(&other));
        let less = |a: &[bool], b: &[bool]| a.iter().zip(b).all(|(a, b)| !a || *b);
        let wanted = match (less(&left, &right), less(&right, &left)) {
            (true, true) => "same",
            (true, false) => "broadened",
            (false, true) => "narrowed",
            (false, false) => "incomparable",
        };
        prop_assert_eq!(verdict("AWS::EC2::SecurityGroup", &text(&one), &text(&other)), wanted);
    }

    #[test]
    fn ports_are_what_counting_says(
        one in prop::collection::vec((0..9_u8, 0..9_u8), 0..4),
        other in prop::collection::vec((0..9_u8, 0..9_u8), 0..4),
    ) {
        let text = |ranges: &[(u8, u8)]| {
            let rules: Vec<String> = ranges
                .iter()
                .map(|(a, b)| {
                    let (from, to) = (a.min(b), a.max(b));
                    format!(r#"{{"CidrIp":"10.0.0.0/8","IpProtocol":"tcp","FromPort":{from},"ToPort":{to}}}"#)
                })
                .collect();
            format!(r#"{{"SecurityGroupIngress":[{}]}}"#, rules.join(","))
        };
        let open = |ranges: &[(u8, u8)], at: u8| {
            ranges.iter().any(|(a, b)| (*a.min(b)..=*a.max(b)).contains(&at))
        };
        let less = |a: &[(u8, u8)], b: &[(u8, u8)]| (0..9).all(|at| !open(a, at) || open(b, at));
        let wanted = match (less(&one, &other), less(&other, &one)) {
            (true, true) => "same",
            (true, false) => "broadened",
            (false, true) => "narrowed",
            (false, false) => "incomparable",
        };
        prop_assert_eq!(verdict("AWS::EC2::SecurityGroup", &text(&one), &text(&other)), wanted);
    }
}
