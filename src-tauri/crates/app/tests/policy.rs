//! A team's own policy at work: facts are gathered for it, and its approvals stand in the manifest.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use interlock_app::{Console, UseCaseError, estate::parse, policy};
use interlock_domain::{
    EnvironmentName, PromotionId, ServiceName,
    verdict::{Outcome, Verdict},
};
use std::{path::Path, sync::Arc};
use support::{Cloud, ESTATE, console_of_estate, ports};

fn console(cloud: &Arc<Cloud>, text: &str, ledger: &Path, person: &'static str) -> Arc<Console> {
    let policy = policy::parse(text, "policy.toml", None, Some(&["qa", "prod"])).unwrap();
    let estate = parse(ESTATE, "interlock.toml").unwrap();
    console_of_estate(
        estate.with_policy(policy),
        ports(cloud, person),
        ledger,
        person,
    )
}

fn id() -> PromotionId {
    PromotionId::new("PR-TEST").unwrap()
}

async fn prepared(text: &str, ledger: &Path) -> (Arc<Console>, Vec<Verdict>) {
    let ana = console(&Cloud::new(), text, ledger, "ana");
    let service = ServiceName::new("payments-api").unwrap();
    let prod = EnvironmentName::new("prod").unwrap();
    ana.prepare(id(), std::slice::from_ref(&service), &prod)
        .await
        .unwrap();
    let gates = ana.promotion(&id()).unwrap().manifest.unwrap().gates;
    (ana, gates)
}

fn told<'v>(gates: &'v [Verdict], rule: &str) -> &'v Verdict {
    gates
        .iter()
        .find(|verdict| verdict.rule == rule)
        .unwrap_or_else(|| panic!("no verdict of {rule}: {gates:#?}"))
}

const RULES: &str = r#"
[[gates.path]]
id = "path"
[[gates.soak]]
id = "soak"
time = "1s"
[[gates.size]]
id = "size"
max_resources = 10
[[gates.ticket]]
id = "ticket"
patterns = ["RITM#######"]
places = ["comment"]
[[gates.freeze]]
id = "freeze"
forecast = "fail"
[[gates.danger]]
id = "access"
of = "access-broadened"
then = "fail"
[[gates.danger]]
id = "drift"
of = "drift-overwritten"
then = "fail"
[[gates.measure]]
id = "coverage"
metric = "coverage"
op = ">="
value = 80
[[freezes]]
name = "far away"
from = "2999-01-01T00:00:00Z"
to = "2999-01-02T00:00:00Z"
[[approvals]]
id = "managers"
from = ["release-manager"]
count = 2
"#;

#[tokio::test]
async fn facts_are_gathered_for_what_the_policy_looks_at() {
    let folder = tempfile::tempdir().unwrap();
    let (_, gates) = prepared(RULES, &folder.path().join("l.db")).await;
    for (rule, outcome, words) in [
        ("path", Outcome::Pass, "qa runs 2.0.0"),
        ("soak", Outcome::Pass, "in qa for "),
        ("size", Outcome::Pass, "1 resource, at most 10"),
        (
            "ticket",
            Outcome::Unknown,
            "nobody has asked for approval yet",
        ),
        ("freeze", Outcome::Unknown, "no past promotion into it"),
        ("access", Outcome::Pass, "access is broadened nowhere"),
        (
            "drift",
            Outcome::Unknown,
            "nobody has let AWS look for drift",
        ),
        ("coverage", Outcome::Unknown, "names no SonarQube project"),
    ] {
        let verdict = told(&gates, rule);
        assert_eq!(verdict.outcome, outcome, "{verdict:#?}");
        assert!(verdict.summary.contains(words), "{}", verdict.summary);
        assert!(verdict.place.starts_with("policy.toml:"));
    }
}

#[tokio::test]
async fn the_approvals_of_the_policy_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (ana, _) = prepared(RULES, &folder.path().join("l.db")).await;
    let manifest = ana.promotion(&id()).unwrap().manifest.unwrap();
    let wanted: u32 = manifest.approval_rules.iter().map(|rule| rule.count).sum();
    assert_eq!(wanted, 2);
}

#[tokio::test]
async fn fault_26_a_freeze_of_the_policy_stops_an_approved_promotion() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("l.db");
    let cloud = Cloud::new();
    let frozen = "[[freezes]]\nname = \"audit\"\nenvironments = [\"production\"]\n\
        from = \"2020-01-01T00:00:00Z\"\nto = \"2999-01-01T00:00:00Z\"\n\
        [[gates.ticket]]\nid = \"ticket\"\npatterns = [\"RITM#######\"]\n";
    let ana = console(&cloud, frozen, &ledger, "ana");
    let service = ServiceName::new("payments-api").unwrap();
    let prod = EnvironmentName::new("prod").unwrap();
    ana.prepare(id(), std::slice::from_ref(&service), &prod)
        .await
        .unwrap();
    let digest = ana.promotion(&id()).unwrap().digest.unwrap();
    ana.request(&id(), digest, "RITM0012345".into())
        .await
        .unwrap();
    let luis = console(&cloud, frozen, &ledger, "luis");
    luis.approve(&id(), digest, String::new()).await.unwrap();
    let judgement = ana.judge_promotion(&id()).await.unwrap();
    assert_eq!(
        told(&judgement.verdicts, "ticket").summary,
        "RITM0012345 in the comment"
    );
    let refused = ana.execute(&id(), digest).await.unwrap_err();
    let UseCaseError::NotAllowed { reason } = refused else {
        panic!("{refused:?}");
    };
    assert!(
        reason.contains("prod is frozen until 2999-01-01T00:00:00Z: audit"),
        "{reason}"
    );
}

#[tokio::test]
async fn fault_43_another_policy_voids_what_was_approved_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("l.db");
    let cloud = Cloud::new();
    let ana = console(&cloud, RULES, &ledger, "ana");
    let service = ServiceName::new("payments-api").unwrap();
    let prod = EnvironmentName::new("prod").unwrap();
    ana.prepare(id(), std::slice::from_ref(&service), &prod)
        .await
        .unwrap();
    let digest = ana.promotion(&id()).unwrap().digest.unwrap();
    let later = console(
        &cloud,
        "[[gates.target_ready]]\nid = \"target\"\n",
        &ledger,
        "ana",
    );
    let error = later
        .request(&id(), digest, String::new())
        .await
        .unwrap_err();
    let UseCaseError::Moved { moved } = error else {
        panic!("{error:?}");
    };
    assert_eq!(moved[0].element, "policy of promotion");
}

#[tokio::test]
async fn the_policy_that_it_was_judged_by_is_kept_and_goes_with_an_export() {
    let folder = tempfile::tempdir().unwrap();
    let (ana, _) = prepared(RULES, &folder.path().join("l.db")).await;
    let manifest = ana.promotion(&id()).unwrap().manifest.unwrap();
    let policy = manifest.policy.unwrap();
    let kept = ana.ledger.document(&policy).unwrap().unwrap();
    assert_eq!(interlock_domain::Digest::of(&kept), policy);
    let files = interlock_ledger::export::files(&ana.ledger, &ana.ledger.leaves().unwrap());
    let name = format!("documents/{policy}");
    let files = files.unwrap();
    let names: Vec<&String> = files.iter().map(|(path, _)| path).collect();
    assert!(names.contains(&&name), "{name}: {names:?}");
    assert!(files.contains(&(name, kept)));
}
