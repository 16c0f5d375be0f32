//! `interlock freezes`: the freezes ahead.

use super::open;
use crate::{
    args::{Cli, Freezes as Options},
    output::{Done, Ending, Printer},
    texts,
};
use interlock_contract::{
    commands::Commands as _,
    freezes::{FreezesRequest, FreezesView},
};
use serde::Serialize;

/// The freezes of each environment.
#[derive(Debug, Serialize)]
pub struct Freezes {
    /// In path order.
    pub environments: Vec<FreezesView>,
}

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Options) -> Done {
    let host = open(cli).await?;
    let console = host.console();
    let names: Vec<String> = if let Some(name) = &options.environment {
        vec![name.clone()]
    } else {
        let environments = console.estate.environments.iter();
        environments
            .map(|it| it.environment.name.to_string())
            .collect()
    };
    let mut environments = Vec::new();
    for environment in names {
        let request = FreezesRequest {
            environment,
            service: options.service.clone(),
        };
        environments.push(host.freezes_view(request).await?);
    }
    let told = Freezes { environments };
    printer.result(&told, texts::freezes);
    let in_the_way = told.environments.iter().any(|it| {
        let runs_into = it.forecast.as_ref().is_some_and(|f| f.runs_into.is_some());
        runs_into || it.freezes.iter().any(|freeze| freeze.holds)
    });
    Ok(if in_the_way {
        Ending::Differs
    } else {
        Ending::Good
    })
}
