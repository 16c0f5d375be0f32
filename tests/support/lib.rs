//! Support for the tests that stand outside of every crate.

pub mod repository;
