//! The practice estate: a believable bank on loopback, behind the real wire protocols.
//!
//! Connectors cannot tell these servers from the real ones; tests use them as stateful fakes with faults on demand.
//! The desktop's first start, `interlock practice` and the acceptance tests call [`Practice::start`]. This crate knows no
//! connector: it speaks protocols, and is judged by clients that were written elsewhere.

pub mod aws;
pub mod bank;
pub mod clock;
pub mod control;
pub mod faults;
pub mod git;
pub mod gitlab;
pub mod jenkins;
pub mod people;
pub mod server;
pub mod sonarqube;
pub mod state;
mod web;

use aws::iam::{Duty, KeyHolder};
use aws::{Cloud, TemplateSource};
use bank::{Bank, Scale};
use clock::PracticeClock;
use faults::Faults;
use jiff::Timestamp;
use people::Person;
use serde_json::json;
use server::{RequestLog, Server, Shared};
use state::{StateError, StateFile};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Ports of the servers; 0 means any free one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ports {
    /// AWS.
    pub aws: u16,
    /// Jenkins.
    pub jenkins: u16,
    /// SonarQube.
    pub sonarqube: u16,
    /// GitLab.
    pub gitlab: u16,
    /// Control address.
    pub control: u16,
}

/// How a practice estate is started.
#[derive(Debug, Clone)]
pub struct PracticeOptions {
    /// Where everything is kept; deleting it is a reset.
    pub directory: PathBuf,
    /// Latency of every answer.
    pub latency: Option<Duration>,
    /// Ports.
    pub ports: Ports,
    /// Multiplies how long operations take: 1.0 lasts 1 to 4 seconds a resource, tests use less.
    pub pace: f64,
    /// Most stacks, events and so on in one page of an AWS answer.
    pub page_size: usize,
    /// A generated bank of this size instead of Andes Bank, for measurements.
    pub scale: Option<Scale>,
}

impl PracticeOptions {
    /// Returns the usual options for a directory.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            latency: None,
            ports: Ports::default(),
            pace: 1.0,
            page_size: 100,
            scale: None,
        }
    }
}

/// Why a practice estate does not start.
#[derive(Debug, thiserror::Error)]
pub enum PracticeError {
    /// The stored state cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// A server cannot listen.
    #[error("the practice {server} cannot listen on a loopback port: {source}")]
    Listen {
        /// Which server.
        server: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// The bank cannot be laid out in the directory.
    #[error("the practice bank cannot be written: {0}")]
    Bank(String),
}

/// What each practice server is given.
#[derive(Debug, Clone)]
pub struct Context {
    /// Clock, faults, request log and latency.
    pub shared: Shared,
    /// What outlives a restart.
    pub state: StateFile,
    /// The AWS accounts.
    pub cloud: Cloud,
    /// Where everything is kept.
    pub directory: PathBuf,
    /// Multiplies how long operations take.
    pub pace: f64,
}

impl Context {
    /// Starts a server with the shared clock, faults and log.
    pub async fn serve(
        &self,
        name: &'static str,
        port: u16,
        protocol: std::sync::Arc<dyn server::Protocol>,
        router: impl FnOnce(std::net::SocketAddr) -> axum::Router,
    ) -> Result<Server, PracticeError> {
        Server::start(port, self.shared.clone(), protocol, router)
            .await
            .map_err(|source| PracticeError::Listen {
                server: name,
                source,
            })
    }
}

/// A running practice estate; it ends when it is shut down or dropped.
#[derive(Debug)]
pub struct Practice {
    context: Context,
    servers: Servers,
    estate_file: PathBuf,
    stop: CancellationToken,
}

#[derive(Debug)]
struct Servers {
    aws: Server,
    jenkins: Server,
    sonarqube: Server,
    gitlab: Server,
    control: Server,
}

impl Servers {
    fn all(&self) -> [&Server; 5] {
        [
            &self.aws,
            &self.jenkins,
            &self.sonarqube,
            &self.gitlab,
            &self.control,
        ]
    }
}

impl Practice {
    /// Starts every server, from the stored state when there is one.
    pub async fn start(options: PracticeOptions) -> Result<Self, PracticeError> {
        let state = StateFile::open(&options.directory)?;
        let offset = state.take("clock_offset_millis")?.unwrap_or(0);
        let shared = Shared {
            clock: PracticeClock::with_offset(offset),
            faults: Faults::default(),
            requests: RequestLog::default(),
            latency: options.latency,
        };
        let clock = shared.clock.clone();
        state.register("clock_offset_millis", move || clock.offset_millis().into());
        let cloud = Cloud::open(&state, shared.clock.clone(), &options)?;
        let context = Context {
            shared,
            state: state.clone(),
            cloud,
            directory: options.directory.clone(),
            pace: options.pace,
        };
        let bank = found_bank(&context, options.scale)?;
        let ports = options.ports;
        let aws = aws::serve(&context, ports.aws).await?;
        let (jenkins, handle) = jenkins::serve(&context, Arc::clone(&bank), ports.jenkins).await?;
        let sonarqube = sonarqube::serve(&context, Arc::clone(&bank), ports.sonarqube).await?;
        let gitlab =
            gitlab::serve(&context, Arc::clone(&bank), handle.clone(), ports.gitlab).await?;
        let known = json!({
            "aws": aws.url(),
            "jenkins": jenkins.url(),
            "sonarqube": sonarqube.url(),
            "gitlab": gitlab.url(),
        });
        let control =
            control::serve(&context, ports.control, Arc::clone(&bank), handle, known).await?;
        let servers = Servers {
            aws,
            jenkins,
            sonarqube,
            gitlab,
            control,
        };
        let addresses = bank::estate::Addresses {
            aws: servers.aws.url(),
            jenkins: servers.jenkins.url(),
            sonarqube: servers.sonarqube.url(),
            gitlab: servers.gitlab.url(),
            control: servers.control.url(),
        };
        let estate_file = bank::estate::write(
            &bank,
            &options.directory,
            &addresses,
            context.shared.clock.now(),
        )
        .map_err(|error| PracticeError::Bank(error.to_string()))?;
        let stop = CancellationToken::new();
        tokio::spawn(state.clone().keep_written(stop.clone()));
        state.touch();
        Ok(Self {
            context,
            servers,
            estate_file,
            stop,
        })
    }

