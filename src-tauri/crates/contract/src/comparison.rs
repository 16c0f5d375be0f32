//! Two sides of one service, side by side.

use crate::{
    Instant,
    diff::{DangerRow, ResourceRow, SecurityVerdict},
    overview::CommitView,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum SideRef {
    /// What runs in an environment now.
    Environment {
        /// Environment name.
        name: String,
    },
    /// What ran in an environment at a past time.
    Past {
        /// Environment name.
        environment: String,
        /// When.
        at: Instant,
    },
    /// What would run in an environment once an open change set was executed.
    ChangeSet {
        /// ARN.
        arn: String,
    },
    /// What a Git revision says for an environment.
    Revision {
        /// Revision: commit, tag or branch.
        revision: String,
        /// Environment whose variables apply.
        environment: String,
    },
    /// What would run in an environment if these files took the place of its own.
    Files {
        /// Environment name.
        environment: String,
        /// Templates and variable documents; their names say which stack they are for.
        files: Vec<FileRef>,
    },
}

/// A file that somebody chose.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileRef {
    /// Its name, with or without folders.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// What to compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonRequest {
    /// Service name.
    pub service: String,
    /// Before.
    pub left: SideRef,
    /// After.
    pub right: SideRef,
}

/// Which sides to compare over all services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonSummaryRequest {
    /// Before.
    pub left: SideRef,
    /// After.
    pub right: SideRef,
}

/// Counts for every service, for the tree on the left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonSummaryView {
    /// One entry a service, differing ones first.
    pub services: Vec<ServiceDifferenceView>,
}

/// How much one service differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServiceDifferenceView {
    /// Service name.
    pub service: String,
    /// Same, changed, unknown.
    pub state: DifferenceState,
    /// Counts over its stacks.
    pub counts: CountsView,
    /// Why it is unknown.
    pub reason: Option<String>,
    /// Its stacks.
    pub stacks: Vec<StackDifferenceView>,
}

/// How much one stack differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StackDifferenceView {
    /// Name without the environment.
    pub name: String,
    /// Same, changed, only on one side, unknown.
    pub state: DifferenceState,
    /// Counts.
    pub counts: CountsView,
}

/// Counts of changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CountsView {
    /// Resources only on the right.
    pub added: u32,
    /// Resources only on the left.
    pub removed: u32,
    /// Resources on both sides that differ.
    pub changed: u32,
    /// Things to decide before anything else.
    pub dangers: u32,
    /// Resources that are, or may be, replaced.
    pub replaced: u32,
    /// Differences explained by the environments' variables.
    pub expected: u32,
    /// Values that cannot be compared.
    pub unknown: u32,
}

/// Whether two things differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum DifferenceState {
    /// Equal in meaning.
    Same,
    /// Different.
    Changed,
    /// Only on the left.
    OnlyLeft,
    /// Only on the right.
    OnlyRight,
    /// Cannot be told.
    Unknown,
}

/// A whole comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonView {
    /// Service name.
    pub service: String,
    /// Before.
    pub left: SideView,
    /// After.
    pub right: SideView,
    /// Stacks, paired by name without environment.
    pub stacks: Vec<StackComparisonView>,
    /// Parameters and variables, one row a key.
    pub variables: Vec<VariableView>,
    /// Why variables are absent or partial.
    pub variables_note: Option<String>,
    /// Commits on the right that the left has not.
    pub commits: Vec<CommitView>,
    /// Why commits are absent or cut.
    pub commits_note: Option<String>,
    /// Counts over all stacks.
    pub counts: CountsView,
}

/// One side's facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SideView {
    /// Words such as `prod now`.
    pub label: String,
    /// Version, when known.
    pub version: Option<String>,
    /// Commit, when known.
    pub commit: Option<String>,
    /// When this side was observed, or the past time itself.
    pub at: Option<Instant>,
    /// What is not sure about this side.
    pub doubts: Vec<String>,
}

/// Two stacks, or one and its absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StackComparisonView {
    /// Name without the environment.
    pub name: String,
    /// Stack name on the left.
    pub left: Option<String>,
    /// Stack name on the right.
    pub right: Option<String>,
    /// Same, changed ...
    pub state: DifferenceState,
    /// Why it is unknown.
    pub reason: Option<String>,
    /// Counts.
    pub counts: CountsView,
    /// How the access that the stack gives changes; none when nothing in it gives access.
    pub security: Option<SecurityVerdict>,
    /// What to decide before anything else, the worst first.
    pub dangers: Vec<DangerRow>,
    /// Entries that differ: resources, outputs, conditions, mappings, parameters declared.
    pub entries: Vec<EntryView>,
}

/// One template entry that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EntryView {
    /// Template section: `Resources`, `Outputs`, `Parameters`, `Conditions`, `Mappings` ...
    pub section: String,
    /// Logical id or key.
    pub name: String,
    /// Resource type, for resources.
    pub resource_type: Option<String>,
    /// Same is never listed.
    pub state: DifferenceState,
    /// `file:line` or `line N` on the right (or left when removed).
    pub location: Option<String>,
    /// What differs inside.
    pub properties: Vec<PropertyView>,
    /// What happens to a resource; none for other entries.
    pub judgement: Option<ResourceRow>,
}

/// One property that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PropertyView {
    /// Path such as `Policies[data].Statement[0].Action`.
    pub path: String,
    /// Value on the left, in YAML-like text; none when absent.
    pub before: Option<String>,
    /// Value on the right.
    pub after: Option<String>,
    /// Whether the environments' variables explain it.
    pub expected: bool,
    /// Whether a side cannot be known.
    pub unknown: bool,
    /// Cause in words: `edited in the template`, `Parameter LogRetention` ...
    pub cause: String,
}

/// One key of parameters and variables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VariableView {
    /// Stack name without the environment.
    pub stack: String,
    /// Key.
    pub key: String,
    /// Left value; none when missing or masked.
    pub left: Option<String>,
    /// Right value.
    pub right: Option<String>,
    /// Same, expected, unexpected, missing, unknown.
    pub state: VariableState,
    /// Note such as `NoEcho` or `template default`.
    pub note: Option<String>,
}

/// How a variable stands between two environments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum VariableState {
    /// Equal.
    Same,
    /// Different, and the environments' variable documents say so.
    Expected,
    /// Different, and nothing explains it.
    Unexpected,
    /// Only on one side.
    Missing,
    /// Masked or unreadable.
    Unknown,
}

/// Whose change sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenChangeSetsRequest {
    /// Service name.
    pub service: String,
    /// Environment name.
    pub environment: String,
}

/// Change sets that wait to be executed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenChangeSetsView {
    /// The newest first.
    pub change_sets: Vec<OpenChangeSetView>,
}

/// A change set that waits to be executed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenChangeSetView {
    /// ARN.
    pub arn: String,
    /// Name.
    pub name: String,
    /// Stack name.
    pub stack: String,
    /// What its maker wrote.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Option<Instant>,
}

/// Which texts to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RawTextRequest {
    /// Service name.
    pub service: String,
    /// Stack name without the environment.
    pub stack: String,
    /// Before.
    pub left: SideRef,
    /// After.
    pub right: SideRef,
}

/// Template texts as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RawTextView {
    /// Left text; none when absent or unreadable.
    pub left: Option<String>,
    /// Right text.
    pub right: Option<String>,
    /// Notes, such as characters that AWS replaced by `?`.
    pub notes: Vec<String>,
}
