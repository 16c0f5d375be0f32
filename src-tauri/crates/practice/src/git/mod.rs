//! The bank's Git repositories.
