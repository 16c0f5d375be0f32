//! Deploy pipelines: what they do on AWS, and how they fail; `refused` has what they never begin.

mod refused;

use super::{Fixture, Stacks, job, plan};
use crate::jenkins::Verdict;
use crate::jenkins::access::Group;
use crate::jenkins::pipelines::deploy_parameters;
use crate::jenkins::plan::{Cause, DeployPipeline, PastBuild, Pipeline, StackPlan};
use crate::jenkins::target::{Followed, Preparation};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

const DIGEST: &str = "a3f5c1d2e4b60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef0";
pub(super) const JOB: &str = "/job/team%20a/job/deploy-payments/";

pub(super) fn fixture(stacks: &Arc<Stacks>) -> Fixture {
    let mut plan = plan();
    plan.users
        .push(super::user("dev", "Dev Eloper", Group::Developers));
    let environments = ["dev", "qa", "prod"];
    let stack = |environment: &str| StackPlan {
        account: "333333333333".to_owned(),
        region: "us-east-1".to_owned(),
        name: format!("payments-{environment}"),
    };
    let managers = || vec![Group::ReleaseManagers];
    let mut deploy = job(
        "deploy-payments",
        deploy_parameters(&environments),
        Vec::new(),
    );
    deploy.folder = Some("team a".to_owned());
    deploy.concurrent = false;
    deploy.pipeline = Pipeline::Deploy(DeployPipeline {
        service: "payments".to_owned(),
        repository: "https://git.example/payments.git".to_owned(),
        branch: "main".to_owned(),
        stacks: environments
            .iter()
            .map(|environment| ((*environment).to_owned(), vec![stack(environment)]))
            .collect(),
        environments: environments.map(str::to_owned).to_vec(),
        deployers: BTreeMap::from([("prod".to_owned(), managers())]),
        approved_by_input: vec!["prod".to_owned()],
        promotion_needed: vec!["prod".to_owned()],
        versions: BTreeMap::from([("2.4.0".to_owned(), "c0ffee".repeat(7))]),
    });
    deploy.past = vec![
        past(7, Verdict::Success, None),
        past(9, Verdict::Failure, Some("payments-prod: no room")),
    ];
    plan.jobs.push(deploy);
    Fixture::with(
        plan,
        Arc::clone(stacks) as Arc<dyn crate::jenkins::Deployer>,
    )
}

fn past(number: u32, verdict: Verdict, failure: Option<&str>) -> PastBuild {
    PastBuild {
        number,
        queued: super::START - 600_000,
        started: super::START - 500_000,
        duration: 90_000,
        verdict,
        cause: Cause::User {
            id: "rita".to_owned(),
            name: "Rita Releaser".to_owned(),
        },
        parameters: vec![
            ("ENVIRONMENT".to_owned(), "prod".to_owned()),
            ("VERSION".to_owned(), "2.3.0".to_owned()),
        ],
        commit: None,
        changes: Vec::new(),
        version: "2.3.0".to_owned(),
        failure: failure.map(|why| ("Deploy infrastructure".to_owned(), why.to_owned())),
        approval: Some(("Luis Prado".to_owned(), 30_000)),
    }
}

fn stages(fixture: &Fixture, build: &str) -> Vec<(String, String)> {
    let describe = fixture.json("gil", &format!("{build}wfapi/describe"));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let stages = describe["stages"].as_array().unwrap();
    stages
        .iter()
        .map(|stage| (text(&stage["name"]), text(&stage["status"])))
        .collect()
}

fn names(stages: &[(String, String)]) -> Vec<&str> {
    stages.iter().map(|(name, _)| name.as_str()).collect()
}

pub(super) fn prod(promotion: &str, attempt: u32) -> String {
    format!(
        "ENVIRONMENT=prod&VERSION=2.4.0&PROMOTION_ID={promotion}&MANIFEST_SHA256={DIGEST}&ATTEMPT={attempt}"
    )
}

