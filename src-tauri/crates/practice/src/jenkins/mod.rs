//! The practice Jenkins.
