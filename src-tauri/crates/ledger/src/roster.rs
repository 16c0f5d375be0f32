//! The roster: who there is, with which keys and roles.
//!
//! A roster is a document, kept by its digest. It comes into force when enough of its administrators
//! and, after the first one, enough of those of the roster before it have signed for it: what TUF
//! asks of a new root. Nothing outside of the log says who may sign.

use crate::{key::PublicKey, strict};
use interlock_domain::{
    Digest, PersonId,
    person::{Person, Role},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Version of the document's shape.
pub const SCHEMA: &str = "interlock/roster/v1";

/// Who there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roster {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The log that it is for.
    pub log: String,
    /// Number, from 1, one more with each.
    pub version: u64,
    /// Digest of the roster before it; none for the first.
    pub previous: Option<Digest>,
    /// Who may change it.
    pub admins: Admins,
    /// Persons.
    pub people: Vec<Member>,
}

/// Who may change the roster, and revoke keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admins {
    /// How many of them have to sign.
    pub threshold: u32,
    /// Who they are.
    pub people: Vec<PersonId>,
    /// Whether they may also decide on promotions; no where duties are kept apart.
    pub decide: bool,
}

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Groups that approval rules may name.
    pub groups: Vec<String>,
    /// Whether this person may do anything at all now.
    pub active: bool,
    /// Names by which systems know this person.
    pub known_as: Vec<String>,
    /// Keys.
    pub keys: Vec<MemberKey>,
}

/// A key of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberKey {
    /// The key.
    pub key: PublicKey,
    /// How sure it is that the person signs: 1 a key in the desktop's keychain, 2 one that an agent
    /// or KMS keeps, 3 one that asks for a touch.
    pub assurance: u8,
}

/// A document that is no roster.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a roster: {0}")]
pub struct NotARoster(pub String);

impl Roster {
    /// Writes the document. Call once; keep the bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("a roster has only text keys and plain values")
    }

    /// Reads a document and checks that it makes sense.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotARoster> {
        strict::check(bytes).map_err(|error| NotARoster(error.to_string()))?;
        let roster: Self =
            serde_json::from_slice(bytes).map_err(|error| NotARoster(error.to_string()))?;
        roster.check()?;
        Ok(roster)
    }

    /// Somebody by id.
    pub fn member(&self, id: &PersonId) -> Option<&Member> {
        self.people.iter().find(|member| &member.id == id)
    }

    /// Whose key it is.
    pub fn holder(&self, key_id: &str) -> Option<(&Member, &MemberKey)> {
        self.people.iter().find_map(|member| {
            let key = member.keys.iter().find(|key| key.key.id() == key_id)?;
            Some((member, key))
        })
    }

    /// Every key by its id, as places of the person and of the key; the first one counts.
    pub(crate) fn places(&self) -> BTreeMap<String, (usize, usize)> {
        let mut places = BTreeMap::new();
        for (person, member) in self.people.iter().enumerate() {
            for (at, key) in member.keys.iter().enumerate() {
                places.entry(key.key.id()).or_insert((person, at));
            }
        }
        places
    }

    /// Whether somebody may sign for rosters and revocations.
    pub fn is_admin(&self, id: &PersonId) -> bool {
        self.admins.people.contains(id)
    }

    fn check(&self) -> Result<(), NotARoster> {
        let wrong = |reason: String| Err(NotARoster(reason));
        if self.schema != SCHEMA {
            return wrong(format!("its schema is `{}`", self.schema));
        }
        if (self.version == 1) != self.previous.is_none() || self.version == 0 {
            return wrong("only version 1 has no roster before it".into());
        }
        let mut ids = BTreeSet::new();
        let mut keys = BTreeSet::new();
        for member in &self.people {
            if !ids.insert(&member.id) {
                return wrong(format!("{} is there twice", member.id));
            }
            for key in &member.keys {
                if let Err(error) = key.key.check() {
                    return wrong(format!("a key of {}: {error}", member.id));
                }
                if !keys.insert(key.key.id()) {
                    return wrong(format!("a key of {} is there twice", member.id));
                }
                let most = key.key.most_assurance();
                if key.assurance == 0 || key.assurance > most {
                    return wrong(format!(
                        "a {} key of {} has assurance {}; 1 to {most} is possible",
                        key.key.kind.word(),
                        member.id,
                        key.assurance
                    ));
                }
            }
        }
        let admins: BTreeSet<_> = self.admins.people.iter().collect();
        if admins.len() != self.admins.people.len() {
            return wrong("an administrator is there twice".into());
        }
        let able = admins.iter().filter(|id| {
            self.member(id)
                .is_some_and(|member| member.active && !member.keys.is_empty())
        });
        let able = u32::try_from(able.count()).unwrap_or(u32::MAX);
        if self.admins.threshold == 0 || self.admins.threshold > able {
            return wrong(format!(
                "{} administrators have to sign, and {able} can",
                self.admins.threshold
            ));
        }
        Ok(())
    }
}

impl Member {
    /// What approval rules may name this person by: groups and the role word.
    pub fn named(&self) -> Vec<String> {
        let mut named = self.groups.clone();
        named.push(role_word(self.role).to_owned());
        named
    }

    /// The person without keys.
    pub fn person(&self) -> Person {
        Person {
            id: self.id.clone(),
            name: self.name.clone(),
            role: self.role,
            known_as: self.known_as.clone(),
        }
    }
}

/// The role as approval rules write it.
pub const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Developer => "developer",
        Role::Lead => "lead",
        Role::ReleaseManager => "release-manager",
    }
}
