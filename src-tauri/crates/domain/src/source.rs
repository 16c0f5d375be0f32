//! Commits, files and merge requests as they were observed.

use crate::ids::CommitId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Full id.
    pub id: CommitId,
    /// First line of the message.
    pub title: String,
    /// Author's name.
    pub author: String,
    /// Author's e-mail address.
    pub author_email: String,
    /// Committer's e-mail address.
    pub committer_email: String,
    /// Commit time.
    pub at: Timestamp,
}

/// Commits on one side that the other has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitRange {
    /// Newest first.
    pub commits: Vec<Commit>,
    /// Whether the list was cut at the limit.
    pub cut: bool,
    /// Whether the base is an ancestor of the head (otherwise both went their own way).
    pub linear: bool,
}

/// A file at a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path in the repository.
    pub path: String,
    /// Exact bytes.
    pub bytes: Vec<u8>,
    /// Commit that the revision names.
    pub commit: CommitId,
}

/// A merge request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeRequest {
    /// Number in its project.
    pub iid: u32,
    /// Title.
    pub title: String,
    /// Author's user name.
    pub author: String,
    /// Who merged it.
    pub merged_by: Option<String>,
    /// Merge or head commit.
    pub commit: Option<String>,
    /// Address.
    pub url: String,
}
