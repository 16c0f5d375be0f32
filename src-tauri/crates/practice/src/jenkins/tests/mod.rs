//! The server as a whole, asked as a client asks it; `recorded` compares it with a real Jenkins.

mod bank;
mod deploying;
mod deployments;
mod estate;
mod inputs;
mod logs;
mod people;
mod queueing;
mod recorded;
mod recording;
mod restarts;
mod served;

pub(crate) use bank::{of_bank, post_as};

use super::access::{Group, User};
use super::http::{Reply, Request};
use super::params::Definition;
use super::plan::{FolderPlan, JobPlan, Pipeline, Plan};
use super::program::{Artifact, Case, Gate, Outcome, Stage, Step, Suite};
use super::service::Jenkins;
use super::target::{Deployer, Followed, Operation, Preparation, StackChange};
use axum::body::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

/// 2026-11-23T02:50:00Z, when the recordings begin.
pub const START: i64 = 1_795_402_200_000;
pub const ROOT: &str = "http://127.0.0.1:8090";

/// A server with a clock in the test's hand.
pub struct Fixture {
    pub jenkins: Jenkins,
    pub clock: Arc<AtomicI64>,
}

impl Fixture {
    pub fn new() -> Self {
        Self::with(plan(), Arc::new(Stacks::default()))
    }

    pub fn with(plan: Plan, deployer: Arc<dyn Deployer>) -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let hand = Arc::clone(&clock);
        let now = move || hand.load(Ordering::SeqCst);
        Self {
            jenkins: Jenkins::new(plan, deployer, ROOT, now),
            clock,
        }
    }

    pub fn pass(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::SeqCst);
        self.jenkins.tick();
    }

    pub fn ask(&self, method: Method, target: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name: http::HeaderName = name.parse().unwrap();
            map.append(name, value.parse().unwrap());
        }
        let body = Bytes::from(body.to_owned());
        self.jenkins
            .answer(&Request::new(method, target, map, body))
    }

    pub fn get(&self, user: &str, target: &str) -> Reply {
        self.ask(Method::GET, target, &[("authorization", &token(user))], "")
    }

    pub fn json(&self, user: &str, target: &str) -> Value {
        let reply = self.get(user, target);
        assert_eq!(reply.status, 200, "{target}: {}", text(&reply));
        serde_json::from_slice(&reply.body).unwrap()
    }

    pub fn post(&self, user: &str, target: &str, form: &str) -> Reply {
        let headers = [
            ("authorization", token(user)),
            (
                "content-type",
                "application/x-www-form-urlencoded".to_owned(),
            ),
        ];
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.ask(Method::POST, target, &headers, form)
    }

    /// Starts a build at once and returns its address ("/job/x/1/").
    pub fn start(&self, user: &str, job: &str, form: &str) -> String {
        let target = if form.is_empty() {
            format!("{job}build?delay=0sec")
        } else {
            format!("{job}buildWithParameters?delay=0sec")
        };
        let reply = self.post(user, &target, form);
        assert_eq!(reply.status, 201, "{}", text(&reply));
        self.pass(0);
        let item = reply.get("location").unwrap().replace(ROOT, "");
        let item = self.json(user, &format!("{item}api/json"));
        let url = item["executable"]["url"].as_str().unwrap();
        url.replace(ROOT, "")
    }

    pub fn console(&self, build: &str) -> String {
        text(&self.get("admin", &format!("{build}consoleText")))
    }

    pub fn result(&self, build: &str) -> Value {
        self.json("admin", &format!("{build}api/json"))["result"].clone()
    }
}

pub fn token(user: &str) -> String {
    basic(user, &format!("{user}-token"))
}

pub fn basic(user: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")))
}

pub fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

pub fn user(id: &str, full_name: &str, group: Group) -> User {
    User {
        id: id.to_owned(),
        full_name: full_name.to_owned(),
        token: format!("{id}-token"),
        password: Some(format!("{id}-password")),
        group,
    }
}

