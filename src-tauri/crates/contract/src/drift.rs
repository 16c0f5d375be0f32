//! What was changed past CloudFormation, as far as AWS has looked.

use crate::{Instant, Tone, overview::DriftView};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A service in an environment, as last known or looked at now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DriftRequest {
    /// Service name.
    pub service: String,
    /// Environment name.
    pub environment: String,
    /// Whether AWS is to look first; it takes seconds to minutes a stack.
    pub detect: bool,
}

/// What is known of the drift of a service in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DriftReportView {
    /// Service name.
    pub service: String,
    /// Environment name.
    pub environment: String,
    /// Every stack, those nested in them included.
    pub stacks: Vec<StackDriftView>,
}

/// What is known of the drift of one stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StackDriftView {
    /// What is known.
    pub known: DriftKnownView,
    /// Account id.
    pub account: String,
    /// What differs.
    pub resources: Vec<DriftView>,
}

/// Whether a stack has drifted, and how old that knowledge is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DriftKnownView {
    /// Stack name.
    pub stack: String,
    /// Region.
    pub region: String,
    /// In words: in sync, drifted, never checked, not known and why.
    pub words: String,
    /// Tone.
    pub tone: Tone,
    /// When AWS looked.
    pub at: Option<Instant>,
}
