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
mod dossier;
mod errors;
mod folder;
mod hints;
mod host;
mod keys;
mod log;
mod place;
mod policy;
mod record;
mod roster;
mod runners;
mod seen;
mod sides;
mod sign_with;
mod signers;
mod team;
pub mod view;
mod wiring;

pub use credentials::{forget, keep};
pub use discover::discover;
pub use dossier::{DossierItemView, DossierView, MadeDossier, MadePopulation};
pub use errors::envelope;
pub use host::{EstateSource, Host, HostOptions};
pub use log::may_be_logged;
pub use policy::{policy_file, read_estate, read_policy, test_policy};
pub use record::verify_export;
pub use runners::machine;
pub use sides::{DiffOptions, DiffSide, NamedBytes, is_moment, judge_sides, moment, named_file};
pub use team::ledger_template;
