//! What crosses between the core and the user interface.
//!
//! Plain data transfer objects, one error envelope and one command table. The table
//! ([`commands`]) is the only list of commands: the desktop's handlers, its permission files
//! and the generated TypeScript are checked against it. Nothing here decides anything.

pub mod audit;
pub mod commands;
pub mod commit;
pub mod comparison;
pub mod connections;
pub mod diff;
pub mod drift;
pub mod error;
pub mod estate;
pub mod events;
pub mod first;
pub mod freezes;
pub mod lifted;
pub mod overview;
pub mod promotion;
pub mod run;
pub mod team;
pub mod typescript;
pub mod variables;
pub mod visible;

/// An instant on the wire: RFC 3339 in UTC.
pub type Instant = String;

/// How a fact is to be felt: the one vocabulary of colours and icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Proved to be in order.
    Ok,
    /// Something runs now.
    Running,
    /// A person is needed.
    Waiting,
    /// Lost, refused or broken.
    Bad,
    /// Live state differs from what was deployed.
    Drift,
    /// A freeze window holds.
    Frozen,
    /// Not known, stale or masked. Never green.
    Unknown,
    /// Said without judgement.
    Neutral,
}

/// An empty request.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS,
)]
pub struct Nothing {}
