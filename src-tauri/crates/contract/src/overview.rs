//! The matrix of services and environments, and the drawer of one cell.

use crate::{Instant, Tone};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The whole matrix as last known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OverviewView {
    /// When the newest part was observed; none before the first observation.
    pub taken_at: Option<Instant>,
    /// Whether a refresh is under way.
    pub refreshing: bool,
    /// Freshness of each system.
    pub sources: Vec<SourceView>,
    /// Freshness of each account and region.
    pub scopes: Vec<ScopeView>,
    /// One row a service, in estate order.
    pub rows: Vec<RowView>,
    /// Stacks that no service of the estate claims.
    pub unclaimed: Vec<StackView>,
}

/// Freshness of one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SourceView {
    /// `AWS`, `Jenkins`, `SonarQube`, `GitLab` or `Git`.
    pub system: String,
    /// Ok (fresh), waiting (stale or partial), bad (unreachable), unknown (never asked).
    pub tone: Tone,
    /// One or two words: fresh, stale, partly unreachable, unreachable, not configured.
    pub state: String,
    /// When it last answered.
    pub at: Option<Instant>,
    /// Reason when not fresh.
    pub reason: Option<String>,
}

/// Freshness of one account and region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScopeView {
    /// Environment name.
    pub environment: String,
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
    /// Ok, waiting (stale), bad (unreachable) or unknown.
    pub tone: Tone,
    /// Stacks seen when it last answered.
    pub stacks: u32,
    /// When it last answered whole.
    pub at: Option<Instant>,
    /// Reason when not fresh.
    pub reason: Option<String>,
}

/// One service across the environments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowView {
    /// Service name.
    pub service: String,
    /// Group heading.
    pub group: String,
    /// Owning team.
    pub team: String,
    /// Whether versions differ between environments or one of them is not known.
    pub differs: bool,
    /// One cell an environment, in path order.
    pub cells: Vec<CellView>,
}

/// A service in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CellView {
    /// Environment name.
    pub environment: String,
    /// Colour and icon.
    pub tone: Tone,
    /// Status word: stable, deploying, failed, rolled back, drifted, unknown, not deployed ...
    pub status: String,
    /// Version that is there now.
    pub version: Option<String>,
    /// Commit that is there now.
    pub commit: Option<String>,
    /// Since when.
    pub since: Option<Instant>,
    /// Last version that deployed well, when the current deployment did not.
    pub last_good: Option<String>,
    /// Whether version and commit equal the left neighbour's.
    pub same_as_left: bool,
    /// Short marks under the version.
    pub markers: Vec<MarkerView>,
    /// Why it is unknown or failed.
    pub reason: Option<String>,
    /// The promotion control of the cell.
    pub promote: PromoteView,
}

/// A short mark in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MarkerView {
    /// What it is about.
    pub kind: MarkerKind,
    /// Colour.
    pub tone: Tone,
    /// One to three words.
    pub label: String,
    /// A sentence for the tooltip.
    pub detail: String,
}

/// What a marker is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum MarkerKind {
    /// Commits behind the environment on the left.
    Behind,
    /// Quality gate.
    Gate,
    /// Live drift.
    Drift,
    /// Last build.
    Build,
    /// A promotion that waits or runs.
    Promotion,
    /// Something is stale or cut short.
    Incomplete,
    /// A danger in what a promotion would do.
    Danger,
}

/// The promotion control of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "state",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum PromoteView {
    /// Nothing to promote: first environment, or equal to the left.
    None,
    /// A promotion can be prepared.
    Allowed {
        /// Environment it would come from.
        from: String,
        /// Version it would bring, when known.
        version: Option<String>,
    },
    /// It can not, and why.
    Refused {
        /// Environment it would come from.
        from: String,
        /// Every reason.
        reasons: Vec<ReasonView>,
    },
    /// One is already open.
    Open {
        /// Its id.
        promotion: String,
        /// Its state in words.
        label: String,
    },
}

