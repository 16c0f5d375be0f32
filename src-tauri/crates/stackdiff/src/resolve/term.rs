//! Resolved values: their kinds, when two are the same, and a hash that agrees with it.

use super::{Influences, Meaning, base64};
use crate::location::Location;
use crate::node::Node;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A node with what could be worked out.
#[derive(Debug, Clone)]
pub(crate) struct Resolved<'a> {
    /// Where the node that it came from stands.
    pub(crate) at: Location,
    /// The value.
    pub(crate) value: Term<'a>,
    /// The outermost function in the source that it came through.
    pub(crate) origin: Option<&'a Node>,
    /// What it depends on.
    pub(crate) influences: Influences<'a>,
}

/// A resolved value.
#[derive(Debug, Clone)]
pub(crate) enum Term<'a> {
    /// `null`.
    Null,
    /// Left out by `AWS::NoValue`.
    Absent,
    /// A boolean, number or text, as CloudFormation would hand it on.
    Scalar(Cow<'a, str>),
    /// A text of which a part is not known; neighbouring texts are one piece.
    Pieces(Vec<Piece<'a>>),
    /// A list.
    List(Vec<Resolved<'a>>),
    /// A list whose order and repetitions have no meaning.
    Set(Vec<Resolved<'a>>),
    /// A mapping, by key.
    Map(Vec<Member<'a>>),
    /// A function that could not be carried out.
    Call(Box<Call<'a>>),
    /// A node that would have cost too much to work out.
    Opaque(&'a Node),
}

/// A function that could not be carried out.
#[derive(Debug, Clone)]
pub(crate) struct Call<'a> {
    /// Its long name.
    pub(crate) name: &'a str,
    /// Its argument.
    pub(crate) argument: Resolved<'a>,
    /// What its first argument names.
    pub(crate) basis: Basis,
}

/// What the name that a function is given stands for: another template may use the name for
/// something else, or another name for the same.
#[derive(Debug, Clone)]
pub(crate) enum Basis {
    /// Nothing; all that counts is in the argument.
    Argument,
    /// The condition of `Fn::If`.
    Condition(Meaning),
    /// The cells of a mapping that `Fn::FindInMap` may give: hashes of each with its keys.
    Cells(Vec<u64>),
}

impl<'a> Call<'a> {
    /// The arguments after the name.
    fn rest(&self) -> &[Resolved<'a>] {
        match &self.argument.value {
            Term::List(items) if !items.is_empty() => &items[1..],
            _ => std::slice::from_ref(&self.argument),
        }
    }

    /// The values of `Fn::If` where what its condition asks holds, and where not.
    fn branches(&self) -> Option<[&Resolved<'a>; 2]> {
        match (&self.basis, self.rest()) {
            (Basis::Condition(meaning), [yes, no]) if meaning.negated => Some([no, yes]),
            (Basis::Condition(_), [yes, no]) => Some([yes, no]),
            _ => None,
        }
    }

    /// Whether it is a conditional value that `AWS::NoValue` may leave out.
    pub(crate) fn may_be_absent(&self) -> bool {
        self.branches()
            .is_some_and(|branches| branches.iter().any(|branch| branch.is_absent()))
    }

    /// Whether two conditional values ask the same, the same way round.
    pub(crate) fn is_asked_alike(&self, other: &Self) -> bool {
        match (&self.basis, &other.basis) {
            (Basis::Condition(one), Basis::Condition(other)) => one == other,
            (Basis::Argument, Basis::Argument) => true,
            _ => false,
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        if self.name != other.name {
            return false;
        }
        match (&self.basis, &other.basis) {
            (Basis::Condition(one), Basis::Condition(two)) => {
                one.question == two.question
                    && self
                        .branches()
                        .zip(other.branches())
                        .is_some_and(|(a, b)| same(a[0], b[0]) && same(a[1], b[1]))
            }
            (Basis::Cells(one), Basis::Cells(two)) => one == two && self.has_same_keys(other),
            (Basis::Argument, Basis::Argument) => same(&self.argument, &other.argument),
            _ => false,
        }
    }

    fn has_same_keys(&self, other: &Self) -> bool {
        let (one, other) = (self.rest(), other.rest());
        one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same(a, b))
    }

    fn hash(&self, hasher: &mut DefaultHasher) {
        self.name.hash(hasher);
        match &self.basis {
            Basis::Condition(meaning) => {
                meaning.question.hash(hasher);
                for branch in self.branches().into_iter().flatten() {
                    hash(branch, hasher);
                }
            }
            Basis::Cells(cells) => {
                cells.hash(hasher);
                for key in self.rest() {
                    hash(key, hasher);
                }
            }
            Basis::Argument => hash(&self.argument, hasher),
        }
    }
}

/// Whether two values that are not the same may be equal all the same, because a condition or key
/// on which they depend is not known.
pub(crate) fn may_be_equal(left: &Resolved<'_>, right: &Resolved<'_>) -> bool {
    if same(left, right) {
        return true;
    }
    match (&left.value, &right.value) {
        (Term::Call(one), Term::Call(other)) if one.is_asked_alike(other) => {
            match (one.branches(), other.branches()) {
                (Some(a), Some(b)) => may_be_equal(a[0], b[0]) || may_be_equal(a[1], b[1]),
                _ => false,
            }
        }
        (Term::Call(one), Term::Call(other))
            if one.name == other.name && one.has_same_keys(other) =>
        {
            match (&one.basis, &other.basis) {
                (Basis::Cells(a), Basis::Cells(b)) => a.iter().any(|cell| b.contains(cell)),
                (Basis::Condition(_), Basis::Condition(_)) => true,
                _ => false,
            }
        }
        (Term::Call(one), _) if one.branches().is_some() => one
            .branches()
            .into_iter()
            .flatten()
            .any(|branch| may_be_equal(branch, right)),
        (_, Term::Call(other)) if other.branches().is_some() => may_be_equal(right, left),
        (Term::Pieces(a), Term::Pieces(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|pair| match pair {
                    (Piece::Other(a), Piece::Other(b)) => may_be_equal(a, b),
                    (a, b) => same_piece(a, b),
                })
        }
        _ => false,
    }
}

/// A key of a resolved mapping.
#[derive(Debug, Clone)]
pub(crate) struct Member<'a> {
    /// Key.
    pub(crate) key: Cow<'a, str>,
    /// Value.
    pub(crate) value: Resolved<'a>,
}

/// A part of a text.
#[derive(Debug, Clone)]
pub(crate) enum Piece<'a> {
    /// Known text.
    Text(Cow<'a, str>),
    /// A reference to a parameter or resource.
    Reference(&'a str),
    /// An attribute of a resource, as `Id.Attribute`.
    Attribute(Cow<'a, str>),
    /// Anything else that gives text.
    Other(Box<Resolved<'a>>),
}

impl Resolved<'_> {
    /// Whether `AWS::NoValue` left it out.
    pub(crate) const fn is_absent(&self) -> bool {
        matches!(self.value, Term::Absent)
    }

    /// Whether a part of it was too much to work out.
    pub(crate) fn is_cut_short(&self) -> bool {
        match &self.value {
            Term::Opaque(_) => true,
            Term::Null | Term::Absent | Term::Scalar(_) => false,
            Term::Pieces(pieces) => pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Other(other) if other.is_cut_short())),
            Term::List(items) | Term::Set(items) => items.iter().any(Self::is_cut_short),
            Term::Map(members) => members.iter().any(|member| member.value.is_cut_short()),
            Term::Call(call) => call.argument.is_cut_short(),
        }
    }

    /// The text of a known scalar.
    pub(crate) fn known_text(&self) -> Option<&str> {
        match &self.value {
            Term::Scalar(text) => Some(text),
            _ => None,
        }
    }
}

/// Whether two resolved values are the same to CloudFormation, as far as structure can tell.
pub(crate) fn same(left: &Resolved<'_>, right: &Resolved<'_>) -> bool {
    match (&left.value, &right.value) {
        (Term::Null, Term::Null) | (Term::Absent, Term::Absent) => true,
        (Term::Scalar(a), Term::Scalar(b)) => a == b,
        (Term::Pieces(a), Term::Pieces(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_piece(a, b))
        }
        (Term::List(a), Term::List(b)) => {
            let mut left = present(a);
            let mut right = present(b);
            loop {
                match (left.next(), right.next()) {
                    (None, None) => return true,
                    (Some(a), Some(b)) if same(a, b) => {}
                    _ => return false,
                }
            }
        }
        (Term::Set(a), Term::Set(b)) => members_of(a) == members_of(b),
        (Term::Map(a), Term::Map(b)) => {
            let mut left = a.iter().filter(|member| !member.value.is_absent());
            let mut right = b.iter().filter(|member| !member.value.is_absent());
            loop {
                match (left.next(), right.next()) {
                    (None, None) => return true,
                    (Some(a), Some(b)) if a.key == b.key && same(&a.value, &b.value) => {}
                    _ => return false,
                }
            }
        }
        (Term::Call(one), Term::Call(other)) => one.is_same(other),
        (Term::Call(_), Term::Scalar(text)) => base64::given(left).is_some_and(|it| it == *text),
        (Term::Scalar(text), Term::Call(_)) => base64::given(right).is_some_and(|it| it == *text),
        (Term::Opaque(a), Term::Opaque(b)) => a == b,
        _ => false,
    }
}

/// The items that `AWS::NoValue` did not leave out.
pub(crate) fn present<'r, 'a>(items: &'r [Resolved<'a>]) -> impl Iterator<Item = &'r Resolved<'a>> {
    items.iter().filter(|item| !item.is_absent())
}

/// The distinct members of a set, by what they are.
fn members_of(items: &[Resolved<'_>]) -> BTreeSet<u64> {
    present(items).map(fingerprint).collect()
}

fn same_piece(left: &Piece<'_>, right: &Piece<'_>) -> bool {
    match (left, right) {
        (Piece::Text(a), Piece::Text(b)) | (Piece::Attribute(a), Piece::Attribute(b)) => a == b,
        (Piece::Reference(a), Piece::Reference(b)) => a == b,
        (Piece::Other(a), Piece::Other(b)) => same(a, b),
        _ => false,
    }
}

/// A hash that is equal for values that are the same.
pub(crate) fn fingerprint(resolved: &Resolved<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    hash(resolved, &mut hasher);
    hasher.finish()
}

fn hash(resolved: &Resolved<'_>, hasher: &mut DefaultHasher) {
    if let Some(text) = base64::given(resolved) {
        std::mem::discriminant(&Term::Scalar(Cow::Borrowed(""))).hash(hasher);
        return text.hash(hasher);
    }
    std::mem::discriminant(&resolved.value).hash(hasher);
    match &resolved.value {
        Term::Null | Term::Absent | Term::Opaque(_) => {}
        Term::Scalar(text) => text.hash(hasher),
        Term::Pieces(pieces) => {
            for piece in pieces {
                match piece {
                    Piece::Text(text) | Piece::Attribute(text) => text.hash(hasher),
                    Piece::Reference(name) => name.hash(hasher),
                    Piece::Other(other) => hash(other, hasher),
                }
            }
        }
        Term::List(items) => {
            for item in present(items) {
                hash(item, hasher);
            }
        }
        Term::Set(items) => members_of(items).hash(hasher),
        Term::Map(members) => {
            for member in members.iter().filter(|member| !member.value.is_absent()) {
                member.key.hash(hasher);
                hash(&member.value, hasher);
            }
        }
        Term::Call(call) => call.hash(hasher),
    }
}
