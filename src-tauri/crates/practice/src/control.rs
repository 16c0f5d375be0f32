//! The control address: faults, the clock, people, drift, reset and the request log, as JSON on loopback.
//!
//! It has no authentication, because whoever reaches loopback owns the practice estate anyway.

use crate::aws::{CloudError, FailureRule, SeedDrift};
use crate::bank::Bank;
use crate::faults::FaultRule;
use crate::jenkins::Jenkins;
use crate::people;
use crate::server::{Call, Protocol, Refusal, Server};
use crate::{Context, PracticeError};
use axum::body::Body;
use axum::extract::{Query, State};
use axum::routing::{get, post};
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
            scope: String::new(),
            operation: format!("{} {}", parts.method, parts.uri.path()),
            who: String::new(),
        }
    }

    fn refusal(&self, _: &Call, _: &Refusal) -> Response<Body> {
        refuse("The control address has no faults.")
    }
}

/// What the control address has in its hands.
#[derive(Clone)]
struct Desk {
    context: Context,
    bank: Arc<Bank>,
    jenkins: Jenkins,
    addresses: Value,
}

/// Serves the control address.
pub async fn serve(
    context: &Context,
    port: u16,
    bank: Arc<Bank>,
    jenkins: Jenkins,
    addresses: Value,
) -> Result<Server, PracticeError> {
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
        .route("/people", get(people))
        .route("/drift", post(drift))
        .route("/failures", post(fail_next))
        .route("/sessions", axum::routing::delete(end_sessions))
        .route("/reset", post(reset))
        .with_state(Desk {
            context: context.clone(),
            bank,
            jenkins,
            addresses,
        });
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

async fn status(State(desk): State<Desk>) -> Response<Body> {
    let context = &desk.context;
    answer(&json!({
        "addresses": desk.addresses,
        "now": context.shared.clock.now().to_string(),
        "pace": context.pace,
        "faults": context.shared.faults.list().len(),
        "requests": context.shared.requests.entries().len(),
    }))
}

async fn faults(State(desk): State<Desk>) -> Response<Body> {
    answer(&json!({ "faults": desk.context.shared.faults.list() }))
}

async fn add_fault(State(desk): State<Desk>, body: Bytes) -> Response<Body> {
    match serde_json::from_slice::<FaultRule>(&body) {
        Ok(rule) => answer(&json!({ "id": desk.context.shared.faults.add(rule) })),
        Err(error) => refuse(&format!("This is no fault rule: {error}.")),
    }
}

#[derive(Deserialize)]
struct WhichFault {
    id: Option<u64>,
}

async fn remove_faults(
    State(desk): State<Desk>,
    Query(which): Query<WhichFault>,
) -> impl IntoResponse {
    match which.id {
        None => desk.context.shared.faults.clear(),
        Some(id) if desk.context.shared.faults.remove(id) => {}
        Some(id) => return refuse(&format!("There is no fault rule {id}.")),
    }
    answer(&json!({}))
}

async fn clock(State(desk): State<Desk>) -> Response<Body> {
    let clock = &desk.context.shared.clock;
    answer(&json!({
        "now": clock.now().to_string(),
        "offset_seconds": clock.offset_millis() / 1000,
    }))
}

#[derive(Deserialize)]
struct Advance {
    advance_seconds: f64,
}

async fn advance(State(desk): State<Desk>, body: Bytes) -> Response<Body> {
    let wanted = serde_json::from_slice::<Advance>(&body)
        .ok()
        .and_then(|wanted| Duration::try_from_secs_f64(wanted.advance_seconds).ok());
    let Some(by) = wanted else {
        return refuse(
            "Say how far to move the clock: {\"advance_seconds\": 60}. It only moves forward.",
        );
    };
    desk.context.shared.clock.advance(by);
    desk.context.state.touch();
    clock(State(desk)).await
}

async fn requests(State(desk): State<Desk>) -> Response<Body> {
    answer(&json!({ "requests": desk.context.shared.requests.entries() }))
}

async fn forget_requests(State(desk): State<Desk>) -> Response<Body> {
    desk.context.shared.requests.clear();
    answer(&json!({}))
}

async fn people(State(_): State<Desk>) -> Response<Body> {
    let all: Vec<Value> = people::people()
        .iter()
        .map(|person| {
            json!({
                "id": person.id,
                "name": person.name,
                "email": person.email,
                "role": person.role.word(),
                "aws_access_key_id": person.aws_access_key_id,
                "aws_secret_access_key": person.aws_secret_access_key,
                "jenkins_token": person.jenkins_token,
                "gitlab_token": person.gitlab_token,
                "sonarqube_token": person.sonarqube_token,
            })
        })
        .collect();
    answer(&json!({ "people": all }))
}

#[derive(Deserialize)]
struct WhereDrift {
    account: String,
    region: String,
    stack: String,
    #[serde(flatten)]
    drift: SeedDrift,
}

async fn drift(State(desk): State<Desk>, body: Bytes) -> Response<Body> {
    let wanted = match serde_json::from_slice::<WhereDrift>(&body) {
        Ok(wanted) => wanted,
        Err(error) => return refuse(&format!("This is no drift: {error}.")),
    };
    let cloud = &desk.context.cloud;
    match cloud.drift(&wanted.account, &wanted.region, &wanted.stack, wanted.drift) {
        Ok(()) => answer(&json!({})),
        Err(CloudError::NoChanges(message) | CloudError::Refused { message, .. }) => {
            refuse(&message)
        }
    }
}

async fn fail_next(State(desk): State<Desk>, body: Bytes) -> Response<Body> {
    match serde_json::from_slice::<FailureRule>(&body) {
        Ok(rule) => {
            desk.context.cloud.fail_next(rule);
            answer(&json!({}))
        }
        Err(error) => refuse(&format!("This is no failure: {error}.")),
    }
}

/// Ends every AWS session, as if its time had come.
async fn end_sessions(State(desk): State<Desk>) -> Response<Body> {
    desk.context.cloud.end_sessions();
    answer(&json!({}))
}

/// Brings everything back to the first start; addresses and people stay.
async fn reset(State(desk): State<Desk>) -> Response<Body> {
    let context = &desk.context;
    context.shared.faults.clear();
    context.shared.requests.clear();
    context.shared.clock.set_offset_millis(0);
    context.cloud.clear();
    desk.jenkins.forget();
    let populated = crate::populate(context, &desk.bank);
    context.state.touch();
    match populated {
        Ok(()) => answer(&json!({})),
        Err(error) => refuse(&error.to_string()),
    }
}
