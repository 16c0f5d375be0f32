//! A bucket on loopback: versions, conditional writes, delete markers, retention, pages; and
//! whatever else a test wants to come instead of an answer.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use interlock_app::ports::Clock;
use interlock_connect_aws::{
    AccessKey, AwsAccess, Patience, Retention, RetentionMode, S3Ledger, S3LedgerOptions,
};
use interlock_domain::{AccountId, Region, Secret, Timestamp};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const ACCOUNT: &str = "333333333333";

/// One request.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: Method,
    pub key: String,
    pub query: BTreeMap<String, String>,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    pub fn is_put(&self) -> bool {
        self.method == Method::PUT
    }

    pub fn is_list(&self) -> bool {
        self.query.contains_key("list-type")
    }

    /// The read of an object.
    pub fn is_get(&self) -> bool {
        self.method == Method::GET && !self.key.is_empty() && !self.query.contains_key("retention")
    }
}

/// What happens to a request.
pub enum Act {
    /// What S3 would do.
    Answer,
    /// This status, content type and body, and nothing is done.
    Say(u16, &'static str, String),
    /// A good answer without a body, with one header, and nothing is done.
    Ok([(&'static str, &'static str); 1]),
    /// The bucket is in another region.
    Elsewhere,
    /// It is done, but no answer comes.
    DoSilently,
    /// Nothing is done and no answer comes.
    Silence,
    /// What S3 would do, and then the answer is changed.
    Change(fn(String) -> String),
}

/// An error of S3.
pub fn fault(status: u16, code: &str) -> Act {
    let body = format!("<Error><Code>{code}</Code><Message>{code} it is.</Message></Error>");
    Act::Say(status, "application/xml", body)
}

pub fn web_page() -> Act {
    let page = "<!DOCTYPE html><html><head><title>Guest network</title></head></html>";
    Act::Say(200, "text/html", page.into())
}

#[derive(Debug, Clone)]
pub struct Version {
    pub id: String,
    pub marker: bool,
    pub body: Bytes,
    pub kind: String,
    pub kept: Kept,
    /// SHA-256 that was sent along.
    pub sum: String,
}

/// Mode and end of a retention.
type Kept = Option<(String, String)>;

type Script = dyn FnMut(&Asked, usize) -> Act + Send;

pub struct Settings {
    pub page: usize,
    pub policy: Option<String>,
    pub lock: Option<String>,
    pub versioning: bool,
    pub default_retention: Kept,
}

/// The fake, alive until dropped.
pub struct Bucket {
    pub address: String,
    shared: Arc<Shared>,
    _runtime: tokio::runtime::Runtime,
}

struct Shared {
    objects: Mutex<BTreeMap<String, Vec<Version>>>,
    asked: Mutex<Vec<Asked>>,
    script: Mutex<Box<Script>>,
    settings: Mutex<Settings>,
    now: AtomicUsize,
    most: AtomicUsize,
    made: AtomicUsize,
}

impl Bucket {
    pub fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            objects: Mutex::default(),
            asked: Mutex::default(),
            script: Mutex::new(Box::new(|_, _| Act::Answer)),
            settings: Mutex::new(Settings {
                page: 1000,
                policy: None,
                lock: None,
                versioning: true,
                default_retention: Some(("COMPLIANCE".into(), "2031-06-01T00:00:00Z".into())),
            }),
            now: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            made: AtomicUsize::new(0),
        });
        let app = axum::Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, app).await.unwrap();
        });
        Self {
            address,
            shared,
            _runtime: runtime,
        }
    }

    /// What happens to requests from now on; with each comes how many were scripted before.
    pub fn script(&self, script: impl FnMut(&Asked, usize) -> Act + Send + 'static) {
        *self.shared.script.lock().unwrap() = Box::new(script);
        self.shared.asked.lock().unwrap().clear();
    }

    pub fn set(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.shared.settings.lock().unwrap());
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    pub fn most_at_once(&self) -> usize {
        self.shared.most.load(Ordering::SeqCst)
    }

    pub fn versions(&self, key: &str) -> Vec<Version> {
        let objects = self.shared.objects.lock().unwrap();
        objects.get(key).cloned().unwrap_or_default()
    }

    /// Puts a version on a key, as somebody with other tools would.
    pub fn plant(&self, key: &str, body: &[u8]) {
        let settings = self.shared.settings.lock().unwrap();
        let kept = settings.default_retention.clone();
        drop(settings);
        self.shared.put(
            key,
            Bytes::copy_from_slice(body),
            "application/vnd.interlock.record",
            kept,
            "",
        );
    }

    pub fn delete(&self, key: &str) {
        let id = self.shared.id();
        let mut objects = self.shared.objects.lock().unwrap();
        objects.entry(key.into()).or_default().push(Version {
            id,
            marker: true,
            body: Bytes::new(),
            kind: String::new(),
            kept: None,
            sum: String::new(),
        });
    }

    pub fn remove_all_trace(&self, key: &str) {
        self.shared.objects.lock().unwrap().remove(key);
    }

    pub fn alter(&self, key: &str, change: impl FnOnce(&mut Version)) {
        let mut objects = self.shared.objects.lock().unwrap();
        change(objects.get_mut(key).unwrap().last_mut().unwrap());
    }

    pub fn access(&self) -> AwsAccess {
        access(&self.address)
    }

    pub fn options(&self) -> S3LedgerOptions {
        S3LedgerOptions {
            access: self.access(),
            bucket: "b".into(),
            owner: None,
            log: "bank".into(),
            required: Some(Retention {
                mode: RetentionMode::Compliance,
                days: 1500,
            }),
            set_on_write: None,
        }
    }

    pub fn store(&self) -> S3Ledger {
        S3Ledger::new(self.options()).unwrap()
    }

    /// A store that soon gives up waiting for an answer.
    pub fn hasty(&self) -> S3Ledger {
        let mut options = self.options();
        options.access.patience.answer = Duration::from_millis(400);
        S3Ledger::new(options).unwrap()
    }
}

