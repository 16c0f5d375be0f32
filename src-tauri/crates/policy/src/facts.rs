//! What gates look at.

use interlock_domain::{Tier, Timestamp, stack::StackPhase};
use std::collections::BTreeMap;

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

impl<T> Evidence<T> {
    /// A fact that was seen.
    pub fn seen(value: T, source: impl Into<String>, at: Option<Timestamp>) -> Self {
        Self {
            value: Ok(value),
            source: source.into(),
            at,
        }
    }

    /// A fact that is not known, and why.
    pub fn unknown(reason: impl Into<String>, source: impl Into<String>) -> Self {
        Self {
            value: Err(reason.into()),
            source: source.into(),
            at: None,
        }
    }
}

/// What is promoted, and where: decides which rules apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Promotion, once it has an id.
    pub promotion: Option<String>,
    /// Service.
    pub service: String,
    /// Its team.
    pub team: String,
    /// Environment that it comes from.
    pub from: String,
    /// Environment that it goes to.
    pub to: String,
    /// Tier of the environment that it goes to.
    pub tier: Tier,
    /// Approvals that the estate file asks for there.
    pub declared_approvals: u32,
}

/// Everything that the gates of one promotion look at.
///
/// `None` says that the estate declares no such thing for the service (no SonarQube project, no
/// change set), which is known. What could not be learned is an [`Evidence`] with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What is promoted, and where.
    pub subject: Subject,
    /// Now, by the clock that counts.
    pub now: Timestamp,
    /// Stacks where it comes from.
    pub source_stacks: Evidence<Vec<StackFact>>,
    /// Stacks where it goes to.
    pub target_stacks: Evidence<Vec<StackFact>>,
    /// SonarQube's gate; none when the service has no project.
    pub quality: Option<Evidence<GateFact>>,
    /// Measures by metric; none when the service has no project.
    pub measures: Option<Evidence<BTreeMap<String, MeasureFact>>>,
    /// Findings that the target does not have, by severity.
    pub findings: Option<Evidence<BTreeMap<String, u32>>>,
    /// Tests of the build; none when the service has no build job.
    pub tests: Option<Evidence<TestFact>>,
    /// Since when the source environment runs what is promoted.
    pub in_source_since: Evidence<Timestamp>,
    /// Where it comes from, beside where it should come from.
    pub path: Evidence<PathFact>,
    /// What AWS announces; none for deploy jobs.
    pub changes: Option<Evidence<Vec<ChangeFact>>>,
    /// Access that would be broadened, in words; none for deploy jobs.
    pub access_broadened: Option<Evidence<Vec<String>>>,
    /// Changes by hand that would be overwritten, in words; none for deploy jobs.
    pub drift_overwritten: Option<Evidence<Vec<String>>>,
    /// What AWS would reject, in words; none for deploy jobs.
    pub rejected: Option<Evidence<Vec<String>>>,
    /// References in the template that are resolved outside of it, without a version.
    pub floating_references: Evidence<Vec<String>>,
    /// Commits that it brings; none when the service has no repository.
    pub commits: Option<Evidence<Vec<CommitFact>>>,
    /// What the requester wrote.
    pub comment: Evidence<String>,
    /// Seconds that past promotions into the target took.
    pub past_durations: Evidence<Vec<u64>>,
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

/// A measure of what is promoted, beside that of what the target runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureFact {
    /// The value as it was told.
    pub value: String,
    /// The value of what the target runs, or why it is not known.
    pub in_target: Result<String, String>,
}

/// Result of the build of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFact {
    /// Build in words, such as `build-payments #1033`.
    pub build: String,
    /// Whether the build succeeded.
    pub succeeded: bool,
    /// Tests, when it has a report.
    pub counts: Option<TestCount>,
}

/// Tests of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestCount {
    /// Passed.
    pub passed: u32,
    /// Failed.
    pub failed: u32,
    /// Skipped.
    pub skipped: u32,
}

/// The way that a promotion takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathFact {
    /// The environment before the target; none when the target is the first.
    pub before: Option<String>,
    /// What the source environment runs, in words; none when that cannot be told.
    pub runs: Option<String>,
    /// What is promoted, in the same words.
    pub promoted: Option<String>,
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

/// A commit that a promotion brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitFact {
    /// Id.
    pub id: String,
    /// Message.
    pub message: String,
}

/// The first digits of a commit id.
pub(crate) fn short(id: &str) -> &str {
    id.get(..7).unwrap_or(id)
}
