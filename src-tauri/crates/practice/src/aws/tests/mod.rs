//! Tests of the accounts as a whole.

mod behaviour;
mod recorded;
mod signed;
