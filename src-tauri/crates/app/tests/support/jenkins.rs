//! A small stateful Jenkins for tests of the run engine.

use super::{Cloud, ports};
use async_trait::async_trait;
use interlock_app::{
    Ports,
    ports::{Answer, BuildOrder, BuildReader, BuildRunner, DeclaredParameter},
};
use interlock_domain::{
    ConnectorError, FaultKind, JobName, SystemKind,
    build::{Build, BuildResult, LogChunk, PendingInput, QueueState, Stage, TestCounts},
};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JenkinsFault {
    None,
    /// The build is triggered, and the reply is lost.
    LoseReply,
    /// The build is not triggered, and no reply comes.
    LoseRequest,
    /// The queue forgets its item before it was asked.
    ForgetQueue,
    /// Jenkins goes away for a while, and the build is there again afterwards.
    Restart,
    /// The queue item becomes somebody else's build (numbers began again).
    ForeignItem,
}

pub struct Jenkins {
    builds: Mutex<Vec<Build>>,
    pub fault: Mutex<JenkinsFault>,
    pub result: Mutex<BuildResult>,
    /// Whether the build asks before it deploys.
    pub asks: Mutex<bool>,
    answered: Mutex<bool>,
    looks: AtomicU32,
    pub triggers: AtomicU32,
}

fn error(kind: FaultKind, message: &str) -> ConnectorError {
    ConnectorError::new(SystemKind::Jenkins, "test", kind, message)
}

impl Jenkins {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            builds: Mutex::default(),
            fault: Mutex::new(JenkinsFault::None),
            result: Mutex::new(BuildResult::Success),
            asks: Mutex::new(false),
            answered: Mutex::new(false),
            looks: AtomicU32::new(0),
            triggers: AtomicU32::new(0),
        })
    }

    fn waits(&self) -> bool {
        *self.asks.lock().unwrap() && !*self.answered.lock().unwrap()
    }

    fn finished(&self) -> bool {
        !self.waits() && self.looks.load(Ordering::SeqCst) >= 2
    }

    fn begin(&self, order: &BuildOrder) -> u32 {
        self.triggers.fetch_add(1, Ordering::SeqCst);
        let mut builds = self.builds.lock().unwrap();
        let number = u32::try_from(builds.len()).unwrap() + 1;
        builds.push(Build {
            job: order.job.clone(),
            number,
            url: format!("http://jenkins/job/x/{number}/"),
            building: true,
            result: None,
            started_at: super::wall(),
            duration_ms: 0,
            causes: vec![],
            parameters: order.parameters.clone(),
            revision: None,
        });
        number
    }
}

