//! Builds, recorded and live, behind one view, and the jobs that hold them.
//!
//! A recorded build keeps only what the plan says; its stages and log are played again when somebody asks for them.

use super::flow::Verdict;
use super::params::Parameter;
use super::pipelines::{self, Circumstances};
use super::plan::{Cause, Commit, JobPlan, PastBuild};
use super::run::Run;
use super::target::{Deployer, Followed, Operation, Preparation, StackChange};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A job: what the plan says and the builds since.
pub struct Job {
    /// Index in the plan.
    pub plan: usize,
    /// Queue item of the build before the first recorded one.
    pub queue_base: u64,
    /// Builds since the plan was made, oldest first.
    pub live: Vec<LiveBuild>,
    /// What people changed on builds.
    pub notes: BTreeMap<u32, Notes>,
}

/// What people changed on a build afterwards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// Description.
    pub description: Option<String>,
    /// Keep it for ever.
    pub keep: bool,
}

/// A build started since the plan was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LiveBuild {
    /// Item that it came from.
    pub queue_id: u64,
    /// When it entered the queue.
    pub queued: i64,
    /// When it started.
    pub started: i64,
    /// Why it was started.
    pub causes: Vec<Cause>,
    /// Values of its parameters.
    pub parameters: Vec<Parameter>,
    /// Commit that it builds.
    pub commit: Option<Commit>,
    /// Commits since the build before.
    pub changes: Vec<Commit>,
    /// Its execution.
    pub run: Run,
    /// Place among the deployments of this server, once it has reached the deployment itself.
    #[serde(default)]
    pub deployment: Option<u64>,
}

/// A build as it is read: recorded or live.
pub struct Build<'a> {
    /// Its job.
    pub job: &'a JobPlan,
    /// Number.
    pub number: u32,
    /// Item that it came from.
    pub queue_id: u64,
    /// When it entered the queue.
    pub queued: i64,
    /// When it started.
    pub started: i64,
    /// When it ended; none while it runs.
    pub ended: Option<i64>,
    /// Result so far; none while a running build has none.
    pub verdict: Option<Verdict>,
    /// Why it was started.
    pub causes: Cow<'a, [Cause]>,
    /// Commit that was built.
    pub commit: Option<&'a Commit>,
    /// Commits since the build before.
    pub changes: &'a [Commit],
    /// What people changed afterwards.
    pub notes: Notes,
    body: Body<'a>,
}

enum Body<'a> {
    Past(&'a PastBuild),
    Live(&'a LiveBuild),
}

impl Build<'_> {
    /// Reports whether the build still runs.
    pub fn is_building(&self) -> bool {
        self.ended.is_none()
    }

    /// Returns the values of its parameters.
    pub fn parameters(&self) -> Vec<Parameter> {
        match self.body {
            Body::Live(live) => live.parameters.clone(),
            Body::Past(past) => past_parameters(self.job, past),
        }
    }

    /// Returns its execution; that of a recorded build is played again.
    pub fn run(&self) -> Cow<'_, Run> {
        match self.body {
            Body::Live(live) => Cow::Borrowed(&live.run),
            Body::Past(past) => Cow::Owned(replay(self.job, past)),
        }
    }
}

fn past_parameters(job: &JobPlan, past: &PastBuild) -> Vec<Parameter> {
    job.parameters
        .iter()
        .map(|definition| {
            past.parameters
                .iter()
                .find(|(name, _)| *name == definition.name)
                .and_then(|(_, text)| definition.accept(text).ok())
                .unwrap_or_else(|| definition.default_value())
        })
        .collect()
}

fn replay(job: &JobPlan, past: &PastBuild) -> Run {
    let values = past_parameters(job, past);
    let around = Circumstances {
        starter: None,
        claimed_by: None,
        past: Some(past),
        number: past.number,
    };
    let program = pipelines::program(job, &values, around);
    let mut run = Run::start(
        program.stages,
        program.stacks,
        &values,
        started_by(&past.cause),
        &workspace(job),
        past.started,
    );
    if past.verdict == Verdict::Aborted {
        let (_, name) = started_by(&past.cause);
        run.interrupt(name, name, past.started + past.duration * 2 / 3);
    }
    run.advance(i64::MAX / 2, &Untouched);
    run.verdict = past.verdict;
    run.ended = Some(past.started + past.duration);
    run
}

/// Stands behind recorded builds, which act on nothing.
struct Untouched;

impl Deployer for Untouched {
    fn create(&self, _: &StackChange) -> Result<String, String> {
        Ok(String::new())
    }

    fn prepared(&self, _: &StackChange, _: &str) -> Preparation {
        Preparation::Empty(String::new())
    }

    fn execute(&self, _: &StackChange, _: &str) -> Result<Operation, String> {
        Ok(Operation::default())
    }

    fn follow(&self, _: &StackChange, _: &Operation) -> Followed {
        Followed {
            outcome: Some(Ok(())),
            ..Followed::default()
        }
    }
}

/// Says in two parts why a build started, the second part a person's name.
pub fn started_by(cause: &Cause) -> (&str, &str) {
    match cause {
        Cause::User { name, .. } => ("Started by user", name),
        Cause::BranchIndexing => ("Branch indexing", ""),
    }
}

/// Returns where a job's builds work.
pub fn workspace(job: &JobPlan) -> String {
    format!("/var/jenkins_home/workspace/{}", job.full_name())
}

impl Job {
    /// Returns the number of the newest build.
    pub fn last_number(&self, plan: &JobPlan) -> u32 {
        plan.last_past() + u32::try_from(self.live.len()).unwrap_or(0)
    }

    /// Reads a recorded build.
    pub fn past_build<'a>(&self, job: &'a JobPlan, past: &'a PastBuild, index: usize) -> Build<'a> {
        Build {
            job,
            number: past.number,
            queue_id: self.queue_base + index as u64 + 1,
            queued: past.queued,
            started: past.started,
            ended: Some(past.started + past.duration),
            verdict: Some(past.verdict),
            causes: Cow::Owned(vec![past.cause.clone()]),
            commit: past.commit.as_ref(),
            changes: &past.changes,
            notes: self.notes_of(past.number),
            body: Body::Past(past),
        }
    }

    /// Reads a build started since.
    pub fn live_build<'a>(
        &'a self,
        job: &'a JobPlan,
        live: &'a LiveBuild,
        number: u32,
    ) -> Build<'a> {
        let run = &live.run;
        Build {
            job,
            number,
            queue_id: live.queue_id,
            queued: live.queued,
            started: live.started,
            ended: run.ended,
            verdict: (run.ended.is_some() || run.verdict != Verdict::Success)
                .then_some(run.verdict),
            causes: Cow::Borrowed(&live.causes),
            commit: live.commit.as_ref(),
            changes: &live.changes,
            notes: self.notes_of(number),
            body: Body::Live(live),
        }
    }

    fn notes_of(&self, number: u32) -> Notes {
        self.notes.get(&number).cloned().unwrap_or_default()
    }
}
