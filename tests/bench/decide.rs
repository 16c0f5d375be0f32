//! Deciding on a promotion of many stacks: from what was observed and from the record to verdicts, approval
//! rules and who may do what. No port is asked; that is the point.

mod record;

use crate::figures::{Report, Series, progress};
use interlock_domain::{
    AccountId, CommitId, Digest, EnvironmentName, PersonId, PromotionId, Region, ServiceName,
    StackName, Tier, Timestamp,
    manifest::{Delivery, Manifest, SCHEMA, ServiceDelivery, StackDelivery},
    person::Role,
    stack::StackPhase,
};
use interlock_ledger::{PromotionState, fold};
use interlock_policy::{
    Action, Actor, ChangeFact, CommitFact, DEFAULT, Evidence, Facts, GateFact, Given, Judgement,
    KINDS, MeasureFact, PathFact, Policy, Request, StackFact, Standing, Subject, Target, TestCount,
    TestFact, judge, parse,
};
use record::Scribe;
use std::{collections::BTreeSet, path::Path, time::Instant};

const STACKS: usize = 50;
/// Resource changes that AWS announces for each stack.
const CHANGES: usize = 10;
const COMMITS: usize = 200;
/// Promotions of as many stacks that the record tells of before this one, each carried out.
const BEFORE: usize = 10;
const ROUNDS: usize = 101;
const LOG: &str = "bench";
const NOW: Timestamp = Timestamp::constant(1_795_435_200, 0);

/// A policy with every kind of gate, which this promotion passes.
const FULL: &str = r#"
approvals_expire_after = "48h"
[[gates.source_stable]]
id = "source"
max_age = "2h"
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
then = "require-approval"
approval = { name = "Operations", from = ["operations"] }
[[gates.danger]]
id = "rejected"
of = "will-be-rejected"
then = "fail"
[[gates.pinned]]
id = "pinned"
[[gates.size]]
id = "size"
max_resources = 1000
max_commits = 500
[[gates.ticket]]
id = "ticket"
patterns = ["PAY-*"]
every_commit = true
[[gates.freeze]]
id = "freeze"
forecast = "fail"
[[approvals]]
id = "release-managers"
name = "Release managers"
from = ["release-manager"]
count = 2
[[freezes]]
name = "weekend"
weekly = { from = "Fri 18:00", to = "Mon 06:00" }
zone = "America/Bogota"
"#;

fn person(id: &str) -> PersonId {
    PersonId::new(id).expect("a person")
}

fn promotion(number: usize) -> PromotionId {
    PromotionId::new(format!("PR-{number}")).expect("an id")
}

fn seen<T>(value: T) -> Evidence<T> {
    Evidence::seen(value, "observed", Some(NOW))
}

fn stacks(environment: &str) -> Vec<StackFact> {
    let stack = |at: usize| StackFact {
        name: format!("payments-{at}-{environment}"),
        phase: StackPhase::Stable,
        status: "UPDATE_COMPLETE".into(),
    };
    (0..STACKS).map(stack).collect()
}

fn changes() -> Vec<ChangeFact> {
    let types = [
        "AWS::DynamoDB::Table",
        "AWS::IAM::Role",
        "AWS::Lambda::Function",
        "AWS::SQS::Queue",
        "AWS::ECS::Service",
    ];
    let change = |at: usize| ChangeFact {
        resource: format!("payments-{}-prod / Resource{}", at / CHANGES, at % CHANGES),
        resource_type: types[at % types.len()].into(),
        action: "Modify".into(),
        replacement: Some("False".into()),
        policy_action: None,
    };
    (0..STACKS * CHANGES).map(change).collect()
}

