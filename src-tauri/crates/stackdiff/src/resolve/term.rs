//! Resolved values: their kinds, when two are the same, and a hash that agrees with it.

use super::Influences;
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
    Call {
        /// Its long name.
        name: &'a str,
        /// Its argument.
        argument: Box<Resolved<'a>>,
    },
    /// A node that would have cost too much to work out.
    Opaque(&'a Node),
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
            Term::Call { argument, .. } => argument.is_cut_short(),
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
        (
            Term::Call { name, argument },
            Term::Call {
                name: other,
                argument: others,
            },
        ) => name == other && same(argument, others),
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
        Term::Call { name, argument } => {
            name.hash(hasher);
            hash(argument, hasher);
        }
    }
}
