//! `interlock doctor`: every connection, tested once.

use super::open;
use crate::{
    args::Cli,
    output::{Done, Ending, Printer},
    texts,
};
use interlock_contract::{Nothing, Tone, commands::Commands as _};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli) -> Done {
    let host = open(cli).await?;
    let view = host.connections_test(Nothing {}).await?;
    printer.result(&view, texts::connections);
    let bad = view.connections.iter().any(|c| c.tone == Tone::Bad);
    Ok(if bad { Ending::Differs } else { Ending::Good })
}
