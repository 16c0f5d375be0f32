//! Connection tests.

use crate::Tone;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Result of testing everything that the estate file names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionsView {
    /// One row a connection.
    pub connections: Vec<ConnectionView>,
}

/// Result for one connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionView {
    /// `AWS prod us-east-1`, `Jenkins`, `Ledger` ...
    pub name: String,
    /// Address or place.
    pub address: String,
    /// Ok, waiting (warning), bad, unknown (not configured).
    pub tone: Tone,
    /// One sentence.
    pub message: String,
    /// What to do.
    pub hints: Vec<String>,
    /// Who we are there.
    pub identity: Option<String>,
    /// Server version.
    pub version: Option<String>,
    /// How long it took.
    pub elapsed_ms: u32,
}

/// Whom to act as, in practice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SwitchPersonRequest {
    /// Person id.
    pub person: String,
}

/// A web address to open in the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenLinkRequest {
    /// Address; only hosts that the estate names are opened.
    pub url: String,
}
