//! Saying something in the ledger: signed with the person's own key, under the roster in force.

use crate::{
    console::{Console, ConsoleEvent, UseCase, UseCaseError},
    roster::wanted,
};
use interlock_domain::{Digest, PersonId, PromotionId};
use interlock_ledger::{
    Entry, Newer, Predicate, Roster, Signer, Statement, ledger::AppendError, roster::MemberKey,
};
use std::sync::Arc;

/// So many seconds this computer's clock may be away from the store's.
const SKEW: i64 = 60;

/// Why a statement was not appended.
enum Hindrance {
    /// What it depends on does not hold.
    Condition,
    /// An entry that it would be about is of a later version of this program.
    Newer(u64),
}

impl Console {
    /// The roster in force; none before anything was said.
    pub fn roster(&self) -> UseCase<Option<Arc<Roster>>> {
        Ok(self.ledger.authority()?.roster().cloned())
    }

    /// Says something about a promotion.
    pub(crate) fn say(
        &self,
        id: &PromotionId,
        manifest: Digest,
        actor: &PersonId,
        predicate: Predicate,
    ) -> UseCase<()> {
        self.say_if(id, manifest, actor, predicate, |_| true)
            .map(drop)
    }

    /// Says something while a condition on all entries before it holds; gives whether it did.
    pub(crate) fn say_if(
        &self,
        id: &PromotionId,
        manifest: Digest,
        actor: &PersonId,
        predicate: Predicate,
        condition: impl Fn(&[Entry]) -> bool,
    ) -> UseCase<bool> {
        let signer = self.signer(actor)?;
        let decides = predicate.decides();
        if decides {
            self.hold_clock_to_store()?;
        }
        let statement = Statement {
            promotion: Some(id.clone()),
            subject: manifest,
            actor: actor.clone(),
            at: self.now(),
            predicate,
        };
        let said = self
            .ledger
            .append_if(&statement, signer.as_ref(), self.now(), |entries| {
                // What was done or seen is told in any case.
                if decides {
                    understood(entries, |newer| newer.concerns(id))?;
                }
                if condition(entries) {
                    Ok(())
                } else {
                    Err(Hindrance::Condition)
                }
            });
        match said {
            Ok(_) => {
                self.tell(ConsoleEvent::PromotionChanged(id.clone()));
                Ok(true)
            }
            Err(AppendError::Refused(Hindrance::Condition)) => Ok(false),
            Err(AppendError::Refused(Hindrance::Newer(seq))) => Err(outdated(seq)),
            Err(AppendError::Ledger(error)) => Err(error.into()),
        }
    }

    /// Refuses to decide by a clock that is far from the store's: freezes, ages and expiries are
    /// judged by it.
    fn hold_clock_to_store(&self) -> UseCase<()> {
        let Some(told) = self.ledger.store_time()? else {
            return Ok(());
        };
        let skew = self.now().duration_since(told.now()).as_secs();
        if skew.abs() <= SKEW {
            return Ok(());
        }
        let side = if skew > 0 { "ahead of" } else { "behind" };
        Err(precondition(format!(
            "the clock of this computer is {} seconds {side} that of {}: set it right before anything is \
             decided",
            skew.abs(),
            self.ledger.place()
        )))
    }

    /// Appends a statement about the log itself, unless an entry that matters for it is of a later
    /// version of this program.
    pub(crate) fn append_understood(
        &self,
        statement: &Statement,
        signer: &dyn Signer,
        matters: impl Fn(&Newer) -> bool,
    ) -> UseCase<()> {
        let said = self
            .ledger
            .append_if(statement, signer, self.now(), |entries| {
                understood(entries, &matters)
            });
        match said {
            Ok(_) => Ok(()),
            Err(AppendError::Refused(Hindrance::Newer(seq))) => Err(outdated(seq)),
            Err(AppendError::Refused(Hindrance::Condition)) => {
                Err(precondition("the ledger changed meanwhile"))
            }
            Err(AppendError::Ledger(error)) => Err(error.into()),
        }
    }

    /// The key of a person, when the roster knows it. The first one who says anything in a ledger of
    /// this machine begins its roster.
    fn signer(&self, actor: &PersonId) -> UseCase<Arc<dyn Signer>> {
        let signer = self.own_key(actor)?;
        let roster = match self.roster()? {
            Some(roster) => roster,
            None => self.begin_roster(actor, signer.as_ref())?,
        };
        let holder = roster
            .holder(&signer.key().id())
            .map(|(member, _)| &member.id);
        if holder != Some(actor) {
            return Err(precondition(format!(
                "the ledger's roster does not know the key that {} signs with here: {}",
                self.name_of(actor),
                signer.key().line()
            )));
        }
        Ok(signer)
    }

    fn begin_roster(&self, actor: &PersonId, signer: &dyn Signer) -> UseCase<Arc<Roster>> {
        // Where the file says who administers, nobody becomes an administrator by being first.
        if self.estate.ledger.is_shared() || self.estate.administration.is_some() {
            return Err(self.no_roster());
        }
        let own = MemberKey {
            key: signer.key().clone(),
            assurance: signer.key().most_assurance(),
        };
        let mut keys = self.ports().keys.known();
        if !keys.iter().any(|(_, key)| key.key == own.key) {
            keys.push((actor.clone(), own));
        }
        let authority = self.ledger.authority()?;
        let roster = wanted(&self.estate, self.ledger.origin(), &authority, &keys, actor);
        let digest = self.ledger.keep(&roster.to_bytes())?;
        let statement = Statement {
            promotion: None,
            subject: digest,
            actor: actor.clone(),
            at: self.now(),
            predicate: Predicate::Roster { version: 1 },
        };
        self.append_understood(&statement, signer, |newer| newer.promotion.is_none())?;
        self.roster()?
            .ok_or_else(|| precondition("the ledger did not take its first roster"))
    }
}

/// Whether everything that matters was written by a version of this program that is known here.
fn understood(entries: &[Entry], matters: impl Fn(&Newer) -> bool) -> Result<(), Hindrance> {
    let newer = |entry: &&Entry| entry.newer.as_ref().is_some_and(&matters);
    match entries.iter().find(newer) {
        Some(entry) => Err(Hindrance::Newer(entry.seq)),
        None => Ok(()),
    }
}

fn outdated(seq: u64) -> UseCaseError {
    precondition(format!(
        "entry {seq} of the ledger was written by a newer Interlock: update this one before anything \
         is decided"
    ))
}

fn precondition(reason: impl Into<String>) -> UseCaseError {
    UseCaseError::Precondition {
        reason: reason.into(),
    }
}
