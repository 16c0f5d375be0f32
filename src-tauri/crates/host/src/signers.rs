//! Keys that others keep: the person's ssh-agent, and AWS KMS.

use interlock_app::ports::KeyUnavailable;
use interlock_connect_aws::{AwsAccess, KmsAlgorithm, KmsSigner};
use interlock_domain::{AccountId, ConnectorError, FaultKind, Region};
use interlock_ledger::{
    SignError, Signer,
    key::{KeyKind, PublicKey},
    ssh,
};
use interlock_secrets::{AgentError, SshAgent};

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A key in an agent.
pub(crate) struct AgentSigner {
    agent: SshAgent,
    key: PublicKey,
    blob: Vec<u8>,
}

impl AgentSigner {
    /// The key of an agent; it has to be there.
    pub(crate) fn new(agent: SshAgent, key: PublicKey) -> Result<Self, KeyUnavailable> {
        let blob = key.public.split(' ').nth(1);
        let blob = blob.and_then(|blob| STANDARD.decode(blob).ok());
        let (KeyKind::Ssh, Some(blob)) = (key.kind, blob) else {
            return Err(unavailable("an ssh-agent signs with OpenSSH keys only"));
        };
        let held = agent.keys().map_err(|error| unavailable(words(&error)))?;
        if !held.iter().any(|held| held.blob == blob) {
            return Err(unavailable(match held.len() {
                0 => {
                    "the ssh-agent holds no key, or is locked: add yours with `ssh-add`".to_owned()
                }
                count => format!(
                    "the ssh-agent does not hold the key that you sign with, though {count} others: \
                     add it with `ssh-add`"
                ),
            }));
        }
        Ok(Self { agent, key, blob })
    }
}

impl Signer for AgentSigner {
    fn key(&self) -> &PublicKey {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let answer = self
            .agent
            .sign(&self.blob, &ssh::to_sign(message))
            .map_err(|error| {
                let reason = words(&error);
                match error {
                    AgentError::Declined => SignError::Refused { reason },
                    AgentError::NoAgent { .. }
                    | AgentError::KeyMissing
                    | AgentError::Timeout { .. }
                    | AgentError::BadAnswer(_) => SignError::Unavailable { reason },
                }
            })?;
        let signature = ssh::wrap(&self.key.public, &answer).map_err(|error| odd(&error))?;
        // An entry with a signature that does not fit would stand in the log for ever.
        self.key
            .verify(message, &signature)
            .map_err(|error| odd(&error))?;
        Ok(signature)
    }
}

fn odd(error: &dyn std::fmt::Display) -> SignError {
    SignError::Unavailable {
        reason: format!("what came back is no signature of it: {error}"),
    }
}

fn words(error: &AgentError) -> String {
    let next = match error {
        AgentError::NoAgent { .. } => "start one, and set SSH_AUTH_SOCK",
        AgentError::KeyMissing => "add it with `ssh-add`",
        AgentError::Declined => "confirm, or touch the security key, when asked",
        AgentError::Timeout { .. } => "look for a question of its own, then try again",
        AgentError::BadAnswer(_) => "check what SSH_AUTH_SOCK names",
    };
    format!("{error}: {next}")
}

/// A key in AWS KMS, by its ARN.
pub(crate) struct KmsKey {
    kms: KmsSigner,
    arn: String,
    key: PublicKey,
}

/// Account and region of a key's ARN.
pub(crate) fn place_of(arn: &str) -> Option<(AccountId, Region)> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", _, "kms", region, account, name] = parts[..] else {
        return None;
    };
    let account = AccountId::new(account).ok()?;
    let region = Region::new(region).ok()?;
    name.starts_with("key/").then_some((account, region))
}

impl KmsKey {
    /// The key of an ARN; asks KMS for its public half.
    pub(crate) fn new(access: AwsAccess, arn: &str) -> Result<Self, KeyUnavailable> {
        let told = |error: &ConnectorError| unavailable(sentence(error));
        let kms = KmsSigner::new(access).map_err(|error| told(&error))?;
        let public = kms.public_key(arn).map_err(|error| told(&error))?;
        let key = match public.algorithm {
            KmsAlgorithm::EcdsaP256Sha256 => PublicKey::ecdsa_p256(&public.der),
            KmsAlgorithm::Ed25519 => {
                // The raw key is the end of its SubjectPublicKeyInfo (RFC 8410).
                let raw = public.der.last_chunk::<32>();
                PublicKey::ed25519(*raw.ok_or_else(|| unavailable("KMS gave no Ed25519 key"))?)
            }
        };
        Ok(Self {
            kms,
            arn: arn.to_owned(),
            key,
        })
    }
}

impl Signer for KmsKey {
    fn key(&self) -> &PublicKey {
        &self.key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = self.kms.sign(&self.arn, message).map_err(|error| {
            let reason = sentence(&error);
            match error.kind {
                FaultKind::Forbidden | FaultKind::Refused => SignError::Refused { reason },
                _ => SignError::Unavailable { reason },
            }
        })?;
        self.key
            .verify(message, &signature)
            .map_err(|error| odd(&error))?;
        Ok(signature)
    }
}

fn sentence(error: &ConnectorError) -> String {
    match &error.hint {
        Some(hint) => format!("{} {hint}", error.message),
        None => error.message.clone(),
    }
}

