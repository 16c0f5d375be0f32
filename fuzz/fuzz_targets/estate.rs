//! Estate files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| interlock_app::fuzz::estate(bytes));
