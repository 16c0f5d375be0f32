//! `interlock dossier`: the evidence of a promotion in one archive, or all promotions of a period.

use super::open;
use crate::{
    args::{Cli, Dossier},
    output::{Done, Ending, Printer, say},
    texts,
};
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_domain::{PromotionId, Timestamp};
use interlock_host::{Host, envelope};
use jiff::{civil::Date, tz::TimeZone};
use std::{fs, io::Write as _, path::Path};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Dossier) -> Done {
    let host = open(cli).await?;
    match (&options.promotion, options.from, options.to) {
        (Some(id), ..) => dossier(printer, &host, id, options),
        (None, Some(from), Some(to)) => population(printer, &host, from, to, options),
        (None, ..) => Err(envelope(
            ErrorCode::InvalidRequest,
            "A promotion is wanted, or --population with --from and --to.",
        )),
    }
}

fn dossier(printer: Printer, host: &Host, id: &str, options: &Dossier) -> Done {
    let id = PromotionId::new(id)
        .map_err(|error| envelope(ErrorCode::InvalidRequest, format!("{error}.")))?;
    let made = host.dossier(&id, options.redact)?;
    write(&options.output, &made.zip)?;
    printer.result(&made.view, texts::dossier);
    say(format_args!(
        "{} files are in {}, SHA-256 {}.",
        made.view.files.len(),
        options.output.display(),
        made.view.sha256
    ));
    Ok(Ending::Good)
}

fn population(printer: Printer, host: &Host, from: Date, to: Date, options: &Dossier) -> Done {
    let json = options.output.with_extension("json");
    if json == options.output {
        return Err(envelope(
            ErrorCode::InvalidRequest,
            "Name the table, such as changes.csv: the same as JSON is written beside it.",
        ));
    }
    let after = to.tomorrow().map_err(|_| out_of_range())?;
    if after <= from {
        return Err(envelope(
            ErrorCode::InvalidRequest,
            "The period ends before it begins.",
        ));
    }
    let made = host.population(begins(from)?, begins(after)?, options.env.as_deref())?;
    write(&options.output, made.csv.as_bytes())?;
    write(&json, made.json.as_bytes())?;
    let value = serde_json::json!({
        "promotions": made.promotions,
        "csv": options.output.display().to_string(),
        "json": json.display().to_string(),
        "cloudTrail": "not compared with CloudTrail",
    });
    printer.result(&value, |_| {
        format!(
            "{} promotions are in {} and {}; not compared with CloudTrail.",
            made.promotions,
            options.output.display(),
            json.display()
        )
    });
    Ok(Ending::Good)
}

/// The first moment of a day.
fn begins(day: Date) -> Result<Timestamp, ErrorEnvelope> {
    let zoned = day.to_zoned(TimeZone::UTC).map_err(|_| out_of_range())?;
    Ok(zoned.timestamp())
}

fn out_of_range() -> ErrorEnvelope {
    envelope(ErrorCode::InvalidRequest, "There is no such day.")
}

/// Writes a file that is not there yet: evidence is never overwritten.
fn write(path: &Path, bytes: &[u8]) -> Result<(), ErrorEnvelope> {
    let written = fs::File::create_new(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| ErrorEnvelope {
        hints: vec!["Name a new file: one that is there is never overwritten.".into()],
        ..envelope(
            ErrorCode::PreconditionFailed,
            format!("{} cannot be written: {error}.", path.display()),
        )
    })
}
