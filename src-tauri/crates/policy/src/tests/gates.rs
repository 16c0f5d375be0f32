//! Each kind of gate with facts that pass it, fail it, and are missing.

use super::*;
use crate::ChangeFact;
use std::collections::BTreeMap;

#[test]
fn a_measure_keeps_its_bound_and_does_not_drop_below_the_target() {
    let measured = |value: &str, in_target: Result<&str, &str>| Facts {
        measures: Some(seen(BTreeMap::from([(
            "coverage".to_owned(),
            MeasureFact {
                value: value.into(),
                in_target: in_target.map(Into::into).map_err(Into::into),
            },
        )]))),
        ..facts()
    };
    let rule = "[[gates.measure]]\nid = \"r\"\nmetric = \"coverage\"\n";
    let bound = &format!("{rule}op = \">=\"\nvalue = 80\n");
    let drop = &format!("{rule}max_drop = 1.0\n");
    for (text, facts, wanted, words) in [
        (
            bound,
            measured("80.0", Err("x")),
            Outcome::Pass,
            "coverage is 80; >= 80 is asked for",
        ),
        (
            bound,
            measured("79.9", Ok("1")),
            Outcome::Fail,
            "coverage is 79.9, and >= 80 is asked for",
        ),
        (
            bound,
            measured("n/a", Ok("1")),
            Outcome::Unknown,
            "`n/a`, which is no number",
        ),
        (
            bound,
            measured("NaN", Ok("1")),
            Outcome::Unknown,
            "no number",
        ),
        (
            drop,
            measured("82.0", Ok("83.0")),
            Outcome::Pass,
            "the target has 83, and 1 worse is allowed",
        ),
        (
            drop,
            measured("81.9", Ok("83.0")),
            Outcome::Fail,
            "coverage is 81.9; the target has 83",
        ),
        (
            drop,
            measured("81.9", Err("no analysis")),
            Outcome::Unknown,
            "not known: no analysis",
        ),
        (
            drop,
            Facts {
                measures: Some(unseen()),
                ..facts()
            },
            Outcome::Unknown,
            "no answer",
        ),
        (
            drop,
            Facts {
                measures: None,
                ..facts()
            },
            Outcome::Unknown,
            "names no SonarQube project",
        ),
    ] {
        let (outcome, summary) = told(text, &facts);
        assert_eq!(outcome, wanted, "{summary}");
        assert!(summary.contains(words), "{summary}");
    }
    let less = format!("{rule}op = \"<=\"\nvalue = 90\nmax_drop = 1\n");
    assert_eq!(told(&less, &measured("84", Ok("83"))).0, Outcome::Pass);
    assert_eq!(told(&less, &measured("85", Ok("83"))).0, Outcome::Fail);
    let other = rule.replace("coverage", "bugs") + "max_drop = 0\n";
    assert_eq!(told(&other, &facts()).1, "bugs was not measured");
}

#[test]
fn new_findings_are_limited_by_severity() {
    let text = "[[gates.findings]]\nid = \"r\"\nmax_new = { critical = 0, minor = 3 }\n";
    let found = |list: &[(&str, u32)]| Facts {
        findings: Some(seen(
            list.iter()
                .map(|(word, n)| ((*word).to_owned(), *n))
                .collect(),
        )),
        ..facts()
    };
    assert_eq!(
        told(text, &found(&[("minor", 3), ("info", 99)])).0,
        Outcome::Pass
    );
    let (outcome, summary) = told(text, &found(&[("minor", 4), ("critical", 1)]));
    assert_eq!(outcome, Outcome::Fail);
    assert_eq!(summary, "1 new critical, at most 0; 4 new minor, at most 3");
    let blind = Facts {
        findings: Some(unseen()),
        ..facts()
    };
    assert_eq!(told(text, &blind).0, Outcome::Unknown);
}

#[test]
fn tests_are_counted_where_a_number_is_asked_for() {
    let text = "[[gates.tests]]\nid = \"r\"\nat_least = 100\nmax_skipped = 2\n";
    let ran = |counts: Option<(u32, u32, u32)>| Facts {
        tests: Some(seen(TestFact {
            build: "build #1".into(),
            succeeded: true,
            counts: counts.map(|(passed, failed, skipped)| TestCount {
                passed,
                failed,
                skipped,
            }),
        })),
        ..facts()
    };
    for (counts, wanted) in [
        (Some((100, 0, 2)), Outcome::Pass),
        (Some((99, 0, 0)), Outcome::Fail),
        (Some((100, 0, 3)), Outcome::Fail),
        (Some((100, 1, 0)), Outcome::Fail),
        (None, Outcome::Unknown),
    ] {
        assert_eq!(told(text, &ran(counts)).0, wanted, "{counts:?}");
    }
    let plain = "[[gates.tests]]\nid = \"r\"\n";
    assert_eq!(
        told(plain, &ran(None)).0,
        Outcome::Unknown,
        "a report is required"
    );
}

