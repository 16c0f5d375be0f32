//! The practice GitLab.
