//! Which environments have a commit.

use crate::{Tone, overview::CommitView};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CommitPlacesRequest {
    /// Commit, tag or branch.
    pub revision: String,
    /// Only this service.
    pub service: Option<String>,
}

/// Where a commit is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CommitPlacesView {
    /// The commit.
    pub commit: CommitView,
    /// Every service whose repository has it, in every environment, in path order.
    pub places: Vec<CommitPlaceView>,
    /// Merge requests that brought it, as GitLab says.
    pub merge_requests: Vec<MergeRequestView>,
    /// Why GitLab says nothing.
    pub merge_requests_note: Option<String>,
}

/// A merged request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MergeRequestView {
    /// Reference such as `!318`.
    pub reference: String,
    /// Title.
    pub title: String,
    /// Author's user name.
    pub author: String,
    /// Who merged it.
    pub merged_by: Option<String>,
    /// Address.
    pub url: String,
    /// User names of those who approved it.
    pub approved_by: Vec<String>,
    /// Approvals that its rules asked for and it did not get; none when GitLab does not say.
    pub approvals_missing: Option<u32>,
    /// Its newest pipeline, and what other systems reported of the commit.
    pub checks: Vec<CheckView>,
    /// Why approvals and checks are not known.
    pub review_note: Option<String>,
}

/// A pipeline, or what another system such as Jenkins reported of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// Name.
    pub name: String,
    /// GitLab's word, such as `success` or `failed`.
    pub status: String,
    /// Tone of that.
    pub tone: Tone,
    /// Address.
    pub url: Option<String>,
}

/// A service in an environment, and whether it has the commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CommitPlaceView {
    /// Service name.
    pub service: String,
    /// Environment name.
    pub environment: String,
    /// Version that runs there.
    pub version: Option<String>,
    /// Whether it has the commit.
    pub presence: PresenceName,
    /// Why that is not known, or which stacks have it not.
    pub reason: Option<String>,
}

/// Whether an environment has a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PresenceName {
    /// It has.
    Yes,
    /// It has not.
    No,
    /// Some of its stacks have it and some have not.
    Partly,
    /// The service does not run there.
    NotDeployed,
    /// That cannot be told.
    Unknown,
}
