//! DSSE envelopes: a payload with its type and signatures, carried as bytes.

use crate::{key::PublicKey, signer::SignError, signer::Signer};
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
    /// Signatures over the pre-authentication encoding. One counts; an envelope without any, or
    /// with several, counts for nothing.
    pub signatures: Vec<Signature>,
}

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Which key of the roster to look up. A hint: what counts is that the signature fits.
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

/// The bytes that are signed: DSSE's pre-authentication encoding.
pub fn signed_bytes(payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "DSSEv1 {} {PAYLOAD_TYPE} {} ",
        PAYLOAD_TYPE.len(),
        payload.len()
    )
    .into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

impl Envelope {
    /// Wraps a payload and has it signed.
    pub fn signed(payload: &[u8], signer: &dyn Signer) -> Result<Self, SignError> {
        let signature = signer.sign(&signed_bytes(payload))?;
        Ok(Self {
            payload_type: PAYLOAD_TYPE.into(),
            payload: STANDARD.encode(payload),
            signatures: vec![Signature {
                keyid: signer.key().id(),
                sig: STANDARD.encode(signature),
            }],
        })
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

    /// The one signature, or why there is none that could count.
    pub fn signature(&self) -> Result<&Signature, String> {
        match self.signatures.as_slice() {
            [one] => Ok(one),
            [] => Err("it is not signed".into()),
            many => Err(format!("it has {} signatures, one is wanted", many.len())),
        }
    }
}

impl Signature {
    /// Whether it is the signature of this key over a payload.
    pub fn fits(&self, key: &PublicKey, payload: &[u8]) -> Result<(), String> {
        let signature = STANDARD
            .decode(&self.sig)
            .map_err(|_| "its signature is not base64".to_owned())?;
        key.verify(&signed_bytes(payload), &signature)
            .map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signed_bytes_are_those_of_the_specification() {
        // The example of DSSE's protocol description, with the payload type of ours.
        assert_eq!(
            signed_bytes(b"hello world"),
            b"DSSEv1 28 application/vnd.in-toto+json 11 hello world"
        );
    }
}
