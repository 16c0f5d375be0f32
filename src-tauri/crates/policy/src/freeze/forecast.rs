//! Whether a promotion that is started now would still run when a freeze begins.

use super::Occurrence;
use crate::length::Length;
use interlock_domain::Timestamp;
use jiff::SignedDuration;

/// How long it may take, judged by the past, and whether that is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// The time within which nineteen of twenty past runs ended.
    pub takes: Length,
    /// How many past runs that is taken from.
    pub runs: usize,
    /// When it would be over.
    pub over: Timestamp,
    /// Whether it would then be within the freeze.
    pub runs_into: bool,
}

/// Lays past durations, in seconds, beside a freeze; nothing follows from no past.
pub fn forecast(past: &[u64], freeze: &Occurrence, now: Timestamp) -> Option<Forecast> {
    let mut past = past.to_vec();
    past.sort_unstable();
    // The nearest rank: the smallest value that ninety-five of a hundred do not exceed.
    let rank = (past.len() * 95).div_ceil(100).max(1);
    let takes = *past.get(rank - 1)?;
    let seconds = i64::try_from(takes).unwrap_or(i64::MAX);
    let over = now
        .checked_add(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MAX);
    Some(Forecast {
        takes: Length(takes),
        runs: past.len(),
        over,
        runs_into: over > freeze.starts,
    })
}
