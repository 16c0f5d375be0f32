//! Where a deploy pipeline acts: change sets and stacks of an environment's account.
//!
//! The pipeline knows only this seam. The practice AWS stands behind it in the estate; tests put a scripted one there.

use serde::{Deserialize, Serialize};

/// Where the change set of a stack comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// The pipeline creates it.
    Created,
    /// It was prepared and approved before; its ARN.
    Approved(String),
    /// Others were approved, none for this stack: the stack stays as it is.
    Nothing,
}

/// One stack that a deployment changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackChange {
    /// Service that owns the stack.
    pub service: String,
    /// Environment's name (dev, qa, prod).
    pub environment: String,
    /// Account of the environment.
    pub account: String,
    /// Region of the stack.
    pub region: String,
    /// Stack's name.
    pub stack: String,
    /// Version being deployed.
    pub version: String,
    /// Commit whose template and variables are deployed; empty means the version's own.
    pub commit: String,
    /// Where its change set comes from.
    pub source: Source,
    /// Name for a change set created here.
    pub change_set_name: String,
    /// Idempotency token of the execution.
    pub token: String,
}

/// How far the creation of a change set is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preparation {
    /// AWS is still computing it.
    Pending,
    /// It can be executed; one line for each resource change.
    Ready(Vec<String>),
    /// It contains no changes: there is nothing to execute.
    Empty(String),
    /// It failed or cannot be executed any more.
    Failed(String),
}

/// An execution under way on a stack.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Operation {
    /// What AWS knows it by.
    pub token: String,
    /// How many events of the stack are already told.
    pub seen: usize,
}

/// What happened on a stack since the last look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Followed {
    /// New stack events, oldest first, one line each.
    pub lines: Vec<String>,
    /// How many events of the stack are told now.
    pub seen: usize,
    /// The end of the operation: fine, or the reason why not.
    pub outcome: Option<Result<(), String>>,
    /// When it ended, milliseconds since the epoch, where that is known.
    pub ended: Option<i64>,
}

/// Deploys stacks. Refusals are sentences for the build log.
pub trait Deployer: Send + Sync {
    /// Creates a change set and returns its ARN.
    fn create(&self, change: &StackChange) -> Result<String, String>;

    /// Looks how far a change set is.
    fn prepared(&self, change: &StackChange, change_set: &str) -> Preparation;

    /// Starts the execution of a change set.
    fn execute(&self, change: &StackChange, change_set: &str) -> Result<Operation, String>;

    /// Returns the events since the last look, and whether the operation has ended.
    fn follow(&self, change: &StackChange, operation: &Operation) -> Followed;
}
