//! What a client sees of each fault, on a real connection.

use super::door::plain;
use super::*;
use crate::faults::{FaultKind, FaultRule};
use axum::body::Body;
use axum::routing::{get, post};
use http::request::Parts;
use http::{Response, StatusCode};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

struct Plain;

impl Protocol for Plain {
    fn call(&self, parts: &Parts, _: &[u8]) -> Call {
        Call {
            service: "test".to_owned(),
            scope: String::new(),
            operation: parts.uri.path().to_owned(),
            who: String::new(),
        }
    }

    fn refusal(&self, _: &Call, _: &Refusal) -> Response<Body> {
        plain(StatusCode::IM_A_TEAPOT, "refused")
    }
}

async fn exchange(kind: Option<FaultKind>) -> (std::io::Result<String>, u32, Shared) {
    let shared = Shared::default();
    if let Some(kind) = kind {
        shared.faults.add(FaultRule {
            id: 0,
            service: "test".to_owned(),
            operation: "*".to_owned(),
            scope: None,
            kind,
            times: Some(1),
            probability: None,
        });
    }
    let actions = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&actions);
    let router = |_| {
        Router::new().route(
            "/act",
            post(move || async move {
                counter.fetch_add(1, Ordering::SeqCst);
                "0123456789"
            }),
        )
    };
    let server = Server::start(0, shared.clone(), Arc::new(Plain), router)
        .await
        .unwrap();
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream
        .write_all(
            b"POST /act HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
        )
        .await
        .unwrap();
    let mut text = Vec::new();
    let outcome = stream.read_to_end(&mut text).await;
    let text = outcome.map(|_| String::from_utf8_lossy(&text).into_owned());
    (text, actions.load(Ordering::SeqCst), shared)
}

#[tokio::test]
async fn without_a_fault_the_answer_arrives_and_is_logged() {
    let (text, actions, shared) = exchange(None).await;
    assert!(text.unwrap().ends_with("0123456789"));
    assert_eq!(actions, 1);
    let log = shared.requests.entries();
    assert_eq!(log.len(), 1);
    assert_eq!(
        (log[0].operation.as_str(), log[0].status),
        ("/act", Some(200))
    );
}

#[tokio::test]
async fn a_dropped_reply_acts_once_and_says_nothing() {
    let (text, actions, shared) = exchange(Some(FaultKind::DropReplyAfterAction)).await;
    assert_eq!(text.unwrap(), "");
    assert_eq!(actions, 1);
    assert_eq!(shared.requests.entries()[0].status, None);
}

#[tokio::test]
async fn a_reset_does_nothing_and_is_seen_as_one() {
    let (text, actions, _) = exchange(Some(FaultKind::Reset)).await;
    assert_eq!(
        text.unwrap_err().kind(),
        std::io::ErrorKind::ConnectionReset
    );
    assert_eq!(actions, 0);
}

#[tokio::test]
async fn a_truncated_answer_has_the_length_of_its_half() {
    let (text, actions, _) = exchange(Some(FaultKind::Truncate)).await;
    let text = text.unwrap();
    assert!(
        text.contains("content-length: 5") && text.ends_with("\r\n\r\n01234"),
        "{text}"
    );
    assert_eq!(actions, 1);
}

#[tokio::test]
async fn a_refusal_is_in_the_servers_own_words_and_does_nothing() {
    let (text, actions, _) = exchange(Some(FaultKind::Throttle)).await;
    assert!(text.unwrap().starts_with("HTTP/1.1 418"));
    assert_eq!(actions, 0);
}

#[tokio::test]
async fn a_login_page_comes_with_status_200() {
    let (text, actions, _) = exchange(Some(FaultKind::HtmlLogin200)).await;
    let text = text.unwrap();
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("text/html"));
    assert_eq!(actions, 0);
}

/// Says something to a server whose one address panics, and returns its answer.
async fn said_to_one_that_fails(request: &str) -> String {
    let router = |_| Router::new().route("/panic", get(|| async { panic!("on purpose") as &str }));
    let patience = Patience {
        head: Duration::from_millis(200),
        body: Duration::from_millis(50),
    };
    let server = Server::start_with(patience, 0, Shared::default(), Arc::new(Plain), router)
        .await
        .unwrap();
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn a_failure_of_the_server_is_an_answer_too() {
    let text =
        said_to_one_that_fails("GET /panic HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(text.starts_with("HTTP/1.1 500"), "{text}");
}

#[tokio::test]
async fn no_server_is_a_proxy() {
    let text =
        said_to_one_that_fails("CONNECT x:1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            .await;
    assert!(text.starts_with("HTTP/1.1 405"), "{text}");
}

#[tokio::test]
async fn a_request_that_never_ends_is_given_up() {
    let text = said_to_one_that_fails("GET /panic HTT").await;
    assert_eq!(text, "");
    let text =
        said_to_one_that_fails("POST /panic HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\na")
            .await;
    assert!(text.starts_with("HTTP/1.1 408"), "{text}");
}
