//! Resolved values as plain data, for rules that judge what a value means rather than how it is written.
//!
//! What could not be worked out stays in place and equal to itself: a reference inside a text is a
//! stretch between two marks that no template contains, any other open value is `Unknown` with the
//! words for it. Two equal stretches stand for the same value within one comparison, nothing else
//! is known about them.

use crate::render;
use crate::resolve::{Piece, Resolved, Term, present};

/// Begins a stretch of text that stands for a value that is not known.
pub const OPENS: char = '\u{E000}';

/// Ends a stretch of text that stands for a value that is not known.
pub const CLOSES: char = '\u{E001}';

/// A resolved value as plain data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain {
    /// `null`.
    Null,
    /// A boolean, number or text in CloudFormation's spelling, possibly with unknown stretches.
    Text(String),
    /// A list, without what `AWS::NoValue` left out.
    List(Vec<Plain>),
    /// A mapping by key, without what `AWS::NoValue` left out.
    Map(Vec<(String, Plain)>),
    /// A value of which not even the kind is known, in words.
    Unknown(String),
}

impl Plain {
    /// Takes a resolved value; none for what `AWS::NoValue` left out.
    pub(crate) fn of(resolved: &Resolved<'_>) -> Option<Self> {
        Some(match &resolved.value {
            Term::Absent => return None,
            Term::Null => Self::Null,
            Term::Scalar(text) => Self::Text(text.clone().into_owned()),
            Term::Pieces(pieces) => Self::Text(pieces.iter().map(stretch).collect()),
            Term::List(items) | Term::Set(items) => {
                Self::List(present(items).filter_map(Self::of).collect())
            }
            Term::Map(members) => Self::Map(
                members
                    .iter()
                    .filter_map(|member| {
                        Some((member.key.clone().into_owned(), Self::of(&member.value)?))
                    })
                    .collect(),
            ),
            Term::Call(_) | Term::Opaque(_) => Self::Unknown(render::resolved(resolved)),
        })
    }

    /// The value of a key, when this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(members) => members
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text, when this is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items: of a list its own, of anything else the value itself, of `null` none.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Null => &[],
            other => std::slice::from_ref(other),
        }
    }

    /// Whether any part of it is not known.
    pub fn has_unknown(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Text(text) => text.contains(OPENS),
            Self::List(items) => items.iter().any(Self::has_unknown),
            Self::Map(members) => members.iter().any(|(_, value)| value.has_unknown()),
            Self::Unknown(_) => true,
        }
    }
}

fn stretch(piece: &Piece<'_>) -> String {
    match piece {
        Piece::Text(text) => text.clone().into_owned(),
        Piece::Reference(name) => format!("{OPENS}{name}{CLOSES}"),
        Piece::Attribute(name) => format!("{OPENS}{name}{CLOSES}"),
        Piece::Other(other) => format!("{OPENS}{}{CLOSES}", render::resolved(other)),
    }
}

/// A text with its unknown stretches written as `${…}`, for people.
pub fn readable(text: &str) -> String {
    text.replace(OPENS, "${").replace(CLOSES, "}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_stretch_is_seen_wherever_it_stands_and_reads_as_a_reference() {
        let text = format!("arn:aws:s3:::{OPENS}Bucket{CLOSES}/*");
        let policy = Plain::Map(vec![(
            "Resource".to_owned(),
            Plain::List(vec![Plain::Text(text.clone())]),
        )]);
        assert!(policy.has_unknown());
        assert_eq!(readable(&text), "arn:aws:s3:::${Bucket}/*");
        assert_eq!(
            policy.get("Resource").map(|value| value.items().len()),
            Some(1)
        );
        assert!(!Plain::Text("*".to_owned()).has_unknown());
    }
}