pub fn job(name: &str, parameters: Vec<Definition>, stages: Vec<Stage>) -> JobPlan {
    JobPlan {
        folder: None,
        name: name.to_owned(),
        description: Some("Release & deploy".to_owned()),
        parameters,
        concurrent: true,
        disabled: false,
        builders: vec![Group::ReleaseManagers, Group::Developers],
        pipeline: Pipeline::Script(stages),
        past: Vec::new(),
    }
}

/// The jobs of the recorded server, as far as pipelines go.
pub fn plan() -> Plan {
    let mut serial = job(
        "serial",
        vec![Definition::text("X", "1", "")],
        vec![Stage::new(
            "Wait",
            vec![Step::shell("sleep 25", 25_000, Vec::new())],
        )],
    );
    serial.concurrent = false;
    let mut disabled = job("disabled", Vec::new(), Vec::new());
    disabled.disabled = true;
    let mut inside = job("gate go ü", Vec::new(), simple_input());
    inside.folder = Some("team a".to_owned());
    Plan {
        users: vec![
            user("admin", "Ada Admin", Group::Administrators),
            user("rita", "Rita Releaser", Group::ReleaseManagers),
            user("gil", "Gil Guest", Group::Leads),
        ],
        folders: vec![FolderPlan {
            name: "team a".to_owned(),
            display_name: "Team A ünï".to_owned(),
            description: None,
        }],
        jobs: vec![
            job("release-pipeline", release_parameters(), release_stages()),
            job("simple-input", Vec::new(), simple_input()),
            job(
                "freestyle-params",
                vec![Definition::text("WHO", "world", "")],
                vec![Stage::new("Say", vec![Step::echo("hello ${WHO}")])],
            ),
            job("long-log", Vec::new(), long_log()),
            serial,
            disabled,
            inside,
        ],
        pace: 1.0,
    }
}

fn simple_input() -> Vec<Stage> {
    vec![
        Stage::new("Prepare", vec![Step::echo("hi")]),
        Stage::new("Gate", vec![Step::input(gate("140e317e", "Continue?", ""))]),
        Stage::new("After", vec![Step::echo("after")]),
    ]
}

pub fn gate(id: &str, message: &str, submitters: &str) -> Gate {
    Gate {
        id: id.to_owned(),
        message: message.to_owned(),
        ok: "Proceed".to_owned(),
        submitters: submitters.to_owned(),
        submitter_variable: None,
        parameters: Vec::new(),
        answered: None,
    }
}

fn long_log() -> Vec<Stage> {
    let lines = (0..200)
        .map(|line| format!("line {line} éü – ✓ \u{1b}[31mred\u{1b}[0m"))
        .collect();
    vec![Stage::new("Log", vec![Step::shell("loop", 20_000, lines)])]
}

fn release_parameters() -> Vec<Definition> {
    vec![
        Definition::text("VERSION", "1.0.0", "Version to release"),
        Definition::choice("ENVIRONMENT", &["staging", "production"], "Target"),
        Definition::flag("DRY_RUN", true, ""),
        Definition {
            name: "NOTES".to_owned(),
            description: "Multi-line".to_owned(),
            kind: super::params::Kind::Lines {
                default: "line 1\nline 2".to_owned(),
            },
        },
        Definition::password("SECRET", "s3cret-default", "Not shown"),
    ]
}

