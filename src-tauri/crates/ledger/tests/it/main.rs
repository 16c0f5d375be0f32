//! The ledger as its users meet it: what counts, what does not, and what is noticed.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod appending;
mod changes;
mod counting;
mod faults;
mod interleavings;
mod invariants;
mod keys;
mod leases;
mod lifting;
mod policies;
mod rosters;
mod support;
mod tampering;
mod turns;
mod vectors;
