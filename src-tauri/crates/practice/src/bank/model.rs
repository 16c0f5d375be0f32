//! The words of the practice bank: environments, services, releases and deployments as data.

use super::Version;
use jiff::Timestamp;

/// An environment: one AWS account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Name, such as `prod`.
    pub name: &'static str,
    /// Tier word of the estate file.
    pub tier: &'static str,
    /// AWS account id.
    pub account: &'static str,
    /// Regions in which services may run.
    pub regions: &'static [&'static str],
}

/// The region of every stack; some run in a second one as well.
pub const MAIN_REGION: &str = "us-east-1";
/// The second region.
pub const SECOND_REGION: &str = "sa-east-1";

/// The environments in path order.
pub const ENVIRONMENTS: [Environment; 3] = [
    Environment {
        name: "dev",
        tier: "development",
        account: "111111111111",
        regions: &[MAIN_REGION],
    },
    Environment {
        name: "qa",
        tier: "test",
        account: "222222222222",
        regions: &[MAIN_REGION, SECOND_REGION],
    },
    Environment {
        name: "prod",
        tier: "production",
        account: "333333333333",
        regions: &[MAIN_REGION, SECOND_REGION],
    },
];

/// The environment with this name.
pub fn environment(name: &str) -> Option<&'static Environment> {
    ENVIRONMENTS.iter().find(|e| e.name == name)
}

/// The kind of solution; there is one Groovy pipeline template for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Files on S3 behind CloudFront.
    StaticSite,
    /// API Gateway and Lambda.
    LambdaApi,
    /// Tables and buckets.
    DataStore,
    /// Topics and queues.
    Messaging,
    /// Cognito.
    Identity,
    /// Firewall in front of the others.
    Edge,
    /// Step Functions and scheduled jobs.
    Workflow,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::StaticSite,
        Self::LambdaApi,
        Self::DataStore,
        Self::Messaging,
        Self::Identity,
        Self::Edge,
        Self::Workflow,
    ];

    /// The word of the estate file and of the pipeline template's file name.
    pub fn word(self) -> &'static str {
        match self {
            Self::StaticSite => "static-site",
            Self::LambdaApi => "lambda-api",
            Self::DataStore => "data-store",
            Self::Messaging => "messaging",
            Self::Identity => "identity",
            Self::Edge => "edge",
            Self::Workflow => "workflow",
        }
    }
}

/// How a service is promoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Promote {
    /// Change sets, straight in CloudFormation.
    CloudFormation,
    /// The service's Jenkins deploy job.
    Jenkins,
}

/// A service of the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Name, unique.
    pub name: String,
    /// Group heading, such as `Payments`.
    pub group: String,
    /// Owning team.
    pub team: String,
    /// Kind of solution.
    pub kind: Kind,
    /// Repository name, such as `payments`; the GitLab project is `andes/payments`.
    pub repository: String,
    /// How it is promoted.
    pub promote: Promote,
    /// Stacks, in the order in which they deploy.
    pub stacks: Vec<Stack>,
    /// Services that have to be delivered before it where a promotion brings both.
    pub after: Vec<String>,
}

impl Service {
    /// Full name of the deploy job.
    pub fn deploy_job(&self) -> String {
        format!("{}/deploy-{}", self.repository, self.name)
    }

    /// Full name of the build job.
    pub fn build_job(&self) -> String {
        format!("{}/build-{}", self.repository, self.name)
    }

    /// Project key in SonarQube.
    pub fn sonarqube_project(&self) -> String {
        format!("andes:{}", self.name)
    }

    /// Project path in GitLab.
    pub fn gitlab_project(&self) -> String {
        format!("andes/{}", self.repository)
    }

    /// Git tag of a version.
    pub fn tag(&self, version: &Version) -> String {
        format!("{}/v{version}", self.name)
    }
}

/// A stack of a service, in every environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// Name with `{env}`, such as `payments-api-{env}`.
    pub pattern: String,
    /// Template path in the service's repository.
    pub template: String,
    /// Path of the variable document in the repository, with `{env}`.
    pub variables: String,
    /// Environments in which it runs in the second region as well.
    pub second_region: Vec<&'static str>,
}

impl Stack {
    /// Name in an environment.
    pub fn name(&self, environment: &str) -> String {
        self.pattern.replace("{env}", environment)
    }

    /// Path of the variable document of an environment.
    pub fn variables_path(&self, environment: &str) -> String {
        self.variables.replace("{env}", environment)
    }

    /// Name of its variable document, without folder and ending.
    pub fn document(&self) -> String {
        self.pattern.replace("-{env}", "")
    }

    /// Regions in which it runs.
    pub fn regions(&self, environment: &str) -> Vec<&'static str> {
        let mut regions = vec![MAIN_REGION];
        if self.second_region.contains(&environment) {
            regions.push(SECOND_REGION);
        }
        regions
    }
}

/// How a build or a deployment ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Well.
    Succeeded,
    /// Not; the reason as the log says it. A failed deployment was rolled back.
    Failed(String),
}

impl Outcome {
    /// Whether it ended well.
    pub fn succeeded(&self) -> bool {
        matches!(self, Self::Succeeded)
    }
}

/// A version of a service: what its build job made of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Service.
    pub service: String,
    /// Version.
    pub version: Version,
    /// Commit, 40 hex digits; the tag points at it.
    pub commit: String,
    /// Time of the commit.
    pub time: Timestamp,
    /// Id of the commit's author.
    pub author: String,
    /// Number of the run of the build job, which starts two minutes after the commit.
    pub build: u32,
    /// How the build ended.
    pub outcome: Outcome,
}

/// By what way a deployment came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A change set with this name.
    CloudFormation(String),
    /// A run of the service's deploy job.
    Jenkins(u32),
}

/// One deployment of a version into an environment, all its stacks and regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// Number over the whole bank, by time.
    pub id: u64,
    /// Service.
    pub service: String,
    /// Environment name.
    pub environment: &'static str,
    /// Version.
    pub version: Version,
    /// Commit.
    pub commit: String,
    /// Start.
    pub started: Timestamp,
    /// How long it took, in seconds.
    pub seconds: u32,
    /// Id of the person who started it.
    pub by: String,
    /// Ids of those who approved it.
    pub approved_by: Vec<String>,
    /// By what way.
    pub via: Via,
    /// How it ended.
    pub outcome: Outcome,
}
