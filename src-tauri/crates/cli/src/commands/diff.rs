//! `interlock diff`: what the change from one side to another does.

use super::open;
use crate::{
    args::{Cli, Diff},
    output::{Done, Ending, Printer},
    texts,
};
use interlock_contract::diff::DiffVerdict;
use interlock_host::{DiffOptions, DiffSide, judge_sides};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Diff) -> Done {
    let before = DiffSide::read(&options.before)?;
    let after = DiffSide::read(&options.after)?;
    let host = if before.needs_estate() || after.needs_estate() {
        Some(open(cli).await?)
    } else {
        None
    };
    let beside = DiffOptions {
        before_parameters: options.before_parameters.clone(),
        after_parameters: options.after_parameters.clone(),
        account: options.account.clone(),
        region: options.region.clone(),
        repository: options.repository.clone(),
    };
    let report = judge_sides(&before, &after, &beside, host.as_ref()).await?;
    printer.result(&report, |report| {
        texts::judgement(report, &options.before, &options.after)
    });
    Ok(match report.verdict {
        DiffVerdict::Same => Ending::Good,
        DiffVerdict::Different | DiffVerdict::Unknown => Ending::Differs,
    })
}
