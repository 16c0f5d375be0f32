//! Errors at the edge: one envelope with code, message, hints, and whether to try again.

use interlock_app::{
    UseCaseError,
    estate::{EstateError, Problem},
};
use interlock_contract::error::{ErrorCode, ErrorEnvelope, Location};
use interlock_domain::{ConnectorError, FaultKind};
use interlock_ledger::{LedgerError, StoreError};
use interlock_policy::PolicyError;
use std::sync::atomic::{AtomicU64, Ordering};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// An envelope with a fresh correlation id; the internal form of the error goes to the log.
pub fn envelope(code: ErrorCode, message: impl Into<String>) -> ErrorEnvelope {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    ErrorEnvelope {
        code,
        message: message.into(),
        hints: Vec::new(),
        retryable: false,
        location: None,
        correlation: format!("E{number:04}"),
    }
}

fn logged(envelope: ErrorEnvelope, internal: &dyn std::fmt::Debug) -> ErrorEnvelope {
    tracing::info!(correlation = envelope.correlation, code = ?envelope.code, error = ?internal, "a request was not met");
    envelope
}

/// Envelope of a use case's error.
pub fn use_case(error: UseCaseError) -> ErrorEnvelope {
    let internal = format!("{error:?}");
    let result = match error {
        UseCaseError::System(error) => system(&error),
        UseCaseError::Ledger(error) => ledger(&error),
        UseCaseError::NotFound { .. } => {
            envelope(ErrorCode::NotFound, sentence(&error.to_string()))
        }
        UseCaseError::Precondition { reason } => {
            envelope(ErrorCode::PreconditionFailed, sentence(&reason))
        }
        UseCaseError::NotAllowed { reason } => ErrorEnvelope {
            hints: vec!["`interlock policy show` prints the policy, and who may do what.".into()],
            ..envelope(ErrorCode::NotAllowed, sentence(&reason))
        },
        UseCaseError::AlreadyOpen { ref id, .. } => ErrorEnvelope {
            hints: vec![format!(
                "Go on with {id} under Promotions, or abandon it there and prepare again."
            )],
            ..envelope(ErrorCode::PreconditionFailed, sentence(&error.to_string()))
        },
        UseCaseError::Moved { .. } => ErrorEnvelope {
            hints: vec!["Prepare it again and have the new content approved.".into()],
            ..envelope(ErrorCode::ManifestMoved, sentence(&error.to_string()))
        },
        UseCaseError::Document {
            file,
            message,
            line,
            column,
            too_large,
        } => ErrorEnvelope {
            location: Some(Location {
                file: Some(file),
                line,
                column,
                field: None,
            }),
            hints: vec!["Correct the document in its repository, then try again.".into()],
            ..envelope(
                if too_large {
                    ErrorCode::DocumentTooLarge
                } else {
                    ErrorCode::DocumentUnreadable
                },
                sentence(&message),
            )
        },
        UseCaseError::Cancelled => {
            envelope(ErrorCode::Cancelled, "Cancelled. What had arrived is kept.")
        }
    };
    logged(result, &internal)
}

/// Envelope of a connector's error.
pub fn system(error: &ConnectorError) -> ErrorEnvelope {
    let code = match error.kind {
        FaultKind::Unauthenticated => ErrorCode::Unauthenticated,
        FaultKind::Expired => ErrorCode::CredentialsExpired,
        FaultKind::Forbidden => ErrorCode::Forbidden,
        FaultKind::WrongAccount => ErrorCode::WrongAccount,
        FaultKind::NotFound => ErrorCode::NotFound,
        FaultKind::Throttled => ErrorCode::Throttled,
        FaultKind::Unreachable => ErrorCode::Unreachable,
        FaultKind::OutcomeUnknown => ErrorCode::OutcomeUnknown,
        FaultKind::CaptivePortal => ErrorCode::CaptivePortal,
        FaultKind::BadAnswer => ErrorCode::BadAnswer,
        FaultKind::Refused | FaultKind::NothingToChange | FaultKind::Unsupported => {
            ErrorCode::PreconditionFailed
        }
        FaultKind::Conflict => ErrorCode::Conflict,
        FaultKind::Cancelled => ErrorCode::Cancelled,
    };
    ErrorEnvelope {
        hints: error.hint.clone().into_iter().collect(),
        retryable: error.kind.retryable(),
        ..envelope(code, sentence(&error.message))
    }
}

pub fn ledger(error: &LedgerError) -> ErrorEnvelope {
    let (code, hint) = match error {
        LedgerError::Store(StoreError::OutcomeUnknown { .. }) => (
            ErrorCode::OutcomeUnknown,
            "Read the ledger again before anything else: it may have been recorded.",
        ),
        LedgerError::Store(_) => (
            ErrorCode::LedgerUnavailable,
            "Check that its place can be reached and written, and has room; nothing was recorded.",
        ),
        LedgerError::Unsigned(_) => (
            ErrorCode::LedgerUnavailable,
            "Nothing was recorded; try again when the key can be used.",
        ),
        LedgerError::Broken { .. } => (
            ErrorCode::LedgerUnavailable,
            "Keep everything as it is and compare it with a copy, or with what a colleague sees: an \
             entry was altered, or the log was cut or exchanged. What this computer saw of it stands \
             in ledger-seen.json.",
        ),
    };
    ErrorEnvelope {
        hints: vec![hint.into()],
        ..envelope(code, sentence(&error.to_string()))
    }
}

/// Envelope of an estate file's problems.
pub fn estate(error: &EstateError) -> ErrorEnvelope {
    of_file(&error.file, &error.problems)
}

/// Envelope of the problems of a policy file, or of a file of policy cases.
pub fn policy(error: &PolicyError) -> ErrorEnvelope {
    of_file(&error.file, &error.problems)
}

/// The first problem leads, the others are hints.
fn of_file(file: &str, problems: &[Problem]) -> ErrorEnvelope {
    let Some(first) = problems.first() else {
        return envelope(ErrorCode::EstateInvalid, format!("{file} cannot be used."));
    };
    let mut hints: Vec<String> = first.hint.clone().into_iter().collect();
    hints.extend(
        problems[1..]
            .iter()
            .map(|p| format!("Also line {}: {}", p.line, sentence(&p.message))),
    );
    ErrorEnvelope {
        hints,
        location: Some(Location {
            file: Some(file.to_owned()),
            line: Some(first.line),
            column: Some(first.column),
            field: first.field.clone(),
        }),
        ..envelope(
            ErrorCode::EstateInvalid,
            format!("{file}:{}: {}", first.line, sentence(&first.message)),
        )
    }
}

/// First letter large unless a file's name or another name stands there, full stop at the end.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let name = text
        .split_whitespace()
        .next()
        .is_some_and(|word| word.contains(['.', ':', '/', '_']));
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let stop = if text.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    if name {
        return format!("{text}{stop}");
    }
    format!("{}{}{stop}", first.to_uppercase(), chars.as_str())
}
