//! Redaction: e-mail addresses, comments and parameter values give way to salted digests.
//!
//! The salt is made of the promotion's own leaves, which a redacted dossier leaves out: each of them
//! has a random number of 128 bits in it. Who has the ledger can make the digests again and match
//! them; who has only the dossier cannot try out addresses. Names and ids of persons stay.

use crate::{facts::Facts, said};
use interlock_domain::manifest::{Delivery, Manifest};
use sha2::{Digest as _, Sha256};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

/// Whom a dossier is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Whoever may see the ledger: nothing is left out.
    Full,
    /// Others: see [`Profile::Redacted`]'s list in the index.
    Redacted,
}

/// What is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// An e-mail address.
    Email,
    /// What somebody wrote freely: comments and reasons.
    Comment,
    /// The value of a parameter.
    Value,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 3] = [Self::Email, Self::Comment, Self::Value];

    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Email => "e-mail address",
            Self::Comment => "comment",
            Self::Value => "parameter value",
        }
    }
}

/// A value shorter than this is not looked for inside of other texts: it would be found everywhere.
const SHORTEST: usize = 4;

/// Replaces what is not to be told, and remembers what it replaced.
pub struct Redactor {
    salt: Option<[u8; 32]>,
    /// What is looked for in texts of the program, longest first.
    known: Vec<(Class, String)>,
    log: RefCell<BTreeMap<(Class, String), BTreeSet<String>>>,
}

impl Redactor {
    /// The redactor of a profile.
    pub fn new(facts: &Facts, profile: Profile) -> Self {
        let (salt, known) = match profile {
            Profile::Full => (None, Vec::new()),
            Profile::Redacted => (Some(salt(facts)), known(facts)),
        };
        Self {
            salt,
            known,
            log: RefCell::default(),
        }
    }

    /// Whether anything is replaced.
    pub const fn is_on(&self) -> bool {
        self.salt.is_some()
    }

    /// A comment or a reason that stands in a place.
    pub fn comment(&self, place: &str, text: &str) -> String {
        self.replaced(Class::Comment, place, text)
    }

    /// The value of a parameter that stands in a place.
    pub fn value(&self, place: &str, text: &str) -> String {
        self.replaced(Class::Value, place, text)
    }

    /// A text without comments or values of its own, such as a name: e-mail addresses are replaced.
    pub fn name(&self, place: &str, text: &str) -> String {
        if self.salt.is_none() {
            return text.to_owned();
        }
        let mut told = String::new();
        let mut rest = text;
        while let Some((start, end)) = next_email(rest) {
            told.push_str(&rest[..start]);
            told.push_str(&self.replaced(Class::Email, place, &rest[start..end]));
            rest = &rest[end..];
        }
        told + rest
    }

    /// A text that the program wrote: whatever is known to be a comment or a value is replaced in it
    /// as well.
    pub fn text(&self, place: &str, text: &str) -> String {
        let mut told = text.to_owned();
        for (class, known) in &self.known {
            if told.contains(known.as_str()) {
                let token = self.replaced(*class, place, known);
                told = told.replace(known.as_str(), &token);
            }
        }
        self.name(place, &told)
    }

    /// Whether bytes hold something that would be replaced.
    pub fn would_change(&self, bytes: &[u8]) -> bool {
        let text = String::from_utf8_lossy(bytes);
        next_email(&text).is_some() || self.known.iter().any(|(_, known)| text.contains(known))
    }

    /// What was replaced so far: class, digest, places.
    pub fn log(&self) -> Vec<(Class, String, Vec<String>)> {
        let log = self.log.borrow();
        let rows = log.iter().map(|((class, token), places)| {
            (*class, token.clone(), places.iter().cloned().collect())
        });
        rows.collect()
    }

    fn replaced(&self, class: Class, place: &str, text: &str) -> String {
        let Some(salt) = self.salt.filter(|_| !text.is_empty()) else {
            return text.to_owned();
        };
        let hash = Sha256::new()
            .chain_update(salt)
            .chain_update(text)
            .finalize();
        let token = format!("redacted:{}", hex::encode(&hash[..12]));
        let mut log = self.log.borrow_mut();
        let places = log.entry((class, token.clone())).or_default();
        places.insert(place.to_owned());
        token
    }
}

