//! `interlock`: the console without a window.
//!
//! The same use cases as the desktop, for terminals and pipelines: data on stdout, talk on
//! stderr, documented exit codes. Links no web view.

mod args;
mod colour;
mod commands;
mod output;
mod table;
mod texts;

use args::{Cli, Command};
use clap::Parser as _;
use interlock_contract::error::ErrorCode;
use interlock_host::may_be_logged;
use output::{Ending, Printer};
use std::process::ExitCode;
use tracing_subscriber::{
    EnvFilter, filter::filter_fn, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// A third of a large comparison is spent on memory; this allocator takes much of that off.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let printer = Printer { format: cli.format };
    let filter = EnvFilter::try_from_env("INTERLOCK_LOG").unwrap_or_else(|_| "error".into());
    tracing_subscriber::registry()
        .with(filter)
        .with(filter_fn(|of| may_be_logged(of.target(), *of.level())))
        .with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr))
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output::say(format_args!("error: no runtime: {error}"));
            return ExitCode::from(9);
        }
    };
    let result = runtime.block_on(async {
        match &cli.command {
            Command::Practice(options) => commands::practice::run(printer, options).await,
            Command::Init(options) => commands::init::run(printer, &cli, options).await,
            Command::Login(options) => commands::login::run(printer, options).await,
            Command::Doctor => commands::doctor::run(printer, &cli).await,
            Command::Status(options) => commands::status::run(printer, &cli, options).await,
            Command::Compare(options) => commands::compare::run(printer, &cli, options).await,
            Command::Diff(options) => commands::diff::run(printer, &cli, options).await,
            Command::Promote(options) => commands::promote::run(printer, &cli, options).await,
            Command::Approve(options) => commands::approve::run(printer, &cli, options).await,
            Command::Reject(options) => commands::decide::reject(printer, &cli, options).await,
            Command::Withdraw(options) => commands::decide::withdraw(printer, &cli, options).await,
            Command::Waive(options) => commands::decide::waive(printer, &cli, options).await,
            Command::Review(options) => commands::decide::review(printer, &cli, options).await,
            Command::Freezes(options) => commands::freezes::run(printer, &cli, options).await,
            Command::Follow(options) => commands::follow::run(printer, &cli, options).await,
            Command::Variables(options) => commands::variables::run(printer, &cli, options).await,
            Command::Drift(options) => commands::drift::run(printer, &cli, options).await,
            Command::Contains(options) => commands::contains::run(printer, &cli, options).await,
            Command::Dossier(options) => commands::dossier::run(printer, &cli, options).await,
            Command::Log(options) => commands::log::run(printer, &cli, options).await,
            Command::Ledger(command) => commands::ledger::run(printer, &cli, command).await,
            Command::Roster(command) => commands::roster::run(printer, &cli, command).await,
            Command::Policy(options) => commands::policy::run(printer, &cli, options).await,
        }
    });
    // A run that is left here goes on in the systems and is picked up by the next process.
    runtime.shutdown_background();
    match result {
        Ok(Ending::Good) => ExitCode::SUCCESS,
        Ok(Ending::Differs) => ExitCode::from(1),
        Ok(Ending::Left) => ExitCode::from(output::exit_code(ErrorCode::Cancelled)),
        Err(error) => {
            let code = output::fail(printer, &error);
            // As `diff` of old: 0 is the same, 1 differs, 2 is trouble.
            let is_diff = matches!(cli.command, Command::Diff(_));
            ExitCode::from(if is_diff { 2 } else { code })
        }
    }
}
