//! Commits between two revisions, and tags.

use crate::{error, translate};
use git2::{Commit, ObjectType, Oid, Repository, Sort, Tree};
use interlock_app::ports::Answer;
use interlock_domain::{
    CommitId, FaultKind, Timestamp,
    source::{Commit as Told, CommitRange, FILES_SHOWN},
};

/// Commits that are looked at for one question, whatever the limit.
const WALK: usize = 50_000;

/// A commit id of Git.
pub(crate) fn id(oid: Oid) -> Answer<CommitId> {
    CommitId::new(oid.to_string())
        .map_err(|cause| error("read a commit", FaultKind::BadAnswer, cause.to_string()))
}

/// A commit in our words. Text is read in the encoding that the commit names.
pub(crate) fn told(git: &Repository, commit: &Commit<'_>) -> Answer<Told> {
    let encoding = commit.message_encoding().ok().flatten();
    let text = |bytes: &[u8]| decoded(bytes, encoding);
    let message = text(commit.message_bytes());
    let message = message.trim_start();
    let (title, body) = message.split_once('\n').unwrap_or((message, ""));
    let (files, file_count) = changed_files(git, commit)
        .map_err(|cause| translate("read commits", "the files of a commit", &cause))?;
    Ok(Told {
        id: id(commit.id())?,
        title: title.trim().to_owned(),
        author: text(commit.author().name_bytes()),
        author_email: text(commit.author().email_bytes()),
        committer_email: text(commit.committer().email_bytes()),
        at: time(commit.time().seconds()),
        body: body.trim().to_owned(),
        files,
        file_count,
    })
}

/// Paths that a commit changes against its parent, and how many there are. A merge has what its
/// branches have, and these are listed on their own.
fn changed_files(
    git: &Repository,
    commit: &Commit<'_>,
) -> Result<(Vec<String>, usize), git2::Error> {
    if commit.parent_count() > 1 {
        return Ok((Vec::new(), 0));
    }
    let before = match commit.parents().next() {
        Some(parent) => Some(parent.tree()?),
        // What stands before the cut of a shallow clone is not known.
        None if git.is_shallow() => return Ok((Vec::new(), 0)),
        None => None,
    };
    let changes = git.diff_tree_to_tree(before.as_ref(), Some(&commit.tree()?), None)?;
    let deltas = changes.deltas();
    let count = deltas.len();
    let paths = deltas.take(FILES_SHOWN).filter_map(|delta| {
        let file = delta
            .new_file()
            .path_bytes()
            .or(delta.old_file().path_bytes())?;
        Some(String::from_utf8_lossy(file).into_owned())
    });
    Ok((paths.collect(), count))
}

/// Text of a commit. Latin-1 is read as such; whatever else is not UTF-8 is shown with
/// replacement characters.
fn decoded(bytes: &[u8], encoding: Option<&str>) -> String {
    let is_latin = encoding.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        matches!(
            name.as_str(),
            "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1"
        )
    });
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) if is_latin => bytes.iter().map(|byte| char::from(*byte)).collect(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A time of Git; one beyond all calendars is the nearest that there is.
fn time(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
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
    let paths: Vec<&str> = paths.iter().map(|path| plain(path)).collect();
    let everything = paths.is_empty() || paths.contains(&"");
    let mut range = CommitRange {
        commits: Vec::new(),
        cut: false,
        linear,
    };
    for (seen, oid) in walk.enumerate() {
        if seen >= WALK {
            range.cut = true;
            break;
        }
        let commit = git.find_commit(oid.map_err(failed)?).map_err(failed)?;
        if !everything && !touches(&commit, &paths).map_err(failed)? {
            continue;
        }
        if range.commits.len() == limit {
            range.cut = true;
            break;
        }
        range.commits.push(told(git, &commit)?);
    }
    Ok(range)
}

/// Whether a commit is in the history of another one, or is it.
pub(crate) fn contains(git: &Repository, commit: &Commit<'_>, head: &Commit<'_>) -> Answer<bool> {
    let failed = |cause: git2::Error| translate("read commits", "the history", &cause);
    let is_there = commit.id() == head.id()
        || git
            .graph_descendant_of(head.id(), commit.id())
            .map_err(failed)?;
    if !is_there && git.is_shallow() {
        let message = "the repository is a shallow clone: whether an older commit is in its history cannot be known";
        return Err(error("read commits", FaultKind::Unsupported, message));
    }
    Ok(is_there)
}

/// A path as trees know it; empty for the whole repository.
fn plain(path: &str) -> &str {
    let path = path.trim_matches('/');
    match path.strip_prefix("./").unwrap_or(path).trim_matches('/') {
        "." => "",
        path => path,
    }
}

/// Whether a commit changes one of the paths, files or folders. Of a merge only what it changes
/// by itself counts, against all its parents: its branches are walked on their own.
fn touches(commit: &Commit<'_>, paths: &[&str]) -> Result<bool, git2::Error> {
    let tree = commit.tree()?;
    let mut parents = Vec::with_capacity(commit.parent_count());
    for parent in commit.parents() {
        parents.push(parent.tree()?);
    }
    for path in paths {
        let now = entry(&tree, path)?;
        let mut changed = !parents.is_empty() || now.is_some();
        for parent in &parents {
            changed &= entry(parent, path)? != now;
        }
        if changed {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What stands at a path: object and mode.
fn entry(tree: &Tree<'_>, path: &str) -> Result<Option<(Oid, i32)>, git2::Error> {
    match tree.get_path(path.as_ref()) {
        Ok(entry) => Ok(Some((entry.id(), entry.filemode()))),
        Err(cause) if cause.code() == git2::ErrorCode::NotFound => Ok(None),
        // The path leads through something that is a file here.
        Err(cause) if cause.class() == git2::ErrorClass::Tree => Ok(None),
        Err(cause) => Err(cause),
    }
}

/// Tags of commits, newest first: by the time of the tag itself, or of its commit.
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
        let Ok(reference) = git.find_reference(&format!("refs/tags/{name}")) else {
            continue;
        };
        let Ok(commit) = reference.peel_to_commit() else {
            continue;
        };
        let tagged = reference
            .peel(ObjectType::Tag)
            .ok()
            .and_then(|object| object.into_tag().ok())
            .and_then(|tag| tag.tagger().map(|who| who.when().seconds()));
        let at = tagged.unwrap_or_else(|| commit.time().seconds());
        list.push((at, name.to_owned()));
    }
    list.sort_by(|a, b| b.cmp(a));
    Ok(list.into_iter().take(limit).map(|(_, name)| name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_in_latin_1_are_read_and_others_do_not_fail() {
        assert_eq!(decoded(b"promoci\xf3n", Some("ISO-8859-1")), "promoción");
        assert_eq!(decoded(b"promoci\xf3n", None), "promoci\u{fffd}n");
        assert_eq!(decoded("promoción".as_bytes(), Some("latin1")), "promoción");
    }

    #[test]
    fn times_beyond_all_calendars_do_not_fail() {
        assert_eq!(time(i64::MAX), Timestamp::MAX);
        assert_eq!(time(i64::MIN), Timestamp::MIN);
    }

    #[test]
    fn paths_are_read_however_they_are_written() {
        assert_eq!(plain("./stacks/a.yaml"), "stacks/a.yaml");
        assert_eq!(plain("/stacks/"), "stacks");
        assert_eq!((plain("/"), plain("."), plain("./")), ("", "", ""));
    }
}
