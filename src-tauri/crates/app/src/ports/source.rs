//! Git: files at a revision and commits between two; GitLab: merge requests.

use super::Answer;
use async_trait::async_trait;
use interlock_domain::source::{Commit, CommitRange, MergeRequest, Review, SourceFile};

/// Answers what the sources say. `repository` is a name from the estate file.
#[async_trait]
pub trait SourceReader: Send + Sync {
    /// The commit that a revision (commit, tag, branch) names.
    async fn commit(&self, repository: &str, revision: &str) -> Answer<Commit>;
    /// A file at a revision; `NotFound` when the revision or the file does not exist.
    async fn file(&self, repository: &str, revision: &str, path: &str) -> Answer<SourceFile>;
    /// Commits of `head` that `base` has not, touching `paths` (all when empty), at most `limit`.
    async fn commits_between(
        &self,
        repository: &str,
        base: &str,
        head: &str,
        paths: &[String],
        limit: usize,
    ) -> Answer<CommitRange>;
    /// Whether a revision has a commit in its history, or is it. `NotFound` when either does not
    /// exist here, and `Unsupported` when the history is cut off before that is certain.
    async fn contains(&self, repository: &str, commit: &str, revision: &str) -> Answer<bool>;
    /// Newest tags first, at most `limit`.
    async fn tags(&self, repository: &str, limit: usize) -> Answer<Vec<String>>;
}

/// Answers how commits came to be.
#[async_trait]
pub trait MergeRequestReader: Send + Sync {
    /// Merged requests of a project that carry any of these commits.
    async fn merge_requests(&self, project: &str, commits: &[String]) -> Answer<Vec<MergeRequest>>;
    /// Who approved a merge request, and how the checks of it and of a commit of it ended.
    async fn review(&self, project: &str, iid: u32, commit: &str) -> Answer<Review>;
}
