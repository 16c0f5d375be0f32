//! Jenkins builds: reading them, triggering them, answering their questions.

use super::Answer;
use async_trait::async_trait;
use interlock_domain::{
    JobName,
    build::{Build, LogChunk, PendingInput, QueueState, Stage, TestCounts},
};

/// What to ask a job to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildOrder {
    /// Job.
    pub job: JobName,
    /// Parameters, all of them.
    pub parameters: Vec<(String, String)>,
}

/// A parameter that a job declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredParameter {
    /// Name.
    pub name: String,
    /// The values that are allowed; empty when any is.
    pub choices: Vec<String>,
}

/// Answers what builds there are.
#[async_trait]
pub trait BuildReader: Send + Sync {
    /// The newest builds of a job, newest first, at most `limit`.
    async fn builds(&self, job: &JobName, limit: usize) -> Answer<Vec<Build>>;
    /// One build.
    async fn build(&self, job: &JobName, number: u32) -> Answer<Build>;
    /// Stages of a build; empty when it is not a pipeline.
    async fn stages(&self, job: &JobName, number: u32) -> Answer<Vec<Stage>>;
    /// Log from an offset on; control sequences and notes are removed.
    async fn log(&self, job: &JobName, number: u32, from: u64) -> Answer<LogChunk>;
    /// Inputs that wait.
    async fn pending_inputs(&self, job: &JobName, number: u32) -> Answer<Vec<PendingInput>>;
    /// Test counts; none when the build has no test report.
    async fn tests(&self, job: &JobName, number: u32) -> Answer<Option<TestCounts>>;
    /// The parameters that a job declares; refused when it cannot be built.
    async fn declared_parameters(&self, job: &JobName) -> Answer<Vec<DeclaredParameter>>;
    /// Where a queue item stands.
    async fn queue(&self, item: u64) -> Answer<QueueState>;
}

/// Triggers, answers and stops builds, with the caller's own power.
#[async_trait]
pub trait BuildRunner: Send + Sync {
    /// Triggers a build and answers its queue item. A lost reply is `OutcomeUnknown`.
    async fn trigger(&self, order: &BuildOrder) -> Answer<u64>;
    /// Finds a queue item or build whose parameters hold this value; to find out what a lost
    /// reply did.
    async fn find(&self, job: &JobName, parameter: &str, value: &str)
    -> Answer<Option<QueueState>>;
    /// Answers an input.
    async fn answer_input(
        &self,
        job: &JobName,
        number: u32,
        input: &str,
        proceed: bool,
    ) -> Answer<()>;
    /// Stops a build.
    async fn stop(&self, job: &JobName, number: u32) -> Answer<()>;
}
