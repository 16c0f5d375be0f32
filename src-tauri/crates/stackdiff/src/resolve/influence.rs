//! What a resolved value depends on.

use std::sync::Arc;

/// Members after which a set takes no more. A template may have 200 parameters and 200 mappings,
/// so only one that CloudFormation would refuse gets here.
const LARGEST: usize = 1_000;

/// One thing that a value depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Influence<'a> {
    /// A parameter of the template.
    Parameter(&'a str),
    /// A pseudo parameter such as `AWS::Region`.
    Pseudo(&'a str),
    /// A mapping.
    Mapping(&'a str),
    /// A condition.
    Condition(&'a str),
    /// A value that another stack exports.
    Export(&'a str),
}

/// A set of influences that is cheap to share; most values have none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Influences<'a>(Option<Arc<Vec<Influence<'a>>>>);

impl<'a> Influences<'a> {
    /// A set of one.
    pub(crate) fn of(influence: Influence<'a>) -> Self {
        Self(Some(Arc::new(vec![influence])))
    }

    /// The members in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Influence<'a>> + '_ {
        self.0.iter().flat_map(|set| set.iter().copied())
    }

    /// The union of two sets.
    pub(crate) fn with(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (_, None) => self.clone(),
            (None, _) => other.clone(),
            (Some(own), Some(others)) => {
                let is_known = |one: &Influence<'a>| own.binary_search(one).is_ok();
                if Arc::ptr_eq(own, others) || own.len() >= LARGEST || others.iter().all(is_known) {
                    return self.clone();
                }
                let mut union = own.as_ref().clone();
                union.extend(others.iter().copied());
                union.sort_unstable();
                union.dedup();
                Self(Some(Arc::new(union)))
            }
        }
    }
}
