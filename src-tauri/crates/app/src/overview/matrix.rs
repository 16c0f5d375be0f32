//! The matrix: services by environments, derived from the snapshot and the record.

use super::snapshot::{Snapshot, range_key};
use crate::{
    console::Console,
    estate::{EstateEnvironment, Service, current_or_next},
};
use interlock_domain::{
    CommitId, EnvironmentName, PromotionId, ServiceName, Timestamp,
    person::{Person, Role},
    quality::GateStatus,
    stack::{Stack, StackPhase},
};
use interlock_ledger::{Promotion, fold::Record};

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

/// A stack with where it is and its name without the environment.
pub(crate) struct Placed<'s> {
    pub scope: &'s interlock_domain::Scope,
    pub stack: &'s Stack,
    pub name: String,
    pub pattern: &'s crate::estate::StackPattern,
}

/// Stacks by service and environment.
pub(crate) type Index<'s> = std::collections::HashMap<(&'s str, &'s str), Vec<Placed<'s>>>;

impl Console {
    /// Derives the matrix for somebody.
    pub fn matrix(&self, record: &Record, me: Option<&Person>) -> Matrix {
        let nobody = self.why_nobody();
        let me = me.ok_or(nobody.as_str());
        let snapshot = self.snapshot();
        let index = self.index(&snapshot);
        let now = self.now();
        let rows = self
            .estate
            .services
            .iter()
            .map(|service| self.row(&snapshot, &index, service, record, me, now))
            .collect();
        Matrix { rows }
    }

    /// Stacks of every service and environment, claimed in one pass.
    pub(crate) fn index<'s>(&'s self, snapshot: &'s Snapshot) -> Index<'s> {
        let mut index = Index::new();
        for state in &snapshot.scopes {
            let Some((_, stacks)) = &state.stacks.last else {
                continue;
            };
            let claims = self.estate.claims(&state.scope.environment);
            for stack in stacks {
                if stack.status.phase() == StackPhase::Deleted {
                    continue;
                }
                if let Some((service, pattern, name)) = claims.of(stack.name.as_str()) {
                    index
                        .entry((service.name.as_str(), state.scope.environment.as_str()))
                        .or_default()
                        .push(Placed {
                            scope: &state.scope,
                            stack,
                            name,
                            pattern,
                        });
                }
            }
        }
        index
    }

