//! Projects.

use super::{Answer, Gitlab, page, page::Total, page::Window, repository::Project, times};
use crate::web::{Reply, Request};
use serde_json::{Value, json};

/// `GET /projects`.
pub(super) fn list(gitlab: &Gitlab, request: &Request) -> Answer {
    let mut projects = Vec::new();
    for (id, built) in Project::all(gitlab) {
        if request
            .field("search")
            .is_none_or(|text| built.name.contains(text))
        {
            projects.push(value(&Project::open(gitlab, id, built)?));
        }
    }
    if request.field("pagination") == Some("keyset") {
        return keyset(gitlab, request, projects);
    }
    if request.field("sort") != Some("asc") {
        projects.reverse();
    }
    page::of(gitlab, request, &projects, Total::Told)
}

/// Pages by the last id: no numbers, only the link to the next page.
fn keyset(gitlab: &Gitlab, request: &Request, mut projects: Vec<Value>) -> Answer {
    let ascending = request.field("sort") == Some("asc");
    let number = |name: &str| {
        request
            .field(name)
            .and_then(|text| text.parse::<u64>().ok())
    };
    let (after, before) = (number("id_after"), number("id_before"));
    projects.retain(|project| {
        let id = project["id"].as_u64().unwrap_or(0);
        after.is_none_or(|after| id > after) && before.is_none_or(|before| id < before)
    });
    if !ascending {
        projects.reverse();
    }
    let window = Window::of(request)?;
    let more = projects.len() > window.per_page;
    projects.truncate(window.per_page);
    let last = projects.last().map(|project| project["id"].to_string());
    let reply = Reply::json(&Value::Array(projects));
    let Some(last) = last.filter(|_| more) else {
        return Ok(reply);
    };
    let limit = if ascending { "id_after" } else { "id_before" };
    let mut fields: Vec<(String, String)> = request
        .fields
        .iter()
        .filter(|(name, _)| name != limit)
        .cloned()
        .collect();
    fields.push((limit.to_owned(), last));
    let next = page::with_fields(gitlab, request, &fields);
    Ok(reply.with("link", format!("<{next}>; rel=\"next\"")))
}

/// `GET /projects/:id`.
pub(super) fn one(project: &Project<'_>) -> Reply {
    Reply::json(&value(project))
}

fn value(project: &Project<'_>) -> Value {
    let (name, base) = (&project.built.name, &project.gitlab.base);
    let web_url = project.web_url();
    let api = format!("{base}/api/v4/projects/{}", project.id);
    let times_of = |commit: Option<&crate::git::BuiltCommit>| {
        commit.map(|commit| times::utc(commit.plan.time))
    };
    let created = times_of(project.built.commits.first());
    let active = times_of(project.built.commits.last());
    let services: Vec<&str> = project.services().map(|s| s.name.as_str()).collect();
    let opened = project
        .built
        .commits
        .iter()
        .filter(|commit| commit.plan.branch.is_some())
        .count();
    json!({
        "id": project.id,
        "description": services.join(", "),
        "name": name,
        "name_with_namespace": format!("Andes Bank / {name}"),
        "path": name,
        "path_with_namespace": project.path(),
        "created_at": created,
        "updated_at": active,
        "default_branch": "main",
        "tag_list": [],
        "topics": [],
        "ssh_url_to_repo": format!("git@gitlab.andesbank.example:{}.git", project.path()),
        "http_url_to_repo": format!("{web_url}.git"),
        "web_url": web_url,
        "readme_url": format!("{web_url}/-/blob/main/README.md"),
        "forks_count": 0,
        "avatar_url": null,
        "star_count": 0,
        "last_activity_at": active,
        "visibility": "private",
        "namespace": {
            "id": 4,
            "name": "Andes Bank",
            "path": "andes",
            "kind": "group",
            "full_path": "andes",
            "parent_id": null,
            "avatar_url": null,
            "web_url": format!("{base}/groups/andes"),
        },
        "_links": {
            "self": &api,
            "merge_requests": format!("{api}/merge_requests"),
            "repo_branches": format!("{api}/repository/branches"),
            "members": format!("{api}/members"),
        },
        "empty_repo": false,
        "archived": false,
        "merge_method": "ff",
        "squash_option": "always",
        "merge_requests_enabled": true,
        "open_issues_count": 0,
        "approvals_before_merge": 1,
        "only_allow_merge_if_pipeline_succeeds": true,
        "open_merge_requests_count": opened,
        "permissions": {
            "project_access": null,
            "group_access": {"access_level": 30, "notification_level": 3},
        },
    })
}
