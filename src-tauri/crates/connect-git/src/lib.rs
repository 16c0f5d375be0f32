//! Git repositories as the console reads them: files at a revision, and commits between two.
//!
//! Repositories are folders on this machine, bare or not, or remote addresses. Folders are read
//! where they are. Remote ones are mirrored by the `git` program of this machine, with the
//! person's own credential helpers, proxies and keys, into a folder that the shell names; without
//! such a folder they are `Unsupported`. Objects are read, nothing is checked out and nothing is
//! ever pushed. Called by `host`.

mod file;
mod history;
mod meant;
mod mirror;
mod open;
mod place;

use async_trait::async_trait;
use interlock_app::ports::{Answer, SourceReader};
use interlock_domain::{
    ConnectorError, FaultKind, SystemKind,
    source::{Commit, CommitRange, SourceFile},
};
use mirror::Mirrors;
use place::Place;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Repositories by the names of the estate file.
#[derive(Debug, Clone)]
pub struct GitConnector {
    repositories: Arc<BTreeMap<String, String>>,
    base: PathBuf,
    mirrors: Option<Arc<Mirrors>>,
}

impl GitConnector {
    /// Repositories by name; relative paths begin at `base`, the estate file's folder.
    pub fn new(repositories: BTreeMap<String, String>, base: PathBuf) -> Self {
        Self {
            repositories: Arc::new(repositories),
            base,
            mirrors: None,
        }
    }

    /// Keeps mirrors of remote repositories in a folder of ours, which is made when needed.
    pub fn with_mirrors(mut self, folder: impl AsRef<Path>) -> Self {
        self.mirrors = Some(Arc::new(Mirrors::new(folder.as_ref())));
        self
    }

    /// Asks a repository on a thread that may wait for the disk. `revisions` are the names that
    /// the answer depends on; without any it depends on all of them.
    async fn ask<T: Send + 'static>(
        &self,
        repository: &str,
        operation: &'static str,
        revisions: &[&str],
        question: impl FnOnce(&git2::Repository) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let name = repository.to_owned();
        let Some(url) = self.repositories.get(repository) else {
            let message = format!("the estate file names no repository `{repository}`");
            return Err(error(operation, FaultKind::NotFound, message));
        };
        let path = match Place::read(&name, url, &self.base)? {
            Place::Folder(path) => path,
            Place::Remote(remote) => match &self.mirrors {
                Some(mirrors) => mirrors.folder(&remote, revisions).await?,
                None => return Err(remote.unsupported()),
            },
        };
        let answer =
            tokio::task::spawn_blocking(move || question(&open::open(&name, &path)?)).await;
        answer.unwrap_or_else(|_| {
            let message = format!("reading {repository} was broken off");
            Err(error(operation, FaultKind::BadAnswer, message))
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
        git2::ErrorCode::Owner => FaultKind::Forbidden,
        _ => FaultKind::BadAnswer,
    };
    error(operation, kind, format!("{what}: {}", cause.message()))
}

#[async_trait]
impl SourceReader for GitConnector {
    async fn commit(&self, repository: &str, revision: &str) -> Answer<Commit> {
        let (name, wanted) = (repository.to_owned(), revision.to_owned());
        self.ask(repository, "read a commit", &[revision], move |git| {
            history::told(git, &open::commit(git, &name, &wanted)?)
        })
        .await
    }

    async fn file(&self, repository: &str, revision: &str, path: &str) -> Answer<SourceFile> {
        let (name, wanted, path) = (repository.to_owned(), revision.to_owned(), path.to_owned());
        self.ask(repository, "read a file", &[revision], move |git| {
            let commit = open::commit(git, &name, &wanted)?;
            file::read(
                git,
                &commit,
                &path,
                &format!("{path} in {name} at {wanted}"),
            )
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
        let name = repository.to_owned();
        let (from, to, paths) = (base.to_owned(), head.to_owned(), paths.to_vec());
        self.ask(repository, "read commits", &[base, head], move |git| {
            let base = open::commit(git, &name, &from)?;
            let head = open::commit(git, &name, &to)?;
            history::between(git, &base, &head, &paths, limit)
        })
        .await
    }

    async fn contains(&self, repository: &str, commit: &str, revision: &str) -> Answer<bool> {
        let name = repository.to_owned();
        let (wanted, head) = (commit.to_owned(), revision.to_owned());
        let revisions = [commit, revision];
        self.ask(repository, "read commits", &revisions, move |git| {
            let wanted = open::commit(git, &name, &wanted)?;
            let head = open::commit(git, &name, &head)?;
            history::contains(git, &wanted, &head)
        })
        .await
    }

    async fn tags(&self, repository: &str, limit: usize) -> Answer<Vec<String>> {
        self.ask(repository, "read tags", &[], move |git| {
            history::tags(git, limit)
        })
        .await
    }
}
