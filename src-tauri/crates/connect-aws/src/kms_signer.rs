//! An approver's key in AWS KMS: the private half never leaves it.
//!
//! Each approver has a key of their own, whose policy lets only that person's session sign; AWS
//! records each signature on its own. What is signed is the envelope's pre-authentication encoding
//! as it is (`RAW`), at most 4096 bytes. Whether a signature counts is for the ledger to decide.

use crate::access::{AwsAccess, Door, Made};
use crate::bridge::Bridge;
use crate::call::Call;
use crate::explain::error;
use crate::wire::Speech;
use aws_sdk_kms as kms;
use aws_smithy_types::retry::RetryConfig;
use interlock_app::ports::Answer;
use interlock_domain::{ConnectorError, FaultKind, SystemKind};
use kms::primitives::Blob;
use kms::types::{KeySpec, KeyUsageType, MessageType, SigningAlgorithmSpec};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Largest message that KMS signs as it is.
pub const LARGEST_MESSAGE: usize = 4096;

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KmsAlgorithm {
    /// ECDSA over SHA-256 with a key on P-256; signatures are DER.
    EcdsaP256Sha256,
    /// Ed25519; signatures have 64 bytes.
    Ed25519,
}

/// The public half of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KmsPublicKey {
    /// ARN of the key.
    pub arn: String,
    /// How it signs.
    pub algorithm: KmsAlgorithm,
    /// Subject public key info, DER.
    pub der: Vec<u8>,
}

/// Signs with keys of one account and region.
pub struct KmsSigner {
    inner: Arc<Inner>,
    bridge: Bridge,
}

struct Inner {
    door: Door<kms::Client>,
    /// Public keys that were read; a key never changes its own.
    known: Mutex<HashMap<String, KmsPublicKey>>,
}

impl KmsSigner {
    /// Prepares the signer; calls nobody.
    pub fn new(access: AwsAccess) -> Result<Self, ConnectorError> {
        let bridge = Bridge::start("kms").map_err(|error| stopped(&error.to_string()))?;
        let place = format!("KMS {}", access.region);
        let door = Door::new(access, "kms", Speech::Json, &place, client);
        let inner = Arc::new(Inner {
            door,
            known: Mutex::default(),
        });
        Ok(Self { inner, bridge })
    }

    /// The public half of a key, by the key's ARN. It is read once.
    pub fn public_key(&self, key: &str) -> Result<KmsPublicKey, ConnectorError> {
        let inner = Arc::clone(&self.inner);
        let key = key.to_owned();
        let work = async move { inner.public_key(&key).await };
        self.bridge
            .wait(work)
            .unwrap_or_else(|error| Err(stopped(&error.to_string())))
    }

    /// Signs a message with the key of this ARN. To sign twice does no harm, so a lost answer is
    /// asked for again.
    pub fn sign(&self, key: &str, message: &[u8]) -> Result<Vec<u8>, ConnectorError> {
        let inner = Arc::clone(&self.inner);
        let (key, message) = (key.to_owned(), message.to_vec());
        let work = async move { inner.sign(&key, &message).await };
        self.bridge
            .wait(work)
            .unwrap_or_else(|error| Err(stopped(&error.to_string())))
    }
}

impl std::fmt::Debug for KmsSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KmsSigner")
            .field("access", &self.inner.door.access)
            .finish_non_exhaustive()
    }
}

fn stopped(why: &str) -> ConnectorError {
    let sentence = format!("The signer cannot work: {why}.");
    ConnectorError::new(SystemKind::Aws, "KMS", FaultKind::Unreachable, sentence)
}

impl Inner {
    async fn public_key(&self, key: &str) -> Answer<KmsPublicKey> {
        if let Some(known) = self.known().get(key) {
            return Ok(known.clone());
        }
        let call = self.call("GetPublicKey", key)?;
        let send = |client: kms::Client| client.get_public_key().key_id(key).send();
        let told = self
            .door
            .ask(&call, send)
            .await
            .map_err(|e| clearer(&call, e))?;
        same_key(&call, key, told.key_id())?;
        let algorithm = match (told.key_usage(), told.key_spec()) {
            (Some(KeyUsageType::SignVerify), Some(KeySpec::EccNistP256)) => {
                KmsAlgorithm::EcdsaP256Sha256
            }
            (Some(KeyUsageType::SignVerify), Some(KeySpec::EccNistEdwards25519)) => {
                KmsAlgorithm::Ed25519
            }
            (usage, spec) => return Err(unfit(&call, key, usage, spec)),
        };
        let der = told.public_key().map(|der| der.as_ref().to_vec());
        let Some(der) = der.filter(|der| !der.is_empty()) else {
            return Err(bad_answer(&call, "KMS gave no public key"));
        };
        let known = KmsPublicKey {
            arn: key.to_owned(),
            algorithm,
            der,
        };
        self.known().insert(key.to_owned(), known.clone());
        Ok(known)
    }

