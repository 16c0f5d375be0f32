//! Tags, branches, folders and files of a repository.

use super::{
    Answer, Refused, commits,
    fields::{flag, one_of},
    page,
    page::Total,
    repository::Project,
    times,
};
use crate::web::{Reply, Request, encoded};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use git2::{ObjectType, TreeEntry, TreeWalkMode, TreeWalkResult};
use http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// `GET repository/tags`.
pub(super) fn tags(project: &Project<'_>, request: &Request) -> Answer {
    let names = project.git.tag_names(None).map_err(Refused::git)?;
    let search = request.field("search").unwrap_or_default();
    let mut tags: Vec<Value> = names
        .iter()
        .flatten()
        .flatten()
        .filter(|name| matches_search(name, search))
        .filter_map(|name| tag_value(project, name))
        .collect();
    match request.field("order_by").unwrap_or("updated") {
        "updated" => tags.sort_by_key(|tag| tag["created_at"].to_string()),
        "name" => tags.sort_by_key(|tag| tag["name"].to_string()),
        "version" => tags.sort_by_key(|tag| {
            let name = tag["name"].as_str().unwrap_or_default();
            let (service, version) = name.rsplit_once("/v").unwrap_or((name, ""));
            (
                service.to_owned(),
                version.parse::<crate::bank::Version>().ok(),
            )
        }),
        _ => {
            return Err(Refused::error(
                StatusCode::BAD_REQUEST,
                "order_by does not have a valid value",
            ));
        }
    }
    if one_of(request, "sort", &["asc", "desc"], "desc")? == "desc" {
        tags.reverse();
    }
    if request.field("pagination") == Some("keyset") {
        return page::after(project.gitlab, request, &tags, "name");
    }
    page::of(project.gitlab, request, &tags, Total::Told)
}

/// `^begin`, `end$` or anywhere.
fn matches_search(name: &str, search: &str) -> bool {
    if let Some(begin) = search.strip_prefix('^') {
        name.starts_with(begin)
    } else if let Some(end) = search.strip_suffix('$') {
        name.ends_with(end)
    } else {
        name.contains(search)
    }
}

/// `GET repository/tags/:name`.
pub(super) fn tag(project: &Project<'_>, name: &str) -> Answer {
    tag_value(project, name)
        .map(|tag| Reply::json(&tag))
        .ok_or_else(|| Refused::no("Tag"))
}

fn tag_value(project: &Project<'_>, name: &str) -> Option<Value> {
    let reference = project
        .git
        .find_reference(&format!("refs/tags/{name}"))
        .ok()?;
    let commit = reference.peel_to_commit().ok()?;
    let annotation = reference.peel_to_tag().ok();
    let message = annotation
        .as_ref()
        .and_then(|tag| tag.message().ok().flatten());
    let created = annotation
        .as_ref()
        .and_then(git2::Tag::tagger)
        .map(|tagger| times::of_commit(tagger.when()));
    Some(json!({
        "name": name,
        "message": message.unwrap_or_default(),
        "target": reference.target().unwrap_or(commit.id()).to_string(),
        "commit": commits::value(project, &commit),
        "release": {"tag_name": name, "description": message.unwrap_or_default()},
        "protected": true,
        "created_at": created,
    }))
}

/// `GET repository/branches`.
pub(super) fn branches(project: &Project<'_>, request: &Request) -> Answer {
    let search = request.field("search").unwrap_or_default();
    let mut names: Vec<String> = project
        .git
        .branches(Some(git2::BranchType::Local))
        .map_err(Refused::git)?
        .flatten()
        .filter_map(|(branch, _)| Some(branch.name().ok()??.to_owned()))
        .filter(|name| matches_search(name, search))
        .collect();
    names.sort();
    let branches: Vec<Value> = names
        .iter()
        .filter_map(|name| branch_value(project, name))
        .collect();
    page::of(project.gitlab, request, &branches, Total::Told)
}

/// `GET repository/branches/:name`.
pub(super) fn branch(project: &Project<'_>, name: &str) -> Answer {
    branch_value(project, name)
        .map(|branch| Reply::json(&branch))
        .ok_or_else(|| Refused::no("Branch"))
}

fn branch_value(project: &Project<'_>, name: &str) -> Option<Value> {
    let reference = project
        .git
        .find_reference(&format!("refs/heads/{name}"))
        .ok()?;
    let commit = reference.peel_to_commit().ok()?;
    let is_default = name == "main";
    Some(json!({
        "name": name,
        "commit": commits::value(project, &commit),
        "merged": false,
        "protected": is_default,
        "developers_can_push": false,
        "developers_can_merge": is_default,
        "can_push": !is_default,
        "default": is_default,
        "web_url": format!("{}/-/tree/{}", project.web_url(), encoded(name)),
    }))
}

