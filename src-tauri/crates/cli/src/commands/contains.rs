//! `interlock contains`: which environments have a commit.

use super::open;
use crate::{
    args::{Cli, Contains},
    output::{Done, Ending, Printer},
    texts,
};
use interlock_contract::{
    commands::Commands as _,
    commit::{CommitPlacesRequest, PresenceName},
};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Contains) -> Done {
    let host = open(cli).await?;
    let request = CommitPlacesRequest {
        revision: options.revision.clone(),
        service: options.service.clone(),
    };
    let view = host.commit_places(request).await?;
    printer.result(&view, texts::commit_places);
    let is_there = |presence| matches!(presence, PresenceName::Yes | PresenceName::NotDeployed);
    Ok(
        if view.places.iter().all(|place| is_there(place.presence)) {
            Ending::Good
        } else {
            Ending::Differs
        },
    )
}