fn unavailable(message: impl Into<String>) -> KeyUnavailable {
    KeyUnavailable {
        message: message.into(),
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use std::{
        fs,
        path::PathBuf,
        process::{Child, Command, Stdio},
        time::{Duration, Instant},
    };

    /// OpenSSH's own agent on a socket in a folder; nobody confirms what it asks.
    struct Agent {
        child: Child,
        folder: tempfile::TempDir,
    }

    impl Drop for Agent {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    impl Agent {
        fn start() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let child = Command::new("ssh-agent")
                .arg("-D")
                .arg("-a")
                .arg(folder.path().join("socket"))
                .env("SSH_ASKPASS", "/bin/false")
                .env("SSH_ASKPASS_REQUIRE", "force")
                .stdout(Stdio::null())
                .spawn()
                .expect("ssh-agent is there: `make setup-test` installs openssh-client");
            let agent = Self { child, folder };
            let begun = Instant::now();
            while agent.client().keys().is_err() {
                assert!(begun.elapsed() < Duration::from_secs(10), "no socket");
                std::thread::sleep(Duration::from_millis(20));
            }
            agent
        }

        fn client(&self) -> SshAgent {
            SshAgent::new(self.path("socket"))
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn add(&self, words: &[&str]) {
            let told = Command::new("ssh-add")
                .args(words)
                .current_dir(self.folder.path())
                .env("SSH_AUTH_SOCK", self.path("socket"))
                .stdin(Stdio::null())
                .output()
                .unwrap();
            let talk = String::from_utf8_lossy(&told.stderr);
            assert!(told.status.success(), "ssh-add {words:?}: {talk}");
        }

        /// Makes a key in the folder.
        fn key(&self, name: &str, kind: &[&str]) -> PublicKey {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-N", "", "-C", name, "-f", name])
                .args(kind)
                .current_dir(self.folder.path())
                .status()
                .unwrap();
            assert!(made.success());
            let line = fs::read_to_string(self.path(&format!("{name}.pub"))).unwrap();
            PublicKey::ssh(&line).unwrap()
        }

        /// Whether `ssh-keygen -Y verify` takes a signature of this key.
        fn ssh_keygen_takes(&self, key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
            let allowed = format!("ana namespaces=\"{}\" {}\n", ssh::NAMESPACE, key.public);
            let armour = format!(
                "-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n",
                STANDARD.encode(signature)
            );
            fs::write(self.path("allowed"), allowed).unwrap();
            fs::write(self.path("sig"), armour).unwrap();
            fs::write(self.path("message"), message).unwrap();
            let told = Command::new("ssh-keygen")
                .args(["-Y", "verify", "-f", "allowed", "-I", "ana", "-s", "sig"])
                .args(["-n", ssh::NAMESPACE])
                .current_dir(self.folder.path())
                .stdin(fs::File::open(self.path("message")).unwrap())
                .output()
                .unwrap();
            told.status.success()
        }
    }

    #[test]
    fn what_an_agent_signs_is_verified_here_and_by_ssh_keygen() {
        let agent = Agent::start();
        for (name, kind) in [
            ("ed25519", &["-t", "ed25519"][..]),
            ("ecdsa", &["-t", "ecdsa", "-b", "256"]),
        ] {
            let key = agent.key(name, kind);
            agent.add(&["-q", name]);
            let signer = AgentSigner::new(agent.client(), key.clone()).unwrap();
            let signature = signer.sign(b"approve").unwrap();
            key.verify(b"approve", &signature).unwrap();
            assert!(
                agent.ssh_keygen_takes(&key, b"approve", &signature),
                "{name}"
            );
            assert!(
                !agent.ssh_keygen_takes(&key, b"reject", &signature),
                "{name}"
            );
        }
    }

    #[test]
    fn a_key_that_is_not_there_or_went_away_is_told_as_that() {
        let agent = Agent::start();
        let (ana, luis) = (
            agent.key("ana", &["-t", "ed25519"]),
            agent.key("luis", &["-t", "ed25519"]),
        );
        let why = |key: &PublicKey| {
            let made = AgentSigner::new(agent.client(), key.clone());
            made.map(drop).unwrap_err().message
        };
        assert!(
            why(&ana).contains("holds no key, or is locked"),
            "{}",
            why(&ana)
        );
        agent.add(&["-q", "luis"]);
        assert!(why(&ana).contains("does not hold the key"), "{}", why(&ana));
        let signer = AgentSigner::new(agent.client(), luis).unwrap();
        agent.add(&["-q", "-d", "luis"]);
        let error = signer.sign(b"approve").unwrap_err();
        assert!(matches!(error, SignError::Unavailable { .. }), "{error}");
        assert!(error.to_string().contains("ssh-add"), "{error}");
    }

    #[test]
    fn a_person_who_declines_has_refused() {
        let agent = Agent::start();
        let key = agent.key("ana", &["-t", "ed25519"]);
        agent.add(&["-q", "-c", "ana"]);
        let signer = AgentSigner::new(agent.client(), key).unwrap();
        let error = signer.sign(b"approve").unwrap_err();
        assert!(matches!(error, SignError::Refused { .. }), "{error}");
    }

    #[test]
    fn account_and_region_of_a_key_stand_in_its_arn() {
        let arn = "arn:aws:kms:sa-east-1:333333333333:key/1-2";
        let (account, region) = place_of(arn).unwrap();
        assert_eq!(
            (account.as_str(), region.as_str()),
            ("333333333333", "sa-east-1")
        );
        for other in [
            "alias/ana",
            "arn:aws:kms:sa-east-1:333333333333:alias/ana",
            "arn:aws:s3:x:333333333333:key/1",
            "",
        ] {
            assert!(place_of(other).is_none(), "{other}");
        }
    }
}
