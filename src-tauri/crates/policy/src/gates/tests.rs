//! Every gate with facts that pass it, fail it, and are missing.

use super::*;
use crate::facts::{FreezeFact, GateFact, TestFact};

fn seen<T>(value: T) -> Evidence<T> {
    Evidence {
        value: Ok(value),
        source: "test".into(),
        at: None,
    }
}

fn unseen<T>() -> Evidence<T> {
    Evidence {
        value: Err("no answer".into()),
        source: "test".into(),
        at: None,
    }
}

fn stack(phase: StackPhase) -> StackFact {
    StackFact {
        name: "payments-api-qa".into(),
        phase,
        status: format!("{phase:?}"),
    }
}

fn facts() -> Facts {
    Facts {
        from: "qa".into(),
        to: "prod".into(),
        production: true,
        now: "2026-11-23T12:00:00Z".parse().unwrap(),
        source_stacks: seen(vec![stack(StackPhase::Stable)]),
        target_stacks: seen(vec![stack(StackPhase::Stable)]),
        quality: Some(seen(GateFact {
            passed: Some(true),
            broken: vec![],
            revision: Some("8c41d0e51be902a0".into()),
            wanted: Some("8c41d0e".into()),
        })),
        tests: Some(seen(TestFact {
            build: "build #1".into(),
            succeeded: true,
            counts: Some((412, 0)),
        })),
        freeze: Some(None),
        changes: Some(seen(vec![])),
        floating_references: vec![],
    }
}

fn outcome(facts: &Facts, gate: &str) -> Outcome {
    judge(facts)
        .into_iter()
        .find(|v| v.gate == gate)
        .unwrap_or_else(|| panic!("no gate {gate}"))
        .outcome
}

#[test]
fn everything_in_order_passes_every_gate() {
    let verdicts = judge(&facts());
    assert_eq!(verdicts.len(), 7);
    assert!(
        verdicts.iter().all(|v| v.outcome == Outcome::Pass),
        "{verdicts:#?}"
    );
}

#[test]
fn missing_evidence_never_passes() {
    let blind = Facts {
        source_stacks: unseen(),
        target_stacks: unseen(),
        quality: Some(unseen()),
        tests: Some(unseen()),
        changes: Some(unseen()),
        ..facts()
    };
    let passed: Vec<_> = judge(&blind)
        .into_iter()
        .filter(|v| v.outcome == Outcome::Pass)
        .map(|v| v.gate)
        .collect();
    assert_eq!(
        passed,
        ["Content is pinned", "Outside of freeze windows"],
        "these need no evidence from outside"
    );
}

#[test]
fn an_analysis_of_another_commit_is_no_evidence() {
    let mut f = facts();
    f.quality = Some(seen(GateFact {
        passed: Some(true),
        broken: vec![],
        revision: Some("aaaaaaa".into()),
        wanted: Some("8c41d0e".into()),
    }));
    assert_eq!(outcome(&f, "Quality gate"), Outcome::Unknown);
    f.quality = Some(seen(GateFact {
        passed: Some(true),
        broken: vec![],
        revision: None,
        wanted: Some("8c41d0e".into()),
    }));
    assert_eq!(outcome(&f, "Quality gate"), Outcome::Unknown);
}

#[test]
fn stack_phases_decide_by_side() {
    for (phase, source, target) in [
        (StackPhase::Stable, Outcome::Pass, Outcome::Pass),
        (StackPhase::RolledBack, Outcome::Fail, Outcome::Pass),
        (StackPhase::InReview, Outcome::Fail, Outcome::Pass),
        (StackPhase::Moving, Outcome::Fail, Outcome::Fail),
        (StackPhase::Failed, Outcome::Fail, Outcome::Fail),
        (StackPhase::Unknown, Outcome::Fail, Outcome::Fail),
    ] {
        let f = Facts {
            source_stacks: seen(vec![stack(phase)]),
            target_stacks: seen(vec![stack(phase)]),
            ..facts()
        };
        assert_eq!(
            outcome(&f, "Stable in the source environment"),
            source,
            "{phase:?}"
        );
        assert_eq!(outcome(&f, "Target can be changed"), target, "{phase:?}");
    }
}

#[test]
fn replacing_or_removing_a_table_fails_unless_it_is_kept() {
    let change = |action: &str, replacement: Option<&str>, policy: Option<&str>| ChangeFact {
        resource: "Transactions".into(),
        resource_type: "AWS::DynamoDB::Table".into(),
        action: action.into(),
        replacement: replacement.map(Into::into),
        policy_action: policy.map(Into::into),
    };
    for (c, wanted) in [
        (change("Modify", Some("True"), None), Outcome::Fail),
        (change("Remove", None, Some("Delete")), Outcome::Fail),
        (change("Remove", None, Some("Retain")), Outcome::Pass),
        (change("Modify", Some("False"), None), Outcome::Pass),
        (change("Add", None, None), Outcome::Pass),
    ] {
        let f = Facts {
            changes: Some(seen(vec![c.clone()])),
            ..facts()
        };
        assert_eq!(
            outcome(&f, "No stateful resource is replaced or removed"),
            wanted,
            "{c:?}"
        );
    }
}

#[test]
fn a_freeze_holds_from_its_start_to_just_before_its_end() {
    let f = facts();
    let window = |starts: &str, ends: &str| Facts {
        freeze: Some(Some(FreezeFact {
            name: "w".into(),
            starts: starts.parse().unwrap(),
            ends: ends.parse().unwrap(),
        })),
        ..f.clone()
    };
    let gate = "Outside of freeze windows";
    assert_eq!(
        outcome(
            &window("2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z"),
            gate
        ),
        Outcome::Fail
    );
    assert_eq!(
        outcome(
            &window("2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z"),
            gate
        ),
        Outcome::Pass
    );
    assert_eq!(
        outcome(
            &window("2026-11-23T12:00:01Z", "2026-11-23T13:00:00Z"),
            gate
        ),
        Outcome::Pass
    );
}

#[test]
fn failed_tests_and_unsuccessful_builds_fail() {
    for (succeeded, counts, wanted) in [
        (true, Some((10, 1)), Outcome::Fail),
        (false, Some((10, 0)), Outcome::Fail),
        (false, None, Outcome::Fail),
        (true, None, Outcome::Pass),
    ] {
        let f = Facts {
            tests: Some(seen(TestFact {
                build: "b".into(),
                succeeded,
                counts,
            })),
            ..facts()
        };
        assert_eq!(outcome(&f, "Build and tests"), wanted);
    }
}
