//! The state of every promotion, as a pure fold over the entries.
//!
//! An entry that may not be there (an approval by the requester, a step of an attempt that was
//! never claimed, a statement about another manifest) is kept in the log, shown as ignored with
//! its reason, and changes nothing.

use crate::{
    apply::Said,
    ledger::Entry,
    newer::Newer,
    predicate::Predicate,
    promotion::{Promotion, PromotionState},
    statement::Statement,
};
use interlock_domain::{
    Digest, Timestamp,
    ids::PromotionId,
    manifest::{Manifest, ServiceDelivery, StackKey},
};
use std::collections::{BTreeMap, BTreeSet};

/// What the fold derives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Promotions by id.
    pub promotions: BTreeMap<PromotionId, Promotion>,
    /// Entries that count for nothing, and why.
    pub ignored: BTreeMap<u64, String>,
    /// Entries that only a later version of this program understands.
    pub newer: BTreeMap<u64, Newer>,
}

/// Where manifests are read by their digest.
pub type Manifests<'a> = &'a dyn Fn(&Digest) -> Option<Manifest>;

/// Derives the state of every promotion.
pub fn fold(entries: &[Entry], manifest_of: Manifests<'_>) -> Record {
    let mut record = Record::default();
    for entry in entries {
        let verdict = match (&entry.statement, &entry.signed) {
            (Err(reason), _) | (Ok(_), Err(reason)) => Err(reason.clone()),
            (Ok(statement), Ok(signed)) => {
                let said = Said {
                    seq: entry.seq,
                    statement,
                    signed,
                    roster: entry.roster.as_deref(),
                    payload: &entry.payload,
                };
                record.take(&said, manifest_of)
            }
        };
        if let Err(reason) = verdict {
            record.ignored.insert(entry.seq, reason);
        }
        if let Some(newer) = &entry.newer {
            record.newer.insert(entry.seq, newer.clone());
        }
    }
    record
}

impl Record {
    /// The entry because of which nothing can be decided on a promotion until this program is
    /// updated.
    pub fn needs_update(&self, id: &PromotionId) -> Option<u64> {
        let mut newer = self.newer.iter();
        newer.find_map(|(seq, newer)| newer.concerns(id).then_some(*seq))
    }

    /// The record as it stands at a time: approvals that are too old by then count for nothing.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        for promotion in self.promotions.values_mut() {
            if promotion.is_waiting() {
                promotion.expire(now);
                promotion.count();
            }
        }
        self
    }

    fn take(&mut self, said: &Said<'_>, manifest_of: Manifests<'_>) -> Result<(), String> {
        let statement = said.statement;
        let Some(id) = &statement.promotion else {
            if let Predicate::Revocation {
                key,
                from_seq,
                reason,
            } = &statement.predicate
            {
                self.revoke(key, *from_seq, reason);
            }
            return Ok(());
        };
        if let Predicate::PrepareIntent { to, services } = &statement.predicate {
            return self.begin(said.seq, statement, id, services, to);
        }
        let promotion = self
            .promotions
            .get_mut(id)
            .ok_or_else(|| format!("promotion {id} was never begun"))?;
        promotion.entries.push(said.seq);
        if matches!(statement.predicate, Predicate::ExecutionClaim { .. }) {
            self.nothing_in_the_way(id)?;
        }
        let promotion = self.promotions.get_mut(id).ok_or("it was never begun")?;
        let was = promotion.state.clone();
        promotion.apply(said, manifest_of)?;
        promotion.updated_at = statement.at;
        if promotion.state == PromotionState::Approved && was != PromotionState::Approved {
            self.supersede_older(id);
        }
        Ok(())
    }

    fn begin(
        &mut self,
        seq: u64,
        statement: &Statement,
        id: &PromotionId,
        services: &[String],
        to: &str,
    ) -> Result<(), String> {
        if services.is_empty() {
            return Err("it names no service".into());
        }
        let promotion = self
            .promotions
            .entry(id.clone())
            .or_insert_with(|| Promotion::begun(statement, id, services, to));
        promotion.entries.push(seq);
        if promotion.state.is_over() || matches!(promotion.state, PromotionState::Executing { .. })
        {
            return Err("the promotion cannot be prepared any more".into());
        }
        promotion.updated_at = statement.at;
        Ok(())
    }

    /// Whether another promotion forbids that this one is carried out now.
    fn nothing_in_the_way(&self, id: &PromotionId) -> Result<(), String> {
        let Some(manifest) = self.promotions.get(id).and_then(|it| it.manifest.as_ref()) else {
            return Ok(());
        };
        let wanted = stacks_of(manifest);
        for other in self.promotions.values().filter(|other| &other.id != id) {
            let Some(theirs) = &other.manifest else {
                continue;
            };
            if matches!(other.state, PromotionState::Executing { .. })
                && !wanted.is_disjoint(&stacks_of(theirs))
            {
                return Err(format!("{} changes the same stacks now", other.id));
            }
            let meets = |it: &ServiceDelivery| manifest.service(&it.service).is_some();
            if other.owes_review() && theirs.services.iter().any(meets) {
                return Err(format!(
                    "{} broke the glass, and nobody has reviewed it yet",
                    other.id
                ));
            }
        }
        Ok(())
    }

    /// Open promotions of the same stacks that were begun before give way to an approved one.
    fn supersede_older(&mut self, id: &PromotionId) {
        let Some(newer) = self.promotions.get(id) else {
            return;
        };
        let (Some(manifest), Some(begun)) = (&newer.manifest, newer.entries.first().copied())
        else {
            return;
        };
        let stacks = stacks_of(manifest);
        for other in self.promotions.values_mut() {
            let is_older = other.entries.first().is_some_and(|first| *first < begun);
            let is_open =
                !other.state.is_over() && !matches!(other.state, PromotionState::Executing { .. });
            let meets = other
                .manifest
                .as_ref()
                .is_some_and(|theirs| !stacks.is_disjoint(&stacks_of(theirs)));
            if &other.id != id && is_older && is_open && meets {
                other.state = PromotionState::Superseded { by: id.clone() };
            }
        }
    }

    /// Takes back what a key said from an entry on; what was done on it is marked.
    fn revoke(&mut self, key: &str, from_seq: u64, reason: &str) {
        for promotion in self.promotions.values_mut() {
            let is_hit = |seq: u64, with: &str| seq >= from_seq && with == key;
            let rests = promotion
                .approvals
                .iter()
                .any(|approval| is_hit(approval.seq, &approval.key));
            if !rests {
                continue;
            }
            if promotion.attempts.is_empty() {
                promotion
                    .approvals
                    .retain(|approval| !is_hit(approval.seq, &approval.key));
                if promotion.is_waiting() {
                    promotion.count();
                }
            } else {
                promotion.tainted = Some(format!(
                    "it rests on an approval with a key that was revoked: {reason}"
                ));
            }
        }
    }
}

/// What a promotion changes: account, region and stack.
fn stacks_of(manifest: &Manifest) -> BTreeSet<StackKey> {
    manifest.stacks().collect()
}
