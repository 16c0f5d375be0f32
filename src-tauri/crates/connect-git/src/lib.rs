//! Git repositories as the console reads them: files at a revision, and commits between two.
//!
//! Repositories are folders on this machine, bare or not. It reads objects only: no checkout, no
//! fetch, no credential. Called by `host`.

mod history;
mod open;

use async_trait::async_trait;
use interlock_app::ports::{Answer, SourceReader};
use interlock_domain::{
    ConnectorError, FaultKind, SystemKind,
    source::{Commit, CommitRange, SourceFile},
};
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

/// Largest file that is read.
const FILE_BYTES: usize = 32 * 1024 * 1024;

/// Repositories by the names of the estate file.
#[derive(Debug, Clone)]
pub struct GitConnector {
    repositories: Arc<BTreeMap<String, String>>,
    base: PathBuf,
}

impl GitConnector {
    /// Repositories by name; relative paths begin at `base`, the estate file's folder.
    pub fn new(repositories: BTreeMap<String, String>, base: PathBuf) -> Self {
        Self {
            repositories: Arc::new(repositories),
            base,
        }
    }

    /// Asks a repository on a thread that may wait for the disk.
    async fn ask<T: Send + 'static>(
        &self,
        repository: &str,
        operation: &'static str,
        question: impl FnOnce(&git2::Repository) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let Some(url) = self.repositories.get(repository).cloned() else {
            return Err(error(
                operation,
                FaultKind::NotFound,
                format!("the estate file names no repository `{repository}`"),
            ));
        };
        let (base, name) = (self.base.clone(), repository.to_owned());
        let answer =
            tokio::task::spawn_blocking(move || question(&open::open(&name, &url, &base)?)).await;
        answer.unwrap_or_else(|_| {
            Err(error(
                operation,
                FaultKind::BadAnswer,
                format!("reading {repository} was broken off"),
            ))
        })
    }
}

pub(crate) fn error(
    operation: &str,
    kind: FaultKind,
    message: impl Into<String>,
) -> ConnectorError {
    ConnectorError::new(SystemKind::Git, operation, kind, message)
}

pub(crate) fn translate(operation: &str, what: &str, cause: &git2::Error) -> ConnectorError {
    let kind = match cause.code() {
        git2::ErrorCode::NotFound | git2::ErrorCode::UnbornBranch => FaultKind::NotFound,
        git2::ErrorCode::Ambiguous | git2::ErrorCode::InvalidSpec => FaultKind::Refused,
        _ => FaultKind::BadAnswer,
    };
    error(operation, kind, format!("{what}: {}", cause.message()))
}

#[async_trait]
impl SourceReader for GitConnector {
    async fn commit(&self, repository: &str, revision: &str) -> Answer<Commit> {
        let (name, revision) = (repository.to_owned(), revision.to_owned());
        self.ask(repository, "read a commit", move |git| {
            history::told(&open::commit(git, &name, &revision)?)
        })
        .await
    }

    async fn file(&self, repository: &str, revision: &str, path: &str) -> Answer<SourceFile> {
        let (name, revision, path) = (repository.to_owned(), revision.to_owned(), path.to_owned());
        self.ask(repository, "read a file", move |git| {
            let commit = open::commit(git, &name, &revision)?;
            let what = format!("{path} in {name} at {revision}");
            let tree = commit
                .tree()
                .map_err(|cause| translate("read a file", &what, &cause))?;
            let entry = tree
                .get_path(path.trim_start_matches('/').as_ref())
                .map_err(|cause| translate("read a file", &what, &cause))?;
            let blob = entry
                .to_object(git)
                .map_err(|cause| translate("read a file", &what, &cause))?
                .into_blob()
                .map_err(|_| {
                    error(
                        "read a file",
                        FaultKind::Refused,
                        format!("{what} is not a file"),
                    )
                })?;
            if blob.size() > FILE_BYTES {
                let message = format!("{what} has {} bytes, more than {FILE_BYTES}", blob.size());
                return Err(error("read a file", FaultKind::Refused, message));
            }
            Ok(SourceFile {
                path,
                bytes: blob.content().to_vec(),
                commit: history::id(commit.id())?,
            })
        })
        .await
    }

    async fn commits_between(
        &self,
        repository: &str,
        base: &str,
        head: &str,
        paths: &[String],
        limit: usize,
    ) -> Answer<CommitRange> {
        let (name, base, head, paths) = (
            repository.to_owned(),
            base.to_owned(),
            head.to_owned(),
            paths.to_vec(),
        );
        self.ask(repository, "read commits", move |git| {
            let base = open::commit(git, &name, &base)?;
            let head = open::commit(git, &name, &head)?;
            history::between(git, &base, &head, &paths, limit)
        })
        .await
    }

    async fn tags(&self, repository: &str, limit: usize) -> Answer<Vec<String>> {
        self.ask(repository, "read tags", move |git| {
            history::tags(git, limit)
        })
        .await
    }
}
