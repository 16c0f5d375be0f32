//! The console: one estate, the ports to its systems, and the ledger.
//!
//! Every use case is a method here or in the modules beside; shells hold one `Console`.

use crate::{
    estate::Estate,
    overview::Snapshot,
    ports::{
        BuildReader, BuildRunner, Clock, IdentityReader, KeyRing, MergeRequestReader,
        QualityReader, Runners, SnapshotStore, SourceReader, StackChanger, StackReader,
    },
    run::Live,
};
use interlock_domain::{
    ConnectorError, Digest, EnvironmentName, PromotionId, ServiceName, SystemKind, Timestamp,
    manifest::Manifest, person::Person,
};
use interlock_ledger::{
    Ledger,
    fold::{Record, fold},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// The ports of one person: every call is made with that person's own power.
#[derive(Clone)]
pub struct Ports {
    /// CloudFormation, reading.
    pub stacks: Arc<dyn StackReader>,
    /// CloudFormation, changing.
    pub changer: Arc<dyn StackChanger>,
    /// Jenkins, reading; none when the estate has no Jenkins.
    pub builds: Option<Arc<dyn BuildReader>>,
    /// Jenkins, running.
    pub runner: Option<Arc<dyn BuildRunner>>,
    /// SonarQube.
    pub quality: Option<Arc<dyn QualityReader>>,
    /// Git.
    pub sources: Option<Arc<dyn SourceReader>>,
    /// GitLab.
    pub merge_requests: Option<Arc<dyn MergeRequestReader>>,
    /// Who am I, in each system.
    pub identities: Vec<(SystemKind, Arc<dyn IdentityReader>)>,
    /// What I sign with.
    pub keys: Arc<dyn KeyRing>,
}

/// Something changed; who shows it asks again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsoleEvent {
    /// A refresh goes on.
    RefreshProgress {
        /// Questions answered.
        done: usize,
        /// All questions.
        total: usize,
        /// What was answered last.
        last: String,
    },
    /// A drift detection goes on, or has ended.
    DriftProgress(crate::drift::DetectionProgress),
    /// The snapshot has new facts.
    SnapshotChanged,
    /// A promotion has a new entry.
    PromotionChanged(PromotionId),
    /// A run moved.
    RunChanged(PromotionId),
    /// The person changed.
    IdentityChanged,
}

