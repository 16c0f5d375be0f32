//! A bank of any size for measurements: many simple services, a short history, one repository.

use super::{
    Bank, Deployment, ENVIRONMENTS, Kind, Outcome, Promote, Release, Service, Stack, Version, Via,
    history::at, sources, writers::signature,
};
use crate::git::{self, CommitPlan, RepositoryPlan};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// How large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// How many services, each with one stack in every environment.
    pub services: usize,
    /// Whether every stack runs in both regions.
    pub two_regions: bool,
}

/// Versions with the age of their commit in days; all services move together.
const TRAIN: [([u32; 3], f64); 3] = [([1, 0, 0], 60.0), ([1, 1, 0], 30.0), ([1, 2, 0], 7.0)];

/// Every so many services one is a version behind in prod.
const BEHIND: usize = 10;

const REPOSITORY: &str = "generated";

impl Bank {
    /// A bank of the given size at `now`.
    pub fn large(now: Timestamp, scale: Scale) -> Self {
        let services: Vec<Service> = (0..scale.services)
            .map(|index| service(index, scale))
            .collect();
        let plan = repository(&services, now);
        let built = git::build(&plan).expect("our own history is one that Git accepts");
        let commits: HashMap<Version, String> = TRAIN
            .iter()
            .zip(&built.commits)
            .map(|((numbers, _), commit)| (Version::new(*numbers), commit.id.clone()))
            .collect();
        let mut releases = Vec::new();
        let mut deployments = Vec::new();
        for (index, service) in services.iter().enumerate() {
            releases.extend(releases_of(service, now));
            deployments.extend(deployments_of(service, index, now));
        }
        Self::with_history(
            now,
            services,
            releases,
            deployments,
            vec![built],
            |_, version| commits.get(version).cloned().unwrap_or_default(),
        )
    }
}

fn service(index: usize, scale: Scale) -> Service {
    let name = format!("service-{index:04}");
    let second_region = if scale.two_regions {
        ENVIRONMENTS.iter().map(|e| e.name).collect()
    } else {
        Vec::new()
    };
    Service {
        group: format!("Group {:02}", index / 50 + 1),
        team: format!("Team {:02}", index / 10 % 40 + 1),
        kind: Kind::LambdaApi,
        repository: REPOSITORY.to_owned(),
        promote: Promote::CloudFormation,
        stacks: vec![Stack {
            pattern: format!("{name}-{{env}}"),
            template: format!("{}{name}.yaml", sources::GENERATED_FOLDER),
            variables: "variables/{env}/generated.json".to_owned(),
            second_region,
        }],
        name,
        after: Vec::new(),
    }
}

fn repository(services: &[Service], now: Timestamp) -> RepositoryPlan {
    let commits = TRAIN
        .iter()
        .map(|(numbers, days)| {
            let version = Version::new(*numbers);
            let mut changes: Vec<(String, String)> = services
                .iter()
                .flat_map(|service| service.stacks.iter().map(move |stack| (service, stack)))
                .filter_map(|(service, stack)| {
                    let text =
                        sources::template(&service.name, &stack.template, &version, &version)?;
                    Some((stack.template.clone(), text))
                })
                .collect();
            for environment in &ENVIRONMENTS {
                changes.push((
                    format!("variables/{}/generated.json", environment.name),
                    sources::document(REPOSITORY, "", "generated", environment.name, &version),
                ));
            }
            CommitPlan {
                time: at(now, days * 24.0),
                author: signature("d.mora"),
                message: format!("Release train {version}"),
                changes,
                tag: Some(format!("train/v{version}")),
                branch: None,
                service: String::new(),
            }
        })
        .collect();
    RepositoryPlan {
        name: REPOSITORY.to_owned(),
        commits,
    }
}

fn releases_of(service: &Service, now: Timestamp) -> impl Iterator<Item = Release> {
    TRAIN
        .iter()
        .zip(1..)
        .map(move |((numbers, days), build)| Release {
            service: service.name.clone(),
            version: Version::new(*numbers),
            commit: String::new(),
            time: at(now, days * 24.0),
            author: "d.mora".to_owned(),
            build,
            outcome: Outcome::Succeeded,
        })
}

fn deployments_of(
    service: &Service,
    index: usize,
    now: Timestamp,
) -> impl Iterator<Item = Deployment> {
    let is_behind = index.is_multiple_of(BEHIND);
    ENVIRONMENTS
        .iter()
        .enumerate()
        .map(move |(place, environment)| {
            let train = if is_behind && environment.tier == "production" {
                1
            } else {
                2
            };
            let (numbers, days) = TRAIN[train];
            let wait = i64::try_from(place * 26 + 2).unwrap_or(0);
            Deployment {
                id: 0,
                service: service.name.clone(),
                environment: environment.name,
                version: Version::new(numbers),
                commit: String::new(),
                started: at(now, days * 24.0) + SignedDuration::from_hours(wait),
                seconds: 90,
                by: "a.ruiz".to_owned(),
                approved_by: vec!["l.prado".to_owned()],
                via: Via::CloudFormation(format!(
                    "interlock-{}",
                    numbers.map(|n| n.to_string()).join("-")
                )),
                outcome: Outcome::Succeeded,
            }
        })
}