#[test]
fn a_prod_deployment_waits_for_its_input_and_then_changes_the_stack() {
    let stacks = Arc::new(Stacks::default());
    let fixture = fixture(&stacks);
    let build = fixture.start("rita", JOB, &prod("prm-1", 1));
    assert_eq!(build, format!("{JOB}10/"));
    fixture.pass(30_000);
    let list = fixture.json("gil", &format!("{build}wfapi/pendingInputActions"));
    assert_eq!(list[0]["id"], "Deploy-prod");
    assert_eq!(list[0]["message"], "Deploy to prod? payments 2.4.0");
    assert_eq!(
        stacks.calls(),
        ["create payments-prod rel-prm-1-a3f5c1d2e4b6"]
    );
    let console = fixture.console(&build);
    assert!(
        console.contains("PROMOTION_ID=prm-1 ATTEMPT=1\n"),
        "{console}"
    );
    assert!(console.contains(&format!("MANIFEST_SHA256={DIGEST}\n")));
    assert!(console.contains("Modify Table\n"));

    assert_eq!(
        fixture
            .post("dev", &format!("{build}input/Deploy-prod/proceedEmpty"), "")
            .status,
        400
    );
    assert_eq!(
        fixture
            .post(
                "rita",
                &format!("{build}input/Deploy-prod/proceedEmpty"),
                ""
            )
            .status,
        200
    );
    fixture.pass(60_000);
    assert_eq!(fixture.result(&build), "SUCCESS");
    let calls = stacks.calls();
    assert!(
        calls[1].starts_with("execute arn:change-set/payments-prod rel-"),
        "{calls:?}"
    );
    assert_eq!(calls[1].rsplit('-').next().unwrap().len(), 40);
    let stages = stages(&fixture, &build);
    assert_eq!(
        names(&stages),
        [
            "Checkout",
            "Verify promotion",
            "Prepare change set",
            "Approval",
            "Deploy infrastructure",
            "Publish artifacts",
            "Smoke tests",
            "Declarative: Post Actions"
        ]
    );
    assert!(
        stages.iter().all(|(_, status)| status == "SUCCESS"),
        "{stages:?}"
    );
    let report = fixture.json("gil", &format!("{build}testReport/api/json"));
    assert_eq!(
        (&report["failCount"], &report["passCount"]),
        (&0.into(), &3.into())
    );
    let archived = fixture.json("gil", &format!("{build}artifact/out/deployment.json"));
    assert_eq!(archived["manifestSha256"], DIGEST);
}

#[test]
fn a_stack_that_fails_fails_the_build_with_its_reason() {
    let stacks = Arc::new(Stacks::default());
    stacks.progress.lock().unwrap().extend([
        Followed {
            lines: vec!["UPDATE_IN_PROGRESS payments-dev".to_owned()],
            seen: 1,
            outcome: None,
            ended: None,
        },
        Followed {
            lines: vec!["UPDATE_FAILED Table: limit exceeded".to_owned()],
            seen: 2,
            outcome: Some(Err(
                "Stack payments-dev: UPDATE_ROLLBACK_COMPLETE: limit exceeded".to_owned(),
            )),
            ended: None,
        },
    ]);
    let fixture = fixture(&stacks);
    let build = fixture.start("dev", JOB, "ENVIRONMENT=dev&VERSION=2.4.0");
    for _ in 0..30 {
        fixture.pass(1_000);
    }
    assert_eq!(fixture.result(&build), "FAILURE");
    let describe = fixture.json("gil", &format!("{build}wfapi/describe"));
    assert_eq!(describe["status"], "FAILED");
    assert_eq!(
        describe["stages"][3]["error"]["message"],
        "Stack payments-dev: UPDATE_ROLLBACK_COMPLETE: limit exceeded"
    );
    let statuses: Vec<String> = stages(&fixture, &build)
        .into_iter()
        .map(|(_, status)| status)
        .collect();
    assert_eq!(
        statuses,
        [
            "SUCCESS",
            "SUCCESS",
            "SUCCESS",
            "FAILED",
            "NOT_EXECUTED",
            "NOT_EXECUTED",
            "SUCCESS"
        ]
    );
    let console = fixture.console(&build);
    assert!(
        console.contains("UPDATE_FAILED Table: limit exceeded\n"),
        "{console}"
    );
    assert!(console.contains("Stage \"Smoke tests\" skipped due to earlier failure(s)\n"));
    assert!(
        console.contains("ERROR: Stack payments-dev: UPDATE_ROLLBACK_COMPLETE: limit exceeded\n")
    );
    assert!(console.ends_with("Finished: FAILURE\n"));
}

