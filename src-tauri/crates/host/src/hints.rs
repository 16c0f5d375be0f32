//! Hints for names that are not known: what was probably meant, or what there is.

use interlock_app::{Console, UseCaseError, nearest};
use interlock_contract::error::ErrorEnvelope;

/// Why a promotion that somebody speaks of may not be here.
const ELSEWHERE: &str =
    "It may have been made on another machine: each keeps a ledger of its own so far.";

/// Envelope of a use case's error, with the names that the estate or the ledger knows.
pub(crate) fn explain(console: &Console, error: UseCaseError) -> ErrorEnvelope {
    let mut hints = Vec::new();
    if let UseCaseError::NotFound { what, name } = &error {
        hints.extend(known(console, what, name));
        if *what == "promotion" {
            hints.push(ELSEWHERE.into());
        }
    }
    let mut envelope = crate::errors::use_case(error);
    envelope.hints.extend(hints);
    envelope
}

fn known(console: &Console, what: &str, name: &str) -> Option<String> {
    let estate = &console.estate;
    match what {
        "service" => nearest::hint(name, estate.services.iter().map(|s| s.name.as_str())),
        "environment" => {
            let names = estate.environments.iter();
            nearest::hint(name, names.map(|e| e.environment.name.as_str()))
        }
        "promotion" => {
            let record = console.record().ok()?;
            let mut newest: Vec<_> = record.promotions.values().collect();
            newest.sort_by_key(|p| std::cmp::Reverse(p.updated_at));
            nearest::hint(name, newest.iter().map(|p| p.id.as_str()))
                .or_else(|| Some("No promotion is recorded yet.".into()))
        }
        _ => None,
    }
}
