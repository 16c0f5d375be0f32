//! Andes Bank: the believable bank behind the practice servers.
//!
//! It is data and rules, and the same for the same moment: services and their stacks, templates and
//! variables at every version, three months of releases and deployments. It holds no servers and
//! no state that changes; `aws`, `jenkins`, `gitlab` and `sonarqube` read it and go on from it.

mod chance;
mod commits;
pub mod estate;
mod history;
mod large;
mod model;
mod seed;
mod services;
mod sources;
pub mod story;
mod titles;
mod version;
mod writers;

pub(crate) use chance::Chance;
pub use large::Scale;
pub use model::{
    Deployment, ENVIRONMENTS, Environment, Kind, MAIN_REGION, Outcome, Promote, Release,
    SECOND_REGION, Service, Stack, Via, environment,
};
pub use seed::{COMMIT_TAG, SERVICE_TAG, VERSION_TAG, seed};
pub use sources::secret_values;
pub use version::{NotAVersion, Version};
pub(crate) use writers::{full_name, writer_ids, writer_of};

use crate::git::{self, BuiltRepository};
use jiff::Timestamp;
use std::{collections::HashMap, sync::Arc};

/// The bank as it stands at a moment.
#[derive(Debug, Clone)]
pub struct Bank {
    now: Timestamp,
    services: Vec<Service>,
    releases: Vec<Release>,
    deployments: Vec<Deployment>,
    repositories: Arc<Vec<BuiltRepository>>,
}

impl Bank {
    /// Andes Bank at `now`.
    pub fn new(now: Timestamp) -> Self {
        let mut releases = Vec::new();
        let mut deployments = Vec::new();
        for plan in services::SERVICES {
            let history = history::of_service(plan, now);
            releases.extend(history.releases);
            deployments.extend(history.deployments);
        }
        let services = services::SERVICES
            .iter()
            .map(services::ServicePlan::service)
            .collect();
        Self::assemble(now, services, releases, deployments)
    }

    fn assemble(
        now: Timestamp,
        services: Vec<Service>,
        mut releases: Vec<Release>,
        deployments: Vec<Deployment>,
    ) -> Self {
        // Builds and commits are made in the order of their times.
        releases.sort_by_key(|release| release.time);
        let repositories: Vec<BuiltRepository> = commits::repositories(&services, &releases, now)
            .iter()
            .map(|plan| git::build(plan).expect("our own history is one that Git accepts"))
            .collect();
        let ids: HashMap<(String, String), String> = repositories
            .iter()
            .flat_map(|repository| &repository.commits)
            .filter_map(|commit| {
                let tag = commit.plan.tag.as_deref()?;
                let (service, version) = tag.rsplit_once("/v")?;
                let name = (service.to_owned(), version.to_owned());
                Some((name, commit.id.clone()))
            })
            .collect();
        Self::with_history(
            now,
            services,
            releases,
            deployments,
            repositories,
            |service, version| {
                let name = (service.to_owned(), version.to_string());
                ids.get(&name).cloned().unwrap_or_default()
            },
        )
    }

    /// Puts everything in the order of time and names the commits.
    fn with_history(
        now: Timestamp,
        services: Vec<Service>,
        mut releases: Vec<Release>,
        mut deployments: Vec<Deployment>,
        repositories: Vec<BuiltRepository>,
        commit_of: impl Fn(&str, &Version) -> String,
    ) -> Self {
        releases.sort_by_key(|release| release.time);
        deployments.sort_by_key(|deployment| deployment.started);
        for release in &mut releases {
            release.commit = commit_of(&release.service, &release.version);
        }
        for (deployment, id) in deployments.iter_mut().zip(1..) {
            deployment.id = id;
            deployment.commit = commit_of(&deployment.service, &deployment.version);
        }
        Self {
            now,
            services,
            releases,
            deployments,
            repositories: Arc::new(repositories),
        }
    }

