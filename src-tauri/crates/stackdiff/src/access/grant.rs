//! A grant: what is allowed, or denied, as a part of each dimension; and all grants of a side.

use super::extent::{Extent, Item, Values};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

/// What a grant is of; grants of different kinds have nothing in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// A statement for those who hold the policy.
    Identity,
    /// A statement for those whom it names.
    Resource,
    /// Who may assume a role.
    Trust,
    /// Traffic into something.
    Ingress,
    /// Traffic out of something.
    Egress,
    /// Calls of an interface.
    Calls,
    /// Somebody whom a list names.
    Listed,
    /// A switch that is open.
    Switch,
}

/// A dimension in which grants have an extent; a grant without one takes all of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Dimension {
    /// What the grant is attached to.
    Place,
    /// Who holds the policy.
    Holder,
    /// Whom it names.
    Principal,
    /// The name of a policy whose content is not known: an unknown part of what its grant takes.
    Named,
    /// Actions.
    Action,
    /// Resources.
    Resource,
    /// A condition key.
    Condition {
        /// The key in lower case.
        key: String,
        /// What its values are compared as.
        family: &'static str,
        /// How several values of a request are looked at.
        quantifier: Quantifier,
    },
    /// Protocols.
    Protocol,
    /// Ports, or types of ICMP.
    Port,
    /// Codes of ICMP.
    Code,
    /// Whom traffic comes from or goes to.
    Peer,
    /// How callers prove who they are.
    Proof,
    /// Whether callers have an API key.
    Key,
    /// Scopes that callers have.
    Scope,
}

/// How several values of a request are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Quantifier {
    /// There is one.
    One,
    /// Any of them.
    Any,
    /// All of them.
    All,
}

impl Dimension {
    /// The condition key of which it is one value; none for several values, and for what is no
    /// condition.
    pub(super) fn single_key(&self) -> Option<&str> {
        match self {
            Self::Condition {
                key,
                quantifier: Quantifier::One,
                ..
            } => Some(key),
            _ => None,
        }
    }

    /// How its values are looked at.
    pub(super) fn values(&self) -> Values {
        match self {
            Self::Condition {
                quantifier: Quantifier::All,
                ..
            } => Values::All,
            Self::Condition { family: "Bool", .. } => Values::Truth,
            _ => Values::One,
        }
    }
}

/// What is allowed, or denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    /// What it is of.
    pub(super) kind: Kind,
    /// Its extent in each dimension in which it is limited; all of several have to hold.
    pub(super) extents: BTreeMap<Dimension, Vec<Extent>>,
    /// Words for it, where its extents do not say it.
    pub(super) words: Option<String>,
    /// The resource that gives it.
    pub(super) source: String,
    /// Whether a resource of its own gives it merely by being there, or takes it from itself only:
    /// it counts neither for a resource that is new nor for one that goes.
    pub(super) standard: bool,
}

impl Grant {
    /// A grant without limits.
    pub(super) fn new(kind: Kind, source: &str) -> Self {
        Self {
            kind,
            extents: BTreeMap::new(),
            words: None,
            source: source.to_owned(),
            standard: false,
        }
    }

    /// The same within an extent.
    pub(super) fn within(mut self, dimension: Dimension, extent: Extent) -> Self {
        self.extents.entry(dimension).or_default().push(extent);
        self
    }

    /// The same with words for it.
    pub(super) fn called(mut self, words: impl Into<String>) -> Self {
        self.words = Some(words.into());
        self
    }

    /// The same, as a resource gives it merely by being there.
    pub(super) const fn standing(mut self, standard: bool) -> Self {
        self.standard = standard;
        self
    }

    /// Where it stands and who holds it.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        [Dimension::Place, Dimension::Holder]
            .into_iter()
            .filter_map(|dimension| self.extents.get(&dimension))
            .flatten()
            .flat_map(|extent| &extent.items)
            .map(Item::words)
    }

    /// A number that grants have in common which say the same.
    pub(super) fn print(&self) -> u64 {
        let mut hasher = foldhash::fast::FixedState::default().build_hasher();
        self.kind.hash(&mut hasher);
        for (dimension, extents) in &self.extents {
            dimension.hash(&mut hasher);
            for extent in extents {
                (extent.negated, extent.absent).hash(&mut hasher);
                for item in &extent.items {
                    item.words().hash(&mut hasher);
                }
            }
        }
        hasher.finish()
    }

    /// Whether it says the same as another.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind && self.extents == other.extents
    }
}

/// All that a side allows and denies.
#[derive(Debug, Clone, Default)]
pub(super) struct Reach {
    /// What it allows.
    pub(super) allows: Vec<Grant>,
    /// What it denies.
    pub(super) denies: Vec<Grant>,
    /// What it says about access that cannot be read, as text that is equal where that is.
    pub(super) unclear: BTreeSet<String>,
    /// Whether it says anything about access at all.
    pub(super) speaks: bool,
}

impl Reach {
    /// Takes what another one has.
    pub(super) fn add(&mut self, other: Self) {
        self.allows.extend(other.allows);
        self.denies.extend(other.denies);
        self.unclear.extend(other.unclear);
        self.speaks |= other.speaks;
    }

    /// What a resource that is not there is taken to give, beside one that is.
    pub(super) fn of_nothing_beside(other: &Self) -> Self {
        let standard = |grants: &[Grant]| -> Vec<Grant> {
            grants
                .iter()
                .filter(|grant| grant.standard)
                .cloned()
                .collect()
        };
        Self {
            allows: standard(&other.allows),
            denies: standard(&other.denies),
            unclear: BTreeSet::new(),
            speaks: false,
        }
    }
}
