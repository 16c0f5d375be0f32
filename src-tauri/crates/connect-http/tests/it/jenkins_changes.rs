//! Changing a Jenkins: once, and honest about what is not known afterwards.

use crate::{
    jenkins_reading::{jenkins, job, rita},
    replay::{Played, Server, hang_up, quick, silence},
};
use interlock_app::ports::{BuildOrder, BuildRunner};
use interlock_connect_http::Jenkins;
use interlock_domain::{FaultKind, build::QueueState};
use std::sync::PoisonError;

const FREESTYLE: &str = r#"{"buildable":true,"property":[{},{"parameterDefinitions":
    [{"name":"WHO","type":"StringParameterDefinition"},{"name":"PROMOTION_ID"}]}]}"#;

fn order(name: &str, parameters: &[(&str, &str)]) -> BuildOrder {
    BuildOrder {
        job: job(name),
        parameters: parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

async fn freestyle() -> Server {
    let server = Server::start().await;
    server.on(
        "GET /job/freestyle-params/api/json",
        Played::json(FREESTYLE),
    );
    server
}

#[tokio::test]
async fn a_trigger_sends_the_form_and_answers_the_queue_item() {
    let server = freestyle().await;
    server.play("06-bwp-token");
    let item = jenkins(&server.url)
        .trigger(&order("freestyle-params", &[("WHO", "tök & <x>")]))
        .await
        .unwrap();
    assert_eq!(item, 2);
    let posts = server.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].body, "WHO=t%C3%B6k+%26+%3Cx%3E");
    assert!(
        !posts[0].headers.contains_key("jenkins-crumb"),
        "a token needs none"
    );
}

#[tokio::test]
async fn a_job_without_parameters_is_simply_built() {
    let server = Server::start().await;
    server
        .on(
            "GET /job/plain/api/json",
            Played::json(r#"{"buildable":true,"property":[]}"#),
        )
        .on(
            "POST /job/plain/build",
            Played::new(201, "").header("location", "http://elsewhere/queue/item/7/"),
        );
    let item = jenkins(&server.url).trigger(&order("plain", &[])).await;
    assert_eq!(item.unwrap(), 7);
}

#[tokio::test]
async fn merged_requests_answer_the_same_queue_item_twice() {
    let server = freestyle().await;
    server.play("06-bwp-token").play("42-queue-all");
    let jenkins = jenkins(&server.url);
    let order = order("freestyle-params", &[("WHO", "x")]);
    let first = jenkins.trigger(&order).await.unwrap();
    assert_eq!(jenkins.trigger(&order).await.unwrap(), first);
    // Such an item lists two causes and is found by its parameter like any other.
    let found = jenkins.find(&job("serial"), "X", "2").await.unwrap();
    assert!(matches!(found, Some(QueueState::Waiting { .. })));
}

#[tokio::test]
async fn parameters_that_jenkins_would_drop_are_refused_before_anything_is_sent() {
    let server = freestyle().await;
    let error = jenkins(&server.url)
        .trigger(&order(
            "freestyle-params",
            &[("WHO", "x"), ("MANIFEST_SHA256", "ab")],
        ))
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::Refused);
    assert!(
        error.message.contains("MANIFEST_SHA256"),
        "{}",
        error.message
    );
    assert!(server.posts().is_empty());
}

#[tokio::test]
async fn a_value_outside_the_choices_is_refused_with_the_choices() {
    let server = Server::start().await;
    server.play("10-job").play("09-bad-choice");
    let error = jenkins(&server.url)
        .trigger(&order("release-pipeline", &[("ENVIRONMENT", "moon")]))
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::Refused);
    assert!(
        error.message.contains("staging, production"),
        "{}",
        error.message
    );
    assert!(server.posts().is_empty());
}

#[tokio::test]
async fn a_500_of_jenkins_itself_is_a_refusal_and_one_from_in_between_is_not() {
    let server = freestyle().await;
    let line = "POST /job/freestyle-params/buildWithParameters";
    server
        .on(line, Played::recording("09-bad-choice"))
        .on(line, Played::new(500, "upstream failed"));
    let jenkins = jenkins(&server.url);
    let order = order("freestyle-params", &[]);
    let refused = jenkins.trigger(&order).await.unwrap_err();
    assert_eq!(refused.kind, FaultKind::Refused);
    let unknown = jenkins.trigger(&order).await.unwrap_err();
    assert_eq!(unknown.kind, FaultKind::OutcomeUnknown);
}

