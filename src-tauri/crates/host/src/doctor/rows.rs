//! Rows of a connection test.

use interlock_contract::{Tone, connections::ConnectionView};
use interlock_domain::{ConnectorError, FaultKind};
use std::time::Instant;

/// Milliseconds since a moment.
pub(super) fn elapsed(begun: Instant) -> u32 {
    u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX)
}

/// Something that works.
pub(super) fn ok(
    name: String,
    address: String,
    message: String,
    elapsed_ms: u32,
) -> ConnectionView {
    ConnectionView {
        name,
        address,
        tone: Tone::Ok,
        message,
        hints: Vec::new(),
        identity: None,
        version: None,
        elapsed_ms,
    }
}

/// Something that nobody was asked about.
pub(super) fn unasked(name: String, address: String, why: impl Into<String>) -> ConnectionView {
    ConnectionView {
        tone: Tone::Unknown,
        ..ok(name, address, why.into(), 0)
    }
}

/// Something that did not work.
pub(super) fn failed(
    name: String,
    address: String,
    error: &ConnectorError,
    elapsed_ms: u32,
) -> ConnectionView {
    let envelope = crate::errors::system(error);
    ConnectionView {
        tone: if error.kind == FaultKind::Throttled {
            Tone::Waiting
        } else {
            Tone::Bad
        },
        hints: envelope.hints,
        ..ok(name, address, envelope.message, elapsed_ms)
    }
}
