//! What this GitLab knows of deployments: those that a Jenkins pipeline reported to it.
//!
//! The bank's Jenkins tells GitLab when a build enters its deployment stage and when that build ends, by GitLab's
//! deployments API; nothing else reports. So a build that never came to deploy left no trace here, and neither did whoever
//! executed a change set in CloudFormation, by Interlock or by hand: GitLab goes on naming what the last pipeline deployed,
//! and only the account knows better. Months past come from the bank's history, the rest from the running practice Jenkins.

use super::repository::Project;
use crate::{
    bank::{self, Via},
    jenkins::{self, DeploymentStatus},
};
use jiff::{SignedDuration, Timestamp};

/// A deployment of a service of a project.
pub(super) struct Rollout {
    /// Number over the whole server.
    pub id: u64,
    /// Number in its project.
    pub iid: u64,
    /// Service's name.
    pub service: String,
    /// Environment's name.
    pub environment: String,
    /// Tag of the version, or the branch when a commit alone was deployed.
    pub reference: String,
    /// Commit.
    pub sha: String,
    /// Id of the person who started it.
    pub by: String,
    /// When it began.
    pub created: Timestamp,
    /// When it ended; none while it runs.
    pub finished: Option<Timestamp>,
    /// How it goes.
    pub status: DeploymentStatus,
}

/// Deployments of a project, oldest first.
pub(super) fn of(project: &Project<'_>) -> Vec<Rollout> {
    let bank = &project.gitlab.bank;
    let services: Vec<&bank::Service> = project.services().collect();
    let own = |name: &str| {
        services
            .iter()
            .copied()
            .find(|service| service.name == name)
    };
    let recorded = bank
        .deployments()
        .iter()
        .filter(|deployment| matches!(deployment.via, Via::Jenkins(_)))
        .filter_map(|deployment| Some(recorded(own(&deployment.service)?, deployment)));
    // The bank numbers its deployments from 1 without gaps, however they were made.
    let first = bank.deployments().last().map_or(0, |last| last.id);
    let live = project.gitlab.jenkins.deployments();
    let live = live
        .into_iter()
        .filter_map(|deployment| Some(reported(own(&deployment.service)?, deployment, first)));
    let mut all: Vec<Rollout> = recorded.chain(live).collect();
    for (rollout, iid) in all.iter_mut().zip(1..) {
        rollout.iid = iid;
    }
    all
}

fn recorded(service: &bank::Service, deployment: &bank::Deployment) -> Rollout {
    let lasted = SignedDuration::from_secs(deployment.seconds.into());
    Rollout {
        id: deployment.id,
        iid: 0,
        service: service.name.clone(),
        environment: deployment.environment.to_owned(),
        reference: service.tag(&deployment.version),
        sha: deployment.commit.clone(),
        by: deployment.by.clone(),
        created: deployment.started,
        finished: Some(deployment.started + lasted),
        status: if deployment.outcome.succeeded() {
            DeploymentStatus::Success
        } else {
            DeploymentStatus::Failed
        },
    }
}

fn reported(service: &bank::Service, deployment: jenkins::Deployment, first: u64) -> Rollout {
    let moment = |millis| Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX);
    Rollout {
        id: first + deployment.ordinal,
        iid: 0,
        service: deployment.service,
        environment: deployment.environment,
        reference: deployment
            .version
            .parse()
            .map_or_else(|_| "main".to_owned(), |version| service.tag(&version)),
        sha: deployment.commit,
        by: deployment.by.unwrap_or_default(),
        created: moment(deployment.started),
        finished: deployment.ended.map(moment),
        status: deployment.status,
    }
}