#[tokio::test]
async fn disabled_jobs_and_folders_are_refused_before_anything_is_sent() {
    let server = Server::start().await;
    server
        .on(
            "GET /job/disabled/api/json",
            Played::json(r#"{"buildable":false,"property":[]}"#),
        )
        .play("45-folder");
    for name in ["disabled", "team a"] {
        let error = jenkins(&server.url)
            .trigger(&order(name, &[]))
            .await
            .unwrap_err();
        assert_eq!(error.kind, FaultKind::Refused, "{name}");
    }
    assert!(server.posts().is_empty());
}

#[tokio::test]
async fn a_job_disabled_meanwhile_is_refused_and_not_unknown() {
    let server = freestyle().await;
    server.on(
        "POST /job/freestyle-params/buildWithParameters",
        Played::recording("08-disabled"),
    );
    let error = jenkins(&server.url)
        .trigger(&order("freestyle-params", &[]))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind, error.code.as_deref()),
        (FaultKind::Refused, Some("409"))
    );
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let server = freestyle().await;
    server.on(
        "POST /job/freestyle-params/buildWithParameters",
        Played::recording("08-no-permission-build"),
    );
    let error = jenkins(&server.url)
        .trigger(&order("freestyle-params", &[]))
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::Forbidden);
    assert_eq!(error.code.as_deref(), Some("hudson.model.Item.Build"));
    assert_eq!(
        error.message,
        "gil is missing the permission Job/Build in Jenkins."
    );
}

#[tokio::test]
async fn an_acceptance_that_names_no_queue_item_is_an_unknown_outcome() {
    let server = freestyle().await;
    server.on(
        "POST /job/freestyle-params/buildWithParameters",
        Played::recording("53-build-json"),
    );
    let error = jenkins(&server.url)
        .trigger(&order("freestyle-params", &[]))
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::OutcomeUnknown);
}

#[tokio::test]
async fn an_answer_that_is_not_of_jenkins_leaves_a_change_unknown() {
    for answer in [
        Played::recording("02-login"),
        Played::new(502, "bad gateway"),
        Played::new(503, "try later"),
        Played::new(504, "timeout"),
        Played::new(302, "").header("location", "https://sso.example/start"),
    ] {
        let server = freestyle().await;
        server.on(
            "POST /job/freestyle-params/buildWithParameters",
            answer.clone(),
        );
        let error = jenkins(&server.url)
            .trigger(&order("freestyle-params", &[]))
            .await
            .unwrap_err();
        assert_eq!(error.kind, FaultKind::OutcomeUnknown, "{answer:?}");
        assert_eq!(server.posts().len(), 1, "a change goes out once");
    }
}

#[tokio::test]
async fn a_jenkins_that_is_starting_took_nothing() {
    let server = freestyle().await;
    server.on(
        "POST /job/freestyle-params/buildWithParameters",
        Played::recording("00-startup-141"),
    );
    let error = jenkins(&server.url)
        .trigger(&order("freestyle-params", &[]))
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::Unreachable);
    assert_eq!(server.posts().len(), 1);
}

#[tokio::test]
async fn a_lost_reply_of_a_change_is_unknown_and_the_change_is_not_sent_again() {
    let (url, count) = hang_up(b"").await;
    let error = jenkins(&url).stop(&job("x"), 1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::OutcomeUnknown);
    assert_eq!(*count.lock().unwrap_or_else(PoisonError::into_inner), 1);

    let error = jenkins(&silence().await)
        .stop(&job("x"), 1)
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::OutcomeUnknown, "no answer in time");

    let (url, _) = hang_up(b"HTTP/1.1 201 Created\r\nLocati").await;
    let error = jenkins(&url).stop(&job("x"), 1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::OutcomeUnknown, "half an answer");
}

#[tokio::test]
async fn a_change_that_found_no_connection_was_not_sent() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = jenkins(&url).stop(&job("x"), 1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Unreachable);
}

#[tokio::test]
async fn threat_12_with_a_password_a_crumb_and_its_cookie_are_fetched_once_and_kept() {
    let server = freestyle().await;
    let line = "POST /job/freestyle-params/buildWithParameters";
    server
        .on(line, Played::recording("05-no-crumb-password"))
        .on(line, Played::recording("05-crumb-with-session"))
        .play("04-crumb-password");
    let jenkins = jenkins(&server.url);
    for _ in 0..2 {
        let item = jenkins
            .trigger(&order("freestyle-params", &[("WHO", "x")]))
            .await;
        assert_eq!(item.unwrap(), 1);
    }
    let posts = server.posts();
    assert_eq!(
        posts.len(),
        3,
        "refused, repeated with the crumb, and the second order"
    );
    for post in &posts[1..] {
        assert_eq!(
            post.headers["jenkins-crumb"],
            "3d4894dc3878f555e3afa1b8d01c0bb5eaab6ee74ddc02d83e38b4cacfba5dfe"
        );
        assert_eq!(
            post.headers["cookie"],
            "JSESSIONID=9E45B0B16996061F67EF32FD60FB41C1"
        );
        assert_eq!(post.body, "WHO=x");
    }
    let crumbs = server
        .lines()
        .iter()
        .filter(|line| line.contains("crumbIssuer"))
        .count();
    assert_eq!(crumbs, 1);
}

