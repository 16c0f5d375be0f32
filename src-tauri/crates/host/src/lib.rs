//! What shells share: an estate opened with its connectors, answering the command table.
//!
//! The desktop and the command line hold one [`Host`]. It reads the estate file, builds the
//! connectors with the person's own credentials, opens the ledger and the store of last known
//! observations, and translates between use cases and the contract. It decides nothing.

mod answers;
mod clock;
mod commands;
mod credentials;
mod discover;
mod doctor;
mod errors;
mod hints;
mod host;
pub mod view;
mod wiring;

pub use credentials::{forget, keep};
pub use discover::discover;
pub use errors::envelope;
pub use host::{EstateSource, Host, HostOptions};

use interlock_app::compare::{Document, judge_documents};
use interlock_contract::{diff::DiffReport, error::ErrorEnvelope};
use interlock_stackdiff::EnvironmentFacts;

/// A file's name and bytes.
pub type NamedBytes = (String, Vec<u8>);

/// One side of `diff`, read from files.
#[derive(Debug, Clone)]
pub struct FileSide {
    /// Template.
    pub template: NamedBytes,
    /// Variable document.
    pub variables: Option<NamedBytes>,
    /// Account id and region, where they are known.
    pub place: (Option<String>, Option<String>),
}

impl From<FileSide> for Document {
    fn from(side: FileSide) -> Self {
        let (account, region) = side.place;
        Self {
            file: side.template.0,
            bytes: side.template.1,
            variables: side.variables,
            facts: EnvironmentFacts {
                account,
                region,
                ..EnvironmentFacts::default()
            },
        }
    }
}

/// Judges the change from one file to another, without an estate.
pub fn judge_files(before: FileSide, after: FileSide) -> Result<DiffReport, ErrorEnvelope> {
    let (before, after) = (Document::from(before), Document::from(after));
    let analysis = judge_documents(&before, &after).map_err(errors::use_case)?;
    let files = view::diff::Files {
        left: &before.file,
        right: &after.file,
    };
    Ok(view::diff::report(&analysis, files))
}
