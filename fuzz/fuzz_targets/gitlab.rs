//! GitLab's JSON.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| interlock_connect_http::fuzz::gitlab(bytes));
