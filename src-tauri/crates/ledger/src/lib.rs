//! The record of promotions: an append-only log and the state that follows from it.
//!
//! A [`statement::Statement`] says one thing about one subject. Its signer signs it in a DSSE
//! [`envelope::Envelope`], which lies in a [`leaf::Leaf`] that commits to everything before it
//! (RFC 6962 root). The [`roster::Roster`] in force says whose keys count; it changes through the log
//! itself. [`fold::fold`] derives the state of every promotion from the entries; no status is stored
//! anywhere, and what may not be there is ignored with its reason. The format is described in
//! `docs/ledger-format.md`.

mod apply;
pub mod authority;
mod barrier;
pub mod changes;
pub mod checkpoint;
mod claim;
mod decide;
mod emergency;
pub mod envelope;
pub mod export;
pub mod fold;
#[doc(hidden)]
pub mod fuzz;
pub mod key;
pub mod leaf;
pub mod ledger;
pub mod matching;
pub mod merkle;
pub mod newer;
pub mod predicate;
pub mod promotion;
pub mod proof;
mod read;
pub mod roster;
pub mod signer;
pub mod sqlite;
pub mod ssh;
pub mod statement;
pub mod store;
pub mod strict;

pub use barrier::authorship;
pub use fold::fold;
pub use ledger::{Entry, Ledger, LedgerError, Seen, Verification};
pub use newer::Newer;
pub use predicate::{Outcome, Predicate};
pub use promotion::{
    Approval, Attempt, BreakGlass, Driver, LEASE, Promotion, PromotionState, Step, StepOutcome,
    Voided, Waiver,
};
pub use roster::Roster;
pub use signer::{Ed25519Signer, SignError, Signer};
pub use sqlite::SqliteStore;
pub use statement::Statement;
pub use store::{LogStore, StoreError, StoreTime, Trouble};
