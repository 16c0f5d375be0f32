//! What gates look at.

use interlock_domain::{Timestamp, stack::StackPhase};

/// A fact with its source and age, or the reason why it is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence<T> {
    /// The fact or the reason.
    pub value: Result<T, String>,
    /// Who told, in words.
    pub source: String,
    /// When.
    pub at: Option<Timestamp>,
}

/// Everything that the gates of one promotion look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Environment that it comes from, in words.
    pub from: String,
    /// Environment that it goes to, in words.
    pub to: String,
    /// Whether customers are there.
    pub production: bool,
    /// Now.
    pub now: Timestamp,
    /// Stacks where it comes from.
    pub source_stacks: Evidence<Vec<StackFact>>,
    /// Stacks where it goes to.
    pub target_stacks: Evidence<Vec<StackFact>>,
    /// SonarQube's gate; none when the service has no project.
    pub quality: Option<Evidence<GateFact>>,
    /// Tests of the build; none when the service has no build job.
    pub tests: Option<Evidence<TestFact>>,
    /// Freeze windows that hold or come; none when the environment declares none.
    pub freeze: Option<Option<FreezeFact>>,
    /// What AWS announces; none for deploy jobs.
    pub changes: Option<Evidence<Vec<ChangeFact>>>,
    /// References in the template that are resolved outside of it, without a version.
    pub floating_references: Vec<String>,
}

/// A stack's name, phase and status word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackFact {
    /// Name.
    pub name: String,
    /// Phase.
    pub phase: StackPhase,
    /// AWS's word.
    pub status: String,
}

/// SonarQube's gate for a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateFact {
    /// Whether it passed; none when the project has no gate.
    pub passed: Option<bool>,
    /// Broken conditions in words.
    pub broken: Vec<String>,
    /// Commit that was analysed.
    pub revision: Option<String>,
    /// Commit that is to be promoted.
    pub wanted: Option<String>,
}

/// Result of the build of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFact {
    /// Build in words, such as `build-payments #1033`.
    pub build: String,
    /// Whether the build succeeded.
    pub succeeded: bool,
    /// Passed and failed tests, when it has a report.
    pub counts: Option<(u32, u32)>,
}

/// A freeze window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreezeFact {
    /// Name.
    pub name: String,
    /// Start.
    pub starts: Timestamp,
    /// End.
    pub ends: Timestamp,
}

/// One announced resource change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeFact {
    /// Stack and logical id in words.
    pub resource: String,
    /// Type.
    pub resource_type: String,
    /// AWS's action word.
    pub action: String,
    /// AWS's replacement word.
    pub replacement: Option<String>,
    /// What happens to the old resource: Delete, Retain, Snapshot.
    pub policy_action: Option<String>,
}
