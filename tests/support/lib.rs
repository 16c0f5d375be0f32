//! Support for the tests that stand outside of every crate.

pub mod bank;
pub mod journey;
pub mod keys;
pub mod matrix;
pub mod page;
pub mod question;
pub mod repository;
pub mod screens;
pub mod webdriver;
pub mod window;
