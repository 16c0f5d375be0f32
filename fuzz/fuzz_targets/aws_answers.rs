//! AWS's XML answers and errors, through the SDK.
#![no_main]

use std::sync::LazyLock;
use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let built = Builder::new_current_thread().enable_time().build();
    built.expect("a runtime without threads and sockets")
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    RUNTIME.block_on(interlock_connect_aws::fuzz::answers(bytes));
});