#[tokio::test]
async fn threat_12_a_crumb_that_is_refused_twice_is_said() {
    let server = Server::start().await;
    server.play("04-crumb-password").on(
        "POST /job/x/1/stop",
        Played::recording("60-jetty-403-crumb"),
    );
    let error = jenkins(&server.url).stop(&job("x"), 1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Refused);
    assert_eq!(server.posts().len(), 2);
}

#[tokio::test]
async fn a_lost_build_is_found_in_the_queue_or_among_the_newest_builds() {
    let server = Server::start().await;
    server.play("42-queue-all").on(
        "GET /job/serial/api/json",
        Played::json(
            r#"{"builds":[{"number":9,"building":true,"result":null,"timestamp":1795402122898,
            "duration":0,"actions":[{"parameters":[{"name":"X","value":"9"}]}]}]}"#,
        ),
    );
    let jenkins = jenkins(&server.url);
    let serial = job("serial");
    assert!(matches!(
        jenkins.find(&serial, "X", "3").await.unwrap(),
        Some(QueueState::Waiting { .. })
    ));
    assert_eq!(
        jenkins.find(&serial, "X", "9").await.unwrap(),
        Some(QueueState::Started {
            number: 9,
            url: format!("{}/job/serial/9/", server.url),
        })
    );
    assert_eq!(jenkins.find(&serial, "X", "4").await.unwrap(), None);

    server.on("GET /job/other/api/json", Played::json(r#"{"builds":[]}"#));
    let other = jenkins.find(&job("other"), "X", "3").await.unwrap();
    assert_eq!(other, None, "the item is of another job");
}

#[tokio::test]
async fn a_400_with_an_error_header_on_an_input_means_that_others_must_answer() {
    let server = Server::start().await;
    server
        .on(
            "GET /job/release-pipeline/1/wfapi/pendingInputActions",
            Played::json(r#"[{"id":"DeployGate","message":"Go?","inputs":[]}]"#),
        )
        .play("26-proceedEmpty-gil");
    let error = jenkins(&server.url)
        .answer_input(&job("release-pipeline"), 1, "DeployGate", true)
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::Forbidden);
    assert!(error.message.contains("rita,admin"), "{}", error.message);
}

#[tokio::test]
async fn an_input_is_answered_or_aborted() {
    let server = Server::start().await;
    let id = "140e317e0077aece29910d4f129b2cdd";
    for number in [1, 2] {
        server.on(
            &format!("GET /job/simple-input/{number}/wfapi/pendingInputActions"),
            Played::json(format!(r#"[{{"id":"{id}","message":"Go?"}}]"#)),
        );
    }
    server.play("30-proceedEmpty").play("30-abort");
    let jenkins = jenkins(&server.url);
    let input = job("simple-input");
    jenkins.answer_input(&input, 1, id, true).await.unwrap();
    jenkins.answer_input(&input, 2, id, false).await.unwrap();
    assert_eq!(server.posts().len(), 2);
}

#[tokio::test]
async fn an_input_with_fields_is_not_waved_through_with_its_defaults() {
    let server = Server::start().await;
    server.play("20-pending");
    let error = jenkins(&server.url)
        .answer_input(&job("release-pipeline"), 1, "DeployGate", true)
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::Unsupported);
    assert!(server.posts().is_empty());
}

#[tokio::test]
async fn an_input_that_somebody_answered_first_is_a_conflict() {
    let server = Server::start().await;
    server
        .on(
            "GET /job/release-pipeline/1/wfapi/pendingInputActions",
            Played::json(r#"[{"id":"Nope"}]"#),
        )
        .play("26-no-such-input");
    let jenkins = jenkins(&server.url);
    let pipeline = job("release-pipeline");
    // Gone between looking and answering, and gone before looking.
    for input in ["Nope", "Other"] {
        let error = jenkins
            .answer_input(&pipeline, 1, input, true)
            .await
            .unwrap_err();
        assert_eq!(error.kind, FaultKind::Conflict, "{input}");
    }
}

#[tokio::test]
async fn stop_is_done_when_jenkins_sends_back_to_the_build() {
    let server = Server::start().await;
    server.play("31-stop").play("31-stop-gil");
    let jenkins = jenkins(&server.url);
    jenkins.stop(&job("multi-input"), 1).await.unwrap();
    let error = jenkins.stop(&job("multi-input"), 1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Forbidden);
    assert!(error.message.contains("Job/Cancel"), "{}", error.message);
}

#[tokio::test]
async fn stop_is_not_done_when_it_leads_to_the_login() {
    let server = Server::start().await;
    server.on(
        "POST /job/x/1/stop",
        Played::new(302, "").header("location", "/login?from=%2Fjob%2Fx%2F1%2Fstop"),
    );
    let jenkins = Jenkins::new(&server.url, Some(&rita()), &quick()).unwrap();
    let error = jenkins.stop(&job("x"), 1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Unauthenticated);
}
