//! Approvers' keys: what KMS says, in words that tell what to do.

use crate::fake::{ACCOUNT, access};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use interlock_connect_aws::{KmsAlgorithm, KmsSigner};
use interlock_domain::FaultKind;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const KEY: &str = "arn:aws:kms:us-east-1:333333333333:key/11111111-2222-3333-4444-555555555555";

type Script = dyn Fn(&str, &Value) -> (u16, Value) + Send + Sync;

/// A KMS on loopback that answers by script.
struct Kms {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
    _runtime: tokio::runtime::Runtime,
}

impl Kms {
    fn start(script: impl Fn(&str, &Value) -> (u16, Value) + Send + Sync + 'static) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        let script: Arc<Script> = Arc::new(script);
        let app = axum::Router::new().fallback(move |headers: HeaderMap, body: String| {
            let (heard, script) = (Arc::clone(&heard), Arc::clone(&script));
            async move { answer(&headers, &body, &heard, &*script) }
        });
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, app).await.unwrap();
        });
        Self {
            address,
            asked,
            _runtime: runtime,
        }
    }

    fn signer(&self) -> KmsSigner {
        KmsSigner::new(access(&self.address)).unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(
    headers: &HeaderMap,
    body: &str,
    heard: &Mutex<Vec<String>>,
    script: &Script,
) -> Response {
    let Some(target) = headers.get("x-amz-target") else {
        let body = format!(
            "<GetCallerIdentityResponse><GetCallerIdentityResult>\
             <Arn>arn:aws:sts::{ACCOUNT}:assumed-role/approver/ana.ruiz</Arn><UserId>U</UserId>\
             <Account>{ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
        );
        return ([("content-type", "text/xml")], body).into_response();
    };
    let operation = target.to_str().unwrap().trim_start_matches("TrentService.");
    heard.lock().unwrap().push(operation.to_owned());
    let (status, reply) = script(operation, &serde_json::from_str(body).unwrap());
    let status = StatusCode::from_u16(status).unwrap();
    if let Value::String(page) = reply {
        return (status, [("content-type", "text/html")], page).into_response();
    }
    let headers = [("content-type", "application/x-amz-json-1.1")];
    (status, headers, reply.to_string()).into_response()
}

fn public_key(spec: &str, usage: &str) -> (u16, Value) {
    (
        200,
        json!({"KeyId": KEY, "KeySpec": spec, "KeyUsage": usage, "PublicKey": STANDARD.encode(b"spki")}),
    )
}

#[test]
fn a_message_is_signed_as_it_is_and_the_public_key_is_read_once() {
    for (spec, algorithm, name) in [
        (
            "ECC_NIST_P256",
            KmsAlgorithm::EcdsaP256Sha256,
            "ECDSA_SHA_256",
        ),
        (
            "ECC_NIST_EDWARDS25519",
            KmsAlgorithm::Ed25519,
            "ED25519_SHA_512",
        ),
    ] {
        let kms = Kms::start(move |operation, body| {
            if operation == "GetPublicKey" {
                return public_key(spec, "SIGN_VERIFY");
            }
            assert_eq!(body["MessageType"], "RAW");
            assert_eq!(body["SigningAlgorithm"], name);
            assert_eq!(body["Message"], STANDARD.encode(b"DSSEv1 bytes"));
            let signature = STANDARD.encode(b"signature");
            (
                200,
                json!({"KeyId": KEY, "Signature": signature, "SigningAlgorithm": name}),
            )
        });
        let signer = kms.signer();
        for _ in 0..2 {
            assert_eq!(signer.sign(KEY, b"DSSEv1 bytes").unwrap(), b"signature");
        }
        let known = signer.public_key(KEY).unwrap();
        assert_eq!(
            (known.algorithm, known.der.as_slice()),
            (algorithm, &b"spki"[..])
        );
        assert_eq!(kms.asked(), ["GetPublicKey", "Sign", "Sign"]);
    }
}

#[test]
fn each_refusal_of_kms_says_what_to_do() {
    for (status, code, kind, words) in [
        (400, "DisabledException", FaultKind::Refused, "is disabled"),
        (
            400,
            "KMSInvalidStateException",
            FaultKind::Refused,
            "deletion",
        ),
        (
            400,
            "NotFoundException",
            FaultKind::NotFound,
            "There is no key",
        ),
        (
            400,
            "InvalidKeyUsageException",
            FaultKind::Refused,
            "not for signing",
        ),
        (
            400,
            "AccessDeniedException",
            FaultKind::Forbidden,
            "kms:Sign",
        ),
        (400, "ExpiredTokenException", FaultKind::Expired, "ran out"),
        (
            400,
            "UnrecognizedClientException",
            FaultKind::Unauthenticated,
            "credentials",
        ),
        (
            400,
            "ThrottlingException",
            FaultKind::Throttled,
            "slow down",
        ),
        (
            500,
            "KeyUnavailableException",
            FaultKind::Unreachable,
            "cannot reach the key",
        ),
    ] {
        let kms = Kms::start(move |operation, _| match operation {
            "GetPublicKey" => public_key("ECC_NIST_P256", "SIGN_VERIFY"),
            _ => (status, json!({"__type": code, "message": "No."})),
        });
        let error = kms.signer().sign(KEY, b"x").unwrap_err();
        assert_eq!(error.kind, kind, "{code}: {error:?}");
        assert!(error.message.contains(words), "{code}: {error:?}");
        assert!(error.hint.is_some(), "{code}: {error:?}");
    }
}

#[test]
fn a_web_page_and_an_answer_for_another_key_are_no_signatures() {
    let kms = Kms::start(|_, _| (200, json!("<html><title>Log in</title></html>")));
    let error = kms.signer().sign(KEY, b"x").unwrap_err();
    assert_eq!(error.kind, FaultKind::CaptivePortal, "{error:?}");
    let kms = Kms::start(|operation, _| match operation {
        "GetPublicKey" => public_key("ECC_NIST_P256", "SIGN_VERIFY"),
        _ => (
            200,
            json!({"KeyId": "another", "Signature": "eA==", "SigningAlgorithm": "ECDSA_SHA_256"}),
        ),
    });
    let error = kms.signer().sign(KEY, b"x").unwrap_err();
    assert_eq!(error.kind, FaultKind::BadAnswer, "{error:?}");
}

#[test]
fn keys_that_are_not_for_approvals_are_refused() {
    for (spec, usage) in [
        ("RSA_2048", "SIGN_VERIFY"),
        ("ECC_NIST_P256", "KEY_AGREEMENT"),
        ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"),
    ] {
        let kms = Kms::start(move |_, _| public_key(spec, usage));
        let error = kms.signer().public_key(KEY).unwrap_err();
        assert_eq!(error.kind, FaultKind::Refused, "{error:?}");
        assert!(error.message.contains(spec), "{error:?}");
    }
}

#[test]
fn only_a_key_that_cannot_be_exchanged_is_asked_and_only_for_what_it_can_sign() {
    let kms = Kms::start(|_, _| panic!("nobody may be asked"));
    let signer = kms.signer();
    for key in [
        "alias/ana",
        "arn:aws:kms:us-east-1:333333333333:alias/ana",
        "arn:aws:kms:sa-east-1:333333333333:key/1",
        "11111111-2222-3333-4444-555555555555",
        "",
    ] {
        let error = signer.sign(key, b"x").unwrap_err();
        assert_eq!(error.kind, FaultKind::Refused, "{key}");
    }
    let error = signer.sign(KEY, &[0; 4097]).unwrap_err();
    assert!(error.message.contains("4096"), "{error:?}");
    assert!(kms.asked().is_empty());
}
