//! Commits, what they change, and comparisons.

use super::{
    Answer, Refused,
    fields::{flag, one_of},
    page,
    page::Total,
    repository::Project,
    times,
};
use crate::web::{Reply, Request};
use git2::{Commit, Delta, Diff, DiffOptions, Patch, Sort};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Longest diff of one file that is given.
const DIFF_LIMIT: usize = 200_000;

/// A commit as lists give it.
pub(super) fn value(project: &Project<'_>, commit: &Commit<'_>) -> Value {
    let id = commit.id().to_string();
    let message = commit.message().unwrap_or_default();
    let (author, committer) = (commit.author(), commit.committer());
    let parents: Vec<String> = commit.parent_ids().map(|id| id.to_string()).collect();
    json!({
        "id": id,
        "short_id": &id[..8],
        "created_at": times::of_commit(commit.time()),
        "parent_ids": parents,
        "title": message.lines().next().unwrap_or_default(),
        "message": message,
        "author_name": author.name().unwrap_or_default(),
        "author_email": author.email().unwrap_or_default(),
        "authored_date": times::of_commit(author.when()),
        "committer_name": committer.name().unwrap_or_default(),
        "committer_email": committer.email().unwrap_or_default(),
        "committed_date": times::of_commit(committer.when()),
        "trailers": {},
        "extended_trailers": {},
        "web_url": format!("{}/-/commit/{id}", project.web_url()),
    })
}

/// `GET repository/commits`.
pub(super) fn list(project: &Project<'_>, request: &Request) -> Answer {
    one_of(request, "order", &["default", "topo"], "default")?;
    let with_stats = flag(request, "with_stats")?;
    let is_first_parent = flag(request, "first_parent")?;
    let (since, until) = (
        times::field(request, "since")?,
        times::field(request, "until")?,
    );
    let mut walk = project.git.revwalk().map_err(Refused::git)?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME)
        .map_err(Refused::git)?;
    if is_first_parent {
        walk.simplify_first_parent().map_err(Refused::git)?;
    }
    if flag(request, "all")? {
        walk.push_glob("refs/heads/*").map_err(Refused::git)?;
    } else {
        let reference = request.field("ref_name").unwrap_or("main");
        let head = project
            .commit(reference)
            .ok_or_else(|| Refused::no("Commit"))?;
        walk.push(head.id()).map_err(Refused::git)?;
    }
    let mut commits = Vec::new();
    for id in walk {
        let commit = id
            .and_then(|id| project.git.find_commit(id))
            .map_err(Refused::git)?;
        let time = Timestamp::from_second(commit.time().seconds()).unwrap_or_default();
        let in_time =
            since.is_none_or(|since| time >= since) && until.is_none_or(|until| time <= until);
        let by = request.field("author").is_none_or(|wanted| {
            let author = commit.author();
            [author.name().ok(), author.email().ok()]
                .into_iter()
                .flatten()
                .any(|text| text.contains(wanted))
        });
        if in_time && by && touches(project, &commit, request.field("path"))? {
            let mut value = value(project, &commit);
            if with_stats {
                value["stats"] = stats(project, &commit)?;
            }
            commits.push(value);
        }
    }
    page::of(project.gitlab, request, &commits, Total::Untold)
}

/// Lines that a commit adds and deletes.
fn stats(project: &Project<'_>, commit: &Commit<'_>) -> Result<Value, Refused> {
    let stats = diff_of(project, commit, None)?
        .stats()
        .map_err(Refused::git)?;
    Ok(json!({
        "additions": stats.insertions(),
        "deletions": stats.deletions(),
        "total": stats.insertions() + stats.deletions(),
    }))
}

/// The last commit up to this one that changed a path.
pub(super) fn last_touching(
    project: &Project<'_>,
    commit: &Commit<'_>,
    path: &str,
) -> Result<git2::Oid, Refused> {
    let mut walk = project.git.revwalk().map_err(Refused::git)?;
    walk.push(commit.id()).map_err(Refused::git)?;
    for id in walk {
        let found = id
            .and_then(|id| project.git.find_commit(id))
            .map_err(Refused::git)?;
        if touches(project, &found, Some(path))? {
            return Ok(found.id());
        }
    }
    Ok(commit.id())
}

fn touches(
    project: &Project<'_>,
    commit: &Commit<'_>,
    path: Option<&str>,
) -> Result<bool, Refused> {
    let Some(path) = path else { return Ok(true) };
    let mut options = DiffOptions::new();
    options.pathspec(path).disable_pathspec_match(true);
    let diff = diff_of(project, commit, Some(&mut options))?;
    Ok(diff.deltas().len() > 0)
}

/// What a commit changes against its first parent.
fn diff_of<'p>(
    project: &'p Project<'_>,
    commit: &Commit<'_>,
    options: Option<&mut DiffOptions>,
) -> Result<Diff<'p>, Refused> {
    let before = commit.parent(0).and_then(|parent| parent.tree()).ok();
    let after = commit.tree().map_err(Refused::git)?;
    project
        .git
        .diff_tree_to_tree(before.as_ref(), Some(&after), options)
        .map_err(Refused::git)
}

/// `GET repository/commits/:sha`.
pub(super) fn one(project: &Project<'_>, sha: &str) -> Answer {
    let commit = project.commit(sha).ok_or_else(|| Refused::no("Commit"))?;
    let mut value = value(project, &commit);
    let more = json!({
        "stats": stats(project, &commit)?,
        "status": null,
        "project_id": project.id,
        "last_pipeline": null,
    });
    super::users::merge(&mut value, more);
    Ok(Reply::json(&value))
}

