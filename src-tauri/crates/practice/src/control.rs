//! The control address: faults, the clock, people, drift, reset and the request log, as JSON on loopback.
//!
//! It has no authentication, because whoever reaches loopback owns the practice estate anyway.

use crate::faults::FaultRule;
use crate::server::{Call, Protocol, Refusal, Server};
use crate::{Context, PracticeError};
use axum::body::Body;
use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Router, response::IntoResponse};
use http::request::Parts;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use hyper::body::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

struct Control;

impl Protocol for Control {
    fn call(&self, parts: &Parts, _: &[u8]) -> Call {
        Call {
            service: "control".to_owned(),
            operation: format!("{} {}", parts.method, parts.uri.path()),
            who: String::new(),
        }
    }

    fn refusal(&self, _: &Call, _: &Refusal) -> Response<Body> {
        refuse("The control address has no faults.")
    }
}

/// Serves the control address.
pub async fn serve(context: &Context, port: u16) -> Result<Server, PracticeError> {
    // The control address stays quick and honest whatever faults are in force.
    let mut own = context.clone();
    own.shared.faults = crate::faults::Faults::default();
    own.shared.requests = crate::server::RequestLog::default();
    own.shared.latency = None;
    let router = Router::new()
        .route("/status", get(status))
        .route("/faults", get(faults).post(add_fault).delete(remove_faults))
        .route("/clock", get(clock).post(advance))
        .route("/requests", get(requests).delete(forget_requests))
        .with_state(context.clone());
    own.serve("control address", port, Arc::new(Control), |_| router)
        .await
}

fn answer(value: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn refuse(message: &str) -> Response<Body> {
    let mut response = answer(&json!({ "error": message }));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

async fn status(State(context): State<Context>) -> Response<Body> {
    answer(&json!({
        "now": context.shared.clock.now().to_string(),
        "pace": context.pace,
        "faults": context.shared.faults.list().len(),
        "requests": context.shared.requests.entries().len(),
    }))
}

async fn faults(State(context): State<Context>) -> Response<Body> {
    answer(&json!({ "faults": context.shared.faults.list() }))
}

async fn add_fault(State(context): State<Context>, body: Bytes) -> Response<Body> {
    match serde_json::from_slice::<FaultRule>(&body) {
        Ok(rule) => answer(&json!({ "id": context.shared.faults.add(rule) })),
        Err(error) => refuse(&format!("This is no fault rule: {error}.")),
    }
}

#[derive(Deserialize)]
struct WhichFault {
    id: Option<u64>,
}

async fn remove_faults(
    State(context): State<Context>,
    Query(which): Query<WhichFault>,
) -> impl IntoResponse {
    match which.id {
        None => context.shared.faults.clear(),
        Some(id) if context.shared.faults.remove(id) => {}
        Some(id) => return refuse(&format!("There is no fault rule {id}.")),
    }
    answer(&json!({}))
}

async fn clock(State(context): State<Context>) -> Response<Body> {
    let clock = &context.shared.clock;
    answer(&json!({
        "now": clock.now().to_string(),
        "offset_seconds": clock.offset_millis() / 1000,
    }))
}

#[derive(Deserialize)]
struct Advance {
    advance_seconds: f64,
}

async fn advance(State(context): State<Context>, body: Bytes) -> Response<Body> {
    let wanted = serde_json::from_slice::<Advance>(&body)
        .ok()
        .and_then(|wanted| Duration::try_from_secs_f64(wanted.advance_seconds).ok());
    let Some(by) = wanted else {
        return refuse(
            "Say how far to move the clock: {\"advance_seconds\": 60}. It only moves forward.",
        );
    };
    context.shared.clock.advance(by);
    context.state.touch();
    clock(State(context)).await
}

async fn requests(State(context): State<Context>) -> Response<Body> {
    answer(&json!({ "requests": context.shared.requests.entries() }))
}

async fn forget_requests(State(context): State<Context>) -> Response<Body> {
    context.shared.requests.clear();
    answer(&json!({}))
}
