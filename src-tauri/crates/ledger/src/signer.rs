//! Who signs: the port that keys of any kind stand behind.

use crate::key::PublicKey;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use std::fmt;

/// Why there is no signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The person, or who keeps the key, said no.
    #[error("the key did not sign: {reason}")]
    Refused {
        /// Reason.
        reason: String,
    },
    /// The key cannot be reached now.
    #[error("the key cannot be used now: {reason}")]
    Unavailable {
        /// Reason.
        reason: String,
    },
}

/// A private key, wherever it is kept.
pub trait Signer: Send + Sync {
    /// Its public half.
    fn key(&self) -> &PublicKey;
    /// Signs a message. May ask a person for a touch, or call a service.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;
    /// Says that the signatures are made in this process, by the very key that it names. Only the
    /// key of this module can say so; what agents and services sign is checked before it counts.
    fn vouches(&self) -> Option<Vouched> {
        None
    }
}

/// What only a key in this process can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vouched(());

/// A seed for a new key.
pub fn new_seed() -> [u8; 32] {
    let mut seed = [0; 32];
    aws_lc_rs::rand::fill(&mut seed).expect("the system gives random bytes");
    seed
}

/// An Ed25519 key in this process.
pub struct Ed25519Signer {
    pair: Ed25519KeyPair,
    key: PublicKey,
}

/// Bytes that are not an Ed25519 seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an Ed25519 key is 32 bytes")]
pub struct NotASeed;

impl Ed25519Signer {
    /// The key of a seed of 32 bytes.
    pub fn from_seed(seed: &[u8]) -> Result<Self, NotASeed> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| NotASeed)?;
        let public = pair
            .public_key()
            .as_ref()
            .try_into()
            .map_err(|_| NotASeed)?;
        Ok(Self {
            pair,
            key: PublicKey::ed25519(public),
        })
    }
}

impl Signer for Ed25519Signer {
    fn key(&self) -> &PublicKey {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        Ok(self.pair.sign(message).as_ref().to_vec())
    }

    fn vouches(&self) -> Option<Vouched> {
        Some(Vouched(()))
    }
}

impl fmt::Debug for Ed25519Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ed25519Signer({})", self.key.id())
    }
}
