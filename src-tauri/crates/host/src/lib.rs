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

use interlock_contract::{comparison::StackComparisonView, error::ErrorEnvelope};

/// A file's name and bytes.
pub type NamedBytes = (String, Vec<u8>);

/// Compares two template files, without an estate.
pub fn compare_files(
    before: &NamedBytes,
    after: &NamedBytes,
    before_variables: Option<&NamedBytes>,
    after_variables: Option<&NamedBytes>,
) -> Result<StackComparisonView, ErrorEnvelope> {
    fn named(file: &NamedBytes) -> (&str, &[u8]) {
        (file.0.as_str(), file.1.as_slice())
    }
    view::comparison::files(
        named(before),
        named(after),
        before_variables.map(named),
        after_variables.map(named),
    )
    .map_err(errors::use_case)
}
