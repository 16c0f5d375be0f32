//! Refusals in AWS's words: code, message and HTTP status.

use http::StatusCode;

/// What AWS answers instead of a result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct AwsError {
    /// Error code.
    pub code: String,
    /// Message.
    pub message: String,
    /// HTTP status.
    pub status: StatusCode,
}

impl AwsError {
    /// Makes an error with status 400.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self::with_status(code, message, StatusCode::BAD_REQUEST)
    }

    /// Makes an error with a given status.
    pub fn with_status(code: &str, message: impl Into<String>, status: StatusCode) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            status,
        }
    }

    /// Makes the error that most refusals of CloudFormation are.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationError", message)
    }

    /// Makes the refusal of somebody who may not.
    pub fn forbidden(code: &str, message: impl Into<String>) -> Self {
        Self::with_status(code, message, StatusCode::FORBIDDEN)
    }

    /// Makes the message of a member that does not satisfy the API's constraints.
    pub fn constraint(value: &str, member: &str, constraint: &str) -> Self {
        Self::validation(format!(
            "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}"
        ))
    }
}

/// What a request's handling returns.
pub type AwsResult<T> = Result<T, AwsError>;
