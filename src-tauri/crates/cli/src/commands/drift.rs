//! `interlock drift`: what was changed past CloudFormation.

use super::{open, progress};
use crate::{
    args::{Cli, Drift},
    output::{Done, Ending, Printer},
    texts,
};
use interlock_contract::{
    Tone, commands::Commands as _, drift::DriftRequest, events::HostEvent, overview::CellRequest,
};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Drift) -> Done {
    let host = open(cli).await?;
    let mut events = host.events();
    let bar = options.detect.then(progress::bar).flatten();
    let asked = host.drift_view(DriftRequest {
        service: options.service.clone(),
        environment: options.environment.clone(),
        detect: options.detect,
    });
    tokio::pin!(asked);
    let view = loop {
        tokio::select! {
            result = &mut asked => break result,
            _ = tokio::signal::ctrl_c() => {
                let cell = CellRequest {
                    service: options.service.clone(),
                    environment: options.environment.clone(),
                };
                host.drift_cancel(cell).await?;
            }
            Ok(event) = events.recv() => if let (Some(bar), HostEvent::DriftProgress { done, total, last, running: true, .. }) = (&bar, event) {
                progress::show(bar, done, total, last.as_deref().unwrap_or("AWS looks for drift"));
            },
        }
    };
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let view = view?;
    printer.result(&view, texts::drift);
    let in_sync = view.stacks.iter().all(|stack| stack.known.tone == Tone::Ok);
    Ok(if in_sync {
        Ending::Good
    } else {
        Ending::Differs
    })
}
