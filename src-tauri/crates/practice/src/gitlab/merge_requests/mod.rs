//! Merge requests: every commit came by one, and an open branch waits in one.

mod filters;

use super::{
    Answer, Gitlab, Refused, commits as git_commits,
    fields::number,
    page,
    page::Total,
    repository::Project,
    times,
    users::{self, brief},
};
use crate::{
    bank::Chance,
    git::BuiltCommit,
    people::Person,
    web::{Reply, Request},
};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// `GET merge_requests` over all projects.
pub(super) fn everywhere(gitlab: &Gitlab, request: &Request, person: &Person) -> Answer {
    let mut all = Vec::new();
    for (id, built) in Project::all(gitlab) {
        let project = Project::open(gitlab, id, built)?;
        all.extend(built.commits.iter().map(|commit| value(&project, commit)));
    }
    filters::page(gitlab, request, person, "created_by_me", all)
}

/// `GET projects/:id/merge_requests`.
pub(super) fn list(project: &Project<'_>, request: &Request, person: &Person) -> Answer {
    let all = project
        .built
        .commits
        .iter()
        .map(|commit| value(project, commit))
        .collect();
    filters::page(project.gitlab, request, person, "all", all)
}

/// `GET repository/commits/:sha/merge_requests`.
pub(super) fn of_commit(project: &Project<'_>, sha: &str, request: &Request) -> Answer {
    let commit = project.commit(sha).ok_or_else(|| Refused::no("Commit"))?;
    let found: Vec<Value> = project
        .built_commit(&commit.id().to_string())
        .map(|commit| value(project, commit))
        .into_iter()
        .collect();
    page::of(project.gitlab, request, &found, Total::Told)
}

fn find<'a>(project: &Project<'a>, iid: &str) -> Result<&'a BuiltCommit, Refused> {
    let number = number(iid, "merge_request_iid")?;
    project
        .built
        .commits
        .iter()
        .find(|commit| commit.merge_request == number)
        .ok_or_else(Refused::no_record)
}

/// `GET merge_requests/:iid`.
pub(super) fn one(project: &Project<'_>, iid: &str) -> Answer {
    let commit = find(project, iid)?;
    let parent = project
        .commit(&commit.id)
        .and_then(|c| c.parent_id(0).ok())
        .map(|id| id.to_string());
    let mut value = value(project, commit);
    let more = json!({
        "changes_count": commit.plan.changes.len().to_string(),
        "diff_refs": {"base_sha": parent, "head_sha": commit.id, "start_sha": parent},
        "first_deployed_to_production_at": null,
        "head_pipeline": null,
        "diverged_commits_count": 0,
    });
    users::merge(&mut value, more);
    Ok(Reply::json(&value))
}

/// `GET merge_requests/:iid/commits`.
pub(super) fn commits(project: &Project<'_>, iid: &str, request: &Request) -> Answer {
    let commit = git_commit(project, iid)?;
    let list = [git_commits::value(project, &commit)];
    page::of(project.gitlab, request, &list, Total::Told)
}

fn git_commit<'p>(project: &'p Project<'_>, iid: &str) -> Result<git2::Commit<'p>, Refused> {
    let commit = find(project, iid)?;
    project
        .commit(&commit.id)
        .ok_or_else(|| Refused::no("Commit"))
}

/// `GET merge_requests/:iid/diffs`.
pub(super) fn diffs(project: &Project<'_>, iid: &str, request: &Request) -> Answer {
    let files = git_commits::diffs_of(project, &git_commit(project, iid)?)?;
    page::of(project.gitlab, request, &files, Total::Told)
}

/// `GET merge_requests/:iid/changes`: the merge request with its diffs, as older clients ask.
pub(super) fn changes(project: &Project<'_>, iid: &str) -> Answer {
    let mut value = value(project, find(project, iid)?);
    let files = git_commits::diffs_of(project, &git_commit(project, iid)?)?;
    users::merge(&mut value, json!({"changes": files, "overflow": false}));
    Ok(Reply::json(&value))
}

/// `GET merge_requests/:iid/participants`.
pub(super) fn participants(project: &Project<'_>, iid: &str, request: &Request) -> Answer {
    let commit = find(project, iid)?;
    let people = [author(commit), reviewer(commit)].map(|id| brief(project.gitlab, id));
    page::of(project.gitlab, request, &people, Total::Told)
}

/// Lists that hold nothing: nobody wrote notes, and no pipeline of GitLab's own ran.
pub(super) fn nothing(project: &Project<'_>, iid: &str, request: &Request) -> Answer {
    find(project, iid)?;
    page::of(project.gitlab, request, &[], Total::Told)
}

