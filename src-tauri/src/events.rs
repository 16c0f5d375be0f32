//! Events of the core, passed on to the window.

use interlock_contract::events::HostEvent;
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// Hands every event to `deliver` until the core is gone.
///
/// Events only say "ask again". When some were missed because the window was slow, the two that
/// make every view ask again stand in for them.
pub async fn forward(mut events: Receiver<HostEvent>, deliver: impl Fn(HostEvent)) {
    loop {
        match events.recv().await {
            Ok(event) => deliver(event),
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "events were missed; asking for everything again");
                deliver(HostEvent::OverviewChanged);
                deliver(HostEvent::IdentityChanged);
            }
            Err(RecvError::Closed) => return,
        }
    }
}
