//! The estate file as written: one struct a table, before any check.

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The estate of a team: environments, services, and the systems around them. Holds no secret.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "interlock.toml")]
pub(super) struct RawEstate {
    /// Name of the estate.
    pub name: String,
    /// Environments in the order in which releases travel.
    #[serde(default)]
    pub environments: Vec<RawEnvironment>,
    /// Services.
    #[serde(default)]
    pub services: Vec<RawService>,
    /// Git repositories that hold templates and variable documents.
    #[serde(default)]
    pub repositories: Vec<RawRepository>,
    /// Persons, and the names by which the systems know them.
    #[serde(default)]
    pub people: Vec<RawPerson>,
    /// Where the ledger is kept, and who administers its roster; one file of this machine when left
    /// out.
    pub ledger: Option<RawLedger>,
    /// Which tags of a stack tell its version and commit.
    pub version: Option<RawVersion>,
    /// Jenkins.
    pub jenkins: Option<RawHttp>,
    /// SonarQube.
    pub sonarqube: Option<RawHttp>,
    /// GitLab.
    pub gitlab: Option<RawHttp>,
    /// File with the policy, beside this one; the built-in policy when left out.
    pub policy: Option<String>,
    /// Control address of a practice estate.
    pub practice: Option<RawPractice>,
}

/// An environment: one AWS account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEnvironment {
    /// Name, such as `prod`.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// `development`, `test` or `production`.
    #[schemars(with = "RawTier")]
    pub tier: Spanned<String>,
    /// Account id, twelve digits in quotes.
    #[schemars(with = "String", regex(pattern = "^[0-9]{12}$"))]
    pub account: Spanned<String>,
    /// Regions.
    #[schemars(with = "Vec<String>")]
    pub regions: Vec<Spanned<String>>,
    /// AWS profile to start from.
    pub profile: Option<String>,
    /// Role to read with.
    pub role: Option<String>,
    /// Role to change with.
    pub release_role: Option<String>,
    /// Address that replaces AWS's own, for emulators and private endpoints.
    #[schemars(with = "Option<String>")]
    pub endpoint: Option<Spanned<String>>,
    /// Approvals by others that a promotion into it needs; 1 for production when left out.
    pub approvals: Option<u32>,
    /// Freeze windows.
    #[serde(default)]
    pub freezes: Vec<RawFreeze>,
}

/// The tier words.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code)]
pub(super) enum RawTier {
    Development,
    Test,
    Production,
}

/// A freeze window: weekly, or once from a time to a time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFreeze {
    /// Name for people.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// Every week.
    pub weekly: Option<RawWeekly>,
    /// Zone of the wall clock, such as `America/Bogota`.
    #[schemars(with = "Option<String>")]
    pub zone: Option<Spanned<String>>,
    /// Start of a single freeze, RFC 3339.
    #[schemars(with = "Option<String>")]
    pub from: Option<Spanned<String>>,
    /// End of a single freeze, RFC 3339.
    #[schemars(with = "Option<String>")]
    pub to: Option<Spanned<String>>,
}

/// Ends of a weekly freeze.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWeekly {
    /// Such as `Fri 18:00`.
    #[schemars(with = "String")]
    pub from: Spanned<String>,
    /// Such as `Mon 06:00`.
    #[schemars(with = "String")]
    pub to: Spanned<String>,
}

/// A service.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawService {
    /// Name, unique.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// Group heading in the matrix.
    #[serde(default)]
    pub group: String,
    /// Owning team.
    #[serde(default)]
    pub team: String,
    /// Kind of solution, such as `lambda-api`.
    #[serde(default)]
    pub kind: String,
    /// Names of its stacks, with `{env}` and `*`.
    #[schemars(with = "Vec<String>")]
    pub stacks: Vec<Spanned<String>>,
    /// Name of a `[[repositories]]` entry.
    #[schemars(with = "Option<String>")]
    pub repository: Option<Spanned<String>>,
    /// Template path in the repository; a table from stack pattern to path for several stacks.
    pub template: Option<RawPaths>,
    /// Variable document path with `{env}` and `{region}`; a table for several stacks.
    pub variables: Option<RawPaths>,
    /// `cloudformation` or `jenkins`.
    #[schemars(with = "Option<RawPromote>")]
    pub promote: Option<Spanned<String>>,
    /// Whether a change set puts back what was changed by hand (drift-aware, `REVERT_DRIFT`); only
    /// through CloudFormation.
    #[schemars(with = "Option<bool>")]
    pub revert_drift: Option<Spanned<bool>>,
    /// Deploy job, full name.
    pub jenkins_job: Option<String>,
    /// The pipeline template that the deploy job runs, so that promotions are bound to its text.
    pub pipeline: Option<RawPipeline>,
    /// Services that have to be delivered before this one where a promotion brings both.
    #[schemars(with = "Option<Vec<String>>")]
    pub after: Option<Vec<Spanned<String>>>,
    /// Build job, full name.
    pub build_job: Option<String>,
    /// SonarQube project key.
    pub sonarqube_project: Option<String>,
    /// GitLab project path.
    pub gitlab_project: Option<String>,
    /// Places to go: label to address.
    #[serde(default)]
    pub links: BTreeMap<String, String>,
}

