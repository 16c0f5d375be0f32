//! The request log: who asked which practice server for what, and what it answered.

use crate::faults::FaultKind;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How many requests the log keeps.
const LOG_LENGTH: usize = 2_000;

/// One entry of the request log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoggedRequest {
    /// Practice time at which it arrived.
    pub at: String,
    /// Service.
    pub service: String,
    /// Part of the service.
    pub scope: String,
    /// Operation.
    pub operation: String,
    /// Who asked.
    pub who: String,
    /// HTTP status; absent when no answer was sent.
    pub status: Option<u16>,
    /// Fault that was applied.
    pub fault: Option<FaultKind>,
}

/// The latest requests to all servers; clones share it.
#[derive(Debug, Clone, Default)]
pub struct RequestLog {
    entries: Arc<Mutex<VecDeque<LoggedRequest>>>,
}

impl RequestLog {
    /// Returns the logged requests, oldest first.
    pub fn entries(&self) -> Vec<LoggedRequest> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().cloned().collect()
    }

    /// Forgets every request.
    pub fn clear(&self) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.clear();
    }

    /// Adds an entry; the oldest one makes room.
    pub(super) fn push(&self, entry: LoggedRequest) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == LOG_LENGTH {
            entries.pop_front();
        }
        entries.push_back(entry);
    }
}
