//! `interlock log`: the ledger and whether it holds together.

use super::open;
use crate::{
    args::{Cli, Log},
    output::{Done, Ending, Printer, say},
    texts,
};
use interlock_contract::{Tone, audit::AuditRequest, commands::Commands as _};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Log) -> Done {
    let host = open(cli).await?;
    let limit = if options.promotion.is_some() {
        500
    } else {
        options.limit
    };
    let mut view = host
        .audit_view(AuditRequest {
            before: None,
            limit,
        })
        .await?;
    if let Some(id) = &options.promotion {
        view.entries
            .retain(|entry| entry.promotion.as_ref() == Some(id));
    }
    say(&view.verification.summary);
    printer.result(&view, texts::audit);
    Ok(if view.verification.tone == Tone::Ok {
        Ending::Good
    } else {
        Ending::Differs
    })
}