/// SHA-256 of the promotion's leaves, each with its length before it.
fn salt(facts: &Facts) -> [u8; 32] {
    let mut hash = Sha256::new().chain_update(b"interlock/dossier/salt/v1\n");
    for leaf in facts
        .own_entries()
        .filter_map(|entry| facts.leaf(entry.seq))
    {
        hash.update((leaf.len() as u64).to_be_bytes());
        hash.update(leaf);
    }
    hash.finalize().into()
}

/// Every comment and value of the promotion that is long enough to be looked for.
fn known(facts: &Facts) -> Vec<(Class, String)> {
    let mut found = BTreeSet::new();
    for (_, manifest) in facts.manifests() {
        let values = values(&manifest).into_iter();
        found.extend(values.map(|value| (Class::Value, value)));
    }
    for entry in facts.own_entries() {
        if let Ok(statement) = &entry.statement {
            for (class, text) in said::sensitive(&statement.predicate) {
                found.insert((class, text));
            }
        }
    }
    let names: BTreeSet<String> = facts
        .manifests()
        .iter()
        .flat_map(|(_, manifest)| names(manifest))
        .collect();
    let mut found: Vec<_> = found.into_iter().collect();
    found.retain(|(class, text)| {
        let is_name = *class == Class::Value && names.contains(text);
        text.chars().count() >= SHORTEST && !is_name
    });
    found.sort_by(|(_, a), (_, b)| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    found
}

/// What says which promotion it is: that stays, although a parameter may have the same value.
fn names(manifest: &Manifest) -> Vec<String> {
    let mut names = vec![manifest.from.to_string(), manifest.to.to_string()];
    for service in &manifest.services {
        names.push(service.service.to_string());
        names.extend(service.version.clone());
        names.extend(service.commit.as_ref().map(ToString::to_string));
    }
    for (account, region, stack) in manifest.stacks() {
        names.extend([account.to_string(), region.to_string(), stack.to_string()]);
    }
    names
}

/// The values of every parameter of a manifest.
fn values(manifest: &Manifest) -> Vec<String> {
    let parts = manifest
        .services
        .iter()
        .map(|service| match &service.delivery {
            Delivery::CloudFormation { stacks } => stacks
                .iter()
                .flat_map(|stack| stack.parameters.values().cloned())
                .collect::<Vec<_>>(),
            Delivery::Jenkins { parameters, .. } => parameters.values().cloned().collect(),
        });
    parts.flatten().collect()
}

/// Where the first e-mail address of a text begins and ends.
fn next_email(text: &str) -> Option<(usize, usize)> {
    let is_local = |c: char| c.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let is_domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
    text.match_indices('@').find_map(|(at, _)| {
        let local = text[..at].chars().rev().take_while(|c| is_local(*c));
        let start = at - local.map(char::len_utf8).sum::<usize>();
        let domain = text[at + 1..].chars().take_while(|c| is_domain(*c));
        let end = at + 1 + domain.map(char::len_utf8).sum::<usize>();
        let host = &text[at + 1..end];
        // An image's digest is no address.
        let is_digest = matches!(host, "sha256" | "sha512") && text[end..].starts_with(':');
        (start < at && !host.is_empty() && !is_digest).then_some((start, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_wherever_they_stand() {
        let found = |text: &'static str| next_email(text).map(|(start, end)| &text[start..end]);
        assert_eq!(
            found("by Ana <ana.ruiz@bank.test>, "),
            Some("ana.ruiz@bank.test")
        );
        assert_eq!(
            found("x josé+1@büro.example."),
            Some("josé+1@büro.example.")
        );
        assert_eq!(
            found("arn:aws:sts::1:assumed-role/R/l@b"),
            Some("assumed-role/R/l@b")
        );
        assert_eq!(found("repo/image@sha256:0123"), None);
        assert_eq!(found("a @ b"), None);
        assert_eq!(found("@here and me@x"), Some("me@x"));
    }
}