/// `GET repository/tree`.
pub(super) fn tree(project: &Project<'_>, request: &Request) -> Answer {
    let commit = at_ref(project, request)?;
    let root = commit.tree().map_err(Refused::git)?;
    let folder = request.field("path").unwrap_or_default().trim_matches('/');
    let tree = if folder.is_empty() {
        root
    } else {
        root.get_path(folder.as_ref())
            .and_then(|entry| project.git.find_tree(entry.id()))
            .map_err(|_| {
                Refused::message(
                    StatusCode::NOT_FOUND,
                    "404 invalid revision or path Not Found",
                )
            })?
    };
    let prefix = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let is_recursive = flag(request, "recursive")?;
    let mut entries = Vec::new();
    tree.walk(TreeWalkMode::PreOrder, |below, entry| {
        entries.push(entry_value(&format!("{prefix}{below}"), entry));
        if is_recursive {
            TreeWalkResult::Ok
        } else {
            TreeWalkResult::Skip
        }
    })
    .map_err(Refused::git)?;
    if request.field("pagination") == Some("keyset") {
        return page::after(project.gitlab, request, &entries, "path");
    }
    page::of(project.gitlab, request, &entries, Total::Told)
}

fn entry_value(folder: &str, entry: &TreeEntry<'_>) -> Value {
    let name = entry.name().unwrap_or_default();
    let kind = match entry.kind() {
        Some(ObjectType::Tree) => "tree",
        _ => "blob",
    };
    json!({
        "id": entry.id().to_string(),
        "name": name,
        "type": kind,
        "path": format!("{folder}{name}"),
        "mode": format!("{:06o}", entry.filemode()),
    })
}

fn at_ref<'p>(project: &'p Project<'_>, request: &Request) -> Result<git2::Commit<'p>, Refused> {
    let reference = match request.field("ref") {
        None | Some("HEAD") => "main",
        Some(reference) => reference,
    };
    project
        .commit(reference)
        .ok_or_else(|| Refused::no("Commit"))
}

/// A file and the commit that it is read at, which must be named.
pub(super) fn at<'p>(
    project: &'p Project<'_>,
    path: &str,
    request: &Request,
) -> Result<(git2::Commit<'p>, git2::Blob<'p>), Refused> {
    if request.field("ref").is_none() {
        return Err(Refused::error(StatusCode::BAD_REQUEST, "ref is missing"));
    }
    let commit = at_ref(project, request)?;
    let blob = blob(project, &commit, path)?;
    Ok((commit, blob))
}

/// `GET repository/files/:path`.
pub(super) fn file(project: &Project<'_>, path: &str, request: &Request) -> Answer {
    let (commit, blob) = at(project, path, request)?;
    let about = About::of(project, &commit, &blob, path)?;
    let answer = Reply::json(&json!({
        "file_name": about.name,
        "file_path": path,
        "size": blob.size(),
        "encoding": "base64",
        "content_sha256": about.digest,
        "ref": request.field("ref"),
        "blob_id": blob.id().to_string(),
        "commit_id": commit.id().to_string(),
        "last_commit_id": about.last_commit,
        "execute_filemode": false,
        "content": STANDARD.encode(blob.content()),
    }));
    Ok(about
        .headers(answer, &commit, &blob, request)
        .with("x-gitlab-encoding", "base64"))
}

/// What is said of a file in fields and in headers.
struct About {
    name: String,
    path: String,
    digest: String,
    last_commit: String,
}

impl About {
    fn of(
        project: &Project<'_>,
        commit: &git2::Commit<'_>,
        blob: &git2::Blob<'_>,
        path: &str,
    ) -> Result<Self, Refused> {
        Ok(Self {
            name: path.rsplit('/').next().unwrap_or(path).to_owned(),
            path: path.to_owned(),
            digest: hex::encode(Sha256::digest(blob.content())),
            last_commit: commits::last_touching(project, commit, path)?.to_string(),
        })
    }

    /// The headers that HEAD is asked for; names outside ASCII are encoded.
    fn headers(
        &self,
        reply: Reply,
        commit: &git2::Commit<'_>,
        blob: &git2::Blob<'_>,
        request: &Request,
    ) -> Reply {
        reply
            .with("x-gitlab-blob-id", blob.id().to_string())
            .with("x-gitlab-commit-id", commit.id().to_string())
            .with("x-gitlab-content-sha256", &self.digest)
            .with("x-gitlab-execute-filemode", "false")
            .with("x-gitlab-file-name", encoded(&self.name))
            .with("x-gitlab-file-path", encoded(&self.path))
            .with("x-gitlab-last-commit-id", &self.last_commit)
            .with("x-gitlab-ref", request.field("ref").unwrap_or("main"))
            .with("x-gitlab-size", blob.size().to_string())
    }
}

/// `GET repository/files/:path/raw`.
pub(super) fn raw(project: &Project<'_>, path: &str, request: &Request) -> Answer {
    let commit = at_ref(project, request)?;
    let blob = blob(project, &commit, path)?;
    let about = About::of(project, &commit, &blob, path)?;
    let answer = Reply::text("text/plain; charset=utf-8", blob.content());
    Ok(about.headers(answer, &commit, &blob, request))
}

fn blob<'p>(
    project: &'p Project<'_>,
    commit: &git2::Commit<'_>,
    path: &str,
) -> Result<git2::Blob<'p>, Refused> {
    commit
        .tree()
        .and_then(|tree| tree.get_path(path.as_ref()))
        .and_then(|entry| project.git.find_blob(entry.id()))
        .map_err(|_| Refused::no("File"))
}
