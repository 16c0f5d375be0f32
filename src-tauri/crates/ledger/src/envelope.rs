//! DSSE envelopes: a payload with its type, carried as bytes.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

/// Payload type of in-toto statements.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// An envelope as DSSE 1.0 writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Type of the payload.
    #[serde(rename = "payloadType")]
    pub payload_type: String,
    /// Payload, base64.
    pub payload: String,
    /// Signatures over the pre-authentication encoding; empty while nobody signs.
    pub signatures: Vec<Signature>,
}

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Hint at the key.
    pub keyid: String,
    /// Signature, base64.
    pub sig: String,
}

/// An envelope that carries no statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnEnvelope {
    /// Another payload type.
    #[error("payload type `{0}` is not {PAYLOAD_TYPE}")]
    Type(String),
    /// The payload is not base64.
    #[error("the payload is not base64")]
    Encoding,
}

impl Envelope {
    /// Wraps a payload without a signature.
    pub fn unsigned(payload: &[u8]) -> Self {
        Self {
            payload_type: PAYLOAD_TYPE.into(),
            payload: STANDARD.encode(payload),
            signatures: Vec::new(),
        }
    }

    /// The payload's exact bytes.
    pub fn payload(&self) -> Result<Vec<u8>, NotAnEnvelope> {
        if self.payload_type != PAYLOAD_TYPE {
            return Err(NotAnEnvelope::Type(self.payload_type.clone()));
        }
        STANDARD
            .decode(&self.payload)
            .map_err(|_| NotAnEnvelope::Encoding)
    }
}
