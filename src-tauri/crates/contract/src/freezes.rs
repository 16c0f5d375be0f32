//! The freezes ahead of an environment.

use crate::Instant;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which freezes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FreezesRequest {
    /// Environment.
    pub environment: String,
    /// Service that would be promoted into it; none asks for freezes alone.
    pub service: Option<String>,
}

/// Freezes, and what the past says about a promotion that is started now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FreezesView {
    /// Environment.
    pub environment: String,
    /// Service.
    pub service: Option<String>,
    /// When it was asked.
    pub now: Instant,
    /// Those that hold or are ahead, in the order in which they begin.
    pub freezes: Vec<FreezeAheadView>,
    /// How long a promotion takes; none without a service.
    pub forecast: Option<ForecastView>,
}

/// A freeze that holds or is ahead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FreezeAheadView {
    /// Name.
    pub name: String,
    /// Which file declares it.
    pub source: String,
    /// Whether it holds now.
    pub holds: bool,
    /// Start.
    pub starts: Instant,
    /// End.
    pub ends: Instant,
    /// Zone on whose wall clock it is declared.
    pub zone: String,
    /// Start on that wall clock, such as `Fri 27 Nov 2026 18:00`.
    pub starts_there: String,
    /// End on that wall clock.
    pub ends_there: String,
}

/// How long a promotion takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ForecastView {
    /// One sentence.
    pub text: String,
    /// Seconds within which nineteen of twenty ended; none when it is not known.
    pub seconds: Option<u32>,
    /// How many past promotions that is taken from; 0 when the policy assumes it.
    pub runs: u32,
    /// When one that is started now would be over.
    pub over: Option<Instant>,
    /// The freeze that it would run into.
    pub runs_into: Option<String>,
}
