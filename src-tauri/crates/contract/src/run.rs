//! A running promotion: steps, resources, log.

use crate::{Instant, Tone};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a run looks like now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    /// Promotion id.
    pub promotion: String,
    /// State word: running, waiting, outcome unknown, applied, verified, failed, aborted.
    pub state: String,
    /// Tone.
    pub tone: Tone,
    /// Whether nothing will change any more.
    pub finished: bool,
    /// Start.
    pub started_at: Instant,
    /// End.
    pub ended_at: Option<Instant>,
    /// Median duration of past runs, in milliseconds, when there are any.
    pub usual_ms: Option<u32>,
    /// How far each service is, in the order of delivery.
    pub services: Vec<ServiceRunView>,
    /// Which process drives it; none once it is over.
    pub driver: Option<DriverView>,
    /// What it waits for and since when.
    pub waiting_on: Option<String>,
    /// Steps, nested by `depth`.
    pub steps: Vec<StepView>,
    /// CloudFormation resources.
    pub resources: Vec<ResourceRunView>,
    /// Jenkins builds, one a service that a job delivers, in the order in which they begin.
    pub builds: Vec<BuildView>,
    /// Input steps that wait for an answer.
    pub inputs: Vec<InputView>,
    /// First error, in words.
    pub first_error: Option<String>,
    /// Line number of the first error in the log.
    pub first_error_line: Option<u32>,
}

/// How far one service of a run is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServiceRunView {
    /// Service.
    pub service: String,
    /// Word: delivered, partly delivered, failed, running, outcome unknown, pending, not begun.
    pub state: String,
    /// Tone.
    pub tone: Tone,
}

/// The process that drives a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DriverView {
    /// Who runs it.
    pub by: String,
    /// Which process.
    pub runner: String,
    /// Whether it is this process.
    pub here: bool,
    /// When the record last heard of it.
    pub heard_at: Instant,
    /// Until when taking over takes a reason.
    pub until: Instant,
    /// Whether that is over, or it is gone for certain.
    pub silent: bool,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Nesting, 0 at the top.
    pub depth: u32,
    /// Word: pending, running, waiting, done, failed, skipped, outcome unknown.
    pub state: String,
    /// Tone.
    pub tone: Tone,
    /// Start.
    pub started_at: Option<Instant>,
    /// End.
    pub ended_at: Option<Instant>,
    /// Median of past runs in milliseconds.
    pub usual_ms: Option<u32>,
    /// What happens or went wrong.
    pub detail: Option<String>,
}

/// One resource in a stack operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResourceRunView {
    /// Stack name.
    pub stack: String,
    /// Logical id.
    pub logical_id: String,
    /// Type.
    pub resource_type: String,
    /// AWS's last status word.
    pub status: String,
    /// Tone.
    pub tone: Tone,
    /// First event.
    pub started_at: Instant,
    /// Terminal event.
    pub ended_at: Option<Instant>,
    /// AWS's reason.
    pub reason: Option<String>,
}

/// A Jenkins build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildView {
    /// Service that it delivers.
    pub service: String,
    /// Full job name.
    pub job: String,
    /// Number; none while queued.
    pub number: Option<u32>,
    /// Address.
    pub url: Option<String>,
    /// Why it waits in the queue.
    pub queue_reason: Option<String>,
}

/// An input step that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InputView {
    /// Id in Jenkins.
    pub id: String,
    /// Message.
    pub message: String,
    /// Word on the proceed button.
    pub proceed: String,
}

/// Answer to an input step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InputAnswerRequest {
    /// Promotion id.
    pub id: String,
    /// Input id.
    pub input: String,
    /// Proceed or abort.
    pub proceed: bool,
}

/// Which log lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogRequest {
    /// Promotion id.
    pub id: String,
    /// First line wanted, from 0.
    pub from: u32,
}

/// A part of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogView {
    /// Number of the first line given.
    pub from: u32,
    /// Lines.
    pub lines: Vec<LogLineView>,
    /// Ask again from here.
    pub next: u32,
    /// Whether there will be no more.
    pub complete: bool,
    /// Lines dropped from the front to keep memory bounded.
    pub dropped: u32,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogLineView {
    /// When, if the source says so.
    pub at: Option<Instant>,
    /// Plain text.
    pub text: String,
    /// Tone.
    pub tone: Tone,
}