/// `GET repository/commits/:sha/diff`.
pub(super) fn diff(project: &Project<'_>, sha: &str, request: &Request) -> Answer {
    let commit = project.commit(sha).ok_or_else(|| Refused::no("Commit"))?;
    let files = diffs_of(project, &commit)?;
    page::of(project.gitlab, request, &files, Total::Told)
}

/// `GET repository/commits/:sha/refs`.
pub(super) fn refs(project: &Project<'_>, sha: &str, request: &Request) -> Answer {
    let commit = project.commit(sha).ok_or_else(|| Refused::no("Commit"))?;
    let wanted = one_of(request, "type", &["branch", "tag", "all"], "all")?;
    let mut found = Vec::new();
    for reference in project.git.references().map_err(Refused::git)?.flatten() {
        let (Ok(name), Ok(tip)) = (reference.shorthand(), reference.peel_to_commit()) else {
            continue;
        };
        let kind = if reference.is_tag() { "tag" } else { "branch" };
        let holds = tip.id() == commit.id()
            || project
                .git
                .graph_descendant_of(tip.id(), commit.id())
                .unwrap_or(false);
        if holds && (wanted == "all" || wanted == kind) {
            found.push(json!({"type": kind, "name": name}));
        }
    }
    page::of(project.gitlab, request, &found, Total::Told)
}

/// `GET repository/compare`.
pub(super) fn compare(project: &Project<'_>, request: &Request) -> Answer {
    let side = |name: &str| {
        let revision = request.field(name).ok_or_else(|| {
            Refused::error(StatusCode::BAD_REQUEST, &format!("{name} is missing"))
        })?;
        project.commit(revision).ok_or_else(|| Refused::no("Ref"))
    };
    let (from, to) = (side("from")?, side("to")?);
    let is_straight = flag(request, "straight")?;
    let base = if is_straight {
        from.id()
    } else {
        project
            .git
            .merge_base(from.id(), to.id())
            .map_err(Refused::git)?
    };
    let mut walk = project.git.revwalk().map_err(Refused::git)?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME | Sort::REVERSE)
        .and_then(|()| walk.push(to.id()))
        .and_then(|()| walk.hide(from.id()))
        .map_err(Refused::git)?;
    let mut commits = Vec::new();
    for id in walk {
        let commit = id
            .and_then(|id| project.git.find_commit(id))
            .map_err(Refused::git)?;
        commits.push(value(project, &commit));
    }
    let tree = |id| {
        project
            .git
            .find_commit(id)
            .and_then(|commit| commit.tree())
            .map_err(Refused::git)
    };
    let (before, after) = (tree(base)?, tree(to.id())?);
    let diff = project
        .git
        .diff_tree_to_tree(Some(&before), Some(&after), None)
        .map_err(Refused::git)?;
    Ok(Reply::json(&json!({
        "commit": commits.last(),
        "commits": commits,
        "diffs": diffs(&diff)?,
        "compare_timeout": false,
        "compare_same_ref": from.id() == to.id(),
        "web_url": format!("{}/-/compare/{}...{}", project.web_url(), from.id(), to.id()),
    })))
}

/// The diffs of the files that a commit changes.
pub(super) fn diffs_of(project: &Project<'_>, commit: &Commit<'_>) -> Result<Vec<Value>, Refused> {
    diffs(&diff_of(project, commit, None)?)
}

fn diffs(diff: &Diff<'_>) -> Result<Vec<Value>, Refused> {
    (0..diff.deltas().len())
        .map(|index| {
            let patch = Patch::from_diff(diff, index).map_err(Refused::git)?;
            let delta = diff.get_delta(index).ok_or_else(|| Refused::no("Diff"))?;
            let path = |file: git2::DiffFile<'_>| {
                file.path()
                    .map(|path| path.to_string_lossy().into_owned())
                    .unwrap_or_default()
            };
            let mode = |file: git2::DiffFile<'_>| format!("{:o}", u32::from(file.mode()));
            let text = patch.map_or(Ok(String::new()), |patch| hunks(&patch))?;
            let is_large = text.len() > DIFF_LIMIT;
            Ok(json!({
                "diff": if is_large { "" } else { &text },
                "collapsed": false,
                "too_large": is_large,
                "new_path": path(delta.new_file()),
                "old_path": path(delta.old_file()),
                "a_mode": mode(delta.old_file()),
                "b_mode": mode(delta.new_file()),
                "new_file": delta.status() == Delta::Added,
                "renamed_file": delta.status() == Delta::Renamed,
                "deleted_file": delta.status() == Delta::Deleted,
                "generated_file": null,
            }))
        })
        .collect()
}

/// The hunks of a patch, without the header of the file.
fn hunks(patch: &Patch<'_>) -> Result<String, Refused> {
    let mut text = String::new();
    for hunk in 0..patch.num_hunks() {
        let (header, lines) = patch.hunk(hunk).map_err(Refused::git)?;
        text.push_str(&String::from_utf8_lossy(header.header()));
        for line in 0..lines {
            let line = patch.line_in_hunk(hunk, line).map_err(Refused::git)?;
            if let mark @ ('+' | '-' | ' ') = line.origin() {
                text.push(mark);
            }
            text.push_str(&String::from_utf8_lossy(line.content()));
        }
    }
    Ok(text)
}
