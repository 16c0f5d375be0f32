//! A server on loopback that plays recorded or written answers and keeps what it was asked.

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::Response,
};
use interlock_connect_http::HttpOptions;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

/// An answer to play.
#[derive(Debug, Clone)]
pub struct Played {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Played {
    pub fn new(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.as_ref().to_vec(),
        }
    }

    pub fn json(body: impl AsRef<[u8]>) -> Self {
        Self::new(200, body).header("content-type", "application/json")
    }

    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers
            .push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// The answer of a recorded exchange.
    pub fn recording(name: &str) -> Self {
        Recording::read(name).answer
    }
}

/// A recorded exchange with a real Jenkins.
pub struct Recording {
    /// Method and path, without query.
    pub asked: String,
    pub answer: Played,
}

impl Recording {
    pub fn read(name: &str) -> Self {
        let file = format!(
            "{}/testdata/jenkins-2.516.2/{name}.http",
            env!("CARGO_MANIFEST_DIR")
        );
        let bytes = std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let mut rest = bytes.as_slice();
        let mut asked = String::new();
        let mut line = next_line(&mut rest);
        while line.starts_with('>') || line.is_empty() {
            if asked.is_empty() {
                line.trim_start_matches("> ")
                    .split('?')
                    .next()
                    .unwrap_or_default()
                    .clone_into(&mut asked);
            }
            line = next_line(&mut rest);
        }
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Played::new(status, b"");
        let mut length = None;
        loop {
            let line = next_line(&mut rest);
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().ok(),
                "transfer-encoding" | "connection" | "date" => {}
                _ => answer = answer.header(name, value),
            }
        }
        let length = length.unwrap_or(rest.len()).min(rest.len());
        answer.body = rest[..length].to_vec();
        Self { asked, answer }
    }
}

fn next_line(rest: &mut &[u8]) -> String {
    let end = rest
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(rest.len(), |at| at + 1);
    let (line, after) = rest.split_at(end);
    *rest = after;
    String::from_utf8_lossy(line)
        .trim_end_matches(['\n', '\r'])
        .to_owned()
}

/// What came in.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Method and path as sent, without query.
    pub line: String,
    pub query: HashMap<String, String>,
    pub headers: HashMap<String, String>,
    pub body: String,
}

#[derive(Default)]
struct Scripts {
    answers: HashMap<String, VecDeque<Played>>,
    otherwise: Option<Played>,
    asked: Vec<Asked>,
}

/// The server; it ends with this value.
pub struct Server {
    pub url: String,
    scripts: Arc<Mutex<Scripts>>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub async fn start() -> Self {
        let scripts = Arc::new(Mutex::new(Scripts::default()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&scripts));
        let task = tokio::spawn(async move {
            axum::serve(listener, app).await.unwrap();
        });
        Self { url, scripts, task }
    }

    /// Plays an answer for a method and path; several in turn, the last one for ever.
    pub fn on(&self, line: &str, answer: Played) -> &Self {
        let mut scripts = self.scripts.lock().unwrap();
        let line = decoded(line);
        scripts.answers.entry(line).or_default().push_back(answer);
        self
    }

    /// Plays a recorded answer for the method and path that it was recorded with.
    pub fn play(&self, name: &str) -> &Self {
        let recording = Recording::read(name);
        self.on(&recording.asked, recording.answer)
    }

    /// Plays an answer whatever is asked.
    pub fn otherwise(&self, answer: Played) -> &Self {
        self.scripts.lock().unwrap().otherwise = Some(answer);
        self
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.scripts.lock().unwrap().asked.clone()
    }

    /// Lines asked, without query.
    pub fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.line).collect()
    }

    pub fn posts(&self) -> Vec<Asked> {
        let mut asked = self.asked();
        asked.retain(|asked| asked.line.starts_with("POST"));
        asked
    }
}

async fn answer(State(scripts): State<Arc<Mutex<Scripts>>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let line = format!("{} {}", parts.method, parts.uri.path());
    let query = parts.uri.query().unwrap_or_default();
    let asked = Asked {
        line: line.clone(),
        query: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.to_string(), value)
            })
            .collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let mut scripts = scripts.lock().unwrap();
    scripts.asked.push(asked);
    let otherwise = scripts.otherwise.clone();
    let answer = match scripts.answers.get_mut(&decoded(&line)) {
        Some(answers) if answers.len() > 1 => answers.pop_front(),
        Some(answers) => answers.front().cloned(),
        None => otherwise,
    };
    let answer = answer.unwrap_or_else(|| Played::new(404, format!("not scripted: {line}")));
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(answer.body)).unwrap()
}

/// Percent-encoding read once, so that `+` and `%2B` in a path are the same.
fn decoded(line: &str) -> String {
    let line = line.replace('+', "%2B");
    url::form_urlencoded::parse(format!("x={}", line.replace('&', "%26")).as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// A server that reads each request, writes some bytes, and hangs up. Tells how often it was asked.
pub async fn hang_up(bytes: &'static [u8]) -> (String, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            *counted.lock().unwrap() += 1;
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
        }
    });
    (url, count)
}

/// A server that takes requests and never answers.
pub async fn silence() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    url
}

/// Options that do not make tests wait.
pub fn quick() -> HttpOptions {
    HttpOptions {
        connect_timeout: Duration::from_secs(2),
        read_timeout: Duration::from_millis(400),
        total_timeout: Duration::from_secs(5),
        retries: 2,
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(50),
        ..HttpOptions::default()
    }
}
