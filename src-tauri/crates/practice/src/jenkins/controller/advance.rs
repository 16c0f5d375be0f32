//! How the state moves with time: builds go on, items leave the queue, new builds begin.

use super::super::builds::{LiveBuild, started_by, workspace};
use super::super::deployments;
use super::super::flow::{NodeStatus, Verdict};
use super::super::params::Parameter;
use super::super::pipelines::{self, Circumstances};
use super::super::plan::{Cause, Pipeline};
use super::super::queue::{Item, Place};
use super::super::run::Run;
use super::Controller;
use std::sync::Arc;

impl Controller {
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
}
