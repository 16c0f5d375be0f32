//! Numbers of measures: finite, compared by value.

use std::{cmp::Ordering, fmt};

/// A finite number.
#[derive(Debug, Clone, Copy)]
pub struct Number(f64);

impl Number {
    /// Takes a finite number; no other is one.
    pub fn new(value: f64) -> Option<Self> {
        // Adding nothing makes of minus nothing nothing.
        value.is_finite().then_some(Self(value + 0.0))
    }

    /// Reads what a system told as text.
    pub fn read(text: &str) -> Option<Self> {
        Self::new(text.trim().parse().ok()?)
    }

    /// The value.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.0.total_cmp(&other.0) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A thousandth more or less is no news.
        let rounded = (self.0 * 1_000.0).round() / 1_000.0;
        write!(f, "{rounded}")
    }
}
