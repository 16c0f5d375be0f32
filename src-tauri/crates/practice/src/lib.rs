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

use aws::Cloud;
use clock::PracticeClock;
use faults::Faults;
use server::{RequestLog, Server, Shared};
use state::{StateError, StateFile};
use std::path::{Path, PathBuf};
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
    aws: Server,
    control: Server,
    stop: CancellationToken,
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
        let aws = aws::serve(&context, options.ports.aws).await?;
        let control = control::serve(&context, options.ports.control).await?;
        let stop = CancellationToken::new();
        tokio::spawn(state.keep_written(stop.clone()));
        Ok(Self {
            context,
            aws,
            control,
            stop,
        })
    }

    /// Returns the address of all AWS services.
    pub fn aws_url(&self) -> String {
        self.aws.url()
    }

    /// Returns the control address.
    pub fn control_url(&self) -> String {
        self.control.url()
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
        self.aws.stop();
        self.control.stop();
        self.stop.cancel();
        Ok(self.context.state.write()?)
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
