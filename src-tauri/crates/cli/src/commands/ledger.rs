//! `interlock ledger`: the whole log, begun, shown, checked, copied and anchored.

use super::open;
use crate::{
    args::{Cli, LedgerCommand, LedgerShow},
    output::{Done, Ending, Printer, say},
    texts,
};
use interlock_contract::{
    Tone,
    audit::LedgerReportView,
    error::{ErrorCode, ErrorEnvelope},
    team::BeginningName,
};
use interlock_host::{Host, envelope, ledger_template, verify_export};
use std::{fs, path::Path};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, command: &LedgerCommand) -> Done {
    match command {
        LedgerCommand::Init(options) if options.template => {
            let text = ledger_template();
            printer.result(&serde_json::json!({ "template": text }), |_| text.into());
            Ok(Ending::Good)
        }
        LedgerCommand::Init(options) => {
            let host = open(cli).await?;
            let begun = host.begin_ledger(options.despite_findings).await?;
            printer.result(&begun, texts::beginning);
            Ok(match begun.state {
                BeginningName::Begun | BeginningName::Waiting | BeginningName::Before => {
                    Ending::Good
                }
                BeginningName::Refused => Ending::Differs,
            })
        }
        LedgerCommand::Show(options) => show(printer, &open(cli).await?, options),
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

fn show(printer: Printer, host: &Host, options: &LedgerShow) -> Done {
    let (entries, verification) = host.show_ledger(options.entry)?;
    if let Some(seq) = options.entry {
        let found = entries.into_iter().next();
        let entry = found.ok_or_else(|| no_entry(seq, verification.size))?;
        printer.result(&entry, texts::entry);
    } else {
        printer.result(&serde_json::json!({ "entries": entries }), |_| {
            texts::entries(&entries)
        });
    }
    say(format_args!("The ledger: {}.", verification.summary));
    Ok(if verification.tone == Tone::Ok {
        Ending::Good
    } else {
        Ending::Differs
    })
}

fn no_entry(seq: u32, size: u32) -> ErrorEnvelope {
    let hint = match size {
        0 => "It is empty.".to_owned(),
        size => format!("Its entries are 0 to {}.", size - 1),
    };
    ErrorEnvelope {
        hints: vec![hint],
        ..envelope(
            ErrorCode::NotFound,
            format!("The ledger has no entry {seq}."),
        )
    }
}

fn shown(printer: Printer, report: &LedgerReportView) -> Ending {
    printer.result(report, texts::ledger_report);
    if report.broken.is_none() && report.troubles.is_empty() && report.newer.is_empty() {
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
