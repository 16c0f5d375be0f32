//! Refusals of Jenkins, SonarQube and GitLab.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| interlock_connect_http::fuzz::errors(bytes));
