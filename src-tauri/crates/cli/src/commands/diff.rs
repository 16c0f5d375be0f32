//! `interlock diff`: two template files.

use crate::{
    args::Diff,
    output::{Done, Ending, Printer},
    texts,
};
use interlock_contract::{
    comparison::DifferenceState,
    error::{ErrorCode, ErrorEnvelope},
};
use interlock_host::{compare_files, envelope};
use std::path::Path;

/// Runs the command.
pub fn run(printer: Printer, options: &Diff) -> Done {
    let before = read(&options.before)?;
    let after = read(&options.after)?;
    let before_variables = options.before_variables.as_deref().map(read).transpose()?;
    let after_variables = options.after_variables.as_deref().map(read).transpose()?;
    let view = compare_files(
        &before,
        &after,
        before_variables.as_ref(),
        after_variables.as_ref(),
    )?;
    printer.result(&view, texts::files);
    Ok(if view.state == DifferenceState::Same {
        Ending::Good
    } else {
        Ending::Differs
    })
}

/// A file's name and bytes.
fn read(path: &Path) -> Result<(String, Vec<u8>), ErrorEnvelope> {
    let name = path.display().to_string();
    match std::fs::read(path) {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) => Err(envelope(
            ErrorCode::DocumentUnreadable,
            format!("{name} cannot be read: {error}."),
        )),
    }
}
