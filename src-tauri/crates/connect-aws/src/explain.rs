//! Turns trouble into the error that a release manager reads and a use case decides by.
//!
//! The one table from AWS's words to [`FaultKind`]. Codes decide; AWS's sentences are looked at
//! only where AWS gives one code to different situations (`ValidationError`).

use crate::call::{Call, Effect};
use crate::denial::{Denial, person};
use crate::trouble::Trouble;
use crate::wire::WireFault;
use interlock_domain::{ConnectorError, FaultKind, SystemKind, plain_cause};

/// Longest part of a foreign text that goes into a message.
const LONGEST_QUOTE: usize = 600;

/// The error for trouble with a call. `caller` is the ARN that the call was made with, when known.
pub(crate) fn explain(call: &Call, caller: Option<&str>, trouble: &Trouble) -> ConnectorError {
    match trouble {
        Trouble::Service {
            status,
            code,
            message,
        } => service(call, caller, *status, code, message),
        Trouble::Wire(fault) => wire(call, fault),
        Trouble::NotSent(cause) => not_sent(call, cause),
        Trouble::Lost(cause) => lost(call, cause),
        Trouble::Garbled { status, text } => garbled(call, *status, text),
    }
}

/// The kind of one of AWS's errors.
fn kind_of(call: &Call, status: u16, code: &str, message: &str) -> FaultKind {
    match code {
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestLimitExceeded"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "TooManyRequestsException"
        | "SlowDown"
        | "PriorRequestNotComplete" => FaultKind::Throttled,
        "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" | "RequestExpired" => {
            FaultKind::Expired
        }
        "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "UnrecognizedClient"
        | "UnrecognizedClientException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "IncompleteSignature"
        | "InvalidSignatureException"
        | "InvalidAccessKeyId"
        | "InvalidToken"
        | "NotSignedException"
        | "RequestTimeTooSkewed"
        | "AuthFailure" => FaultKind::Unauthenticated,
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "UnauthorizedAccess"
        | "NotAuthorized"
        | "OptInRequired"
        | "RegionDisabledException" => FaultKind::Forbidden,
        "ChangeSetNotFound"
        | "ChangeSetNotFoundException"
        | "StackNotFound"
        | "StackNotFoundException"
        | "NoSuchBucket"
        | "NotFoundException" => FaultKind::NotFound,
        "InvalidChangeSetStatus"
        | "InvalidChangeSetStatusException"
        | "AlreadyExists"
        | "AlreadyExistsException"
        | "TokenAlreadyExistsException"
        | "OperationInProgressException"
        | "NameAlreadyExistsException" => FaultKind::Conflict,
        "InvalidAction" | "UnknownOperationException" | "NotImplemented" => FaultKind::Unsupported,
        "RequestTimeout" => call.no_answer(),
        _ if says_nothing_to_change(message) => FaultKind::NothingToChange,
        _ if says_missing(message) => FaultKind::NotFound,
        _ if says_busy(message) => FaultKind::Conflict,
        _ if status == 429 => FaultKind::Throttled,
        _ if status == 404 => FaultKind::NotFound,
        _ if status == 501 => FaultKind::Unsupported,
        _ if status >= 500 => call.no_answer(),
        _ => FaultKind::Refused,
    }
}

/// Whether AWS says that a template and its parameters would change nothing.
pub(crate) fn says_nothing_to_change(message: &str) -> bool {
    message.contains("No updates are to be performed") || message.contains("didn't contain changes")
}

fn says_missing(message: &str) -> bool {
    message.contains("does not exist") || message.contains("doesn't exist")
}

fn says_busy(message: &str) -> bool {
    message.contains("_IN_PROGRESS state")
        || message.contains("already exists")
        || message.contains("is in progress")
        || message.contains("already in progress")
}

fn service(
    call: &Call,
    caller: Option<&str>,
    status: u16,
    code: &str,
    message: &str,
) -> ConnectorError {
    let kind = kind_of(call, status, code, message);
    let place = &call.place;
    let said = quote(if message.is_empty() { code } else { message });
    let (sentence, hint) = match kind {
        FaultKind::Forbidden => return forbidden(call, caller, code, message),
        FaultKind::Throttled => (
            format!("AWS asks to slow down: too many {} requests in {place}.", call.operation),
            Some("The console goes on more slowly by itself; other tools on this account may be the cause.".into()),
        ),
        FaultKind::Expired => (
            format!("The AWS credentials for {place} ran out."),
            Some(call.login_hint("Log in to AWS again")),
        ),
        FaultKind::Unauthenticated => unauthenticated(call, code, message),
        FaultKind::NotFound => (format!("AWS does not find it in {place}: {said}"), None),
        FaultKind::NothingToChange => (
            format!("Nothing would change in {place}: the stack has this template and these parameters already."),
            None,
        ),
        FaultKind::Conflict => (
            format!("AWS could not do {} in {place} because something else came first: {said}", call.operation),
            Some("Refresh, look at the stack's present state, and decide again.".into()),
        ),
        FaultKind::Unsupported => (
            format!("{} does not offer {} in {place}.", call.server(), call.operation),
            None,
        ),
        FaultKind::Unreachable => (
            format!("AWS failed to answer {} in {place}: {said}", call.operation),
            Some("Try again in a minute; AWS's health page says whether the service has trouble.".into()),
        ),
        FaultKind::OutcomeUnknown => outcome_unknown(call, &format!("AWS answered with an internal error ({said})")),
        FaultKind::Refused
        | FaultKind::WrongAccount
        | FaultKind::CaptivePortal
        | FaultKind::BadAnswer
        | FaultKind::Cancelled => (
            format!("AWS refuses {} in {place}: {said}", call.operation),
            refusal_hint(code, message),
        ),
    };
    error(call, kind, sentence, hint).with_code(code)
}

