//! JSON written as text where a structure may stand as well.
//!
//! References inside the text survive: they are put in as marks before the text is read and come
//! back as pieces of the texts that hold them.

use crate::location::Location;
use crate::node::{Node, Value};
use crate::plain::{CLOSES, OPENS};
use crate::read::{self, Budget};
use crate::resolve::{Influences, Member, Piece, Resolved, Term};
use std::borrow::Cow;

/// Longest text that is read as JSON.
const LONGEST: usize = 1 << 20;

/// The structure that a text holds; none when it is not a JSON object or list.
pub(super) fn read<'a>(value: &Resolved<'a>) -> Option<Term<'a>> {
    let mut others: Vec<Piece<'a>> = Vec::new();
    let text: Cow<'_, str> = match &value.value {
        Term::Scalar(text) => Cow::Borrowed(text.as_ref()),
        Term::Pieces(pieces) => {
            let mut text = String::new();
            for piece in pieces {
                match piece {
                    Piece::Text(part) => text.push_str(part),
                    other => {
                        text.push(OPENS);
                        text.push_str(&others.len().to_string());
                        text.push(CLOSES);
                        others.push(other.clone());
                    }
                }
            }
            Cow::Owned(text)
        }
        _ => return None,
    };
    let begins = text.trim_start().chars().next();
    if !matches!(begins, Some('{' | '[')) || text.len() > LONGEST {
        return None;
    }
    let node = read::json_document(text.as_bytes(), "", &Budget::default()).ok()?;
    let back = Back {
        at: value.at,
        influences: &value.influences,
        others: &others,
    };
    Some(back.term(node))
}

/// What goes back into the structure.
struct Back<'b, 'a> {
    at: Location,
    influences: &'b Influences<'a>,
    others: &'b [Piece<'a>],
}

impl<'a> Back<'_, 'a> {
    fn resolved(&self, node: Node) -> Resolved<'a> {
        Resolved {
            at: self.at,
            value: self.term(node),
            origin: None,
            influences: self.influences.clone(),
        }
    }

    fn term(&self, node: Node) -> Term<'a> {
        match node.value {
            Value::Null => Term::Null,
            Value::Boolean(truth) => Term::Scalar(Cow::Owned(truth.to_string())),
            Value::Number(number) => Term::Scalar(Cow::Owned(number.text().to_owned())),
            Value::Text(text) => self.text(text),
            Value::List(items) => {
                Term::List(items.into_iter().map(|item| self.resolved(item)).collect())
            }
            Value::Map(map) => {
                let mut members: Vec<Member<'a>> = map
                    .into_entries()
                    .into_iter()
                    .map(|entry| Member {
                        key: Cow::Owned(entry.key),
                        value: self.resolved(entry.value),
                    })
                    .collect();
                members.sort_by(|one, other| one.key.cmp(&other.key));
                Term::Map(members)
            }
        }
    }

    /// A text with its marks turned back into what they stand for.
    fn text(&self, text: String) -> Term<'a> {
        if !text.contains(OPENS) {
            return Term::Scalar(Cow::Owned(text));
        }
        let mut pieces: Vec<Piece<'a>> = Vec::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find(OPENS) {
            let (before, from) = rest.split_at(start);
            if !before.is_empty() {
                pieces.push(Piece::Text(Cow::Owned(before.to_owned())));
            }
            let inner = &from[OPENS.len_utf8()..];
            let end = inner.find(CLOSES).unwrap_or(inner.len());
            let found = inner[..end].parse().ok();
            if let Some(piece) = found.and_then(|index: usize| self.others.get(index)) {
                pieces.push(piece.clone());
            }
            rest = inner.get(end + CLOSES.len_utf8()..).unwrap_or("");
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(Cow::Owned(rest.to_owned())));
        }
        Term::Pieces(pieces)
    }
}
