//! The state of the server: jobs with their builds, the queue, and how both move with time.
//!
//! Nothing here speaks HTTP; `routes` reads and changes the state through these methods. `advance` must be called with the
//! current instant before anything is read.

use super::access::{Sessions, User};
use super::builds::{Build, Job, LiveBuild, Notes, started_by, workspace};
use super::deployments::{self, Deployment};
use super::flow::{NodeStatus, Verdict};
use super::params::Parameter;
use super::pipelines::{self, Circumstances};
use super::plan::{Cause, JobPlan, Pipeline, Plan};
use super::queue::{Item, Place, Queue};
use super::run::Run;
use super::target::Deployer;
use serde::{Deserialize, Serialize};
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

    /// Returns the deployments that live builds have begun, in the order of their numbers.
    pub fn deployments(&self) -> Vec<Deployment> {
        let live = self.jobs.values().flat_map(|job| {
            let plan = &self.plan.jobs[job.plan];
            let numbers = plan.last_past() + 1..;
            job.live.iter().zip(numbers).map(move |live| (plan, live))
        });
        let mut all: Vec<Deployment> = live
            .filter_map(|(plan, (build, number))| Deployment::of(plan, build, number))
            .collect();
        all.sort_by_key(|deployment| deployment.ordinal);
        all
    }

    /// Returns the instant that the state was last carried to.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Returns job and number of every running build.
    pub fn running(&self) -> impl Iterator<Item = (String, u32)> + '_ {
        self.jobs.iter().flat_map(|(name, job)| {
            let first = self.plan.jobs[job.plan].last_past() + 1;
            job.live
                .iter()
                .zip(first..)
                .filter(|(build, _)| build.run.ended.is_none())
                .map(|(_, number)| (name.clone(), number))
        })
    }

    /// Returns the number of the build after or before another.
    pub fn neighbour(&self, build: &Build, after: bool) -> Option<u32> {
        let name = build.job.full_name();
        let mut numbers = self.builds(&name).map(|other| other.number);
        if after {
            numbers.take_while(|number| *number > build.number).last()
        } else {
            numbers.find(|number| *number < build.number)
        }
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

    /// Carries queue and builds to an instant.
    pub fn advance(&mut self, now: i64) {
        self.now = self.now.max(now);
        if self.is_starting(now) {
            return;
        }
        loop {
            let ended = self.advance_builds(now);
            let started = self.advance_queue(now);
            if !ended && !started {
                break;
            }
        }
        deployments::number(self.jobs.values_mut());
        self.queue.forget(now);
    }

    fn advance_builds(&mut self, now: i64) -> bool {
        let mut any_ended = false;
        for job in self.jobs.values_mut() {
            for build in job
                .live
                .iter_mut()
                .filter(|build| build.run.ended.is_none())
            {
                build.run.advance(now, self.deployer.as_ref());
                any_ended |= build.run.ended.is_some();
            }
        }
        any_ended
    }

    fn advance_queue(&mut self, now: i64) -> bool {
        let mut starts = Vec::new();
        let mut taken: Vec<String> = Vec::new();
        let quiet = self.quieting.is_some();
        let (jobs, plan) = (&self.jobs, &self.plan);
        for item in self.queue.waiting_mut() {
            if item.ready > now {
                continue;
            }
            let Some(job) = jobs.get(&item.job) else {
                item.place = Place::Left {
                    at: now,
                    build: None,
                };
                continue;
            };
            let since = item.ready;
            let serial = !plan.jobs[job.plan].concurrent;
            let running = job.live.iter().any(|build| build.run.ended.is_none());
            if serial && (running || taken.contains(&item.job)) {
                if item.place == Place::Waiting {
                    item.place = Place::Blocked { since };
                }
            } else if quiet {
                if !matches!(item.place, Place::Buildable { .. }) {
                    item.place = Place::Buildable { since };
                }
            } else {
                let free = job
                    .live
                    .iter()
                    .filter_map(|build| build.run.ended)
                    .max()
                    .unwrap_or(since);
                let at = match item.place {
                    Place::Blocked { .. } => since.max(free),
                    Place::Buildable { .. } => now,
                    _ => since,
                };
                taken.push(item.job.clone());
                starts.push((item.id, at));
            }
        }
        for (id, at) in &starts {
            self.start(*id, *at);
        }
        !starts.is_empty()
    }

    fn start(&mut self, id: u64, at: i64) {
        let Some(item) = self.queue.get(id).cloned() else {
            return;
        };
        let Some(build) = self.new_build(&item, at) else {
            return;
        };
        let plan = Arc::clone(&self.plan);
        if let Some(job) = self.jobs.get_mut(&item.job) {
            job.live.push(build);
            let number = job.last_number(&plan.jobs[job.plan]);
            if let Some(item) = self.queue.waiting_mut().find(|item| item.id == id) {
                item.place = Place::Left {
                    at,
                    build: Some(number),
                };
            }
        }
    }

    fn new_build(&self, item: &Item, at: i64) -> Option<LiveBuild> {
        let job = self.job(&item.job)?;
        let cause = item.causes.first()?;
        let claimed_by = self.claim(&item.job, &item.parameters);
        let around = Circumstances {
            starter: match cause {
                Cause::User { id, .. } => self.user(id),
                Cause::BranchIndexing => None,
            },
            claimed_by: claimed_by.as_deref(),
            past: None,
            number: self.next_number(&item.job),
        };
        let mut program = pipelines::program(job, &item.parameters, around);
        program.at_pace(self.plan.pace);
        let commit = match &job.pipeline {
            Pipeline::Build(pipeline) => Some(pipeline.head.clone()),
            _ => None,
        };
        let last_built = self
            .builds(&item.job)
            .find_map(|build| build.commit.map(|commit| commit.id.clone()));
        let changes = commit
            .iter()
            .filter(|commit| last_built.as_ref() != Some(&commit.id))
            .cloned()
            .collect();
        Some(LiveBuild {
            queue_id: item.id,
            queued: item.since,
            started: at,
            causes: item.causes.clone(),
            parameters: item.parameters.clone(),
            commit,
            changes,
            run: Run::start(
                program.stages,
                program.stacks,
                &item.parameters,
                started_by(cause),
                &workspace(job),
                at,
            ),
            deployment: None,
        })
    }

    /// Finds the earlier build that already carries out the same attempt of the same promotion.
    fn claim(&self, job: &str, parameters: &[Parameter]) -> Option<String> {
        let value = |values: &[Parameter], name: &str| {
            values
                .iter()
                .find(|value| value.name == name)
                .map(Parameter::as_text)
                .unwrap_or_default()
        };
        let promotion = value(parameters, "PROMOTION_ID");
        if promotion.is_empty() {
            return None;
        }
        let attempt = value(parameters, "ATTEMPT");
        self.builds(job)
            .find(|build| {
                let values = build.parameters();
                value(&values, "PROMOTION_ID") == promotion
                    && value(&values, "ATTEMPT") == attempt
                    && build.verdict != Some(Verdict::NotBuilt)
                    && build.run().nodes.iter().any(|node| {
                        node.is_stage
                            && node.name == "Verify promotion"
                            && node.status == NodeStatus::Success
                    })
            })
            .map(|build| format!("{}{}/", self.job_url(job), build.number))
    }

    /// Returns a user by login name.
    pub fn user(&self, id: &str) -> Option<&User> {
        self.plan.users.iter().find(|user| user.id == id)
    }

    /// Returns a job by full name.
    pub fn job(&self, full_name: &str) -> Option<&JobPlan> {
        self.jobs
            .get(full_name)
            .map(|job| &self.plan.jobs[job.plan])
    }

    /// Returns a job's place in the plan.
    pub fn job_index(&self, full_name: &str) -> Option<usize> {
        self.jobs.get(full_name).map(|job| job.plan)
    }

    /// Returns the jobs of a folder, or those at the top level, by name.
    pub fn jobs_in(&self, folder: Option<&str>) -> Vec<&JobPlan> {
        let mut jobs: Vec<&JobPlan> = self
            .plan
            .jobs
            .iter()
            .filter(|job| job.folder.as_deref() == folder)
            .collect();
        jobs.sort_by_key(|job| job.name.to_lowercase());
        jobs
    }

    /// Returns the number that the next build of a job gets.
    pub fn next_number(&self, full_name: &str) -> u32 {
        self.jobs
            .get(full_name)
            .map_or(1, |job| job.last_number(&self.plan.jobs[job.plan]) + 1)
    }

    /// Returns a job's builds, newest first.
    pub fn builds<'a>(&'a self, full_name: &str) -> impl Iterator<Item = Build<'a>> + 'a {
        let state = self.jobs.get(full_name);
        let live = state.into_iter().flat_map(|state| {
            let job = &self.plan.jobs[state.plan];
            state
                .live
                .iter()
                .enumerate()
                .rev()
                .map(move |(index, live)| {
                    let index = u32::try_from(index).unwrap_or(u32::MAX - 1);
                    state.live_build(job, live, job.last_past() + 1 + index)
                })
        });
        let past = state.into_iter().flat_map(|state| {
            let job = &self.plan.jobs[state.plan];
            let builds = job.past.iter().enumerate().rev();
            builds.map(move |(index, past)| state.past_build(job, past, index))
        });
        live.chain(past)
    }

    /// Returns a build.
    pub fn build(&self, full_name: &str, number: u32) -> Option<Build<'_>> {
        let state = self.jobs.get(full_name)?;
        let job = &self.plan.jobs[state.plan];
        if let Ok(index) = job.past.binary_search_by_key(&number, |past| past.number) {
            return Some(state.past_build(job, &job.past[index], index));
        }
        let index = number.checked_sub(job.last_past() + 1)?;
        let live = state.live.get(usize::try_from(index).ok()?)?;
        Some(state.live_build(job, live, number))
    }

    /// Returns the run of a live build, to answer or stop it.
    pub fn run_mut(&mut self, full_name: &str, number: u32) -> Option<&mut Run> {
        let state = self.jobs.get_mut(full_name)?;
        let last_past = self.plan.jobs[state.plan].last_past();
        let index = usize::try_from(number.checked_sub(last_past + 1)?).ok()?;
        state.live.get_mut(index).map(|build| &mut build.run)
    }

    /// Returns what people may change on a build afterwards.
    pub fn notes_mut(&mut self, full_name: &str, number: u32) -> Option<&mut Notes> {
        self.build(full_name, number)?;
        let job = self.jobs.get_mut(full_name)?;
        Some(job.notes.entry(number).or_default())
    }

    /// Guesses how long a build of the job takes: the mean of its last three good ones.
    pub fn estimate(&self, full_name: &str) -> Option<i64> {
        let durations: Vec<i64> = self
            .builds(full_name)
            .filter(|build| matches!(build.verdict, Some(Verdict::Success | Verdict::Unstable)))
            .filter_map(|build| build.ended.map(|ended| ended - build.started))
            .take(3)
            .collect();
        let count = i64::try_from(durations.len())
            .ok()
            .filter(|count| *count > 0)?;
        Some(durations.iter().sum::<i64>() / count)
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
