//! Facts in order, to be put out of order by each test; and the tests of judging.

mod approving;
mod built_in;
mod faults;
mod gates;
mod lifting;
mod properties;

use crate::{
    CommitFact, Evidence, Facts, GateFact, Given, Judgement, MeasureFact, PathFact, Policy,
    StackFact, Subject, TestCount, TestFact, judge, parse,
};
use interlock_domain::{Tier, Timestamp, stack::StackPhase, verdict::Outcome};

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn seen<T>(value: T) -> Evidence<T> {
    Evidence::seen(value, "test", Some(at("2026-11-23T11:00:00Z")))
}

pub fn unseen<T>() -> Evidence<T> {
    Evidence::unknown("no answer", "test")
}

pub fn stack(name: &str, phase: StackPhase) -> StackFact {
    StackFact {
        name: name.into(),
        phase,
        status: format!("{phase:?}"),
    }
}

pub fn commit(id: &str, message: &str) -> CommitFact {
    CommitFact {
        id: id.into(),
        message: message.into(),
    }
}

/// Everything is known and in order, on a Monday.
pub fn facts() -> Facts {
    Facts {
        subject: Subject {
            promotion: Some("PR-1".into()),
            service: "payments-api".into(),
            team: "payments".into(),
            from: "qa".into(),
            to: "prod".into(),
            tier: Tier::Production,
            declared_approvals: 1,
        },
        now: at("2026-11-23T12:00:00Z"),
        source_stacks: seen(vec![stack("payments-api-qa", StackPhase::Stable)]),
        target_stacks: seen(vec![stack("payments-api-prod", StackPhase::Stable)]),
        quality: Some(seen(GateFact {
            passed: Some(true),
            broken: vec![],
            revision: Some("8c41d0e51be902a0".into()),
            wanted: Some("8c41d0e".into()),
        })),
        measures: Some(seen(
            [(
                "coverage".to_owned(),
                MeasureFact {
                    value: "82.5".into(),
                    in_target: Ok("83.0".into()),
                },
            )]
            .into(),
        )),
        findings: Some(seen([("minor".to_owned(), 3)].into())),
        tests: Some(seen(TestFact {
            build: "build #1".into(),
            succeeded: true,
            counts: Some(TestCount {
                passed: 412,
                failed: 0,
                skipped: 2,
            }),
        })),
        in_source_since: seen(at("2026-11-20T12:00:00Z")),
        path: seen(PathFact {
            before: Some("qa".into()),
            runs: Some("2.4.0".into()),
            promoted: Some("2.4.0".into()),
        }),
        changes: Some(seen(vec![])),
        access_broadened: Some(seen(vec![])),
        drift_overwritten: Some(seen(vec![])),
        rejected: Some(seen(vec![])),
        floating_references: seen(vec![]),
        commits: Some(seen(vec![commit("8c41d0e", "limits for PAY-1418")])),
        comment: seen("please".into()),
        past_durations: seen(vec![600, 700, 800]),
    }
}

/// A policy out of a text.
#[track_caller]
pub fn policy(text: &str) -> Policy {
    match parse(text, "policy.toml", None, None) {
        Ok(policy) => policy,
        Err(error) => panic!("{error}\n{text}"),
    }
}

pub fn judged(policy: &Policy, facts: &Facts) -> Judgement {
    judge(policy, facts, &Given::default())
}

/// Outcome and summary of the rule `r` of a policy.
#[track_caller]
pub fn told(text: &str, facts: &Facts) -> (Outcome, String) {
    let judgement = judged(&policy(text), facts);
    let verdict = judgement.verdicts.into_iter().find(|v| v.rule == "r");
    let verdict = verdict.unwrap_or_else(|| panic!("no verdict of r\n{text}"));
    (verdict.outcome, verdict.summary)
}

/// A policy with every kind of gate, each strict enough to fail on something.
pub const STRICT: &str = r#"
[[gates.source_stable]]
id = "source"
[[gates.target_ready]]
id = "target"
[[gates.path]]
id = "path"
[[gates.quality]]
id = "quality"
[[gates.measure]]
id = "coverage"
metric = "coverage"
op = ">="
value = 80
max_drop = 1.0
[[gates.findings]]
id = "findings"
max_new = { critical = 0, minor = 5 }
[[gates.tests]]
id = "tests"
at_least = 100
max_skipped = 10
[[gates.soak]]
id = "soak"
time = "24h"
[[gates.danger]]
id = "stateful"
of = "stateful-loss"
then = "fail"
[[gates.danger]]
id = "access"
of = "access-broadened"
then = "require-approval"
approval = { name = "Security", from = ["security"] }
[[gates.danger]]
id = "drift"
of = "drift-overwritten"
then = "fail"
[[gates.danger]]
id = "rejected"
of = "will-be-rejected"
then = "fail"
[[gates.pinned]]
id = "pinned"
[[gates.size]]
id = "size"
max_resources = 50
max_commits = 50
[[gates.ticket]]
id = "ticket"
patterns = ["PAY-*", "RITM#######"]
[[gates.freeze]]
id = "freeze"
forecast = "fail"
[[freezes]]
name = "weekend"
weekly = { from = "Fri 18:00", to = "Mon 06:00" }
zone = "America/Bogota"
[break_glass]
bypasses = ["freeze", "soak", "tests", "danger"]
review_within = "24h"
"#;
