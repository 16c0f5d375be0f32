//! One HTTP/1.1 server on loopback: accepts, logs, applies faults, and hands the request to a router.
//!
//! Every practice server (AWS, Jenkins, SonarQube, GitLab, control) is started here, so that latency, lost replies and
//! the request log behave alike everywhere. Connections are served by hyper itself, because a reply that is dropped
//! after the action needs the connection to end without an answer.

mod broken;
mod wire;

use crate::clock::PracticeClock;
use crate::faults::{FaultKind, Faults};
use axum::Router;
use axum::body::Body;
use broken::{cut, login_page, truncate};
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower_service::Service as _;
use wire::Wire;

/// Largest request that a practice server reads.
const REQUEST_LIMIT: usize = 32 * 1024 * 1024;
/// How many requests the log keeps.
const LOG_LENGTH: usize = 2_000;

/// What a server knows about a request before it handles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Service name that fault rules use.
    pub service: String,
    /// Part of the service that fault rules use: `ACCOUNT/REGION` of AWS, empty elsewhere.
    pub scope: String,
    /// Operation name that fault rules use.
    pub operation: String,
    /// Who asks, as far as the request says; not verified.
    pub who: String,
}

/// What a fault makes a server say, to be put into the server's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Asked too often.
    Throttled,
    /// A given error.
    Error {
        /// Code.
        code: String,
        /// HTTP status.
        status: StatusCode,
    },
    /// The credentials have expired.
    ExpiredCredentials,
    /// Down for maintenance, 503.
    Unavailable,
}

/// The protocol of one server, as far as logging and faults need it.
pub trait Protocol: Send + Sync + 'static {
    /// Names a request.
    fn call(&self, parts: &Parts, body: &[u8]) -> Call;

    /// Writes a refusal.
    fn refusal(&self, call: &Call, refusal: &Refusal) -> Response<Body>;
}

/// One entry of the request log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoggedRequest {
    /// Practice time at which it arrived.
    pub at: String,
    /// Service.
    pub service: String,
    /// Part of the service.
    pub scope: String,
    /// Operation.
    pub operation: String,
    /// Who asked.
    pub who: String,
    /// HTTP status; absent when no answer was sent.
    pub status: Option<u16>,
    /// Fault that was applied.
    pub fault: Option<FaultKind>,
}

/// The latest requests to all servers; clones share it.
#[derive(Debug, Clone, Default)]
pub struct RequestLog {
    entries: Arc<Mutex<VecDeque<LoggedRequest>>>,
}

impl RequestLog {
    /// Returns the logged requests, oldest first.
    pub fn entries(&self) -> Vec<LoggedRequest> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().cloned().collect()
    }

    /// Forgets every request.
    pub fn clear(&self) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.clear();
    }

    fn push(&self, entry: LoggedRequest) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == LOG_LENGTH {
            entries.pop_front();
        }
        entries.push_back(entry);
    }
}

/// What all servers of an estate share.
#[derive(Debug, Clone, Default)]
pub struct Shared {
    /// The clock.
    pub clock: PracticeClock,
    /// Faults on demand.
    pub faults: Faults,
    /// The request log.
    pub requests: RequestLog,
    /// Latency of every answer, for measurements.
    pub latency: Option<Duration>,
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: CancellationToken,
}

impl Server {
    /// Binds a loopback port (0 = any free one) and serves a router on it until it is stopped.
    ///
    /// The router is made once the address is known, because some servers write their own address into answers.
    pub async fn start(
        port: u16,
        shared: Shared,
        protocol: Arc<dyn Protocol>,
        router: impl FnOnce(SocketAddr) -> Router,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let door = Door {
            shared,
            protocol,
            router: router(address),
        };
        tokio::spawn(accept(listener, door, stop.clone()));
        Ok(Self { address, stop })
    }