    /// Stacks that no service claims, with their environment. Nested ones belong to their parent.
    pub fn unclaimed<'s>(
        &self,
        snapshot: &'s Snapshot,
    ) -> Vec<(&'s interlock_domain::Scope, &'s Stack)> {
        let mut list = Vec::new();
        for state in &snapshot.scopes {
            let Some((_, stacks)) = &state.stacks.last else {
                continue;
            };
            let claims = self.estate.claims(&state.scope.environment);
            for stack in stacks {
                if stack.parent.is_none()
                    && stack.status.phase() != StackPhase::Deleted
                    && claims.of(stack.name.as_str()).is_none()
                {
                    list.push((&state.scope, stack));
                }
            }
        }
        list
    }

    /// Stacks of a service in an environment, with their scopes, as last known.
    pub fn stacks_of(
        &self,
        snapshot: &Snapshot,
        service: &Service,
        environment: &EnvironmentName,
    ) -> Vec<(interlock_domain::Scope, Stack)> {
        let mut index = self.index(snapshot);
        index
            .remove(&(service.name.as_str(), environment.as_str()))
            .unwrap_or_default()
            .into_iter()
            .map(|placed| (placed.scope.clone(), placed.stack.clone()))
            .collect()
    }

    /// Version and commit of a service in an environment, as its stacks tell.
    pub(crate) fn version_in(
        &self,
        snapshot: &Snapshot,
        service: &Service,
        environment: &EnvironmentName,
    ) -> (Option<String>, Option<String>) {
        self.version_at(&self.index(snapshot), service, environment)
    }

    /// The same for who asks about many services: the index is made once.
    pub(crate) fn version_at(
        &self,
        index: &Index<'_>,
        service: &Service,
        environment: &EnvironmentName,
    ) -> (Option<String>, Option<String>) {
        let stacks = index
            .get(&(service.name.as_str(), environment.as_str()))
            .map_or(&[][..], Vec::as_slice);
        self.version_of(stacks)
    }

    fn version_of(&self, stacks: &[Placed<'_>]) -> (Option<String>, Option<String>) {
        let rule = &self.estate.version;
        let tag = |name: &Option<String>| {
            let name = name.as_ref()?;
            stacks
                .iter()
                .find_map(|placed| placed.stack.tags.get(name).cloned())
        };
        let parameter = || {
            let name = rule.parameter.as_ref()?;
            let of = |placed: &Placed<'_>| {
                placed
                    .stack
                    .parameters
                    .iter()
                    .find(|p| &p.key == name && !p.is_masked())
                    .map(|p| p.value.clone())
            };
            stacks.iter().find_map(of)
        };
        let commit = tag(&rule.commit_tag).filter(|text| CommitId::new(text.clone()).is_ok());
        (tag(&rule.tag).or_else(parameter), commit)
    }

    fn row(
        &self,
        snapshot: &Snapshot,
        index: &Index<'_>,
        service: &Service,
        record: &Record,
        me: Result<&Person, &str>,
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
                cell.promote = promotability(service, environment, left, &cell, record, me, now);
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

fn condition(
    snapshot: &Snapshot,
    environment: &EstateEnvironment,
    stacks: &[Placed<'_>],
) -> (Condition, Option<String>) {
    let mut stale = None;
    for scope in environment.environment.scopes() {
        let state = snapshot.scope(&scope);
        match state.map(|state| (&state.stacks.last, &state.stacks.failure)) {
            Some((Some(_), None)) => {}
            Some((Some((at, _)), Some((_, error)))) => {
                stale.get_or_insert_with(|| {
                    let at = at.strftime("%Y-%m-%d %H:%M UTC");
                    format!("{scope} was last read {at}: {error}")
                });
            }
            Some((None, Some((_, error)))) => {
                return (
                    Condition::Unknown {
                        reason: error.message.clone(),
                    },
                    None,
                );
            }
            Some((None, None)) | None => {
                return (
                    Condition::Unknown {
                        reason: format!("{scope} was not read yet"),
                    },
                    None,
                );
            }
        }
    }
    let by_phase = |phase: StackPhase| {
        stacks
            .iter()
            .map(|placed| placed.stack)
            .find(|stack| stack.status.phase() == phase)
    };
    let condition = if stacks.is_empty() {
        Condition::NotDeployed
    } else if let Some(stack) = by_phase(StackPhase::Moving) {
        Condition::Moving {
            stack: stack.name.to_string(),
            status: stack.status.0.clone(),
        }
    } else if let Some(stack) = by_phase(StackPhase::Failed) {
        Condition::Failed {
            stack: stack.name.to_string(),
            status: stack.status.0.clone(),
            reason: stack.status_reason.clone(),
        }
    } else if let Some(stack) = by_phase(StackPhase::Unknown) {
        Condition::Unknown {
            reason: format!("{} says {}", stack.name, stack.status.0),
        }
    } else if let Some(stack) = by_phase(StackPhase::RolledBack) {
        Condition::RolledBack {
            stack: stack.name.to_string(),
            reason: stack.status_reason.clone(),
        }
    } else if let Some(stack) = by_phase(StackPhase::InReview) {
        Condition::InReview {
            stack: stack.name.to_string(),
        }
    } else {
        Condition::Stable
    };
    (condition, stale)
}

fn gate(snapshot: &Snapshot, service: &Service, commit: Option<&str>) -> Option<GateMark> {
    let project = service.sonarqube_project.as_ref()?;
    let Some(told) = snapshot.quality.get(project) else {
        return Some(GateMark::Unknown("SonarQube was not asked yet".into()));
    };
    let quality = match (told.current(), &told.failure) {
        (Some(quality), _) => quality,
        (None, Some((_, error))) => return Some(GateMark::Unknown(error.message.clone())),
        (None, None) => return Some(GateMark::Unknown("SonarQube was not asked yet".into())),
    };
    let commit = commit?;
    Some(match quality.gates.get(commit) {
        None => GateMark::Unknown(format!("no analysis of {}", &commit[..commit.len().min(7)])),
        Some(gate) => match gate.status {
            GateStatus::Passed => GateMark::Passed,
            GateStatus::None => GateMark::Unknown("the project has no quality gate".into()),
            GateStatus::Failed => GateMark::Failed(
                gate.conditions
                    .iter()
                    .filter(|c| !c.passed)
                    .map(|c| c.metric.clone())
                    .collect(),
            ),
        },
    })
}

fn promotability(
    service: &Service,
    environment: &EstateEnvironment,
    left: &Cell,
    cell: &Cell,
    record: &Record,
    me: Result<&Person, &str>,
    now: Timestamp,
) -> Promotability {
    if let Some(open) = open_promotion(record, service, &environment.environment.name) {
        return Promotability::Open {
            id: open.id.clone(),
        };
    }
    let known = left.version.is_some() || left.commit.is_some();
    if cell.same_as_left && matches!(cell.condition, Condition::Stable)
        || left.condition == Condition::NotDeployed
    {
        return Promotability::Nothing;
    }
    let from = left.environment.clone();
    let mut reasons = Vec::new();
    match &left.condition {
        Condition::Stable => {}
        Condition::Unknown { reason } => reasons.push(format!("{from} is not known: {reason}")),
        _ => reasons.push(format!("it is not stable in {from}")),
    }
    match &cell.condition {
        Condition::Unknown { reason } => {
            reasons.push(format!("{} is not known: {reason}", cell.environment));
        }
        Condition::Moving { stack, .. } => reasons.push(format!("{stack} is being changed")),
        Condition::Failed { stack, status, .. } => reasons.push(format!("{stack} is {status}")),
        Condition::NotDeployed
        | Condition::Stable
        | Condition::RolledBack { .. }
        | Condition::InReview { .. } => {}
    }
    if !known {
        reasons.push(format!("its version in {from} is not known"));
    }
    if let Some(GateMark::Failed(metrics)) = &left.gate {
        reasons.push(format!("the quality gate failed: {}", metrics.join(", ")));
    }
    if let Some(freeze) =
        current_or_next(&environment.freezes, now).filter(|freeze| freeze.holds_at(now))
    {
        reasons.push(format!("{} is frozen: {}", cell.environment, freeze.name));
    }
    let production = environment.environment.tier == interlock_domain::Tier::Production;
    match me {
        Err(why) => reasons.push(why.to_owned()),
        Ok(person) if production && person.role == Role::Lead => {
            reasons.push("a lead reads; a developer or release manager asks for promotions".into());
        }
        Ok(_) => {}
    }
    if reasons.is_empty() {
        Promotability::Allowed {
            from,
            version: left.version.clone(),
        }
    } else {
        Promotability::Refused { from, reasons }
    }
}

/// The promotion of a service into an environment that is not over.
pub(crate) fn open_promotion<'r>(
    record: &'r Record,
    service: &Service,
    to: &EnvironmentName,
) -> Option<&'r Promotion> {
    record
        .promotions
        .values()
        .find(|p| p.service == service.name.as_str() && p.to == to.as_str() && !p.state.is_over())
}
