//! Waivers, and breaking the glass.

use super::*;
use crate::{BreakGlass, Waiver, WaiverScope};
use interlock_domain::verdict::Lifted;

fn waiver(rule: &str) -> Waiver {
    Waiver {
        rule: rule.into(),
        owner: "l.prado".into(),
        reason: "the scanner is wrong about it".into(),
        expires: at("2026-12-01T00:00:00Z"),
        scope: WaiverScope::default(),
    }
}

fn broken() -> BreakGlass {
    BreakGlass {
        reason: "payments are down".into(),
        incident: "INC-77".into(),
    }
}

/// Findings, soak, tests and a freeze that fail, and a table that goes.
fn bad() -> Facts {
    Facts {
        now: at("2026-11-21T12:00:00Z"), // a Saturday
        findings: Some(seen([("critical".to_owned(), 2)].into())),
        in_source_since: seen(at("2026-11-21T11:00:00Z")),
        ..facts()
    }
}

fn given(waivers: Vec<Waiver>, break_glass: Option<BreakGlass>) -> Given {
    Given {
        waivers,
        break_glass,
    }
}

fn blocking(judgement: &Judgement) -> Vec<&str> {
    let verdicts = judgement.verdicts.iter();
    verdicts
        .filter(|v| v.blocks())
        .map(|v| v.rule.as_str())
        .collect()
}

#[test]
fn a_waived_verdict_stays_visible_and_asks_for_an_approval_of_its_own() {
    let policy = policy(STRICT);
    let judgement = judge(&policy, &bad(), &given(vec![waiver("findings")], None));
    assert_eq!(blocking(&judgement), ["soak", "freeze"]);
    let verdict = judgement
        .verdicts
        .iter()
        .find(|v| v.rule == "findings")
        .unwrap();
    assert_eq!(verdict.outcome, Outcome::Fail);
    assert!(matches!(&verdict.lifted, Some(Lifted::Waiver { owner, .. }) if owner == "l.prado"));
    let names: Vec<_> = judgement
        .approvals
        .iter()
        .map(|r| r.name.as_str())
        .collect();
    assert_eq!(names, ["Release managers", "Waiver"]);
    assert_eq!(judgement.approvals_needed(), 2);
    assert!(judgement.mark.is_none() && judgement.ignored_waivers.is_empty());
}

#[test]
fn a_waiver_that_does_not_count_is_told_why() {
    let policy = policy(STRICT);
    let other = |scope: WaiverScope| Waiver {
        scope,
        ..waiver("findings")
    };
    let blank = WaiverScope::default;
    for (waiver, why) in [
        (
            Waiver {
                expires: bad().now,
                ..waiver("findings")
            },
            "it expired 2026-11-21T12:00:00Z",
        ),
        (
            Waiver {
                owner: " ".into(),
                ..waiver("findings")
            },
            "it has no owner",
        ),
        (
            Waiver {
                reason: String::new(),
                ..waiver("findings")
            },
            "it has no reason",
        ),
        (
            other(WaiverScope {
                service: Some("cards".into()),
                ..blank()
            }),
            "it is for another promotion",
        ),
        (
            other(WaiverScope {
                environment: Some("qa".into()),
                ..blank()
            }),
            "it is for another promotion",
        ),
        (
            other(WaiverScope {
                promotion: Some("PR-2".into()),
                ..blank()
            }),
            "it is for another promotion",
        ),
        (waiver("nothing"), "no rule `nothing` applies here"),
        (waiver("quality"), "the gate is passed"),
        (waiver("freeze"), "rule `freeze` is not waived"),
    ] {
        let judgement = judge(&policy, &bad(), &given(vec![waiver.clone()], None));
        assert_eq!(
            blocking(&judgement),
            ["findings", "soak", "freeze"],
            "{why}"
        );
        assert_eq!(judgement.ignored_waivers, [(waiver, why.to_owned())]);
        assert_eq!(judgement.approvals.len(), 1);
    }
    let here = WaiverScope {
        service: Some("payments-api".into()),
        environment: Some("prod".into()),
        promotion: Some("PR-1".into()),
    };
    let judgement = judge(&policy, &bad(), &given(vec![other(here)], None));
    assert_eq!(blocking(&judgement), ["soak", "freeze"]);
}

