//! Entries of the ledger.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| interlock_ledger::fuzz::entry(bytes));
