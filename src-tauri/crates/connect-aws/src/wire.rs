//! The HTTP side: connections, and a guard that lets only answers of AWS through.
//!
//! A login page of a network with status 200, or a list cut in the middle, would parse as an
//! empty or shorter list. So the whole body is read here, before the SDK looks at it, and
//! anything that is not a finished answer becomes a [`WireFault`].

use crate::source;
use aws_smithy_http_client::{Connector, proxy::ProxyConfig, tls};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt as _;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Larger than any answer of AWS, whose pages end at one megabyte.
const LARGEST_ANSWER: usize = 32 << 20;

/// What came instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WireFault {
    /// A page for people.
    #[error("a web page came with status {status}")]
    WebPage {
        /// HTTP status.
        status: u16,
        /// Title of the page, when it has one.
        title: Option<String>,
    },
    /// An order to look elsewhere, which AWS's API never gives.
    #[error("a redirection to {to} came with status {status}")]
    Redirect {
        /// HTTP status.
        status: u16,
        /// Target.
        to: String,
    },
    /// The beginning of an answer.
    #[error("the answer is cut short after {bytes} bytes")]
    CutShort {
        /// Bytes that arrived.
        bytes: usize,
    },
    /// A finished text, but none of AWS's XML answers.
    #[error("the answer is none of AWS's")]
    Foreign,
    /// A login was about to be asked for somewhere else.
    #[error(
        "a variable or profile leads the login to {place}, which is not AWS; remove its endpoint, \
         or write `endpoint` into the estate file"
    )]
    Astray {
        /// Scheme, host and port.
        place: String,
    },
    /// Too much.
    #[error("the answer is larger than {LARGEST_ANSWER} bytes")]
    TooLarge,
}

/// What the answers of a client look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speech {
    /// CloudFormation and STS: good answers are XML, always.
    Xml,
    /// S3: settings and lists are XML (policies are JSON); an object is any bytes.
    S3,
    /// KMS: JSON, always.
    Json,
    /// Sources of credentials: whatever they like, but no web page.
    Any,
}

/// What the answer to one request looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// An XML text whose root element ends with this.
    Xml(&'static str),
    /// A JSON object.
    Json,
    /// Bytes of an object, which may be anything.
    Object,
    /// Anything, but no web page.
    Any,
}

impl Speech {
    /// What answers a request.
    pub(crate) fn expected(self, method: &str, uri: &str) -> Expected {
        match self {
            Self::Xml => Expected::Xml("Response"),
            Self::Json => Expected::Json,
            Self::Any => Expected::Any,
            Self::S3 if method != "GET" => Expected::Any,
            Self::S3 => {
                let query = uri.split_once('?').map_or("", |(_, query)| query);
                let mut names = query
                    .split('&')
                    .filter_map(|pair| pair.split('=').next())
                    .filter(|name| !matches!(*name, "" | "x-id" | "versionId"));
                match names.next() {
                    None => Expected::Object,
                    Some("policy") => Expected::Json,
                    Some(_) => Expected::Xml(""),
                }
            }
        }
    }
}

/// A guarded client. Addresses with `http` get no TLS and no proxy.
pub(crate) fn client(speech: Speech, tls: bool, system_proxy: bool) -> SharedHttpClient {
    SharedHttpClient::new(GuardedClient {
        speech,
        tls,
        system_proxy,
        connectors: Mutex::default(),
    })
}

#[derive(Debug)]
struct GuardedClient {
    speech: Speech,
    tls: bool,
    system_proxy: bool,
    /// By connect and read timeout, because credential providers ask for their own.
    connectors: Mutex<HashMap<Timeouts, SharedHttpConnector>>,
}

type Timeouts = (Option<Duration>, Option<Duration>);

impl HttpClient for GuardedClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let key = (settings.connect_timeout(), settings.read_timeout());
        let mut connectors = self
            .connectors
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let connector = connectors.entry(key).or_insert_with(|| {
            let mut builder = Connector::builder().connector_settings(settings.clone());
            builder.set_sleep_impl(components.sleep_impl());
            let connector = if self.tls {
                let proxy = if self.system_proxy {
                    ProxyConfig::from_env()
                } else {
                    ProxyConfig::disabled()
                };
                builder
                    .proxy_config(proxy)
                    .tls_provider(tls::Provider::rustls(
                        tls::rustls_provider::CryptoMode::AwsLc,
                    ))
                    .build()
            } else {
                builder.build_http()
            };
            SharedHttpConnector::new(GuardedConnector {
                speech: self.speech,
                inner: SharedHttpConnector::new(connector),
            })
        });
        connector.clone()
    }
}

