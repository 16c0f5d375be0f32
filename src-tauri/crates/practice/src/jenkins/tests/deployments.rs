//! Which builds others hear of as deployments, and what they hear.

use super::Stacks;
use super::deploying::{JOB, fixture, prod};
use crate::jenkins::DeploymentStatus::{Canceled, Failed, Running, Success};
use crate::jenkins::target::Followed;
use std::sync::Arc;

const DEV: &str = "ENVIRONMENT=dev&VERSION=2.4.0";

fn unfinished() -> Followed {
    Followed::default()
}

fn failing() -> Followed {
    Followed {
        outcome: Some(Err("no room".to_owned())),
        ended: Some(super::START),
        ..Followed::default()
    }
}

#[test]
fn a_build_is_a_deployment_once_it_reaches_its_deployment_stage() {
    let stacks = Arc::new(Stacks::default());
    let fixture = fixture(&stacks);
    let build = fixture.start("rita", JOB, &prod("prm-1", 1));
    fixture.pass(60_000);
    assert_eq!(fixture.jenkins.deployments(), [], "it waits for a person");
    fixture.post(
        "rita",
        &format!("{build}input/Deploy-prod/proceedEmpty"),
        "",
    );
    stacks.progress.lock().unwrap().push_back(unfinished());
    fixture.pass(1_000);
    let [begun] = &fixture.jenkins.deployments()[..] else {
        panic!("one deployment has begun");
    };
    assert_eq!(
        (begun.ordinal, begun.status, begun.ended),
        (1, Running, None)
    );
    assert_eq!(begun.started, super::START + 60_080, "after the approval");
    assert_eq!(
        (begun.service.as_str(), begun.environment.as_str()),
        ("payments", "prod")
    );
    assert_eq!(
        (begun.version.as_str(), begun.commit.as_str()),
        ("2.4.0", "c0ffee".repeat(7).as_str())
    );
    assert_eq!(begun.by.as_deref(), Some("rita"));
    assert_eq!(
        (begun.job.as_str(), begun.number),
        ("team a/deploy-payments", 10)
    );
    stacks.progress.lock().unwrap().clear();
    fixture.pass(120_000);
    let ended = &fixture.jenkins.deployments()[0];
    assert_eq!(ended.status, Success);
    assert!(ended.ended.unwrap() > ended.started);
}

#[test]
fn what_ends_before_its_deployment_stage_is_none() {
    let stacks = Arc::new(Stacks::default());
    let fixture = fixture(&stacks);
    // Refused by verification.
    fixture.start("rita", JOB, "ENVIRONMENT=dev&VERSION=0.0.0");
    fixture.pass(60_000);
    // Rejected at its input.
    let build = fixture.start("rita", JOB, &prod("prm-1", 1));
    fixture.pass(60_000);
    fixture.post("rita", &format!("{build}input/Deploy-prod/abort"), "");
    fixture.pass(60_000);
    assert_eq!(fixture.result(&build), "ABORTED");
    // Claimed by the build before.
    let second = fixture.start("rita", JOB, &prod("prm-1", 1));
    fixture.pass(60_000);
    assert_eq!(fixture.result(&second), "NOT_BUILT");
    assert_eq!(fixture.jenkins.deployments(), []);
}

#[test]
fn a_failed_and_a_stopped_deployment_say_so() {
    let stacks = Arc::new(Stacks::default());
    let fixture = fixture(&stacks);
    stacks.progress.lock().unwrap().push_back(failing());
    fixture.start("rita", JOB, DEV);
    fixture.pass(60_000);
    *stacks.progress.lock().unwrap() = [unfinished()].into();
    let build = fixture.start("rita", JOB, DEV);
    fixture.pass(60_000);
    fixture.post("rita", &format!("{build}stop"), "");
    fixture.pass(60_000);
    let found: Vec<_> = fixture
        .jenkins
        .deployments()
        .iter()
        .map(|deployment| (deployment.ordinal, deployment.number, deployment.status))
        .collect();
    assert_eq!(found, [(1, 10, Failed), (2, 11, Canceled)]);
}

#[test]
fn a_deployment_keeps_its_number_over_a_restart_and_a_reset_forgets_it() {
    let stacks = Arc::new(Stacks::default());
    let before = fixture(&stacks);
    before.start("rita", JOB, DEV);
    before.pass(60_000);
    let saved = serde_json::to_value(before.jenkins.save()).unwrap();
    let after = fixture(&stacks);
    after
        .jenkins
        .restore(serde_json::from_value(saved).unwrap());
    after.pass(60_000);
    assert_eq!(after.jenkins.deployments(), before.jenkins.deployments());
    after.start("rita", JOB, DEV);
    after.pass(60_000);
    assert_eq!(after.jenkins.deployments()[1].ordinal, 2);
    after.jenkins.forget();
    assert_eq!(after.jenkins.deployments(), []);
}
