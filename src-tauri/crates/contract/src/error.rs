//! The error envelope: what a shell tells its user when something did not work.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The closed list of causes that somebody branches on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// The estate file cannot be used as written.
    EstateInvalid,
    /// The asked-for thing does not exist.
    NotFound,
    /// A system does not know who is asking.
    Unauthenticated,
    /// Credentials were valid once and are not any more.
    CredentialsExpired,
    /// The person is known and may not.
    Forbidden,
    /// The policy of the estate does not let this person do it.
    NotAllowed,
    /// The credentials belong to another account than the estate file says.
    WrongAccount,
    /// No connection, or no answer in time, for a question that changes nothing.
    Unreachable,
    /// A web page came where an answer was due (login page, captive portal).
    CaptivePortal,
    /// The answer cannot be understood.
    BadAnswer,
    /// The system asks us to slow down.
    Throttled,
    /// A change was asked for and the reply was lost: it may have happened.
    OutcomeUnknown,
    /// A template or variable document cannot be read.
    DocumentUnreadable,
    /// A template is over a reading budget (size, depth, nodes, aliases).
    DocumentTooLarge,
    /// The request is understood and the present state forbids it.
    PreconditionFailed,
    /// What was approved is not what stands there now.
    ManifestMoved,
    /// Somebody else acted first.
    Conflict,
    /// The user cancelled.
    Cancelled,
    /// The record cannot be read or written.
    LedgerUnavailable,
    /// The command line or request is not well formed.
    InvalidRequest,
    /// A defect of ours.
    Internal,
}

/// Where in a document the trouble is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// File name as the user knows it.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// Column, from 1.
    pub column: Option<u32>,
    /// Field path such as `environments[2].account`.
    pub field: Option<String>,
}

/// An error as it leaves the core.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct ErrorEnvelope {
    /// What kind of trouble, for branching.
    pub code: ErrorCode,
    /// One or two sentences for a person.
    pub message: String,
    /// Next actions, each a sentence.
    pub hints: Vec<String>,
    /// Whether the same request can succeed later unchanged.
    pub retryable: bool,
    /// Where in a document, when there is one.
    pub location: Option<Location>,
    /// Joins this envelope to the log.
    pub correlation: String,
}
