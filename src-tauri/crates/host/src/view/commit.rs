//! Where a commit is, in the shape that crosses to shells.

use super::{comparison::service_of, stack::commit_view};
use interlock_app::{
    Console, UseCase,
    compare::{CommitPlace, Presence},
};
use interlock_contract::commit::{
    CommitPlaceView, CommitPlacesView, MergeRequestView, PresenceName,
};
use interlock_domain::{ServiceName, source::MergeRequest};

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

fn merge_request(request: MergeRequest) -> MergeRequestView {
    MergeRequestView {
        reference: format!("!{}", request.iid),
        title: request.title,
        author: request.author,
        merged_by: request.merged_by,
        url: request.url,
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
