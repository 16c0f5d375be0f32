//! What a server tells the door in front of it: how a request is named, and how a refusal is worded.

use axum::body::Body;
use http::request::Parts;
use http::{Response, StatusCode};

/// What a server knows about a request before it handles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Service name that fault rules use.
    pub service: String,
    /// Part of the service that fault rules use: `ACCOUNT/REGION` of AWS, empty elsewhere.
    pub scope: String,
    /// Operation name that fault rules use.
    pub operation: String,
    /// Who asks, as far as the request says; not verified.
    pub who: String,
}

/// What a fault makes a server say, to be put into the server's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Asked too often.
    Throttled,
    /// A given error.
    Error {
        /// Code.
        code: String,
        /// HTTP status.
        status: StatusCode,
    },
    /// The credentials have expired.
    ExpiredCredentials,
    /// Down for maintenance, 503.
    Unavailable,
}

/// The protocol of one server, as far as logging and faults need it.
pub trait Protocol: Send + Sync + 'static {
    /// Names a request.
    fn call(&self, parts: &Parts, body: &[u8]) -> Call;

    /// Writes a refusal.
    fn refusal(&self, call: &Call, refusal: &Refusal) -> Response<Body>;
}
