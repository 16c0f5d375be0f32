//! Whom we believe to be who they say they are: certificates of every kind, and what is sent before
//! one was accepted, which is nothing.

use crate::{jenkins_reading::rita, replay::quick};
use interlock_app::ports::BuildReader as _;
use interlock_connect_http::{HttpOptions, Jenkins};
use interlock_domain::{ConnectorError, FaultKind, build::QueueState};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    date_time_ymd,
};
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};

/// An authority that signs certificates of servers.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: Vec<u8>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem().into_bytes();
        let issuer = Issuer::new(params, key);
        Self { issuer, pem }
    }

    /// A certificate for a name, changed as wanted, and its key.
    fn signs(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        serving(certificate.der().clone(), &key)
    }
}

fn serving(
    certificate: tokio_rustls::rustls::pki_types::CertificateDer<'static>,
    key: &KeyPair,
) -> ServerConfig {
    let provider = tokio_rustls::rustls::crypto::aws_lc_rs::default_provider();
    let key = key.serialize_der().try_into().unwrap();
    ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap()
}

/// A server with a certificate, and everything that it was told in confidence.
async fn start(config: ServerConfig) -> (String, Arc<Mutex<Vec<u8>>>) {
    let body = r#"{"_class":"hudson.model.Queue$LeftItem","cancelled":true}"#;
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut buffer = [0; 4096];
            let read = stream.read(&mut buffer).await.unwrap_or(0);
            heard.lock().unwrap().extend_from_slice(&buffer[..read]);
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (format!("https://localhost:{port}"), told)
}

async fn ask(url: &str, authority: Option<&Authority>) -> Result<QueueState, ConnectorError> {
    let options = HttpOptions {
        extra_ca: authority.map(|authority| authority.pem.clone()),
        read_timeout: std::time::Duration::from_secs(5),
        ..quick()
    };
    Jenkins::new(url, Some(&rita()), &options)
        .unwrap()
        .queue(1)
        .await
}

#[tokio::test]
async fn threat_09_a_certificate_that_does_not_hold_gets_no_credentials() {
    let (bank, other) = (Authority::new("Bank CA"), Authority::new("Other CA"));
    let (url, told) = start(bank.signs("localhost", |_| ())).await;
    assert_eq!(ask(&url, Some(&bank)).await.unwrap(), QueueState::Cancelled);
    assert!(String::from_utf8_lossy(&told.lock().unwrap()).contains("authorization: Basic"));

    let own_key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let own = own.self_signed(&own_key).unwrap();
    let cases = [
        (
            "of an unknown authority",
            bank.signs("localhost", |_| ()),
            None,
        ),
        (
            "of another authority",
            other.signs("localhost", |_| ()),
            Some(&bank),
        ),
        (
            "for another name",
            bank.signs("jenkins.other.example", |_| ()),
            Some(&bank),
        ),
        (
            "that has expired",
            bank.signs("localhost", |it| it.not_after = date_time_ymd(2020, 1, 1)),
            Some(&bank),
        ),
        (
            "that is not valid yet",
            bank.signs("localhost", |it| it.not_before = date_time_ymd(2090, 1, 1)),
            Some(&bank),
        ),
        (
            "signed by itself",
            serving(own.der().clone(), &own_key),
            Some(&bank),
        ),
        (
            "for something else than servers",
            bank.signs("localhost", |it| {
                it.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
            }),
            Some(&bank),
        ),
    ];
    for (what, config, authority) in cases {
        let (url, told) = start(config).await;
        let error = ask(&url, authority).await.expect_err(what);
        assert_eq!(error.kind, FaultKind::Unreachable, "{what}: {error:?}");
        assert!(error.message.contains("certificate"), "{what}: {error:?}");
        assert!(
            told.lock().unwrap().is_empty(),
            "{what}: something was sent"
        );
    }
}
