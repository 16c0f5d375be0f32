//! What AWS checks before anything begins.

use crate::aws::error::{AwsError, AwsResult};
use crate::aws::model::{OperationKind, PastOperation, Stack, StackStatus};
use crate::aws::template::Template;
use jiff::Timestamp;

/// Longest template in a request.
const BODY_LIMIT: usize = 51_200;

/// Longest template behind an address.
const SIZE_LIMIT: usize = 1_000_000;

/// Checks a stack or change set name.
pub fn check_name(name: &str, member: &str) -> AwsResult<()> {
    let is_right = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !is_right {
        return Err(AwsError::constraint(
            name,
            member,
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
        ));
    }
    if name.len() > 128 {
        return Err(AwsError::constraint(
            name,
            member,
            "Member must have length less than or equal to 128",
        ));
    }
    Ok(())
}

/// Checks a template's length, however it is given.
pub fn check_size(body: &str) -> AwsResult<()> {
    if body.len() <= SIZE_LIMIT {
        return Ok(());
    }
    Err(AwsError::validation(format!(
        "Template may not exceed {SIZE_LIMIT} bytes in size."
    )))
}

/// Checks the length of a template in a request.
pub fn check_body(body: &str) -> AwsResult<()> {
    if body.is_empty() {
        return Err(AwsError::constraint(
            "",
            "templateBody",
            "Member must have length greater than or equal to 1",
        ));
    }
    if body.len() > BODY_LIMIT {
        let start: String = body.chars().take(60).collect();
        return Err(AwsError::constraint(
            &format!("{start}..."),
            "templateBody",
            "Member must have length less than or equal to 51200",
        ));
    }
    Ok(())
}

/// Checks that the capabilities that a template needs were acknowledged.
pub fn check_capabilities(template: &Template, given: &[String]) -> AwsResult<()> {
    let (needed, _) = template.capabilities();
    let is_given = |name: &str| {
        given.iter().any(|have| {
            have == name || (name == "CAPABILITY_IAM" && have == "CAPABILITY_NAMED_IAM")
        })
    };
    match needed.iter().find(|name| !is_given(name)) {
        None => Ok(()),
        Some(missing) => Err(AwsError::new(
            "InsufficientCapabilitiesException",
            format!("Requires capabilities : [{missing}]"),
        )),
    }
}

/// Refuses a stack that cannot be updated as it stands.
pub fn check_updatable(stack: &Stack, now: Timestamp) -> AwsResult<()> {
    let (status, _) = stack.status_at(now);
    match status {
        StackStatus::CreateComplete
        | StackStatus::UpdateComplete
        | StackStatus::UpdateFailed
        | StackStatus::ImportComplete
        | StackStatus::ImportRollbackComplete
        | StackStatus::UpdateRollbackComplete => Ok(()),
        other => Err(AwsError::validation(format!(
            "Stack:{} is in {other} state and can not be updated.",
            stack.id
        ))),
    }
}

/// Refuses a token that began something else.
pub fn same_kind(past: &PastOperation, kind: OperationKind) -> AwsResult<()> {
    if past.kind == kind && past.change_set.is_none() {
        return Ok(());
    }
    Err(AwsError::new(
        "TokenAlreadyExistsException",
        "A client request token already exists for another operation on this stack.",
    ))
}
