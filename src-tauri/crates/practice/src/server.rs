//! One HTTP/1.1 server on loopback: accepts, logs, applies faults, and hands the request to a router.
//!
//! Every practice server (AWS, Jenkins, SonarQube, GitLab, control) is started here, so that latency, lost replies and
//! the request log behave alike everywhere. Connections are served by hyper itself, because a reply that is dropped
//! after the action needs the connection to end without an answer.

mod broken;
mod door;
mod log;
mod protocol;
mod wire;

#[cfg(test)]
mod tests;

pub use log::{LoggedRequest, RequestLog};
pub use protocol::{Call, Protocol, Refusal};

use crate::clock::PracticeClock;
use crate::faults::Faults;
use axum::Router;
use door::Door;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use wire::Wire;

/// How long a client may take to say what it wants.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// For the head of a request; longer than clients keep idle connections.
    head: Duration,
    /// For its body.
    body: Duration,
}

const PATIENCE: Patience = Patience {
    head: Duration::from_mins(2),
    body: Duration::from_mins(1),
};

/// What all servers of an estate share.
#[derive(Debug, Clone, Default)]
pub struct Shared {
    /// The clock.
    pub clock: PracticeClock,
    /// Faults on demand.
    pub faults: Faults,
    /// The request log.
    pub requests: RequestLog,
    /// Latency of every answer, for measurements.
    pub latency: Option<Duration>,
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: CancellationToken,
}

impl Server {
    /// Binds a loopback port (0 = any free one) and serves a router on it until it is stopped.
    ///
    /// The router is made once the address is known, because some servers write their own address into answers.
    pub async fn start(
        port: u16,
        shared: Shared,
        protocol: Arc<dyn Protocol>,
        router: impl FnOnce(SocketAddr) -> Router,
    ) -> std::io::Result<Self> {
        Self::start_with(PATIENCE, port, shared, protocol, router).await
    }

    async fn start_with(
        patience: Patience,
        port: u16,
        shared: Shared,
        protocol: Arc<dyn Protocol>,
        router: impl FnOnce(SocketAddr) -> Router,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let door = Door {
            shared,
            protocol,
            router: router(address),
            patience,
        };
        tokio::spawn(accept(listener, door, stop.clone()));
        Ok(Self { address, stop })
    }

    /// Returns where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the base address, without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops the server; open connections are closed.
    pub fn stop(&self) {
        self.stop.cancel();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn accept(listener: TcpListener, door: Door, stop: CancellationToken) {
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a practice server could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        tokio::spawn(connection(stream, door.clone(), stop.clone()));
    }
}

async fn connection(stream: TcpStream, door: Door, stop: CancellationToken) {
    let _ = stream.set_nodelay(true);
    let patience = door.patience;
    let is_reset = Arc::new(AtomicBool::new(false));
    let wire = Wire {
        stream,
        is_reset: Arc::clone(&is_reset),
    };
    let service = service_fn(move |request| {
        let door = door.clone();
        let is_reset = Arc::clone(&is_reset);
        async move { door.answer(request, &is_reset).await }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .serve_connection(TokioIo::new(wire), service);
    tokio::select! {
        () = stop.cancelled() => {}
        ended = served => {
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection to a practice server ended");
            }
        }
    }
}