    /// The moment to which all times relate.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Every service, in the order of the estate file.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The service with this name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name == name)
    }

    /// Regions in which an environment runs anything.
    pub fn regions(&self, environment: &str) -> Vec<&'static str> {
        [MAIN_REGION, SECOND_REGION]
            .into_iter()
            .filter(|region| {
                self.services
                    .iter()
                    .flat_map(|service| &service.stacks)
                    .any(|stack| stack.regions(environment).contains(region))
            })
            .collect()
    }

    /// Every release, oldest first.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// Releases of one service, oldest first.
    pub fn releases_of<'a>(&'a self, service: &'a str) -> impl Iterator<Item = &'a Release> {
        self.releases.iter().filter(move |r| r.service == service)
    }

    /// The release of a version.
    pub fn release(&self, service: &str, version: &Version) -> Option<&Release> {
        self.releases
            .iter()
            .find(|r| r.service == service && r.version == *version)
    }

    /// Every deployment, oldest first.
    pub fn deployments(&self) -> &[Deployment] {
        &self.deployments
    }

    /// What runs: the last deployment of a service into an environment that ended well.
    pub fn running(&self, service: &str, environment: &str) -> Option<&Deployment> {
        self.deployments
            .iter()
            .rev()
            .find(|d| d.service == service && d.environment == environment && d.outcome.succeeded())
    }

    /// The Git repositories, with every commit.
    pub fn repositories(&self) -> &[BuiltRepository] {
        &self.repositories
    }

    /// The template of a stack (by pattern or name) at a version, as Git has it.
    pub fn template(&self, service: &str, stack: &str, version: &Version) -> Option<String> {
        let stack = self.stack(service, stack)?;
        sources::template(service, &stack.template, version, version)
    }

    /// The template that a `TemplateURL` of the bank names.
    pub fn nested_template(&self, url: &str) -> Option<String> {
        sources::nested_template(url)
    }

    /// The variable document of a stack in an environment at a version, as Git has it.
    pub fn variables(
        &self,
        service: &str,
        stack: &str,
        environment: &str,
        version: &Version,
    ) -> Option<String> {
        let plan = self.stack(service, stack)?;
        let service = self.service(service)?;
        Some(sources::document(
            &service.repository,
            &service.team,
            &plan.document(),
            environment,
            version,
        ))
    }

    /// Every parameter of a stack in an environment at a version: the document's values, and the
    /// secrets that no document holds.
    pub fn parameters(
        &self,
        service: &str,
        stack: &str,
        environment: &str,
        version: &Version,
    ) -> Vec<(String, String)> {
        let Some(stack) = self.stack(service, stack) else {
            return Vec::new();
        };
        let document = stack.document();
        let mut values = sources::values(&document, environment, version);
        values.extend(sources::secrets(&document));
        values
    }

    /// Names and values of the SSM parameters that an environment's templates read.
    pub fn ssm_parameters(&self, environment: &str) -> Vec<(String, String)> {
        let table = self
            .running("transactions-table", environment)
            .map_or(Version::new([1, 0, 0]), |deployment| deployment.version);
        sources::ssm_parameters(environment, &table)
    }

    /// The Groovy pipeline template of a kind of solution.
    pub fn pipeline(&self, kind: Kind) -> &'static str {
        let path = format!("pipelines/{}.groovy", kind.word());
        sources::PIPELINES
            .iter()
            .find(|(known, _)| *known == path)
            .map_or("", |(_, text)| text)
    }

    fn stack(&self, service: &str, stack: &str) -> Option<&Stack> {
        self.service(service)?
            .stacks
            .iter()
            .find(|s| s.pattern == stack || ENVIRONMENTS.iter().any(|e| s.name(e.name) == stack))
    }
}

/// The bank on a Monday morning, made once for all tests.
#[cfg(test)]
pub(crate) fn sample() -> Arc<Bank> {
    static SAMPLE: std::sync::LazyLock<Arc<Bank>> = std::sync::LazyLock::new(|| {
        let monday = Timestamp::from_second(1_795_444_200).expect("a moment in 2026");
        Arc::new(Bank::new(monday))
    });
    Arc::clone(&SAMPLE)
}

#[cfg(test)]
mod tests;
