//! What somebody meant who named a revision or a file that is not there. For hints only.

use git2::{ObjectType, Repository, Tree, TreeWalkMode, TreeWalkResult};
use interlock_app::nearest::nearest;

/// Files of a tree that are looked at: a hint is not worth a walk over everything.
const MOST: usize = 20_000;

/// The branch or tag that is so near to a name that it was probably meant.
pub(crate) fn revision(git: &Repository, typed: &str) -> Option<String> {
    let mut names = Vec::new();
    for reference in git.references().ok()?.flatten() {
        let name = reference.name().unwrap_or_default();
        let short = ["refs/heads/", "refs/tags/", "refs/remotes/origin/"]
            .iter()
            .find_map(|kind| name.strip_prefix(kind));
        names.extend(short.map(str::to_owned));
    }
    nearest(typed, names.iter().map(String::as_str)).map(str::to_owned)
}

/// The file that was probably meant: one of the same name elsewhere, or of nearly that name.
pub(crate) fn file(tree: &Tree<'_>, typed: &str) -> Option<String> {
    let mut paths = Vec::new();
    let walked = tree.walk(TreeWalkMode::PreOrder, |folder, entry| {
        if entry.kind() == Some(ObjectType::Blob)
            && let Ok(name) = std::str::from_utf8(entry.name_bytes())
        {
            paths.push(format!("{folder}{name}"));
        }
        if paths.len() < MOST {
            TreeWalkResult::Ok
        } else {
            TreeWalkResult::Abort
        }
    });
    // A walk that was broken off still found what it found.
    drop(walked);
    let name = base(typed);
    if let Some(elsewhere) = paths.iter().find(|path| base(path) == name) {
        return Some(elsewhere.clone());
    }
    let meant = nearest(name, paths.iter().map(|path| base(path)))?.to_owned();
    let folder = &typed[..typed.len() - name.len()];
    let beside = paths
        .iter()
        .find(|path| **path == format!("{folder}{meant}"));
    let found = beside.or_else(|| paths.iter().find(|path| base(path) == meant));
    found.cloned()
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
