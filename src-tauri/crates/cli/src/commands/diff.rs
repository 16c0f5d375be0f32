//! `interlock diff`: what the change from one template to another does.

use crate::{
    args::Diff,
    output::{Done, Ending, Printer},
    texts,
};
use interlock_contract::{
    diff::DiffVerdict,
    error::{ErrorCode, ErrorEnvelope},
};
use interlock_host::{FileSide, NamedBytes, envelope, judge_files};
use std::path::Path;

/// Runs the command.
pub fn run(printer: Printer, options: &Diff) -> Done {
    let side = |template: &Path, variables: Option<&Path>| -> Result<FileSide, ErrorEnvelope> {
        Ok(FileSide {
            template: read(template)?,
            variables: variables.map(read).transpose()?,
            place: (options.account.clone(), options.region.clone()),
        })
    };
    let before = side(&options.before, options.before_parameters.as_deref())?;
    let after = side(&options.after, options.after_parameters.as_deref())?;
    let names = (before.template.0.clone(), after.template.0.clone());
    let report = judge_files(before, after)?;
    printer.result(&report, |report| {
        texts::judgement(report, &names.0, &names.1)
    });
    Ok(match report.verdict {
        DiffVerdict::Same => Ending::Good,
        DiffVerdict::Different | DiffVerdict::Unknown => Ending::Differs,
    })
}

/// A file's name and bytes.
fn read(path: &Path) -> Result<NamedBytes, ErrorEnvelope> {
    let name = path.display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) => Err(envelope(
            ErrorCode::DocumentUnreadable,
            format!("{name} cannot be read: {error}."),
        )),
    }
}
