//! A small WebDriver client: as much of the W3C protocol as the journeys need.
//!
//! It talks to WebKitWebDriver, which starts the window itself. Elements are found by role and
//! name as the engine's own accessibility tree gives them (see [`crate::page`]).

use serde_json::{Value, json};
use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use ureq::Agent;

/// The key under which the protocol names an element.
pub const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

const START_PATIENCE: Duration = Duration::from_secs(20);
const CALL_PATIENCE: Duration = Duration::from_secs(90);

/// What the driver said instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriverError {
    /// The protocol's error word, such as `stale element reference`.
    pub code: String,
    /// The explanation.
    pub message: String,
}

impl std::fmt::Display for DriverError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for DriverError {}

fn broken(message: impl std::fmt::Display) -> DriverError {
    DriverError {
        code: "no answer".into(),
        message: message.to_string(),
    }
}

/// A running WebKitWebDriver; it ends when dropped.
pub struct Driver {
    process: Child,
    base: String,
    agent: Agent,
}

impl Driver {
    /// Starts the driver on a free port with extra environment variables for the window.
    ///
    /// What driver and window say on standard error goes into `talk`.
    pub fn start(environment: &[(&str, &str)], talk: File) -> Result<Self, DriverError> {
        let port = free_port()?;
        let process = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .arg("--host=127.0.0.1")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(talk)
            .spawn()
            .map_err(|error| broken(format!("WebKitWebDriver does not start: {error}")))?;
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(CALL_PATIENCE))
            .proxy(None)
            .build()
            .into();
        let driver = Self {
            process,
            base: format!("http://127.0.0.1:{port}"),
            agent,
        };
        let began = Instant::now();
        while let Err(error) = driver.get("/status") {
            if began.elapsed() > START_PATIENCE {
                return Err(error);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(driver)
    }

    /// Starts a program with a web view and takes hold of it.
    pub fn open(&self, program: &Path, arguments: &[String]) -> Result<Session<'_>, DriverError> {
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "webkitgtk:browserOptions": { "binary": program, "args": arguments },
        }}});
        let answer = self.post("/session", &capabilities)?;
        let id = answer["sessionId"]
            .as_str()
            .ok_or_else(|| broken(format!("no session id in {answer}")))?;
        Ok(Session {
            driver: self,
            path: format!("/session/{id}"),
            open: true,
        })
    }

    /// The driver's process id; windows are its children.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    fn get(&self, path: &str) -> Result<Value, DriverError> {
        let sent = self.agent.get(format!("{}{path}", self.base)).call();
        read(sent)
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, DriverError> {
        let request = self.agent.post(format!("{}{path}", self.base));
        read(request.send_json(body))
    }

    fn delete(&self, path: &str) -> Result<Value, DriverError> {
        let sent = self.agent.delete(format!("{}{path}", self.base)).call();
        read(sent)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> Result<u16, DriverError> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(broken)?;
    Ok(listener.local_addr().map_err(broken)?.port())
}

fn read(sent: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, DriverError> {
    let mut response = sent.map_err(broken)?;
    let answer: Value = response
        .body_mut()
        .with_config()
        .limit(64 * 1024 * 1024)
        .read_json()
        .map_err(broken)?;
    let value = answer["value"].clone();
    match value["error"].as_str() {
        Some(code) if !response.status().is_success() => Err(DriverError {
            code: code.to_owned(),
            message: value["message"].as_str().unwrap_or_default().to_owned(),
        }),
        _ => Ok(value),
    }
}

/// One window under control; it is closed when dropped.
pub struct Session<'driver> {
    driver: &'driver Driver,
    path: String,
    open: bool,
}

impl Session<'_> {
    /// Runs a function body in the page, with arguments, and returns what it returns.
    pub fn script(&self, body: &str, arguments: &Value) -> Result<Value, DriverError> {
        let call = json!({ "script": body, "args": arguments });
        self.driver
            .post(&format!("{}/execute/sync", self.path), &call)
    }

    /// Runs a function body that calls its last argument when it is done.
    pub fn async_script(&self, body: &str, arguments: &Value) -> Result<Value, DriverError> {
        let call = json!({ "script": body, "args": arguments });
        self.driver
            .post(&format!("{}/execute/async", self.path), &call)
    }

    /// Asks something about an element: `computedrole`, `computedlabel`, `text`, `enabled`.
    pub fn ask_element(&self, element: &str, what: &str) -> Result<Value, DriverError> {
        self.driver
            .get(&format!("{}/element/{element}/{what}", self.path))
    }

    /// Clicks an element where a person would.
    pub fn click(&self, element: &str) -> Result<(), DriverError> {
        let path = format!("{}/element/{element}/click", self.path);
        self.driver.post(&path, &json!({})).map(drop)
    }

    /// Types into an element.
    pub fn type_into(&self, element: &str, text: &str) -> Result<(), DriverError> {
        let path = format!("{}/element/{element}/value", self.path);
        self.driver.post(&path, &json!({ "text": text })).map(drop)
    }

    /// Presses keys in order wherever the focus is; `held` stay down meanwhile.
    pub fn press(&self, held: &[char], keys: &[char]) -> Result<(), DriverError> {
        let event = |kind: &str, key: &char| json!({ "type": kind, "value": key.to_string() });
        let mut actions: Vec<Value> = held.iter().map(|key| event("keyDown", key)).collect();
        for key in keys {
            actions.push(event("keyDown", key));
            actions.push(event("keyUp", key));
        }
        actions.extend(held.iter().rev().map(|key| event("keyUp", key)));
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.driver
            .post(&format!("{}/actions", self.path), &body)
            .map(drop)
    }

    /// Makes the window so large on the outside.
    pub fn resize(&self, width: u32, height: u32) -> Result<(), DriverError> {
        let body = json!({ "width": width, "height": height, "x": 0, "y": 0 });
        self.driver
            .post(&format!("{}/window/rect", self.path), &body)
            .map(drop)
    }

    /// Takes a picture of the page, as PNG.
    pub fn screenshot(&self) -> Result<Vec<u8>, DriverError> {
        use base64::Engine as _;
        let answer = self.driver.get(&format!("{}/screenshot", self.path))?;
        base64::engine::general_purpose::STANDARD
            .decode(answer.as_str().unwrap_or_default())
            .map_err(broken)
    }

    /// Closes the window.
    pub fn close(mut self) -> Result<(), DriverError> {
        self.open = false;
        self.driver.delete(&self.path).map(drop)
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if self.open {
            let _ = self.driver.delete(&self.path);
        }
    }
}
