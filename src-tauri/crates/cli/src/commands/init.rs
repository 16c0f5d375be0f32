//! `interlock init`: writes a first estate file, with what can be found out.

use crate::{
    args::{Cli, Init},
    output::{Done, Ending, Printer, say},
};
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_host::envelope;

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Init) -> Done {
    let path = &cli.estate;
    if path.exists() && !options.force {
        return Err(ErrorEnvelope {
            hints: vec!["Say --force to overwrite it, or --estate FILE to write another.".into()],
            ..envelope(
                ErrorCode::PreconditionFailed,
                format!("{} exists already.", path.display()),
            )
        });
    }
    say("Asking AWS with the credentials of this shell ...");
    let text = interlock_host::discover(&options.name, &std::env::vars().collect()).await;
    std::fs::write(path, &text).map_err(|error| {
        envelope(
            ErrorCode::InvalidRequest,
            format!("{} cannot be written: {error}.", path.display()),
        )
    })?;
    say(format_args!(
        "Wrote {}. Complete it, then run `interlock doctor`.",
        path.display()
    ));
    printer.result(&serde_json::json!({ "file": path, "text": text }), |_| {
        text.clone()
    });
    Ok(Ending::Good)
}
