//! The state of every promotion, as a pure fold over the entries.
//!
//! An entry that may not be there (an approval by the requester, a step of an attempt that was
//! never claimed, a statement about another manifest) is kept in the log, shown as ignored with
//! its reason, and changes nothing.

use crate::{
    ledger::Entry,
    promotion::{Promotion, PromotionState},
    statement::{Predicate, Statement},
};
use interlock_domain::{
    Digest,
    ids::{PersonId, PromotionId},
    manifest::Manifest,
    person::{Person, Role},
};
use std::collections::BTreeMap;

/// What the fold derives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Promotions by id.
    pub promotions: BTreeMap<PromotionId, Promotion>,
    /// Entries that count for nothing, and why.
    pub ignored: BTreeMap<u64, String>,
}

/// Derives the state of every promotion.
pub fn fold(
    entries: &[Entry],
    manifest_of: &dyn Fn(&Digest) -> Option<Manifest>,
    people: &[Person],
) -> Record {
    let mut record = Record::default();
    for entry in entries {
        let verdict = match &entry.statement {
            Ok(statement) => take(
                &mut record.promotions,
                entry.seq,
                statement,
                manifest_of,
                people,
            ),
            Err(reason) => Err(reason.clone()),
        };
        if let Err(reason) = verdict {
            record.ignored.insert(entry.seq, reason);
        }
    }
    record
}

/// Why this person may not approve this manifest; none when they may.
pub fn approval_barrier(
    manifest: &Manifest,
    person: &PersonId,
    people: &[Person],
) -> Option<String> {
    let Some(known) = people.iter().find(|p| &p.id == person) else {
        return Some("is not a person of the estate".into());
    };
    if &manifest.requester == person {
        return Some("asked for it".into());
    }
    let wrote = manifest
        .authors
        .iter()
        .any(|author| author == person.as_str() || known.known_as.contains(author));
    if wrote {
        return Some("wrote a part of it".into());
    }
    match known.role {
        Role::ReleaseManager => None,
        Role::Developer | Role::Lead => Some("is not a release manager".into()),
    }
}

fn take(
    promotions: &mut BTreeMap<PromotionId, Promotion>,
    seq: u64,
    statement: &Statement,
    manifest_of: &dyn Fn(&Digest) -> Option<Manifest>,
    people: &[Person],
) -> Result<(), String> {
    if let Predicate::PrepareIntent { to, service } = &statement.predicate {
        let promotion = promotions
            .entry(statement.promotion.clone())
            .or_insert_with(|| Promotion {
                id: statement.promotion.clone(),
                state: PromotionState::Preparing,
                service: service.clone(),
                to: to.clone(),
                begun_by: statement.actor.clone(),
                digest: None,
                manifest: None,
                approvals: Vec::new(),
                voided: None,
                attempts: Vec::new(),
                created_at: statement.at,
                updated_at: statement.at,
                entries: Vec::new(),
            });
        promotion.entries.push(seq);
        if promotion.state.is_over() || matches!(promotion.state, PromotionState::Executing { .. })
        {
            return Err("the promotion cannot be prepared any more".into());
        }
        promotion.updated_at = statement.at;
        return Ok(());
    }
    let promotion = promotions
        .get_mut(&statement.promotion)
        .ok_or_else(|| format!("promotion {} was never begun", statement.promotion))?;
    promotion.entries.push(seq);
    promotion.apply(statement, manifest_of, people)?;
    promotion.updated_at = statement.at;
    Ok(())
}