struct RealTime;

impl Clock for RealTime {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

pub fn access(address: &str) -> AwsAccess {
    let account = AccountId::new(ACCOUNT).unwrap();
    let region = Region::new("us-east-1").unwrap();
    let mut access = AwsAccess::new(account, region, Arc::new(RealTime));
    access.endpoint = Some(address.into());
    access.access_key = Some(AccessKey {
        id: "AKIAANA".into(),
        secret: Secret::new("s"),
        session_token: None,
    });
    access.patience = Patience {
        pause: Duration::from_millis(2),
        longest_pause: Duration::from_millis(10),
        ..Patience::default()
    };
    access
}

pub fn slot(seq: u64) -> String {
    format!("log/bank/{seq:020}")
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if method == Method::POST {
        return identity();
    }
    let key = uri.path().trim_start_matches("/b").trim_start_matches('/');
    let query = uri.query().unwrap_or_default();
    let asked = Asked {
        method,
        key: key.to_owned(),
        query: query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (name.to_owned(), value.replace("%2F", "/")))
            .collect(),
        headers,
        body,
    };
    let act = {
        let mut heard = shared.asked.lock().unwrap();
        let before = heard.len();
        heard.push(asked.clone());
        let mut script = shared.script.lock().unwrap();
        script(&asked, before)
    };
    let now = shared.now.fetch_add(1, Ordering::SeqCst) + 1;
    shared.most.fetch_max(now, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(3)).await;
    shared.now.fetch_sub(1, Ordering::SeqCst);
    match act {
        Act::Answer => shared.act(&asked),
        Act::Say(status, kind, body) => {
            let status = StatusCode::from_u16(status).unwrap();
            (status, [("content-type", kind)], body).into_response()
        }
        Act::Ok(headers) => (StatusCode::OK, headers).into_response(),
        Act::Elsewhere => {
            let mut answer = error(301, "PermanentRedirect");
            let region = "sa-east-1".parse().unwrap();
            answer.headers_mut().insert("x-amz-bucket-region", region);
            answer
        }
        Act::DoSilently => {
            shared.act(&asked);
            std::future::pending().await
        }
        Act::Silence => std::future::pending().await,
        Act::Change(change) => {
            let answer = shared.act(&asked);
            let (parts, body) = answer.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            let text = change(String::from_utf8(body.to_vec()).unwrap());
            let kind = parts.headers["content-type"].clone();
            (parts.status, [("content-type", kind)], text).into_response()
        }
    }
}