fn release_stages() -> Vec<Stage> {
    let failed = |message: &str, stack: &str| Outcome::Failed {
        message: message.to_owned(),
        stack: stack.to_owned(),
    };
    let case = |name: &str, millis: u32, outcome: Outcome| Case {
        class: "com.acme.PaymentTest".to_owned(),
        name: name.to_owned(),
        millis,
        outcome,
    };
    let suite = Suite {
        name: "com.acme.PaymentTest".to_owned(),
        cases: vec![
            case("pays", 500, Outcome::Passed),
            case(
                "refuses <neg>",
                250,
                failed("expected:<1> but was:<2>", "x"),
            ),
            case("boom", 1_000, failed("NPE", "stack")),
            case("later", 0, Outcome::Skipped("not yet".to_owned())),
        ],
    };
    let file = |path: &str, content: &str| Artifact {
        path: path.to_owned(),
        content: content.to_owned(),
    };
    let ship = Gate {
        ok: "Ship it".to_owned(),
        submitter_variable: Some("APPROVER".to_owned()),
        parameters: vec![
            Definition::text("TICKET", "CHG-0", "Change ticket"),
            Definition::choice("STRATEGY", &["rolling", "blue-green"], ""),
            Definition::flag("NOTIFY", true, ""),
        ],
        ..gate(
            "DeployGate",
            "Deploy ${params.VERSION} to ${params.ENVIRONMENT}?",
            "rita,admin",
        )
    };
    vec![
        Stage::new(
            "Build",
            vec![
                Step::echo(
                    "version ${params.VERSION} to ${params.ENVIRONMENT} dry=${params.DRY_RUN}",
                ),
                Step {
                    function: "writeFile".to_owned(),
                    title: "Write file to workspace".to_owned(),
                    argument: Some("reports/TEST-a.xml".to_owned()),
                    lines: Vec::new(),
                    ..Step::echo("")
                },
                Step::shell("mkdir -p out", 400, Vec::new()),
                Step::junit("reports/*.xml", vec![suite]),
                Step::archive(vec![
                    file("out/app 1.0.txt", "hello\n"),
                    file("out/b.bin", "x\n"),
                ]),
            ],
        ),
        Stage::new(
            "Approve",
            vec![
                Step::input(ship),
                Step::echo("approved by ${APPROVER} ticket ${TICKET} ${STRATEGY} ${NOTIFY}"),
            ],
        ),
        Stage::new(
            "Deploy",
            vec![Step::shell(
                "for i in 1 2 3",
                3_400,
                vec!["deploying".to_owned()],
            )],
        ),
        Stage::post(vec![Step::echo("post")]),
    ]
}

/// Stacks that do what the test wrote down.
#[derive(Default)]
pub struct Stacks {
    /// Answers to `prepared`, the last one for ever.
    pub preparations: Mutex<VecDeque<Preparation>>,
    /// Answers to `follow`, the last one for ever.
    pub progress: Mutex<VecDeque<Followed>>,
    /// What was called.
    pub calls: Mutex<Vec<String>>,
}

impl Stacks {
    pub fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    fn note(&self, call: String) {
        self.calls.lock().unwrap().push(call);
    }

    fn next<T: Clone>(queue: &Mutex<VecDeque<T>>) -> Option<T> {
        let mut queue = queue.lock().unwrap();
        if queue.len() > 1 {
            queue.pop_front()
        } else {
            queue.front().cloned()
        }
    }
}

impl Deployer for Stacks {
    fn create(&self, change: &StackChange) -> Result<String, String> {
        self.note(format!(
            "create {} {}",
            change.stack, change.change_set_name
        ));
        Ok(format!("arn:change-set/{}", change.stack))
    }

    fn prepared(&self, _: &StackChange, _: &str) -> Preparation {
        Self::next(&self.preparations)
            .unwrap_or(Preparation::Ready(vec!["Modify Table".to_owned()]))
    }

    fn execute(&self, change: &StackChange, change_set: &str) -> Result<Operation, String> {
        self.note(format!("execute {change_set} {}", change.token));
        Ok(Operation::default())
    }

    fn follow(&self, _: &StackChange, _: &Operation) -> Followed {
        Self::next(&self.progress).unwrap_or(Followed {
            lines: vec!["UPDATE_COMPLETE".to_owned()],
            seen: 1,
            outcome: Some(Ok(())),
            ended: Some(START),
        })
    }
}
