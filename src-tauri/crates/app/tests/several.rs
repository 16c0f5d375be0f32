//! Promotions of several services: one manifest, one digest, one after the other.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use interlock_app::{Console, UseCaseError};
use interlock_domain::{Digest, EnvironmentName, PromotionId, ServiceName};
use interlock_ledger::{Outcome, PromotionState};
use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
};
use support::{Cloud, ESTATE, console_of, ending::settled, ports};

fn id() -> PromotionId {
    PromotionId::new("PR-TEST").unwrap()
}

fn names(list: &[&str]) -> Vec<ServiceName> {
    let each = list.iter().copied();
    each.map(|name| ServiceName::new(name).unwrap()).collect()
}

fn prod() -> EnvironmentName {
    EnvironmentName::new("prod").unwrap()
}

/// Transfers need payments, and cards need transfers.
fn estate() -> String {
    let services = r#"
[[services]]
name = "cards"
stacks = ["cards-{env}"]
after = ["transfers"]
[[services]]
name = "transfers"
stacks = ["transfers-{env}"]
after = ["payments-api"]
[version]"#;
    ESTATE.replacen("[version]", services, 1)
}

fn cloud() -> Arc<Cloud> {
    let cloud = Cloud::new();
    cloud.serve("transfers");
    cloud.serve("cards");
    cloud
}

fn console(cloud: &Arc<Cloud>, ledger: &Path, person: &'static str) -> Arc<Console> {
    console_of(&estate(), ports(cloud, person), ledger, person)
}

/// Ana asks for all three, in an order in which they cannot be delivered; Luis approves.
async fn approved(cloud: &Arc<Cloud>, ledger: &Path) -> (Arc<Console>, Digest) {
    let (ana, luis) = (
        console(cloud, ledger, "ana"),
        console(cloud, ledger, "luis"),
    );
    let services = names(&["cards", "payments-api", "transfers"]);
    ana.prepare(id(), &services, &prod()).await.unwrap();
    let digest = ana.promotion(&id()).unwrap().digest.unwrap();
    ana.request(&id(), digest, "together".into()).await.unwrap();
    luis.approve(&id(), digest, String::new()).await.unwrap();
    (ana, digest)
}

#[tokio::test]
async fn they_are_approved_as_one_and_delivered_in_the_order_in_which_they_depend() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = cloud();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    let manifest = ana.promotion(&id()).unwrap().manifest.unwrap();
    let order: Vec<_> = manifest
        .services
        .iter()
        .map(|it| it.service.as_str())
        .collect();
    assert_eq!(order, ["payments-api", "transfers", "cards"]);
    assert_eq!(
        manifest.services[2].after,
        names(&["payments-api", "transfers"])
    );
    ana.execute(&id(), digest).await.unwrap();
    let promotion = settled(&ana, &id()).await;
    assert_eq!(promotion.state, PromotionState::Verified);
    assert_eq!(
        cloud.executed(),
        ["payments-api-prod", "transfers-prod", "cards-prod"]
    );
    let (held, _, detail) = promotion.last_attempt().unwrap().verified.clone().unwrap();
    assert!(held && detail.starts_with("3 stacks"), "{detail}");
}

#[tokio::test]
async fn fault_18_what_fails_stops_the_rest_and_what_was_applied_stays() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = cloud();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    cloud.let_roll_back("transfers-prod");
    ana.execute(&id(), digest).await.unwrap();
    let promotion = settled(&ana, &id()).await;
    let PromotionState::Failed { outcome, detail } = &promotion.state else {
        panic!("{:?}", promotion.state)
    };
    assert_eq!(*outcome, Outcome::PartiallyApplied);
    for words in [
        "transfers: transfers-prod: Topic: the topic is taken",
        "delivered before it: payments-api",
        "not begun: cards",
    ] {
        assert!(detail.contains(words), "{words}: {detail}");
    }
    assert_eq!(cloud.executed(), ["payments-api-prod", "transfers-prod"]);
    assert_eq!(cloud.prod_version(), "2.0.0");
}

#[tokio::test]
async fn the_first_that_fails_leaves_nothing_applied() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = cloud();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    cloud.let_roll_back("payments-api-prod");
    ana.execute(&id(), digest).await.unwrap();
    let promotion = settled(&ana, &id()).await;
    let PromotionState::Failed { outcome, detail } = &promotion.state else {
        panic!("{:?}", promotion.state)
    };
    assert_eq!(*outcome, Outcome::RolledBack);
    assert!(detail.contains("not begun: transfers, cards"), "{detail}");
    assert_eq!(cloud.executed(), ["payments-api-prod"]);
}

#[tokio::test]
async fn what_moves_in_one_of_them_voids_the_approval_of_all() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = cloud();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    cloud.touch("cards-prod");
    let error = ana.execute(&id(), digest).await.unwrap_err();
    assert!(error.to_string().contains("of cards-prod"), "{error}");
    assert_eq!(ana.promotion(&id()).unwrap().state, PromotionState::Voided);
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn each_of_them_is_in_one_open_promotion_only() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = cloud();
    let (ana, _) = approved(&cloud, &folder.path().join("l.db")).await;
    let other = PromotionId::new("PR-2").unwrap();
    let error = ana
        .prepare(other, &names(&["transfers"]), &prod())
        .await
        .unwrap_err();
    assert!(
        matches!(&error, UseCaseError::AlreadyOpen { service, .. } if service.as_str() == "transfers"),
        "{error}"
    );
}

#[tokio::test]
async fn when_one_cannot_be_prepared_nothing_of_the_others_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = cloud();
    cloud.take_away("222222222222", "cards-qa");
    let ana = console(&cloud, &folder.path().join("l.db"), "ana");
    let services = names(&["cards", "transfers"]);
    let error = ana.prepare(id(), &services, &prod()).await.unwrap_err();
    assert!(
        error.to_string().contains("cards has no stack in qa"),
        "{error}"
    );
    assert_eq!(cloud.waiting_sets(), 0);
}

#[tokio::test]
async fn a_waiver_names_the_service_when_a_gate_stops_several() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = cloud();
    let ledger = folder.path().join("l.db");
    let (ana, _) = approved(&cloud, &ledger).await;
    let verdicts = ana.known_verdicts(&ana.promotion(&id()).unwrap());
    let of = |service: &str| verdicts.iter().filter(|it| it.service == service).count();
    assert!(of("cards") > 0);
    assert_eq!(
        (of("cards"), of("cards")),
        (of("transfers"), of("payments-api"))
    );
}

#[test]
fn services_that_wait_for_each_other_are_told_with_their_place() {
    let text = estate().replacen(
        "stacks = [\"payments-api-{env}\"]",
        "stacks = [\"payments-api-{env}\"]\nafter = [\"cards\"]",
        1,
    );
    let error = interlock_app::estate::parse(&text, "interlock.toml").unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("payments-api after cards after transfers after payments-api"),
        "{text}"
    );
    let unknown = estate().replacen("after = [\"transfers\"]", "after = [\"transfer\"]", 1);
    let error = interlock_app::estate::parse(&unknown, "interlock.toml").unwrap_err();
    let text = error.to_string();
    assert!(text.contains("no service is named `transfer`"), "{text}");
}
