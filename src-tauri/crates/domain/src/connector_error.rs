//! What can go wrong between us and a system, by the decision that follows.

use crate::SystemKind;
use serde::{Deserialize, Serialize};

/// Kind of trouble; one for each decision that a caller takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// No or wrong credentials: ask for a login.
    Unauthenticated,
    /// Credentials ran out: ask for a new login, keep what is known.
    Expired,
    /// Known person, not allowed: say what permission is missing.
    Forbidden,
    /// The credentials open another account than the file says: stop.
    WrongAccount,
    /// The thing does not exist.
    NotFound,
    /// Slow down and try again.
    Throttled,
    /// No connection, or no answer in time, for a question: try again.
    Unreachable,
    /// A change was sent and its answer was lost: observe before anything else.
    OutcomeUnknown,
    /// A web page came instead of an answer.
    CaptivePortal,
    /// The answer cannot be understood, or is cut short.
    BadAnswer,
    /// The system refuses the request as it stands.
    Refused,
    /// Somebody else acted first: the thing exists, moved, or is busy.
    Conflict,
    /// Nothing would change.
    NothingToChange,
    /// The user cancelled.
    Cancelled,
    /// This system cannot do that.
    Unsupported,
}

impl FaultKind {
    /// Whether the same question may succeed later, unchanged.
    pub const fn retryable(self) -> bool {
        match self {
            Self::Throttled | Self::Unreachable => true,
            Self::Unauthenticated
            | Self::Expired
            | Self::Forbidden
            | Self::WrongAccount
            | Self::NotFound
            | Self::OutcomeUnknown
            | Self::CaptivePortal
            | Self::BadAnswer
            | Self::Refused
            | Self::Conflict
            | Self::NothingToChange
            | Self::Cancelled
            | Self::Unsupported => false,
        }
    }
}

/// Says why a connection failed in plain words; what it does not know loses only its error number.
pub fn plain_cause(cause: &str) -> String {
    let lower = cause.to_ascii_lowercase();
    let known = [
        ("connection refused", "nothing listens there"),
        ("connection reset", "the connection was cut"),
        ("broken pipe", "the connection was cut"),
        ("no route to host", "no way leads there from this network"),
        (
            "network is unreachable",
            "no way leads there from this network",
        ),
        ("name or service not known", "its name cannot be resolved"),
        ("failed to lookup", "its name cannot be resolved"),
    ];
    if let Some((_, words)) = known.iter().find(|(said, _)| lower.contains(said)) {
        return (*words).to_owned();
    }
    match cause.find(" (os error ") {
        Some(end) if cause.ends_with(')') => cause[..end].to_owned(),
        _ => cause.to_owned(),
    }
}

/// An error of one call to one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct ConnectorError {
    /// Which system.
    pub system: SystemKind,
    /// What was asked, such as `DescribeStacks in prod us-east-1`.
    pub operation: String,
    /// What kind of trouble.
    pub kind: FaultKind,
    /// The system's own code, such as `AccessDenied` or `503`.
    pub code: Option<String>,
    /// A sentence for people.
    pub message: String,
    /// Next action for people.
    pub hint: Option<String>,
}

impl ConnectorError {
    /// An error without code and hint.
    pub fn new(
        system: SystemKind,
        operation: impl Into<String>,
        kind: FaultKind,
        message: impl Into<String>,
    ) -> Self {
        Self {
            system,
            operation: operation.into(),
            kind,
            code: None,
            message: message.into(),
            hint: None,
        }
    }

    /// Adds the system's own code.
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Adds a next action.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::plain_cause;

    #[test]
    fn a_cause_is_told_without_the_system_s_number() {
        let told = [
            ("Connection refused (os error 111)", "nothing listens there"),
            (
                "tcp connect error: Connection refused",
                "nothing listens there",
            ),
            ("Too many open files (os error 24)", "Too many open files"),
            (
                "a (os error 9) in the middle",
                "a (os error 9) in the middle",
            ),
            ("channel closed", "channel closed"),
        ];
        for (cause, words) in told {
            assert_eq!(plain_cause(cause), words);
        }
    }
}
