//! One module a command.

pub mod approve;
pub mod compare;
pub mod contains;
pub mod decide;
pub mod diff;
pub mod doctor;
pub mod dossier;
pub mod drift;
pub mod follow;
pub mod freezes;
pub mod init;
pub mod ledger;
pub mod log;
pub mod login;
pub mod policy;
pub mod practice;
mod progress;
pub mod promote;
pub mod roster;
pub mod status;
pub mod variables;

use crate::args::Cli;
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_host::{EstateSource, Host, HostOptions, envelope};
use std::path::PathBuf;

/// Opens the estate that the command line names.
pub async fn open(cli: &Cli) -> Result<Host, ErrorEnvelope> {
    let host = Host::open(HostOptions {
        estate: if cli.practice {
            EstateSource::Practice(practice_folder()?)
        } else {
            EstateSource::File(cli.estate.clone())
        },
        data: data_folder(cli)?,
        environment: std::env::vars().collect(),
        runner: format!(
            "interlock command line on {}, process {}",
            interlock_host::machine(),
            std::process::id()
        ),
    })
    .await?;
    if let Some(person) = &cli.act_as {
        let person = interlock_domain::PersonId::new(person.clone())
            .map_err(|error| envelope(ErrorCode::InvalidRequest, format!("{error}.")))?;
        host.act_as(&person).await?;
    }
    Ok(host)
}

/// Folder for the ledger and the last known state.
pub fn data_folder(cli: &Cli) -> Result<PathBuf, ErrorEnvelope> {
    if let Some(folder) = &cli.data {
        return Ok(folder.clone());
    }
    user_folder("XDG_DATA_HOME", ".local/share").map(|folder| folder.join("interlock"))
}

/// Folder that keeps the practice estate, shared with the window.
pub fn practice_folder() -> Result<PathBuf, ErrorEnvelope> {
    Ok(user_folder("XDG_DATA_HOME", ".local/share")?
        .join("interlock")
        .join("practice"))
}

/// A folder of the user: from its variable, or below the home folder.
pub fn user_folder(variable: &str, below_home: &str) -> Result<PathBuf, ErrorEnvelope> {
    if let Some(folder) = std::env::var_os(variable).filter(|value| !value.is_empty()) {
        return Ok(PathBuf::from(folder));
    }
    std::env::home_dir()
        .map(|home| home.join(below_home))
        .ok_or_else(|| ErrorEnvelope {
            hints: vec!["Give a folder with --data.".into()],
            ..envelope(ErrorCode::InvalidRequest, "No home folder is known.")
        })
}
