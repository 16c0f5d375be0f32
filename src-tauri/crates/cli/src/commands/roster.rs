//! `interlock roster`: who may sign, with which keys, and how that changes.

use super::open;
use crate::{
    args::{Cli, RosterCommand},
    output::{Done, Ending, Printer},
    texts,
};

/// Runs the command.
pub async fn run(printer: Printer, cli: &Cli, command: &RosterCommand) -> Done {
    let host = open(cli).await?;
    match command {
        RosterCommand::Show => {
            let view = host.roster_view().await?;
            printer.result(&view, texts::roster);
            // Somebody has something to do: propose, or sign.
            Ok(if view.wanted.is_empty() && view.proposals.is_empty() {
                Ending::Good
            } else {
                Ending::Differs
            })
        }
        RosterCommand::Propose => {
            let proposed = host.propose_roster().await?;
            let told = serde_json::json!({ "proposal": proposed });
            printer.result(&told, |_| match &proposed {
                Some(proposal) => texts::proposal(proposal),
                None => "The roster in force is what the estate file says.".into(),
            });
            Ok(Ending::Good)
        }
        RosterCommand::Sign(options) => {
            let signed = host.sign_roster(&options.digest).await?;
            let told = serde_json::json!({ "proposal": signed });
            printer.result(&told, |_| texts::proposal(&signed));
            Ok(Ending::Good)
        }
        RosterCommand::Revoke(options) => {
            let view = host
                .revoke_key(&options.key, options.from, options.reason.clone())
                .await?;
            printer.result(&view, texts::roster);
            Ok(Ending::Good)
        }
        RosterCommand::Key(options) => {
            let key = host.own_key(options.r#use.as_deref()).await?;
            printer.result(&key, texts::own_key);
            Ok(Ending::Good)
        }
    }
}
