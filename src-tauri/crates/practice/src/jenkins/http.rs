//! Requests and replies as the routes see them, free of any server library, and the decoding of addresses and forms.

use axum::body::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;
use std::fmt::Write as _;

/// A request with its address taken apart.
#[derive(Debug, Clone)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Path and query as they were sent.
    pub target: String,
    /// Decoded segments of the path, without the empty ones.
    pub segments: Vec<String>,
    /// The path ended with a slash.
    pub slash: bool,
    /// Decoded fields of the query.
    pub query: Vec<(String, String)>,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// Status code.
    pub status: u16,
    /// Headers in order; names may repeat.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Request {
    /// Takes a request apart.
    pub fn new(method: Method, target: &str, headers: HeaderMap, body: Bytes) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method,
            target: target.to_owned(),
            segments: path
                .split('/')
                .filter(|segment| !segment.is_empty())
                .map(decode)
                .collect(),
            slash: path.ends_with('/'),
            query: parse_form(query),
            headers,
            body,
        }
    }

    /// Returns the path without the query, as it was sent.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Returns the first field of the query with a name.
    pub fn query(&self, name: &str) -> Option<&str> {
        field(&self.query, name)
    }

    /// Returns a header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns the fields of the query and the form together, the form's first.
    pub fn fields(&self) -> Vec<(String, String)> {
        let mut fields = self.form();
        fields.extend(self.query.iter().cloned());
        fields
    }

    /// Returns the fields of the form in the body, url-encoded or multipart.
    pub fn form(&self) -> Vec<(String, String)> {
        let kind = self.header("content-type").unwrap_or_default();
        match kind.split_once("boundary=") {
            Some((_, boundary)) if kind.starts_with("multipart/form-data") => {
                parse_multipart(&self.body, boundary.trim().trim_matches('"'))
            }
            _ if kind.starts_with("application/x-www-form-urlencoded") => {
                parse_form(&String::from_utf8_lossy(&self.body))
            }
            _ => Vec::new(),
        }
    }

    /// Returns the value of a cookie whose name starts as given (real servers add a suffix).
    pub fn cookie(&self, prefix: &str) -> Option<&str> {
        self.headers
            .get_all("cookie")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| name.starts_with(prefix))
            .map(|(_, value)| value)
    }
}

impl Reply {
    /// Makes an answer without a body.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: vec![("x-content-type-options", "nosniff".to_owned())],
            body: Vec::new(),
        }
    }

    /// Makes an answer with a body.
    pub fn with(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut reply = Self::empty(status);
        reply.body = body.into();
        reply.header("content-type", content_type)
    }

    /// Makes an answer of the stage API.
    pub fn stage_json(value: &Value) -> Self {
        Self::with(200, "application/json;charset=utf-8", value.to_string())
    }

    /// Makes a redirect.
    pub fn redirect(location: impl Into<String>) -> Self {
        Self::empty(302).header("location", location)
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Returns the first value of a header.
    #[cfg(test)]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| *header == name)
            .map(|(_, value)| value.as_str())
    }
}

fn field<'f>(fields: &'f [(String, String)], name: &str) -> Option<&'f str> {
    fields
        .iter()
        .find(|(field, _)| field == name)
        .map(|(_, value)| value.as_str())
}

/// Encodes one segment of a path.
pub fn encode_segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b'+'
            | b'@'
            | b'!'
            | b'$'
            | b'\''
            | b'('
            | b')'
            | b'*'
            | b','
            | b':'
            | b'=' => {
                encoded.push(char::from(byte));
            }
            other => {
                // Writing to a String cannot fail.
                let _ = write!(encoded, "%{other:02X}");
            }
        }
    }
    encoded
}

/// Encodes a value for a query, blanks included.
pub fn encode_query(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn decode(segment: &str) -> String {
    let bytes = segment.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%')
            .then(|| segment.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn parse_form(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

fn parse_multipart(body: &[u8], boundary: &str) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let mark = format!("--{boundary}");
    text.split(mark.as_str())
        .filter_map(|part| {
            let part = part.trim_start_matches("\r\n");
            let (head, value) = part
                .split_once("\r\n\r\n")
                .or_else(|| part.split_once("\n\n"))?;
            let name = head.split("name=\"").nth(1)?.split('"').next()?;
            let value = value
                .strip_suffix("\r\n")
                .or_else(|| value.strip_suffix('\n'))
                .unwrap_or(value);
            Some((name.to_owned(), value.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn request(target: &str, kind: &str, body: &'static str) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", kind.parse().unwrap());
        Request::new(
            Method::POST,
            target,
            headers,
            Bytes::from_static(body.as_bytes()),
        )
    }

    #[test]
    fn a_doubly_encoded_branch_name_is_decoded_once() {
        let request = request(
            "/job/a%20b/job/feature%252Flogin/?x=%C3%BC+y",
            "text/plain",
            "",
        );
        assert_eq!(request.segments, ["job", "a b", "job", "feature%2Flogin"]);
        assert!(request.slash);
        assert_eq!(request.query("x"), Some("ü y"));
        assert_eq!(encode_segment("feature%2Flogin"), "feature%252Flogin");
        assert_eq!(encode_segment("gate go ü"), "gate%20go%20%C3%BC");
    }

    #[test]
    fn broken_percent_signs_are_kept_as_they_are() {
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz%é"), "%zz%é");
    }

    proptest! {
        #[test]
        fn an_encoded_segment_is_decoded_to_the_same_text(text in "\\PC{0,20}") {
            prop_assert_eq!(decode(&encode_segment(&text)), text);
        }

        #[test]
        fn any_body_is_read_without_a_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut headers = HeaderMap::new();
            headers.insert("content-type", "multipart/form-data; boundary=x".parse().unwrap());
            let request = Request::new(Method::POST, "/%", headers, Bytes::from(body));
            let _ = request.fields();
        }
    }

    #[test]
    fn a_multipart_form_is_read_field_by_field() {
        let request = request(
            "/x?delay=0",
            "multipart/form-data; boundary=--x",
            "----x\r\nContent-Disposition: form-data; name=\"VERSION\"\r\n\r\n2.0.0\r\n----x--\r\n",
        );
        assert_eq!(
            request.fields(),
            [
                ("VERSION".to_owned(), "2.0.0".to_owned()),
                ("delay".to_owned(), "0".to_owned())
            ]
        );
    }

    #[test]
    fn a_session_cookie_is_found_whatever_its_suffix() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "cookie",
            "a=b; JSESSIONID.d2fc=node01.node0".parse().unwrap(),
        );
        let request = Request::new(Method::GET, "/", headers, Bytes::new());
        assert_eq!(request.cookie("JSESSIONID"), Some("node01.node0"));
    }
}
