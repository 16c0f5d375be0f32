//! Requests and replies as the practice GitLab and SonarQube handle them: a path in pieces, fields,
//! and a body of JSON, off the async threads because answers read Git repositories.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use serde_json::Value;
use std::{fmt::Write as _, sync::Arc};

/// Largest form that is read.
const FORM_LIMIT: usize = 1024 * 1024;

/// A request in pieces.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Method; HEAD arrives as GET.
    pub method: Method,
    /// Decoded pieces of the path.
    pub path: Vec<String>,
    /// Fields of the query and of a form, decoded, in order.
    pub fields: Vec<(String, String)>,
    /// Headers.
    pub headers: HeaderMap,
}

impl Request {
    fn new(parts: &http::request::Parts, body: &[u8]) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        let is_form = parts
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|value| value.as_bytes().starts_with(b"application/x-www-form"));
        let form = if is_form { body } else { b"" };
        let fields = url::form_urlencoded::parse(query.as_bytes())
            .chain(url::form_urlencoded::parse(form))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        Self {
            method: if parts.method == Method::HEAD {
                Method::GET
            } else {
                parts.method.clone()
            },
            path: path(parts),
            fields,
            headers: parts.headers.clone(),
        }
    }

    /// The first field of this name that is not empty.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The words of a comma-separated field.
    pub fn words(&self, name: &str) -> Vec<&str> {
        self.field(name)
            .map(|text| text.split(',').map(str::trim).collect())
            .unwrap_or_default()
    }
}

/// A header as text.
pub(crate) fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Decoded pieces of a request's path.
pub(crate) fn path(parts: &http::request::Parts) -> Vec<String> {
    parts
        .uri
        .path()
        .split('/')
        .filter(|piece| !piece.is_empty())
        .map(decoded)
        .collect()
}

/// Undoes percent encoding; bytes that are not UTF-8 become replacement characters.
fn decoded(piece: &str) -> String {
    let bytes = piece.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        out.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Percent-encodes everything but unreserved characters.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// A reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Headers beyond the usual.
    pub headers: Vec<(&'static str, String)>,
    /// Media type and content; none for an empty body.
    pub body: Option<(&'static str, Vec<u8>)>,
}

impl Reply {
    /// 200 with JSON.
    pub fn json(value: &Value) -> Self {
        Self::status(StatusCode::OK, value)
    }

    /// A status with JSON.
    pub fn status(status: StatusCode, value: &Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Some(("application/json", value.to_string().into_bytes())),
        }
    }

    /// A status with nothing.
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: None,
        }
    }

    /// 200 with text.
    pub fn text(media_type: &'static str, text: impl Into<Vec<u8>>) -> Self {
        Self {
            status: StatusCode::OK,
            headers: Vec::new(),
            body: Some((media_type, text.into())),
        }
    }

    /// Adds a header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same as an HTTP response.
    pub fn into_response(self) -> Response<Body> {
        let (media_type, body) = self.body.unwrap_or(("", Vec::new()));
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if !media_type.is_empty() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.append(name, value);
            }
        }
        response
    }
}

/// A router that gives every request to one function.
pub(crate) fn router(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Router {
    let answer = Arc::new(answer);
    Router::new().fallback(move |request: http::Request<Body>| {
        let answer = Arc::clone(&answer);
        async move {
            let (parts, body) = request.into_parts();
            let body: Bytes = match to_bytes(body, FORM_LIMIT).await {
                Ok(body) => body,
                Err(_) => return Reply::empty(StatusCode::PAYLOAD_TOO_LARGE).into_response(),
            };
            let task = tokio::task::spawn_blocking(move || answer(&Request::new(&parts, &body)));
            task.await
                .unwrap_or_else(|_| Reply::empty(StatusCode::INTERNAL_SERVER_ERROR))
                .into_response()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_apart_before_it_is_decoded() {
        let (parts, ()) = http::Request::get("/api/v4/projects/andes%2Fpayments/x%C3%B1?a=%2C&a=")
            .body(())
            .unwrap()
            .into_parts();
        let request = Request::new(&parts, b"");
        assert_eq!(
            request.path,
            ["api", "v4", "projects", "andes/payments", "xñ"]
        );
        assert_eq!(request.field("a"), Some(","));
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded(&encoded("a/b ñ")), "a/b ñ");
    }
}