#[async_trait]
impl BuildReader for Jenkins {
    async fn builds(&self, _: &JobName, _: usize) -> Answer<Vec<Build>> {
        Ok(self.builds.lock().unwrap().clone())
    }
    async fn build(&self, _: &JobName, number: u32) -> Answer<Build> {
        let is_away = *self.fault.lock().unwrap() == JenkinsFault::Restart;
        if is_away && (1..4).contains(&self.looks.fetch_add(1, Ordering::SeqCst)) {
            return Err(error(FaultKind::Unreachable, "connection refused"));
        }
        let mut build = self
            .builds
            .lock()
            .unwrap()
            .get(number as usize - 1)
            .cloned()
            .ok_or_else(|| error(FaultKind::NotFound, "no build"))?;
        self.looks.fetch_add(1, Ordering::SeqCst);
        // A result may be there while the build goes on: only `building` tells.
        build.result = Some(*self.result.lock().unwrap());
        build.building = !self.finished();
        Ok(build)
    }
    async fn stages(&self, _: &JobName, _: u32) -> Answer<Vec<Stage>> {
        let failed = *self.result.lock().unwrap() == BuildResult::Failure;
        Ok(vec![Stage {
            id: "1".into(),
            name: "Deploy".into(),
            status: if failed {
                "FAILED".into()
            } else {
                "SUCCESS".into()
            },
            started_at: None,
            duration_ms: 5,
            error: failed.then(|| "the stack rolled back".into()),
        }])
    }
    async fn log(&self, _: &JobName, _: u32, from: u64) -> Answer<LogChunk> {
        let text = if from == 0 { "Started\r\n" } else { "" };
        Ok(LogChunk {
            text: text.into(),
            next: 9,
            more: !self.finished(),
        })
    }
    async fn pending_inputs(&self, _: &JobName, _: u32) -> Answer<Vec<PendingInput>> {
        let input = PendingInput {
            id: "Deploy".into(),
            message: "Deploy to prod?".into(),
            proceed: "Deploy".into(),
            has_fields: false,
        };
        Ok(if self.waits() { vec![input] } else { vec![] })
    }
    async fn tests(&self, _: &JobName, _: u32) -> Answer<Option<TestCounts>> {
        Ok(None)
    }
    async fn declared_parameters(&self, _: &JobName) -> Answer<Vec<DeclaredParameter>> {
        Ok(interlock_app::run::DEPLOY_PARAMETERS
            .map(|name| DeclaredParameter {
                name: name.to_owned(),
                choices: Vec::new(),
            })
            .into())
    }
    async fn queue(&self, item: u64) -> Answer<QueueState> {
        let number = u32::try_from(item).unwrap() - 100;
        Ok(match *self.fault.lock().unwrap() {
            JenkinsFault::ForgetQueue => QueueState::Gone,
            JenkinsFault::ForeignItem => QueueState::Started {
                number: 1,
                url: String::new(),
            },
            _ => QueueState::Started {
                number,
                url: String::new(),
            },
        })
    }
}

#[async_trait]
impl BuildRunner for Jenkins {
    async fn trigger(&self, order: &BuildOrder) -> Answer<u64> {
        let fault = *self.fault.lock().unwrap();
        match fault {
            JenkinsFault::LoseRequest => {
                *self.fault.lock().unwrap() = JenkinsFault::None;
                Err(error(FaultKind::OutcomeUnknown, "the reply was lost"))
            }
            JenkinsFault::LoseReply => {
                self.begin(order);
                *self.fault.lock().unwrap() = JenkinsFault::None;
                Err(error(FaultKind::OutcomeUnknown, "the reply was lost"))
            }
            JenkinsFault::ForeignItem => {
                // Build 1 belongs to somebody else, ours is build 2.
                self.begin(&BuildOrder {
                    job: order.job.clone(),
                    parameters: vec![],
                });
                self.triggers.store(0, Ordering::SeqCst);
                Ok(100 + u64::from(self.begin(order)))
            }
            _ => Ok(100 + u64::from(self.begin(order))),
        }
    }
    async fn find(&self, _: &JobName, parameter: &str, value: &str) -> Answer<Option<QueueState>> {
        let builds = self.builds.lock().unwrap();
        Ok(builds
            .iter()
            .find(|b| b.parameter(parameter) == Some(value))
            .map(|b| QueueState::Started {
                number: b.number,
                url: b.url.clone(),
            }))
    }
    async fn answer_input(&self, _: &JobName, _: u32, _: &str, proceed: bool) -> Answer<()> {
        *self.answered.lock().unwrap() = true;
        if !proceed {
            *self.result.lock().unwrap() = BuildResult::Aborted;
        }
        Ok(())
    }
    async fn stop(&self, _: &JobName, _: u32) -> Answer<()> {
        *self.asks.lock().unwrap() = false;
        *self.result.lock().unwrap() = BuildResult::Aborted;
        Ok(())
    }
}

/// Ports of somebody with this Jenkins.
pub fn jenkins_ports(cloud: &Arc<Cloud>, jenkins: &Arc<Jenkins>, person: &'static str) -> Ports {
    Ports {
        builds: Some(jenkins.clone()),
        runner: Some(jenkins.clone()),
        ..ports(cloud, person)
    }
}
