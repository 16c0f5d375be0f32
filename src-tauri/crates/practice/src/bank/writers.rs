//! Who writes at the bank: the four people, and colleagues who have no identity in practice.

use crate::{git::Signature, people};

/// Id, name; the four people come first.
const WRITERS: &[(&str, &str)] = &[
    ("s.lara", "Sofía Lara"),
    ("d.mora", "Diego Mora"),
    ("a.ruiz", "Ana Ruiz"),
    ("l.prado", "Luis Prado"),
    ("c.alves", "Camila Alves"),
    ("v.rojas", "Valentín Rojas"),
    ("m.silva", "Marina Silva"),
];

/// Ids of everybody who writes.
pub(crate) fn writer_ids() -> impl Iterator<Item = &'static str> {
    WRITERS.iter().map(|(id, _)| *id)
}

/// Full name of an id; the id itself for a stranger.
pub(crate) fn full_name(id: &str) -> &str {
    WRITERS
        .iter()
        .find(|(known, _)| *known == id)
        .map_or(id, |(_, name)| *name)
}

/// How somebody signs commits.
pub(crate) fn signature(id: &str) -> Signature {
    let email = people::by_id(id).map_or_else(
        || format!("{id}@andesbank.example"),
        |person| person.email.to_owned(),
    );
    Signature {
        name: full_name(id).to_owned(),
        email,
    }
}

/// Id of the person who signs like this.
pub(crate) fn writer_of(signature: &Signature) -> Option<&'static str> {
    writer_ids().find(|id| full_name(id) == signature.name)
}
