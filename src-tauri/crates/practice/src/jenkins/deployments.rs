//! Which builds are deployments, and how they go: what a pipeline reports to others while it deploys.
//!
//! A build of a deploy job becomes a deployment when it enters the stage that changes stacks. What ends before it — refused
//! by verification, claimed by an earlier build, stopped or rejected at its input — never was one. Deployments are numbered
//! in the order in which they begin, and keep their number. The practice GitLab shows them.

use super::builds::{Job, LiveBuild};
use super::flow::{Node, NodeStatus, Verdict};
use super::params::Parameter;
use super::pipelines::DEPLOYMENT_STAGE;
use super::plan::{Cause, JobPlan, Pipeline};
use super::run::Run;

/// How a deployment goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeploymentStatus {
    /// Its build runs.
    Running,
    /// Its build went to the end, its smoke tests failed or not.
    Success,
    /// A step failed.
    Failed,
    /// Somebody stopped its build.
    Canceled,
}

/// A deployment that a build of this server has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// Place among all deployments begun since the plan was made, from 1.
    pub ordinal: u64,
    /// Service's name.
    pub service: String,
    /// Environment's name.
    pub environment: String,
    /// Version; empty when the build was given a commit alone.
    pub version: String,
    /// Commit of templates and variables.
    pub commit: String,
    /// Login name of the person who started the build; none when nobody did.
    pub by: Option<String>,
    /// Full name of the job.
    pub job: String,
    /// Number of the build.
    pub number: u32,
    /// When it began, milliseconds since the epoch.
    pub started: i64,
    /// When its build ended; none while it runs.
    pub ended: Option<i64>,
    /// How it goes.
    pub status: DeploymentStatus,
}

impl Deployment {
    /// Reads a live build as a deployment; none when it has no number among them.
    pub(super) fn of(job: &JobPlan, build: &LiveBuild, number: u32) -> Option<Self> {
        let Pipeline::Deploy(pipeline) = &job.pipeline else {
            return None;
        };
        let ordinal = build.deployment?;
        let run = &build.run;
        let text = |name: &str| {
            let value = build.parameters.iter().find(|value| value.name == name);
            value.map(Parameter::as_text).unwrap_or_default()
        };
        let stack = run.stacks().first();
        Some(Self {
            ordinal,
            service: pipeline.service.clone(),
            environment: text("ENVIRONMENT"),
            version: text("VERSION").trim().to_owned(),
            commit: stack.map_or_else(String::new, |stack| stack.commit.clone()),
            by: build.causes.iter().find_map(|cause| match cause {
                Cause::User { id, .. } => Some(id.clone()),
                Cause::BranchIndexing => None,
            }),
            job: job.full_name(),
            number,
            started: entered(run).map_or(build.started, |node| node.started),
            ended: run.ended,
            status: match (run.ended, run.verdict) {
                (None, _) => DeploymentStatus::Running,
                (_, Verdict::Success | Verdict::Unstable) => DeploymentStatus::Success,
                (_, Verdict::Failure | Verdict::NotBuilt) => DeploymentStatus::Failed,
                (_, Verdict::Aborted) => DeploymentStatus::Canceled,
            },
        })
    }
}

/// The stage in which stacks change, unless it was passed over.
fn entered(run: &Run) -> Option<&Node> {
    if run.stacks().is_empty() {
        return None;
    }
    run.nodes.iter().find(|node| {
        node.is_stage && node.name == DEPLOYMENT_STAGE && node.status != NodeStatus::NotExecuted
    })
}

/// Numbers the builds that have become deployments since the last call, in the order of their beginning.
pub(super) fn number<'j>(jobs: impl Iterator<Item = &'j mut Job>) {
    let mut last = 0;
    let mut begun = Vec::new();
    for build in jobs.flat_map(|job| &mut job.live) {
        match build.deployment {
            Some(ordinal) => last = last.max(ordinal),
            None => begun.extend(
                entered(&build.run)
                    .map(|node| node.started)
                    .map(|at| (at, build)),
            ),
        }
    }
    begun.sort_by_key(|(at, build)| (*at, build.queue_id));
    for ((_, build), ordinal) in begun.into_iter().zip(last + 1..) {
        build.deployment = Some(ordinal);
    }
}
