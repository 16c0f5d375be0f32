//! What a run looks like now, beyond what the record says. Kept in memory only; lost with the
//! process and observed again by the next.

use super::log::{LogBuffer, Severity};
use crate::console::guard;
use interlock_domain::{
    JobName, ServiceName, Timestamp,
    build::{Build, PendingInput, Stage},
    stack::StackEvent,
};
use std::{
    collections::HashSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio_util::sync::CancellationToken;

/// One run as it is observed.
#[derive(Default)]
pub struct Live {
    state: Mutex<LiveState>,
    /// Stops driving in this process; the deployment itself goes on.
    pub(crate) leave: CancellationToken,
    /// Whether this process only looks on.
    watches: AtomicBool,
}

/// The observed state.
#[derive(Default)]
pub struct LiveState {
    /// Stack events, oldest first.
    pub events: Vec<StackEvent>,
    seen: HashSet<String>,
    /// Builds, one a service that a job delivers, in the order in which they begin.
    pub builds: Vec<LiveBuild>,
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

/// A build of a run as it is observed.
pub struct LiveBuild {
    /// Service that it delivers.
    pub service: ServiceName,
    /// Its job.
    pub job: JobName,
    /// The build, once it left the queue.
    pub build: Option<Build>,
    /// Its stages.
    pub stages: Vec<Stage>,
    /// Why it waits in the queue.
    pub queue: Option<String>,
}

impl Live {
    /// Of a run that another process drives.
    pub(crate) fn watching() -> Self {
        Self {
            watches: AtomicBool::new(true),
            ..Self::default()
        }
    }

    /// Whether this process only looks on.
    pub(crate) fn watches(&self) -> bool {
        self.watches.load(Ordering::Relaxed)
    }

    /// Somebody else drives from now on.
    pub(crate) fn only_watch(&self) {
        self.watches.store(true, Ordering::Relaxed);
    }

    /// Looks at the state.
    pub fn read<T>(&self, look: impl FnOnce(&LiveState) -> T) -> T {
        look(&guard(&self.state))
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut LiveState)) {
        change(&mut guard(&self.state));
    }
}

impl LiveState {
    /// The build that delivers a service.
    pub(crate) fn build_of(&mut self, service: &ServiceName, job: &JobName) -> &mut LiveBuild {
        let known = self.builds.iter().position(|it| &it.service == service);
        let at = known.unwrap_or_else(|| {
            self.builds.push(LiveBuild {
                service: service.clone(),
                job: job.clone(),
                build: None,
                stages: Vec::new(),
                queue: None,
            });
            self.builds.len() - 1
        });
        &mut self.builds[at]
    }

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
