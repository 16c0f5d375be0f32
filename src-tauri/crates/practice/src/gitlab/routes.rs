//! From address to answer.

use super::{
    Answer, Gitlab, Refused, access, blame, commits, deployments, environments, files,
    merge_requests, page, page::Total, projects, releases, repository::Project, statuses, users,
};
use crate::{
    people::Person,
    web::{Reply, Request},
};
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
        return Err(Refused::no_address());
    };
    let person = access::person(request)?;
    if ![
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ]
    .contains(&request.method)
    {
        return Err(Refused::error(
            StatusCode::METHOD_NOT_ALLOWED,
            "405 Not Allowed",
        ));
    }
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
        ["users", id] => users::one(gitlab, id),
        ["groups" | "namespaces"] => {
            page::of(gitlab, request, &[projects::group(gitlab)], Total::Told)
        }
        ["groups" | "namespaces", id] if projects::is_group(id) => {
            Ok(Reply::json(&projects::group(gitlab)))
        }
        ["groups", id, "projects"] if projects::is_group(id) => projects::list(gitlab, request),
        ["groups", ..] => Err(Refused::no("Group")),
        ["personal_access_tokens", "self"] => Ok(users::token(gitlab, person)),
        ["projects"] => projects::list(gitlab, request),
        ["merge_requests"] => merge_requests::everywhere(gitlab, request, person),
        ["projects", id, rest @ ..] => match (Project::find(gitlab, id), rest) {
            (Ok(project), rest) => of_project(&project, rest, request, person),
            // A path whose slash was not encoded.
            (Err(_), [piece, ..]) if !super::WORDS.contains(piece) => Err(Refused::no_address()),
            (Err(refused), _) => Err(refused),
        },
        _ => Err(Refused::no_address()),
    }
}

fn of_project(project: &Project<'_>, rest: &[&str], request: &Request, person: &Person) -> Answer {
    match rest {
        [] => Ok(projects::one(project)),
        ["members"] | ["members", "all"] => users::members(project, request),
        ["members", "all", id] | ["members", id] => users::membership(project, id),
        ["repository", "commits"] => commits::list(project, request),
        ["repository", "commits", sha] => commits::one(project, sha),
        ["repository", "commits", sha, "diff"] => commits::diff(project, sha, request),
        ["repository", "commits", sha, "statuses"] => statuses::of_commit(project, sha, request),
        ["repository", "commits", sha, "comments"] => match project.commit(sha) {
            Some(_) => page::of(project.gitlab, request, &[], Total::Told),
            None => Err(Refused::no("Commit")),
        },
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
        ["repository", "files", path, "blame"] => blame::blame(project, path, request),
        ["repository", "files", path, "raw"] => files::raw(project, path, request),
        ["merge_requests"] => merge_requests::list(project, request, person),
        ["merge_requests", iid] => merge_requests::one(project, iid),
        ["merge_requests", iid, "approvals"] => merge_requests::approvals(project, iid),
        ["merge_requests", iid, "commits"] => merge_requests::commits(project, iid, request),
        ["merge_requests", iid, "diffs"] => merge_requests::diffs(project, iid, request),
        ["merge_requests", iid, "changes"] => merge_requests::changes(project, iid),
        ["merge_requests", iid, "participants"] => {
            merge_requests::participants(project, iid, request)
        }
        [
            "merge_requests",
            iid,
            "notes" | "discussions" | "pipelines" | "closes_issues",
        ] => merge_requests::nothing(project, iid, request),
        // Builds run in Jenkins, and issues are kept elsewhere.
        ["pipelines" | "jobs" | "issues" | "milestones"] => {
            page::of(project.gitlab, request, &[], Total::Told)
        }
        ["hooks" | "variables" | "triggers" | "deploy_keys"] => {
            Err(Refused::message(StatusCode::FORBIDDEN, "403 Forbidden"))
        }
        ["environments"] => environments::list(project, request),
        ["environments", id] => environments::one(project, id),
        ["deployments"] => deployments::list(project, request),
        ["deployments", id] => deployments::one(project, id),
        ["releases"] => releases::list(project, request),
        ["releases", tag] => releases::one(project, tag),
        _ => Err(Refused::no_address()),
    }
}
