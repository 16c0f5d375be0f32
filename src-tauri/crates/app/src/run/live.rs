//! What a run looks like now, beyond what the record says. Kept in memory only; lost with the
//! process and observed again by the next.

use super::log::{LogBuffer, Severity};
use crate::console::guard;
use interlock_domain::{
    Timestamp,
    build::{Build, PendingInput, Stage},
    stack::StackEvent,
};
use std::{collections::HashSet, sync::Mutex};
use tokio_util::sync::CancellationToken;

/// One run as it is observed.
#[derive(Default)]
pub struct Live {
    state: Mutex<LiveState>,
    /// Stops driving in this process; the deployment itself goes on.
    pub(crate) leave: CancellationToken,
}

/// The observed state.
#[derive(Default)]
pub struct LiveState {
    /// Stack events, oldest first.
    pub events: Vec<StackEvent>,
    seen: HashSet<String>,
    /// Stages of the build.
    pub stages: Vec<Stage>,
    /// The build.
    pub build: Option<Build>,
    /// Why it waits in the queue.
    pub queue: Option<String>,
    /// Inputs that wait.
    pub inputs: Vec<PendingInput>,
    /// Log.
    pub log: LogBuffer,
    /// What it waits for, and since when.
    pub waiting: Option<(String, Timestamp)>,
    /// Why the newest look brought nothing.
    pub trouble: Option<String>,
    /// Whether driving ended in this process.
    pub ended: bool,
}

impl Live {
    /// Looks at the state.
    pub fn read<T>(&self, look: impl FnOnce(&LiveState) -> T) -> T {
        look(&guard(&self.state))
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut LiveState)) {
        change(&mut guard(&self.state));
    }
}

impl LiveState {
    /// Takes new events, once each, and writes them into the log.
    pub(crate) fn take_events(&mut self, events: &[StackEvent]) {
        for event in events {
            if !self.seen.insert(event.id.clone()) {
                continue;
            }
            let severity = if event.status.ends_with("_FAILED") || event.status.contains("ROLLBACK")
            {
                Severity::Error
            } else if event.status.ends_with("_COMPLETE") {
                Severity::Good
            } else {
                Severity::Progress
            };
            let reason = event
                .reason
                .as_deref()
                .map(|r| format!("  {r}"))
                .unwrap_or_default();
            let line = format!(
                "{:<18} {} ({}){reason}",
                event.status, event.logical_id, event.resource_type
            );
            self.log.push(Some(event.at), &line, severity);
            self.events.push(event.clone());
        }
    }

    /// Notes what is waited for; the time is kept while the words stay.
    pub(crate) fn wait_for(&mut self, what: Option<String>, now: Timestamp) {
        match (&self.waiting, what) {
            (Some((old, _)), Some(new)) if *old == new => {}
            (_, Some(new)) => self.waiting = Some((new, now)),
            (_, None) => self.waiting = None,
        }
    }
}
