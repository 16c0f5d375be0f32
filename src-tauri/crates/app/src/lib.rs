//! Use cases of the console, and the ports through which they ask.
//!
//! This crate decides; adapters answer. It reads no clock, no environment and no file: shells
//! hand in what is needed. Called by `host`, which shells and tests share.

pub mod estate;
pub mod ports;
