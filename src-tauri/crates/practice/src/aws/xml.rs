//! The query protocol's answers.
//!
//! CloudFormation answers in ASCII: every other character of templates, parameters and outputs comes back as `?`. The
//! writer does the same, because clients must live with it.

use super::error::AwsError;
use axum::body::Body;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response};
use jiff::Timestamp;
use std::fmt::Write as _;

/// Namespace of CloudFormation's answers.
pub const CLOUDFORMATION: &str = "http://cloudformation.amazonaws.com/doc/2010-05-15/";
/// Namespace of STS's answers.
pub const STS: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Writes elements.
#[derive(Debug, Default)]
pub struct Xml {
    text: String,
}

impl Xml {
    /// Writes an element with text.
    pub fn text(&mut self, name: &str, value: impl AsRef<str>) -> &mut Self {
        let _ = write!(self.text, "<{name}>");
        escape(value.as_ref(), &mut self.text);
        let _ = write!(self.text, "</{name}>");
        self
    }

    /// Writes an element with text when there is any.
    pub fn maybe(&mut self, name: &str, value: Option<impl AsRef<str>>) -> &mut Self {
        if let Some(value) = value {
            self.text(name, value);
        }
        self
    }

    /// Writes yes or no.
    pub fn flag(&mut self, name: &str, value: bool) -> &mut Self {
        self.text(name, if value { "true" } else { "false" })
    }

    /// Writes an instant.
    pub fn time(&mut self, name: &str, value: Timestamp) -> &mut Self {
        self.text(name, value.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
    }

    /// Writes an instant when there is one.
    pub fn maybe_time(&mut self, name: &str, value: Option<Timestamp>) -> &mut Self {
        if let Some(value) = value {
            self.time(name, value);
        }
        self
    }

    /// Writes a structure.
    pub fn inside(&mut self, name: &str, write: impl FnOnce(&mut Self)) -> &mut Self {
        let _ = write!(self.text, "<{name}>");
        write(self);
        let _ = write!(self.text, "</{name}>");
        self
    }

    /// Writes a list of structures.
    pub fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.inside(name, |xml| {
            for item in items {
                xml.inside("member", |xml| write(xml, item));
            }
        })
    }

    /// Writes a list of texts.
    pub fn texts<T: AsRef<str>>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        self.inside(name, |xml| {
            for item in items {
                xml.text("member", item);
            }
        })
    }
}

fn escape(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#xD;"),
            '\n' | '\t' | ' '..='~' => out.push(c),
            _ => out.push('?'),
        }
    }
}

fn respond(text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    response
}

fn with_request_id(mut response: Response<Body>, request_id: &str) -> Response<Body> {
    if let Ok(value) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert("x-amzn-requestid", value);
    }
    response
}

fn request_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Returns the answer of an operation.
pub fn answer(action: &str, namespace: &str, result: &Xml) -> Response<Body> {
    let id = request_id();
    let text = format!(
        "<{action}Response xmlns=\"{namespace}\">\n<{action}Result>{}</{action}Result>\n<ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata>\n</{action}Response>\n",
        result.text
    );
    with_request_id(respond(text), &id)
}

/// Returns the answer to a request that was refused.
pub fn refusal(namespace: &str, error: &AwsError) -> Response<Body> {
    let id = request_id();
    let mut xml = Xml::default();
    let kind = if error.status.is_server_error() {
        "Receiver"
    } else {
        "Sender"
    };
    xml.text("Type", kind)
        .text("Code", &error.code)
        .text("Message", &error.message);
    let text = format!(
        "<ErrorResponse xmlns=\"{namespace}\">\n<Error>{}</Error>\n<RequestId>{id}</RequestId>\n</ErrorResponse>\n",
        xml.text
    );
    let mut response = with_request_id(respond(text), &id);
    *response.status_mut() = error.status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_ascii() {
        let mut xml = Xml::default();
        xml.text("A", "a<b>&\"c\"\r\n\tñé\u{1}😀");
        assert_eq!(xml.text, "<A>a&lt;b&gt;&amp;&quot;c&quot;&#xD;\n\t????</A>");
    }

    #[test]
    fn lists_have_members() {
        let mut xml = Xml::default();
        xml.list("L", [1, 2], |xml, n| {
            xml.text("N", n.to_string());
        });
        assert_eq!(
            xml.text,
            "<L><member><N>1</N></member><member><N>2</N></member></L>"
        );
    }
}
