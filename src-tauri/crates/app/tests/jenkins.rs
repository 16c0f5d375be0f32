//! Promotions through Jenkins: triggered once, found again, asked and answered.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use interlock_app::{Console, run::DEPLOY_PARAMETERS};
use interlock_domain::{EnvironmentName, PromotionId, ServiceName, build::BuildResult};
use interlock_ledger::{Outcome, Promotion, PromotionState};
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use support::{
    Cloud, ESTATE, console_of,
    jenkins::{Jenkins, JenkinsFault, jenkins_ports},
};

fn id() -> PromotionId {
    PromotionId::new("PR-JOB").unwrap()
}

/// An approved promotion through a deploy job, in Ana's hands.
async fn approved(
    cloud: &Arc<Cloud>,
    jenkins: &Arc<Jenkins>,
    ledger: &std::path::Path,
) -> Arc<Console> {
    let estate = ESTATE.replace(
        "stacks = [\"payments-api-{env}\"]",
        "stacks = [\"payments-api-{env}\"]\npromote = \"jenkins\"\njenkins_job = \"payments/deploy\"",
    ) + "[jenkins]\nurl = \"http://jenkins\"\n";
    let ana = console_of(&estate, jenkins_ports(cloud, jenkins, "ana"), ledger, "ana");
    let luis = console_of(
        &estate,
        jenkins_ports(cloud, jenkins, "luis"),
        ledger,
        "luis",
    );
    let (service, prod) = (
        ServiceName::new("payments-api").unwrap(),
        EnvironmentName::new("prod").unwrap(),
    );
    ana.prepare(id(), std::slice::from_ref(&service), &prod)
        .await
        .unwrap();
    let digest = ana.promotion(&id()).unwrap().digest.unwrap();
    ana.request(&id(), digest, String::new()).await.unwrap();
    luis.approve(&id(), digest, String::new()).await.unwrap();
    ana.execute(&id(), digest).await.unwrap();
    ana
}

async fn ended(console: &Console) -> Promotion {
    for _ in 0..600 {
        let promotion = console.promotion(&id()).unwrap();
        if promotion.last_attempt().is_some_and(|a| a.ended.is_some()) {
            return promotion;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the run did not end");
}

async fn run_with(fault: JenkinsFault) -> (Promotion, Arc<Jenkins>) {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, jenkins) = (Cloud::new(), Jenkins::new());
    *jenkins.fault.lock().unwrap() = fault;
    let ana = approved(&cloud, &jenkins, &folder.path().join("l.db")).await;
    (ended(&ana).await, jenkins)
}

#[tokio::test]
async fn a_build_is_triggered_with_promotion_and_manifest_and_followed_to_its_end() {
    let (promotion, jenkins) = run_with(JenkinsFault::None).await;
    assert_eq!(
        promotion.attempts[0].ended.as_ref().unwrap().0,
        Outcome::Succeeded
    );
    let build = interlock_app::ports::BuildReader::builds(
        jenkins.as_ref(),
        &interlock_domain::JobName::new("payments/deploy").unwrap(),
        1,
    )
    .await
    .unwrap()
    .remove(0);
    assert_eq!(build.parameter("PROMOTION_ID"), Some("PR-JOB-1"));
    assert_eq!(
        build.parameter("MANIFEST_SHA256"),
        Some(promotion.digest.unwrap().to_string().as_str())
    );
    assert_eq!(build.parameter("ENVIRONMENT"), Some("prod"));
    assert_eq!(build.parameter("VERSION"), Some("2.0.0"));
    for (name, _) in &build.parameters {
        assert!(
            DEPLOY_PARAMETERS.contains(&name.as_str()),
            "{name} is passed to jobs that were never asked whether they declare it"
        );
    }
}

#[tokio::test]
async fn every_loss_on_the_way_ends_in_exactly_one_build() {
    one_build_after(&[JenkinsFault::LoseReply, JenkinsFault::LoseRequest]).await;
}

#[tokio::test]
async fn fault_31_a_restart_that_forgets_or_renumbers_the_queue_ends_in_one_build() {
    one_build_after(&[JenkinsFault::ForgetQueue, JenkinsFault::ForeignItem]).await;
}

async fn one_build_after(faults: &[JenkinsFault]) {
    for fault in faults.iter().copied() {
        let (promotion, jenkins) = run_with(fault).await;
        assert_eq!(
            promotion.attempts[0].ended.as_ref().unwrap().0,
            Outcome::Succeeded,
            "{fault:?}"
        );
        assert_eq!(jenkins.triggers.load(Ordering::SeqCst), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn fault_32_a_restart_while_it_runs_is_waited_out() {
    one_build_after(&[JenkinsFault::Restart]).await;
}

#[tokio::test]
async fn a_failed_build_fails_the_promotion_with_the_stage_s_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, jenkins) = (Cloud::new(), Jenkins::new());
    *jenkins.result.lock().unwrap() = BuildResult::Failure;
    let ana = approved(&cloud, &jenkins, &folder.path().join("l.db")).await;
    match ended(&ana).await.state {
        PromotionState::Failed {
            outcome: Outcome::Failed,
            detail,
        } => {
            assert!(detail.contains("the stack rolled back"), "{detail}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_input_waits_for_a_person_and_the_answer_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, jenkins) = (Cloud::new(), Jenkins::new());
    *jenkins.asks.lock().unwrap() = true;
    let ana = approved(&cloud, &jenkins, &folder.path().join("l.db")).await;
    let waiting = || {
        ana.live(&id())
            .and_then(|live| live.read(|s| s.waiting.clone()))
    };
    for _ in 0..200 {
        if waiting().is_some_and(|(what, _)| what.contains("Deploy to prod?")) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(waiting().is_some());
    ana.answer_input(&id(), "Deploy", true).await.unwrap();
    let promotion = ended(&ana).await;
    assert!(
        promotion.attempts[0]
            .steps
            .iter()
            .any(|s| s.id == "input:1:Deploy")
    );
    assert_eq!(
        promotion.attempts[0].ended.as_ref().unwrap().0,
        Outcome::Succeeded
    );
}

#[tokio::test]
async fn a_waiting_build_can_be_aborted() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, jenkins) = (Cloud::new(), Jenkins::new());
    *jenkins.asks.lock().unwrap() = true;
    let ana = approved(&cloud, &jenkins, &folder.path().join("l.db")).await;
    for _ in 0..200 {
        let started = ana.promotion(&id()).unwrap().attempts[0]
            .steps
            .iter()
            .any(|s| s.handle.as_deref() == Some("build:1"));
        if started {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    ana.abort(&id()).await.unwrap();
    assert_eq!(
        ended(&ana).await.attempts[0].ended.as_ref().unwrap().0,
        Outcome::Aborted
    );
}
