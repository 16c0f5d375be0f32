//! CreateStack, UpdateStack, DeleteStack, CancelUpdateStack, RollbackStack, ContinueUpdateRollback and
//! UpdateTerminationProtection.

use super::super::error::{AwsError, AwsResult};
use super::super::estate::Estate;
use super::super::model::{OnFailure, OperationKind, Stack};
use super::super::operations::{Forced, Request};
use super::super::template::parameters::Supplied;
use super::super::xml::Xml;
use super::Ask;
use super::policies::policy;
use super::templates::body;

/// Reads what all requests that give a stack something have in common.
pub fn request(ask: &Ask<'_>, estate: &Estate, token_field: &str) -> AwsResult<Request> {
    let fields = &ask.fields;
    let stack = fields.require("StackName")?.to_owned();
    let template = body(ask, estate)?;
    let keeps = fields.flag("UsePreviousTemplate").unwrap_or(false);
    if template.is_some() == keeps {
        return Err(AwsError::validation(if keeps {
            "You cannot specify both usePreviousTemplate and Template Body/Template URL."
        } else {
            "Either Template URL or Template Body must be specified."
        }));
    }
    let parameters = fields
        .structures("Parameters")
        .unwrap_or_default()
        .into_iter()
        .map(|one| Supplied {
            key: one
                .get("ParameterKey")
                .copied()
                .unwrap_or_default()
                .to_owned(),
            value: one.get("ParameterValue").map(|text| (*text).to_owned()),
            use_previous: one.get("UsePreviousValue") == Some(&"true"),
        })
        .collect();
    let token = fields.get(token_field).map(str::to_owned);
    Ok(Request {
        stack,
        template,
        parameters,
        tags: tags(ask)?,
        capabilities: fields.texts("Capabilities").unwrap_or_default(),
        role_arn: fields.get("RoleARN").map(str::to_owned),
        notification_arns: fields.texts("NotificationARNs"),
        token,
        on_failure: on_failure(ask)?,
        termination_protection: fields.flag("EnableTerminationProtection").unwrap_or(false),
        timeout_minutes: fields
            .get("TimeoutInMinutes")
            .and_then(|text| text.parse().ok()),
        policy: policy(ask, "StackPolicy")?,
        policy_during_update: policy(ask, "StackPolicyDuringUpdate")?,
    })
}

fn tags(ask: &Ask<'_>) -> AwsResult<Option<Vec<(String, String)>>> {
    let Some(given) = ask.fields.structures("Tags") else {
        return Ok(None);
    };
    let mut tags = Vec::with_capacity(given.len());
    for tag in given {
        let name = tag.get("Key").copied().unwrap_or_default();
        let value = tag.get("Value").copied().unwrap_or_default();
        if name.is_empty() || name.starts_with("aws:") {
            return Err(AwsError::validation(format!(
                "Invalid tag key '{name}': aws: prefixed tag key names are not allowed for external use."
            )));
        }
        tags.push((name.to_owned(), value.to_owned()));
    }
    Ok(Some(tags))
}

fn on_failure(ask: &Ask<'_>) -> AwsResult<Option<OnFailure>> {
    let given = ask
        .fields
        .get("OnFailure")
        .or_else(|| ask.fields.get("OnStackFailure"));
    match (ask.fields.flag("DisableRollback"), given) {
        (Some(_), Some(_)) => Err(AwsError::validation(
            "You can specify either DisableRollback or OnFailure, but not both.",
        )),
        (Some(true), None) => Ok(Some(OnFailure::DoNothing)),
        (_, Some(word)) => Ok(OnFailure::parse(word)),
        (_, None) => Ok(None),
    }
}

fn answer(stack: &Stack, xml: &mut Xml) {
    xml.text("StackId", &stack.id)
        .maybe("OperationId", stack.history.last().map(|past| &past.id));
}

/// Creates a stack.
pub fn create(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let request = request(ask, estate, "ClientRequestToken")?;
    let index = estate.create_stack(&ask.site, &request, ask.now, &Forced::default())?;
    answer(&estate.stacks[index], xml);
    Ok(())
}

/// Updates a stack.
pub fn update(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let request = request(ask, estate, "ClientRequestToken")?;
    let index = estate.update_stack(&ask.site, &request, ask.now, &Forced::default())?;
    answer(&estate.stacks[index], xml);
    Ok(())
}

/// Deletes a stack.
pub fn delete(ask: &Ask<'_>, estate: &mut Estate, _: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    let token = ask.fields.get("ClientRequestToken");
    let retained = ask
        .fields
        .texts("RetainResources")
        .unwrap_or_default()
        .into_iter()
        .collect();
    estate.delete_stack(&ask.site, name, token, &retained, ask.now)
}

/// Cancels an update.
pub fn cancel_update(ask: &Ask<'_>, estate: &mut Estate, _: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    estate.cancel_update(&ask.site, name, ask.now)
}

/// Rolls back a creation or update whose failure was left as it was.
pub fn roll_back(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    let token = ask.fields.get("ClientRequestToken");
    let kind = OperationKind::Rollback;
    let index = estate.roll_back(&ask.site, name, token, kind, ask.now)?;
    answer(&estate.stacks[index], xml);
    Ok(())
}

/// Goes on with a rollback that failed.
pub fn continue_rollback(ask: &Ask<'_>, estate: &mut Estate, _: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    let token = ask.fields.get("ClientRequestToken");
    let kind = OperationKind::ContinueRollback;
    estate
        .roll_back(&ask.site, name, token, kind, ask.now)
        .map(|_| ())
}

/// Switches termination protection.
pub fn protect(ask: &Ask<'_>, estate: &mut Estate, xml: &mut Xml) -> AwsResult<()> {
    let name = ask.fields.require("StackName")?;
    let wanted = ask.fields.require("EnableTerminationProtection")? == "true";
    let index = estate.require_to_change(&ask.site, name)?;
    estate.stacks[index].termination_protection = wanted;
    xml.text("StackId", &estate.stacks[index].id);
    Ok(())
}
