//! Published logs, good and bad, with what a verifier has to say of each.
//!
//! They lie in `docs/ledger/vectors`, and the verifier of others is held to them as well
//! (`tests/conformance/ledger`). `INTERLOCK_WRITE_VECTORS=1` makes them anew.

use crate::{
    support::{Bank, approval, claim, key_of, manifest, person, request, roster},
    tampering::rechained,
};
use aws_lc_rs::{
    encoding::{AsDer as _, PublicKeyX509Der},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use interlock_domain::Digest;
use interlock_ledger::{
    Ledger, Predicate, SignError, Signer,
    export::{self, ExportedLog},
    key::PublicKey,
    leaf::Leaf,
    roster::MemberKey,
    ssh,
};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/ledger/vectors")
}

/// An OpenSSH key in this process.
struct SshKey(Ed25519KeyPair, PublicKey);

impl SshKey {
    fn new(seed: u8) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let blob = [text(b"ssh-ed25519"), text(pair.public_key().as_ref())].concat();
        let key = PublicKey::ssh(&format!("ssh-ed25519 {}", STANDARD.encode(blob))).unwrap();
        Self(pair, key)
    }
}

impl Signer for SshKey {
    fn key(&self) -> &PublicKey {
        &self.1
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = self.0.sign(&ssh::to_sign(message));
        let answer = [text(b"ssh-ed25519"), text(signature.as_ref())].concat();
        Ok(ssh::wrap(&self.1.public, &answer).unwrap())
    }
}

/// A key as KMS keeps one.
struct P256(EcdsaKeyPair, PublicKey);

impl P256 {
    fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let der: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
        let key = PublicKey::ecdsa_p256(der.as_ref());
        Self(pair, key)
    }
}

impl Signer for P256 {
    fn key(&self) -> &PublicKey {
        &self.1
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = self.0.sign(&SystemRandom::new(), message).unwrap();
        Ok(signature.as_ref().to_vec())
    }
}

fn text(bytes: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
    out.extend_from_slice(bytes);
    out
}

/// Two rosters, keys of every kind, approvals that count and some that do not, a revoked key.
fn told() -> Bank {
    let bank = Bank::empty();
    let (luis, ines) = (SshKey::new(4), P256::new());
    let mut first = roster();
    for (id, key) in [("luis", luis.key()), ("ines", ines.key())] {
        let member = first
            .people
            .iter_mut()
            .find(|it| it.id == person(id))
            .unwrap();
        member.keys = vec![MemberKey {
            key: key.clone(),
            assurance: 2,
        }];
    }
    bank.enrol(&first, &["omar"]);
    let digest = bank.ask(&manifest(1, 2));
    let say = |actor: &str, key: &dyn Signer, predicate: Predicate| {
        bank.append(&bank.statement(Some("PR-1"), digest, actor, predicate), key)
    };
    say("luis", &luis, approval());
    say("ana", &key_of("ana"), approval());
    say("ines", &ines, approval());
    // Signed with another's key, and with one of nobody.
    say("ines", &luis, approval());
    say("mallory", &key_of("mallory"), approval());
    let mut second = first.clone();
    second.version = 2;
    second.previous = Some(Digest::of(&first.to_bytes()));
    second.admins.people.push(person("rita"));
    second.admins.threshold = 2;
    bank.enrol(&second, &["omar", "rita"]);
    let mut elsewhere = second.clone();
    elsewhere.version = 3;
    elsewhere.previous = Some(Digest::of(&second.to_bytes()));
    elsewhere.log = "elsewhere".into();
    bank.enrol(&elsewhere, &["omar", "rita"]);
    say("ana", &key_of("ana"), claim(1));
    let key = key_of("eva").key().id();
    let revocation = Predicate::Revocation {
        from_seq: 3,
        reason: "laptop stolen".into(),
        key: key.clone(),
    };
    let about = Digest::of(key.as_bytes());
    bank.append(
        &bank.statement(None, about, "rita", revocation),
        &key_of("rita"),
    );
    say("eva", &key_of("eva"), request());
    bank
}

fn leaf(bytes: &[u8]) -> Leaf {
    serde_json::from_slice(bytes).unwrap()
}

fn with_payload(bytes: &[u8], change: impl Fn(String) -> String) -> Vec<u8> {
    let mut one = leaf(bytes);
    let text = String::from_utf8(one.inner.payload().unwrap()).unwrap();
    one.inner.payload = STANDARD.encode(change(text));
    one.to_bytes()
}

type Change = fn(&mut Vec<Vec<u8>>);

