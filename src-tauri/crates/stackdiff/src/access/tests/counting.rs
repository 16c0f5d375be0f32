//! Verdicts on small policies against counting every request of a small world.

use super::verdict;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A statement of a small world.
#[derive(Debug, Clone)]
struct Small {
    allows: bool,
    actions: (bool, Vec<String>),
    resources: (bool, Vec<String>),
    principals: (bool, Vec<String>),
    condition: Option<(&'static str, Vec<String>)>,
}

const OPERATORS: [&str; 6] = [
    "StringEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIfExists",
    "ForAnyValue:StringLike",
    "Null",
];

fn patterns(letters: &'static str, most: usize) -> impl Strategy<Value = (bool, Vec<String>)> {
    let pattern = proptest::string::string_regex(&format!("[{letters}]{{1,{most}}}"))
        .unwrap_or_else(|error| panic!("{error}"));
    (
        prop::bool::weighted(0.2),
        prop::collection::vec(pattern, 1..3),
    )
}

fn statement() -> impl Strategy<Value = Small> {
    let principal = prop::sample::select(vec!["*".to_owned(), "P1".into(), "P2".into()]);
    let principals = (
        prop::bool::weighted(0.1),
        prop::collection::vec(principal, 1..3),
    );
    let values = prop::collection::vec(
        prop::sample::select(vec!["x".to_owned(), "y".into(), "x*".into()]),
        1..3,
    );
    let condition = prop::option::weighted(0.4, (prop::sample::select(&OPERATORS[..]), values));
    (
        prop::bool::weighted(0.75),
        patterns("ab*?", 3),
        patterns("ab*", 2),
        principals,
        condition,
    )
        .prop_map(
            |(allows, actions, resources, principals, condition)| Small {
                allows,
                actions,
                resources,
                principals,
                condition: condition.map(|(operator, values)| match operator {
                    "Null" => (operator, vec![(values.len() == 1).to_string()]),
                    _ => (operator, values),
                }),
            },
        )
}

fn text(statements: &[Small]) -> String {
    let part = |(negated, values): &(bool, Vec<String>), key: &str| {
        let not = if *negated { "Not" } else { "" };
        format!("\"{not}{key}\":{values:?}")
    };
    let all: Vec<String> = statements
        .iter()
        .map(|one| {
            let not = if one.principals.0 { "Not" } else { "" };
            let condition =
                one.condition
                    .as_ref()
                    .map_or_else(String::new, |(operator, values)| {
                        format!(",\"Condition\":{{\"{operator}\":{{\"k:k\":{values:?}}}}}")
                    });
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

fn meets(condition: Option<&(&'static str, Vec<String>)>, value: Option<&str>) -> bool {
    let Some((operator, values)) = condition else {
        return true;
    };
    let exact = |value: &str| values.iter().any(|one| one == value);
    match (*operator, value) {
        ("StringEquals", value) => value.is_some_and(exact),
        ("StringLike", value) => value.is_some_and(|value| any(values, value)),
        ("StringNotLike", value) => !value.is_some_and(|value| any(values, value)),
        ("StringEqualsIfExists", value) => value.is_none_or(exact),
        ("Null", value) => value.is_none() == (values[0] == "true"),
        // A request with one value.
        (_, value) => value.is_some_and(|value| any(values, value)),
    }
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
    let values = [
        None,
        Some("x"),
        Some("y"),
        Some("xx"),
        Some("x*"),
        Some("z"),
    ];
    let conditions = values
        .iter()
        .map(|value| bits(&|one| meets(one.condition.as_ref(), *value)))
        .collect();
    let principals = ["P1", "P2", "P3"].map(ToOwned::to_owned);
    both(
        &both(
            &told(&texts(5), |one| &one.actions),
            &told(&texts(4), |one| &one.resources),
        ),
        &both(&told(&principals, |one| &one.principals), &conditions),
    )
}

fn counted(before: &[Small], after: &[Small]) -> &'static str {
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

/// The addresses of a world of sixteen, as IPv4 blocks.
fn blocks() -> impl Strategy<Value = Vec<(u8, u8)>> {
    prop::collection::vec((0..16_u8, 28..=32_u8), 0..5)
}

proptest! {
    #[test]
    fn blocks_of_addresses_are_what_counting_says(one in blocks(), other in blocks()) {
        let text = |blocks: &[(u8, u8)]| {
            let rules: Vec<String> = blocks
                .iter()
                .map(|(at, length)| {
                    format!(r#"{{"CidrIp":"10.0.0.{at}/{length}","IpProtocol":"tcp","FromPort":1,"ToPort":1}}"#)
                })
                .collect();
            format!(r#"{{"SecurityGroupIngress":[{}]}}"#, rules.join(","))
        };
        let count = |blocks: &[(u8, u8)]| -> Vec<bool> {
            (0..16_u8)
                .map(|at| blocks.iter().any(|(start, length)| at >> (32 - length) == start >> (32 - length)))
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
