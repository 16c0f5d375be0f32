//! Makes the plan of the practice Jenkins from the bank: a folder for each repository, a build and a deploy job for each
//! service (`building`, `deploying`), the people with their tokens, and three months of builds.

mod building;
mod commits;
mod deploying;

use super::access::{Group, User};
use super::flow::Verdict;
use super::plan::{FolderPlan, JobPlan, Pipeline, Plan};
use super::program::{Stage, Step};
use crate::bank::{Bank, Deployment, Outcome, Release, Service};
use crate::git::BuiltRepository;
use crate::people::{Role, people};
use building::build_job;
use commits::Commits;
use deploying::deploy_job;
use std::collections::{BTreeMap, HashMap};

/// Login name of the account that administers the practice Jenkins; none of the bank's people.
pub const ADMINISTRATOR: &str = "admin";
/// API token of the administrator.
pub const ADMINISTRATOR_TOKEN: &str = "1100000000000000000000000000ad0000";

/// How long a build waits in the queue.
const QUEUED_MILLIS: i64 = 5_000;
/// Makes the plan.
pub fn plan(bank: &Bank, repository_url: impl Fn(&str) -> String) -> Plan {
    let history = History::of(bank);
    let mut folders: BTreeMap<&str, FolderPlan> = BTreeMap::new();
    let mut jobs = Vec::new();
    for service in bank.services() {
        folders
            .entry(&service.repository)
            .or_insert_with(|| FolderPlan {
                name: service.repository.clone(),
                display_name: service.repository.clone(),
                description: Some(format!("Pipelines of andes/{}", service.repository)),
            });
        let url = repository_url(&service.repository);
        jobs.push(build_job(&history, service, &url));
        jobs.push(deploy_job(&history, service, &url));
    }
    jobs.push(nightly());
    Plan {
        users: users(),
        folders: folders.into_values().collect(),
        jobs,
        pace: 1.0,
    }
}

/// The bank's history by service, so that a large bank is walked once.
struct History<'b> {
    releases: HashMap<&'b str, Vec<&'b Release>>,
    deployments: HashMap<&'b str, Vec<&'b Deployment>>,
    repositories: &'b [BuiltRepository],
}

impl<'b> History<'b> {
    fn of(bank: &'b Bank) -> Self {
        let mut releases: HashMap<&str, Vec<&Release>> = HashMap::new();
        for release in bank.releases() {
            releases.entry(&release.service).or_default().push(release);
        }
        let mut deployments: HashMap<&str, Vec<&Deployment>> = HashMap::new();
        for deployment in bank.deployments() {
            deployments
                .entry(&deployment.service)
                .or_default()
                .push(deployment);
        }
        Self {
            releases,
            deployments,
            repositories: bank.repositories(),
        }
    }

    fn releases(&self, service: &Service) -> &[&'b Release] {
        self.releases
            .get(service.name.as_str())
            .map_or(&[], Vec::as_slice)
    }

    fn deployments(&self, service: &Service) -> &[&'b Deployment] {
        self.deployments
            .get(service.name.as_str())
            .map_or(&[], Vec::as_slice)
    }

    fn commits<'s>(&self, service: &'s Service) -> Commits<'s>
    where
        'b: 's,
    {
        let repository = self
            .repositories
            .iter()
            .find(|repository| repository.name == service.repository);
        Commits {
            service: &service.name,
            commits: repository
                .into_iter()
                .flat_map(|repository| &repository.commits)
                .filter(|commit| commit.plan.branch.is_none())
                .collect(),
        }
    }
}

fn users() -> Vec<User> {
    let mut users: Vec<User> = people()
        .iter()
        .map(|person| User {
            id: person.id.to_owned(),
            full_name: person.name.to_owned(),
            token: person.jenkins_token.to_owned(),
            password: Some(format!("practice-{}", person.id)),
            group: match person.role {
                Role::Developer => Group::Developers,
                Role::Lead => Group::Leads,
                Role::ReleaseManager => Group::ReleaseManagers,
            },
        })
        .collect();
    users.push(User {
        id: ADMINISTRATOR.to_owned(),
        full_name: "Jenkins Administrator".to_owned(),
        token: ADMINISTRATOR_TOKEN.to_owned(),
        password: None,
        group: Group::Administrators,
    });
    users
}

/// A job that somebody has switched off.
fn nightly() -> JobPlan {
    JobPlan {
        folder: None,
        name: "nightly-cleanup".to_owned(),
        description: Some("Deletes old artifacts; switched off".to_owned()),
        parameters: Vec::new(),
        concurrent: false,
        disabled: true,
        builders: vec![Group::ReleaseManagers],
        pipeline: Pipeline::Script(vec![Stage::new(
            "Clean up",
            vec![Step::shell("./bin/clean-up", 3_000, Vec::new())],
        )]),
        past: Vec::new(),
    }
}

fn split(full_name: &str) -> (Option<String>, String) {
    match full_name.rsplit_once('/') {
        Some((folder, name)) => (Some(folder.to_owned()), name.to_owned()),
        None => (None, full_name.to_owned()),
    }
}

fn verdict(outcome: &Outcome) -> Verdict {
    match outcome {
        Outcome::Succeeded => Verdict::Success,
        Outcome::Failed(_) => Verdict::Failure,
    }
}

fn failure(outcome: &Outcome, stage: &str) -> Option<(String, String)> {
    match outcome {
        Outcome::Succeeded => None,
        Outcome::Failed(why) => Some((stage.to_owned(), why.clone())),
    }
}
