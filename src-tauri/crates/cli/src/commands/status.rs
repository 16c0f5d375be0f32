//! `interlock status`: the matrix.

use super::{open, progress};
use crate::{
    args::{Cli, Format, Status},
    output::{Done, Ending, Printer, say},
    texts,
};
use interlock_app::UseCaseError;
use interlock_contract::{Nothing, Tone, commands::Commands as _, error::ErrorEnvelope};
use interlock_host::Host;

/// Refuses names that no service has: an empty table would read as good news.
fn known(host: &Host, names: &[String]) -> Result<(), ErrorEnvelope> {
    let services = &host.console().estate.services;
    let unknown = names
        .iter()
        .find(|name| !services.iter().any(|s| s.name.as_str() == name.as_str()));
    match unknown {
        None => Ok(()),
        Some(name) => Err(host.explain(UseCaseError::NotFound {
            what: "service",
            name: name.clone(),
        })),
    }
}

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Status) -> Done {
    let host = open(cli).await?;
    known(&host, &options.services)?;
    let mut view = if options.offline {
        host.overview_view(Nothing {}).await?
    } else {
        progress::refreshed(&host).await?
    };
    if options.keep {
        let unread = host.console().keep_templates().await;
        if unread > 0 {
            say(format_args!(
                "{unread} templates could not be read, so they are not kept"
            ));
        }
    }
    view.rows.retain(|row| {
        (options.services.is_empty() || options.services.contains(&row.service))
            && (!options.differences || row.differs)
    });
    for source in view.sources.iter().filter(|source| source.tone != Tone::Ok) {
        say(format_args!(
            "{} is {}{}",
            source.system,
            source.state,
            source
                .reason
                .as_ref()
                .map(|r| format!(": {r}"))
                .unwrap_or_default()
        ));
    }
    printer.result(&view, texts::overview);
    if printer.format == Format::Text
        && let Some(legend) = texts::legend(&view)
    {
        say(format_args!("\n{legend}"));
    }
    let differs = view.rows.iter().any(|row| row.differs);
    Ok(if differs {
        Ending::Differs
    } else {
        Ending::Good
    })
}
