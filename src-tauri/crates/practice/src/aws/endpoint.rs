//! The HTTP side: who asks, in which account and region, and the protocol's view of faults.

use super::api::{self, Ask};
use super::error::{AwsError, AwsResult};
use super::estate::Site;
use super::iam::Principal;
use super::query::Fields;
use super::sigv4::Authorization;
use super::{Cloud, scope, xml};
use crate::clock::PracticeClock;
use crate::server::{Call, Protocol, Refusal};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;

/// The query protocol as logging and faults see it.
pub struct QueryProtocol {
    /// The accounts.
    pub cloud: Cloud,
}

fn service_of(parts: &Parts) -> String {
    match Authorization::of(parts) {
        Ok(authorization) => authorization.service,
        Err(_) => "unsigned".to_owned(),
    }
}

impl Protocol for QueryProtocol {
    fn call(&self, parts: &Parts, body: &[u8]) -> Call {
        let operation = Fields::parse(body)
            .get("Action")
            .unwrap_or_default()
            .to_owned();
        let Ok(authorization) = Authorization::of(parts) else {
            return Call {
                service: service_of(parts),
                scope: String::new(),
                operation,
                who: String::new(),
            };
        };
        let principal = self.cloud.principal(&authorization.access_key_id);
        Call {
            scope: principal.as_ref().map_or_else(String::new, |principal| {
                format!("{}/{}", principal.account(), authorization.region)
            }),
            who: principal.map_or(authorization.access_key_id, |principal| principal.arn()),
            service: authorization.service,
            operation,
        }
    }

    fn refusal(&self, call: &Call, refusal: &Refusal) -> Response<Body> {
        let error = match refusal {
            Refusal::Throttled => AwsError::new("Throttling", "Rate exceeded"),
            Refusal::ExpiredCredentials => expired(),
            Refusal::Unavailable => AwsError::with_status(
                "ServiceUnavailable",
                "Service is unable to handle request.",
                StatusCode::SERVICE_UNAVAILABLE,
            ),
            Refusal::Error { code, status } => AwsError::with_status(
                code,
                "The practice estate was asked for this error.",
                *status,
            ),
        };
        xml::refusal(api::namespace(&call.service), &error)
    }
}

fn expired() -> AwsError {
    AwsError::forbidden(
        "ExpiredToken",
        "The security token included in the request is expired",
    )
}

fn invalid_token() -> AwsError {
    AwsError::forbidden(
        "InvalidClientTokenId",
        "The security token included in the request is invalid.",
    )
}

/// Returns the router of the endpoint.
pub fn router(cloud: Cloud) -> Router {
    Router::new().fallback(answer).with_state(cloud)
}

async fn answer(State(cloud): State<Cloud>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        return Response::new(Body::empty());
    };
    let body = body.to_bytes();
    let namespace = api::namespace(&service_of(&parts));
    match handle(&cloud, &parts, &body) {
        Ok((answer, false)) => answer,
        Ok((answer, true)) => {
            cloud.flush().await;
            answer
        }
        Err(error) if parts.headers.contains_key("x-amz-target") => json_refusal(&error),
        Err(error) => xml::refusal(namespace, &error),
    }
}

/// Returns a refusal as the services say it that speak JSON, none of which is served here.
fn json_refusal(error: &AwsError) -> Response<Body> {
    let text = serde_json::json!({ "__type": error.code, "message": error.message });
    let mut response = Response::new(Body::from(text.to_string()));
    *response.status_mut() = error.status;
    response.headers_mut().insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/x-amz-json-1.0"),
    );
    response
}

fn handle(cloud: &Cloud, parts: &Parts, body: &[u8]) -> AwsResult<(Response<Body>, bool)> {
    let authorization = Authorization::of(parts)?;
    let fields = if body.is_empty() {
        Fields::parse(parts.uri.query().unwrap_or_default().as_bytes())
    } else {
        Fields::parse(body)
    };
    scope::check(&authorization, &fields)?;
    let principal = authenticate(cloud, &authorization, parts, body)?;
    let ask = Ask {
        cloud,
        site: Site::new(principal.account(), &authorization.region),
        fields,
        principal,
        now: cloud.now(),
    };
    api::handle(&ask, &authorization.service)
}

fn authenticate(
    cloud: &Cloud,
    authorization: &Authorization,
    parts: &Parts,
    body: &[u8],
) -> AwsResult<Principal> {
    let principal = cloud
        .principal(&authorization.access_key_id)
        .ok_or_else(invalid_token)?;
    let (secret, token) = match &principal {
        Principal::User(holder) => (&holder.secret_access_key, None),
        Principal::Session(session) => (&session.secret_access_key, Some(&session.token)),
    };
    let given = parts
        .headers
        .get("x-amz-security-token")
        .and_then(|value| value.to_str().ok());
    if given != token.map(String::as_str) {
        return Err(invalid_token());
    }
    authorization.verify(parts, body, secret, PracticeClock::real_now())?;
    match &principal {
        Principal::Session(session) if session.expires_at <= PracticeClock::real_now() => {
            Err(expired())
        }
        _ => Ok(principal),
    }
}
