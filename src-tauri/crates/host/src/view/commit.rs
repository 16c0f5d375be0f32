//! Where a commit is, in the shape that crosses to shells.

use super::{comparison::service_of, stack::commit_view};
use interlock_app::{
    Console, UseCase,
    compare::{CommitPlace, Presence, ReviewedRequest},
};
use interlock_contract::{
    Tone,
    commit::{CheckView, CommitPlaceView, CommitPlacesView, MergeRequestView, PresenceName},
};
use interlock_domain::{
    ServiceName,
    source::{Check, Review},
};

/// The environments of one service, or of every service whose repository has the commit.
pub async fn places(
    console: &Console,
    revision: &str,
    service: Option<&ServiceName>,
) -> UseCase<CommitPlacesView> {
    let only = service.map(|name| service_of(console, name)).transpose()?;
    let (commit, places) = console.commit_places(revision, only).await?;
    let (merge_requests, merge_requests_note) = console.merge_requests_of(&commit, &places).await;
    Ok(CommitPlacesView {
        commit: commit_view(&commit),
        places: places.into_iter().map(place).collect(),
        merge_requests: merge_requests.into_iter().map(merge_request).collect(),
        merge_requests_note,
    })
}

fn merge_request(found: ReviewedRequest) -> MergeRequestView {
    let ReviewedRequest { request, review } = found;
    let (review, review_note) = match review {
        Ok(review) => (review, None),
        Err(reason) => (Review::default(), Some(reason)),
    };
    MergeRequestView {
        reference: format!("!{}", request.iid),
        title: request.title,
        author: request.author,
        merged_by: request.merged_by,
        url: request.url,
        approved_by: review.approved_by,
        approvals_missing: review.missing,
        checks: review.checks.into_iter().map(check).collect(),
        review_note,
    }
}

fn check(check: Check) -> CheckView {
    let tone = match check.status.as_str() {
        "success" => Tone::Ok,
        "failed" => Tone::Bad,
        "running" | "pending" | "preparing" | "created" | "waiting_for_resource" => Tone::Running,
        "manual" | "scheduled" => Tone::Waiting,
        "canceled" | "skipped" => Tone::Neutral,
        _ => Tone::Unknown,
    };
    CheckView {
        tone,
        name: check.name,
        status: check.status,
        url: check.url,
    }
}

fn place(place: CommitPlace) -> CommitPlaceView {
    let (presence, reason) = match place.presence {
        Presence::Yes => (PresenceName::Yes, None),
        Presence::No => (PresenceName::No, None),
        Presence::Partly { without } => {
            let reason = format!("not yet in {}", without.join(", "));
            (PresenceName::Partly, Some(reason))
        }
        Presence::NotDeployed => (PresenceName::NotDeployed, None),
        Presence::Unknown(reason) => (PresenceName::Unknown, Some(reason)),
    };
    CommitPlaceView {
        service: place.service,
        environment: place.environment,
        version: place.version,
        presence,
        reason,
    }
}