/// Why a use case did not do it, by what the caller does next.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum UseCaseError {
    /// A system did not answer as wanted.
    #[error(transparent)]
    System(#[from] ConnectorError),
    /// The record cannot be read or written.
    #[error(transparent)]
    Ledger(#[from] interlock_ledger::LedgerError),
    /// No such service, environment or promotion.
    #[error("{what} `{name}` is not {}", if matches!(*what, "promotion" | "roster" | "key") { "in the ledger" } else { "part of this estate" })]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// The present state forbids it.
    #[error("{reason}")]
    Precondition {
        /// Reason, for people.
        reason: String,
    },
    /// The policy does not let this person.
    #[error("{reason}")]
    NotAllowed {
        /// Reason, for people, with the policy that says so.
        reason: String,
    },
    /// Another promotion of the service into the environment is not done yet.
    #[error("{id} of {service} into {to} is open already")]
    AlreadyOpen {
        /// The open promotion.
        id: interlock_domain::PromotionId,
        /// Which service.
        service: interlock_domain::ServiceName,
        /// Into which environment.
        to: interlock_domain::EnvironmentName,
    },
    /// What was approved is not what stands there.
    #[error("{}", describe_moved(.moved))]
    Moved {
        /// What moved.
        moved: Vec<interlock_domain::manifest::Moved>,
    },
    /// A document cannot be read.
    #[error("{message}")]
    Document {
        /// File name.
        file: String,
        /// What is wrong, with its place.
        message: String,
        /// Line, from 1.
        line: Option<u32>,
        /// Column, from 1.
        column: Option<u32>,
        /// Whether it is over a reading budget.
        too_large: bool,
    },
    /// The user cancelled.
    #[error("cancelled")]
    Cancelled,
}

fn describe_moved(moved: &[interlock_domain::manifest::Moved]) -> String {
    match moved.first() {
        Some(first) if moved.len() == 1 => {
            format!(
                "the {} went from {} to {}",
                first.element, first.before, first.after
            )
        }
        Some(first) => format!(
            "the {} went from {} to {}, and {} more elements moved",
            first.element,
            first.before,
            first.after,
            moved.len() - 1
        ),
        None => "something moved".into(),
    }
}

/// Short for what use cases give back.
pub type UseCase<T> = Result<T, UseCaseError>;

/// One estate at work.
pub struct Console {
    /// The estate.
    pub estate: Estate,
    /// The record.
    pub ledger: Arc<Ledger>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    pub(crate) snapshots: Option<Arc<dyn SnapshotStore>>,
    ports: RwLock<Arc<Ports>>,
    snapshot: Mutex<Arc<Snapshot>>,
    pub(crate) refresh: Mutex<Option<CancellationToken>>,
    /// Drift detections under way.
    pub(crate) detecting: Mutex<HashMap<(ServiceName, EnvironmentName), CancellationToken>>,
    pub(crate) templates: crate::templates::TemplateCache,
    pub(crate) live: Mutex<HashMap<PromotionId, Arc<Live>>>,
    pub(crate) me: RwLock<Option<crate::identity::Identity>>,
    /// When this process began: what was read before is last known, not present.
    pub(crate) begun: interlock_domain::Timestamp,
    /// Held while templates are read to be kept.
    pub(crate) keeping: tokio::sync::Mutex<()>,
    /// Held while the systems are asked who I am.
    pub(crate) asking_who: tokio::sync::Mutex<()>,
    events: broadcast::Sender<ConsoleEvent>,
    /// Name of this process in execution claims.
    pub runner: String,
    /// What is known of the other processes that drive runs.
    pub(crate) runners: Arc<dyn Runners>,
}

impl Console {
    /// A console over an estate. The last known snapshot is loaded at once.
    pub fn new(
        estate: Estate,
        ports: Ports,
        ledger: Arc<Ledger>,
        clock: Arc<dyn Clock>,
        snapshots: Option<Arc<dyn SnapshotStore>>,
        runner: String,
    ) -> Self {
        let snapshot = snapshots
            .as_ref()
            .and_then(|store| Snapshot::load(store.as_ref(), &estate))
            .unwrap_or_default();
        Self {
            begun: clock.now(),
            estate,
            ledger,
            clock,
            snapshots,
            ports: RwLock::new(Arc::new(ports)),
            snapshot: Mutex::new(Arc::new(snapshot)),
            refresh: Mutex::new(None),
            detecting: Mutex::default(),
            templates: crate::templates::TemplateCache::default(),
            live: Mutex::default(),
            me: RwLock::default(),
            keeping: tokio::sync::Mutex::default(),
            asking_who: tokio::sync::Mutex::default(),
            events: broadcast::channel(256).0,
            runner,
            runners: Arc::new(crate::ports::Nobody),
        }
    }

    /// The same with something that knows which processes of this machine are gone.
    #[must_use]
    pub fn with_runners(mut self, runners: Arc<dyn Runners>) -> Self {
        self.runners = runners;
        self
    }

    /// The ports now.
    pub fn ports(&self) -> Arc<Ports> {
        self.ports
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn keep_ports(&self, ports: Ports) {
        *self.ports.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ports);
    }

    /// Follows what changes.
    pub fn events(&self) -> broadcast::Receiver<ConsoleEvent> {
        self.events.subscribe()
    }

    pub(crate) fn tell(&self, event: ConsoleEvent) {
        // Nobody listening is fine.
        let _ = self.events.send(event);
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The last known observations.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        guard(&self.snapshot).clone()
    }

    pub(crate) fn change_snapshot(&self, change: impl FnOnce(&mut Snapshot)) {
        let mut current = guard(&self.snapshot);
        change(Arc::make_mut(&mut current));
    }

    /// Everything that the record says.
    pub fn record(&self) -> UseCase<Record> {
        Ok(self.record_of(&self.ledger.entries()?))
    }

    /// What these entries say.
    pub fn record_of(&self, entries: &[interlock_ledger::Entry]) -> Record {
        let manifest_of = |digest: &Digest| {
            let bytes = self.ledger.document(digest).ok().flatten()?;
            Manifest::from_bytes(&bytes).ok()
        };
        fold(entries, &manifest_of).at(self.now())
    }

    /// One promotion.
    pub fn promotion(&self, id: &PromotionId) -> UseCase<interlock_ledger::Promotion> {
        self.record()?
            .promotions
            .remove(id)
            .ok_or_else(|| UseCaseError::NotFound {
                what: "promotion",
                name: id.to_string(),
            })
    }

    /// A person of the estate.
    pub fn person(&self, id: &interlock_domain::PersonId) -> Option<&Person> {
        self.estate.people.iter().find(|person| &person.id == id)
    }
}

pub(crate) fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
