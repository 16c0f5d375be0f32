//! Who drives a run: leases, taking over, looking on.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use interlock_app::{Console, ports::Runners};
use interlock_domain::{Digest, EnvironmentName, PromotionId, ServiceName};
use interlock_ledger::{Predicate, Promotion, PromotionState};
use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use support::{Cloud, ESTATE, Fault, console_of, ports};

fn id() -> PromotionId {
    PromotionId::new("PR-TEST").unwrap()
}

/// Two services, one after the other.
fn console(cloud: &Arc<Cloud>, ledger: &Path, person: &'static str) -> Arc<Console> {
    let services = r#"
[[services]]
name = "transfers"
stacks = ["transfers-{env}"]
after = ["payments-api"]
[version]"#;
    let estate = ESTATE.replacen("[version]", services, 1);
    console_of(&estate, ports(cloud, person), ledger, person)
}

/// Ana started it, and the first of two updates goes on.
async fn under_way(cloud: &Arc<Cloud>, ledger: &Path) -> Arc<Console> {
    cloud.serve("transfers");
    let (ana, luis) = (
        console(cloud, ledger, "ana"),
        console(cloud, ledger, "luis"),
    );
    let services = ["payments-api", "transfers"].map(|name| ServiceName::new(name).unwrap());
    let prod = EnvironmentName::new("prod").unwrap();
    ana.prepare(id(), &services, &prod).await.unwrap();
    let digest: Digest = ana.promotion(&id()).unwrap().digest.unwrap();
    ana.request(&id(), digest, String::new()).await.unwrap();
    luis.approve(&id(), digest, String::new()).await.unwrap();
    *cloud.fault.lock().unwrap() = Fault::Hold;
    ana.execute(&id(), digest).await.unwrap();
    until(|| cloud.is_held()).await;
    ana
}

async fn until(mut holds: impl FnMut() -> bool) {
    for _ in 0..4_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come to that");
}

async fn verified(console: &Arc<Console>) -> Promotion {
    until(|| console.promotion(&id()).unwrap().state == PromotionState::Verified).await;
    console.promotion(&id()).unwrap()
}

fn leases(console: &Console) -> usize {
    let entries = console.ledger.entries().unwrap();
    let said = entries.iter().filter_map(|it| it.statement.as_ref().ok());
    said.filter(|it| matches!(it.predicate, Predicate::Lease { .. }))
        .count()
}

#[tokio::test(start_paused = true)]
async fn another_desk_looks_on_and_says_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, ledger) = (Cloud::new(), folder.path().join("l.db"));
    let ana = under_way(&cloud, &ledger).await;
    let eva = console(&cloud, &ledger, "eva");
    let before = eva.ledger.entries().unwrap().len();
    let refused = eva.resume(&id(), "").await.unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("Ana Ruiz drives it by test of ana"),
        "{refused}"
    );
    eva.recall_run(&eva.promotion(&id()).unwrap()).await;
    assert!(!eva.is_driven(&id()), "it only looks on");
    assert_eq!(eva.ledger.entries().unwrap().len(), before);
    cloud.let_go();
    verified(&ana).await;
    let live = eva.live(&id()).unwrap();
    until(|| live.read(|state| state.ended)).await;
    assert!(live.read(|state| !state.events.is_empty()));
    assert_eq!(cloud.executed(), ["payments-api-prod", "transfers-prod"]);
    assert_eq!(leases(&ana), 0);
}

#[tokio::test(start_paused = true)]
async fn fault_48_who_was_taken_over_while_asleep_only_looks_on() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, ledger) = (Cloud::new(), folder.path().join("l.db"));
    let ana = under_way(&cloud, &ledger).await;
    let eva = console(&cloud, &ledger, "eva");
    eva.resume(&id(), "Ana's laptop sleeps").await.unwrap();
    assert!(eva.is_driven(&id()));
    // Ana's process wakes up, sees the first update end, and wants to begin the second.
    cloud.let_go();
    let promotion = verified(&eva).await;
    assert_eq!(promotion.attempts[0].driver.runner, "test of eva");
    assert_eq!(cloud.executed(), ["payments-api-prod", "transfers-prod"]);
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 2);
    assert_eq!(cloud.tokens().len(), 2, "each call was made once");
    until(|| !ana.is_driven(&id())).await;
    // What the old driver intended, if it got so far, counts for nothing.
    let record = ana.record().unwrap();
    let steps = &record.promotions[&id()].attempts[0].steps;
    assert_eq!(steps.len(), 2, "{steps:?}");
}

#[tokio::test(start_paused = true)]
async fn a_long_run_keeps_its_lease_and_a_silent_one_loses_it() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, ledger) = (Cloud::new(), folder.path().join("l.db"));
    let ana = under_way(&cloud, &ledger).await;
    tokio::time::sleep(Duration::from_mins(40)).await;
    let eva = console(&cloud, &ledger, "eva");
    assert!(leases(&eva) >= 6, "{}", leases(&eva));
    assert!(eva.resume(&id(), "").await.is_err(), "Ana is there still");
    // Her process goes away without a word.
    ana.leave_runs();
    tokio::time::sleep(Duration::from_mins(16)).await;
    eva.resume(&id(), "").await.unwrap();
    cloud.let_go();
    verified(&eva).await;
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_is_gone_for_certain_is_followed_at_once() {
    struct Gone;
    impl Runners for Gone {
        fn is_gone(&self, runner: &str) -> bool {
            runner == "test of ana"
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let (cloud, ledger) = (Cloud::new(), folder.path().join("l.db"));
    let ana = under_way(&cloud, &ledger).await;
    ana.leave_runs();
    let eva = console(&cloud, &ledger, "eva");
    let eva = Arc::new(Arc::into_inner(eva).unwrap().with_runners(Arc::new(Gone)));
    eva.resume_all().await.unwrap();
    assert!(eva.is_driven(&id()));
    cloud.let_go();
    verified(&eva).await;
}

#[tokio::test(start_paused = true)]
async fn of_two_that_take_it_over_at_once_one_drives() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, ledger) = (Cloud::new(), folder.path().join("l.db"));
    let ana = under_way(&cloud, &ledger).await;
    ana.leave_runs();
    let (eva, luis) = (
        console(&cloud, &ledger, "eva"),
        console(&cloud, &ledger, "luis"),
    );
    let here = id();
    let (one, other) = tokio::join!(eva.resume(&here, "gone"), luis.resume(&here, "gone"));
    cloud.let_go();
    verified(&eva).await;
    assert!(one.is_ok() || other.is_ok());
    assert_eq!(cloud.tokens().len(), 2, "each call was made once");
}