fn unauthenticated(call: &Call, code: &str, message: &str) -> (String, Option<String>) {
    let place = &call.place;
    let clock = code == "RequestTimeTooSkewed"
        || message.contains("Signature expired")
        || message.contains("Signature not yet");
    if clock {
        return (
            format!(
                "AWS does not accept the time of this computer for {place}: {}",
                quote(message)
            ),
            Some("Set the computer's clock; AWS allows a difference of a few minutes.".into()),
        );
    }
    (
        format!("AWS does not know the credentials for {place}."),
        Some(call.login_hint("Check the access key, or log in to AWS again")),
    )
}

fn refusal_hint(code: &str, message: &str) -> Option<String> {
    let hint = if code.starts_with("InsufficientCapabilities") {
        "The template makes identity resources or uses macros; its capabilities must be acknowledged."
    } else if message.contains("ROLLBACK_COMPLETE state") {
        "The stack's creation failed; delete the stack before it is made again."
    } else if matches!(code, "PermanentRedirect" | "AuthorizationHeaderMalformed") {
        "The bucket is in another region than the estate file says; correct its `region`."
    } else if code.starts_with("LimitExceeded") {
        "A quota of the account is used up; remove what is not needed or ask for more."
    } else {
        return None;
    };
    Some(hint.into())
}

fn forbidden(call: &Call, caller: Option<&str>, code: &str, message: &str) -> ConnectorError {
    if code == "OptInRequired" || code == "RegionDisabledException" {
        let sentence = format!(
            "The account has not switched on the region of {}.",
            call.place
        );
        let hint =
            "Ask the account's owner to enable the region, or take it out of interlock.toml.";
        return error(call, FaultKind::Forbidden, sentence, Some(hint.into())).with_code(code);
    }
    let denial = Denial::read(message);
    let arn = denial.who.as_deref().or(caller);
    let who = arn.map_or_else(|| "The caller".to_owned(), person);
    let permission = denial.permission.unwrap_or_else(|| call.permission());
    let resource = denial.resource.or_else(|| call.subject.clone());
    let on = resource
        .as_deref()
        .filter(|resource| *resource != "*")
        .map_or_else(String::new, |resource| format!(" on {resource}"));
    let sentence = format!(
        "{who} may not {} in {}: the permission {permission}{on} is missing.",
        call.operation, call.place
    );
    let arn = arn.map_or_else(String::new, |arn| format!(" for {arn}"));
    let hint = if denial.explicit {
        format!(
            "A policy forbids {permission}{arn}; ask the account's administrators whether that is meant."
        )
    } else if call.operation == "AssumeRole" {
        format!(
            "Ask the account's administrators to let the role trust this caller and to allow {permission}{on}{arn}."
        )
    } else {
        format!("Ask the account's administrators to allow {permission}{on}{arn}.")
    };
    error(call, FaultKind::Forbidden, sentence, Some(hint)).with_code(code)
}