#[test]
fn an_emergency_passes_over_what_is_allowed_and_leaves_its_mark() {
    let policy = policy(STRICT);
    let judgement = judge(&policy, &bad(), &given(vec![], Some(broken())));
    assert_eq!(
        blocking(&judgement),
        ["findings"],
        "findings are not in its list"
    );
    let mark = judgement.mark.as_ref().unwrap();
    assert_eq!(mark.passed_over, ["soak", "freeze"]);
    assert_eq!(
        (mark.incident.as_str(), mark.review_by),
        ("INC-77", at("2026-11-22T12:00:00Z"))
    );
    let frozen = judgement
        .verdicts
        .iter()
        .find(|v| v.rule == "freeze")
        .unwrap();
    assert_eq!(frozen.outcome, Outcome::Fail, "it is still told");
    let both = judge(
        &policy,
        &bad(),
        &given(vec![waiver("findings")], Some(broken())),
    );
    assert!(!both.blocks());
}

#[test]
fn an_emergency_without_reason_or_incident_counts_for_nothing() {
    let policy = policy(STRICT);
    for glass in [
        BreakGlass {
            reason: " ".into(),
            ..broken()
        },
        BreakGlass {
            incident: String::new(),
            ..broken()
        },
    ] {
        let judgement = judge(&policy, &bad(), &given(vec![], Some(glass)));
        assert_eq!(blocking(&judgement), ["findings", "soak", "freeze"]);
        assert!(judgement.mark.is_none() && judgement.emergency_refused.is_some());
    }
}

#[test]
fn nothing_helps_where_the_target_is_not_known() {
    let policy = policy(STRICT);
    let everything = || {
        let rules = ["target", "path", "stateful", "access", "drift", "rejected"];
        given(rules.map(waiver).to_vec(), Some(broken()))
    };
    let blind = Facts {
        target_stacks: unseen(),
        path: unseen(),
        changes: Some(unseen()),
        access_broadened: Some(unseen()),
        drift_overwritten: Some(unseen()),
        rejected: Some(unseen()),
        ..facts()
    };
    let judgement = judge(&policy, &blind, &everything());
    let stopped = blocking(&judgement);
    for rule in ["target", "path", "stateful", "access", "drift", "rejected"] {
        assert!(stopped.contains(&rule), "{rule}: {stopped:?}");
    }
    let drifted = Facts {
        drift_overwritten: Some(seen(vec!["x".into()])),
        target_stacks: seen(vec![stack("a", StackPhase::Moving)]),
        ..facts()
    };
    let judgement = judge(&policy, &drifted, &everything());
    assert_eq!(
        blocking(&judgement),
        ["target"],
        "what is known can be lifted"
    );
}

#[test]
fn a_manifest_is_told_beforehand_what_a_waiver_and_an_emergency_ask_for() {
    let board = "[[approvals]]\nid = \"board\"\nname = \"Board\"\nfrom = [\"board\"]\ncount = 1\nwhen = [\"break-glass\"]\n";
    let names = |rules: &[crate::ApprovalRule]| -> Vec<String> {
        rules.iter().map(|rule| rule.name.clone()).collect()
    };
    let judgement = judged(&policy(&format!("{STRICT}{board}")), &facts());
    assert_eq!(names(&judgement.approvals), ["Release managers"]);
    assert_eq!(names(&judgement.on_waiver), ["Waiver"]);
    assert_eq!(names(&judgement.in_emergency), ["Board"]);
    let own = "[[approvals]]\nid = \"risk\"\nfrom = [\"risk\"]\ncount = 1\nwhen = [\"always\", \"waiver\"]\n";
    let judgement = judged(&policy(own), &facts());
    assert_eq!(names(&judgement.approvals), ["risk"]);
    assert!(judgement.on_waiver.is_empty(), "it is asked for already");
    assert!(judgement.in_emergency.is_empty());
}

#[test]
fn verdicts_of_before_are_lifted_without_asking_anybody() {
    let policy = policy(STRICT);
    let whole = judge(
        &policy,
        &bad(),
        &given(vec![waiver("findings")], Some(broken())),
    );
    let mut verdicts = judged(&policy, &bad()).verdicts;
    let all = given(vec![waiver("findings")], Some(broken()));
    crate::lift(&policy, &bad().subject, bad().now, &mut verdicts, &all);
    assert_eq!(verdicts, whole.verdicts);
    // What lifted them once lifts them no more.
    let late = at("2027-01-01T00:00:00Z");
    let only = given(vec![waiver("findings")], None);
    crate::lift(&policy, &bad().subject, late, &mut verdicts, &only);
    assert!(verdicts.iter().all(|verdict| verdict.lifted.is_none()));
    let stops = |rule: &str| verdicts.iter().find(|it| it.rule == rule).unwrap();
    let may = |rule: &str| crate::is_waivable(&policy, &bad().subject, stops(rule));
    assert!(may("findings") && !may("freeze") && !may("quality"));
}
