//! `interlock doctor`: every connection, tested once.

use super::open;
use crate::{
    args::Cli,
    output::{Done, Ending, Printer, paint, sign, table},
};
use std::fmt::Write as _;

use interlock_contract::{Nothing, Tone, commands::Commands as _};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli) -> Done {
    let host = open(cli).await?;
    let view = host.connections_test(Nothing {}).await?;
    printer.result(&view, |view| {
        let mut text = String::new();
        let rows: Vec<_> = view
            .connections
            .iter()
            .map(|c| {
                vec![
                    sign(c.tone).to_owned(),
                    c.name.clone(),
                    c.message.clone(),
                    c.identity.clone().unwrap_or_default(),
                ]
            })
            .collect();
        text.push_str(&table(&rows));
        for connection in &view.connections {
            for hint in &connection.hints {
                let _ = writeln!(
                    text,
                    "{} {}: {hint}",
                    paint("hint:", Tone::Waiting),
                    connection.name
                );
            }
        }
        text
    });
    let bad = view.connections.iter().any(|c| c.tone == Tone::Bad);
    Ok(if bad { Ending::Differs } else { Ending::Good })
}
