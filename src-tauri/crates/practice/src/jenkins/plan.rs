//! What this Jenkins consists of before anybody touches it: users, folders, jobs, and the builds of the past.
//!
//! The estate makes a plan from the bank (`seed`); tests write their own. Nothing in a plan changes while the server runs.

use super::access::{Group, User};
use super::flow::Verdict;
use super::params::Definition;
use super::program::Stage;
use std::collections::BTreeMap;

/// Everything that the server starts with.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Accounts.
    pub users: Vec<User>,
    /// Folders at the top level.
    pub folders: Vec<FolderPlan>,
    /// Jobs, in folders or at the top level.
    pub jobs: Vec<JobPlan>,
    /// Multiplies how long the steps of a build take; recorded builds keep their durations.
    pub pace: f64,
}

/// A folder at the top level.
#[derive(Debug, Clone)]
pub struct FolderPlan {
    /// Name in addresses.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// What is in it.
    pub description: Option<String>,
}

/// A pipeline job.
#[derive(Debug, Clone)]
pub struct JobPlan {
    /// Folder that holds it; none at the top level.
    pub folder: Option<String>,
    /// Name in addresses.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// Parameters it asks for.
    pub parameters: Vec<Definition>,
    /// Several builds may run at once.
    pub concurrent: bool,
    /// Builds are refused.
    pub disabled: bool,
    /// Groups that may build and cancel.
    pub builders: Vec<Group>,
    /// What a build does.
    pub pipeline: Pipeline,
    /// Builds of the past, numbers ascending; gaps are builds that were discarded.
    pub past: Vec<PastBuild>,
}

/// What the builds of a job do.
#[derive(Debug, Clone)]
pub enum Pipeline {
    /// Written-out stages, the same for every build.
    Script(Vec<Stage>),
    /// Compiles, tests and packages a service.
    Build(BuildPipeline),
    /// Deploys a service's stacks to an environment.
    Deploy(DeployPipeline),
}

/// Compiles, tests and packages a service.
#[derive(Debug, Clone)]
pub struct BuildPipeline {
    /// Service's name.
    pub service: String,
    /// Repository that is checked out.
    pub repository: String,
    /// Branch that is built.
    pub branch: String,
    /// What a build started now checks out.
    pub head: Commit,
    /// Version that a build started now makes.
    pub version: String,
    /// Names of the unit tests.
    pub tests: Vec<String>,
    /// What fails today.
    pub failing: Option<FailingTests>,
}

/// Why a build fails in its unit tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailingTests {
    /// Names of the tests that fail, each with its message.
    pub tests: Vec<(String, String)>,
    /// What the log says of them.
    pub summary: String,
}

/// Deploys a service's stacks to an environment.
#[derive(Debug, Clone)]
pub struct DeployPipeline {
    /// Service's name.
    pub service: String,
    /// Repository that holds templates and variables.
    pub repository: String,
    /// Branch of a deployment that names no commit.
    pub branch: String,
    /// Stacks of each environment, in order of deployment.
    pub stacks: BTreeMap<String, Vec<StackPlan>>,
    /// Environments in path order; the first is everybody's.
    pub environments: Vec<String>,
    /// Groups that may deploy to each environment; an environment that is absent is open to every builder.
    pub deployers: BTreeMap<String, Vec<Group>>,
    /// Environments where an input step asks before anything changes.
    pub approved_by_input: Vec<String>,
    /// Environments that need a promotion id and a manifest digest.
    pub promotion_needed: Vec<String>,
    /// Commit of each known version.
    pub versions: BTreeMap<String, String>,
}

impl DeployPipeline {
    /// Reports whether somebody of a group may deploy to an environment.
    pub fn may_deploy(&self, group: Group, environment: &str) -> bool {
        group == Group::Administrators
            || self
                .deployers
                .get(environment)
                .is_none_or(|groups| groups.contains(&group))
    }
}

/// A stack of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackPlan {
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// Stack's name.
    pub name: String,
}

/// A commit as a change set lists it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Commit {
    /// Full hash.
    pub id: String,
    /// Author's name.
    pub author: String,
    /// Author's address.
    pub email: String,
    /// Whole message without a trailing newline.
    pub message: String,
    /// Commit time, milliseconds since the epoch.
    pub at: i64,
    /// Paths with "add", "edit" or "delete".
    pub paths: Vec<(String, String)>,
}

/// Why a build was started.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Cause {
    /// A person asked for it.
    User {
        /// Login name.
        id: String,
        /// Name for people.
        name: String,
    },
    /// Branch indexing found a new commit.
    BranchIndexing,
}

/// A build that had ended before the estate started.
#[derive(Debug, Clone)]
pub struct PastBuild {
    /// Number.
    pub number: u32,
    /// When it was put into the queue, milliseconds since the epoch.
    pub queued: i64,
    /// When it started.
    pub started: i64,
    /// How long it took, in milliseconds.
    pub duration: i64,
    /// How it ended.
    pub verdict: Verdict,
    /// Why it was started.
    pub cause: Cause,
    /// Parameter values by name; missing ones had their default.
    pub parameters: Vec<(String, String)>,
    /// Commit that was built.
    pub commit: Option<Commit>,
    /// Commits since the build before.
    pub changes: Vec<Commit>,
    /// Version that it made or deployed.
    pub version: String,
    /// Stage that failed and why, for a failed build.
    pub failure: Option<(String, String)>,
    /// Who approved the input and after how many milliseconds, where the job asks.
    pub approval: Option<(String, i64)>,
}

impl JobPlan {
    /// Returns the folder and name joined as Jenkins joins them.
    pub fn full_name(&self) -> String {
        match &self.folder {
            Some(folder) => format!("{folder}/{}", self.name),
            None => self.name.clone(),
        }
    }

    /// Returns the number of the last recorded build, zero when there is none.
    pub fn last_past(&self) -> u32 {
        self.past.last().map_or(0, |past| past.number)
    }
}
