//! Public keys of persons, and whether a signature is theirs.

use crate::ssh;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ED25519, UnparsedPublicKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use interlock_domain::Digest;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A public key as the roster writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicKey {
    /// What kind it is.
    pub kind: KeyKind,
    /// The key: base64 of 32 bytes (`ed25519`), the line of an OpenSSH `.pub` file without its
    /// comment (`ssh`), base64 of a DER SubjectPublicKeyInfo (`ecdsa-p256`).
    pub public: String,
}

/// Kinds of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// Ed25519, signature of 64 bytes over the message.
    Ed25519,
    /// An OpenSSH key, signature as `ssh-keygen -Y sign` writes it (without armour).
    Ssh,
    /// ECDSA on P-256 with SHA-256, signature in DER: what AWS KMS signs with.
    EcdsaP256,
}

impl KeyKind {
    /// The word in documents.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Ssh => "ssh",
            Self::EcdsaP256 => "ecdsa-p256",
        }
    }
}

/// Why a signature does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// The public key cannot be read.
    #[error("the public key cannot be read: {0}")]
    Key(String),
    /// The signature is of no shape that this kind of key has.
    #[error("the signature cannot be read: {0}")]
    Shape(String),
    /// It was made for another purpose.
    #[error("the signature was made for `{0}`")]
    Namespace(String),
    /// Nobody touched the security key.
    #[error("the security key was not touched")]
    NoTouch,
    /// It is not this key's signature of this message.
    #[error("the signature does not fit")]
    Mismatch,
}

impl PublicKey {
    /// An Ed25519 key.
    pub fn ed25519(bytes: [u8; 32]) -> Self {
        Self {
            kind: KeyKind::Ed25519,
            public: STANDARD.encode(bytes),
        }
    }

    /// An OpenSSH key from the line of a `.pub` file; a comment is left out.
    pub fn ssh(line: &str) -> Result<Self, BadSignature> {
        let mut words = line.split_whitespace();
        let (Some(algorithm), Some(blob)) = (words.next(), words.next()) else {
            return Err(BadSignature::Key("an OpenSSH key has two words".into()));
        };
        let key = Self {
            kind: KeyKind::Ssh,
            public: format!("{algorithm} {blob}"),
        };
        key.check()?;
        Ok(key)
    }

    /// A key as people write it: the line of a `.pub` file, `ed25519 BASE64` or `ecdsa-p256 BASE64`
    /// (what [`PublicKey::line`] gives).
    pub fn read(text: &str) -> Result<Self, BadSignature> {
        let kind = match text.split_whitespace().next() {
            Some("ed25519") => KeyKind::Ed25519,
            Some("ecdsa-p256") => KeyKind::EcdsaP256,
            _ => return Self::ssh(text),
        };
        let words: Vec<_> = text.split_whitespace().collect();
        let [_, public] = words[..] else {
            return Err(BadSignature::Key(format!(
                "`{}` is followed by one word of base64",
                kind.word()
            )));
        };
        let key = Self {
            kind,
            public: public.to_owned(),
        };
        key.check()?;
        Ok(key)
    }

    /// The key in one line, as the estate file takes it.
    pub fn line(&self) -> String {
        match self.kind {
            KeyKind::Ssh => self.public.clone(),
            KeyKind::Ed25519 | KeyKind::EcdsaP256 => {
                format!("{} {}", self.kind.word(), self.public)
            }
        }
    }

    /// The most that a key of this kind can assure of who signs.
    pub fn most_assurance(&self) -> u8 {
        match self.kind {
            KeyKind::Ed25519 => 1,
            KeyKind::Ssh if ssh::is_security_key(&self.public) => 3,
            KeyKind::Ssh | KeyKind::EcdsaP256 => 2,
        }
    }

    /// An ECDSA key from its DER SubjectPublicKeyInfo.
    pub fn ecdsa_p256(der: &[u8]) -> Self {
        Self {
            kind: KeyKind::EcdsaP256,
            public: STANDARD.encode(der),
        }
    }

    /// Its id: what signatures name it by.
    pub fn id(&self) -> String {
        let named = format!("{}\n{}", self.kind.word(), self.public);
        Digest::of(named.as_bytes()).to_string()[..32].to_owned()
    }

    /// Whether it can be read.
    pub fn check(&self) -> Result<(), BadSignature> {
        match self.kind {
            KeyKind::Ed25519 if self.bytes()?.len() != 32 => {
                Err(BadSignature::Key("an Ed25519 key has 32 bytes".into()))
            }
            KeyKind::Ed25519 => Ok(()),
            KeyKind::EcdsaP256 => {
                let bytes = self.bytes()?;
                aws_lc_rs::signature::ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &bytes)
                    .map(|_| ())
                    .map_err(|_| BadSignature::Key("not a P-256 SubjectPublicKeyInfo".into()))
            }
            KeyKind::Ssh => ssh::check_key(&self.public),
        }
    }

    /// Whether a signature is this key's over a message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        match self.kind {
            KeyKind::Ed25519 => UnparsedPublicKey::new(&ED25519, self.bytes()?)
                .verify(message, signature)
                .map_err(|_| BadSignature::Mismatch),
            KeyKind::EcdsaP256 => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, self.bytes()?)
                .verify(message, signature)
                .map_err(|_| BadSignature::Mismatch),
            KeyKind::Ssh => ssh::verify(&self.public, message, signature),
        }
    }

    fn bytes(&self) -> Result<Vec<u8>, BadSignature> {
        STANDARD
            .decode(&self.public)
            .map_err(|_| BadSignature::Key("it is not base64".into()))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.public)
    }
}
