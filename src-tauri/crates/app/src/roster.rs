//! The roster: what the estate file wants it to be, proposed and signed for through the log.
//!
//! The estate file is reviewed like code and holds the public keys; it only wishes. What counts is the
//! roster in the log, for which its administrators signed: enough of the present and of its own.

use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::Estate,
};
use interlock_domain::{Digest, PersonId};
use interlock_ledger::{
    Predicate, Roster, Signer, Statement,
    authority::Authority,
    changes::changes,
    key::PublicKey,
    roster::{Admins, Member, MemberKey, SCHEMA},
};
use std::sync::Arc;

/// So many digits of a key's id are enough; as many as every screen shows.
const SHORT_KEY: usize = 8;

/// How signing for a roster ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRoster {
    /// Digest of the document.
    pub digest: Digest,
    /// The document.
    pub roster: Roster,
    /// Whether it is in force now.
    pub in_force: bool,
}

impl Console {
    /// The roster as the estate file wants it, after the one in force. `me` administers a first one
    /// where the file names nobody.
    pub fn wanted_roster(&self, me: &PersonId) -> UseCase<Roster> {
        let authority = self.ledger.authority()?;
        let known = self.ports().keys.known();
        Ok(wanted(
            &self.estate,
            self.ledger.origin(),
            &authority,
            &known,
            me,
        ))
    }

    /// Begins the log with its first roster; gives none when it has one.
    pub async fn begin_log(&self) -> UseCase<Option<SignedRoster>> {
        let me = self.actor().await?;
        let authority = self.ledger.authority()?;
        if authority.roster().is_some() {
            return Ok(None);
        }
        if let Some(other) = authority.proposals().next() {
            return Err(refused(format!(
                "a first roster waits for signatures already: sign for {}, if it is right",
                other.digest.short()
            )));
        }
        let signer = self.own_key(&me.id)?;
        let mut roster = self.wanted_roster(&me.id)?;
        if !self.estate.ledger.is_shared() {
            add_key(&mut roster, &me.id, signer.key());
        }
        self.sign_for(&me.id, roster, signer.as_ref()).map(Some)
    }

    /// Proposes what the estate file wants and signs for it; gives none when nothing differs.
    pub async fn propose_roster(&self) -> UseCase<Option<SignedRoster>> {
        let me = self.actor().await?;
        let Some(present) = self.roster()? else {
            return Err(self.no_roster());
        };
        let roster = self.wanted_roster(&me.id)?;
        if changes(Some(&present), &roster).is_empty() {
            return Ok(None);
        }
        let signer = self.own_key(&me.id)?;
        self.sign_for(&me.id, roster, signer.as_ref()).map(Some)
    }

    /// Signs for a roster that somebody proposed.
    pub async fn sign_roster(&self, digest: Digest) -> UseCase<SignedRoster> {
        let me = self.actor().await?;
        let roster = self.proposed_roster(&digest)?;
        let signer = self.own_key(&me.id)?;
        self.sign_for(&me.id, roster, signer.as_ref())
    }

    /// Says that a key counts for nothing from an entry on; from now on where none is named. `key` is
    /// the beginning of an id in the roster in force.
    pub async fn revoke_key(&self, key: &str, from: Option<u64>, reason: String) -> UseCase<()> {
        let me = self.actor().await?;
        let roster = self.roster()?.ok_or_else(|| self.no_roster())?;
        if reason.trim().is_empty() {
            return Err(refused("a revocation needs a reason"));
        }
        let mut held = roster.people.iter().flat_map(|member| {
            let ids = member.keys.iter().map(|key| key.key.id());
            ids.map(|id| (member.id.clone(), id))
        });
        let found = held.find(|(_, id)| key.len() >= SHORT_KEY && id.starts_with(key));
        let (holder, id) = found.ok_or_else(|| UseCaseError::NotFound {
            what: "key",
            name: key.to_owned(),
        })?;
        if holder != me.id && !roster.is_admin(&me.id) {
            return Err(refused(format!(
                "{} is neither an administrator of the roster nor the key's holder",
                me.name
            )));
        }
        let revoked = self.ledger.authority()?.revoked().get(&id).cloned();
        let from_seq = match from {
            Some(seq) => seq,
            None => self.ledger.head()?.size,
        };
        if revoked.is_some_and(|known| known.from_seq <= from_seq) {
            return Err(refused("the key is revoked already"));
        }
        let signer = self.own_key(&me.id)?;
        if !holder_is(&roster, signer.key(), &me.id) {
            return Err(refused(format!(
                "the ledger's roster does not know the key that {} signs with here",
                me.name
            )));
        }
        let statement = Statement {
            promotion: None,
            subject: Digest::of(id.as_bytes()),
            actor: me.id.clone(),
            at: self.now(),
            predicate: Predicate::Revocation {
                key: id,
                from_seq,
                reason,
            },
        };
        self.append_understood(&statement, signer.as_ref(), |newer| {
            newer.promotion.is_none()
        })
    }

    /// A roster that waits for signatures.
    pub fn proposed_roster(&self, digest: &Digest) -> UseCase<Roster> {
        let authority = self.ledger.authority()?;
        if !authority.proposals().any(|it| it.digest == *digest) {
            return Err(UseCaseError::NotFound {
                what: "roster",
                name: digest.short(),
            });
        }
        let bytes = self.ledger.document(digest)?;
        let bytes = bytes.ok_or_else(|| refused("the roster is not kept in the ledger"))?;
        Roster::from_bytes(&bytes).map_err(|error| refused(error.to_string()))
    }

