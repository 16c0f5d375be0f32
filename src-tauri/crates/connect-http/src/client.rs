//! One HTTP client for every system: bounded, wary of redirects, and silent about secrets.
//!
//! Questions (`get`) may be asked again. Changes (`post`) go out once, on a connection of their
//! own, and an answer that does not arrive is an unknown outcome, never a failure.

use crate::{
    HttpOptions,
    address::Base,
    excerpt,
    redact::Redaction,
    reply::{BodyTrouble, Keep, Reply},
    trouble::{Trouble, cause_of},
};
use interlock_app::ports::Answer;
use interlock_domain::{ConnectorError, FaultKind, SystemKind};
use reqwest::{
    Method,
    header::{CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect::Policy,
};
use serde::de::DeserializeOwned;
use std::{hash::BuildHasher, time::Duration};
use url::Url;

const MOST_REDIRECTS: usize = 5;
const RETRIED: [u16; 4] = [429, 502, 503, 504];

/// A client of one system.
#[derive(Debug)]
pub(crate) struct Client {
    system: SystemKind,
    base: Base,
    options: HttpOptions,
    redaction: Redaction,
    questions: reqwest::Client,
    changes: reqwest::Client,
}

impl Client {
    /// Prepares the calls to a system. Nothing is sent yet.
    pub(crate) fn new(
        system: SystemKind,
        address: &str,
        options: &HttpOptions,
        redaction: Redaction,
    ) -> Answer<Self> {
        let refuse = |message: String| {
            let hint = format!(
                "Correct the address of {} in the estate file.",
                system.name()
            );
            let message = redaction.clean(&message);
            ConnectorError::new(system, "connect", FaultKind::Refused, message).with_hint(hint)
        };
        let base = Base::new(address).map_err(refuse)?;
        let build = |pooled: bool| {
            builder(&base, options, pooled)?
                .build()
                .map_err(|error| cause_of(&error))
        };
        let built = build(true).and_then(|questions| Ok((questions, build(false)?)));
        let (questions, changes) = built.map_err(|cause| {
            let message = format!("Encrypted connections cannot be prepared: {cause}.");
            ConnectorError::new(system, "connect", FaultKind::Unreachable, message).with_hint(
                "Install the system's certificate authorities, or name a valid PEM file as `ca`.",
            )
        })?;
        Ok(Self {
            system,
            base,
            options: options.clone(),
            redaction,
            questions,
            changes,
        })
    }

    /// Which system it is.
    pub(crate) fn system(&self) -> SystemKind {
        self.system
    }

    /// Where the system is.
    pub(crate) fn base(&self) -> &Base {
        &self.base
    }

    /// Bounds of the calls.
    pub(crate) fn options(&self) -> &HttpOptions {
        &self.options
    }

    /// A foreign text as one short line, its secrets masked; for codes and hints.
    pub(crate) fn line(&self, text: &str) -> String {
        excerpt::line(&self.redaction.clean(text))
    }

    /// An error of this system, its secrets masked.
    pub(crate) fn error(
        &self,
        operation: &str,
        kind: FaultKind,
        message: impl AsRef<str>,
    ) -> ConnectorError {
        let mut message = self.redaction.clean(message.as_ref());
        if let (FaultKind::Unauthenticated, Some(reason)) = (kind, &self.options.no_login) {
            message = format!("{}. {reason}", message.trim_end_matches(['.', ' ']));
        }
        ConnectorError::new(self.system, operation, kind, message)
    }

    /// Asks, and asks again after passing trouble. Any status may come back.
    pub(crate) async fn get(
        &self,
        operation: &str,
        url: Url,
        headers: &HeaderMap,
        keep: Keep,
    ) -> Answer<Reply> {
        let mut round = 0;
        loop {
            let last = round >= self.options.retries;
            let pause = match self.get_once(operation, &url, headers, keep).await {
                Ok(reply) if last || !RETRIED.contains(&reply.status) => return Ok(reply),
                Ok(reply) => {
                    let wanted = reply.number("retry-after").map(Duration::from_secs);
                    if wanted.is_some_and(|wanted| wanted > self.options.longest_pause) {
                        return Ok(reply);
                    }
                    wanted.unwrap_or_default().max(self.pause(round))
                }
                Err(Trouble { error, passing }) if last || !passing => return Err(error),
                Err(_) => self.pause(round),
            };
            tracing::debug!(
                system = self.system.name(),
                operation,
                round,
                "asking again"
            );
            tokio::time::sleep(pause).await;
            round += 1;
        }
    }

    async fn get_once(
        &self,
        operation: &str,
        url: &Url,
        headers: &HeaderMap,
        keep: Keep,
    ) -> Result<Reply, Trouble> {
        let mut url = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let request = self.questions.request(Method::GET, url.clone());
            let response = request
                .headers(headers.clone())
                .send()
                .await
                .map_err(|error| self.unanswered(operation, &error))?;
            let reply = match Reply::read(response, keep).await {
                Ok(reply) => reply,
                Err(BodyTrouble::Broken(error)) => {
                    return Err(self.cut_short(operation, &error));
                }
                Err(BodyTrouble::TooLarge(most)) => {
                    return Err(Trouble::lasting(self.too_large(operation, most)));
                }
            };
            tracing::debug!(
                system = self.system.name(),
                operation,
                status = reply.status,
                "answered"
            );
            if !reply.is_redirect() {
                return Ok(reply);
            }
            url = self
                .redirect_target(operation, &url, &reply)
                .map_err(Trouble::lasting)?;
        }
        let message = format!("{} redirects without end.", self.system.name());
        Err(Trouble::lasting(self.error(
            operation,
            FaultKind::BadAnswer,
            message,
        )))
    }

    /// Sends a change once. Statuses come back as they are; a lost answer is `OutcomeUnknown`.
    pub(crate) async fn post(
        &self,
        operation: &str,
        url: Url,
        headers: &HeaderMap,
        form: &[(String, String)],
    ) -> Answer<Reply> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let sent = self
            .changes
            .request(Method::POST, url)
            .headers(headers.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await;
        let response = match sent {
            Ok(response) => response,
            // Without a connection nothing was sent.
            Err(error) if error.is_connect() => {
                return Err(self.unanswered(operation, &error).error);
            }
            Err(error) => {
                let why = self.unanswered(operation, &error).error.message;
                return Err(self.outcome_unknown(operation, &why));
            }
        };
        let (status, headers) = (response.status(), response.headers().clone());
        let reply = match Reply::read(response, Keep::All(self.options.max_body)).await {
            Ok(reply) => reply,
            // Status and headers tell the outcome; the rest of the page does not matter.
            Err(BodyTrouble::Broken(_) | BodyTrouble::TooLarge(_)) => Reply {
                status: status.as_u16(),
                headers,
                body: Vec::new(),
                skipped: 0,
            },
        };
        tracing::debug!(
            system = self.system.name(),
            operation,
            status = reply.status,
            "answered"
        );
        Ok(reply)
    }

    /// Reads an answer's JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, operation: &str, reply: &Reply) -> Answer<T> {
        if reply.is_html() {
            return Err(self.web_page(operation, reply));
        }
        serde_json::from_slice(&reply.body).map_err(|error| {
            let cut = error.is_eof();
            let message = if cut {
                format!("The answer of {} is cut short.", self.system.name())
            } else {
                let why = excerpt::line(&error.to_string());
                format!(
                    "The answer of {} is not understood: {why}.",
                    self.system.name()
                )
            };
            self.error(operation, FaultKind::BadAnswer, message)
        })
    }

    /// Half to the whole of a pause that doubles with each round.
    fn pause(&self, round: u32) -> Duration {
        let whole = self
            .options
            .first_pause
            .saturating_mul(2_u32.saturating_pow(round))
            .min(self.options.longest_pause);
        let random = std::hash::RandomState::new().hash_one(round);
        let share = 0.5 + (random % 1_000) as f64 / 2_000.0;
        whole.mul_f64(share)
    }
}

/// A header value that logs never show.
pub(crate) fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn builder(
    base: &Base,
    options: &HttpOptions,
    pooled: bool,
) -> Result<reqwest::ClientBuilder, String> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("interlock/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(options.connect_timeout)
        .read_timeout(options.read_timeout)
        .timeout(options.total_timeout);
    if !pooled {
        // A fresh connection: an error before it stands means that nothing was sent.
        builder = builder.pool_max_idle_per_host(0);
    }
    // A proxy could read what is not encrypted, credentials among it.
    if base.is_loopback() || !base.is_encrypted() {
        builder = builder.no_proxy();
    }
    if !base.is_encrypted() {
        return Ok(builder.tls_certs_only([]));
    }
    if let Some(pem) = &options.extra_ca {
        let certificates = reqwest::Certificate::from_pem_bundle(pem)
            .map_err(|error| format!("the `ca` file is not PEM ({})", cause_of(&error)))?;
        if certificates.is_empty() {
            return Err("the `ca` file holds no certificate".to_owned());
        }
        builder = builder.tls_certs_merge(certificates);
    }
    Ok(builder)
}
