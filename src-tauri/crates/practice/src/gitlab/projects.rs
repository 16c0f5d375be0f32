//! Projects.

use super::{
    Answer, Gitlab, Refused,
    fields::{flag, number, one_of, optional_flag},
    page,
    page::Total,
    page::Window,
    repository::Project,
    times,
};
use crate::web::{Reply, Request};
use http::StatusCode;
use serde_json::{Value, json};

/// Number of the group that holds every project.
const GROUP_ID: u64 = 4;
/// Its name.
const GROUP: &str = "Andes Bank";

/// Whether a piece of the path names the group.
pub(super) fn is_group(id: &str) -> bool {
    id == GROUP_ID.to_string() || id.eq_ignore_ascii_case("andes")
}

/// The one group.
pub(super) fn group(gitlab: &Gitlab) -> Value {
    json!({
        "id": GROUP_ID,
        "web_url": format!("{}/groups/andes", gitlab.base),
        "name": GROUP,
        "path": "andes",
        "description": "",
        "visibility": "private",
        "full_name": GROUP,
        "full_path": "andes",
        "parent_id": null,
        "avatar_url": null,
        "archived": false,
        "created_at": "2024-02-05T12:30:00.000Z",
    })
}

/// Offset up to which projects are given by numbers of pages.
const FARTHEST: usize = 50_000;
/// What lists can be sorted by.
const ORDERS: [&str; 8] = [
    "id",
    "name",
    "path",
    "created_at",
    "updated_at",
    "last_activity_at",
    "similarity",
    "star_count",
];

/// `GET /projects`, and those of the one group.
pub(super) fn list(gitlab: &Gitlab, request: &Request) -> Answer {
    let order = one_of(request, "order_by", &ORDERS, "created_at")?;
    let sort = one_of(request, "sort", &["asc", "desc"], "desc")?;
    let visibility = one_of(
        request,
        "visibility",
        &["private", "internal", "public"],
        "private",
    )?;
    let is_archived = optional_flag(request, "archived")?;
    let is_simple = flag(request, "simple")?;
    let limits = [limit(request, "id_after")?, limit(request, "id_before")?];
    let search = request.field("search").map(str::to_lowercase);
    let mut projects = Vec::new();
    for (id, built) in Project::all(gitlab) {
        let is_wanted = search
            .as_deref()
            .is_none_or(|text| built.name.to_lowercase().contains(text))
            && visibility == "private"
            && is_archived != Some(true)
            && limits[0].is_none_or(|after| id > after)
            && limits[1].is_none_or(|before| id < before);
        if is_wanted {
            let project = value(&Project::open(gitlab, id, built)?);
            projects.push(if is_simple { simple(&project) } else { project });
        }
    }
    if request.field("pagination") == Some("keyset") {
        if order != "id" {
            let why = "Keyset pagination is not yet available for this type of request";
            return Err(Refused::error(StatusCode::METHOD_NOT_ALLOWED, why));
        }
        return keyset(gitlab, request, projects, sort == "asc");
    }
    if Window::of(request)?.skip() > FARTHEST {
        let why = format!(
            "Offset pagination has a maximum allowed offset of {FARTHEST} for requests that return \
             objects of type Project. Remaining records can be retrieved using keyset pagination."
        );
        return Err(Refused::error(StatusCode::METHOD_NOT_ALLOWED, &why));
    }
    if order != "id" && order != "star_count" {
        projects.sort_by_key(|project| project[order].to_string());
    }
    if sort == "desc" {
        projects.reverse();
    }
    page::of(gitlab, request, &projects, Total::Told)
}

fn limit(request: &Request, name: &str) -> Result<Option<u64>, Refused> {
    request
        .field(name)
        .map(|text| number(text, name))
        .transpose()
}

/// The fields of `simple=true`.
fn simple(project: &Value) -> Value {
    const KEPT: [&str; 19] = [
        "id",
        "description",
        "name",
        "name_with_namespace",
        "path",
        "path_with_namespace",
        "created_at",
        "default_branch",
        "tag_list",
        "topics",
        "ssh_url_to_repo",
        "http_url_to_repo",
        "web_url",
        "readme_url",
        "forks_count",
        "avatar_url",
        "star_count",
        "last_activity_at",
        "namespace",
    ];
    let fields = KEPT
        .iter()
        .map(|name| ((*name).to_owned(), project[*name].clone()));
    Value::Object(fields.collect())
}

/// Pages by the last id: no numbers, only the link to the next page.
fn keyset(gitlab: &Gitlab, request: &Request, mut projects: Vec<Value>, ascending: bool) -> Answer {
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
            "id": GROUP_ID,
            "name": GROUP,
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
