//! Reading what decides: the estate file, the policy that it names, and its Cedar policies.

use crate::errors;
use interlock_app::estate::{Estate, parse};
use interlock_contract::error::{ErrorCode, ErrorEnvelope};
use interlock_policy::{CaseResult, Policy, cedar_file, run_cases};
use std::path::{Path, PathBuf};

/// Reads an estate file, and the policy that it names.
pub fn read_estate(file: &Path) -> Result<Estate, ErrorEnvelope> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| ErrorEnvelope {
        hints: vec![
            "`interlock init` writes a first estate file.".into(),
            "`interlock practice` serves a practice estate and prints the path of its file.".into(),
        ],
        ..errors::envelope(
            ErrorCode::EstateInvalid,
            format!("The estate file {name} cannot be read: {error}."),
        )
    })?;
    let estate = parse(&text, &name).map_err(|error| errors::estate(&error))?;
    let Some(policy_file) = policy_file(&estate, file) else {
        return Ok(estate);
    };
    let names: Vec<String> = estate
        .environments
        .iter()
        .map(|e| e.environment.name.to_string())
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let policy = read_policy(&policy_file, Some(&names))?;
    Ok(estate.with_policy(policy))
}

/// Path of the policy that an estate names, which stands beside the estate file.
pub fn policy_file(estate: &Estate, estate_file: &Path) -> Option<PathBuf> {
    let name = estate.policy_file.as_ref()?;
    Some(beside(estate_file, name))
}

fn beside(file: &Path, name: &str) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(name)
}

/// Reads a policy file with the Cedar policies that it names. `environments` are those of the
/// estate, none when they are not known.
pub fn read_policy(file: &Path, environments: Option<&[&str]>) -> Result<Policy, ErrorEnvelope> {
    let text = read(file, "policy file")?;
    let cedar = cedar_file(&text)
        .map(|name| read(&beside(file, &name), "file of Cedar policies"))
        .transpose()?;
    let name = file.display().to_string();
    interlock_policy::parse(&text, &name, cedar.as_deref(), environments)
        .map_err(|error| errors::policy(&error))
}

/// Runs the policy cases of a file.
pub fn test_policy(policy: &Policy, file: &Path) -> Result<Vec<CaseResult>, ErrorEnvelope> {
    let text = read(file, "file of policy cases")?;
    let name = file.display().to_string();
    run_cases(policy, &text, &name).map_err(|error| errors::policy(&error))
}

fn read(file: &Path, what: &str) -> Result<String, ErrorEnvelope> {
    std::fs::read_to_string(file).map_err(|error| ErrorEnvelope {
        hints: vec!["`interlock policy show --default` prints a policy to begin with.".into()],
        ..errors::envelope(
            ErrorCode::EstateInvalid,
            format!("The {what} {} cannot be read: {error}.", file.display()),
        )
    })
}
