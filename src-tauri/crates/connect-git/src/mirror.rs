//! Mirrors of remote repositories, made and renewed by the `git` program.
//!
//! libgit2 would need OpenSSL for https, and would know nothing of credential helpers, proxies
//! and ssh agents; the program of the person knows them all. Commit ids that are here already
//! need no fetch; names may have moved, so they are fetched when the last look is older than a
//! minute. A fetch that fails is an error: an old answer is not given for a new one.

use crate::{error, place::Remote};
use interlock_app::ports::Answer;
use interlock_domain::{ConnectorError, FaultKind};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    sync::{Arc, Mutex as StdMutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{process::Command, sync::Mutex};

const OPERATION: &str = "mirror a repository";
/// How long names are believed without another look.
const FRESH: Duration = Duration::from_mins(1);
/// Longest time of a fetch.
const PATIENCE: Duration = Duration::from_mins(3);

/// The folder of the mirrors.
#[derive(Debug)]
pub(crate) struct Mirrors {
    folder: PathBuf,
    /// Last fetch of each mirror in this process; its lock keeps two from fetching at once.
    looks: StdMutex<HashMap<PathBuf, Arc<Mutex<Option<Instant>>>>>,
}

impl Mirrors {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            looks: StdMutex::default(),
        }
    }

    /// The mirror of a remote repository, good enough for questions about some revisions.
    pub(crate) async fn folder(&self, remote: &Remote, revisions: &[&str]) -> Answer<PathBuf> {
        let mirror = self.folder.join(file_name(remote));
        let look = {
            let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(looks.entry(mirror.clone()).or_default())
        };
        let mut last = look.lock().await;
        if !mirror.join("HEAD").exists() {
            self.clone_into(remote, &mirror).await?;
            *last = Some(Instant::now());
        } else if last.is_none_or(|at| at.elapsed() > FRESH) && !has_all(&mirror, revisions) {
            let args = ["fetch", "--quiet", "--prune", "--force", "origin"];
            let mut git = program();
            git.arg("--git-dir").arg(&mirror).args(args);
            run(remote, git).await?;
            *last = Some(Instant::now());
        }
        Ok(mirror)
    }

    /// Clones beside and then moves, so that a mirror is whole whenever it is there.
    async fn clone_into(&self, remote: &Remote, mirror: &Path) -> Answer<()> {
        let failed = |cause: std::io::Error| {
            let message = format!("{} cannot be written: {cause}", self.folder.display());
            error(OPERATION, FaultKind::BadAnswer, message)
        };
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        let half = mirror.with_extension(format!("half-{}", std::process::id()));
        if half.exists() {
            std::fs::remove_dir_all(&half).map_err(failed)?;
        }
        let mut git = program();
        git.args(["clone", "--quiet", "--mirror", "--"])
            .arg(&remote.url)
            .arg(&half);
        run(remote, git).await?;
        match std::fs::rename(&half, mirror) {
            Ok(()) => Ok(()),
            // Another process was faster.
            Err(_) if mirror.join("HEAD").exists() => {
                std::fs::remove_dir_all(&half).map_err(failed)
            }
            Err(cause) => Err(failed(cause)),
        }
    }
}

/// Name of a mirror's folder: readable, and one for each address.
fn file_name(remote: &Remote) -> String {
    let hash = git2::Oid::hash_object(git2::ObjectType::Blob, remote.url.as_bytes())
        .map(|id| id.to_string())
        .unwrap_or_default();
    let name: String = remote
        .name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(40)
        .collect();
    format!("{name}-{hash}.git")
}

/// Whether all revisions are whole commit ids that are here.
fn has_all(mirror: &Path, revisions: &[&str]) -> bool {
    let Ok(git) = git2::Repository::open_bare(mirror) else {
        return false;
    };
    !revisions.is_empty()
        && revisions.iter().all(|revision| {
            revision.len() == 40
                && git2::Oid::from_str(revision).is_ok_and(|id| git.find_commit(id).is_ok())
        })
}

fn program() -> Command {
    let mut git = Command::new("git");
    git.env("GIT_TERMINAL_PROMPT", "0")
        .env("GCM_INTERACTIVE", "never")
        .env("GIT_ALLOW_PROTOCOL", "https:http:ssh:git:file")
        .env("LC_ALL", "C")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    git
}

async fn run(remote: &Remote, mut git: Command) -> Answer<()> {
    let output = match tokio::time::timeout(PATIENCE, git.output()).await {
        Ok(Ok(output)) => output,
        Ok(Err(cause)) => {
            let message = format!("the `git` program cannot be started: {cause}");
            return Err(error(OPERATION, FaultKind::Unsupported, message)
                .with_hint("Install Git, or name a folder of this machine in the estate file."));
        }
        Err(_) => {
            let message = format!("{} did not answer in time", remote.url);
            return Err(error(OPERATION, FaultKind::Unreachable, message));
        }
    };
    if output.status.success() {
        return Ok(());
    }
    Err(refusal(remote, &output))
}

/// What a refusal of `git` means; it only tells in words, which `LC_ALL` keeps English.
fn refusal(remote: &Remote, output: &Output) -> ConnectorError {
    let words = String::from_utf8_lossy(&output.stderr);
    let (kind, hint) = meaning(&words);
    let line: String = words
        .lines()
        .rev()
        .find(|line| line.starts_with("fatal:") || line.starts_with("error:"))
        .or_else(|| words.lines().next())
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(300)
        .collect();
    let message = format!("repository {} at {}: {line}", remote.name, remote.url);
    error(OPERATION, kind, message).with_hint(hint)
}

fn meaning(words: &str) -> (FaultKind, &'static str) {
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if has(&[
        "Authentication failed",
        "could not read Username",
        "could not read Password",
        "Permission denied (",
        "error: 401",
    ]) {
        let hint =
            "Log in once with `git clone`, so that Git's credential helper or ssh knows you.";
        (FaultKind::Unauthenticated, hint)
    } else if has(&["error: 403", "not allowed", "access denied"]) {
        (
            FaultKind::Forbidden,
            "Ask for read access to this repository.",
        )
    } else if has(&[
        "not found",
        "does not exist",
        "does not appear to be a git repository",
    ]) {
        let hint = "Check the address; without access the server may say the same.";
        (FaultKind::NotFound, hint)
    } else {
        (
            FaultKind::Unreachable,
            "Check the address, the network and the proxy.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_git_are_told_apart() {
        for (words, kind) in [
            (
                "fatal: could not read Username for 'https://g': terminal prompts disabled",
                FaultKind::Unauthenticated,
            ),
            (
                "git@g: Permission denied (publickey).",
                FaultKind::Unauthenticated,
            ),
            (
                "fatal: unable to access 'https://g/': The requested URL returned error: 403",
                FaultKind::Forbidden,
            ),
            ("remote: Repository not found.", FaultKind::NotFound),
            (
                "fatal: unable to access 'https://g/': Could not resolve host: g",
                FaultKind::Unreachable,
            ),
        ] {
            assert_eq!(meaning(words).0, kind, "{words}");
        }
    }

    #[test]
    fn mirrors_of_different_addresses_are_different_folders() {
        let remote = |url: &str| Remote {
            name: "../templates of bank".to_owned(),
            url: url.to_owned(),
        };
        let one = file_name(&remote("https://a/t.git"));
        assert!(
            one.starts_with("templatesofbank-") && !one.contains('/'),
            "{one}"
        );
        assert_ne!(one, file_name(&remote("https://b/t.git")));
    }
}
