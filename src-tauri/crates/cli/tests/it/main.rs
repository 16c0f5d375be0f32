//! The real `interlock` program: what it prints, where, and how it ends.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bad_documents;
mod bad_estates;
mod bad_systems;
mod canaries;
mod canary;
mod clock;
mod contains;
mod deciding;
mod doctor;
mod documented;
mod dossier;
mod drift;
mod endings;
mod forged;
mod ledger;
mod login;
mod masks;
mod names;
mod nested;
mod points;
mod policy;
mod repositories;
mod screens;
mod sides;
mod support;