    async fn sign(&self, key: &str, message: &[u8]) -> Answer<Vec<u8>> {
        let call = self.call("Sign", key)?;
        if message.len() > LARGEST_MESSAGE {
            let sentence = format!(
                "KMS signs at most {LARGEST_MESSAGE} bytes, and this message has {}.",
                message.len()
            );
            return Err(error(&call, FaultKind::Refused, sentence, None));
        }
        let algorithm = match self.public_key(key).await?.algorithm {
            KmsAlgorithm::EcdsaP256Sha256 => SigningAlgorithmSpec::EcdsaSha256,
            KmsAlgorithm::Ed25519 => SigningAlgorithmSpec::Ed25519Sha512,
        };
        let send = |client: kms::Client| {
            client
                .sign()
                .key_id(key)
                .message(Blob::new(message))
                .message_type(MessageType::Raw)
                .signing_algorithm(algorithm.clone())
                .send()
        };
        let told = self
            .door
            .ask(&call, send)
            .await
            .map_err(|e| clearer(&call, e))?;
        same_key(&call, key, told.key_id())?;
        if told.signing_algorithm() != Some(&algorithm) {
            return Err(bad_answer(
                &call,
                "KMS signed in another way than it was asked to",
            ));
        }
        match told.signature() {
            Some(signature) if !signature.as_ref().is_empty() => Ok(signature.as_ref().to_vec()),
            _ => Err(bad_answer(&call, "KMS gave no signature")),
        }
    }

    /// A question about a key that is named as only one key can be. An alias could be moved to
    /// another key between two calls.
    fn call(&self, operation: &'static str, key: &str) -> Answer<Call> {
        let call = self.door.question(operation).about(key);
        let parts: Vec<&str> = key.splitn(6, ':').collect();
        let fits = matches!(parts[..], ["arn", _, "kms", region, account, name]
            if region == self.door.access.region.as_str()
                && account.len() == 12
                && name.starts_with("key/"));
        if fits {
            return Ok(call);
        }
        let sentence = format!(
            "`{key}` is not the ARN of a KMS key in {}.",
            self.door.access.region
        );
        let hint = "Write `arn:aws:kms:REGION:ACCOUNT:key/ID`; an alias can be moved to another key and does not count.";
        Err(error(
            &call,
            FaultKind::Refused,
            sentence,
            Some(hint.into()),
        ))
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<String, KmsPublicKey>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn same_key(call: &Call, key: &str, told: Option<&str>) -> Answer<()> {
    if told == Some(key) {
        return Ok(());
    }
    Err(bad_answer(call, "KMS answered for another key"))
}

fn bad_answer(call: &Call, what: &str) -> ConnectorError {
    error(call, FaultKind::BadAnswer, format!("{what}."), None)
}

fn unfit(
    call: &Call,
    key: &str,
    usage: Option<&KeyUsageType>,
    spec: Option<&KeySpec>,
) -> ConnectorError {
    let told = |value: Option<&str>| value.unwrap_or("unknown").to_owned();
    let sentence = format!(
        "The key {key} is for {} with {}, which is not used for approvals.",
        told(usage.map(KeyUsageType::as_str)),
        told(spec.map(KeySpec::as_str))
    );
    let hint = "Make a key for SIGN_VERIFY of the kind ECC_NIST_P256 or ECC_NIST_EDWARDS25519.";
    error(call, FaultKind::Refused, sentence, Some(hint.into()))
}

/// KMS's own codes in words.
fn clearer(call: &Call, told: ConnectorError) -> ConnectorError {
    let key = call.subject.as_deref().unwrap_or("the key");
    let (kind, sentence, hint) = match told.code.as_deref() {
        Some("DisabledException" | "Disabled") => (
            FaultKind::Refused,
            format!("The key {key} is disabled."),
            "Whoever disabled it revoked it: ask the security officers before it is enabled again.",
        ),
        Some("KMSInvalidStateException" | "KMSInvalidState") => (
            FaultKind::Refused,
            format!("The key {key} cannot be used now: it waits for deletion or is being made."),
            "Ask the security officers which key this person signs with.",
        ),
        Some("InvalidKeyUsageException" | "InvalidKeyUsage" | "UnsupportedOperationException") => (
            FaultKind::Refused,
            format!("The key {key} is not for signing."),
            "Make a key for SIGN_VERIFY of the kind ECC_NIST_P256 or ECC_NIST_EDWARDS25519.",
        ),
        Some("NotFoundException" | "NotFound") => (
            FaultKind::NotFound,
            format!("There is no key {key}."),
            "Check the ARN in the roster.",
        ),
        Some("KeyUnavailableException" | "DependencyTimeoutException") => (
            FaultKind::Unreachable,
            format!("KMS cannot reach the key {key} now."),
            "Try again in a minute.",
        ),
        _ => return told,
    };
    let code = told.code.unwrap_or_default();
    error(call, kind, sentence, Some(hint.into())).with_code(code)
}

fn client(made: &Made<'_>) -> kms::Client {
    let mut config = kms::Config::builder()
        .behavior_version(kms::config::BehaviorVersion::latest())
        .region(kms::config::Region::new(
            made.access.region.as_str().to_owned(),
        ))
        .credentials_provider(made.credentials.clone())
        .http_client(made.http.clone())
        .retry_config(RetryConfig::disabled())
        .timeout_config(made.timeouts.clone())
        .stalled_stream_protection(kms::config::StalledStreamProtectionConfig::disabled());
    config.set_endpoint_url(made.access.endpoint.clone());
    kms::Client::from_conf(config.build())
}
