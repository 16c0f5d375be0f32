//! A server on loopback that answers by script, remembers what it was asked, and can misbehave in
//! ways that no well-behaved HTTP library allows.

use interlock_app::ports::Clock;
use interlock_connect_aws::{
    AccessKey, AwsConnector, AwsEnvironment, AwsOptions, Patience, RequestBudget,
};
use interlock_domain::{
    AccountId, Environment, EnvironmentName, Region, Scope, Secret, Tier, Timestamp,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub const ACCOUNT: &str = "333333333333";

/// One request, as its form fields and its access key.
#[derive(Debug, Clone)]
pub struct Asked {
    pub fields: BTreeMap<String, String>,
    pub key: String,
}

impl Asked {
    pub fn action(&self) -> &str {
        self.field("Action")
    }

    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// What to do with a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Status, content type and body.
    Text(u16, &'static str, String),
    /// Body with a length that claims more.
    ShortOf(String),
    /// A redirection to this place.
    Redirect(&'static str),
    /// The connection ends without a byte.
    Drop,
    /// Nothing comes, ever.
    Hang,
}

pub fn xml(body: impl Into<String>) -> Reply {
    Reply::Text(200, "text/xml", body.into())
}

/// A good answer of an operation, with the inside of its result.
pub fn result(operation: &str, inside: &str) -> Reply {
    xml(format!(
        "<{operation}Response xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">\
         <{operation}Result>{inside}</{operation}Result>\
         <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></{operation}Response>"
    ))
}

/// An error of AWS.
pub fn fault(status: u16, code: &str, message: &str) -> Reply {
    let body = format!(
        "<ErrorResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">\
         <Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         <RequestId>r-1</RequestId></ErrorResponse>"
    );
    Reply::Text(status, "text/xml", body)
}

/// A stack as DescribeStacks tells it.
pub fn member(name: &str, status: &str) -> String {
    format!(
        "<member><StackId>arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/{name}/1</StackId>\
         <StackName>{name}</StackName><StackStatus>{status}</StackStatus>\
         <CreationTime>2026-03-01T10:00:00.000Z</CreationTime></member>"
    )
}

type Script = dyn Fn(&Asked, usize) -> Option<Reply> + Send + Sync;

/// The server, alive until dropped.
pub struct Server {
    pub address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Starts a server. The script gets a request and how many of its action came before; where
    /// it says nothing, STS answers for the account and anything else is an unknown action.
    pub async fn start(
        script: impl Fn(&Asked, usize) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let script: Arc<Script> = Arc::new(script);
        let heard = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&heard)));
            }
        });
        Self {
            address,
            asked,
            task,
        }
    }

    /// Every request of one action, in order.
    pub fn asked(&self, action: &str) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap();
        let of_action = asked.iter().filter(|asked| asked.action() == action);
        of_action.cloned().collect()
    }
}

async fn serve(mut stream: TcpStream, script: Arc<Script>, heard: Arc<Mutex<Vec<Asked>>>) {
    while let Some(asked) = read_request(&mut stream).await {
        let before = {
            let mut heard = heard.lock().unwrap();
            let before = heard
                .iter()
                .filter(|other| other.action() == asked.action());
            let before = before.count();
            heard.push(asked.clone());
            before
        };
        let reply = script(&asked, before).unwrap_or_else(|| by_default(&asked));
        let (head, body) = match reply {
            Reply::Drop => return,
            Reply::Hang => std::future::pending().await,
            Reply::Text(status, kind, body) => (head(status, kind, body.len(), ""), body),
            Reply::ShortOf(body) => (head(200, "text/xml", body.len() + 500, ""), body),
            Reply::Redirect(to) => {
                let location = format!("Location: {to}\r\n");
                (head(302, "text/plain", 0, &location), String::new())
            }
        };
        let is_short = head.contains(&format!("Content-Length: {}\r\n", body.len() + 500));
        let sent = stream.write_all((head + &body).as_bytes()).await;
        if sent.is_err() || is_short {
            return;
        }
    }
}

fn head(status: u16, kind: &str, length: usize, more: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}\r\n")
}