/// A reason with a place to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReasonView {
    /// A sentence.
    pub text: String,
    /// In-app route or web address, when there is one.
    pub link: Option<String>,
}

/// A stack as far as the overview knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StackView {
    /// Stack name.
    pub name: String,
    /// Environment name.
    pub environment: String,
    /// Region.
    pub region: String,
    /// AWS's own word, such as `UPDATE_ROLLBACK_COMPLETE`.
    pub status: String,
    /// Its tone.
    pub tone: Tone,
    /// AWS's reason.
    pub status_reason: Option<String>,
    /// Last update, or creation.
    pub updated_at: Option<Instant>,
    /// Parent stack, for nested ones.
    pub parent: Option<String>,
    /// Drift word from the last detection, with its age in `drift_at`.
    pub drift: String,
    /// When drift was last checked.
    pub drift_at: Option<Instant>,
    /// Outputs.
    pub outputs: Vec<KeyValueView>,
    /// Parameters; masked ones say so.
    pub parameters: Vec<KeyValueView>,
    /// Tags.
    pub tags: Vec<KeyValueView>,
}

/// A name and a value that may be masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyValueView {
    /// Name.
    pub key: String,
    /// Value; none when masked or unknown.
    pub value: Option<String>,
    /// Why there is no value, or a note such as an export name.
    pub note: Option<String>,
}

/// Which cell to open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CellRequest {
    /// Service name.
    pub service: String,
    /// Environment name.
    pub environment: String,
}

/// The drawer of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CellDetailView {
    /// Service name.
    pub service: String,
    /// The cell as in the matrix.
    pub cell: CellView,
    /// Facts, in reading order: version, since, deployed by, approved by, quality ...
    pub facts: Vec<FactView>,
    /// Stacks of this service there.
    pub stacks: Vec<StackView>,
    /// Drifted resources, from the last detection.
    pub drift: Vec<DriftView>,
    /// Of every stack, whether it is known to have drifted, and how old that is.
    pub drift_known: Vec<crate::drift::DriftKnownView>,
    /// Commits that the left neighbour has and this one has not.
    pub behind: Vec<CommitView>,
    /// Why the commit list is absent or cut.
    pub behind_note: Option<String>,
    /// What a promotion from the left would do, in short sentences.
    pub preview: Vec<FactView>,
    /// Places to go: job, project, repository, dashboards.
    pub links: Vec<LinkView>,
}

/// A labelled fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FactView {
    /// Label.
    pub label: String,
    /// Value in words.
    pub value: String,
    /// Second, quieter part.
    pub detail: Option<String>,
    /// Tone.
    pub tone: Tone,
    /// Instant to be shown relatively, when the value is one.
    pub at: Option<Instant>,
    /// Whether the value is code (version, digest, name).
    pub code: bool,
    /// Web address.
    pub link: Option<String>,
}

/// One drifted property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DriftView {
    /// Stack name.
    pub stack: String,
    /// Logical id.
    pub logical_id: String,
    /// Resource type.
    pub resource_type: String,
    /// Property path, none when the whole resource is gone.
    pub path: Option<String>,
    /// As deployed.
    pub expected: Option<String>,
    /// As it is.
    pub actual: Option<String>,
    /// When it was detected.
    pub at: Option<Instant>,
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CommitView {
    /// Full id.
    pub id: String,
    /// First line of the message.
    pub title: String,
    /// Author's name.
    pub author: String,
    /// Commit time.
    pub at: Option<Instant>,
    /// Merge request reference such as `!318`.
    pub merge_request: Option<String>,
    /// Ids of tickets that the message names, such as `PAY-1418`.
    pub tickets: Vec<String>,
    /// Paths that it changed, the first ones of many.
    pub files: Vec<String>,
    /// How many paths it changed.
    pub file_count: u32,
}

/// A place to go outside of the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LinkView {
    /// Words on the link.
    pub label: String,
    /// Address.
    pub url: String,
}
