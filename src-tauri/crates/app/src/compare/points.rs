//! What a side of a comparison can be, and what is known of it.

use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::Service,
    history::Doubt,
    overview::Snapshot,
};
use futures::future::try_join_all;
use interlock_domain::{
    CommitId, EnvironmentName, Scope, Timestamp,
    change_set::{ChangeSet, ChangeSetState, OpenChangeSet},
};
use jiff::SignedDuration;
use std::sync::Arc;

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Point {
    /// What runs in an environment now.
    Now(EnvironmentName),
    /// What ran in an environment at a past time.
    Past {
        /// Environment.
        environment: EnvironmentName,
        /// When.
        at: Timestamp,
    },
    /// What a Git revision says for an environment.
    Revision {
        /// Commit, tag or branch.
        revision: String,
        /// Environment whose variables apply.
        environment: EnvironmentName,
    },
    /// What would run in an environment once an open change set was executed.
    ChangeSet {
        /// ARN.
        arn: String,
        /// Environment that the ARN speaks of.
        environment: EnvironmentName,
    },
    /// What would run in an environment if these files took the place of its own.
    Files {
        /// Environment.
        environment: EnvironmentName,
        /// Templates and variable documents, which their names place.
        files: Vec<SideFile>,
    },
}

/// A file that somebody chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideFile {
    /// Its name, with or without folders.
    pub name: String,
    /// What it says.
    pub text: String,
}

impl Point {
    /// The environment that it speaks of.
    pub fn environment(&self) -> &EnvironmentName {
        match self {
            Self::Now(environment)
            | Self::Past { environment, .. }
            | Self::Revision { environment, .. }
            | Self::ChangeSet { environment, .. }
            | Self::Files { environment, .. } => environment,
        }
    }
}

/// Older knowledge of what runs, or that of an earlier start, is asked for anew before it is
/// compared.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

/// What is known of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideFacts {
    /// Words such as `prod now`.
    pub label: String,
    /// Version.
    pub version: Option<String>,
    /// Commit.
    pub commit: Option<String>,
    /// When it was observed, or the past time itself.
    pub at: Option<Timestamp>,
    /// What is not sure about it.
    pub doubts: Vec<String>,
}

/// The stacks that a side is about, as they are known.
pub(super) struct Known {
    pub(super) snapshot: Arc<Snapshot>,
    /// What is not sure of a past time; none for the present.
    pub(super) past: Option<Vec<(Scope, Doubt)>>,
    /// What is not sure of the present.
    pub(super) doubts: Vec<String>,
    /// The change set that the side is about.
    pub(super) change_set: Option<(Scope, ChangeSet)>,
}

impl Console {
    /// A side that is an open change set, by its ARN.
    pub fn change_set_point(&self, arn: &str) -> UseCase<Point> {
        Ok(Point::ChangeSet {
            environment: self.scope_of_change_set(arn)?.environment,
            arn: arn.to_owned(),
        })
    }

    /// Change sets that wait to be executed at the stacks of a service, the newest first.
    pub async fn open_change_sets(
        &self,
        service: &Service,
        environment: &EnvironmentName,
    ) -> UseCase<Vec<OpenChangeSet>> {
        let known = self.known(&Point::Now(environment.clone())).await?;
        let reader = self.ports().stacks.clone();
        let stacks = self.stacks_of(&known.snapshot, service, environment);
        let asked = stacks
            .iter()
            .filter(|(_, stack)| stack.parent.is_none())
            .map(|(scope, stack)| reader.change_sets(scope, stack.name.as_str()));
        let mut sets: Vec<OpenChangeSet> = try_join_all(asked)
            .await?
            .into_iter()
            .flatten()
            .filter(|set| set.state == ChangeSetState::Available)
            .collect();
        sets.sort_by_key(|set| std::cmp::Reverse(set.created_at));
        Ok(sets)
    }

