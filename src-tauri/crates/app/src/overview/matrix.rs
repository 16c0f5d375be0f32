//! The matrix: services by environments, derived from the snapshot and the record.

use super::{
    claims::Index,
    condition::{condition, gate},
    promotable::promotability,
    snapshot::{Snapshot, range_key},
};
use crate::{console::Console, estate::Service};
use interlock_domain::{EnvironmentName, PromotionId, ServiceName, Timestamp, person::Person};
use interlock_ledger::{Roster, fold::Record};

/// How a service is in an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It has no stack there, and the scope was read.
    NotDeployed,
    /// Every stack is stable.
    Stable,
    /// An operation goes on in a stack.
    Moving {
        /// Stack name.
        stack: String,
        /// AWS's word.
        status: String,
    },
    /// The last update was rolled back; what ran before runs.
    RolledBack {
        /// Stack name.
        stack: String,
        /// AWS's reason.
        reason: Option<String>,
    },
    /// A stack is broken.
    Failed {
        /// Stack name.
        stack: String,
        /// AWS's word.
        status: String,
        /// AWS's reason.
        reason: Option<String>,
    },
    /// Only a shell waits for its first change set.
    InReview {
        /// Stack name.
        stack: String,
    },
    /// It cannot be told.
    Unknown {
        /// Reason.
        reason: String,
    },
}

/// SonarQube's word on the commit of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GateMark {
    /// Passed.
    Passed,
    /// Failed, with the broken metrics.
    Failed(Vec<String>),
    /// Not analysed, or SonarQube does not answer.
    Unknown(String),
}

/// Whether and how a cell can be promoted into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promotability {
    /// First environment, or nothing differs.
    Nothing,
    /// It can be prepared.
    Allowed {
        /// Environment it would come from.
        from: EnvironmentName,
        /// Version it would bring.
        version: Option<String>,
    },
    /// It cannot, and why.
    Refused {
        /// Environment it would come from.
        from: EnvironmentName,
        /// Every reason.
        reasons: Vec<String>,
    },
    /// One is open.
    Open {
        /// Its id.
        id: PromotionId,
    },
}

/// A service in an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Environment.
    pub environment: EnvironmentName,
    /// How it is.
    pub condition: Condition,
    /// Whether the condition is only the last known one, and why.
    pub stale: Option<String>,
    /// Version.
    pub version: Option<String>,
    /// Commit.
    pub commit: Option<String>,
    /// Last change of any of its stacks.
    pub since: Option<Timestamp>,
    /// Whether version and commit equal the left neighbour's.
    pub same_as_left: bool,
    /// Commits that the left neighbour has and this one has not, and whether the count was cut.
    pub behind: Option<(usize, bool)>,
    /// Quality of the commit; none when the service has no project.
    pub gate: Option<GateMark>,
    /// Stacks that the last drift detection found drifted.
    pub drifted: Vec<String>,
    /// Promotion control.
    pub promote: Promotability,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Service.
    pub service: ServiceName,
    /// One cell an environment.
    pub cells: Vec<Cell>,
}

/// The matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// One row a service.
    pub rows: Vec<Row>,
}

impl Console {
    /// Derives the matrix for somebody.
    pub fn matrix(&self, record: &Record, me: Option<&Person>) -> Matrix {
        let nobody = self.why_nobody();
        let me = me.ok_or(nobody.as_str());
        let roster = self.roster().ok().flatten();
        let snapshot = self.snapshot();
        let index = self.index(&snapshot);
        let now = self.now();
        let rows = self
            .estate
            .services
            .iter()
            .map(|service| {
                self.row(
                    &snapshot,
                    &index,
                    service,
                    record,
                    (me, roster.as_deref()),
                    now,
                )
            })
            .collect();
        Matrix { rows }
    }

    fn row(
        &self,
        snapshot: &Snapshot,
        index: &Index<'_>,
        service: &Service,
        record: &Record,
        me: (Result<&Person, &str>, Option<&Roster>),
        now: Timestamp,
    ) -> Row {
        let mut cells: Vec<Cell> = Vec::with_capacity(self.estate.environments.len());
        for environment in &self.estate.environments {
            let name = &environment.environment.name;
            let stacks = index
                .get(&(service.name.as_str(), name.as_str()))
                .map_or(&[][..], Vec::as_slice);
            let (version, commit) = self.version_of(stacks);
            let (condition, stale) = condition(snapshot, environment, stacks);
            let left = cells.last();
            let known = version.is_some() || commit.is_some();
            let same_as_left =
                left.is_some_and(|left| known && left.version == version && left.commit == commit);
            let mut cell = Cell {
                environment: name.clone(),
                since: stacks.iter().map(|placed| placed.stack.changed_at()).max(),
                behind: left.and_then(|left| {
                    self.behind(snapshot, service, left.commit.as_ref(), commit.as_ref())
                }),
                gate: gate(snapshot, service, commit.as_deref()),
                drifted: stacks
                    .iter()
                    .filter(|placed| placed.stack.drift.status == "DRIFTED")
                    .map(|placed| placed.stack.name.to_string())
                    .collect(),
                condition,
                stale,
                version,
                commit,
                same_as_left,
                promote: Promotability::Nothing,
            };
            if let Some(left) = left {
                cell.promote = promotability(
                    &self.estate,
                    service,
                    environment,
                    left,
                    &cell,
                    record,
                    me,
                    now,
                );
            }
            cells.push(cell);
        }
        Row {
            service: service.name.clone(),
            cells,
        }
    }

    fn behind(
        &self,
        snapshot: &Snapshot,
        service: &Service,
        head: Option<&String>,
        base: Option<&String>,
    ) -> Option<(usize, bool)> {
        let (repository, head, base) = (service.repository.as_ref()?, head?, base?);
        if head == base {
            return None;
        }
        let key = range_key(repository, base, head, &self.paths_of(service));
        let range = snapshot.behind.get(&key)?.current()?;
        (!range.commits.is_empty()).then_some((range.commits.len(), range.cut))
    }
}
