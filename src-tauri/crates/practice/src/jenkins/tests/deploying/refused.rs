//! Deployments that are refused before anything changes.

use super::*;

#[test]
fn who_may_not_deploy_there_is_refused_before_there_is_a_build() {
    let stacks = Arc::new(Stacks::default());
    let fixture = fixture(&stacks);
    let prod = "ENVIRONMENT=prod&VERSION=2.4.0&PROMOTION_ID=p";
    let form = "json=%7B%22parameter%22%3A%5B%7B%22name%22%3A%22ENVIRONMENT%22%2C%22value%22%3A%22prod%22%7D%5D%7D";
    for (target, body) in [("buildWithParameters", prod), ("build", form)] {
        let reply = fixture.post("dev", &format!("{JOB}{target}"), body);
        assert_eq!(reply.status, 403, "{target}");
        assert_eq!(
            reply.get("x-required-permission"),
            Some("hudson.model.Item.Build")
        );
        assert_eq!(reply.get("x-you-are-authenticated-as"), Some("dev"));
        assert!(super::super::text(&reply).contains("dev is missing the Job/Build permission"));
    }
    let queue = fixture.json("rita", "/queue/api/json");
    assert_eq!(queue["items"].as_array().map(Vec::len), Some(0));
    let dev = fixture.post(
        "dev",
        &format!("{JOB}buildWithParameters"),
        "ENVIRONMENT=dev",
    );
    assert_eq!(dev.status, 201);
}

#[test]
fn what_cannot_be_verified_is_refused_before_anything_is_prepared() {
    let cases = [
        (
            "rita",
            "ENVIRONMENT=prod&VERSION=2.4.0",
            "A deployment to prod needs PROMOTION_ID and MANIFEST_SHA256",
        ),
        (
            "rita",
            "ENVIRONMENT=prod&VERSION=2.4.0&PROMOTION_ID=p&MANIFEST_SHA256=xyz",
            "MANIFEST_SHA256 is not a SHA-256",
        ),
        (
            "rita",
            "ENVIRONMENT=dev&VERSION=9.9.9",
            "Version 9.9.9 of payments is not known",
        ),
        ("rita", "ENVIRONMENT=dev", "VERSION or COMMIT is needed"),
    ];
    for (user, form, reason) in cases {
        let stacks = Arc::new(Stacks::default());
        let fixture = fixture(&stacks);
        let build = fixture.start(user, JOB, form);
        fixture.pass(30_000);
        assert_eq!(fixture.result(&build), "FAILURE", "{form}");
        assert!(
            fixture.console(&build).contains(reason),
            "{form}: {}",
            fixture.console(&build)
        );
        assert!(stacks.calls().is_empty(), "{form}");
    }
}

#[test]
fn a_second_build_for_the_same_attempt_does_nothing_and_names_the_first() {
    let stacks = Arc::new(Stacks::default());
    let fixture = fixture(&stacks);
    let first = fixture.start("rita", JOB, &prod("prm-1", 1));
    fixture.pass(30_000);
    fixture.post(
        "rita",
        &format!("{first}input/Deploy-prod/proceedEmpty"),
        "",
    );
    fixture.pass(60_000);
    let before = stacks.calls();
    let second = fixture.start("rita", JOB, &prod("prm-1", 1));
    fixture.pass(60_000);
    assert_eq!(fixture.result(&second), "NOT_BUILT");
    assert!(
        fixture
            .console(&second)
            .contains(&format!("already claimed by http://127.0.0.1:8090{first}"))
    );
    assert_eq!(stacks.calls(), before);
    let retry = fixture.start("rita", JOB, &prod("prm-1", 2));
    fixture.pass(30_000);
    assert_eq!(stages(&fixture, &retry)[3].1, "PAUSED_PENDING_INPUT");
}
