//! Access arithmetic by example.