#[test]
fn evidence_that_is_too_old_cannot_tell() {
    let text = "[[gates.tests]]\nid = \"r\"\nmax_age = \"7d\"\n";
    let of = |time: Option<&str>| Facts {
        tests: facts().tests.map(|evidence| Evidence {
            at: time.map(at),
            ..evidence
        }),
        ..facts()
    };
    for (time, wanted, words) in [
        (
            Some("2026-11-16T12:00:00Z"),
            Outcome::Pass,
            "412 tests passed",
        ),
        (
            Some("2026-11-16T11:59:59Z"),
            Outcome::Unknown,
            "it is 7 d old, and at most 7 d counts",
        ),
        (Some("2026-11-23T12:04:00Z"), Outcome::Pass, "412 tests"),
        (
            Some("2026-11-23T12:06:00Z"),
            Outcome::Unknown,
            "still to come",
        ),
        (None, Outcome::Unknown, "its age is not known"),
    ] {
        let (outcome, summary) = told(text, &of(time));
        assert_eq!(outcome, wanted, "{summary}");
        assert!(summary.contains(words), "{summary}");
    }
}

#[test]
fn it_has_to_be_in_the_environment_before_for_long_enough() {
    let text = "[[gates.soak]]\nid = \"r\"\ntime = \"24h\"\n";
    let since = |time: &str| Facts {
        in_source_since: seen(at(time)),
        ..facts()
    };
    assert_eq!(told(text, &since("2026-11-22T12:00:00Z")).0, Outcome::Pass);
    let (outcome, summary) = told(text, &since("2026-11-22T12:00:01Z"));
    assert_eq!(outcome, Outcome::Fail);
    assert!(summary.starts_with("in qa for 23 h 59 min"), "{summary}");
    assert_eq!(
        told(text, &since("2026-11-24T12:00:00Z")).0,
        Outcome::Unknown
    );
    let blind = Facts {
        in_source_since: unseen(),
        ..facts()
    };
    assert_eq!(told(text, &blind).0, Outcome::Unknown);
}

#[test]
fn it_comes_from_the_environment_before_exactly_as_it_runs_there() {
    let text = "[[gates.path]]\nid = \"r\"\n";
    let way = |before: Option<&str>, runs: Option<&str>, promoted: Option<&str>| Facts {
        path: seen(PathFact {
            before: before.map(Into::into),
            runs: runs.map(Into::into),
            promoted: promoted.map(Into::into),
        }),
        ..facts()
    };
    for (facts, wanted, words) in [
        (
            way(Some("qa"), Some("2"), Some("2")),
            Outcome::Pass,
            "qa runs 2",
        ),
        (
            way(Some("qa"), Some("1"), Some("2")),
            Outcome::Fail,
            "qa runs 1, and 2 is to be promoted",
        ),
        (
            way(Some("uat"), Some("2"), Some("2")),
            Outcome::Fail,
            "from qa, and not from uat",
        ),
        (
            way(None, Some("2"), Some("2")),
            Outcome::Fail,
            "nothing comes before prod",
        ),
        (
            way(Some("qa"), None, Some("2")),
            Outcome::Unknown,
            "not known",
        ),
        (way(Some("qa"), None, None), Outcome::Unknown, "not known"),
        (
            Facts {
                path: unseen(),
                ..facts()
            },
            Outcome::Unknown,
            "no answer",
        ),
    ] {
        let (outcome, summary) = told(text, &facts);
        assert_eq!(outcome, wanted, "{summary}");
        assert!(summary.contains(words), "{summary}");
    }
}

