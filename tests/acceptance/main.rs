//! Acceptance tests.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod ledger_template;
