//! Variable documents.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| interlock_stackdiff::fuzz::variables(bytes));
