//! Everything that an approval is bound to is read again before it counts.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use interlock_app::{Console, UseCaseError};
use interlock_domain::{Digest, EnvironmentName, PromotionId, ServiceName};
use interlock_ledger::PromotionState;
use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
};
use support::{Cloud, console};

fn id() -> PromotionId {
    PromotionId::new("PR-TEST").unwrap()
}

async fn approved(cloud: &Arc<Cloud>, ledger: &Path) -> (Arc<Console>, Digest) {
    let (ana, luis) = (
        console(cloud, ledger, "ana"),
        console(cloud, ledger, "luis"),
    );
    let services = [ServiceName::new("payments-api").unwrap()];
    let prod = EnvironmentName::new("prod").unwrap();
    ana.prepare(id(), &services, &prod).await.unwrap();
    let digest = ana.promotion(&id()).unwrap().digest.unwrap();
    ana.request(&id(), digest, String::new()).await.unwrap();
    luis.approve(&id(), digest, String::new()).await.unwrap();
    (ana, digest)
}

/// Approves, lets something move, tries to start, and gives what was named.
async fn moved_by(prepare: impl Fn(&Cloud), moves: impl Fn(&Cloud)) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    prepare(&cloud);
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    moves(&cloud);
    let error = ana.execute(&id(), digest).await.unwrap_err();
    let UseCaseError::Moved { moved } = error else {
        panic!("{error}")
    };
    let promotion = ana.promotion(&id()).unwrap();
    assert_eq!(promotion.state, PromotionState::Voided);
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 0);
    moved.into_iter().map(|it| it.element).collect()
}

#[tokio::test]
async fn fault_14_another_template_of_a_nested_stack_is_named() {
    let moved = moved_by(Cloud::nest, Cloud::swap_nested_template).await;
    assert_eq!(
        moved,
        ["template of nested stack Data of payments-api-prod"]
    );
}

#[tokio::test]
async fn fault_55_what_was_changed_by_hand_before_it_starts_is_another_base() {
    let moved = moved_by(|_| {}, |cloud| cloud.touch("payments-api-prod")).await;
    assert_eq!(moved, ["base state of payments-api-prod"]);
}

#[tokio::test]
async fn another_role_is_another_power() {
    let give = |role: &'static str| move |cloud: &Cloud| cloud.give_role(role);
    let moved = moved_by(give("arn:a"), give("arn:b")).await;
    assert_eq!(moved, ["role of payments-api-prod"]);
}

#[tokio::test]
async fn another_way_of_deploying_is_another_change() {
    let moved = moved_by(|_| {}, |cloud| cloud.deploy_as("EXPRESS")).await;
    assert!(
        moved.contains(&"deployment mode of payments-api-prod".to_owned()),
        "{moved:?}"
    );
}

#[tokio::test]
async fn what_macros_make_of_the_template_is_bound_as_well() {
    let moved = moved_by(Cloud::speak_sam, Cloud::expand_otherwise).await;
    assert_eq!(moved, ["processed template of payments-api-prod"]);
}
