//! The host: an estate that is open, and who acts on it.

use crate::{errors, place, runners::Marks, wiring};
use interlock_app::{Console, ConsoleEvent, Ports, ports::SnapshotStore};
use interlock_connect_aws::S3Ledger;
use interlock_contract::{
    error::{ErrorCode, ErrorEnvelope},
    events::HostEvent,
};
use interlock_domain::{PersonId, PromotionId};
use interlock_store::SqliteSnapshots;
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{broadcast, watch};

/// Which estate to open.
#[derive(Debug, Clone)]
pub enum EstateSource {
    /// An estate file.
    File(PathBuf),
    /// The practice estate, served by this process and kept in a folder.
    Practice(PathBuf),
}

/// How to open a host.
#[derive(Debug, Clone)]
pub struct HostOptions {
    /// Estate.
    pub estate: EstateSource,
    /// Folder for the ledger and the last known state.
    pub data: PathBuf,
    /// Environment variables: secrets, proxies, AWS settings.
    pub environment: HashMap<String, String>,
    /// Name of this process in execution claims.
    pub runner: String,
}

/// An open estate.
pub struct Host {
    console: Arc<Console>,
    wiring: wiring::Wiring,
    /// The bucket of the ledger, where it is one.
    pub(crate) bucket: Option<Arc<S3Ledger>>,
    /// The estate's own folder on this computer.
    pub(crate) folder: PathBuf,
    practice: Mutex<Option<interlock_practice::Practice>>,
    shown: watch::Sender<bool>,
}

impl Host {
    /// Opens an estate: reads the file, opens ledger and store, connects as the person.
    pub async fn open(options: HostOptions) -> Result<Self, ErrorEnvelope> {
        let (file, practice) = match &options.estate {
            EstateSource::File(file) => (file.clone(), None),
            EstateSource::Practice(directory) => {
                let practice = interlock_practice::Practice::start(
                    interlock_practice::PracticeOptions::new(directory),
                )
                .await
                .map_err(|error| {
                    errors::envelope(
                        ErrorCode::PreconditionFailed,
                        format!("The practice estate cannot start: {error}."),
                    )
                })?;
                (practice.estate_file().to_owned(), Some(practice))
            }
        };
        let estate = crate::policy::read_estate(&file)?;
        let data = options.data.join(folder_name(&estate.name));
        std::fs::create_dir_all(&data).map_err(|error| {
            let message = format!("The folder {} cannot be made: {error}.", data.display());
            errors::envelope(ErrorCode::LedgerUnavailable, message)
        })?;
        let wiring = wiring::Wiring::new(
            &estate,
            &file,
            &options.data,
            &data,
            options.environment.clone(),
        );
        let clock = wiring.clock();
        let place::Opened { ledger, bucket } =
            place::open(&estate, &data, &options.environment, clock.clone())?;
        // Without its store the console works on, only without a last known state at start.
        let snapshots: Option<Arc<dyn SnapshotStore>> =
            match SqliteSnapshots::open(&data.join("last-known.db")) {
                Ok(store) => Some(Arc::new(store)),
                Err(error) => {
                    tracing::warn!(%error, "the last known state cannot be kept");
                    None
                }
            };
        let ports = wiring.ports(&estate, None).await?;
        clock.read().await;
        let console = Console::new(
            estate,
            ports,
            ledger,
            clock,
            snapshots,
            options.runner.clone(),
        );
        // Without the marks a run is taken over with a reason, or once its lease is over.
        let console = match Marks::set(&data.join("runners"), &options.runner) {
            Ok(marks) => console.with_runners(Arc::new(marks)),
            Err(error) => {
                tracing::warn!(%error, "this process cannot be told from one that is gone");
                console
            }
        };
        let console = Arc::new(console);
        Ok(Self {
            console,
            wiring,
            bucket,
            folder: data,
            practice: Mutex::new(practice),
            shown: watch::Sender::new(false),
        })
    }

    /// The console.
    pub fn console(&self) -> Arc<Console> {
        self.console.clone()
    }

    pub(crate) const fn is_practice(&self) -> bool {
        self.wiring.is_practice()
    }

    pub(crate) const fn variables(&self) -> &HashMap<String, String> {
        self.wiring.environment()
    }

    /// The console, with the time of this moment: for whatever judges freezes and ages.
    pub(crate) async fn console_now(&self) -> Arc<Console> {
        self.wiring.clock().read().await;
        self.console()
    }