#[derive(Debug)]
struct GuardedConnector {
    speech: Speech,
    inner: SharedHttpConnector,
}

impl HttpConnector for GuardedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        // Only logins follow what variables and profiles say; the rest asks where we say.
        if self.speech == Speech::Any && !source::is_sound(&request) {
            let place = source::place(request.uri()).to_owned();
            let fault = WireFault::Astray { place };
            let refused = ConnectorError::user(Box::new(fault));
            return HttpConnectorFuture::new(std::future::ready(Err(refused)));
        }
        let expected = self.speech.expected(request.method(), request.uri());
        let answer = self.inner.call(request);
        HttpConnectorFuture::new(async move { guard(expected, answer.await?).await })
    }
}

pub(crate) async fn guard(
    expected: Expected,
    response: HttpResponse,
) -> Result<HttpResponse, ConnectorError> {
    read_guarded(expected, response)
        .await
        .map_err(|fault| ConnectorError::other(Box::new(fault), None))
}

async fn read_guarded(
    expected: Expected,
    mut response: HttpResponse,
) -> Result<HttpResponse, WireFault> {
    let body = read_whole(response.take_body()).await?;
    let status = response.status().as_u16();
    let header = |name: &str| response.headers().get(name).map(str::to_owned);
    // S3 alone redirects, to tell in which region a bucket is; the SDK reads that as an error.
    let is_elsewhere = header("x-amz-bucket-region").is_some();
    if (300..400).contains(&status) && !is_elsewhere {
        let to = header("location").unwrap_or_else(|| "another place".into());
        return Err(WireFault::Redirect { status, to });
    }
    let good = response.status().is_success();
    let text = String::from_utf8_lossy(&body);
    let is_html = header("content-type").is_some_and(|kind| is_html_type(&kind));
    let is_object = good && expected == Expected::Object;
    if is_html || (!is_object && begins_like_html(&text)) {
        let title = title_of(&text);
        return Err(WireFault::WebPage { status, title });
    }
    match expected {
        Expected::Object if good => {}
        Expected::Json if good => check_json(&text)?,
        Expected::Xml(root) if good => check_text(Some(root), &text)?,
        _ => check_text(None, &text)?,
    }
    *response.body_mut() = SdkBody::from(body);
    Ok(response)
}

fn check_json(text: &str) -> Result<(), WireFault> {
    let text = text.trim();
    if !text.starts_with('{') {
        return Err(if text.is_empty() {
            WireFault::CutShort { bytes: 0 }
        } else {
            WireFault::Foreign
        });
    }
    if !text.ends_with('}') {
        return Err(WireFault::CutShort { bytes: text.len() });
    }
    Ok(())
}

/// Checks a text; with a root, a good answer must be XML whose root element ends with it.
fn check_text(root: Option<&str>, text: &str) -> Result<(), WireFault> {
    let cut = WireFault::CutShort { bytes: text.len() };
    let begins = after_prolog(text);
    if begins.is_empty() && (root.is_some() || !text.trim().is_empty()) {
        return Err(cut);
    }
    if !is_finished(text) {
        return Err(cut);
    }
    // Operations without a result would take any text for a success.
    let is_ours = |root: &str| root_element(begins).is_some_and(|name| name.ends_with(root));
    if root.is_some_and(|root| !is_ours(root)) {
        return Err(WireFault::Foreign);
    }
    Ok(())
}

async fn read_whole(mut body: SdkBody) -> Result<Vec<u8>, WireFault> {
    let mut whole = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return Err(WireFault::CutShort { bytes: whole.len() });
        };
        if let Ok(data) = frame.into_data() {
            whole.extend_from_slice(&data);
        }
        if whole.len() > LARGEST_ANSWER {
            return Err(WireFault::TooLarge);
        }
    }
    Ok(whole)
}

fn is_html_type(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("text/html") || kind.eq_ignore_ascii_case("application/xhtml+xml")
}

fn begins_like_html(text: &str) -> bool {
    let start = after_prolog(text);
    ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|mark| {
            start
                .get(..mark.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(mark))
        })
}

/// The text after byte order mark, blanks, XML declaration and comments.
fn after_prolog(text: &str) -> &str {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = if rest.starts_with("<?") {
            rest.find("?>").map(|at| at + 2)
        } else if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else {
            return rest;
        };
        match end {
            Some(end) => rest = rest[end..].trim_start(),
            None => return rest,
        }
    }
}

