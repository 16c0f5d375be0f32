//! What every connector shares: redirects, repetition, bounds, and silence about secrets.

use crate::{
    jenkins_reading::{jenkins, job, rita},
    replay::{Played, Server, hang_up, quick, silence},
};
use interlock_app::ports::{BuildReader, BuildRunner, IdentityReader, QualityReader};
use interlock_connect_http::{GitLab, HttpOptions, Jenkins, SonarQube};
use interlock_domain::{FaultKind, Secret, SystemKind, build::QueueState};
use std::time::{Duration, Instant};

const ITEM: &str = "/queue/item/1/api/json";
const GOOD: &str = r#"{"_class":"hudson.model.Queue$LeftItem","cancelled":true}"#;

#[tokio::test]
async fn a_question_is_asked_again_after_passing_trouble() {
    for status in [429, 502, 503, 504] {
        let server = Server::start().await;
        let line = format!("GET {ITEM}");
        server
            .on(
                &line,
                Played::new(status, "later").header("retry-after", "0"),
            )
            .on(&line, Played::json(GOOD));
        let state = jenkins(&server.url).queue(1).await.unwrap();
        assert_eq!(state, QueueState::Cancelled);
        assert_eq!(server.asked().len(), 2, "{status}");
    }
}

#[tokio::test]
async fn repetition_ends_and_other_refusals_are_not_repeated() {
    for (status, kind, times) in [
        (429, FaultKind::Throttled, 3),
        (502, FaultKind::Unreachable, 3),
        (500, FaultKind::BadAnswer, 1),
        (401, FaultKind::Unauthenticated, 1),
        (403, FaultKind::Forbidden, 1),
        (418, FaultKind::Refused, 1),
    ] {
        let server = Server::start().await;
        server.otherwise(Played::new(status, "no"));
        let error = jenkins(&server.url).queue(1).await.unwrap_err();
        assert_eq!(
            (error.kind, server.asked().len()),
            (kind, times),
            "{status}"
        );
        assert_eq!(error.code.as_deref(), Some(status.to_string().as_str()));
    }
}