    /// Follows what changes, in the contract's words.
    pub fn events(&self) -> broadcast::Receiver<HostEvent> {
        let (sender, receiver) = broadcast::channel(256);
        let mut events = self.console.events();
        tokio::spawn(async move {
            loop {
                let event = match events.recv().await {
                    Ok(event) => translate(event),
                    // Too many at once: whoever shows something asks again.
                    Err(broadcast::error::RecvError::Lagged(_)) => HostEvent::OverviewChanged,
                    Err(broadcast::error::RecvError::Closed) => break,
                };
                if sender.send(event).is_err() {
                    break;
                }
            }
        });
        receiver
    }

    /// Takes up every run that is under way. Shells call it once, after the window is there.
    pub async fn take_up_runs(&self) {
        if let Err(error) = self.console.resume_all().await {
            tracing::warn!(%error, "runs under way were not taken up");
        }
    }

    /// Waits until somebody was given the last known overview for the first time.
    ///
    /// A window that starts needs the processors for itself until then.
    pub async fn overview_shown(&self) {
        let mut shown = self.shown.subscribe();
        // The sender lives as long as this host.
        let _ = shown.wait_for(|shown| *shown).await;
    }

    pub(crate) fn tell_overview_shown(&self) {
        let is_first = |shown: &mut bool| !std::mem::replace(shown, true);
        if self.shown.send_if_modified(is_first) {
            tracing::info!("the last known overview was asked for");
        }
    }

    /// Acts as somebody else; only on a practice estate.
    pub async fn act_as(&self, person: &PersonId) -> Result<(), ErrorEnvelope> {
        if !self.wiring.is_practice() {
            return Err(ErrorEnvelope {
                hints: vec!["On a real estate you are who AWS, Jenkins and GitLab say.".into()],
                ..errors::envelope(
                    ErrorCode::Forbidden,
                    "Persons can be switched on a practice estate only.",
                )
            });
        }
        let ports: Ports = self
            .wiring
            .ports(&self.console.estate, Some(person))
            .await?;
        self.console.replace_ports(ports).await;
        Ok(())
    }

    /// A promotion id that nobody has.
    pub(crate) fn new_promotion_id() -> PromotionId {
        const LETTERS: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        let bytes = uuid::Uuid::new_v4();
        let text: String = bytes.as_bytes()[..6]
            .iter()
            .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
            .collect();
        PromotionId::new(format!("PR-{text}")).expect("letters, digits and a dash are an id")
    }

    /// Whether an address belongs to a system that the estate names.
    pub(crate) fn knows_address(&self, address: &str) -> bool {
        let estate = &self.console.estate;
        let bases = [&estate.jenkins, &estate.sonarqube, &estate.gitlab]
            .into_iter()
            .flatten()
            .map(|s| s.url.as_str());
        let links = estate
            .services
            .iter()
            .flat_map(|service| service.links.values())
            .map(String::as_str);
        let below = |base: &str| {
            address == base || address.starts_with(&format!("{}/", base.trim_end_matches('/')))
        };
        bases.chain(links).any(below)
    }

    /// Leaves every run to the systems, keeps the practice estate's state, and closes.
    #[expect(clippy::unused_async, reason = "closing may come to wait for systems")]
    pub async fn close(&self) {
        self.console.leave_runs();
        let practice = self
            .practice
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(practice) = practice
            && let Err(error) = practice.shutdown()
        {
            tracing::error!(%error, "the practice estate was not kept");
        }
    }
}

fn folder_name(estate: &str) -> String {
    let name: String = estate
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    name.trim_matches('-').to_owned()
}

fn translate(event: ConsoleEvent) -> HostEvent {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    match event {
        ConsoleEvent::RefreshProgress { done, total, last } => HostEvent::OverviewProgress {
            done: number(done),
            total: number(total),
            last,
        },
        ConsoleEvent::DriftProgress(progress) => HostEvent::DriftProgress {
            service: progress.service.to_string(),
            environment: progress.environment.to_string(),
            done: number(progress.done),
            total: number(progress.total),
            last: progress.last,
            running: progress.running,
        },
        ConsoleEvent::SnapshotChanged => HostEvent::OverviewChanged,
        ConsoleEvent::PromotionChanged(id) => HostEvent::PromotionChanged { id: id.to_string() },
        ConsoleEvent::RunChanged(id) => HostEvent::RunChanged { id: id.to_string() },
        ConsoleEvent::IdentityChanged => HostEvent::IdentityChanged,
    }
}
