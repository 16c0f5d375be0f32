//! Finding things: users, jobs, builds by name and number, and what follows from several of them.

use super::super::access::User;
use super::super::builds::{Build, Notes};
use super::super::deployments::Deployment;
use super::super::flow::Verdict;
use super::super::plan::JobPlan;
use super::super::run::Run;
use super::Controller;

impl Controller {
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
}