    /// Returns where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the base address, without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops the server; open connections are closed.
    pub fn stop(&self) {
        self.stop.cancel();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn accept(listener: TcpListener, door: Door, stop: CancellationToken) {
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a practice server could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        tokio::spawn(connection(stream, door.clone(), stop.clone()));
    }
}

async fn connection(stream: TcpStream, door: Door, stop: CancellationToken) {
    let _ = stream.set_nodelay(true);
    let is_reset = Arc::new(AtomicBool::new(false));
    let wire = Wire {
        stream,
        is_reset: Arc::clone(&is_reset),
    };
    let service = service_fn(move |request| {
        let door = door.clone();
        let is_reset = Arc::clone(&is_reset);
        async move { door.answer(request, &is_reset).await }
    });
    let served =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(wire), service);
    tokio::select! {
        () = stop.cancelled() => {}
        ended = served => {
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection to a practice server ended");
            }
        }
    }
}

/// Why a connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection ends here on purpose")]
struct OnPurpose;

#[derive(Clone)]
struct Door {
    shared: Shared,
    protocol: Arc<dyn Protocol>,
    router: Router,
}

impl Door {
    async fn answer(
        self,
        request: Request<Incoming>,
        is_reset: &AtomicBool,
    ) -> Result<Response<Body>, OnPurpose> {
        let (parts, body) = request.into_parts();
        let Ok(body) = Limited::new(body, REQUEST_LIMIT).collect().await else {
            return Ok(plain(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The request is too large.",
            ));
        };
        let body = body.to_bytes();
        let call = self.protocol.call(&parts, &body);
        let verdict = self
            .shared
            .faults
            .consult(&call.service, &call.scope, &call.operation);
        let mut entry = LoggedRequest {
            at: self.shared.clock.now().to_string(),
            service: call.service.clone(),
            scope: call.scope.clone(),
            operation: call.operation.clone(),
            who: call.who.clone(),
            status: None,
            fault: verdict.fault.clone(),
        };
        let wait =
            self.shared.latency.unwrap_or_default() + Duration::from_millis(verdict.latency_millis);
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        let answer = self
            .answer_with(verdict.fault, &call, parts, body, is_reset)
            .await;
        entry.status = answer.as_ref().ok().map(|a| a.status().as_u16());
        self.shared.requests.push(entry);
        answer
    }

    async fn answer_with(
        &self,
        fault: Option<FaultKind>,
        call: &Call,
        parts: Parts,
        body: Bytes,
        is_reset: &AtomicBool,
    ) -> Result<Response<Body>, OnPurpose> {
        let refusal = match fault {
            None | Some(FaultKind::Latency { .. }) => return Ok(self.handle(parts, body).await),
            Some(FaultKind::Reset) => {
                is_reset.store(true, Ordering::SeqCst);
                return Err(OnPurpose);
            }
            Some(FaultKind::DropReplyAfterAction) => {
                let _performed = self.handle(parts, body).await;
                return Err(OnPurpose);
            }
            Some(FaultKind::Truncate) => return Ok(truncate(self.handle(parts, body).await).await),
            Some(FaultKind::Cut) => return Ok(cut(self.handle(parts, body).await).await),
            Some(FaultKind::HtmlLogin200) => return Ok(login_page()),
            Some(FaultKind::Throttle) => Refusal::Throttled,
            Some(FaultKind::ExpiredCredentials) => Refusal::ExpiredCredentials,
            Some(FaultKind::Unavailable503) => Refusal::Unavailable,
            Some(FaultKind::Error { code, status }) => Refusal::Error {
                code,
                status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            },
        };
        Ok(self.protocol.refusal(call, &refusal))
    }

    async fn handle(&self, parts: Parts, body: Bytes) -> Response<Body> {
        let request = Request::from_parts(parts, Body::from(body));
        let answered: Result<_, Infallible> = self.router.clone().call(request).await;
        answered.unwrap_or_else(|never| match never {})
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::FaultRule;
    use axum::routing::post;
    use std::sync::atomic::AtomicU32;
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
}
