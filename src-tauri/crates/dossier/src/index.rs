//! `index.json`: everything that the dossier says, for programs.

use crate::{File, items::Desk, model::Item, pack::PackError, redact::Class, words};
use interlock_domain::Digest;
use serde_json::json;

/// Version of the document's shape.
pub const SCHEMA: &str = "interlock/dossier/v1";

/// The index over the items and the other files.
pub fn document(desk: &Desk<'_>, items: &[Item], files: &[File]) -> Result<Vec<u8>, PackError> {
    let (size, root) = desk.evidence.head;
    let promotion = &desk.facts.promotion;
    let listed = files.iter().map(
        |(path, bytes)| json!({ "path": path, "size": bytes.len(), "sha256": Digest::of(bytes) }),
    );
    let document = json!({
        "schema": SCHEMA,
        "promotion": promotion.id,
        "environment": promotion.to,
        "services": promotion.services,
        "state": words::state(&promotion.state),
        "emergency": promotion.break_glass.is_some(),
        "manifest": promotion.digest,
        "log": {
            "origin": desk.redactor.name("log", &desk.facts.origin),
            "size": size,
            "root": root,
            "asOf": desk.facts.as_of(),
        },
        "program": desk.facts.program,
        "redaction": redaction(desk),
        "items": items,
        "files": listed.collect::<Vec<_>>(),
    });
    let mut bytes = serde_json::to_vec_pretty(&document)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn redaction(desk: &Desk<'_>) -> serde_json::Value {
    if !desk.redactor.is_on() {
        return json!({ "applied": false, "says": "Nothing is replaced or left out." });
    }
    json!({
        "applied": true,
        "says": "E-mail addresses, comments and parameter values are replaced by salted digests, here and in dossier.html and dossier.pdf. Raw evidence that holds them is left out: the log, manifests, rosters, statements. Names and ids of persons stay. Item 33 lists every digest with its places.",
        "replaced": Class::ALL.map(Class::word),
        "digest": "The first 24 hexadecimal digits of SHA-256(salt || text). The salt is SHA-256 over `interlock/dossier/salt/v1`, a line break, and each leaf about the promotion in order, with its length in 8 bytes (big-endian) before it: who has the ledger can make it.",
        "leftOut": desk.evidence.left_out,
    })
}
