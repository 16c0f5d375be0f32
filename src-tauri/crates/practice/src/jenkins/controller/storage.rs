//! What outlives a restart of the process: the queue, the builds since the plan was made, what people noted on builds.

use super::super::builds::{LiveBuild, Notes};
use super::super::queue::Queue;
use super::Controller;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What outlives a restart of the estate.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Saved {
    queue: Queue,
    jobs: BTreeMap<String, SavedJob>,
    restarts: u32,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct SavedJob {
    live: Vec<LiveBuild>,
    notes: BTreeMap<u32, Notes>,
}

impl Controller {
    /// Returns what must outlive a restart.
    pub fn save(&self) -> Saved {
        Saved {
            queue: self.queue.clone(),
            jobs: self
                .jobs
                .iter()
                .filter(|(_, job)| !job.live.is_empty() || !job.notes.is_empty())
                .map(|(name, job)| {
                    let saved = SavedJob {
                        live: job.live.clone(),
                        notes: job.notes.clone(),
                    };
                    (name.clone(), saved)
                })
                .collect(),
            restarts: self.restarts,
        }
    }

    /// Takes up what a former process saved; jobs that the plan no longer has are dropped.
    pub fn restore(&mut self, saved: Saved) {
        self.queue = saved.queue;
        self.queue.forget_left();
        self.restarts = saved.restarts + 1;
        for (name, job) in saved.jobs {
            if let Some(known) = self.jobs.get_mut(&name) {
                known.live = job.live;
                known.notes = job.notes;
            }
        }
    }

    /// Returns a number that changes whenever there is something new to store.
    pub fn revision(&self) -> u64 {
        let steps: usize = self
            .jobs
            .values()
            .flat_map(|job| &job.live)
            .map(|build| 1 + build.run.nodes.len() + usize::from(build.run.ended.is_some()))
            .sum();
        self.changes + steps as u64
    }

    /// Notes that somebody changed something.
    pub fn changed(&mut self) {
        self.changes += 1;
    }
}
