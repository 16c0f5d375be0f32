//! The connectors against recorded answers of real systems and against every kind of trouble.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod anything;
mod client;
mod elsewhere;
mod gitlab;
mod jenkins_changes;
mod jenkins_reading;
mod replay;
mod sonarqube;
mod tls;