    /// Returns the address of all AWS services.
    pub fn aws_url(&self) -> String {
        self.servers.aws.url()
    }

    /// Returns the address of Jenkins.
    pub fn jenkins_url(&self) -> String {
        self.servers.jenkins.url()
    }

    /// Returns the address of SonarQube.
    pub fn sonarqube_url(&self) -> String {
        self.servers.sonarqube.url()
    }

    /// Returns the address of GitLab.
    pub fn gitlab_url(&self) -> String {
        self.servers.gitlab.url()
    }

    /// Returns the control address.
    pub fn control_url(&self) -> String {
        self.servers.control.url()
    }

    /// Returns the people of the bank, with their credentials.
    pub fn people(&self) -> &'static [Person] {
        people::people()
    }

    /// Returns the path of the estate file that names these servers.
    pub fn estate_file(&self) -> &Path {
        &self.estate_file
    }

    /// Returns what the servers share.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Returns where everything is kept.
    pub fn directory(&self) -> &Path {
        &self.context.directory
    }

    /// Stops every server and writes the state.
    pub fn shutdown(self) -> Result<(), PracticeError> {
        for server in self.servers.all() {
            server.stop();
        }
        self.stop.cancel();
        Ok(self.context.state.write()?)
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Returns the bank as of the estate's first start, and puts it into what is still empty.
fn found_bank(context: &Context, scale: Option<Scale>) -> Result<Arc<Bank>, PracticeError> {
    let founded: Timestamp = context
        .state
        .take("founded_at")?
        .unwrap_or_else(|| context.shared.clock.now());
    context
        .state
        .register("founded_at", move || founded.to_string().into());
    let bank = Arc::new(match scale {
        None => Bank::new(founded),
        Some(scale) => Bank::large(founded, scale),
    });
    let repositories = context.directory.join(bank::estate::GIT_FOLDER);
    git::write(bank.repositories(), &repositories)
        .map_err(|error| PracticeError::Bank(error.to_string()))?;
    populate(context, &bank)?;
    Ok(bank)
}

/// Gives the accounts their keys and, when they are empty, everything that the bank has in them.
pub(crate) fn populate(context: &Context, bank: &Arc<Bank>) -> Result<(), PracticeError> {
    let cloud = &context.cloud;
    cloud.set_key_holders(key_holders());
    let templates = Arc::clone(bank);
    cloud.set_template_source(TemplateSource::new(move |url| {
        templates.nested_template(url)
    }));
    if !cloud.is_empty() {
        return Ok(());
    }
    for environment in &bank::ENVIRONMENTS {
        for (name, value) in bank.ssm_parameters(environment.name) {
            for region in environment.regions {
                cloud.seed_parameter(environment.account, region, &name, &value);
            }
        }
    }
    bank::seed(bank, cloud).map_err(|error| PracticeError::Bank(error.to_string()))
}

fn key_holders() -> Vec<KeyHolder> {
    let mut holders: Vec<_> = people::people()
        .iter()
        .map(|person| KeyHolder {
            user: person.id.to_owned(),
            access_key_id: person.aws_access_key_id.to_owned(),
            secret_access_key: person.aws_secret_access_key.to_owned(),
            duty: match person.role {
                people::Role::Developer => Duty::Developer,
                people::Role::Lead => Duty::Lead,
                people::Role::ReleaseManager => Duty::ReleaseManager,
            },
        })
        .collect();
    holders.push(aws::iam::pipeline());
    holders
}
