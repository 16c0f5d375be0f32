//! The estate: what `interlock.toml` says.

mod file;
mod ledger;
mod lookup;
mod order;
mod problem;
mod raw;
mod schema;

pub use file::parse;
pub use interlock_policy::{Freeze, FreezeSpan, Occurrence, Problem, Weekly, current_or_next};
pub use ledger::{Administration, Bucket, Enrolment, LedgerPlace};
pub use problem::EstateError;
pub use schema::json_schema;

use interlock_domain::{
    Digest, Environment, EnvironmentName, JobName, PersonId, ServiceName, person::Person,
};
use interlock_policy::Policy;
use std::collections::BTreeMap;

/// An estate, checked: names are unique and every reference leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estate {
    /// Name.
    pub name: String,
    /// File it was read from, as the user gave it.
    pub file: String,
    /// Environments in path order.
    pub environments: Vec<EstateEnvironment>,
    /// Services in file order.
    pub services: Vec<Service>,
    /// Repositories by name.
    pub repositories: BTreeMap<String, Repository>,
    /// How a version is told.
    pub version: VersionRule,
    /// Jenkins, if any.
    pub jenkins: Option<HttpSystem>,
    /// SonarQube, if any.
    pub sonarqube: Option<HttpSystem>,
    /// GitLab, if any.
    pub gitlab: Option<HttpSystem>,
    /// Persons and the names by which systems know them.
    pub people: Vec<Person>,
    /// What the file says of each person's keys and groups.
    pub enrolments: BTreeMap<PersonId, Enrolment>,
    /// Where the ledger is kept.
    pub ledger: LedgerPlace,
    /// The roster that the log has to begin with; any when the file does not say.
    pub first_roster: Option<Digest>,
    /// Who administers the ledger's roster; none when the file does not say.
    pub administration: Option<Administration>,
    /// Control address of a practice estate.
    pub practice: Option<String>,
    /// Policy file, as the estate file names it; none where the built-in policy counts.
    pub policy_file: Option<String>,
    /// The policy that counts, with the freezes of the environments.
    pub policy: Policy,
}

/// An environment with how to reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EstateEnvironment {
    /// Name, tier, account and regions.
    pub environment: Environment,
    /// AWS profile to start from.
    pub profile: Option<String>,
    /// Role to read with.
    pub role: Option<String>,
    /// Role to change with.
    pub release_role: Option<String>,
    /// Address that replaces AWS's own.
    pub endpoint: Option<String>,
    /// Approvals by others that a promotion into it needs.
    pub approvals: u32,
    /// Freeze windows.
    pub freezes: Vec<Freeze>,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Name.
    pub name: ServiceName,
    /// Group heading.
    pub group: String,
    /// Team.
    pub team: String,
    /// Kind of solution.
    pub kind: String,
    /// Stack patterns with `{env}` and `*`.
    pub stacks: Vec<StackPattern>,
    /// Repository name.
    pub repository: Option<String>,
    /// How it is promoted.
    pub promote: Promote,
    /// Whether a change set puts back what was changed by hand.
    pub revert_drift: bool,
    /// SonarQube project key.
    pub sonarqube_project: Option<String>,
    /// GitLab project path.
    pub gitlab_project: Option<String>,
    /// Services that have to be delivered before this one where a promotion brings both.
    pub after: Vec<ServiceName>,
    /// Build job, for its last result.
    pub build_job: Option<JobName>,
    /// Dashboards and other places to go.
    pub links: BTreeMap<String, String>,
}

/// Which stacks belong to a service, and where their sources are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackPattern {
    /// Pattern with `{env}` and `*`.
    pub pattern: String,
    /// Template path in the repository.
    pub template: Option<String>,
    /// Variable document path in the repository, with `{env}` and `{region}`.
    pub variables: Option<String>,
}

/// How a service is promoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promote {
    /// Through change sets.
    CloudFormation,
    /// Through a deploy job.
    Jenkins {
        /// Job.
        job: JobName,
        /// The pipeline template that it runs, where the file says which.
        pipeline: Option<Pipeline>,
    },
}

/// A pipeline template in Git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// Repository name.
    pub repository: String,
    /// Path in it.
    pub path: String,
    /// Branch or tag that the job takes it from.
    pub revision: String,
}

/// A Git repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Path or address.
    pub url: String,
}

/// A system reached over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpSystem {
    /// Base address.
    pub url: String,
    /// User name, where the system wants one beside the token.
    pub user: Option<String>,
    /// File with an additional certificate authority, PEM.
    pub ca: Option<String>,
}

/// Which tag or parameter of a stack tells version and commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRule {
    /// Tag with the version.
    pub tag: Option<String>,
    /// Tag with the commit.
    pub commit_tag: Option<String>,
    /// Parameter with the version, when there is no tag.
    pub parameter: Option<String>,
}

impl Estate {
    /// An environment by name.
    pub fn environment(&self, name: &EnvironmentName) -> Option<&EstateEnvironment> {
        self.environments
            .iter()
            .find(|e| &e.environment.name == name)
    }

    /// The environment before this one on the path.
    pub fn promotes_from(&self, name: &EnvironmentName) -> Option<&EstateEnvironment> {
        let at = self
            .environments
            .iter()
            .position(|e| &e.environment.name == name)?;
        at.checked_sub(1)
            .and_then(|before| self.environments.get(before))
    }

    /// Takes up the policy that the estate file names.
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = self.environments.iter().fold(policy, |policy, e| {
            policy.with_freezes(&e.environment.name, &e.freezes)
        });
        self
    }

    /// The freezes of an environment, those for single services and teams among them or not.
    pub fn freezes_in<'e>(
        &'e self,
        environment: &'e Environment,
        service: Option<&'e Service>,
    ) -> impl Iterator<Item = &'e Freeze> {
        let name = environment.name.as_str();
        self.policy.freezes.iter().filter(move |freeze| {
            freeze.is_in(name, environment.tier)
                && match service {
                    Some(service) => freeze
                        .applies
                        .to_service(service.name.as_str(), &service.team),
                    None => freeze.applies.is_for_every_service(),
                }
        })
    }

    /// A service by name.
    pub fn service(&self, name: &ServiceName) -> Option<&Service> {
        self.services.iter().find(|s| &s.name == name)
    }
}

#[cfg(test)]
mod tests;
