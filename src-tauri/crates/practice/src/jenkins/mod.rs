//! The practice Jenkins: folders, build and deploy pipelines, people with permissions, over Jenkins's own wire protocol.
//!
//! It answers like a Jenkins 2.516.2 with the usual pipeline plugins, as recorded in `testdata`. Deploy pipelines act on
//! AWS through a [`Deployer`]. It is not a build server: programs are timelines over the practice clock, and nothing is
//! compiled. The estate makes one [`Jenkins`] and serves its router.

mod access;
mod actions;
mod api;
mod aws;
mod builds;
mod controller;
mod deployments;
mod flow;
mod http;
mod json;
mod log;
mod pages;
mod params;
mod pipelines;
mod plan;
mod program;
mod queue;
mod remote;
mod routes;
mod run;
pub mod seed;
mod serve;
mod service;
mod target;
mod tree;
mod web;
mod wfapi;
mod xml;
mod zip;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use tests::{of_bank, post_as};

pub use access::{Group, User};
pub use aws::CloudDeployer;
pub use controller::Saved;
pub use deployments::{Deployment, DeploymentStatus};
pub use flow::Verdict;
pub use params::Definition;
pub use plan::{
    BuildPipeline, Cause, Commit, DeployPipeline, FailingTests, FolderPlan, JobPlan, PastBuild,
    Pipeline, Plan, StackPlan,
};
pub use program::{Artifact, Case, Effect, Gate, Outcome, Stage, Step, Suite};
pub use serve::serve;
pub use service::Jenkins;
pub use target::{Deployer, Followed, Operation, Preparation, Source, StackChange};
