//! Conditions, where a side's values decide them.

use super::{Influence, Influences, Resolver, Surroundings, Term, same};
use crate::node::Node;

/// Conditions that may refer to one another before the answer is left open.
const LONGEST_CHAIN: usize = 64;

/// Whether a condition holds on a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    /// It holds.
    Holds,
    /// It does not hold.
    Fails,
    /// A value that decides it is not known.
    Open,
}

impl Truth {
    const fn of(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }

    const fn negated(self) -> Self {
        match self {
            Self::Holds => Self::Fails,
            Self::Fails => Self::Holds,
            Self::Open => Self::Open,
        }
    }
}

type Judged<'a> = (Truth, Influences<'a>);

impl<'a> Resolver<'a> {
    /// Whether a named condition holds, and what decided it.
    pub(crate) fn truth(&mut self, name: &'a str) -> Judged<'a> {
        self.named(name, 0)
    }

    fn named(&mut self, name: &'a str, chain: usize) -> Judged<'a> {
        let own = Influences::of(Influence::Condition(name));
        if chain > LONGEST_CHAIN {
            return (Truth::Open, own);
        }
        match self.truths.get(name) {
            Some(Some(known)) => return known.clone(),
            // A condition that refers to itself is an error that CloudFormation will tell.
            Some(None) => return (Truth::Open, own),
            None => {}
        }
        let Some(node) = self.scope.conditions.and_then(|map| map.get(name)) else {
            return (Truth::Open, own);
        };
        self.truths.insert(name, None);
        let (truth, influences) = self.judge(node, chain);
        let judged = (truth, own.with(&influences));
        self.truths.insert(name, Some(judged.clone()));
        judged
    }

    fn judge(&mut self, node: &'a Node, chain: usize) -> Judged<'a> {
        let open = (Truth::Open, Influences::default());
        let Some((name, argument)) = node.as_intrinsic() else {
            return open;
        };
        let operands = argument
            .as_list()
            .unwrap_or_else(|| std::slice::from_ref(argument));
        match name {
            "Condition" => match argument.as_text() {
                Some(name) => self.named(name, chain + 1),
                None => open,
            },
            "Fn::Equals" => match operands {
                [left, right] => self.equal(left, right),
                _ => open,
            },
            "Fn::Not" => match operands {
                [operand] => {
                    let (truth, influences) = self.judge(operand, chain);
                    (truth.negated(), influences)
                }
                _ => open,
            },
            "Fn::And" => self.all(operands, chain, Truth::Fails),
            "Fn::Or" => self.all(operands, chain, Truth::Holds),
            _ => open,
        }
    }

    /// `Fn::And` is decided by one that fails, `Fn::Or` by one that holds.
    fn all(&mut self, operands: &'a [Node], chain: usize, deciding: Truth) -> Judged<'a> {
        let mut truth = deciding.negated();
        let mut influences = Influences::default();
        for operand in operands {
            let (one, its) = self.judge(operand, chain);
            influences = influences.with(&its);
            if one == deciding {
                truth = deciding;
            } else if one == Truth::Open && truth != deciding {
                truth = Truth::Open;
            }
        }
        (truth, influences)
    }

    fn equal(&mut self, left: &'a Node, right: &'a Node) -> Judged<'a> {
        let around = Surroundings::default();
        let left = self.node(left, &around);
        let right = self.node(right, &around);
        let influences = left.influences.with(&right.influences);
        let truth = match (&left.value, &right.value) {
            (Term::Scalar(a), Term::Scalar(b)) => Truth::of(a == b),
            _ if same(&left, &right) => Truth::Holds,
            _ => Truth::Open,
        };
        (truth, influences)
    }
}
