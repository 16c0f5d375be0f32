//! Policy files and policy cases.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| interlock_app::policy::fuzz::policy(bytes));
