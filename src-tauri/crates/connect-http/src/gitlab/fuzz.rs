//! Bodies of the fuzz targets for GitLab's answers; see [`crate::fuzz`].

use super::{GitLab, wire};
use crate::fuzz::{NOWHERE, STATUSES, options, read, reply, well_told};
use interlock_domain::{Secret, source::MergeRequest};
use std::sync::LazyLock;

static GITLAB: LazyLock<Option<GitLab>> =
    LazyLock::new(|| GitLab::new(NOWHERE, Some(&Secret::new("glpat-1")), &options()).ok());

/// Answers about users, the version and merge requests.
pub fn gitlab(bytes: &[u8]) {
    let Some(gitlab) = GITLAB.as_ref() else {
        return;
    };
    let answer = reply(200, &[], bytes);
    let client = &gitlab.client;
    let _ = read(client.json::<wire::User>("me", &answer));
    let _ = read(client.json::<wire::Version>("version", &answer));
    if let Some(list) = read(client.json::<Vec<wire::MergeRequest>>("requests", &answer)) {
        let merged = list.into_iter().filter(wire::MergeRequest::is_merged);
        let _: Vec<MergeRequest> = merged.map(MergeRequest::from).collect();
    }
}

/// Refusals with any page.
pub(crate) fn refusals(bytes: &[u8]) {
    let Some(gitlab) = GITLAB.as_ref() else {
        return;
    };
    for status in STATUSES {
        well_told(&gitlab.refusal("requests", &reply(status, &[], bytes)));
    }
}