/// Whether an XML text ends with the end of its root element; other texts are left to the SDK.
fn is_finished(text: &str) -> bool {
    let start = after_prolog(text);
    if !start.starts_with('<') {
        return true;
    }
    let Some(name) = root_element(start) else {
        return false;
    };
    let end = start.trim_end();
    if let Some(before) = end.strip_suffix('>') {
        let before = before.trim_end();
        let closes_root = before
            .strip_suffix(name)
            .is_some_and(|rest| rest.ends_with("</"));
        let is_one_empty_element = before.ends_with('/') && end.matches('<').count() == 1;
        return closes_root || is_one_empty_element;
    }
    false
}

/// Name of the element that a text begins with.
fn root_element(start: &str) -> Option<&str> {
    let inside = start.strip_prefix('<')?;
    let end = inside.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
    Some(&inside[..end])
}

fn title_of(text: &str) -> Option<String> {
    // Lower-casing ASCII keeps every byte position.
    let lower = text.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let title = text[start..end]
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let title: String = title.chars().take(120).collect();
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ANSWER: &str = "<?xml version=\"1.0\"?>\n<DescribeStacksResponse xmlns=\"http://x/\">\
        <DescribeStacksResult><Stacks><member><StackName>a</StackName></member></Stacks>\
        </DescribeStacksResult></DescribeStacksResponse>\n";

    #[test]
    fn a_whole_answer_is_finished_and_json_and_nothing_are_left_to_the_sdk() {
        for text in [ANSWER, "<Empty/>", "<Empty a='1' />\n", "{\"a\":1}", ""] {
            assert_eq!(check_text(None, text), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_good_answer_of_aws_is_xml_and_not_nothing() {
        assert_eq!(check_text(Some("Response"), ANSWER), Ok(()));
        for foreign in ["{}", "OK", "<p>Please log in</p>"] {
            assert_eq!(
                check_text(Some("Response"), foreign),
                Err(WireFault::Foreign)
            );
        }
        assert_eq!(
            check_text(Some("Response"), " "),
            Err(WireFault::CutShort { bytes: 1 })
        );
    }

    #[test]
    fn what_s3_answers_follows_from_the_request() {
        for (method, uri, expected) in [
            (
                "GET",
                "https://b.s3/log/a/1?x-id=GetObject",
                Expected::Object,
            ),
            (
                "GET",
                "https://b.s3/log/a/1?versionId=v&x-id=GetObject",
                Expected::Object,
            ),
            (
                "GET",
                "https://b.s3/?list-type=2&prefix=log",
                Expected::Xml(""),
            ),
            ("GET", "https://b.s3/?versions", Expected::Xml("")),
            ("GET", "https://b.s3/?policy", Expected::Json),
            ("GET", "https://b.s3/log/a/1?retention", Expected::Xml("")),
            ("PUT", "https://b.s3/log/a/1?x-id=PutObject", Expected::Any),
            ("HEAD", "https://b.s3/", Expected::Any),
        ] {
            assert_eq!(Speech::S3.expected(method, uri), expected, "{method} {uri}");
        }
    }

    #[test]
    fn a_good_answer_in_json_is_a_whole_object() {
        assert_eq!(check_json(" {\"a\": {}}\n"), Ok(()));
        assert_eq!(
            check_json("{\"a\": 1"),
            Err(WireFault::CutShort { bytes: 7 })
        );
        assert_eq!(check_json(""), Err(WireFault::CutShort { bytes: 0 }));
        assert_eq!(check_json("<a/>"), Err(WireFault::Foreign));
    }

    #[test]
    fn html_is_seen_in_any_dress() {
        for text in [
            "<!DOCTYPE HTML PUBLIC>",
            "\u{feff}\n <html>",
            "<?xml version='1.0'?><!-- x --><!doctype html>",
            "<HEAD><title>Login</title>",
        ] {
            assert!(begins_like_html(text), "{text}");
        }
        assert!(!begins_like_html(ANSWER));
        assert!(is_html_type("Text/HTML; charset=utf-8"));
        assert!(!is_html_type("text/xml"));
    }

    #[test]
    fn the_title_of_a_page_is_told_in_one_line() {
        let page = "<html><head><TITLE>\n Guest  network\n</TITLE></head>";
        assert_eq!(title_of(page).as_deref(), Some("Guest network"));
        assert_eq!(title_of("<title></title>"), None);
        assert_eq!(title_of("<title>é"), None);
    }

    proptest! {
        #[test]
        fn an_answer_cut_anywhere_is_refused(keep in 0..ANSWER.trim_end().len()) {
            prop_assert!(check_text(Some("Response"), &ANSWER[..keep]).is_err());
        }

        #[test]
        fn no_text_makes_the_guard_panic(text in "(<|>|/|!|-|\\?|a|html|title|é| )*") {
            let _ = (is_finished(&text), begins_like_html(&text), title_of(&text));
        }
    }
}