    /// The key that this person signs with here.
    pub fn own_key(&self, me: &PersonId) -> UseCase<Arc<dyn Signer>> {
        let ports = self.ports();
        let key = ports.keys.signer(me);
        key.map_err(|error| refused(error.message))
    }

    pub(crate) fn no_roster(&self) -> UseCaseError {
        refused(format!(
            "the ledger `{}` has no roster in force yet, so nobody can sign: `interlock ledger init` \
             begins it, and its administrators sign for it with `interlock roster sign`",
            self.ledger.origin()
        ))
    }

    fn sign_for(
        &self,
        me: &PersonId,
        roster: Roster,
        signer: &dyn Signer,
    ) -> UseCase<SignedRoster> {
        let bytes = roster.to_bytes();
        // What nobody would take is not written.
        Roster::from_bytes(&bytes).map_err(|error| refused(error.to_string()))?;
        let digest = Digest::of(&bytes);
        let authority = self.ledger.authority()?;
        self.may_sign_for(me, signer.key(), &roster, &digest, &authority)?;
        self.ledger.keep(&bytes)?;
        let statement = Statement {
            promotion: None,
            subject: digest,
            actor: me.clone(),
            at: self.now(),
            predicate: Predicate::Roster {
                version: roster.version,
            },
        };
        self.append_understood(&statement, signer, |newer| newer.promotion.is_none())?;
        let in_force = self.ledger.authority()?.roster_digest() == Some(digest);
        Ok(SignedRoster {
            digest,
            roster,
            in_force,
        })
    }

    fn may_sign_for(
        &self,
        me: &PersonId,
        key: &PublicKey,
        roster: &Roster,
        digest: &Digest,
        authority: &Authority,
    ) -> UseCase<()> {
        let holds = |of: &Roster| of.is_admin(me) && holder_is(of, key, me);
        let (present, own) = (
            authority.roster().is_some_and(|now| holds(now)),
            holds(roster),
        );
        let name = self.name_of(me);
        if !present && !own {
            let is_admin =
                roster.is_admin(me) || authority.roster().is_some_and(|it| it.is_admin(me));
            return Err(refused(if is_admin {
                format!(
                    "{name} signs here with the key {}, which neither the roster in force nor the \
                     proposed one gives to {name}",
                    key.line()
                )
            } else {
                format!("{name} is not an administrator of the roster")
            }));
        }
        let signed = authority.proposals().find(|it| it.digest == *digest);
        let has = signed.is_some_and(|it| {
            (!present || it.by_present.contains(me)) && (!own || it.by_proposed.contains(me))
        });
        if has {
            return Err(refused(format!("{name} has signed for it already")));
        }
        Ok(())
    }
}

fn holder_is(roster: &Roster, key: &PublicKey, me: &PersonId) -> bool {
    let holder = roster.holder(&key.id());
    holder.is_some_and(|(member, _)| &member.id == me)
}

/// Adds the key of who begins a ledger of one machine, unless the file gives them one.
fn add_key(roster: &mut Roster, me: &PersonId, key: &PublicKey) {
    let member = roster.people.iter_mut().find(|member| &member.id == me);
    if let Some(member) = member.filter(|member| member.keys.is_empty()) {
        member.keys.push(with_assurance(key));
    }
}

fn with_assurance(key: &PublicKey) -> MemberKey {
    MemberKey {
        key: key.clone(),
        assurance: key.most_assurance(),
    }
}

/// The roster that the estate file describes. What it leaves out stays as it is in the roster in force;
/// in a first one it comes from the keys that are known here.
pub(crate) fn wanted(
    estate: &Estate,
    log: &str,
    authority: &Authority,
    known: &[(PersonId, MemberKey)],
    me: &PersonId,
) -> Roster {
    let present = authority.roster();
    let people = estate.people.iter().map(|person| {
        let before = present.and_then(|roster| roster.member(&person.id));
        let wish = estate.enrolments.get(&person.id);
        let kept = || match before {
            Some(before) => before.keys.clone(),
            None => known
                .iter()
                .filter(|(id, _)| id == &person.id)
                .map(|(_, key)| key.clone())
                .collect(),
        };
        let keys = wish.and_then(|wish| wish.keys.as_ref());
        let groups = wish.and_then(|wish| wish.groups.clone());
        Member {
            id: person.id.clone(),
            name: person.name.clone(),
            role: person.role,
            groups: groups
                .or_else(|| before.map(|before| before.groups.clone()))
                .unwrap_or_default(),
            active: true,
            known_as: person.known_as.clone(),
            keys: match keys {
                Some(keys) => keys.iter().map(|key| held_before(before, key)).collect(),
                None => kept(),
            },
        }
    });
    let admins = match (&estate.administration, present) {
        (Some(wish), _) => Admins {
            threshold: wish.threshold,
            people: wish.people.clone(),
            decide: wish.decide,
        },
        (None, Some(present)) => present.admins.clone(),
        (None, None) => Admins {
            threshold: 1,
            people: vec![me.clone()],
            decide: true,
        },
    };
    Roster {
        schema: SCHEMA.into(),
        log: log.to_owned(),
        version: present.map_or(1, |roster| roster.version + 1),
        previous: authority.roster_digest(),
        admins,
        people: people.collect(),
    }
}

/// A key that stays keeps the assurance that was signed for.
fn held_before(before: Option<&Member>, key: &PublicKey) -> MemberKey {
    let mut keys = before.map_or(&[][..], |before| &before.keys).iter();
    keys.find(|held| &held.key == key)
        .cloned()
        .unwrap_or_else(|| with_assurance(key))
}

fn refused(reason: impl Into<String>) -> UseCaseError {
    UseCaseError::Precondition {
        reason: reason.into(),
    }
}