#[test]
fn a_danger_fails_or_asks_for_approval_or_is_only_told() {
    let of = |then: &str| {
        format!("[[gates.danger]]\nid = \"r\"\nof = \"access-broadened\"\nthen = {then}\n")
    };
    let security =
        "\"require-approval\"\napproval = { name = \"Security\", from = [\"security\"] }";
    let broad = Facts {
        access_broadened: Some(seen(vec!["s3:* for anybody".into()])),
        ..facts()
    };
    assert_eq!(told(&of("\"fail\""), &broad).0, Outcome::Fail);
    assert_eq!(
        told(&of("\"allow\""), &broad).1,
        "allowed: broadens s3:* for anybody"
    );
    let judgement = judged(&policy(&of(security)), &broad);
    assert!(!judgement.blocks());
    assert_eq!(judgement.approvals.len(), 2);
    assert_eq!(judgement.approvals[1].name, "Security");
    assert_eq!(judged(&policy(&of(security)), &facts()).approvals.len(), 1);
    for then in ["\"fail\"", "\"allow\"", security] {
        assert_eq!(told(&of(then), &facts()).0, Outcome::Pass);
        let blind = Facts {
            access_broadened: Some(unseen()),
            ..facts()
        };
        assert_eq!(told(&of(then), &blind).0, Outcome::Unknown, "{then}");
        let job = Facts {
            access_broadened: None,
            ..facts()
        };
        assert_eq!(told(&of(then), &job).0, Outcome::Unknown, "{then}");
    }
}

#[test]
fn a_replacement_that_is_decided_while_it_runs_cannot_be_told() {
    let change = |replacement: &str| ChangeFact {
        resource: "Orders of payments".into(),
        resource_type: "AWS::DynamoDB::Table".into(),
        action: "Modify".into(),
        replacement: Some(replacement.into()),
        policy_action: None,
    };
    let text = "[[gates.danger]]\nid = \"r\"\nof = \"stateful-loss\"\nthen = \"fail\"\n";
    let of = |list: &[&str]| Facts {
        changes: Some(seen(list.iter().map(|word| change(word)).collect())),
        ..facts()
    };
    assert_eq!(told(text, &of(&["Conditional"])).0, Outcome::Unknown);
    assert_eq!(told(text, &of(&["Conditional", "True"])).0, Outcome::Fail);
    let asks = text.replace(
        "\"fail\"",
        "\"require-approval\"\napproval = { name = \"Data\" }",
    );
    assert_eq!(told(&asks, &of(&["True"])).0, Outcome::Pass);
    assert_eq!(
        told(&asks, &of(&["Conditional", "True"])).0,
        Outcome::Unknown
    );
}

#[test]
fn a_change_is_not_too_large() {
    let text = "[[gates.size]]\nid = \"r\"\nmax_resources = 1\nmax_commits = 2\n";
    let change = || ChangeFact {
        resource: "A".into(),
        resource_type: "AWS::SNS::Topic".into(),
        action: "Add".into(),
        replacement: None,
        policy_action: None,
    };
    let of = |resources: usize, commits: usize| Facts {
        changes: Some(seen((0..resources).map(|_| change()).collect())),
        commits: Some(seen((0..commits).map(|_| commit("a", "b")).collect())),
        ..facts()
    };
    assert_eq!(
        told(text, &of(1, 2)).1,
        "1 resource, at most 1; 2 commits, at most 2"
    );
    assert_eq!(told(text, &of(2, 2)).1, "2 resources, at most 1");
    assert_eq!(told(text, &of(1, 3)).0, Outcome::Fail);
    let blind = Facts {
        commits: Some(unseen()),
        ..of(1, 1)
    };
    assert_eq!(told(text, &blind).0, Outcome::Unknown);
    let blind = Facts {
        commits: Some(unseen()),
        ..of(2, 1)
    };
    assert_eq!(
        told(text, &blind).0,
        Outcome::Fail,
        "it is too large whatever the commits are"
    );
    let none = Facts {
        commits: None,
        ..of(1, 1)
    };
    assert_eq!(told(text, &none).0, Outcome::Unknown);
}

