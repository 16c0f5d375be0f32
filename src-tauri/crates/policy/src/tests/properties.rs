//! What holds for whatever facts: bad news never helps, unknown is never green, order is nothing.

use super::*;
use crate::{BreakGlass, ChangeFact, Waiver, WaiverScope};
use proptest::prelude::*;
use std::sync::LazyLock;

static POLICY: LazyLock<Policy> = LazyLock::new(|| policy(STRICT));

fn change(n: u8) -> ChangeFact {
    ChangeFact {
        resource: format!("R{n}"),
        resource_type: ["AWS::DynamoDB::Table", "AWS::SNS::Topic", "AWS::S3::Bucket"]
            [usize::from(n % 3)]
        .into(),
        action: ["Add", "Modify", "Remove"][usize::from(n / 3 % 3)].into(),
        replacement: [
            None,
            Some("True".into()),
            Some("False".into()),
            Some("Conditional".into()),
        ][usize::from(n / 9 % 4)]
        .clone(),
        policy_action: [None, Some("Retain".into())][usize::from(n / 36 % 2)].clone(),
    }
}

fn lines(n: u8) -> Vec<String> {
    (0..n % 3).map(|n| format!("line {n}")).collect()
}

/// Evidence that may be missing.
fn maybe<T: Clone + std::fmt::Debug + 'static>(
    value: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Evidence<T>> {
    prop_oneof![4 => value.prop_map(seen), 1 => Just(unseen())].boxed()
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let phases = prop::sample::select(vec![
        StackPhase::Stable,
        StackPhase::Stable,
        StackPhase::RolledBack,
        StackPhase::Moving,
    ]);
    let stacks = prop::collection::vec(phases, 0..3).prop_map(|list| {
        let named = list.into_iter().enumerate();
        named
            .map(|(n, phase)| stack(&format!("s{n}"), phase))
            .collect()
    });
    let first = (
        1_795_000_000_i64..1_796_000_000,
        maybe(stacks.clone()),
        maybe(stacks),
        maybe(prop::collection::vec(any::<u8>().prop_map(change), 0..5)),
        maybe(
            (0..4_u32)
                .prop_map(|n| [("critical".to_owned(), n / 3), ("minor".to_owned(), n * 2)].into()),
        ),
        maybe((80..200_u32, 0..2_u32, 0..20_u32)),
    );
    let second = (
        maybe(1_794_000_000_i64..1_795_500_000),
        maybe(any::<u8>().prop_map(lines)),
        maybe(any::<u8>().prop_map(lines)),
        maybe(any::<u8>().prop_map(lines)),
        maybe(prop::collection::vec("(PAY-1|x)", 0..3)),
        maybe(prop::collection::vec(0..100_000_u64, 0..4)),
        any::<bool>(),
    );
    (first, second).prop_map(
        |(
            (now, source, target, changes, findings, counts),
            (since, access, drift, rejected, commits, past, passed),
        )| Facts {
            now: Timestamp::from_second(now).unwrap(),
            source_stacks: source,
            target_stacks: target,
            changes: Some(changes),
            findings: Some(findings),
            tests: Some(Evidence {
                value: counts.value.map(|(passed, failed, skipped)| TestFact {
                    build: "b".into(),
                    succeeded: true,
                    counts: Some(TestCount {
                        passed,
                        failed,
                        skipped,
                    }),
                }),
                source: "test".into(),
                at: None,
            }),
            in_source_since: Evidence {
                value: since.value.map(|s| Timestamp::from_second(s).unwrap()),
                source: "test".into(),
                at: None,
            },
            access_broadened: Some(access),
            drift_overwritten: Some(drift),
            rejected: Some(rejected),
            commits: Some(Evidence {
                value: commits
                    .value
                    .map(|list| list.iter().map(|m| commit("abcdef0", m)).collect()),
                source: "test".into(),
                at: None,
            }),
            past_durations: past,
            floating_references: seen(if passed { vec![] } else { vec!["x".into()] }),
            ..facts()
        },
    )
}

fn any_given() -> impl Strategy<Value = Given> {
    let rules = prop::sample::subsequence(
        vec![
            "tests", "findings", "soak", "drift", "pinned", "target", "freeze", "nothing",
        ],
        0..8,
    );
    (rules, any::<bool>(), any::<bool>()).prop_map(|(rules, expired, glass)| Given {
        waivers: rules
            .into_iter()
            .map(|rule| Waiver {
                rule: rule.into(),
                owner: "o".into(),
                reason: "r".into(),
                expires: at(if expired {
                    "2000-01-01T00:00:00Z"
                } else {
                    "2100-01-01T00:00:00Z"
                }),
                scope: WaiverScope::default(),
            })
            .collect(),
        break_glass: glass.then(|| BreakGlass {
            reason: "r".into(),
            incident: "i".into(),
        }),
    })
}

