//! The practice estate: a believable bank on loopback, behind the real wire protocols.

pub mod bank;
pub mod people;