#[tokio::test]
async fn a_server_that_wants_a_long_pause_is_told_to_the_user_instead_of_waited_for() {
    let server = Server::start().await;
    server.otherwise(Played::new(429, "slow down").header("retry-after", "3600"));
    let begun = Instant::now();
    let error = jenkins(&server.url).queue(1).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert_eq!(error.kind, FaultKind::Throttled);
    assert_eq!(error.hint.as_deref(), Some("Try again in 3600 s."));
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_redirect_within_the_same_place_is_followed_with_the_credentials() {
    let server = Server::start().await;
    server
        .on(
            &format!("GET {ITEM}"),
            Played::new(302, "").header("location", "/moved/here"),
        )
        .on("GET /moved/here", Played::json(GOOD));
    let state = jenkins(&server.url).queue(1).await.unwrap();
    assert_eq!(state, QueueState::Cancelled);
    assert!(server.asked()[1].headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_redirect_to_another_place_is_never_followed() {
    let other = Server::start().await;
    other.otherwise(Played::json(GOOD));
    let server = Server::start().await;
    server.otherwise(Played::new(302, "").header("location", format!("{}/x", other.url)));
    let error = jenkins(&server.url).queue(1).await.unwrap_err();
    // The same host on another port: the address in the estate file is wrong.
    assert_eq!(error.kind, FaultKind::Refused);
    assert!(other.asked().is_empty());

    let server = Server::start().await;
    server.otherwise(Played::new(302, "").header("location", "https://sso.bank.example/start"));
    let error = jenkins(&server.url).queue(1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::CaptivePortal);
}

#[tokio::test]
async fn a_redirect_to_a_login_asks_for_a_login_and_a_circle_ends() {
    let server = Server::start().await;
    server.otherwise(Played::new(302, "").header("location", "/users/sign_in"));
    let error = jenkins(&server.url).queue(1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Unauthenticated);

    let server = Server::start().await;
    server.otherwise(Played::new(302, "").header("location", "/round"));
    let error = jenkins(&server.url).queue(1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::BadAnswer);
    assert!(server.asked().len() < 10);
}

#[tokio::test]
async fn an_answer_that_is_cut_short_is_a_bad_answer() {
    let (url, count) = hang_up(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{\"a\":",
    )
    .await;
    let error = jenkins(&url).queue(1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::BadAnswer);
    assert_eq!(*count.lock().unwrap(), 3);

    let server = Server::start().await;
    server.otherwise(Played::json(r#"{"_class":"hudson.model.Queue$Le"#));
    let error = jenkins(&server.url).queue(1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::BadAnswer);
    assert!(error.message.contains("cut short"), "{}", error.message);
}

#[tokio::test]
async fn a_server_that_is_silent_or_away_is_unreachable() {
    let error = jenkins(&silence().await).queue(1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Unreachable);
    assert!(error.message.contains("in time"), "{}", error.message);

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = jenkins(&url).queue(1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Unreachable);
    assert!(error.message.contains("no connection"), "{}", error.message);

    let (url, _) = hang_up(b"").await;
    let error = jenkins(&url).queue(1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Unreachable);
}

#[tokio::test]
async fn something_that_does_not_speak_http_is_unreachable() {
    let (url, _) = hang_up(b"SSH-2.0-OpenSSH_9.2\r\n").await;
    let error = jenkins(&url).queue(1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Unreachable);
}

#[tokio::test]
async fn threat_06_an_answer_over_the_budget_is_refused_and_of_a_log_the_end_is_kept() {
    let options = HttpOptions {
        max_body: 1_000,
        max_log: 1_000,
        ..quick()
    };
    let server = Server::start().await;
    let long = "line of the log\n".repeat(500);
    server.on(
        "GET /job/x/1/logText/progressiveText",
        Played::new(200, &long).header("x-text-size", long.len().to_string()),
    );
    server.otherwise(Played::json(format!("[{}1]", "1,".repeat(5_000))));
    let jenkins = Jenkins::new(&server.url, None, &options).unwrap();
    let error = jenkins.queue(1).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::BadAnswer);
    let chunk = jenkins.log(&job("x"), 1, 0).await.unwrap();
    assert_eq!(chunk.next, long.len() as u64);
    assert!(chunk.text.len() < 1_200 && chunk.text.ends_with("line of the log\n"));
    assert!(chunk.text.contains("left out here"));
}

#[tokio::test]
async fn threat_11_no_error_shows_the_token_even_when_the_server_repeats_it() {
    let secret = "11f00ba2-token";
    let basic = "cml0YToxMWYwMGJhMi10b2tlbg==";
    let echo = format!("you sent {secret} or {basic}");
    let pages = [
        Played::new(400, "").header("x-error", &echo),
        Played::new(403, "").header("x-required-permission", &echo),
        Played::new(401, format!(r#"{{"message":"{echo}"}}"#)),
        Played::new(
            403,
            format!(r#"{{"error":"insufficient_scope","scope":"{echo}"}}"#),
        ),
        Played::new(200, format!("<html><title>{echo}</title>")),
        Played::json(format!(r#""{echo}""#)),
        Played::new(302, "").header("location", format!("https://{secret}.example/")),
    ];
    for page in pages {
        let server = Server::start().await;
        server.otherwise(page);
        let sonar = SonarQube::new(&server.url, Some(&Secret::new(secret)), &quick()).unwrap();
        let gitlab = GitLab::new(&server.url, Some(&Secret::new(secret)), &quick()).unwrap();
        let errors = [
            jenkins(&server.url).queue(1).await.unwrap_err(),
            jenkins(&server.url).stop(&job("x"), 1).await.unwrap_err(),
            sonar.gate("p").await.unwrap_err(),
            gitlab.identities().await.remove(0).unwrap_err(),
        ];
        for error in errors {
            let shown = format!("{error:?} {error}");
            assert!(!shown.contains(secret), "{shown}");
            // Only Jenkins knows the user name in these credentials.
            let known = error.system == SystemKind::Jenkins;
            assert!(!(known && shown.contains(basic)), "{shown}");
        }
    }
}

#[test]
fn a_connector_never_prints_its_token() {
    let jenkins = Jenkins::new("http://127.0.0.1:9", Some(&rita()), &quick()).unwrap();
    let shown = format!("{jenkins:?}");
    assert!(
        !shown.contains("11f00ba2") && !shown.contains("cml0YTo"),
        "{shown}"
    );
}

#[test]
fn addresses_and_certificates_that_cannot_work_are_refused_at_once() {
    for address in [
        "ci.bank.example",
        "ftp://ci",
        "https://user:hunter2@ci.example",
    ] {
        let error = Jenkins::new(address, None, &quick()).unwrap_err();
        assert_eq!(error.kind, FaultKind::Refused, "{address}");
        assert!(!error.message.contains("hunter2"));
    }
    let options = HttpOptions {
        extra_ca: Some(b"not PEM".to_vec()),
        ..quick()
    };
    let error = Jenkins::new("https://ci.bank.example", None, &options).unwrap_err();
    assert!(error.hint.unwrap().contains("`ca`"));
}
