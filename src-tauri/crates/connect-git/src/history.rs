//! Commits between two revisions, and tags.

use crate::{error, translate};
use git2::{Commit, DiffOptions, Oid, Repository, Sort};
use interlock_app::ports::Answer;
use interlock_domain::{
    CommitId, FaultKind, Timestamp,
    source::{Commit as Told, CommitRange},
};

/// Commits that are looked at for one question, whatever the limit.
const WALK: usize = 50_000;

/// A commit id of Git.
pub(crate) fn id(oid: Oid) -> Answer<CommitId> {
    CommitId::new(oid.to_string())
        .map_err(|cause| error("read a commit", FaultKind::BadAnswer, cause.to_string()))
}

/// A commit in our words. Text that is not UTF-8 is shown with replacement characters.
pub(crate) fn told(commit: &Commit<'_>) -> Answer<Told> {
    let message = String::from_utf8_lossy(commit.message_bytes());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Told {
        id: id(commit.id())?,
        title: message
            .trim_start()
            .lines()
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned(),
        author: text(commit.author().name_bytes()),
        author_email: text(commit.author().email_bytes()),
        committer_email: text(commit.committer().email_bytes()),
        at: Timestamp::from_second(commit.time().seconds()).unwrap_or(Timestamp::UNIX_EPOCH),
    })
}

/// Commits of `head` that `base` has not, newest first.
pub(crate) fn between(
    git: &Repository,
    base: &Commit<'_>,
    head: &Commit<'_>,
    paths: &[String],
    limit: usize,
) -> Answer<CommitRange> {
    let failed = |cause: git2::Error| translate("read commits", "the history", &cause);
    let linear = base.id() == head.id()
        || git
            .graph_descendant_of(head.id(), base.id())
            .map_err(failed)?;
    let mut walk = git.revwalk().map_err(failed)?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME)
        .map_err(failed)?;
    walk.push(head.id()).map_err(failed)?;
    walk.hide(base.id()).map_err(failed)?;
    let mut range = CommitRange {
        commits: Vec::new(),
        cut: false,
        linear,
    };
    for (seen, oid) in walk.enumerate() {
        let commit = git.find_commit(oid.map_err(failed)?).map_err(failed)?;
        if seen >= WALK {
            range.cut = true;
            break;
        }
        if !paths.is_empty() && !touches(git, &commit, paths).map_err(failed)? {
            continue;
        }
        if range.commits.len() == limit {
            range.cut = true;
            break;
        }
        range.commits.push(told(&commit)?);
    }
    Ok(range)
}

/// Whether a commit changes one of the paths against its first parent. Of a merge only what it
/// changes by itself counts: its branch's commits are walked on their own.
fn touches(git: &Repository, commit: &Commit<'_>, paths: &[String]) -> Result<bool, git2::Error> {
    if commit.parent_count() > 1 {
        return Ok(false);
    }
    let before = match commit.parent(0) {
        Ok(parent) => Some(parent.tree()?),
        Err(_) => None,
    };
    let mut options = DiffOptions::new();
    options.disable_pathspec_match(true);
    for path in paths {
        options.pathspec(path);
    }
    let diff = git.diff_tree_to_tree(before.as_ref(), Some(&commit.tree()?), Some(&mut options))?;
    Ok(diff.deltas().len() > 0)
}

/// Tags, newest commit first.
pub(crate) fn tags(git: &Repository, limit: usize) -> Answer<Vec<String>> {
    let failed = |cause: git2::Error| translate("read tags", "the tags", &cause);
    let mut list = Vec::new();
    for name in git
        .tag_names(None)
        .map_err(failed)?
        .iter()
        .flatten()
        .flatten()
    {
        if let Ok(commit) = git
            .revparse_single(&format!("refs/tags/{name}"))
            .and_then(|o| o.peel_to_commit())
        {
            list.push((commit.time().seconds(), name.to_owned()));
        }
    }
    list.sort_by(|a, b| b.cmp(a));
    Ok(list.into_iter().take(limit).map(|(_, name)| name).collect())
}
