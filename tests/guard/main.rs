//! Guard tests: rules about the repository itself that no compiler checks.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod crates;
mod documents;
mod faults;
mod sources;
mod supply;
mod table;
mod threats;
