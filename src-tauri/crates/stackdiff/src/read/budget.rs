//! How much a document may ask of its reader.

use super::{Fault, ReadProblem};
use crate::location::Location;
use std::fmt;

/// Nesting that no caller can raise: recursion over a document stays within the stack.
const DEEPEST: usize = 256;

/// Keys and values that aliases may repeat, whatever a document may have: a bomb goes off early.
const MOST_REPEATED: usize = 250_000;

/// What a document may cost; a reader stops with an error where it is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of text, and bytes of text that aliases may repeat.
    pub bytes: usize,
    /// Levels of nesting; never more than 256.
    pub depth: usize,
    /// Keys and values, those that aliases repeat included.
    pub nodes: usize,
    /// Aliases in a document.
    pub alias_expansions: usize,
}

impl Default for Budget {
    /// Twice what CloudFormation takes through S3, with room for what a build leaves in it.
    fn default() -> Self {
        Self {
            bytes: 2_000_000,
            depth: 128,
            nodes: 250_000,
            alias_expansions: 2_000,
        }
    }
}

impl Budget {
    /// For files that somebody names on purpose, whatever CloudFormation would say of their size.
    pub const fn for_large_files() -> Self {
        Self {
            bytes: 12_000_000,
            depth: 128,
            nodes: 1_500_000,
            alias_expansions: 2_000,
        }
    }
}

/// Which part of a budget was spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Bytes.
    Bytes,
    /// Levels of nesting.
    Depth,
    /// Keys and values.
    Nodes,
    /// Aliases.
    AliasExpansions,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "bytes",
            Self::Depth => "levels of nesting",
            Self::Nodes => "keys and values",
            Self::AliasExpansions => "aliases",
        })
    }
}

/// What a reader has used so far.
pub(crate) struct Spending {
    budget: Budget,
    nodes: usize,
    repeated_nodes: usize,
    repeated_bytes: usize,
    aliases: usize,
}

impl Spending {
    pub(crate) const fn new(budget: Budget) -> Self {
        Self {
            budget,
            nodes: 0,
            repeated_nodes: 0,
            repeated_bytes: 0,
            aliases: 0,
        }
    }

    /// Pays for keys or values at `at`.
    pub(crate) fn nodes(&mut self, count: usize, at: Location) -> Result<(), Fault> {
        self.nodes = self.nodes.saturating_add(count);
        within(self.nodes, self.budget.nodes, Limit::Nodes, at)
    }

    /// Checks a depth that is about to be entered, the outermost value being at 1.
    pub(crate) fn depth(&self, depth: usize, at: Location) -> Result<(), Fault> {
        within(depth, self.budget.depth.min(DEEPEST), Limit::Depth, at)
    }

    /// Pays for a copy of a subtree.
    pub(crate) fn copy(&mut self, nodes: usize, bytes: usize, at: Location) -> Result<(), Fault> {
        self.repeated_bytes = self.repeated_bytes.saturating_add(bytes);
        self.repeated_nodes = self.repeated_nodes.saturating_add(nodes);
        let most_bytes = self.budget.bytes.min(Budget::default().bytes);
        within(self.repeated_bytes, most_bytes, Limit::Bytes, at)?;
        let most_nodes = self.budget.nodes.min(MOST_REPEATED);
        within(self.repeated_nodes, most_nodes, Limit::Nodes, at)?;
        self.nodes(nodes, at)
    }

    /// Pays for an alias, beside the copy that it makes.
    pub(crate) fn alias(&mut self, at: Location) -> Result<(), Fault> {
        self.aliases += 1;
        within(
            self.aliases,
            self.budget.alias_expansions,
            Limit::AliasExpansions,
            at,
        )
    }

    /// How many nodes were paid for.
    pub(crate) const fn nodes_so_far(&self) -> usize {
        self.nodes
    }
}

const fn within(used: usize, allowed: usize, limit: Limit, at: Location) -> Result<(), Fault> {
    if used <= allowed {
        Ok(())
    } else {
        Err((at, ReadProblem::TooLarge { limit, allowed }))
    }
}
