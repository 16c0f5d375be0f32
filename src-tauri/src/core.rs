//! The core while it opens, when it is open, and when it could not be opened.
//!
//! The window is shown at once; reading the estate file and starting the practice estate goes on
//! behind it. A command that arrives early waits. When opening fails, every command is answered
//! with the reason, so that the window can show it.

use interlock_contract::commands::Commands;
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_contract::events::HostEvent;
use std::future::Future;
use std::sync::Arc;
use tokio::sync::{broadcast, watch};

/// An open core: who answers commands, and what it says unasked.
pub struct OpenCore<C> {
    /// Answers every command.
    pub commands: Arc<C>,
    /// What changed.
    pub events: broadcast::Receiver<HostEvent>,
}

enum Opening<C> {
    Pending,
    Open(Arc<C>),
    Failed(ErrorEnvelope),
}

/// A handle to the core in whatever state it is.
pub struct Core<C> {
    state: watch::Receiver<Opening<C>>,
}

impl<C> Clone for Core<C> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
        }
    }
}

/// Brings a [`Core`] from pending to open or failed.
pub struct Opener<C> {
    state: watch::Sender<Opening<C>>,
}

impl<C: Commands + 'static> Opener<C> {
    /// Opens the core, then passes its events to `deliver` until the application ends.
    pub async fn run<F>(self, open: F, deliver: impl Fn(HostEvent))
    where
        F: Future<Output = Result<OpenCore<C>, ErrorEnvelope>>,
    {
        match open.await {
            Ok(opened) => {
                self.state.send_replace(Opening::Open(opened.commands));
                crate::events::forward(opened.events, deliver).await;
            }
            Err(envelope) => {
                let correlation = &envelope.correlation;
                tracing::error!(%correlation, "the core did not open: {envelope}");
                self.state.send_replace(Opening::Failed(envelope));
            }
        }
    }
}

impl<C: Commands + 'static> Core<C> {
    /// Makes a pending core and what opens it.
    pub fn pending() -> (Self, Opener<C>) {
        let (sender, state) = watch::channel(Opening::Pending);
        (Self { state }, Opener { state: sender })
    }

    /// Waits until the core is open or failed.
    pub async fn ready(&self) -> Result<Arc<C>, ErrorEnvelope> {
        let mut state = self.state.clone();
        let settled = state
            .wait_for(|opening| !matches!(opening, Opening::Pending))
            .await;
        match settled.as_deref() {
            Ok(Opening::Open(commands)) => Ok(Arc::clone(commands)),
            Ok(Opening::Failed(envelope)) => Err(envelope.clone()),
            Ok(Opening::Pending) | Err(_) => Err(ErrorEnvelope {
                code: ErrorCode::Internal,
                message: "The core ended before it was open.".into(),
                hints: vec!["Close the window and start again.".into()],
                retryable: false,
                location: None,
                correlation: "core-opening".into(),
            }),
        }
    }
}