/// Everything that was observed, known and in order; access is broadened and drift overwritten in some
/// stacks, so that those rules have something to ask for.
fn facts() -> Facts {
    let commit = "8c41d0e51be902a08c41d0e51be902a08c41d0e5";
    let some = |what: &str| -> Vec<String> {
        let at = (0..STACKS).step_by(5);
        at.map(|at| format!("{what} in payments-{at}-prod"))
            .collect()
    };
    let commits = (0..COMMITS).map(|at| CommitFact {
        id: format!("{at:040x}"),
        message: format!("limits of transfers, part {at} (PAY-{})", 1000 + at),
    });
    let before = NOW.as_second() - 3 * 86_400;
    Facts {
        subject: Subject {
            promotion: Some(promotion(0).to_string()),
            service: "payments".into(),
            team: "payments".into(),
            from: "qa".into(),
            to: "prod".into(),
            tier: Tier::Production,
            declared_approvals: 2,
        },
        now: NOW,
        source_stacks: seen(stacks("qa")),
        target_stacks: seen(stacks("prod")),
        quality: Some(seen(GateFact {
            passed: Some(true),
            broken: Vec::new(),
            revision: Some(commit.into()),
            wanted: Some(commit.into()),
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
            build: "build-payments #1033".into(),
            succeeded: true,
            counts: Some(TestCount {
                passed: 4_120,
                failed: 0,
                skipped: 2,
            }),
        })),
        in_source_since: seen(Timestamp::from_second(before).expect("a time")),
        path: seen(PathFact {
            before: Some("qa".into()),
            runs: Some("9.3.1".into()),
            promoted: Some("9.3.1".into()),
        }),
        changes: Some(seen(changes())),
        access_broadened: Some(seen(some("s3:GetObject for everybody"))),
        drift_overwritten: Some(seen(some("memory set by hand"))),
        rejected: Some(seen(Vec::new())),
        floating_references: seen(Vec::new()),
        commits: Some(seen(commits.collect())),
        comment: seen("limits of transfers, PAY-1000".into()),
        past_durations: seen((0..100).map(|at| 600 + at).collect()),
    }
}

/// What is promoted, with what a policy made of it. The only place that knows a manifest's shape.
fn manifest(number: usize, judgement: &Judgement) -> Manifest {
    let stack = |at: usize| StackDelivery {
        stack: StackName::new(format!("payments-{at}-prod")).expect("a name"),
        account: AccountId::new("333333333333").expect("an account"),
        region: Region::new("us-east-1").expect("a region"),
        change_set: format!(
            "arn:aws:cloudformation:us-east-1:333333333333:changeSet/rel-{number}-{at}/{at:032x}"
        ),
        empty: false,
        deployment_mode: None,
        role: None,
        template_processed: None,
        nested_templates: std::collections::BTreeMap::new(),
        template: Digest::of(format!("template {at}").as_bytes()),
        template_at_aws: Digest::of(format!("template {at}").as_bytes()),
        parameters: (0..12)
            .map(|at| (format!("Parameter{at}"), format!("value {at}")))
            .collect(),
        variables: Some(Digest::of(b"variables")),
        capabilities: vec!["CAPABILITY_NAMED_IAM".into()],
        tags: (0..6)
            .map(|at| (format!("bank:tag-{at}"), format!("value {at}")))
            .collect(),
        changes: Digest::of(format!("changes {at}").as_bytes()),
        base: Some(format!("payments-{at}-prod, UPDATE_COMPLETE")),
    };
    Manifest {
        schema: SCHEMA.into(),
        promotion: promotion(number),
        revision: 1,
        from: EnvironmentName::new("qa").expect("a name"),
        to: EnvironmentName::new("prod").expect("a name"),
        requester: person("sofia"),
        services: vec![ServiceDelivery {
            service: ServiceName::new("payments").expect("a name"),
            after: Vec::new(),
            version: Some("9.3.1".into()),
            commit: CommitId::new("8c41d0e51be902a08c41d0e51be902a08c41d0e5").ok(),
            merge_requests: Vec::new(),
            authors: vec!["eva@bank.example".into()],
            commits_by: [("eva@bank.example".to_owned(), 200)].into(),
            origin_note: None,
            artifacts: Vec::new(),
            delivery: Delivery::CloudFormation {
                stacks: (0..STACKS).map(stack).collect(),
            },
        }],
        approval_rules: judgement.approvals.clone(),
        waiver_rules: judgement.on_waiver.clone(),
        emergency_rules: judgement.in_emergency.clone(),
        approvals_expire_hours: judgement.approvals_expire_hours,
        policy: Some(judgement.policy),
        roster: None,
        gates: judgement.verdicts.clone(),
    }
}

