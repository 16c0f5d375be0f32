//! OpenSSH keys, and signatures as `ssh-keygen -Y sign` makes them.
//!
//! The format is OpenSSH's PROTOCOL.sshsig; security keys are signed for as PROTOCOL.u2f says. Anybody
//! can check such a signature with `ssh-keygen -Y verify -n interlock-ledger`.

use crate::key::BadSignature;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey, VerificationAlgorithm,
};
use interlock_domain::Digest;
use ssh_encoding::{Decode as _, Encode as _};
use ssh_key::{
    HashAlg, Mpint, PublicKey as SshPublicKey, SshSig,
    public::{EcdsaPublicKey, KeyData},
};

/// What signatures are made for: one that was made for anything else counts for nothing.
pub const NAMESPACE: &str = "interlock-ledger";

/// The bit that a security key sets when somebody touched it.
const USER_PRESENT: u8 = 0x01;

/// Flags and counter behind a security key's signature.
const TRAILER: usize = 5;

/// Whether a line is an OpenSSH key of a kind that can be verified.
pub(crate) fn check_key(line: &str) -> Result<(), BadSignature> {
    match read_key(line)?.key_data() {
        KeyData::Ed25519(_)
        | KeyData::SkEd25519(_)
        | KeyData::SkEcdsaSha2NistP256(_)
        | KeyData::Ecdsa(EcdsaPublicKey::NistP256(_)) => Ok(()),
        other => Err(BadSignature::Key(format!(
            "{} keys are not taken: use ed25519 or ecdsa on nistp256, on a security key or not",
            other.algorithm()
        ))),
    }
}

/// Whether an OpenSSH key needs a touch for each signature.
pub fn is_security_key(line: &str) -> bool {
    read_key(line).is_ok_and(|key| {
        matches!(
            key.key_data(),
            KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_)
        )
    })
}

/// What an agent is asked to sign for a message.
pub fn to_sign(message: &[u8]) -> Vec<u8> {
    SshSig::signed_data(NAMESPACE, HashAlg::Sha512, message).expect("the name space is not empty")
}

/// Wraps what an agent answered (a signature in SSH's wire format) as `ssh-keygen -Y sign` would.
pub fn wrap(line: &str, answer: &[u8]) -> Result<Vec<u8>, BadSignature> {
    let key = read_key(line)?;
    let mut reader = answer;
    let signature = ssh_key::Signature::decode(&mut reader)
        .map_err(|error| BadSignature::Shape(error.to_string()))?;
    let wrapped = SshSig::new(
        key.key_data().clone(),
        NAMESPACE,
        HashAlg::Sha512,
        signature,
    )
    .map_err(|error| BadSignature::Shape(error.to_string()))?;
    let mut bytes = Vec::new();
    wrapped
        .encode(&mut bytes)
        .map_err(|error| BadSignature::Shape(error.to_string()))?;
    Ok(bytes)
}

/// Whether a signature is of this key over a message.
pub(crate) fn verify(line: &str, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
    let key = read_key(line)?;
    let mut reader = signature;
    let read = SshSig::decode(&mut reader).map_err(|e| BadSignature::Shape(e.to_string()))?;
    // One signature has one spelling: lengths that do not fit are passed over by the reader.
    let mut again = Vec::new();
    if read.version() != SshSig::VERSION
        || !reader.is_empty()
        || read.encode(&mut again).is_err()
        || again != signature
    {
        return Err(BadSignature::Shape(
            "it is not written as OpenSSH does".into(),
        ));
    }
    if read.namespace() != NAMESPACE {
        return Err(BadSignature::Namespace(read.namespace().to_owned()));
    }
    if read.public_key() != key.key_data() {
        return Err(BadSignature::Mismatch);
    }
    let signed = SshSig::signed_data(NAMESPACE, read.hash_alg(), message)
        .map_err(|error| BadSignature::Shape(error.to_string()))?;
    let bytes = read.signature().as_bytes();
    if read.signature().algorithm() != key.algorithm() {
        return Err(BadSignature::Mismatch);
    }
    match key.key_data() {
        KeyData::Ed25519(public) => check(&ED25519, &public.0, &signed, bytes),
        KeyData::Ecdsa(EcdsaPublicKey::NistP256(point)) => {
            let mut rest = bytes;
            let fixed = fixed(&mut rest)?;
            if !rest.is_empty() {
                return Err(BadSignature::Shape("there is more behind it".into()));
            }
            check(&ECDSA_P256_SHA256_FIXED, point.as_bytes(), &signed, &fixed)
        }
        KeyData::SkEd25519(key) => {
            let (bytes, trailer) = split(bytes)?;
            let signed = by_security_key(key.application(), trailer, &signed)?;
            check(&ED25519, &key.public_key().0, &signed, bytes)
        }
        KeyData::SkEcdsaSha2NistP256(key) => {
            let mut rest = bytes;
            let fixed = fixed(&mut rest)?;
            let signed = by_security_key(key.application(), trailer(rest)?, &signed)?;
            let point = key.ec_point().as_bytes();
            check(&ECDSA_P256_SHA256_FIXED, point, &signed, &fixed)
        }
        _ => Err(BadSignature::Key("its kind is not taken".into())),
    }
}

fn read_key(line: &str) -> Result<SshPublicKey, BadSignature> {
    SshPublicKey::from_openssh(line).map_err(|error| BadSignature::Key(error.to_string()))
}

fn check(
    algorithm: &'static dyn VerificationAlgorithm,
    public: &[u8],
    signed: &[u8],
    signature: &[u8],
) -> Result<(), BadSignature> {
    UnparsedPublicKey::new(algorithm, public)
        .verify(signed, signature)
        .map_err(|_| BadSignature::Mismatch)
}

/// The two numbers of an ECDSA signature, 32 bytes each.
fn fixed(reader: &mut &[u8]) -> Result<[u8; 64], BadSignature> {
    let mut both = [0; 64];
    for half in both.chunks_exact_mut(32) {
        let number = Mpint::decode(reader).map_err(|e| BadSignature::Shape(e.to_string()))?;
        let bytes = number
            .as_positive_bytes()
            .filter(|bytes| bytes.len() <= 32)
            .ok_or_else(|| BadSignature::Shape("a number of it is out of range".into()))?;
        half[32 - bytes.len()..].copy_from_slice(bytes);
    }
    Ok(both)
}

fn split(bytes: &[u8]) -> Result<(&[u8], [u8; TRAILER]), BadSignature> {
    let at = bytes.len().checked_sub(TRAILER);
    let at = at.ok_or_else(|| BadSignature::Shape("it is too short".into()))?;
    let (signature, rest) = bytes.split_at(at);
    Ok((signature, trailer(rest)?))
}

fn trailer(bytes: &[u8]) -> Result<[u8; TRAILER], BadSignature> {
    bytes
        .try_into()
        .map_err(|_| BadSignature::Shape("flags and counter are not five bytes".into()))
}

/// What a security key signs: application, flags, counter and the data, the outer two as digests.
fn by_security_key(
    application: &str,
    trailer: [u8; TRAILER],
    signed: &[u8],
) -> Result<Vec<u8>, BadSignature> {
    if trailer[0] & USER_PRESENT == 0 {
        return Err(BadSignature::NoTouch);
    }
    let mut bytes = Digest::of(application.as_bytes()).as_bytes().to_vec();
    bytes.extend_from_slice(&trailer);
    bytes.extend_from_slice(Digest::of(signed).as_bytes());
    Ok(bytes)
}
