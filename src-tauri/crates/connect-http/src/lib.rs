//! Jenkins, SonarQube and GitLab over one careful HTTP client.
//!
//! Each module answers ports of `interlock-app` for one system: [`Jenkins`] for builds,
//! [`SonarQube`] for gates and measures, [`GitLab`] for merge requests. What they share is how
//! they ask: bounded in time and size, never following a redirect to another place, retrying
//! questions but never changes, and keeping secrets out of every message.
//!
//! It decides nothing about releases, and keeps nothing between runs. Shells build these types
//! once for each person, with that person's own credentials.

mod address;
mod client;
mod excerpt;
#[doc(hidden)]
pub mod fuzz;
mod gitlab;
mod jenkins;
mod options;
mod redact;
mod reply;
mod sonarqube;
mod trouble;

pub use gitlab::GitLab;
pub use jenkins::{Jenkins, Login};
pub use options::HttpOptions;
pub use sonarqube::SonarQube;