/// The logs, by name: what was done to a copy of the good one.
const LOGS: [(&str, Change); 15] = [
    ("good", |_| {}),
    ("cut-at-the-end", |it| it.truncate(9)),
    ("words-changed", |it| {
        it[4] = with_payload(&it[4], |text| text.replace("luis", "ines"));
    }),
    ("signature-of-another-entry", |it| {
        let mut one = leaf(&it[6]);
        let other = leaf(&it[4]);
        one.inner.signatures[0]
            .sig
            .clone_from(&other.inner.signatures[0].sig);
        it[6] = one.to_bytes();
    }),
    ("signature-taken-off", |it| {
        let mut one = leaf(&it[4]);
        one.inner.signatures.clear();
        it[4] = one.to_bytes();
    }),
    ("signature-twice", |it| {
        let mut one = leaf(&it[4]);
        let again = one.inner.signatures[0].clone();
        one.inner.signatures.push(again);
        it[4] = one.to_bytes();
    }),
    ("entry-taken-out", |it| {
        it.remove(3);
    }),
    ("entries-exchanged", |it| it.swap(4, 5)),
    ("entry-twice", |it| {
        let one = it[5].clone();
        it.insert(6, one);
    }),
    ("time-changed", |it| {
        let mut one = leaf(&it[3]);
        one.written_at = "2026-01-01T00:00:00Z".parse().unwrap();
        it[3] = one.to_bytes();
    }),
    ("no-entry", |it| it[3] = b"{\"v\":1,\"v\":1}".to_vec()),
    ("taken-out-and-committed-anew", |it| {
        it.remove(5);
        rechained(it);
    }),
    ("changed-and-committed-anew", |it| {
        it[4] = with_payload(&it[4], |text| text.replace("luis", "ines"));
        rechained(it);
    }),
    ("re-encoded-and-committed-anew", |it| {
        let last = it.len() - 1;
        it[last] = with_payload(&it[last], |text| text.replace("\"kind\":", "\"kind\": "));
        rechained(it);
    }),
    ("said-again", |it| {
        let again = it[4].clone();
        it.push(again);
        rechained(it);
    }),
];

/// What this program says of an export.
fn report(export: &Path) -> Value {
    let store = ExportedLog::open(export);
    let origin = store.origin().unwrap().unwrap_or_default();
    let ledger = Ledger::new(Arc::new(store), origin);
    let found = ledger.verify().unwrap();
    let ignored: Vec<u64> = found.ignored.iter().map(|(seq, _)| *seq).collect();
    json!({
        "size": found.size,
        "root": found.root.to_string(),
        "broken": found.broken.map(|(seq, _)| seq),
        "ignored": ignored,
        "roster": ledger.authority().unwrap().roster().map(|it| it.version),
    })
}

fn write() {
    let bank = told();
    let good = tempfile::tempdir().unwrap();
    export::export(&bank.ledger, good.path()).unwrap();
    let leaves = bank.ledger.leaves().unwrap();
    for (name, change) in LOGS {
        let at = folder().join(name);
        if at.exists() {
            fs::remove_dir_all(&at).unwrap();
        }
        fs::create_dir_all(at.join(export::DOCUMENTS)).unwrap();
        for document in fs::read_dir(good.path().join(export::DOCUMENTS)).unwrap() {
            let document = document.unwrap();
            let to = at.join(export::DOCUMENTS).join(document.file_name());
            fs::copy(document.path(), to).unwrap();
        }
        let mut changed = leaves.clone();
        change(&mut changed);
        let lines: Vec<u8> = changed
            .into_iter()
            .flat_map(|mut leaf| {
                leaf.push(b'\n');
                leaf
            })
            .collect();
        fs::write(at.join(export::LOG), lines).unwrap();
        let expected = serde_json::to_string_pretty(&report(&at)).unwrap();
        fs::write(at.join("expected.json"), expected + "\n").unwrap();
    }
}

#[test]
fn every_published_log_is_judged_as_published() {
    if std::env::var_os("INTERLOCK_WRITE_VECTORS").is_some() {
        write();
    }
    for (name, _) in LOGS {
        let at = folder().join(name);
        let expected = fs::read_to_string(at.join("expected.json")).unwrap();
        let expected: Value = serde_json::from_str(&expected).unwrap();
        assert_eq!(report(&at), expected, "{name}");
        let is_broken = !expected["broken"].is_null();
        // Three of them a log alone cannot tell from an honest one.
        let is_quiet = [
            "good",
            "cut-at-the-end",
            "re-encoded-and-committed-anew",
            "said-again",
        ];
        assert_eq!(is_broken, !is_quiet.contains(&name), "{name}");
    }
}

#[test]
fn an_export_reads_back_and_ssh_keygen_takes_its_signatures() {
    let bank = told();
    let folder = tempfile::tempdir().unwrap();
    let written = export::export(&bank.ledger, folder.path()).unwrap();
    assert_eq!(written.ssh, 1, "{written:?}");
    let size = report(folder.path())["size"].as_u64();
    assert_eq!(size, Some(written.leaves as u64));
    let ssh = folder.path().join(export::SSH);
    let verify = |identity: &str, message: &str| {
        std::process::Command::new("ssh-keygen")
            .args([
                "-Y",
                "verify",
                "-f",
                "allowed_signers",
                "-n",
                ssh::NAMESPACE,
            ])
            .args(["-I", identity, "-s", "000004.sig"])
            .current_dir(&ssh)
            .stdin(fs::File::open(ssh.join(message)).unwrap())
            .output()
            .expect("ssh-keygen runs")
    };
    let good = verify("luis", "000004.signed");
    assert!(
        good.status.success(),
        "{}",
        String::from_utf8_lossy(&good.stderr)
    );
    assert!(!verify("ana", "000004.signed").status.success());
    assert!(!verify("luis", "allowed_signers").status.success());
}
