//! Templates from a seed, of any size, with an answer key: what differs between two of them, and
//! what is only written differently.
//!
//! The property tests and `make bench` use it. It knows nothing of the comparison: what an edit
//! does is written down beside the edit, from AWS's documentation.

#![allow(dead_code, unused_imports, reason = "each user takes a part of it")]

mod base;
mod edits;
mod noise;
mod resources;
mod walk;
mod work;
mod yaml;

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub use noise::respelled;
pub use yaml::yaml;

/// Random numbers that are the same on every machine (SplitMix64).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Begins at a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        let drawn = self.next() % u64::try_from(limit.max(1)).expect("a small limit");
        usize::try_from(drawn).expect("below a limit")
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Brings items into another order; two at least change places.
    pub fn shuffle<T: PartialEq>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// A template, the same with edits, and what the edits are.
#[derive(Debug)]
pub struct Edited {
    /// Before.
    pub before: Value,
    /// After.
    pub after: Value,
    /// What was edited.
    pub key: AnswerKey,
}

/// What an edited template does to what runs.
#[derive(Debug, Default)]
pub struct AnswerKey {
    /// Resources that were edited, added or removed themselves.
    pub edited: BTreeMap<String, Answer>,
    /// Resources that an edit of a parameter or a mapping reaches; all are updated in place.
    pub reached: BTreeSet<String>,
    /// Resources that refer to one whose replacement is the edit's own.
    pub carried: BTreeSet<String>,
    /// Resources further down: whether they are touched depends on what those do.
    pub perhaps: BTreeSet<String>,
}

/// What happens to one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is updated in place.
    Updated,
    /// It is replaced.
    Replaced,
}

/// A template of so many resources and an edited one: about one resource in twelve is edited.
pub fn edited(seed: u64, resources: usize) -> Edited {
    let mut random = Random::new(seed);
    let before = base::template(&mut random, resources);
    let mut after = before.clone();
    let key = edits::apply(&mut random, &mut after);
    Edited { before, after, key }
}

/// A template of so many resources.
pub fn template(seed: u64, resources: usize) -> Value {
    base::template(&mut Random::new(seed), resources)
}

/// The template as the console of AWS writes it.
pub fn json(template: &Value) -> String {
    serde_json::to_string_pretty(template).expect("a template is JSON")
}
