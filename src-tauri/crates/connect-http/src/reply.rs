//! An answer as it came, read within a budget, and what can be told from it.

use crate::excerpt;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

/// Largest part of a refusal's page that is read.
const REFUSAL_BUDGET: usize = 256 * 1024;

/// How much of a body to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// All of it; a longer one is an error.
    All(usize),
    /// Only the end of a longer one.
    End(usize),
}

/// Status, headers and body of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// Bytes of the body that were read and dropped before `body`.
    pub(crate) skipped: u64,
}

/// Why a body could not be had.
pub(crate) enum BodyTrouble {
    Broken(reqwest::Error),
    TooLarge(usize),
}

impl Reply {
    /// Reads an answer to its end, or to the budget.
    pub(crate) async fn read(
        mut response: reqwest::Response,
        keep: Keep,
    ) -> Result<Self, BodyTrouble> {
        let status = response.status();
        let mut reply = Self {
            status: status.as_u16(),
            headers: response.headers().clone(),
            body: Vec::new(),
            skipped: 0,
        };
        if !status.is_success() {
            // The status counts; its page is only for the message.
            while reply.body.len() < REFUSAL_BUDGET {
                match response.chunk().await {
                    Ok(Some(chunk)) => reply.body.extend_from_slice(&chunk),
                    Ok(None) | Err(_) => break,
                }
            }
            reply.body.truncate(REFUSAL_BUDGET);
            return Ok(reply);
        }
        while let Some(chunk) = response.chunk().await.map_err(BodyTrouble::Broken)? {
            reply.body.extend_from_slice(&chunk);
            match keep {
                Keep::All(most) if reply.body.len() > most => {
                    return Err(BodyTrouble::TooLarge(most));
                }
                Keep::End(most) if reply.body.len() > most.saturating_mul(2) => {
                    reply.keep_end(most);
                }
                Keep::All(_) | Keep::End(_) => {}
            }
        }
        if let Keep::End(most) = keep {
            reply.keep_end(most);
        }
        Ok(reply)
    }

    fn keep_end(&mut self, most: usize) {
        let excess = self.body.len().saturating_sub(most);
        self.body.drain(..excess);
        self.skipped += excess as u64;
    }

    /// Whether the status is 200 to 299.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the status sends elsewhere.
    pub(crate) fn is_redirect(&self) -> bool {
        matches!(self.status, 301 | 302 | 303 | 307 | 308)
    }

    /// A header as text, bytes that are not UTF-8 replaced.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let value = self.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    /// A header that holds a number.
    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.header(name)?.trim().parse().ok()
    }

    /// Whether it is a web page.
    pub(crate) fn is_html(&self) -> bool {
        let html_type = self.headers.get(CONTENT_TYPE).is_some_and(|value| {
            String::from_utf8_lossy(value.as_bytes())
                .to_ascii_lowercase()
                .contains("html")
        });
        html_type || self.starts_like_html()
    }

    fn starts_like_html(&self) -> bool {
        let start: String = String::from_utf8_lossy(&self.body[..self.body.len().min(512)])
            .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
            .chars()
            .take(16)
            .collect::<String>()
            .to_ascii_lowercase();
        start.starts_with("<!doctype html") || start.starts_with("<html")
    }

    /// The body as text, bytes that are not UTF-8 replaced.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON, whatever its shape.
    pub(crate) fn any_json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Title of a web page.
    pub(crate) fn title(&self) -> Option<String> {
        let title = excerpt::text_of_html(excerpt::between(&self.text(), "<title>", "</title>")?);
        (!title.is_empty()).then_some(title)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A reply for tests of pure readers.
    pub(crate) fn reply(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let headers = headers
            .iter()
            .map(|(name, value)| {
                (
                    reqwest::header::HeaderName::from_bytes(name.as_bytes()).unwrap(),
                    reqwest::header::HeaderValue::from_bytes(value.as_bytes()).unwrap(),
                )
            })
            .collect();
        Reply {
            status,
            headers,
            body: body.to_vec(),
            skipped: 0,
        }
    }

    #[test]
    fn a_web_page_is_known_by_type_or_by_its_first_letters() {
        assert!(reply(200, &[("content-type", "text/html;charset=utf-8")], b"x").is_html());
        assert!(reply(200, &[], b"\xef\xbb\xbf\n <!DOCTYPE HTML><html>").is_html());
        assert!(!reply(200, &[("content-type", "application/json")], b"{}").is_html());
        assert!(!reply(200, &[("content-type", "text/plain")], b"+ cat <html>").is_html());
    }

    #[test]
    fn of_a_long_body_the_end_is_kept_and_the_rest_counted() {
        let mut long = reply(200, &[], b"0123456789");
        long.keep_end(4);
        assert_eq!((long.body.as_slice(), long.skipped), (&b"6789"[..], 6));
    }

    proptest! {
        #[test]
        fn any_body_can_be_looked_at(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            let reply = reply(200, &[], &body);
            let _ = (reply.is_html(), reply.title(), reply.any_json());
        }
    }
}
