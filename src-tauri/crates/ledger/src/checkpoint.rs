//! Checkpoints: what somebody saw of a log, as a signed note to keep elsewhere.
//!
//! The text is C2SP's tlog-checkpoint, the signature that of a C2SP signed note with an Ed25519 key.
//! A checkpoint in an e-mail, a merge request or a build log makes a log that was cut or rewritten
//! evident, which the log alone cannot.

use crate::{
    key::{KeyKind, PublicKey},
    leaf::Head,
    signer::{SignError, Signer},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use interlock_domain::Digest;
use sha2::{Digest as _, Sha256};

/// Signature type of Ed25519 in signed notes.
const ED25519: u8 = 0x01;

/// What was seen of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log.
    pub origin: String,
    /// Size and root.
    pub head: Head,
}

/// A note that is no checkpoint, or not one of this key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadCheckpoint {
    /// It is not a signed note with a checkpoint in it.
    #[error("not a checkpoint: {0}")]
    Shape(&'static str),
    /// It is not signed by this key.
    #[error("it carries no signature of that key")]
    Unsigned,
    /// The key cannot sign checkpoints.
    #[error("checkpoints are signed with ed25519 keys, and this is a key of kind {0}")]
    Kind(&'static str),
    /// The key did not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        let root = STANDARD.encode(self.head.root.as_bytes());
        format!("{}\n{}\n{root}\n", self.origin, self.head.size)
    }

    /// The note, signed under a name without spaces and plus signs.
    pub fn sign(&self, name: &str, signer: &dyn Signer) -> Result<String, BadCheckpoint> {
        let key = signer.key();
        let text = self.text();
        let mut signature = hint(name, &public(key)?).to_vec();
        signature.extend(signer.sign(text.as_bytes())?);
        Ok(format!(
            "{text}\n\u{2014} {name} {}\n",
            STANDARD.encode(signature)
        ))
    }

    /// Reads a note and checks that a key signed it under a name.
    pub fn read(note: &str, name: &str, key: &PublicKey) -> Result<Self, BadCheckpoint> {
        let split = note
            .rfind("\n\n")
            .ok_or(BadCheckpoint::Shape("it has no signatures"))?;
        let (text, signatures) = (&note[..=split], &note[split + 2..]);
        let hint = hint(name, &public(key)?);
        let is_signed = signatures.lines().any(|line| {
            let mut words = line.strip_prefix("\u{2014} ").unwrap_or("").split(' ');
            let (Some(by), Some(bytes), None) = (words.next(), words.next(), words.next()) else {
                return false;
            };
            let Ok(bytes) = STANDARD.decode(bytes) else {
                return false;
            };
            by == name
                && bytes.starts_with(&hint)
                && key.verify(text.as_bytes(), &bytes[hint.len()..]).is_ok()
        });
        if !is_signed {
            return Err(BadCheckpoint::Unsigned);
        }
        Self::of_text(text)
    }

    fn of_text(text: &str) -> Result<Self, BadCheckpoint> {
        let mut lines = text.lines();
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(BadCheckpoint::Shape("it has not exactly three lines"));
        };
        let number = size
            .parse()
            .ok()
            .filter(|number: &u64| number.to_string() == size);
        let size = number.ok_or(BadCheckpoint::Shape("its size is not a number"))?;
        let root = STANDARD.decode(root).ok().and_then(|it| it.try_into().ok());
        let root = root.ok_or(BadCheckpoint::Shape("its root is not 32 bytes in base64"))?;
        Ok(Self {
            origin: origin.to_owned(),
            head: Head {
                size,
                root: Digest::from_bytes(root),
            },
        })
    }
}

fn public(key: &PublicKey) -> Result<Vec<u8>, BadCheckpoint> {
    if key.kind != KeyKind::Ed25519 {
        return Err(BadCheckpoint::Kind(key.kind.word()));
    }
    STANDARD
        .decode(&key.public)
        .map_err(|_| BadCheckpoint::Shape("the key is not base64"))
}

/// The four bytes that say which key a signature is of.
fn hint(name: &str, public: &[u8]) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(public)
        .finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::signer::Ed25519Signer;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            origin: "bank/ledger".into(),
            head: Head {
                size: 7,
                root: Digest::of(b"root"),
            },
        }
    }

    #[test]
    fn a_signed_note_reads_back_and_any_change_of_it_is_noticed() {
        let signer = Ed25519Signer::from_seed(&[7; 32]).unwrap();
        let note = checkpoint().sign("ana", &signer).unwrap();
        assert!(note.starts_with("bank/ledger\n7\n"), "{note}");
        assert_eq!(
            Checkpoint::read(&note, "ana", signer.key()),
            Ok(checkpoint())
        );
        assert!(Checkpoint::read(&note, "luis", signer.key()).is_err());
        let other = Ed25519Signer::from_seed(&[8; 32]).unwrap();
        assert!(Checkpoint::read(&note, "ana", other.key()).is_err());
        let (text, line) = note.rsplit_once(' ').unwrap();
        let signature = STANDARD.decode(line.trim()).unwrap();
        let key = STANDARD.decode(&signer.key().public).unwrap();
        assert!(signature.starts_with(&hint("ana", &key)));
        // A line that names another key of the same person is not looked at; nor is one too short.
        for other in [[&[0; 4], &signature[4..]].concat(), vec![0; 3]] {
            let other = format!("{text} {}\n", STANDARD.encode(other));
            assert_eq!(
                Checkpoint::read(&other, "ana", signer.key()),
                Err(BadCheckpoint::Unsigned)
            );
        }
        for nothing in ["", "\n\n", "\u{2014}\n\n"] {
            assert!(Checkpoint::read(nothing, "ana", signer.key()).is_err());
        }
        for at in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            let read = Checkpoint::read(&changed, "ana", signer.key());
            assert_ne!(
                read,
                Ok(Checkpoint {
                    origin: "x".into(),
                    ..checkpoint()
                })
            );
            // A changed signature line may still be read as unsigned; never as another checkpoint.
            assert!(
                read.is_err() || read == Ok(checkpoint()),
                "byte {at}: {read:?}"
            );
        }
    }

    #[test]
    fn the_published_example_of_a_signed_note_has_this_key_hint() {
        // PeterNeumann's key of the Go module note's documentation: name, hash c74f20a3, key bytes.
        let public = STANDARD
            .decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
            .unwrap();
        assert_eq!(public[0], ED25519);
        assert_eq!(hex::encode(hint("PeterNeumann", &public[1..])), "c74f20a3");
    }
}
