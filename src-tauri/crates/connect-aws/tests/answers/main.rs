//! The connector against scripted answers, good and bad, over real connections.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod changing;
mod own_login;
mod reading;
mod server;
mod sessions;
