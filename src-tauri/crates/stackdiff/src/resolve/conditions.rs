//! Conditions, where a side's values decide them, and what they come down to where not.

use super::{Influence, Influences, Resolver, Surroundings, Term, fingerprint, same};
use crate::node::Node;
use std::hash::{DefaultHasher, Hash, Hasher};

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

/// What an open condition comes down to, whatever it is called: two of one meaning hold together,
/// and where only `negated` differs, one holds when the other does not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Meaning {
    /// A hash of what is asked.
    pub(crate) question: u64,
    /// Whether the answer is turned round.
    pub(crate) negated: bool,
}

impl Meaning {
    fn of(question: &impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        question.hash(&mut hasher);
        Self {
            // No question at all is written as zero.
            question: hasher.finish().max(1),
            negated: false,
        }
    }

    fn named(name: &str) -> Self {
        Self::of(&("named", name))
    }

    pub(super) const fn turned(self) -> Self {
        Self {
            question: self.question,
            negated: !self.negated,
        }
    }
}

/// The answer of a side to a condition.
#[derive(Debug, Clone)]
pub(crate) struct Judged<'a> {
    /// Whether it holds.
    pub(crate) truth: Truth,
    /// What it comes down to; only of use while it is open.
    pub(crate) meaning: Meaning,
    /// What decided it.
    pub(crate) influences: Influences<'a>,
}

impl<'a> Judged<'a> {
    fn open(meaning: Meaning, influences: Influences<'a>) -> Self {
        Self {
            truth: Truth::Open,
            meaning,
            influences,
        }
    }
}

impl<'a> Resolver<'a> {
    /// Whether a named condition holds, and what decided it.
    pub(crate) fn truth(&mut self, name: &'a str) -> Judged<'a> {
        self.named(name, 0)
    }

    fn named(&mut self, name: &'a str, chain: usize) -> Judged<'a> {
        let own = Influences::of(Influence::Condition(name));
        if chain > LONGEST_CHAIN {
            return Judged::open(Meaning::named(name), own);
        }
        match self.truths.get(name) {
            Some(Some(known)) => return known.clone(),
            // A condition that refers to itself is an error that CloudFormation will tell.
            Some(None) => return Judged::open(Meaning::named(name), own),
            None => {}
        }
        let Some(node) = self.scope.conditions.and_then(|map| map.get(name)) else {
            return Judged::open(Meaning::named(name), own);
        };
        self.truths.insert(name, None);
        let found = self.judge(node, chain);
        let judged = Judged {
            influences: own.with(&found.influences),
            ..found
        };
        self.truths.insert(name, Some(judged.clone()));
        judged
    }

    fn judge(&mut self, node: &'a Node, chain: usize) -> Judged<'a> {
        let Some((name, argument)) = node.as_intrinsic() else {
            return self.other(node);
        };
        let operands = argument
            .as_list()
            .unwrap_or_else(|| std::slice::from_ref(argument));
        match (name, operands) {
            ("Condition", _) => match argument.as_text() {
                Some(name) => self.named(name, chain + 1),
                None => self.other(node),
            },
            ("Fn::Equals", [left, right]) => self.equal(left, right),
            ("Fn::Not", [operand]) => {
                let judged = self.judge(operand, chain);
                Judged {
                    truth: judged.truth.negated(),
                    meaning: judged.meaning.turned(),
                    ..judged
                }
            }
            ("Fn::And", _) => self.all(operands, chain, Truth::Fails),
            ("Fn::Or", _) => self.all(operands, chain, Truth::Holds),
            _ => self.other(node),
        }
    }

    /// Anything that is no condition that CloudFormation knows.
    fn other(&mut self, node: &'a Node) -> Judged<'a> {
        let value = self.node(node, &Surroundings::default());
        Judged::open(
            Meaning::of(&("other", fingerprint(&value))),
            value.influences,
        )
    }

    /// `Fn::And` is decided by one that fails, `Fn::Or` by one that holds.
    fn all(&mut self, operands: &'a [Node], chain: usize, deciding: Truth) -> Judged<'a> {
        let mut truth = deciding.negated();
        let mut influences = Influences::default();
        let is_or = deciding == Truth::Holds;
        let mut open = Vec::new();
        for operand in operands {
            let one = self.judge(operand, chain);
            influences = influences.with(&one.influences);
            if one.truth == deciding {
                truth = deciding;
            } else if one.truth == Truth::Open {
                // One of several holds unless each of them does not: there is only one kind.
                open.push(if is_or {
                    one.meaning.turned()
                } else {
                    one.meaning
                });
                if truth != deciding {
                    truth = Truth::Open;
                }
            }
        }
        open.sort_unstable();
        open.dedup();
        let all = match open.as_slice() {
            [only] => *only,
            several => Meaning::of(&("all", several)),
        };
        Judged {
            truth,
            meaning: if is_or { all.turned() } else { all },
            influences,
        }
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
        if truth != Truth::Open {
            return Judged {
                truth,
                meaning: Meaning::default(),
                influences,
            };
        }
        let mut sides = [fingerprint(&left), fingerprint(&right)];
        sides.sort_unstable();
        Judged::open(Meaning::of(&("equal", sides)), influences)
    }
}
