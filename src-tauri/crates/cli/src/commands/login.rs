//! `interlock login`: keeps a token in the keychain of this session.
//!
//! A token never stands on the command line, where other processes can read it: it is typed
//! without being shown, or read from standard input.

use crate::{
    args::{Login, LoginSystem},
    output::{Done, Ending, Printer},
};
use console::Term;
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_domain::SystemKind;
use interlock_host::envelope;
use std::io::{IsTerminal as _, Read as _};

/// Longest token that is read; real ones are shorter than 300 bytes.
const LONGEST: u64 = 8 * 1024;

/// Runs the command.
pub async fn run(printer: Printer, options: &Login) -> Done {
    let system = match options.system {
        LoginSystem::Jenkins => SystemKind::Jenkins,
        LoginSystem::Sonarqube => SystemKind::SonarQube,
        LoginSystem::Gitlab => SystemKind::GitLab,
    };
    let name = system.name();
    let told = |done: &str| serde_json::json!({ "system": name, "keychain": done });
    if options.forget {
        interlock_host::forget(system).await?;
        printer.result(&told("forgotten"), |_| {
            format!("The keychain holds no token for {name} any more.")
        });
        return Ok(Ending::Good);
    }
    let at_terminal = std::io::stdin().is_terminal();
    let user = match (&options.user, system) {
        (Some(user), _) => Some(user.clone()),
        (None, SystemKind::Jenkins) if at_terminal => Some(typed("User name for Jenkins: ", true)?),
        (None, SystemKind::Jenkins) => {
            return Err(ErrorEnvelope {
                hints: vec!["Say --user NAME.".into()],
                ..wrong("Jenkins wants a user name beside the token.")
            });
        }
        (None, _) => None,
    };
    let token = if at_terminal {
        typed(&format!("Token for {name} (not shown): "), false)?
    } else {
        let mut text = String::new();
        std::io::stdin()
            .take(LONGEST)
            .read_to_string(&mut text)
            .map_err(|error| wrong(&format!("Standard input cannot be read: {error}.")))?;
        text
    };
    let token = token.trim();
    if token.is_empty() || token.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(ErrorEnvelope {
            hints: vec![format!(
                "Type it when asked, or pipe it: `interlock login {} < FILE`.",
                name.to_lowercase()
            )],
            ..wrong("A token is one word without spaces; none was given.")
        });
    }
    interlock_host::keep(system, user, token.to_owned()).await?;
    printer.result(&told("kept"), |_| {
        format!("The token for {name} is in the keychain. `interlock doctor` tries it.")
    });
    Ok(Ending::Good)
}

/// What the person types at the terminal.
fn typed(question: &str, shown: bool) -> Result<String, ErrorEnvelope> {
    let terminal = Term::stderr();
    let _ = terminal.write_str(question);
    let line = if shown {
        terminal.read_line()
    } else {
        terminal.read_secure_line()
    };
    line.map(|line| line.trim().to_owned())
        .map_err(|error| wrong(&format!("The terminal cannot be read: {error}.")))
}

fn wrong(message: &str) -> ErrorEnvelope {
    envelope(ErrorCode::InvalidRequest, message)
}