fn identity() -> Response {
    let body = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <GetCallerIdentityResult><Arn>arn:aws:sts::{ACCOUNT}:assumed-role/ledger-writer/ana.ruiz</Arn>\
         <UserId>U</UserId><Account>{ACCOUNT}</Account></GetCallerIdentityResult>\
         </GetCallerIdentityResponse>"
    );
    xml(200, body)
}

fn xml(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (status, [("content-type", "application/xml")], body).into_response()
}

fn error(status: u16, code: &str) -> Response {
    xml(
        status,
        format!("<Error><Code>{code}</Code><Message>{code}.</Message></Error>"),
    )
}

impl Shared {
    fn id(&self) -> String {
        format!("v{}", self.made.fetch_add(1, Ordering::SeqCst))
    }

    fn put(&self, key: &str, body: Bytes, kind: &str, kept: Kept, sum: &str) -> String {
        let id = self.id();
        let mut objects = self.objects.lock().unwrap();
        objects.entry(key.into()).or_default().push(Version {
            id: id.clone(),
            marker: false,
            body,
            kind: kind.into(),
            kept,
            sum: sum.into(),
        });
        id
    }

    fn act(&self, asked: &Asked) -> Response {
        let has = |name: &str| asked.query.contains_key(name);
        if asked.header("x-amz-expected-bucket-owner") != ACCOUNT && !has("policy") {
            return error(403, "AccessDenied");
        }
        match asked.method {
            Method::PUT => self.write(asked),
            Method::GET if has("list-type") => self.list(asked),
            Method::GET if has("versions") => self.list_versions(asked),
            Method::GET if has("retention") => self.retention(asked),
            Method::GET if asked.key.is_empty() => self.setting(asked),
            Method::GET => self.read(asked),
            _ => error(405, "MethodNotAllowed"),
        }
    }

    fn write(&self, asked: &Asked) -> Response {
        let settings = self.settings.lock().unwrap();
        let conditional = asked.header("if-none-match") == "*";
        if !conditional && settings.policy.is_some() {
            return error(403, "AccessDenied");
        }
        let mut kept = settings.default_retention.clone();
        drop(settings);
        let mode = asked.header("x-amz-object-lock-mode");
        if !mode.is_empty() {
            let until = asked.header("x-amz-object-lock-retain-until-date");
            kept = Some((mode.into(), until.into()));
        }
        let exists = {
            let objects = self.objects.lock().unwrap();
            let last = objects.get(&asked.key).and_then(|versions| versions.last());
            last.is_some_and(|last| !last.marker)
        };
        if conditional && exists {
            return error(412, "PreconditionFailed");
        }
        let sum = asked.header("x-amz-checksum-sha256");
        let id = self.put(
            &asked.key,
            asked.body.clone(),
            asked.header("content-type"),
            kept,
            sum,
        );
        let headers = [
            ("etag", "\"e\""),
            ("x-amz-version-id", &id),
            ("x-amz-checksum-sha256", sum),
        ];
        (StatusCode::OK, headers).into_response()
    }

    fn read(&self, asked: &Asked) -> Response {
        let objects = self.objects.lock().unwrap();
        let versions = objects.get(&asked.key);
        match versions.and_then(|versions| versions.last()) {
            None => error(404, "NoSuchKey"),
            Some(last) if last.marker => {
                let mut missing = error(404, "NoSuchKey");
                let headers = missing.headers_mut();
                headers.insert("x-amz-delete-marker", "true".parse().unwrap());
                missing
            }
            Some(last) => {
                let headers = [("content-type", last.kind.as_str()), ("etag", "\"e\"")];
                let mut answer = (headers, last.body.clone()).into_response();
                if !last.sum.is_empty() {
                    let sum = last.sum.parse().unwrap();
                    answer.headers_mut().insert("x-amz-checksum-sha256", sum);
                }
                answer
            }
        }
    }

