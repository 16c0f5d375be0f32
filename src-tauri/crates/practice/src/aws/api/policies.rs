//! GetStackPolicy and SetStackPolicy.

use super::super::error::{AwsError, AwsResult};
use super::super::estate::Estate;
use super::super::stack_policy;
use super::super::xml::Xml;
use super::Ask;

/// Returns the policy in a request: `StackPolicyBody` for the name `StackPolicy`.
pub fn policy(ask: &Ask<'_>, name: &str) -> AwsResult<Option<String>> {
    if ask.fields.get(&format!("{name}URL")).is_some() {
        return Err(AwsError::validation("S3 error: Access Denied"));
    }
    let Some(text) = ask.fields.get(&format!("{name}Body")) else {
        return Ok(None);
    };
    stack_policy::check(text)?;
    Ok(Some(text.to_owned()))
}

/// Gets a stack's policy, when it has one.
pub fn get(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    let index = estate.require_to_change(&ask.site, name)?;
    xml.maybe("StackPolicyBody", estate.stacks[index].policy.as_ref());
    Ok(())
}

/// Sets a stack's policy.
pub fn set(ask: &Ask<'_>, estate: &mut Estate, _: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    let index = estate.require_to_change(&ask.site, name)?;
    let given = policy(ask, "StackPolicy")?.ok_or_else(|| {
        AwsError::validation("Either Stack Policy URL or Stack Policy Body must be specified.")
    })?;
    estate.stacks[index].policy = Some(given);
    Ok(())
}
