//! `interlock variables`: the variables of a service in every environment.

use super::open;
use crate::{
    args::{Cli, Variables},
    output::{Done, Ending, Printer},
    texts,
};
use interlock_contract::{
    commands::Commands as _, comparison::VariableState, variables::VariablesRequest,
};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, options: &Variables) -> Done {
    let host = open(cli).await?;
    let request = VariablesRequest {
        service: options.service.clone(),
    };
    let view = host.variables_view(request).await?;
    printer.result(&view, |view| texts::variables(view, options.all));
    let is_calm = |state| matches!(state, VariableState::Same | VariableState::Expected);
    let calm = view.doubts.is_empty()
        && view
            .rows
            .iter()
            .all(|row| row.trouble.is_none() && is_calm(row.state));
    Ok(if calm { Ending::Good } else { Ending::Differs })
}
