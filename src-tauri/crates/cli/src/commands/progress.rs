//! A bar on a terminal while something takes time; nothing in a pipeline.

use indicatif::{ProgressBar, ProgressStyle};
use interlock_contract::{
    Nothing, commands::Commands as _, error::ErrorEnvelope, events::HostEvent,
    overview::OverviewView,
};
use interlock_host::Host;
use std::io::IsTerminal as _;

/// A bar, when somebody looks.
pub fn bar() -> Option<ProgressBar> {
    std::io::stderr().is_terminal().then(|| {
        let bar = ProgressBar::new(1);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        bar
    })
}

/// Shows how far it is.
pub fn show(bar: &ProgressBar, done: u32, total: u32, last: &str) {
    bar.set_length(u64::from(total));
    bar.set_position(u64::from(done));
    bar.set_message(last.to_owned());
}

/// Looks at everything anew, with a bar; Ctrl+C keeps what has come until then.
pub async fn refreshed(host: &Host) -> Result<OverviewView, ErrorEnvelope> {
    let mut events = host.events();
    let bar = bar();
    let refresh = host.overview_refresh(Nothing {});
    tokio::pin!(refresh);
    let view = loop {
        tokio::select! {
            result = &mut refresh => break result?,
            _ = tokio::signal::ctrl_c() => {
                host.overview_cancel(Nothing {}).await?;
            }
            Ok(event) = events.recv() => if let (Some(bar), HostEvent::OverviewProgress { done, total, last }) = (&bar, event) {
                show(bar, done, total, &last);
            },
        }
    };
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    Ok(view)
}
