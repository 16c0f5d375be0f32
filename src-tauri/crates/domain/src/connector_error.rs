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
