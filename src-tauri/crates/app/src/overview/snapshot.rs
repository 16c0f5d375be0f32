//! The last known observations of an estate, kept from start to start.

use crate::{estate::Estate, ports::SnapshotStore};
use interlock_domain::{
    ConnectorError, Scope, Timestamp,
    build::{Build, TestCounts},
    quality::{Analysis, QualityGate},
    source::CommitRange,
    stack::Stack,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A fact that was told once, and what the last question brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told<T> {
    /// The last answer and its time.
    pub last: Option<(Timestamp, T)>,
    /// Why the newest question brought none, and when.
    pub failure: Option<(Timestamp, ConnectorError)>,
}

impl<T> Default for Told<T> {
    fn default() -> Self {
        Self {
            last: None,
            failure: None,
        }
    }
}

impl<T> Told<T> {
    /// Takes the result of a question. A failure keeps the last answer.
    pub fn take(&mut self, at: Timestamp, answer: Result<T, ConnectorError>) {
        match answer {
            Ok(fact) => {
                self.last = Some((at, fact));
                self.failure = None;
            }
            Err(error) => self.failure = Some((at, error)),
        }
    }

    /// The fact, only when the newest question brought it.
    pub fn current(&self) -> Option<&T> {
        match (&self.last, &self.failure) {
            (Some((_, fact)), None) => Some(fact),
            _ => None,
        }
    }
}

/// An account and region with its stacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeState {
    /// Scope.
    pub scope: Scope,
    /// Stacks.
    pub stacks: Told<Vec<Stack>>,
}

/// A SonarQube project: its analyses, and the gate of those that run somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectQuality {
    /// Newest analysis.
    pub newest: Option<Analysis>,
    /// Gate by analysed commit.
    pub gates: BTreeMap<String, QualityGate>,
    /// Measures of the newest analysis.
    pub measures: Vec<interlock_domain::quality::Measure>,
}

/// The newest build of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildState {
    /// Newest builds, newest first.
    pub builds: Vec<Build>,
    /// Test counts of the newest finished build.
    pub tests: Option<TestCounts>,
}

/// Everything that was last observed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// By scope, in estate order.
    pub scopes: Vec<ScopeState>,
    /// By SonarQube project.
    pub quality: BTreeMap<String, Told<ProjectQuality>>,
    /// By build job.
    pub builds: BTreeMap<String, Told<BuildState>>,
    /// Commits between two environments, by `repository|base|head|path`.
    pub behind: BTreeMap<String, Told<CommitRange>>,
    /// Whether GitLab answers.
    pub gitlab: Told<String>,
    /// When the last refresh ended.
    pub refreshed_at: Option<Timestamp>,
}

impl Snapshot {
    /// The kept snapshot of an estate; none when there is none that fits.
    pub fn load(store: &dyn SnapshotStore, estate: &Estate) -> Option<Self> {
        let (_, text) = store.load(&key(estate)).ok()??;
        let mut snapshot: Self = serde_json::from_str(&text).ok()?;
        let scopes: Vec<_> = estate
            .environments
            .iter()
            .flat_map(|e| e.environment.scopes())
            .collect();
        snapshot
            .scopes
            .retain(|state| scopes.contains(&state.scope));
        Some(snapshot)
    }

    /// Keeps this snapshot. A failure is logged; the console works on without.
    pub fn save(&self, store: &dyn SnapshotStore, estate: &Estate, now: Timestamp) {
        match serde_json::to_string(self) {
            Ok(text) => {
                if let Err(error) = store.save(&key(estate), now, &text) {
                    tracing::warn!(%error, "the last known state was not kept");
                }
            }
            Err(error) => tracing::error!(%error, "the last known state cannot be written"),
        }
    }

    /// Stacks of a scope as last told.
    pub fn scope(&self, scope: &Scope) -> Option<&ScopeState> {
        self.scopes.iter().find(|state| &state.scope == scope)
    }

    /// Takes stacks that were read outside of a refresh.
    pub(crate) fn put_stacks(&mut self, scope: &Scope, at: Timestamp, stacks: Vec<Stack>) {
        self.scope_mut(scope).stacks.take(at, Ok(stacks));
    }

    pub(super) fn scope_mut(&mut self, scope: &Scope) -> &mut ScopeState {
        let at = self
            .scopes
            .iter()
            .position(|state| &state.scope == scope)
            .unwrap_or_else(|| {
                self.scopes.push(ScopeState {
                    scope: scope.clone(),
                    stacks: Told::default(),
                });
                self.scopes.len() - 1
            });
        &mut self.scopes[at]
    }
}

fn key(estate: &Estate) -> String {
    format!("snapshot/2/{}", estate.name)
}

/// Key of a commit range.
pub(crate) fn range_key(repository: &str, base: &str, head: &str, paths: &[String]) -> String {
    format!("{repository}|{base}|{head}|{}", paths.join(","))
}
