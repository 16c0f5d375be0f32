//! What it means when a call does not go well: the kind of trouble, and a sentence for people.

use crate::{client::Client, excerpt, reply::Reply};
use interlock_app::ports::Answer;
use interlock_domain::{ConnectorError, FaultKind, plain_cause};
use reqwest::header::LOCATION;
use std::error::Error as _;
use url::Url;

/// A failed call, and whether the same call may go better at once.
pub(crate) struct Trouble {
    pub(crate) error: ConnectorError,
    pub(crate) passing: bool,
}

impl Trouble {
    pub(crate) fn lasting(error: ConnectorError) -> Self {
        Self {
            error,
            passing: false,
        }
    }
}

impl Client {
    /// The error for a change whose answer was lost.
    pub(crate) fn outcome_unknown(&self, operation: &str, why: &str) -> ConnectorError {
        let message = format!("It is not known whether this took effect: {why}");
        self.error(operation, FaultKind::OutcomeUnknown, message)
            .with_hint("Look at the system before doing it again.")
    }

    /// The error for a web page in place of an answer.
    pub(crate) fn web_page(&self, operation: &str, reply: &Reply) -> ConnectorError {
        let title = reply
            .title()
            .map(|title| format!(" (“{title}”)"))
            .unwrap_or_default();
        let message = format!(
            "A web page{title} came from {} instead of an answer of {}.",
            self.base().place(),
            self.system().name()
        );
        self.error(operation, FaultKind::CaptivePortal, message)
            .with_code(reply.status.to_string())
            .with_hint("Log in to the network or VPN in a browser, and check the address.")
    }

    /// The error for a status that is no success, with what the system said.
    pub(crate) fn refusal(
        &self,
        operation: &str,
        reply: &Reply,
        said: Option<&str>,
    ) -> ConnectorError {
        let name = self.system().name();
        let said = said.map(excerpt::line).filter(|said| !said.is_empty());
        let with = |text: String| match &said {
            Some(said) => format!("{text}: {said}"),
            None => format!("{text}."),
        };
        let (kind, message) = match reply.status {
            401 => (
                FaultKind::Unauthenticated,
                with(format!("{name} does not accept the credentials")),
            ),
            403 => (
                FaultKind::Forbidden,
                with(format!("{name} does not allow this")),
            ),
            404 | 410 => (
                FaultKind::NotFound,
                with(format!("{name} does not know this ({operation})")),
            ),
            409 => (
                FaultKind::Conflict,
                with(format!("{name} says that this is in conflict")),
            ),
            429 => (
                FaultKind::Throttled,
                with(format!("{name} asks for fewer questions")),
            ),
            408 | 502..=504 => (
                FaultKind::Unreachable,
                with(format!("{name} is not available now")),
            ),
            status @ 400..=499 => (
                FaultKind::Refused,
                with(format!("{name} refuses this ({status})")),
            ),
            status => (
                FaultKind::BadAnswer,
                with(format!("{name} answers with status {status}")),
            ),
        };
        let error = self
            .error(operation, kind, message)
            .with_code(reply.status.to_string());
        match (kind, reply.number("retry-after")) {
            (FaultKind::Unauthenticated, _) => {
                error.with_hint(format!("Give {name} a valid token of your own."))
            }
            (FaultKind::Throttled | FaultKind::Unreachable, Some(seconds)) => {
                error.with_hint(format!("Try again in {seconds} s."))
            }
            _ => error,
        }
    }