/// `GET merge_requests/:iid/approvals`.
pub(super) fn approvals(project: &Project<'_>, iid: &str) -> Answer {
    let commit = find(project, iid)?;
    let value = value(project, commit);
    let is_merged = commit.plan.branch.is_none();
    let approved_by: Vec<Value> = is_merged
        .then(|| {
            json!({
                "user": brief(project.gitlab, reviewer(commit)),
                "approved_at": times::utc(commit.plan.time - SignedDuration::from_mins(25)),
            })
        })
        .into_iter()
        .collect();
    Ok(Reply::json(&json!({
        "id": value["id"],
        "iid": value["iid"],
        "project_id": project.id,
        "title": value["title"],
        "description": "",
        "state": value["state"],
        "created_at": value["created_at"],
        "updated_at": value["updated_at"],
        "merge_status": value["merge_status"],
        "approved": is_merged,
        "approvals_required": 1,
        "approvals_left": i32::from(!is_merged),
        "require_password_to_approve": false,
        "approved_by": approved_by,
        "suggested_approvers": [],
        "approvers": [],
        "approver_groups": [],
        "user_has_approved": false,
        "user_can_approve": false,
        "has_approval_rules": true,
        "invalid_approvers_rules": [],
    })))
}

/// Id of the person who wrote a commit.
fn author(commit: &BuiltCommit) -> &'static str {
    crate::bank::writer_of(&commit.plan.author).unwrap_or("d.mora")
}

/// Id of the person who approved and merged: never the author.
fn reviewer(commit: &BuiltCommit) -> &'static str {
    let author = author(commit);
    let mut chance = Chance::of(&commit.id);
    let others: Vec<&'static str> = ["d.mora", "v.rojas", "s.lara"]
        .into_iter()
        .filter(|id| *id != author)
        .collect();
    chance.pick(&others)
}

fn value(project: &Project<'_>, commit: &BuiltCommit) -> Value {
    let gitlab = project.gitlab;
    let iid = commit.merge_request;
    let time = commit.plan.time;
    let is_open = commit.plan.branch.is_some();
    let title = commit.plan.message.lines().next().unwrap_or_default();
    let mut chance = Chance::of(&commit.id);
    let created = time - SignedDuration::from_mins(i64::from(chance.whole(70, 1900)));
    let merged_at = (!is_open).then(|| times::utc(time));
    let merger = (!is_open).then(|| brief(gitlab, reviewer(commit)));
    let source = commit
        .plan
        .branch
        .clone()
        .unwrap_or_else(|| branch_name(title, iid));
    let mut value = json!({
        "id": project.id * 10_000 + iid,
        "iid": iid,
        "project_id": project.id,
        "title": title,
        "description": "",
        "state": if is_open { "opened" } else { "merged" },
        "created_at": times::utc(created),
        "updated_at": times::utc(time),
        "merged_by": merger,
        "merge_user": merger,
        "merged_at": merged_at,
        "closed_by": null,
        "closed_at": null,
        "target_branch": "main",
        "source_branch": source,
        "user_notes_count": chance.whole(0, 7),
        "upvotes": 0,
        "downvotes": 0,
        "author": brief(gitlab, author(commit)),
        "assignees": [],
        "assignee": null,
        "reviewers": [brief(gitlab, reviewer(commit))],
        "source_project_id": project.id,
        "target_project_id": project.id,
        "labels": labels(commit),
        "sha": commit.id,
        "merge_commit_sha": null,
        "squash_commit_sha": (!is_open).then_some(&commit.id),
        "prepared_at": times::utc(created),
        "web_url": format!("{}/-/merge_requests/{iid}", project.web_url()),
    });
    users::merge(&mut value, settings(project, iid, title, is_open));
    value
}

/// The fields of a merge request that say how it may be merged.
fn settings(project: &Project<'_>, iid: u64, title: &str, is_open: bool) -> Value {
    let is_draft = title.starts_with("Draft:");
    let status = if is_open { "draft_status" } else { "not_open" };
    json!({
        "draft": is_draft,
        "imported": false,
        "work_in_progress": is_draft,
        "milestone": null,
        "merge_when_pipeline_succeeds": false,
        "merge_status": "can_be_merged",
        "detailed_merge_status": status,
        "merge_after": null,
        "squash": true,
        "squash_on_merge": true,
        "should_remove_source_branch": true,
        "force_remove_source_branch": true,
        "discussion_locked": null,
        "reference": format!("!{iid}"),
        "references": {
            "short": format!("!{iid}"),
            "relative": format!("!{iid}"),
            "full": format!("{}!{iid}", project.path()),
        },
        "task_completion_status": {"count": 0, "completed_count": 0},
        "has_conflicts": false,
        "blocking_discussions_resolved": true,
    })
}

fn labels(commit: &BuiltCommit) -> Vec<&str> {
    Some(commit.plan.service.as_str())
        .filter(|service| !service.is_empty())
        .into_iter()
        .collect()
}

/// The branch that a title would have been written on.
fn branch_name(title: &str, iid: u64) -> String {
    let words: Vec<String> = title
        .split_whitespace()
        .take(4)
        .map(str::to_lowercase)
        .collect();
    let name: String = words
        .join("-")
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == '-')
        .collect();
    format!("feature/{iid}-{name}")
}
