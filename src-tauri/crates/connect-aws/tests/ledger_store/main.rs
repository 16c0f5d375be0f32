//! The team's ledger store and the approvers' keys, on small stateful fakes of S3 and KMS over
//! real connections; what the fakes cannot show is shown on an emulator in `tests/conformance`.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod examining;
mod fake;
mod keys;
mod place;
mod reading;
mod writing;
