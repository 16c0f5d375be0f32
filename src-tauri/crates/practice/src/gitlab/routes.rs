//! From address to answer.

use super::{
    Answer, Gitlab, Refused, access, commits, deployments, environments, files, merge_requests,
    projects, releases, repository::Project, users,
};
use crate::web::{Reply, Request};
use http::{Method, StatusCode};

/// Answers a request.
pub(super) fn answer(gitlab: &Gitlab, request: &Request) -> Reply {
    let reply = route(gitlab, request).unwrap_or_else(|refused| refused.reply());
    reply
        .with("x-content-type-options", "nosniff")
        .with(
            "x-gitlab-meta",
            r#"{"correlation_id":"practice","version":"1"}"#,
        )
        .with("cache-control", "max-age=0, private, must-revalidate")
}

fn route(gitlab: &Gitlab, request: &Request) -> Answer {
    let pieces: Vec<&str> = request.path.iter().map(String::as_str).collect();
    let ["api", "v4", rest @ ..] = pieces.as_slice() else {
        return Err(Refused::error(StatusCode::NOT_FOUND, "404 Not Found"));
    };
    let person = access::person(request)?;
    if request.method != Method::GET {
        return Err(Refused {
            status: StatusCode::FORBIDDEN,
            body: serde_json::json!({
                "error": "insufficient_scope",
                "error_description":
                    "The request requires higher privileges than provided by the access token.",
                "scope": "api",
            }),
        });
    }
    match rest {
        ["version" | "metadata"] => Ok(users::version()),
        ["user"] => Ok(users::me(gitlab, person)),
        ["users"] => users::list(gitlab, request),
        ["personal_access_tokens", "self"] => Ok(users::token(gitlab, person)),
        ["projects"] => projects::list(gitlab, request),
        ["merge_requests"] => merge_requests::everywhere(gitlab, request),
        ["projects", id, rest @ ..] => of_project(&Project::find(gitlab, id)?, rest, request),
        _ => Err(Refused::error(StatusCode::NOT_FOUND, "404 Not Found")),
    }
}

fn of_project(project: &Project<'_>, rest: &[&str], request: &Request) -> Answer {
    match rest {
        [] => Ok(projects::one(project)),
        ["members"] | ["members", "all"] => users::members(project, request),
        ["repository", "commits"] => commits::list(project, request),
        ["repository", "commits", sha] => commits::one(project, sha),
        ["repository", "commits", sha, "diff"] => commits::diff(project, sha, request),
        ["repository", "commits", sha, "refs"] => commits::refs(project, sha, request),
        ["repository", "commits", sha, "merge_requests"] => {
            merge_requests::of_commit(project, sha, request)
        }
        ["repository", "compare"] => commits::compare(project, request),
        ["repository", "tags"] => files::tags(project, request),
        ["repository", "tags", name] => files::tag(project, name),
        ["repository", "branches"] => files::branches(project, request),
        ["repository", "branches", name] => files::branch(project, name),
        ["repository", "tree"] => files::tree(project, request),
        ["repository", "files", path] => files::file(project, path, request),
        ["repository", "files", path, "raw"] => files::raw(project, path, request),
        ["merge_requests"] => merge_requests::list(project, request),
        ["merge_requests", iid] => merge_requests::one(project, iid),
        ["merge_requests", iid, "approvals"] => merge_requests::approvals(project, iid),
        ["merge_requests", iid, "commits"] => merge_requests::commits(project, iid, request),
        ["environments"] => environments::list(project, request),
        ["environments", id] => environments::one(project, id),
        ["deployments"] => deployments::list(project, request),
        ["deployments", id] => deployments::one(project, id),
        ["releases"] => releases::list(project, request),
        ["releases", tag] => releases::one(project, tag),
        _ => Err(Refused::error(StatusCode::NOT_FOUND, "404 Not Found")),
    }
}