#[test]
fn a_change_set_without_changes_leaves_the_stack_alone() {
    let stacks = Arc::new(Stacks::default());
    stacks
        .preparations
        .lock()
        .unwrap()
        .push_back(Preparation::Empty(
            "No updates are to be performed.".to_owned(),
        ));
    let fixture = fixture(&stacks);
    let build = fixture.start("dev", JOB, "ENVIRONMENT=dev&VERSION=2.4.0");
    fixture.pass(60_000);
    assert_eq!(fixture.result(&build), "SUCCESS");
    assert!(
        fixture
            .console(&build)
            .contains("Stack payments-dev is up to date: nothing to execute\n")
    );
    assert_eq!(stacks.calls().len(), 1);
}

#[test]
fn stopping_says_that_cloudformation_goes_on() {
    let stacks = Arc::new(Stacks::default());
    stacks
        .progress
        .lock()
        .unwrap()
        .push_back(Followed::default());
    let fixture = fixture(&stacks);
    let build = fixture.start("dev", JOB, "ENVIRONMENT=dev&VERSION=2.4.0");
    fixture.pass(60_000);
    assert_eq!(stages(&fixture, &build)[3].1, "IN_PROGRESS");
    fixture.post("dev", &format!("{build}stop"), "");
    fixture.pass(2_000);
    assert_eq!(fixture.result(&build), "ABORTED");
    assert!(
        fixture
            .console(&build)
            .contains("Stack payments-dev is not stopped")
    );
}

#[test]
fn builds_of_the_past_can_be_read_like_any_other() {
    let fixture = fixture(&Arc::new(Stacks::default()));
    let build = fixture.json("gil", &format!("{JOB}7/api/json"));
    assert_eq!(
        (&build["result"], &build["duration"]),
        (&"SUCCESS".into(), &90_000.into())
    );
    assert_eq!(build["nextBuild"]["number"], 9);
    let good = stages(&fixture, &format!("{JOB}7/"));
    assert!(
        good.iter().all(|(_, status)| status == "SUCCESS"),
        "{good:?}"
    );
    assert!(
        fixture
            .console(&format!("{JOB}7/"))
            .contains("Approved by Luis Prado\n")
    );
    assert_eq!(fixture.get("gil", &format!("{JOB}8/api/json")).status, 404);
    let failed = stages(&fixture, &format!("{JOB}lastFailedBuild/"));
    assert_eq!(
        failed[4],
        ("Deploy infrastructure".to_owned(), "FAILED".to_owned())
    );
    assert!(
        fixture
            .console(&format!("{JOB}9/"))
            .contains("ERROR: payments-prod: no room\n")
    );
    let describe = fixture.json("gil", &format!("{JOB}7/wfapi/describe"));
    let last = describe["stages"].as_array().unwrap().last().unwrap();
    let end = last["startTimeMillis"].as_i64().unwrap() + last["durationMillis"].as_i64().unwrap();
    assert!((end - describe["endTimeMillis"].as_i64().unwrap()).abs() < 2_000);
}

#[test]
fn an_approved_change_set_is_executed_and_none_is_created() {
    let stacks = Arc::new(Stacks::default());
    let fixture = fixture(&stacks);
    let arn = "arn:aws:cloudformation:us-east-1:333333333333:changeSet/rel-1/0a1b";
    let build = fixture.start(
        "dev",
        JOB,
        &format!("ENVIRONMENT=dev&VERSION=2.4.0&CHANGE_SET_ARN=payments-dev={arn}"),
    );
    fixture.pass(60_000);
    assert_eq!(fixture.result(&build), "SUCCESS");
    let calls = stacks.calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert!(
        calls[0].starts_with(&format!("execute {arn} ")),
        "{calls:?}"
    );

    let elsewhere = arn.replace("333333333333", "999999999999");
    let build = fixture.start(
        "dev",
        JOB,
        &format!("ENVIRONMENT=dev&VERSION=2.4.0&CHANGE_SET_ARN={elsewhere}"),
    );
    fixture.pass(60_000);
    assert_eq!(fixture.result(&build), "FAILURE");
    assert_eq!(stacks.calls().len(), 1);
}