/// One more piece of bad news.
type BadNews = fn(&mut Facts);
const BAD_NEWS: [BadNews; 8] = [
    |f| push(&mut f.source_stacks, stack("z", StackPhase::Failed)),
    |f| push(&mut f.target_stacks, stack("z", StackPhase::Moving)),
    |f| {
        let mut drop = change(0);
        drop.action = "Remove".into();
        push(f.changes.as_mut().unwrap(), drop);
    },
    |f| push(f.access_broadened.as_mut().unwrap(), "more".into()),
    |f| push(f.drift_overwritten.as_mut().unwrap(), "more".into()),
    |f| push(f.rejected.as_mut().unwrap(), "more".into()),
    |f| push(&mut f.floating_references, "more".into()),
    |f| {
        if let Ok(found) = &mut f.findings.as_mut().unwrap().value {
            *found.entry("critical".into()).or_default() += 1;
        }
    },
];

fn push<T>(evidence: &mut Evidence<Vec<T>>, one: T) {
    if let Ok(list) = &mut evidence.value {
        list.push(one);
    }
}

proptest! {
    #[test]
    fn bad_news_never_turns_a_fail_into_a_pass(
        facts in any_facts(), given in any_given(), news in 0..BAD_NEWS.len()
    ) {
        let before = judge(&POLICY, &facts, &given);
        let mut worse = facts.clone();
        BAD_NEWS[news](&mut worse);
        let after = judge(&POLICY, &worse, &given);
        for (one, other) in before.verdicts.iter().zip(&after.verdicts) {
            prop_assert_eq!(&one.rule, &other.rule);
            let is_better = one.outcome != Outcome::Pass && other.outcome == Outcome::Pass;
            prop_assert!(!is_better, "{} {}", one.summary, other.summary);
        }
        // Nor does it take an approval away.
        for rule in &before.approvals {
            prop_assert!(after.approvals.contains(rule));
        }
    }

    #[test]
    fn less_knowledge_is_never_greener(facts in any_facts(), which in 0..12_usize) {
        let mut blind = facts.clone();
        match which {
            0 => blind.source_stacks = unseen(),
            1 => blind.target_stacks = unseen(),
            2 => blind.changes = Some(unseen()),
            3 => blind.findings = Some(unseen()),
            4 => blind.tests = Some(unseen()),
            5 => blind.in_source_since = unseen(),
            6 => blind.access_broadened = Some(unseen()),
            7 => blind.drift_overwritten = Some(unseen()),
            8 => blind.rejected = Some(unseen()),
            9 => blind.commits = Some(unseen()),
            10 => blind.quality = Some(unseen()),
            _ => blind.measures = Some(unseen()),
        }
        let (before, after) = (judged(&POLICY, &facts), judged(&POLICY, &blind));
        for (one, other) in before.verdicts.iter().zip(&after.verdicts) {
            if one.summary != other.summary {
                prop_assert_ne!(other.outcome, Outcome::Pass, "{}", other.summary);
            }
        }
        for rule in &before.approvals {
            prop_assert!(after.approvals.contains(rule));
        }
    }

    #[test]
    fn the_order_of_what_is_known_changes_nothing(facts in any_facts(), given in any_given()) {
        let mut turned = facts.clone();
        for list in [&mut turned.source_stacks, &mut turned.target_stacks] {
            if let Ok(list) = &mut list.value { list.reverse(); }
        }
        if let Ok(list) = &mut turned.changes.as_mut().unwrap().value { list.reverse(); }
        if let Ok(list) = &mut turned.commits.as_mut().unwrap().value { list.reverse(); }
        if let Ok(list) = &mut turned.past_durations.value { list.reverse(); }
        let mut other = given.clone();
        other.waivers.reverse();
        prop_assert_eq!(judge(&POLICY, &facts, &given), judge(&POLICY, &turned, &other));
    }

    #[test]
    fn only_what_is_given_lifts_and_it_never_changes_an_outcome(
        facts in any_facts(), given in any_given()
    ) {
        let (plain, lifted) = (judged(&POLICY, &facts), judge(&POLICY, &facts, &given));
        for (one, other) in plain.verdicts.iter().zip(&lifted.verdicts) {
            prop_assert_eq!(one.outcome, other.outcome);
            prop_assert!(one.lifted.is_none());
            let is_target = other.rule == "target";
            prop_assert!(!(is_target && other.lifted.is_some()));
        }
        prop_assert_eq!(lifted.mark.is_some(), given.break_glass.is_some());
    }
}