#[test]
fn a_ticket_is_named_in_the_comment_or_in_the_commits() {
    let text = "[[gates.ticket]]\nid = \"r\"\npatterns = [\"RITM#######\", \"PAY-*\"]\n";
    let of = |comment: Evidence<String>, commits: &[&str]| Facts {
        comment,
        commits: Some(seen(
            commits.iter().map(|m| commit("8c41d0e51", m)).collect(),
        )),
        ..facts()
    };
    let said = |text: &str| seen(text.to_owned());
    assert_eq!(
        told(text, &of(said("RITM0012345"), &[])).1,
        "RITM0012345 in the comment"
    );
    assert_eq!(
        told(text, &of(said("no"), &["x", "PAY-1: y"])).1,
        "PAY-1 in the commits"
    );
    assert_eq!(told(text, &of(said("no"), &["x"])).0, Outcome::Fail);
    assert_eq!(told(text, &of(unseen(), &["x"])).0, Outcome::Unknown);
    assert_eq!(told(text, &of(unseen(), &["PAY-2"])).0, Outcome::Pass);
    let every = format!("{text}every_commit = true\n");
    assert_eq!(
        told(&every, &of(said("PAY-1"), &["PAY-2", "x"])).1,
        "no ticket (RITM####### or PAY-*) in 8c41d0e"
    );
    assert_eq!(told(&every, &of(said("no"), &["PAY-2"])).0, Outcome::Pass);
    let commits = format!("{text}places = [\"commits\"]\n");
    assert_eq!(told(&commits, &of(said("PAY-1"), &["x"])).0, Outcome::Fail);
    let blind = Facts {
        commits: Some(unseen()),
        ..facts()
    };
    assert_eq!(told(&commits, &blind).0, Outcome::Unknown);
    let none = Facts {
        commits: None,
        ..facts()
    };
    assert_eq!(told(&commits, &none).0, Outcome::Unknown);
}

#[test]
fn a_forecast_warns_or_fails_where_it_would_run_into_a_freeze() {
    let of = |gate: &str| {
        format!(
            "[[gates.freeze]]\nid = \"r\"\n{gate}\n[[freezes]]\nname = \"weekend\"\nzone = \"America/Bogota\"\n\
             weekly = {{ from = \"Fri 18:00\", to = \"Mon 06:00\" }}\n"
        )
    };
    let friday = |past: Evidence<Vec<u64>>| Facts {
        now: at("2026-11-20T22:30:00Z"),
        past_durations: past,
        ..facts()
    };
    let slow = || friday(seen(vec![600, 3_600]));
    let (outcome, summary) = told(&of("forecast = \"fail\""), &slow());
    assert_eq!(outcome, Outcome::Fail);
    assert_eq!(
        summary,
        "started now it would run into freeze `weekend`, which begins 2026-11-20T23:00:00Z: \
         95 % of past runs took at most 1 h (n = 2)"
    );
    let (outcome, summary) = told(&of("forecast = \"warn\""), &slow());
    assert_eq!(outcome, Outcome::Pass);
    assert!(summary.starts_with("warning: started now"), "{summary}");
    assert_eq!(told(&of("forecast = \"off\""), &slow()).0, Outcome::Pass);
    let quick = friday(seen(vec![60, 90]));
    assert_eq!(told(&of("forecast = \"fail\""), &quick).0, Outcome::Pass);
    for past in [seen(vec![]), unseen()] {
        let facts = friday(past);
        assert_eq!(told(&of("forecast = \"fail\""), &facts).0, Outcome::Unknown);
        assert_eq!(told(&of("forecast = \"warn\""), &facts).0, Outcome::Pass);
        let assumed = of("forecast = \"fail\"\nassume = \"45m\"");
        let (outcome, summary) = told(&assumed, &facts);
        assert_eq!(outcome, Outcome::Fail);
        assert!(
            summary.ends_with("it is assumed to take 45 min"),
            "{summary}"
        );
    }
}

#[test]
fn a_gate_applies_where_it_says_and_nowhere_else() {
    for (scope, applies) in [
        ("", true),
        ("environments = [\"prod\"]", true),
        ("environments = [\"production\"]", true),
        ("environments = [\"pr*\"]", true),
        ("environments = [\"qa\", \"test\"]", false),
        ("services = [\"payments-*\"]", true),
        ("services = [\"cards-*\"]", false),
        ("teams = [\"pay*\"]\nenvironments = [\"prod\"]", true),
        ("teams = [\"cards\"]\nenvironments = [\"prod\"]", false),
    ] {
        let text = format!("[[gates.path]]\nid = \"r\"\n{scope}\n");
        let verdicts = judged(&policy(&text), &facts()).verdicts;
        assert_eq!(verdicts.len(), usize::from(applies), "{scope}");
    }
}

#[test]
fn freezes_count_without_a_gate_for_them() {
    let text = "[[freezes]]\nname = \"audit\"\nservices = [\"payments-*\"]\n\
        from = \"2026-11-23T00:00:00Z\"\nto = \"2026-11-24T00:00:00Z\"\n";
    let judgement = judged(&policy(text), &facts());
    assert!(judgement.blocks());
    assert_eq!(
        judgement.verdicts[0].summary,
        "freeze `audit` holds until 2026-11-24T00:00:00Z"
    );
    let mut other = facts();
    other.subject.service = "cards-api".into();
    assert!(judged(&policy(text), &other).verdicts.is_empty());
}
