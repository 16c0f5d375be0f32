//! The core while it opens, when it is open, and when it could not be opened.
//!
//! The window is shown at once; reading the estate file and starting the practice estate goes on
//! behind it. A command that arrives early waits. When opening fails, every command is answered
//! with the reason, so that the window can show it; a command that comes later than a moment
//! after the failure tries again, because by then the user may have mended the file.

use interlock_contract::commands::Commands;
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_contract::events::HostEvent;
use interlock_contract::first::FirstLook;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, broadcast, watch};

/// Commands that come together are answered with one failure; later ones try again.
const FAILURE_HOLDS: Duration = Duration::from_millis(250);

/// An open core: who answers commands, and what it says unasked.
pub struct OpenCore<C> {
    /// Answers every command.
    pub commands: Arc<C>,
    /// What changed.
    pub events: broadcast::Receiver<HostEvent>,
    /// What a window made now is opened with, if anything is known.
    pub first_look: Option<FirstLook>,
}

enum Opening<C> {
    Pending,
    Open {
        commands: Arc<C>,
        first_look: Option<Arc<FirstLook>>,
    },
    Failed {
        envelope: ErrorEnvelope,
        at: Instant,
    },
}

/// A handle to the core in whatever state it is.
pub struct Core<C> {
    state: watch::Receiver<Opening<C>>,
    again: Arc<Notify>,
}

impl<C> Clone for Core<C> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            again: Arc::clone(&self.again),
        }
    }
}

/// Brings a [`Core`] from pending to open or failed.
pub struct Opener<C> {
    state: watch::Sender<Opening<C>>,
    again: Arc<Notify>,
}

impl<C: Commands + 'static> Opener<C> {
    /// Opens the core, then passes its events to `deliver` until the application ends.
    ///
    /// After a failure it waits until somebody asks, and opens again.
    pub async fn run<F>(self, open: impl Fn() -> F, deliver: impl Fn(HostEvent))
    where
        F: Future<Output = Result<OpenCore<C>, ErrorEnvelope>>,
    {
        loop {
            match open().await {
                Ok(opened) => {
                    self.state.send_replace(Opening::Open {
                        commands: opened.commands,
                        first_look: opened.first_look.map(Arc::new),
                    });
                    crate::events::forward(opened.events, deliver).await;
                    return;
                }
                Err(mut envelope) => {
                    // The next request opens again, so the same request can succeed later.
                    envelope.retryable = true;
                    let correlation = &envelope.correlation;
                    tracing::error!(%correlation, "the core did not open: {envelope}");
                    let at = Instant::now();
                    self.state.send_replace(Opening::Failed { envelope, at });
                }
            }
            self.again.notified().await;
            self.state.send_replace(Opening::Pending);
        }
    }
}

impl<C: Commands + 'static> Core<C> {
    /// Makes a pending core and what opens it.
    pub fn pending() -> (Self, Opener<C>) {
        let (sender, state) = watch::channel(Opening::Pending);
        let again = Arc::new(Notify::new());
        let opener = Opener {
            state: sender,
            again: Arc::clone(&again),
        };
        (Self { state, again }, opener)
    }

    /// What the core's window is opened with; none when opening fails or takes longer than `wait`.
    pub async fn first_look(&self, wait: Duration) -> Option<Arc<FirstLook>> {
        let mut state = self.state.clone();
        let settled = state.wait_for(|opening| !matches!(opening, Opening::Pending));
        match tokio::time::timeout(wait, settled).await.ok()?.as_deref() {
            Ok(Opening::Open { first_look, .. }) => first_look.clone(),
            _ => None,
        }
    }

    /// Waits until the core is open or failed; asks for another attempt when a failure is old.
    pub async fn ready(&self) -> Result<Arc<C>, ErrorEnvelope> {
        let asked = Instant::now();
        let mut state = self.state.clone();
        let is_old = |at: &Instant| asked.duration_since(*at) > FAILURE_HOLDS;
        if matches!(&*state.borrow(), Opening::Failed { at, .. } if is_old(at)) {
            self.again.notify_one();
        }
        let settled = state
            .wait_for(|opening| match opening {
                Opening::Pending => false,
                Opening::Open { .. } => true,
                Opening::Failed { at, .. } => !is_old(at),
            })
            .await;
        match settled.as_deref() {
            Ok(Opening::Open { commands, .. }) => Ok(Arc::clone(commands)),
            Ok(Opening::Failed { envelope, .. }) => Err(envelope.clone()),
            Ok(Opening::Pending) | Err(_) => Err(ErrorEnvelope {
                code: ErrorCode::Internal,
                message: "The core ended before it was open.".into(),
                hints: vec!["Close the window and start again.".into()],
                retryable: false,
                location: None,
                correlation: crate::commands::correlation(),
            }),
        }
    }
}