/// A pipeline template in Git.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPipeline {
    /// Name of a `[[repositories]]` entry.
    #[schemars(with = "String")]
    pub repository: Spanned<String>,
    /// Path in it.
    pub path: String,
    /// Branch or tag that the job takes it from; `main` when left out.
    pub revision: Option<String>,
}

/// The promotion words.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code)]
pub(super) enum RawPromote {
    Cloudformation,
    Jenkins,
}

/// One path for all stacks, or one a stack pattern.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum RawPaths {
    /// For all stacks.
    One(String),
    /// By stack pattern.
    ByStack(BTreeMap<String, String>),
}

impl RawPaths {
    /// The path for a stack pattern.
    pub fn for_stack(&self, pattern: &str) -> Option<String> {
        match self {
            Self::One(path) => Some(path.clone()),
            Self::ByStack(map) => map.get(pattern).cloned(),
        }
    }
}

/// A Git repository.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRepository {
    /// Name, unique.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// Path or address.
    pub url: String,
}

/// A person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPerson {
    /// Id, unique.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// Name.
    pub name: String,
    /// `developer`, `lead` or `release-manager`.
    pub role: interlock_role::RawRole,
    /// Names by which systems know this person.
    #[serde(default)]
    pub known_as: Vec<String>,
    /// Public keys that this person signs ledger entries with, as `interlock roster key` prints them
    /// or as an OpenSSH `.pub` file holds them. What counts is the ledger's roster: these come into
    /// force when its administrators sign for them.
    #[schemars(with = "Option<Vec<String>>")]
    pub keys: Option<Vec<Spanned<String>>>,
    /// Groups that approval rules of the policy may name.
    pub groups: Option<Vec<String>>,
}

/// The ledger of a team, and the administrators of its roster.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLedger {
    /// `sqlite`, a file of this machine, or `s3`, a bucket that a team shares; `sqlite` when left
    /// out.
    #[schemars(with = "Option<RawStore>")]
    pub store: Option<Spanned<String>>,
    /// Name of the log, which stands in every entry; of the estate when left out (`sqlite` only). In
    /// the bucket its entries are `log/NAME/...`.
    #[schemars(with = "Option<String>")]
    pub log: Option<Spanned<String>>,
    /// Bucket.
    #[schemars(with = "Option<String>")]
    pub bucket: Option<Spanned<String>>,
    /// Account of the bucket, twelve digits in quotes; better one in which nobody releases.
    #[schemars(with = "Option<String>", regex(pattern = "^[0-9]{12}$"))]
    pub account: Option<Spanned<String>>,
    /// Region of the bucket.
    #[schemars(with = "Option<String>")]
    pub region: Option<Spanned<String>>,
    /// AWS profile to start from. It counts even where an access key stands in the environment.
    pub profile: Option<String>,
    /// Role to assume in the account.
    pub role: Option<String>,
    /// Address that replaces AWS's own, for emulators and private endpoints.
    #[schemars(with = "Option<String>")]
    pub endpoint: Option<Spanned<String>>,
    /// For how many days nobody may be able to remove an entry; 1900 when left out.
    #[schemars(with = "Option<u32>")]
    pub retention_days: Option<Spanned<u32>>,
    /// SHA-256 of the first roster, as `interlock ledger init` and `interlock roster show` tell it: a log
    /// that begins with another one is not trusted. Any when left out.
    #[schemars(with = "Option<String>", regex(pattern = "^[0-9a-f]{64}$"))]
    pub roster: Option<Spanned<String>>,
    /// Ids of the people who sign for rosters. In a ledger of one machine it is who wrote first, when
    /// left out.
    #[schemars(with = "Option<Vec<String>>")]
    pub administrators: Option<Vec<Spanned<String>>>,
    /// How many of them have to sign; 1 when left out.
    #[schemars(with = "Option<u32>")]
    pub threshold: Option<Spanned<u32>>,
    /// Whether administrators may decide on promotions as well; yes when left out.
    pub administrators_decide: Option<bool>,
}

/// The words for stores.
#[derive(JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(dead_code)]
pub(super) enum RawStore {
    Sqlite,
    S3,
}

pub(super) mod interlock_role {
    //! The role words.
    use schemars::JsonSchema;
    use serde::Deserialize;

    /// What somebody may do in a release.
    #[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub enum RawRole {
        /// Reads, and may ask for promotions.
        Developer,
        /// Reads, and answers for quality.
        Lead,
        /// Asks for, approves and starts promotions.
        ReleaseManager,
    }
}

/// Which tags or parameters tell the version.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVersion {
    /// Tag with the version.
    pub tag: Option<String>,
    /// Tag with the commit.
    pub commit_tag: Option<String>,
    /// Parameter with the version.
    pub parameter: Option<String>,
}

/// A system reached over HTTP.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHttp {
    /// Base address.
    #[schemars(with = "String")]
    pub url: Spanned<String>,
    /// User name, where the system wants one beside the token.
    pub user: Option<String>,
    /// File with an additional certificate authority, PEM.
    pub ca: Option<String>,
}

/// The practice estate's control address.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPractice {
    /// Address.
    pub control: String,
}
