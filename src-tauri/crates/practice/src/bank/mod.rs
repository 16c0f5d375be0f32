//! Andes Bank: the believable bank behind the practice servers.
//!
//! It is data and rules, and the same for the same moment: services and their stacks, templates and
//! variables at every version, three months of releases and deployments. It holds no servers and
//! no state that changes; `aws`, `jenkins`, `gitlab` and `sonarqube` read it and go on from it.

mod chance;
mod history;
mod model;
mod services;
pub mod story;
mod version;

pub use model::{
    Deployment, ENVIRONMENTS, Environment, Kind, MAIN_REGION, Outcome, Promote, Release,
    SECOND_REGION, Service, Stack, Via, environment,
};
pub use version::{NotAVersion, Version};

use jiff::Timestamp;

/// The bank as it stands at a moment.
#[derive(Debug, Clone)]
pub struct Bank {
    now: Timestamp,
    services: Vec<Service>,
    releases: Vec<Release>,
    deployments: Vec<Deployment>,
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
        releases.sort_by_key(|release| release.time);
        deployments.sort_by_key(|deployment| deployment.started);
        for (deployment, id) in deployments.iter_mut().zip(1..) {
            deployment.id = id;
        }
        Self {
            now,
            services: services::SERVICES
                .iter()
                .map(services::ServicePlan::service)
                .collect(),
            releases,
            deployments,
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
}