    /// Reads what is not known of a side yet or is old, so that a comparison works before any
    /// refresh and is not of yesterday.
    pub(super) async fn known(&self, point: &Point) -> UseCase<Known> {
        let mut doubts = Vec::new();
        if let Point::Past { environment, at } = point {
            let past = self.past(environment, *at)?;
            return Ok(Known {
                snapshot: Arc::new(past.snapshot),
                past: Some(past.doubts),
                change_set: None,
                doubts,
            });
        }
        for scope in self.environment(point.environment())?.environment.scopes() {
            let last = self.snapshot();
            let last = last
                .scope(&scope)
                .and_then(|state| state.stacks.last.as_ref().map(|(at, _)| *at));
            if last.is_some_and(|at| at >= self.begun && self.now().duration_since(at) < FRESH) {
                continue;
            }
            match (self.ports().stacks.stacks(&scope).await, last) {
                (Ok(stacks), _) => self.take_stacks(&scope, self.now(), stacks),
                (Err(error), None) => return Err(error.into()),
                (Err(error), Some(at)) => doubts.push(format!(
                    "what runs in {scope} was last read at {at}: {}",
                    error.message
                )),
            }
        }
        let change_set = match point {
            Point::ChangeSet { arn, .. } => Some(self.change_set_of_a_service(arn).await?),
            _ => None,
        };
        Ok(Known {
            snapshot: self.snapshot(),
            past: None,
            change_set,
            doubts,
        })
    }

    async fn change_set_of_a_service(&self, arn: &str) -> UseCase<(Scope, ChangeSet)> {
        let scope = self.scope_of_change_set(arn)?;
        let set = self.ports().changer.change_set(&scope, "", arn).await?;
        if self
            .estate
            .claims(&scope.environment)
            .of(&set.stack)
            .is_none()
        {
            return Err(UseCaseError::Precondition {
                reason: format!(
                    "{} belongs to no service of the estate file; `interlock diff` compares its change set alone",
                    set.stack
                ),
            });
        }
        Ok((scope, set))
    }

    pub(super) fn side_facts(&self, known: &Known, service: &Service, point: &Point) -> SideFacts {
        let environment = point.environment();
        let runs = || self.version_in(&known.snapshot, service, environment);
        let mut facts = SideFacts {
            label: format!("{environment} now"),
            version: None,
            commit: None,
            at: None,
            doubts: known.doubts.clone(),
        };
        match point {
            Point::Now(_) => {
                (facts.version, facts.commit) = runs();
                facts.at = self.seen_at(&known.snapshot, environment);
            }
            Point::Past { at, .. } => {
                (facts.version, facts.commit) = runs();
                facts.label = format!("{environment} at {}", at.strftime("%Y-%m-%d %H:%M UTC"));
                facts.at = Some(*at);
                facts.doubts = self.doubts_of(known, service);
            }
            Point::Revision { revision, .. } => {
                facts.label = format!("{revision} for {environment}");
                facts.commit = Some(revision.clone());
            }
            Point::Files { files, .. } => {
                let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
                facts.label = format!("{environment} with {}", names.join(", "));
                facts.at = self.seen_at(&known.snapshot, environment);
            }
            Point::ChangeSet { .. } => {
                if let Some((_, set)) = &known.change_set {
                    facts.label = format!("{environment} with change set {}", set.name);
                    facts.commit = self.commit_of_change_set(set);
                }
                facts.at = self.seen_at(&known.snapshot, environment);
            }
        }
        facts
    }

    fn commit_of_change_set(&self, set: &ChangeSet) -> Option<String> {
        let wanted = self.estate.version.commit_tag.as_ref()?;
        let (_, text) = set.tags.iter().find(|(name, _)| name == wanted)?;
        CommitId::new(text.clone()).is_ok().then(|| text.clone())
    }

    fn seen_at(&self, snapshot: &Snapshot, environment: &EnvironmentName) -> Option<Timestamp> {
        let scopes = self.estate.environment(environment)?.environment.scopes();
        scopes
            .iter()
            .filter_map(|scope| Some(snapshot.scope(scope)?.stacks.last.as_ref()?.0))
            .min()
    }

    fn doubts_of(&self, known: &Known, service: &Service) -> Vec<String> {
        let doubts = known.past.iter().flatten();
        doubts
            // The others stand at their stacks, which cannot be compared.
            .filter(|(_, doubt)| doubt.shows_a_revision())
            .filter(|(scope, doubt)| {
                let claims = self.estate.claims(&scope.environment);
                claims
                    .of(&doubt.stack)
                    .is_some_and(|(owner, ..)| owner.name == service.name)
            })
            .map(|(_, doubt)| doubt.to_string())
            .collect()
    }
}