    pub(crate) fn redirect_target(
        &self,
        operation: &str,
        from: &Url,
        reply: &Reply,
    ) -> Answer<Url> {
        let name = self.system().name();
        let target = reply
            .header(LOCATION.as_str())
            .and_then(|location| from.join(&location).ok());
        let Some(target) = target else {
            let message = format!("{name} redirects to nowhere.");
            return Err(self.error(operation, FaultKind::BadAnswer, message));
        };
        if is_login_page(&target) {
            let message = format!("{name} sends to its login page.");
            return Err(self
                .error(operation, FaultKind::Unauthenticated, message)
                .with_code(reply.status.to_string())
                .with_hint(format!("Give {name} a valid token of your own.")));
        }
        if self.base().is_origin_of(&target) {
            return Ok(target);
        }
        let place = target.host_str().unwrap_or_default();
        let same_host = from.host_str() == target.host_str();
        let message = format!("{name} redirects to {}://{place}.", target.scheme());
        let error = self.error(
            operation,
            if same_host {
                FaultKind::Refused
            } else {
                FaultKind::CaptivePortal
            },
            message,
        );
        Err(error.with_hint(if same_host {
            "Write this address with its scheme and port in the estate file."
        } else {
            "Log in to the network or VPN in a browser, and check the address."
        }))
    }

    pub(crate) fn unanswered(&self, operation: &str, error: &reqwest::Error) -> Trouble {
        let name = self.system().name();
        let place = self.base().place();
        let cause = cause_of(error);
        let lower = cause.to_ascii_lowercase();
        let unreachable = |message: String| self.error(operation, FaultKind::Unreachable, message);
        if lower.contains("certificate") {
            let error = unreachable(format!(
                "The certificate of {place} is not trusted: {cause}."
            ))
            .with_hint("Name the bank's certificate authority as `ca` in the estate file.");
            return Trouble::lasting(error);
        }
        if error.is_timeout() {
            let error = unreachable(format!("{name} at {place} did not answer in time."));
            return Trouble::lasting(error);
        }
        if error.is_connect() {
            let what = if lower.contains("dns") || lower.contains("lookup") {
                format!("The name {place} cannot be resolved.")
            } else {
                let plain = plain_cause(&cause);
                format!("There is no connection to {name} at {place}: {plain}.")
            };
            let error = unreachable(what)
                .with_code(cause)
                .with_hint("Check the address, the network and whether the server runs.");
            return Trouble::lasting(error);
        }
        Trouble {
            error: unreachable(format!(
                "The connection to {name} at {place} broke before the answer: {}.",
                plain_cause(&cause)
            ))
            .with_code(cause),
            passing: true,
        }
    }

    pub(crate) fn cut_short(&self, operation: &str, error: &reqwest::Error) -> Trouble {
        let name = self.system().name();
        let (kind, message) = if error.is_timeout() {
            let message = format!("The answer of {name} did not arrive in time.");
            (FaultKind::Unreachable, message)
        } else {
            let message = format!("The answer of {name} is cut short.");
            (FaultKind::BadAnswer, message)
        };
        Trouble {
            error: self.error(operation, kind, message),
            passing: !error.is_timeout(),
        }
    }

    pub(crate) fn too_large(&self, operation: &str, most: usize) -> ConnectorError {
        let message = format!(
            "The answer of {} is larger than {} MB.",
            self.system().name(),
            most / (1024 * 1024)
        );
        self.error(operation, FaultKind::BadAnswer, message)
    }
}

/// Whether an address is that of a page to log in.
pub(crate) fn is_login_page(url: &Url) -> bool {
    let path = url.path().trim_end_matches('/');
    [
        "/login",
        "/users/sign_in",
        "/sessions/new",
        "/securityRealm/commenceLogin",
    ]
    .iter()
    .any(|page| path.ends_with(page))
}

/// The innermost reason of an error, in one line and without the address.
pub(crate) fn cause_of(error: &reqwest::Error) -> String {
    let mut source = error.source();
    let mut cause = None;
    while let Some(inner) = source {
        cause = Some(inner.to_string());
        source = inner.source();
    }
    let cause = cause.unwrap_or_else(|| {
        if error.is_builder() {
            "the client cannot be built".to_owned()
        } else {
            "no reason given".to_owned()
        }
    });
    excerpt::line(cause.trim_end_matches('.'))
}
