//! The door of a server: reads a request, logs it, applies faults, and hands it to the router.

use super::broken::{cut, login_page, truncate};
use super::{Call, LoggedRequest, Patience, Protocol, Refusal, Shared};
use crate::faults::FaultKind;
use axum::Router;
use axum::body::Body;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Bytes, Incoming};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tower_service::Service as _;

/// Largest request that a practice server reads.
const REQUEST_LIMIT: usize = 32 * 1024 * 1024;
/// Why a connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection ends here on purpose")]
pub(super) struct OnPurpose;

/// Stands between a connection and a server's router.
#[derive(Clone)]
pub(super) struct Door {
    pub shared: Shared,
    pub protocol: Arc<dyn Protocol>,
    pub router: Router,
    pub patience: Patience,
}

impl Door {
    /// Answers a request, or ends its connection on purpose.
    pub async fn answer(
        self,
        request: Request<Incoming>,
        is_reset: &AtomicBool,
    ) -> Result<Response<Body>, OnPurpose> {
        let (parts, body) = request.into_parts();
        if parts.method == Method::CONNECT {
            return Ok(plain(StatusCode::METHOD_NOT_ALLOWED, "This is no proxy."));
        }
        let body = match read(body, self.patience.body).await {
            Ok(body) => body,
            Err(refusal) => return Ok(refusal),
        };
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
        // A task of its own: whatever goes wrong in it, the caller gets an answer.
        match tokio::spawn(self.router.clone().call(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(error) => {
                tracing::error!(%error, "a practice server failed at a request");
                plain(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "The practice server failed.",
                )
            }
        }
    }
}

/// Reads the whole body of a request, or says why not.
async fn read(body: Incoming, time: Duration) -> Result<Bytes, Response<Body>> {
    let whole = Limited::new(body, REQUEST_LIMIT).collect();
    match tokio::time::timeout(time, whole).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(_)) => Err(plain(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The request is too large.",
        )),
        Err(_) => Err(plain(
            StatusCode::REQUEST_TIMEOUT,
            "The request did not arrive in time.",
        )),
    }
}

/// An answer of the door itself.
pub(super) fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
}
