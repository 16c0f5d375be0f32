//! Who may sign: the rosters that came into force, and the keys that were revoked.
//!
//! A state machine over the entries in their order. It looks at nothing else: no clock, no file.

use crate::{
    envelope::Envelope,
    key::PublicKey,
    predicate::Predicate,
    roster::{Member, MemberKey, Roster},
    signer::Signer,
    statement::Statement,
};
use interlock_domain::{Digest, PersonId};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Who signed an entry, with which key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The person.
    pub person: PersonId,
    /// Id of the key.
    pub key: String,
    /// The key's assurance.
    pub assurance: u8,
}

/// A key that does not count from an entry on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// First entry at which it does not count.
    pub from_seq: u64,
    /// The entry that says so.
    pub said_at: u64,
    /// Reason.
    pub reason: String,
}

/// What a document that somebody signed for is still waiting for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Signatures {
    /// Administrators of the roster in force.
    by_present: BTreeSet<PersonId>,
    /// Administrators of the proposed roster.
    by_proposed: BTreeSet<PersonId>,
}

/// Who may sign, as of some entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authority {
    /// The roster in force, with its digest; none before the first.
    roster: Option<(Digest, Arc<Roster>)>,
    /// Where its keys stand: an id is a digest, which is not made anew for every entry.
    places: BTreeMap<String, (usize, usize)>,
    /// The policy bundle in force, when one was signed for.
    policy: Option<Digest>,
    /// Where each roster and policy came into force.
    activations: Vec<Activation>,
    rosters_proposed: BTreeMap<Digest, Signatures>,
    policies_proposed: BTreeMap<Digest, BTreeSet<PersonId>>,
    revoked: BTreeMap<String, Revoked>,
}

/// A roster that waits for signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal<'a> {
    /// Its digest.
    pub digest: Digest,
    /// Administrators of the roster in force who signed for it.
    pub by_present: &'a BTreeSet<PersonId>,
    /// Its own administrators who signed for it.
    pub by_proposed: &'a BTreeSet<PersonId>,
}

/// A roster or policy that came into force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activation {
    /// A roster.
    Roster {
        /// The entry that completed its signatures.
        seq: u64,
        /// Its number.
        version: u64,
        /// Its digest.
        digest: Digest,
    },
    /// A policy bundle.
    Policy {
        /// The entry that completed its signatures.
        seq: u64,
        /// Its digest.
        digest: Digest,
    },
}

/// The log that entries stand in: its name, and where its documents are read.
#[derive(Clone, Copy)]
pub struct Home<'a> {
    /// Name of the log.
    pub log: &'a str,
    /// A document by its digest.
    pub document: &'a dyn Fn(&Digest) -> Option<Vec<u8>>,
    /// The first roster, where somebody says beforehand which it is: no other one begins the log.
    pub first: Option<Digest>,
    /// What this process has just signed itself, if it did.
    pub own: Option<Own<'a>>,
}

/// An envelope that a key in this process has just signed: that signature surely fits.
#[derive(Clone, Copy)]
pub struct Own<'a> {
    envelope: &'a Envelope,
    key: &'a PublicKey,
}

impl<'a> Own<'a> {
    /// The envelope, when its signer vouches for its signatures.
    pub fn of(envelope: &'a Envelope, signer: &'a dyn Signer) -> Option<Self> {
        signer.vouches().map(|_| Self {
            envelope,
            key: signer.key(),
        })
    }

    fn is(&self, envelope: &Envelope, key: &PublicKey) -> bool {
        self.envelope == envelope && self.key == key
    }
}

impl Authority {
    /// The roster in force.
    pub fn roster(&self) -> Option<&Arc<Roster>> {
        self.roster.as_ref().map(|(_, roster)| roster)
    }

    /// Its digest.
    pub fn roster_digest(&self) -> Option<Digest> {
        self.roster.as_ref().map(|(digest, _)| *digest)
    }

    /// The policy bundle in force.
    pub fn policy_digest(&self) -> Option<Digest> {
        self.policy
    }

    /// What came into force, in order.
    pub fn activations(&self) -> &[Activation] {
        &self.activations
    }

