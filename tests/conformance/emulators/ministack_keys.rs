//! MiniStack: approvers' keys in KMS, whose signatures a library of others verifies.

use crate::arrange::{Bank, PROD, QA};
use crate::ministack_ledger::access;
use crate::peer::program;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use interlock_connect_aws::{KmsAlgorithm, KmsPublicKey, KmsSigner};
use interlock_domain::FaultKind;
use serde_json::json;
use std::path::Path;
use std::process::Command;

fn make_key(bank: &mut Bank, spec: &str) -> String {
    let order = json!({"KeySpec": spec, "KeyUsage": "SIGN_VERIFY"});
    let made = bank.boto.call(PROD, "kms", "create_key", order);
    made["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
}

fn signer(bank: &Bank, role: &str) -> KmsSigner {
    KmsSigner::new(access(&bank.peer.address, &bank.key, role)).unwrap()
}

/// Whether Python's `cryptography` accepts a signature.
fn verifies(key: &KmsPublicKey, message: &[u8], signature: &[u8]) -> bool {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/emulators/verify.py");
    let output = Command::new(program("python"))
        .arg(script)
        .args([&key.der[..], message, signature].map(|bytes| STANDARD.encode(bytes)))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() || told.contains("does not verify"),
        "{told}"
    );
    output.status.success()
}

#[test]
fn what_kms_signs_verifies_elsewhere_and_only_as_it_was_signed() {
    let mut bank = Bank::open();
    let signer = signer(&bank, "Releaser");
    for (spec, algorithm) in [
        ("ECC_NIST_P256", KmsAlgorithm::EcdsaP256Sha256),
        ("ECC_NIST_EDWARDS25519", KmsAlgorithm::Ed25519),
    ] {
        let arn = make_key(&mut bank, spec);
        let key = signer.public_key(&arn).unwrap();
        assert_eq!(key.algorithm, algorithm);
        for message in [
            &b"DSSEv1 28 application/vnd.in-toto+json 2 {}"[..],
            &[0xA5; 4096],
        ] {
            let signature = signer.sign(&arn, message).unwrap();
            assert!(verifies(&key, message, &signature), "{spec}");
            let mut other = message.to_vec();
            other[0] ^= 1;
            assert!(!verifies(&key, &other, &signature), "{spec}");
        }
    }
}

#[test]
fn keys_that_may_not_sign_say_why() {
    let mut bank = Bank::open();
    let arn = make_key(&mut bank, "ECC_NIST_P256");
    let allowed = signer(&bank, "Releaser");
    allowed.sign(&arn, b"x").unwrap();
    bank.boto
        .call(PROD, "kms", "disable_key", json!({"KeyId": arn}));
    let disabled = allowed.sign(&arn, b"x").unwrap_err();
    assert_eq!(disabled.kind, FaultKind::Refused);
    assert!(disabled.message.contains("is disabled"), "{disabled:?}");
    let denied = signer(&bank, "Nothing").sign(&arn, b"x").unwrap_err();
    assert_eq!(denied.kind, FaultKind::Forbidden);
    assert!(
        denied.message.contains("ana.ruiz (role Nothing)"),
        "{denied:?}"
    );
    let missing = format!("arn:aws:kms:us-east-1:{PROD}:key/11111111-2222-3333-4444-555555555555");
    let missing = allowed.sign(&missing, b"x").unwrap_err();
    assert_eq!(missing.kind, FaultKind::NotFound, "{missing:?}");
    let mut access = access(&bank.peer.address, &bank.key, "Releaser");
    access.role = Some(format!("arn:aws:iam::{QA}:role/Releaser"));
    let wrong = KmsSigner::new(access)
        .unwrap()
        .sign(&arn, b"x")
        .unwrap_err();
    assert_eq!(wrong.kind, FaultKind::WrongAccount, "{wrong:?}");
}

#[test]
fn a_login_that_ran_out_cannot_sign() {
    let mut bank = Bank::open();
    let arn = make_key(&mut bank, "ECC_NIST_P256");
    let role = format!("arn:aws:iam::{PROD}:role/Releaser");
    let short = json!({"RoleArn": role, "RoleSessionName": "ana.ruiz", "DurationSeconds": 6});
    let given = bank.boto.sts(&bank.key, "assume_role", short);
    let key = crate::arrange::access_key(&given["Credentials"]);
    let mut access = access(&bank.peer.address, &key, "Releaser");
    access.role = None;
    let signer = KmsSigner::new(access).unwrap();
    signer.sign(&arn, b"x").unwrap();
    std::thread::sleep(std::time::Duration::from_secs(7));
    let expired = signer.sign(&arn, b"x").unwrap_err();
    assert_eq!(expired.kind, FaultKind::Expired, "{expired:?}");
}