async fn read_request(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = find(&bytes, b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    };
    let length: usize = header("content-length")?.parse().ok()?;
    while bytes.len() < head_end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8_lossy(&bytes[head_end..]).into_owned();
    let fields = body
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (decode(key), decode(value)))
        .collect();
    let authorization = header("authorization").unwrap_or_default();
    let key = authorization
        .split("Credential=")
        .nth(1)
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default()
        .to_owned();
    Some(Asked { fields, key })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|part| part == wanted)
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, others)) = rest.split_first() {
        rest = others;
        match (first, others) {
            (b'%', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).unwrap();
                bytes.push(u8::from_str_radix(digits, 16).unwrap());
                rest = after;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn by_default(asked: &Asked) -> Reply {
    match asked.action() {
        "GetCallerIdentity" => identity(ACCOUNT, asked),
        "AssumeRole" => assumed("2099-01-01T00:00:00Z", asked),
        other => fault(400, "InvalidAction", other),
    }
}

/// STS's answer to GetCallerIdentity, for an account.
pub fn identity(account: &str, asked: &Asked) -> Reply {
    let who = match asked.key.strip_prefix("ASIA-") {
        Some(role) => format!("arn:aws:sts::{account}:assumed-role/{role}/ana.ruiz"),
        None => format!("arn:aws:iam::{account}:user/ana.ruiz"),
    };
    result(
        "GetCallerIdentity",
        &format!("<Arn>{who}</Arn><UserId>U</UserId><Account>{account}</Account>"),
    )
}

/// STS's answer to AssumeRole; the access key tells the role.
pub fn assumed(until: &str, asked: &Asked) -> Reply {
    let arn = asked.field("RoleArn");
    let role = arn.rsplit('/').next().unwrap_or_default();
    result(
        "AssumeRole",
        &format!(
            "<Credentials><AccessKeyId>ASIA-{role}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
             <SessionToken>t</SessionToken><Expiration>{until}</Expiration></Credentials>\
             <AssumedRoleUser><Arn>{arn}</Arn><AssumedRoleId>A:x</AssumedRoleId></AssumedRoleUser>"
        ),
    )
}

/// A clock that stands until it is moved.
pub struct StandingClock(Mutex<Timestamp>);

impl StandingClock {
    pub fn at(text: &str) -> Arc<Self> {
        Arc::new(Self(Mutex::new(text.parse().unwrap())))
    }

    pub fn move_to(&self, text: &str) {
        *self.0.lock().unwrap() = text.parse().unwrap();
    }
}

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

pub fn prod() -> Environment {
    Environment {
        name: EnvironmentName::new("prod").unwrap(),
        tier: Tier::Production,
        account: AccountId::new(ACCOUNT).unwrap(),
        regions: vec![
            Region::new("us-east-1").unwrap(),
            Region::new("sa-east-1").unwrap(),
        ],
    }
}

pub fn scope() -> Scope {
    prod().scopes().remove(0)
}

/// Options that reach an address with little patience and nearly no limits.
pub fn options(address: &str) -> AwsOptions {
    let environment = AwsEnvironment {
        endpoint: Some(address.to_owned()),
        ..AwsEnvironment::new(prod())
    };
    let clock = StandingClock::at("2026-03-02T00:00:00Z");
    let mut options = AwsOptions::new(vec![environment], clock).with_access_key(AccessKey {
        id: "AKIAEXAMPLE".into(),
        secret: Secret::new("a-secret-key"),
        session_token: Some(Secret::new("a-session-token")),
    });
    options.patience = Patience {
        answer: Duration::from_secs(10),
        pause: Duration::from_millis(5),
        throttled_attempts: 4,
        poll: Duration::from_millis(5),
        ..Patience::default()
    };
    options.budget = RequestBudget {
        per_second: 500.0,
        burst: 500.0,
        floor: 200.0,
        ceiling: 500.0,
    };
    options
}

pub fn connector(server: &Server) -> AwsConnector {
    AwsConnector::new(options(&server.address))
}

/// Like [`connector`], but soon tired of waiting: only for servers that hang.
pub fn hasty(server: &Server) -> AwsConnector {
    let mut options = options(&server.address);
    options.patience.answer = Duration::from_millis(500);
    AwsConnector::new(options)
}

/// Like [`connector`], but entering with roles.
pub fn with_roles(server: &Server) -> AwsOptions {
    let mut options = options(&server.address);
    options.environments[0].role = Some(format!("arn:aws:iam::{ACCOUNT}:role/Reader"));
    options.environments[0].release_role = Some(format!("arn:aws:iam::{ACCOUNT}:role/Releaser"));
    options
}
