//! Tests of the accounts as a whole.

mod behaviour;
mod properties;
mod recorded;
mod signed;