fn question(action: Action, policy: &Policy, judgement: &Judgement) -> Request {
    Request {
        action,
        actor: Actor {
            id: "ines".into(),
            role: Role::ReleaseManager,
            groups: Vec::new(),
            disabled: false,
        },
        target: Target {
            promotion: promotion(0).to_string(),
            service: "payments".into(),
            team: "payments".into(),
            from: "qa".into(),
            from_tier: Tier::Test,
            to: "prod".into(),
            tier: Tier::Production,
        },
        standing: Standing {
            qualifies: true,
            gates_pass: !judgement.blocks(),
            ..Standing::default()
        },
        exclusions: policy.exclusions,
    }
}

/// Deciding under one policy: each part alone, and all of it.
fn under(what: &str, policy: &Policy, folder: &Path, report: &mut Report) {
    let judgement = judge(policy, &facts(), &Given::default());
    assert!(!judgement.blocks(), "{:#?}", judgement.verdicts);
    let scribe = Scribe::open(folder);
    for number in 1..=BEFORE {
        scribe.carried_out(number, &manifest(number, &judgement));
    }
    scribe.approved(0, &manifest(0, &judgement));
    let entries = scribe.ledger.entries().expect("entries");
    let manifest_of = |digest: &Digest| {
        let bytes = scribe.ledger.document(digest).expect("a store")?;
        Manifest::from_bytes(&bytes).ok()
    };
    let [mut folded, mut judged, mut asked, mut whole] = std::array::from_fn(|_| Series::default());
    let millis = |began: Instant| began.elapsed().as_secs_f64() * 1000.0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let record = fold(&entries, &manifest_of).at(NOW);
        folded.push(millis(start));
        let state = &record.promotions[&promotion(0)].state;
        assert_eq!(*state, PromotionState::Approved);
        assert_eq!(record.ignored.len(), 0, "{:?}", record.ignored);

        let began = Instant::now();
        let judgement = judge(policy, &facts(), &Given::default());
        judged.push(millis(began));

        let began = Instant::now();
        for action in Action::ON_PROMOTIONS {
            let answer = policy
                .authorizer
                .decide(&question(action, policy, &judgement));
            assert!(answer.errors.is_empty(), "{:?}", answer.errors);
        }
        asked.push(millis(began));
        whole.push(millis(start));
    }
    let times = entries.len();
    let line = |part: &str| format!("{what}: {part}");
    report.line(line(&format!("fold of {times} entries")), "ms", &folded);
    report.line(line("every gate"), "ms", &judged);
    report.line(line("every action in Cedar"), "ms", &asked);
    report.line(line("decided"), "ms", &whole);
    report.bound(
        format!("deciding {STACKS} stacks, {what}, in ms"),
        whole.median(),
        50.0,
    );
}

/// Deciding on a promotion of 50 stacks, from what was observed and the record.
pub fn measure(folder: &Path, report: &mut Report) {
    progress(format_args!("writing the record of {BEFORE} promotions"));
    let policies = [("built-in policy", DEFAULT), ("full policy", FULL)];
    for (what, text) in policies {
        let policy = parse(text, "policy.toml", None, None).expect("a policy");
        if text == FULL {
            let kinds: BTreeSet<_> = policy.gates.iter().map(|gate| gate.rule.kind()).collect();
            assert_eq!(kinds, KINDS.into(), "every kind of gate is there");
        }
        let folder = folder.join(what.replace(' ', "-"));
        std::fs::create_dir_all(&folder).expect("a folder");
        under(what, &policy, &folder, report);
    }
}
