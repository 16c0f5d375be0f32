//! The policy that counts where a team has none of its own.

use super::*;
use crate::{ChangeFact, Freeze, FreezeSpan};
use interlock_domain::EnvironmentName;

fn with_freeze(starts: &str, ends: &str) -> Policy {
    let freeze = Freeze::of_estate(
        "w",
        FreezeSpan::Once {
            from: at(starts),
            to: at(ends),
        },
    );
    Policy::built_in().with_freezes(&EnvironmentName::new("prod").unwrap(), &[freeze])
}

fn outcome(policy: &Policy, facts: &Facts, gate: &str) -> Outcome {
    judged(policy, facts)
        .verdicts
        .into_iter()
        .find(|v| v.gate == gate)
        .unwrap_or_else(|| panic!("no gate {gate}"))
        .outcome
}

fn built_in(facts: &Facts, gate: &str) -> Outcome {
    outcome(&Policy::built_in(), facts, gate)
}

#[test]
fn everything_in_order_passes_every_gate() {
    let policy = with_freeze("2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z");
    let judgement = judged(&policy, &facts());
    let names: Vec<_> = judgement.verdicts.iter().map(|v| v.gate.as_str()).collect();
    assert_eq!(
        names,
        [
            "Stable in the source environment",
            "Target can be changed",
            "Quality gate",
            "Build and tests",
            "No stateful resource is replaced or removed",
            "Content is pinned",
            "Outside of freeze windows",
        ]
    );
    assert!(!judgement.blocks(), "{judgement:#?}");
    assert_eq!(judgement.approvals_needed(), 1);
    assert_eq!(judgement.approvals[0].from, ["release-manager"]);
}

#[test]
fn every_verdict_says_its_rule_its_place_and_the_age_of_what_it_saw() {
    for verdict in judged(&Policy::built_in(), &facts()).verdicts {
        assert!(!verdict.rule.is_empty() && !verdict.summary.is_empty());
        let line = verdict.place.strip_prefix("built-in policy:").unwrap();
        let line: usize = line.parse().unwrap();
        let text = crate::DEFAULT.lines().nth(line - 1).unwrap();
        assert!(text.contains(&verdict.rule), "{line}: {text}");
        assert!(verdict.at.is_some() && !verdict.evidence.is_empty());
    }
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
    let policy = with_freeze("2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z");
    let passed: Vec<_> = judged(&policy, &blind)
        .verdicts
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
fn what_the_estate_does_not_declare_is_left_out() {
    let plain = Facts {
        quality: None,
        tests: None,
        changes: None,
        ..facts()
    };
    let judgement = judged(&Policy::built_in(), &plain);
    let rules: Vec<_> = judgement.verdicts.iter().map(|v| v.rule.as_str()).collect();
    assert_eq!(rules, ["source-stable", "target-ready"]);
}

#[test]
fn an_analysis_of_another_commit_is_no_evidence() {
    for revision in [Some("aaaaaaa".to_owned()), None] {
        let mut f = facts();
        f.quality = Some(seen(GateFact {
            passed: Some(true),
            broken: vec![],
            revision,
            wanted: Some("8c41d0e".into()),
        }));
        assert_eq!(built_in(&f, "Quality gate"), Outcome::Unknown);
    }
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
            source_stacks: seen(vec![stack("a", phase)]),
            target_stacks: seen(vec![stack("a", phase)]),
            ..facts()
        };
        assert_eq!(
            built_in(&f, "Stable in the source environment"),
            source,
            "{phase:?}"
        );
        assert_eq!(built_in(&f, "Target can be changed"), target, "{phase:?}");
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
        (change("Modify", Some("Conditional"), None), Outcome::Pass),
        (change("Add", None, None), Outcome::Pass),
    ] {
        let f = Facts {
            changes: Some(seen(vec![c.clone()])),
            ..facts()
        };
        assert_eq!(
            built_in(&f, "No stateful resource is replaced or removed"),
            wanted,
            "{c:?}"
        );
    }
}

#[test]
fn a_freeze_holds_from_its_start_to_just_before_its_end() {
    for (starts, ends, wanted) in [
        (
            "2026-11-23T12:00:00Z",
            "2026-11-23T13:00:00Z",
            Outcome::Fail,
        ),
        (
            "2026-11-23T11:00:00Z",
            "2026-11-23T12:00:00Z",
            Outcome::Pass,
        ),
        (
            "2026-11-23T12:00:01Z",
            "2026-11-23T13:00:00Z",
            Outcome::Pass,
        ),
    ] {
        let policy = with_freeze(starts, ends);
        let told = outcome(&policy, &facts(), "Outside of freeze windows");
        assert_eq!(told, wanted, "{starts}");
    }
}

#[test]
fn a_freeze_of_one_environment_of_the_estate_is_not_one_of_another() {
    let policy = with_freeze("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z");
    let mut f = facts();
    f.subject.to = "prod-2".into();
    let rules = judged(&policy, &f).verdicts;
    assert!(rules.iter().all(|v| v.rule != "freeze"));
}

#[test]
fn failed_tests_and_unsuccessful_builds_fail() {
    let count = |passed, failed| {
        Some(TestCount {
            passed,
            failed,
            skipped: 0,
        })
    };
    for (succeeded, counts, wanted) in [
        (true, count(10, 1), Outcome::Fail),
        (false, count(10, 0), Outcome::Fail),
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
        assert_eq!(built_in(&f, "Build and tests"), wanted);
    }
}
