//! `interlock ledger`: the whole log, checked, copied and anchored.

use super::open;
use crate::{
    args::{Cli, LedgerCommand},
    output::{Done, Ending, Printer},
    texts,
};
use interlock_contract::{
    audit::LedgerReportView,
    error::{ErrorCode, ErrorEnvelope},
};
use interlock_host::{envelope, verify_export};
use std::{fs, path::Path};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, command: &LedgerCommand) -> Done {
    match command {
        LedgerCommand::Verify(options) => {
            let note = options.checkpoint.as_deref().map(read).transpose()?;
            let report = match &options.export {
                Some(folder) => verify_export(folder, note.as_deref())?,
                None => open(cli).await?.verify_ledger(note.as_deref())?,
            };
            Ok(shown(printer, &report))
        }
        LedgerCommand::Export(options) => {
            let written = open(cli).await?.export_ledger(&options.folder)?;
            printer.result(&written, texts::export);
            Ok(Ending::Good)
        }
        LedgerCommand::Checkpoint => {
            let note = open(cli).await?.ledger_checkpoint().await?;
            printer.result(&serde_json::json!({ "checkpoint": note }), |_| note.clone());
            Ok(Ending::Good)
        }
    }
}

fn shown(printer: Printer, report: &LedgerReportView) -> Ending {
    printer.result(report, texts::ledger_report);
    if report.broken.is_none() {
        Ending::Good
    } else {
        Ending::Differs
    }
}

fn read(file: &Path) -> Result<String, ErrorEnvelope> {
    fs::read_to_string(file).map_err(|error| {
        envelope(
            ErrorCode::DocumentUnreadable,
            format!("{} cannot be read: {error}.", file.display()),
        )
    })
}
