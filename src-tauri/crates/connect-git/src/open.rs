//! Opening a repository and finding a commit.

use crate::{error, meant, translate};
use git2::{Commit, ErrorCode, Repository, RepositoryOpenFlags};
use interlock_app::ports::Answer;
use interlock_domain::FaultKind;
use std::{ffi::OsStr, path::Path};

/// Opens the repository in a folder, and no other one above it.
pub(crate) fn open(name: &str, path: &Path) -> Answer<Repository> {
    let none: [&OsStr; 0] = [];
    Repository::open_ext(path, RepositoryOpenFlags::NO_SEARCH, none).map_err(|cause| {
        let what = format!("repository {name} at {}", path.display());
        let told = translate("open a repository", &what, &cause);
        if cause.code() == ErrorCode::Owner {
            return told.with_hint(format!(
                "The folder belongs to another user; if that is right, run `git config --global --add safe.directory {}`.",
                path.display()
            ));
        }
        told.with_hint("Check the path in the estate file.")
    })
}

/// The commit that a revision names: a commit id, a tag, or a branch here or of `origin`.
pub(crate) fn commit<'r>(git: &'r Repository, name: &str, revision: &str) -> Answer<Commit<'r>> {
    let operation = "find a revision";
    let what = format!("revision {revision} of {name}");
    if !is_plain(revision) {
        let message = format!("{what}: only commits, tags and branches can be named");
        return Err(error(operation, FaultKind::Refused, message));
    }
    let found = git.revparse_single(revision).or_else(|first| {
        // In a clone, branches that nobody checked out exist only as those of `origin`.
        git.find_reference(&format!("refs/remotes/origin/{revision}"))
            .and_then(|branch| branch.peel(git2::ObjectType::Any))
            .map_err(|_| first)
    });
    found
        .and_then(|object| object.peel_to_commit())
        .map_err(|cause| {
            let told = translate(operation, &what, &cause);
            if told.kind == FaultKind::NotFound {
                if let Some(name) = meant::revision(git, revision) {
                    return told.with_hint(format!("Did you mean `{name}`?"));
                }
                return told.with_hint("It may not have been fetched into this repository yet.");
            }
            told
        })
}

/// Whether a revision is a name, and not an expression of Git that searches or reads files.
fn is_plain(revision: &str) -> bool {
    !revision.is_empty()
        && !revision.starts_with('-')
        && !revision.contains([':', '{', '\\', '*', '?', '['])
        && !revision.contains("..")
        && !revision
            .chars()
            .any(|c| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn names_are_plain_and_expressions_are_not() {
        for name in [
            "main",
            "v1.4.0",
            "feature/login-page",
            "2b7f0c9",
            "HEAD~2",
            "HEAD",
        ] {
            assert!(is_plain(name), "{name}");
        }
        for expression in [
            "main:secret.txt",
            ":/fix",
            "HEAD@{1}",
            "a..b",
            "-x",
            "",
            "a b",
        ] {
            assert!(!is_plain(expression), "{expression}");
        }
    }
}
