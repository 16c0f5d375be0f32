//! Use cases of the console, and the ports through which they ask.
//!
//! This crate decides; adapters answer. It reads no clock, no environment and no file: shells
//! hand in what is needed. Called by `host`, which shells and tests share.

pub mod compare;
pub mod console;
mod dependents;
pub mod drift;
pub mod estate;
mod expanded;
#[doc(hidden)]
pub mod fuzz;
pub mod history;
pub mod identity;
mod nested;
pub mod nested_files;
pub mod overview;
pub mod ports;
pub mod promotion;
pub mod roster;
pub mod run;
mod signing;
mod templates;

pub use console::{Console, ConsoleEvent, Ports, UseCase, UseCaseError};
pub use identity::Identity;
pub use interlock_domain::nearest;
pub use interlock_policy as policy;
