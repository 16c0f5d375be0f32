//! Saying something in the ledger: signed with the person's own key, under the roster in force.

use crate::{
    console::{Console, ConsoleEvent, UseCase, UseCaseError},
    estate::Estate,
};
use interlock_domain::{Digest, PersonId, PromotionId};
use interlock_ledger::{
    Entry, Predicate, Roster, Signer, Statement,
    ledger::AppendError,
    roster::{Admins, Member, MemberKey, SCHEMA},
};
use std::sync::Arc;

/// How sure it is that a key in the desktop's keychain is used by its person.
const KEYCHAIN: u8 = 1;

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
                if condition(entries) { Ok(()) } else { Err(()) }
            });
        match said {
            Ok(_) => {
                self.tell(ConsoleEvent::PromotionChanged(id.clone()));
                Ok(true)
            }
            Err(AppendError::Refused(())) => Ok(false),
            Err(AppendError::Ledger(error)) => Err(error.into()),
        }
    }

    /// The key of a person, when the roster knows it. The first one who says anything in a ledger of
    /// this machine begins its roster.
    fn signer(&self, actor: &PersonId) -> UseCase<Arc<dyn Signer>> {
        let signer = self
            .ports()
            .keys
            .signer(actor)
            .map_err(|error| precondition(error.message))?;
        let roster = match self.roster()? {
            Some(roster) => roster,
            None => self.begin_roster(actor, signer.as_ref())?,
        };
        let holder = roster
            .holder(&signer.key().id())
            .map(|(member, _)| &member.id);
        if holder != Some(actor) {
            return Err(precondition(format!(
                "the ledger's roster does not know the key that {} signs with here",
                self.name_of(actor)
            )));
        }
        Ok(signer)
    }

    fn begin_roster(&self, actor: &PersonId, signer: &dyn Signer) -> UseCase<Arc<Roster>> {
        let own = MemberKey {
            key: signer.key().clone(),
            assurance: KEYCHAIN,
        };
        let mut keys = self.ports().keys.known();
        if !keys.iter().any(|(_, key)| key.key == own.key) {
            keys.push((actor.clone(), own));
        }
        let roster = first_roster(&self.estate, self.ledger.origin(), actor, &keys);
        let digest = self.ledger.keep(&roster.to_bytes())?;
        let statement = Statement {
            promotion: None,
            subject: digest,
            actor: actor.clone(),
            at: self.now(),
            predicate: Predicate::Roster { version: 1 },
        };
        self.ledger.append(&statement, signer, self.now())?;
        self.roster()?
            .ok_or_else(|| precondition("the ledger did not take its first roster"))
    }
}

/// The roster of a new ledger of one machine: the estate's people, kept by who began it.
fn first_roster(
    estate: &Estate,
    origin: &str,
    admin: &PersonId,
    keys: &[(PersonId, MemberKey)],
) -> Roster {
    let people = estate.people.iter().map(|person| Member {
        id: person.id.clone(),
        name: person.name.clone(),
        role: person.role,
        groups: Vec::new(),
        active: true,
        known_as: person.known_as.clone(),
        keys: keys
            .iter()
            .filter(|(id, _)| id == &person.id)
            .map(|(_, key)| key.clone())
            .collect(),
    });
    Roster {
        schema: SCHEMA.into(),
        log: origin.to_owned(),
        version: 1,
        previous: None,
        admins: Admins {
            threshold: 1,
            people: vec![admin.clone()],
            decide: true,
        },
        people: people.collect(),
    }
}

fn precondition(reason: impl Into<String>) -> UseCaseError {
    UseCaseError::Precondition {
        reason: reason.into(),
    }
}
