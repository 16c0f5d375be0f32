//! The state of the server: jobs with their builds, the queue, and how both move with time.
//!
//! `advance` moves it, `lookup` finds things in it, `storage` keeps it over a restart of the process. Nothing here speaks
//! HTTP; `routes` reads and changes the state through these methods. `advance` must be called with the current instant before
//! anything is read.

mod advance;
mod lookup;
mod storage;

pub use storage::Saved;

use super::access::Sessions;
use super::builds::Job;
use super::plan::Plan;
use super::queue::Queue;
use super::target::Deployer;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A shutdown being prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quieting {
    /// Why, where somebody said it.
    pub reason: Option<String>,
}

/// The server's state.
pub struct Controller {
    plan: Arc<Plan>,
    deployer: Arc<dyn Deployer>,
    /// Address that bodies and redirects name, without a trailing slash.
    pub root: String,
    /// Requests for builds.
    pub queue: Queue,
    /// Web sessions of password users.
    pub sessions: Sessions,
    jobs: BTreeMap<String, Job>,
    now: i64,
    changes: u64,
    restarts: u32,
    starting_until: Option<i64>,
    quieting: Option<Quieting>,
}

impl Controller {
    /// Starts the server on a plan.
    pub fn new(plan: Plan, deployer: Arc<dyn Deployer>, root: &str) -> Self {
        let mut last_id = 0;
        let mut jobs = BTreeMap::new();
        for (index, job) in plan.jobs.iter().enumerate() {
            let state = Job {
                plan: index,
                queue_base: last_id,
                live: Vec::new(),
                notes: BTreeMap::new(),
            };
            last_id += job.past.len() as u64;
            jobs.insert(job.full_name(), state);
        }
        Self {
            plan: Arc::new(plan),
            deployer,
            root: root.trim_end_matches('/').to_owned(),
            queue: Queue::after(last_id),
            sessions: Sessions::default(),
            jobs,
            now: 0,
            changes: 0,
            restarts: 0,
            starting_until: None,
            quieting: None,
        }
    }

    /// Forgets everything that happened since the plan was made.
    pub fn forget(&mut self) {
        let past: u64 = self.plan.jobs.iter().map(|job| job.past.len() as u64).sum();
        self.queue = Queue::after(past);
        self.sessions = Sessions::default();
        self.quieting = None;
        for job in self.jobs.values_mut() {
            job.live.clear();
            job.notes.clear();
        }
    }

    /// Restarts the server: every path answers 503 until it is up again, and sessions are gone.
    pub fn restart(&mut self, now: i64, millis: i64) {
        self.restarts += 1;
        self.sessions = Sessions::default();
        self.queue.forget_left();
        self.quieting = None;
        self.starting_until = Some(now + millis);
    }

    /// Reports whether the server is still starting.
    pub fn is_starting(&self, now: i64) -> bool {
        self.starting_until.is_some_and(|until| now < until)
    }

    /// Returns the id of this start of the server (`X-Jenkins-Session`).
    pub fn session(&self) -> String {
        let digest = Sha256::digest(format!("{}/{}", self.root, self.restarts));
        hex::encode(&digest[..4])
    }

    /// Returns the plan.
    pub fn plan(&self) -> Arc<Plan> {
        Arc::clone(&self.plan)
    }

    /// Returns the plan for as long as the controller is borrowed.
    pub fn plan_ref(&self) -> &Plan {
        &self.plan
    }

    /// Returns the instant that the state was last carried to.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Prepares for a shutdown: no new builds start.
    pub fn quiet_down(&mut self, reason: Option<String>) {
        self.quieting = Some(Quieting { reason });
    }

    /// Takes the preparation for a shutdown back.
    pub fn cancel_quiet_down(&mut self) {
        self.quieting = None;
    }

    /// Returns whether a shutdown is prepared, and why.
    pub fn quieting(&self) -> Option<&Quieting> {
        self.quieting.as_ref()
    }

    /// Returns the address of a job, with a trailing slash.
    pub fn job_url(&self, full_name: &str) -> String {
        format!("{}{}", self.root, job_path(full_name))
    }
}

/// Returns the path of a job: `/job/folder/job/name/`, each name encoded.
pub fn job_path(full_name: &str) -> String {
    let mut path = String::from("/");
    for name in full_name.split('/') {
        path.push_str("job/");
        path.push_str(&super::http::encode_segment(name));
        path.push('/');
    }
    path
}
