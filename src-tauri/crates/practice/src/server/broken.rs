//! Answers that are broken on purpose: a stranger's page, half a body, a connection that fails in the middle.

use super::door::OnPurpose;
use axum::body::Body;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::{HeaderValue, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as HttpBody, Bytes, Frame};
use std::pin::Pin;
use std::task::{Context, Poll};

pub(super) fn login_page() -> Response<Body> {
    let page = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>\
                <h1>Andes Bank guest network</h1><form method=\"post\" action=\"/login\">\
                <label>User <input name=\"user\"></label>\
                <label>Password <input name=\"password\" type=\"password\"></label>\
                <button>Sign in</button></form></body></html>\n";
    let mut response = Response::new(Body::from(page));
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}

async fn read(response: Response<Body>) -> (http::response::Parts, Bytes) {
    let (parts, body) = response.into_parts();
    let bytes = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes);
    (parts, bytes.unwrap_or_default())
}

pub(super) async fn truncate(response: Response<Body>) -> Response<Body> {
    let (mut parts, bytes) = read(response).await;
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.remove(TRANSFER_ENCODING);
    let half = bytes.slice(..bytes.len() / 2);
    Response::from_parts(parts, Body::from(half))
}

pub(super) async fn cut(response: Response<Body>) -> Response<Body> {
    let (mut parts, bytes) = read(response).await;
    parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let half = Full::new(bytes.slice(..bytes.len() / 2));
    Response::from_parts(parts, Body::new(Half { half, polls: 0 }))
}

/// The first half of an answer, then a failure.
struct Half {
    half: Full<Bytes>,
    polls: u8,
}

impl HttpBody for Half {
    type Data = Bytes;
    type Error = OnPurpose;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, OnPurpose>>> {
        self.polls += 1;
        match self.polls {
            1 => Pin::new(&mut self.half)
                .poll_frame(context)
                .map_err(|never| match never {}),
            // Gives the connection the occasion to send the half before it fails.
            2 => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            _ => Poll::Ready(Some(Err(OnPurpose))),
        }
    }
}