fn wire(call: &Call, fault: &WireFault) -> ConnectorError {
    let (code, kind, what, hint) = match fault {
        WireFault::WebPage { status, title } => {
            let title = title
                .as_ref()
                .map_or_else(String::new, |title| format!(" titled \"{title}\""));
            let page = format!("a web page{title} with status {status}");
            let (kind, hint) = web_page(*status);
            (format!("HTTP {status}"), kind, page, hint)
        }
        WireFault::Redirect { status, to } => (
            format!("HTTP {status}"),
            FaultKind::CaptivePortal,
            format!("a redirection to {} with status {status}", quote(to)),
            PORTAL_HINT,
        ),
        WireFault::CutShort { bytes } => (
            "CutShort".to_owned(),
            FaultKind::BadAnswer,
            format!("only the first {bytes} bytes of an answer"),
            "Try again; when it happens each time, a proxy or firewall on the way may cut answers.",
        ),
        WireFault::Foreign => (
            "NoAnswerOfAws".to_owned(),
            FaultKind::BadAnswer,
            "an answer that is none of AWS's".to_owned(),
            "Check the `endpoint` of this environment in interlock.toml.",
        ),
        WireFault::Astray { place } => (
            "Astray".to_owned(),
            FaultKind::Unauthenticated,
            format!("an order to log in at {}, which is not AWS", quote(place)),
            "Remove the endpoint from the variables and profiles of AWS.",
        ),
        WireFault::TooLarge => (
            "TooLarge".to_owned(),
            FaultKind::BadAnswer,
            "an answer larger than any of AWS's".to_owned(),
            "Check the `endpoint` of this environment in interlock.toml.",
        ),
    };
    if call.effect == Effect::Change {
        let (sentence, hint) = outcome_unknown(call, &what);
        return error(call, FaultKind::OutcomeUnknown, sentence, hint).with_code(code);
    }
    let sentence = format!(
        "Instead of AWS's answer to {} in {} came {what}.",
        call.operation, call.place
    );
    error(call, kind, sentence, Some(hint.into())).with_code(code)
}

const PORTAL_HINT: &str = "The network or a proxy puts a page of its own in front of AWS: open a web browser, log in there (or connect the VPN), and refresh.";

fn web_page(status: u16) -> (FaultKind, &'static str) {
    match status {
        502..=504 => (
            FaultKind::Unreachable,
            "A proxy on the way cannot reach AWS; try again in a minute.",
        ),
        500 | 501 => (
            FaultKind::BadAnswer,
            "The server behind this address failed, or does not know the operation; check the `endpoint` of this environment in interlock.toml.",
        ),
        _ => (FaultKind::CaptivePortal, PORTAL_HINT),
    }
}

fn not_sent(call: &Call, cause: &str) -> ConnectorError {
    let sentence = format!(
        "{} cannot be reached for {}: {}.",
        call.server(),
        call.place,
        quote(&plain_cause(cause))
    );
    let lower = cause.to_ascii_lowercase();
    let hint = if lower.contains("certificate") || lower.contains("unknownissuer") {
        "The certificate is not trusted; when your network inspects TLS, its authority must be among the computer's trusted certificates."
    } else {
        "Check the network, VPN and proxy, and the environment's `endpoint` when it has one."
    };
    error(call, FaultKind::Unreachable, sentence, Some(hint.into())).with_code(quote(cause))
}

fn lost(call: &Call, cause: &str) -> ConnectorError {
    if call.effect == Effect::Change {
        let (sentence, hint) = outcome_unknown(call, cause);
        return error(call, FaultKind::OutcomeUnknown, sentence, hint);
    }
    let sentence = format!(
        "{} gave no answer to {} in {}: {}.",
        call.server(),
        call.operation,
        call.place,
        quote(cause)
    );
    let hint = "Check the network, VPN and proxy, and try again.";
    error(call, FaultKind::Unreachable, sentence, Some(hint.into()))
}

fn garbled(call: &Call, status: u16, text: &str) -> ConnectorError {
    let code = format!("HTTP {status}");
    if call.effect == Effect::Change {
        let what = format!("an answer with status {status} that cannot be understood");
        let (sentence, hint) = outcome_unknown(call, &what);
        return error(call, FaultKind::OutcomeUnknown, sentence, hint).with_code(code);
    }
    let kind = match status {
        429 => FaultKind::Throttled,
        502..=504 => FaultKind::Unreachable,
        _ => FaultKind::BadAnswer,
    };
    let sentence = format!(
        "The answer to {} in {} (status {status}) cannot be understood: {}.",
        call.operation,
        call.place,
        quote(text)
    );
    let hint = "Check that the `endpoint` of this environment is AWS, or an emulator of it that knows this operation.";
    error(call, kind, sentence, Some(hint.into())).with_code(code)
}

fn outcome_unknown(call: &Call, what: &str) -> (String, Option<String>) {
    (
        format!(
            "{} in {} was sent, but whether AWS did it is not known: {}.",
            call.operation,
            call.place,
            quote(what)
        ),
        Some("Do not repeat it: look at the stack's state and events first.".into()),
    )
}

/// An error about a call.
pub(crate) fn error(
    call: &Call,
    kind: FaultKind,
    sentence: impl Into<String>,
    hint: Option<String>,
) -> ConnectorError {
    let mut error = ConnectorError::new(SystemKind::Aws, call.to_string(), kind, sentence);
    error.hint = hint;
    error
}

/// A foreign text on one line, at most so long, without the full stop that our sentence brings.
fn quote(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches('.');
    if line.chars().count() <= LONGEST_QUOTE {
        return line.to_owned();
    }
    line.chars().take(LONGEST_QUOTE).chain(['…']).collect()
}

#[cfg(test)]
mod tests;