    /// Rosters that somebody signed for and that are not in force yet.
    pub fn proposals(&self) -> impl Iterator<Item = Proposal<'_>> {
        self.rosters_proposed
            .iter()
            .map(|(digest, signatures)| Proposal {
                digest: *digest,
                by_present: &signatures.by_present,
                by_proposed: &signatures.by_proposed,
            })
    }

    /// Keys that were revoked.
    pub fn revoked(&self) -> &BTreeMap<String, Revoked> {
        &self.revoked
    }

    /// Who signed the statement of an entry, or why its signature counts for nothing.
    pub fn signer(
        &self,
        seq: u64,
        envelope: &Envelope,
        payload: &[u8],
        statement: &Statement,
        home: Home<'_>,
    ) -> Result<Signed, String> {
        // New administrators sign with keys that only the proposed roster knows.
        let proposed = match statement.predicate {
            Predicate::Roster { .. } => match self.proposed(&statement.subject, home) {
                Ok(roster) => Some(roster),
                // What is not the roster that is waited for cannot be looked into for keys.
                Err(reason) if self.roster.is_none() && home.first.is_some() => return Err(reason),
                Err(_) => None,
            },
            _ => None,
        };
        let signed = self.holder(seq, envelope, payload, proposed.as_ref(), home.own)?;
        if signed.person != statement.actor {
            return Err(format!(
                "it says that {} said it, and {} signed it",
                statement.actor, signed.person
            ));
        }
        Ok(signed)
    }

    /// Who signed these bytes, whatever they say; or why that counts for nothing.
    pub fn holder(
        &self,
        seq: u64,
        envelope: &Envelope,
        payload: &[u8],
        proposed: Option<&Roster>,
        own: Option<Own<'_>>,
    ) -> Result<Signed, String> {
        let signature = envelope.signature()?;
        if let Some(revoked) = self.revoked.get(&signature.keyid)
            && seq >= revoked.from_seq
        {
            return Err(format!("its key was revoked: {}", revoked.reason));
        }
        let holder = self
            .present_holder(&signature.keyid)
            .or_else(|| proposed.and_then(|it| it.holder(&signature.keyid)));
        let Some((member, key)) = holder else {
            return Err(match self.roster() {
                Some(_) => "its key belongs to nobody of the roster".into(),
                None => "there is no roster yet that its key could stand in".into(),
            });
        };
        if !own.is_some_and(|own| own.is(envelope, &key.key)) {
            signature.fits(&key.key, payload)?;
        }
        if !member.active {
            return Err(format!("{} is not active", member.id));
        }
        Ok(Signed {
            person: member.id.clone(),
            key: signature.keyid.clone(),
            assurance: key.assurance,
        })
    }

    /// Whose key it is by the roster in force.
    fn present_holder(&self, key_id: &str) -> Option<(&Member, &MemberKey)> {
        let (person, key) = self.places.get(key_id)?;
        let member = self.roster()?.people.get(*person)?;
        Some((member, member.keys.get(*key)?))
    }

    /// Takes an entry about rosters, policies or keys; none when it is about something else.
    pub fn take(
        &mut self,
        seq: u64,
        statement: &Statement,
        signed: &Signed,
        home: Home<'_>,
    ) -> Option<Result<(), String>> {
        match &statement.predicate {
            Predicate::Roster { version } => {
                Some(self.take_roster(seq, *version, &statement.subject, signed, home))
            }
            Predicate::Policy { .. } => Some(self.take_policy(seq, statement.subject, signed)),
            Predicate::Revocation {
                key,
                from_seq,
                reason,
            } => Some(self.take_revocation(seq, key, *from_seq, reason, statement, signed)),
            _ => None,
        }
    }

    fn proposed(&self, digest: &Digest, home: Home<'_>) -> Result<Roster, String> {
        let bytes = (home.document)(digest).ok_or("the roster is not kept here")?;
        if Digest::of(&bytes) != *digest {
            return Err("the kept roster has other bytes than the one signed for".into());
        }
        let roster = Roster::from_bytes(&bytes).map_err(|error| error.to_string())?;
        if roster.log != home.log {
            return Err(format!("it is a roster of the log `{}`", roster.log));
        }
        match &self.roster {
            None if home.first.is_some_and(|first| first != *digest) => {
                Err("it is not the first roster that the estate file names".into())
            }
            None if roster.version != 1 => Err(format!(
                "it is version {}, and there is none before it",
                roster.version
            )),
            Some((present, now))
                if roster.version != now.version + 1 || roster.previous != Some(*present) =>
            {
                Err(format!(
                    "version {} is in force, and version {} does not follow it",
                    now.version, roster.version
                ))
            }
            _ => Ok(roster),
        }
    }

    fn take_roster(
        &mut self,
        seq: u64,
        version: u64,
        digest: &Digest,
        signed: &Signed,
        home: Home<'_>,
    ) -> Result<(), String> {
        let roster = self.proposed(digest, home)?;
        if roster.version != version {
            return Err(format!(
                "it names version {version} of a roster of version {}",
                roster.version
            ));
        }
        let by_present = self
            .roster()
            .is_some_and(|now| now.is_admin(&signed.person))
            && self.present_holder(&signed.key).is_some();
        let by_proposed = roster.is_admin(&signed.person) && roster.holder(&signed.key).is_some();
        if !by_present && !by_proposed {
            return Err(format!("{} is not an administrator", signed.person));
        }
        let signatures = self.rosters_proposed.entry(*digest).or_default();
        let fresh = [
            by_present && signatures.by_present.insert(signed.person.clone()),
            by_proposed && signatures.by_proposed.insert(signed.person.clone()),
        ];
        if fresh == [false, false] {
            return Err(format!("{} has signed for it already", signed.person));
        }
        let enough = |signers: &BTreeSet<PersonId>, threshold: u32| {
            u32::try_from(signers.len()).unwrap_or(u32::MAX) >= threshold
        };
        let is_complete = enough(&signatures.by_proposed, roster.admins.threshold)
            && self
                .roster
                .as_ref()
                .is_none_or(|(_, now)| enough(&signatures.by_present, now.admins.threshold));
        if is_complete {
            // What was proposed beside it follows a roster that is no longer in force.
            self.rosters_proposed.clear();
            self.policies_proposed.clear();
            self.activations.push(Activation::Roster {
                seq,
                version,
                digest: *digest,
            });
            self.places = roster.places();
            self.roster = Some((*digest, Arc::new(roster)));
        }
        Ok(())
    }

    fn take_policy(&mut self, seq: u64, digest: Digest, signed: &Signed) -> Result<(), String> {
        let now = self.roster().ok_or("there is no roster yet")?;
        if !now.is_admin(&signed.person) {
            return Err(format!("{} is not an administrator", signed.person));
        }
        if self.policy == Some(digest) {
            return Err("it is in force already".into());
        }
        let threshold = now.admins.threshold;
        let signers = self.policies_proposed.entry(digest).or_default();
        if !signers.insert(signed.person.clone()) {
            return Err(format!("{} has signed for it already", signed.person));
        }
        if u32::try_from(signers.len()).unwrap_or(u32::MAX) >= threshold {
            self.policies_proposed.clear();
            self.activations.push(Activation::Policy { seq, digest });
            self.policy = Some(digest);
        }
        Ok(())
    }

    fn take_revocation(
        &mut self,
        seq: u64,
        key: &str,
        from_seq: u64,
        reason: &str,
        statement: &Statement,
        signed: &Signed,
    ) -> Result<(), String> {
        let now = self.roster().ok_or("there is no roster yet")?;
        if statement.subject != Digest::of(key.as_bytes()) {
            return Err("its subject is another key than the one it names".into());
        }
        let is_own = self
            .present_holder(key)
            .is_some_and(|(member, _)| member.id == signed.person);
        if !is_own && !now.is_admin(&signed.person) {
            return Err(format!(
                "{} is neither an administrator nor the key's holder",
                signed.person
            ));
        }
        if let Some(known) = self.revoked.get(key)
            && known.from_seq <= from_seq
        {
            return Err("the key is revoked already".into());
        }
        self.revoked.insert(
            key.to_owned(),
            Revoked {
                from_seq,
                said_at: seq,
                reason: reason.to_owned(),
            },
        );
        Ok(())
    }
}
