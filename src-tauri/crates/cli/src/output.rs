//! Printing: data on stdout, talk on stderr, and exit codes.

use crate::{
    args::Format,
    colour::{harmless, paint_talk},
};
use interlock_contract::{
    Tone,
    error::{ErrorCode, ErrorEnvelope},
    visible::escaped_json,
};
use serde::Serialize;
use std::{fmt::Display, io::Write as _};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Done; nothing to object to.
    Good,
    /// Done; something differs or did not succeed.
    Differs,
    /// Left by the person before its end; what was begun goes on.
    Left,
}

/// What every command gives back.
pub type Done = Result<Ending, ErrorEnvelope>;

/// Exit code of an error.
pub fn exit_code(code: ErrorCode) -> u8 {
    match code {
        ErrorCode::InvalidRequest => 2,
        ErrorCode::EstateInvalid | ErrorCode::DocumentUnreadable | ErrorCode::DocumentTooLarge => 3,
        ErrorCode::Unauthenticated
        | ErrorCode::CredentialsExpired
        | ErrorCode::Forbidden
        | ErrorCode::WrongAccount
        | ErrorCode::Unreachable
        | ErrorCode::CaptivePortal
        | ErrorCode::BadAnswer
        | ErrorCode::Throttled => 4,
        ErrorCode::PreconditionFailed
        | ErrorCode::NotAllowed
        | ErrorCode::ManifestMoved
        | ErrorCode::Conflict => 5,
        ErrorCode::NotFound => 6,
        ErrorCode::OutcomeUnknown => 7,
        ErrorCode::LedgerUnavailable => 8,
        ErrorCode::Internal => 9,
        ErrorCode::Cancelled => 130,
    }
}

/// Where a command prints.
#[derive(Debug, Clone, Copy)]
pub struct Printer {
    /// Chosen format.
    pub format: Format,
}

impl Printer {
    /// Prints the result: JSON as it is, or lines made of it.
    pub fn result<T: Serialize>(self, value: &T, text: impl FnOnce(&T) -> String) {
        let text = match self.format {
            Format::Json => escaped(serde_json::to_string_pretty(value))
                .unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}")),
            Format::Text => harmless(&text(value)),
        };
        let mut out = std::io::stdout().lock();
        // A closed pipe is the reader's business.
        let _ = writeln!(out, "{}", text.trim_end());
    }

    /// Prints one line of data as it comes; in JSON one object a line.
    pub fn line<T: Serialize>(self, value: &T, text: impl FnOnce(&T) -> String) {
        let text = match self.format {
            Format::Json => escaped(serde_json::to_string(value)).unwrap_or_default(),
            Format::Text => harmless(&text(value)),
        };
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{}", text.trim_end_matches('\n'));
        let _ = out.flush();
    }
}

/// The same values, so written that they do nothing to a terminal.
fn escaped(json: serde_json::Result<String>) -> serde_json::Result<String> {
    json.map(|json| escaped_json(&json).into_owned())
}

/// Says something to the person at the terminal.
pub fn say(text: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{}", harmless(&text.to_string()));
}

/// Prints an error: in JSON on stdout as an envelope, always as sentences on stderr.
pub fn fail(printer: Printer, error: &ErrorEnvelope) -> u8 {
    if printer.format == Format::Json {
        printer.result(&serde_json::json!({ "error": error }), ToString::to_string);
    }
    let place = error.location.as_ref().and_then(|l| {
        let file = l.file.as_ref()?;
        let position = match (l.line, l.column) {
            (Some(line), Some(column)) => format!(":{line}:{column}"),
            (Some(line), None) => format!(":{line}"),
            _ => String::new(),
        };
        let field = l
            .field
            .as_ref()
            .map(|f| format!(" ({f})"))
            .unwrap_or_default();
        Some(format!("{file}{position}{field}"))
    });
    say(format_args!(
        "{} {}",
        paint_talk("error:", Tone::Bad),
        error.message
    ));
    if let Some(place) = place {
        say(format_args!("   at {place}"));
    }
    for hint in &error.hints {
        say(format_args!(
            "{} {hint}",
            paint_talk("hint:", Tone::Waiting)
        ));
    }
    exit_code(error.code)
}
