//! The keys that people sign ledger entries with.
//!
//! On a practice estate everybody has a key that follows from their id: it protects nothing and is
//! the same in every process. A real person has one in the keychain, made when it is first needed,
//! or in `INTERLOCK_LEDGER_KEY` where there is no keychain; or one that an ssh-agent or AWS KMS keeps,
//! when this computer says so ([`crate::sign_with`]).

use crate::{
    credentials::{self, LEDGER_KEY},
    place,
    sign_with::{self, SignWith},
    signers::{AgentSigner, KmsKey, place_of},
};
use interlock_app::ports::{KeyRing, KeyUnavailable};
use interlock_app::{
    estate::{Bucket, LedgerPlace},
    ports::Clock,
};
use interlock_connect_aws::AwsAccess;
use interlock_domain::{Digest, PersonId, Secret};
use interlock_ledger::{Ed25519Signer, Signer, roster::MemberKey};
use interlock_practice::people;
use interlock_secrets::{EnvironmentSecrets, SshAgent};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

/// Keys of a practice estate.
pub(crate) struct PracticeKeys;

/// The key of the person at this desktop.
pub(crate) struct SessionKeys {
    environment: HashMap<String, String>,
    /// The estate's folder on this computer.
    folder: PathBuf,
    /// The team's bucket: keys in KMS are reached the same way.
    bucket: Option<Bucket>,
    clock: Arc<dyn Clock>,
    read: Mutex<Option<Arc<dyn Signer>>>,
}

fn practice_key(id: &str) -> Ed25519Signer {
    let seed = Digest::of(format!("practice key of {id}").as_bytes());
    Ed25519Signer::from_seed(seed.as_bytes()).expect("a digest has 32 bytes")
}

impl KeyRing for PracticeKeys {
    fn signer(&self, person: &PersonId) -> Result<Arc<dyn Signer>, KeyUnavailable> {
        Ok(Arc::new(practice_key(person.as_str())))
    }

    fn known(&self) -> Vec<(PersonId, MemberKey)> {
        let key = |person: &people::Person| {
            let id = PersonId::new(person.id).ok()?;
            let key = MemberKey {
                key: practice_key(person.id).key().clone(),
                assurance: 1,
            };
            Some((id, key))
        };
        people::people().iter().filter_map(key).collect()
    }
}

impl SessionKeys {
    pub(crate) fn new(
        environment: HashMap<String, String>,
        folder: PathBuf,
        place: &LedgerPlace,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            environment,
            folder,
            bucket: match place {
                LedgerPlace::Team { bucket, .. } => Some(bucket.clone()),
                LedgerPlace::Machine { .. } => None,
            },
            clock,
            read: Mutex::default(),
        }
    }

    fn key(&self) -> Result<Arc<dyn Signer>, KeyUnavailable> {
        Ok(match sign_with::chosen(&self.environment, &self.folder)? {
            SignWith::Keychain => Arc::new(self.of_keychain()?),
            SignWith::Agent(key) => Arc::new(AgentSigner::new(self.agent()?, key)?),
            SignWith::Kms(arn) => Arc::new(KmsKey::new(self.kms_access(&arn), &arn)?),
        })
    }

    fn agent(&self) -> Result<SshAgent, KeyUnavailable> {
        let socket = self.environment.get("SSH_AUTH_SOCK");
        match socket.filter(|socket| !socket.is_empty()) {
            Some(socket) => Ok(SshAgent::new(socket)),
            None => Err(KeyUnavailable {
                message: "no ssh-agent is known: SSH_AUTH_SOCK is not set".into(),
            }),
        }
    }

    fn kms_access(&self, arn: &str) -> AwsAccess {
        let (account, region) = place_of(arn).expect("a choice of KMS is an ARN");
        let clock = self.clock.clone();
        if let Some(bucket) = &self.bucket {
            return place::access(bucket, account, region, &self.environment, clock);
        }
        let mut access = AwsAccess::new(account, region, clock);
        access.access_key = crate::wiring::access_key(&self.environment);
        access
    }

    fn of_keychain(&self) -> Result<Ed25519Signer, KeyUnavailable> {
        let wrong = |message: String| KeyUnavailable { message };
        let variable = EnvironmentSecrets::variable(LEDGER_KEY);
        let held = credentials::of_session(&self.environment)
            .read(LEDGER_KEY)
            .map_err(|error| {
                wrong(format!(
                    "there is no key to sign the ledger with, and {variable} is not set: {error}"
                ))
            })?;
        let secret = match held {
            Some(secret) => secret,
            None => credentials::make_ledger_key().map_err(|error| {
                wrong(format!(
                    "a key to sign the ledger with cannot be kept, and {variable} is not set: {error}"
                ))
            })?,
        };
        signer_of(&secret).ok_or_else(|| {
            wrong(format!(
                "the key to sign the ledger with is not 64 hexadecimal digits ({variable}, or the \
                 keychain's `{LEDGER_KEY}`)"
            ))
        })
    }
}

fn signer_of(secret: &Secret) -> Option<Ed25519Signer> {
    let seed = hex::decode(secret.expose().trim()).ok()?;
    Ed25519Signer::from_seed(&seed).ok()
}

impl KeyRing for SessionKeys {
    fn signer(&self, _: &PersonId) -> Result<Arc<dyn Signer>, KeyUnavailable> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(signer) = read.as_ref() {
            return Ok(signer.clone());
        }
        let signer = self.key()?;
        *read = Some(signer.clone());
        Ok(signer)
    }

    fn known(&self) -> Vec<(PersonId, MemberKey)> {
        Vec::new()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn session(value: &str) -> SessionKeys {
        let environment = [("INTERLOCK_LEDGER_KEY".to_owned(), value.to_owned())];
        SessionKeys::new(
            HashMap::from(environment),
            PathBuf::from("/nowhere"),
            &LedgerPlace::Machine { log: "test".into() },
            Arc::new(crate::clock::HostClock::new(None)),
        )
    }

    #[test]
    fn the_key_of_the_environment_signs() {
        let person = PersonId::new("ana").unwrap();
        let signer = session(&"07".repeat(32)).signer(&person).unwrap();
        let same = Ed25519Signer::from_seed(&[7; 32]).unwrap();
        assert_eq!(signer.key(), same.key());
    }

    #[test]
    fn a_key_that_is_none_is_named_and_not_shown() {
        let person = PersonId::new("ana").unwrap();
        let error = session("hunter2").signer(&person).err().unwrap();
        assert!(error.message.contains("INTERLOCK_LEDGER_KEY"), "{error}");
        assert!(!error.message.contains("hunter2"), "{error}");
    }

    #[test]
    fn everybody_of_the_practice_bank_has_a_key_of_their_own() {
        let keys = PracticeKeys.known();
        assert_eq!(keys.len(), people::people().len());
        let ids: std::collections::BTreeSet<_> = keys.iter().map(|(_, key)| key.key.id()).collect();
        assert_eq!(ids.len(), keys.len());
    }
}