    fn list(&self, asked: &Asked) -> Response {
        let text = |name: &str| asked.query.get(name).map_or("", String::as_str);
        let after = text("start-after").max(text("continuation-token"));
        let page = self.settings.lock().unwrap().page;
        let objects = self.objects.lock().unwrap();
        let all: Vec<_> = objects
            .iter()
            .filter(|(key, _)| key.starts_with(text("prefix")) && key.as_str() > after)
            .filter_map(|(key, versions)| Some((key, versions.last()?)))
            .filter(|(_, last)| !last.marker)
            .collect();
        let mut body = String::from("<ListBucketResult><Name>b</Name>");
        let shown = &all[..all.len().min(page)];
        for (key, last) in shown {
            let size = last.body.len();
            write!(
                body,
                "<Contents><Key>{key}</Key><Size>{size}</Size></Contents>"
            )
            .unwrap();
        }
        let more = all.len() > shown.len();
        if more {
            let next = shown.last().unwrap().0;
            write!(
                body,
                "<NextContinuationToken>{next}</NextContinuationToken>"
            )
            .unwrap();
        }
        let count = shown.len();
        write!(
            body,
            "<KeyCount>{count}</KeyCount><IsTruncated>{more}</IsTruncated>"
        )
        .unwrap();
        xml(200, body + "</ListBucketResult>")
    }

    fn list_versions(&self, asked: &Asked) -> Response {
        let text = |name: &str| asked.query.get(name).map_or("", String::as_str);
        let after = (text("key-marker"), text("version-id-marker"));
        let page = self.settings.lock().unwrap().page;
        let objects = self.objects.lock().unwrap();
        let all: Vec<(&String, &Version)> = objects
            .iter()
            .flat_map(|(key, versions)| versions.iter().map(move |version| (key, version)))
            .collect();
        let start = all
            .iter()
            .position(|(key, version)| (key.as_str(), version.id.as_str()) == after)
            .map_or(0, |at| at + 1);
        let shown = &all[start..all.len().min(start + page)];
        let mut body = String::from("<ListVersionsResult><Name>b</Name>");
        for (key, version) in shown {
            let element = if version.marker {
                "DeleteMarker"
            } else {
                "Version"
            };
            write!(
                body,
                "<{element}><Key>{key}</Key><VersionId>{}</VersionId>\
                 <LastModified>2027-01-01T00:00:00.000Z</LastModified></{element}>",
                version.id
            )
            .unwrap();
        }
        let more = start + shown.len() < all.len();
        if more {
            let (key, version) = shown.last().unwrap();
            let id = &version.id;
            write!(body, "<NextKeyMarker>{key}</NextKeyMarker>").unwrap();
            write!(body, "<NextVersionIdMarker>{id}</NextVersionIdMarker>").unwrap();
        }
        write!(body, "<IsTruncated>{more}</IsTruncated>").unwrap();
        xml(200, body + "</ListVersionsResult>")
    }

    fn retention(&self, asked: &Asked) -> Response {
        let objects = self.objects.lock().unwrap();
        let versions = objects.get(&asked.key);
        let version = versions
            .and_then(|versions| versions.iter().find(|v| v.id == asked.query["versionId"]));
        match version.and_then(|version| version.kept.as_ref()) {
            None => error(404, "NoSuchObjectLockConfiguration"),
            Some((mode, until)) => xml(
                200,
                format!(
                    "<Retention><Mode>{mode}</Mode><RetainUntilDate>{until}</RetainUntilDate></Retention>"
                ),
            ),
        }
    }

    fn setting(&self, asked: &Asked) -> Response {
        let settings = self.settings.lock().unwrap();
        let has = |name: &str| asked.query.contains_key(name);
        if has("policy") {
            return match &settings.policy {
                Some(text) => {
                    ([("content-type", "application/json")], text.clone()).into_response()
                }
                None => error(404, "NoSuchBucketPolicy"),
            };
        }
        if has("object-lock") {
            return match &settings.lock {
                Some(rule) => xml(
                    200,
                    format!(
                        "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>{rule}</ObjectLockConfiguration>"
                    ),
                ),
                None => error(404, "ObjectLockConfigurationNotFoundError"),
            };
        }
        let body = if has("versioning") {
            let status = if settings.versioning {
                "Enabled"
            } else {
                "Suspended"
            };
            format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>")
        } else if has("publicAccessBlock") {
            "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>\
             <IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>\
             <RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>"
                .into()
        } else if has("encryption") {
            "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>\
             <SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>\
             </ServerSideEncryptionConfiguration>"
                .into()
        } else {
            return error(404, "NoSuchLifecycleConfiguration");
        };
        xml(200, body)
    }
}
