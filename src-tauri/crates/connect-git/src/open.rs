//! Opening a repository and finding a commit.

use crate::{error, translate};
use git2::{Commit, Repository};
use interlock_app::ports::Answer;
use interlock_domain::FaultKind;
use std::path::{Path, PathBuf};

/// Opens the repository at an address of the estate file.
pub(crate) fn open(name: &str, url: &str, base: &Path) -> Answer<Repository> {
    let path = match url.strip_prefix("file://") {
        Some(path) => PathBuf::from(path),
        None if url.contains("://") || (url.contains('@') && url.contains(':')) => {
            return Err(error(
                "open a repository",
                FaultKind::Unsupported,
                format!(
                    "repository {name} is at {}, and only repositories on this machine are read",
                    redacted(url)
                ),
            )
            .with_hint("Keep a clone or mirror beside the estate file and name its folder."));
        }
        None => base.join(url),
    };
    Repository::open(&path).map_err(|cause| {
        let told = translate(
            "open a repository",
            &format!("repository {name} at {}", path.display()),
            &cause,
        );
        told.with_hint("Check the path in the estate file.")
    })
}

fn redacted(url: &str) -> String {
    match url
        .split_once("://")
        .map(|(scheme, rest)| (scheme, rest.rsplit_once('@')))
    {
        Some((scheme, Some((_, place)))) => format!("{scheme}://{place}"),
        _ => url.to_owned(),
    }
}

/// The commit that a revision names.
pub(crate) fn commit<'r>(git: &'r Repository, name: &str, revision: &str) -> Answer<Commit<'r>> {
    let what = format!("revision {revision} of {name}");
    git.revparse_single(revision)
        .and_then(|object| object.peel_to_commit())
        .map_err(|cause| translate("find a revision", &what, &cause))
}
