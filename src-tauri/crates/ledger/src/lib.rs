//! The record of promotions: an append-only log and the state that follows from it.
//!
//! A [`statement::Statement`] says one thing about one promotion. It travels in a DSSE
//! [`envelope::Envelope`], inside a [`leaf::Leaf`] that commits to everything before it
//! (RFC 6962 root). [`fold::fold`] derives the state of every promotion from the leaves; no
//! status is stored anywhere. Envelopes carry no signature yet; the place for them is there.

mod apply;
pub mod envelope;
pub mod fold;
#[doc(hidden)]
pub mod fuzz;
pub mod leaf;
pub mod ledger;
pub mod merkle;
pub mod promotion;
pub mod sqlite;
pub mod statement;
pub mod store;

pub use fold::fold;
pub use ledger::{Entry, Ledger, LedgerError, Verification};
pub use promotion::{Attempt, Promotion, PromotionState, Step, StepOutcome};
pub use sqlite::SqliteStore;
pub use statement::{Outcome, Predicate, Statement};
pub use store::{LogStore, StoreError, StoreTime, Trouble};
