//! Keys of every kind: what they sign is checked by others, and what others signed is checked here.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use interlock_ledger::{
    Ed25519Signer, Signer as _,
    key::{BadSignature, PublicKey},
    ssh,
};
use std::{
    path::Path,
    process::{Command, Stdio},
};

/// Runs OpenSSH's own program. It is part of Debian's openssh-client, which `make test` installs.
fn ssh_keygen(folder: &Path, words: &[&str], input: Option<&Path>) -> (bool, String) {
    let stdin = match input {
        Some(path) => Stdio::from(std::fs::File::open(path).unwrap()),
        None => Stdio::null(),
    };
    let output = Command::new("ssh-keygen")
        .args(words)
        .current_dir(folder)
        .stdin(stdin)
        .output()
        .expect("ssh-keygen runs");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text.into_owned())
}

fn signed_by_ssh_keygen(kind: &str, namespace: &str, message: &[u8]) -> (PublicKey, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let made = ssh_keygen(
        path,
        &["-q", "-t", kind, "-N", "", "-C", "", "-f", "key"],
        None,
    );
    assert!(made.0, "{}", made.1);
    std::fs::write(path.join("message"), message).unwrap();
    let signed = ssh_keygen(
        path,
        &["-Y", "sign", "-n", namespace, "-f", "key", "message"],
        None,
    );
    assert!(signed.0, "{}", signed.1);
    let line = std::fs::read_to_string(path.join("key.pub")).unwrap();
    let armoured = std::fs::read_to_string(path.join("message.sig")).unwrap();
    let body: String = armoured
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    (
        PublicKey::ssh(&line).unwrap(),
        STANDARD.decode(body).unwrap(),
    )
}

#[test]
fn signatures_of_ssh_keygen_are_taken() {
    for kind in ["ed25519", "ecdsa"] {
        let (key, signature) = signed_by_ssh_keygen(kind, ssh::NAMESPACE, b"message");
        assert_eq!(key.verify(b"message", &signature), Ok(()), "{kind}");
        assert_eq!(
            key.verify(b"another", &signature),
            Err(BadSignature::Mismatch),
            "{kind}"
        );
        for at in 0..signature.len() {
            let mut changed = signature.clone();
            changed[at] ^= 1;
            assert!(
                key.verify(b"message", &changed).is_err(),
                "{kind}, byte {at}"
            );
        }
    }
}

#[test]
fn fault_40_a_signature_for_another_purpose_or_of_another_type_is_refused() {
    let (key, signature) = signed_by_ssh_keygen("ed25519", "git", b"message");
    assert_eq!(
        key.verify(b"message", &signature),
        Err(BadSignature::Namespace("git".into()))
    );
    // The same words in an envelope of another type have other signed bytes.
    let signer = Ed25519Signer::from_seed(&[1; 32]).unwrap();
    let other = signer.sign(b"DSSEv1 10 text/plain 2 {}").unwrap();
    let wanted = interlock_ledger::envelope::signed_bytes(b"{}");
    assert!(signer.key().verify(&wanted, &other).is_err());
}

#[test]
fn rsa_keys_are_refused_with_what_to_use_instead() {
    let folder = tempfile::tempdir().unwrap();
    let made = ssh_keygen(
        folder.path(),
        &["-q", "-t", "rsa", "-N", "", "-f", "key"],
        None,
    );
    assert!(made.0, "{}", made.1);
    let line = std::fs::read_to_string(folder.path().join("key.pub")).unwrap();
    let error = PublicKey::ssh(&line).unwrap_err().to_string();
    assert!(error.contains("use ed25519"), "{error}");
}

/// A security key as a program: signs as PROTOCOL.u2f says, with any flags.
fn by_security_key(flags: u8, message: &[u8]) -> (PublicKey, Vec<u8>) {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
    use interlock_domain::Digest;
    let pair = Ed25519KeyPair::from_seed_unchecked(&[5; 32]).unwrap();
    let text = |bytes: &[u8]| {
        let mut out = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
        out.extend_from_slice(bytes);
        out
    };
    let kind = b"sk-ssh-ed25519@openssh.com";
    let blob = [text(kind), text(pair.public_key().as_ref()), text(b"ssh:")].concat();
    let line = format!("sk-ssh-ed25519@openssh.com {}", STANDARD.encode(blob));
    let key = PublicKey::ssh(&line).unwrap();
    let counter = 7_u32.to_be_bytes();
    let signed = [
        Digest::of(b"ssh:").as_bytes().to_vec(),
        vec![flags],
        counter.to_vec(),
        Digest::of(&ssh::to_sign(message)).as_bytes().to_vec(),
    ]
    .concat();
    let answer = [
        text(kind),
        text(pair.sign(&signed).as_ref()),
        vec![flags],
        counter.to_vec(),
    ]
    .concat();
    (key, ssh::wrap(&line, &answer).unwrap())
}

#[test]
fn fault_41_a_security_key_that_nobody_touched_is_refused() {
    let (key, touched) = by_security_key(0x01, b"message");
    assert_eq!(key.verify(b"message", &touched), Ok(()));
    assert!(ssh::is_security_key(&key.public));
    let (key, untouched) = by_security_key(0x04, b"message");
    assert_eq!(
        key.verify(b"message", &untouched),
        Err(BadSignature::NoTouch)
    );
}

#[test]
fn a_key_has_one_id_whatever_its_comment() {
    let (key, _) = signed_by_ssh_keygen("ed25519", ssh::NAMESPACE, b"x");
    let commented = PublicKey::ssh(&format!("{} somebody@desk", key.public)).unwrap();
    assert_eq!(commented.id(), key.id());
    assert_eq!(key.id().len(), 32);
}
