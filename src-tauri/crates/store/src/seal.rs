//! A digest over what a row says: whether it still says what was written.

use interlock_domain::Digest;
use rusqlite::{Error, ffi};

/// The digest of some parts; parts that are divided otherwise have another one.
pub(crate) fn of(parts: &[&str]) -> String {
    let mut whole = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        whole.extend_from_slice(&(part.len() as u64).to_be_bytes());
        whole.extend_from_slice(part.as_bytes());
    }
    Digest::of(&whole).to_string()
}

/// Checks a row; one that says something else is damage like any other.
pub(crate) fn hold(expected: &str, found: &str) -> rusqlite::Result<()> {
    if expected == found {
        return Ok(());
    }
    let why = "a row is not what was written".to_owned();
    Err(Error::SqliteFailure(
        ffi::Error::new(ffi::SQLITE_CORRUPT),
        Some(why),
    ))
}
