//! Statuses of commits: what the build in Jenkins said of them.

use super::{Answer, Refused, page, page::Total, repository::Project, times, users::brief};
use crate::web::Request;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// `GET repository/commits/:sha/statuses`.
pub(super) fn of_commit(project: &Project<'_>, sha: &str, request: &Request) -> Answer {
    let commit = project.commit(sha).ok_or_else(|| Refused::no("Commit"))?;
    let id = commit.id().to_string();
    let gitlab = project.gitlab;
    let found: Vec<Value> = gitlab
        .bank
        .releases()
        .iter()
        .filter(|release| release.commit == id)
        .filter_map(|release| {
            let service = project.services().find(|s| s.name == release.service)?;
            let ended = release.time + SignedDuration::from_mins(4);
            let succeeded = release.outcome.succeeded();
            Some(json!({
                "id": project.id * 100_000 + u64::from(release.build),
                "sha": id,
                "ref": "main",
                "status": if succeeded { "success" } else { "failed" },
                "name": format!("jenkins/build-{}", service.name),
                "target_url": gitlab.jenkins.build_url(&service.build_job(), release.build),
                "description": if succeeded { "Build succeeded" } else { "Build failed" },
                "created_at": times::utc(release.time),
                "started_at": times::utc(release.time),
                "finished_at": times::utc(ended),
                "allow_failure": false,
                "coverage": null,
                "pipeline_id": null,
                "author": brief(gitlab, &release.author),
            }))
        })
        .filter(|status| {
            request
                .field("name")
                .is_none_or(|name| status["name"] == name)
        })
        .collect();
    page::of(gitlab, request, &found, Total::Told)
}
