//! Tests of the desktop shell: on Tauri's mock runtime, with a core that is a fake.
//!
//! The real window is driven by the end-to-end tests in `tests/e2e`.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod arguments;
mod commands;
mod confirm;
mod fake;
mod first;
mod links;
mod notices;
mod opening;
mod permissions;
