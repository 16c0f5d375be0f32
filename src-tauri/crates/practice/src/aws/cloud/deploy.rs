//! What pipelines do: deploy a stack, or make, follow and execute a change set.

use super::{ChangeSetProgress, Cloud, CloudError, Deploy, NewChangeSet, OperationToken};
use crate::aws::change_sets::{ChangeSetRequest, NO_CHANGES};
use crate::aws::estate::Site;
use crate::aws::model::{ChangeSet, ChangeSetStatus, ExecutionStatus, Stack, StackStatus};
use crate::aws::operations::{Forced, Request};
use crate::aws::template::parameters::Supplied;
use jiff::Timestamp;

/// Returns parameter values as a request gives them.
pub(super) fn supplied(parameters: &[(String, String)]) -> Vec<Supplied> {
    parameters
        .iter()
        .map(|(key, value)| Supplied {
            key: key.clone(),
            value: Some(value.clone()),
            use_previous: false,
        })
        .collect()
}

impl Cloud {
    /// Creates or updates a stack.
    pub fn deploy(&self, deploy: Deploy) -> Result<OperationToken, CloudError> {
        let site = Site::new(&deploy.account, &deploy.region);
        self.change(|estate, now| {
            tracing::debug!(stack = deploy.stack, actor = deploy.actor_arn, "deploy");
            let existing = estate.find(&site, &deploy.stack);
            let repeated =
                existing.and_then(|index| estate.stacks[index].by_token(deploy.token.as_deref()));
            if let Some(past) = repeated {
                return Ok(OperationToken(past.id.clone()));
            }
            let request = request_of(&deploy, existing.map(|index| &estate.stacks[index]));
            let forced = Forced::default();
            let index = match existing {
                Some(_) => estate.update_stack(&site, &request, now, &forced)?,
                None => estate.create_stack(&site, &request, now, &forced)?,
            };
            Ok(token_of(&estate.stacks[index], deploy.token.as_deref()))
        })
    }

    /// Creates a change set and returns its ARN; for a stack that does not exist, one that creates it.
    pub fn create_change_set(&self, set: NewChangeSet) -> Result<String, CloudError> {
        let site = Site::new(&set.deploy.account, &set.deploy.region);
        self.change(|estate, now| {
            tracing::debug!(
                stack = set.deploy.stack,
                actor = set.deploy.actor_arn,
                "change set"
            );
            let existing = estate
                .find(&site, &set.deploy.stack)
                .map(|index| &estate.stacks[index]);
            let creates =
                existing.is_none_or(|stack| stack.status == StackStatus::ReviewInProgress);
            let wanted = ChangeSetRequest {
                request: request_of(&set.deploy, existing),
                name: set.name.clone(),
                creates,
                description: set.description.clone(),
                include_nested: false,
                reverts_drift: false,
                adoptions: None,
            };
            let (index, number) = estate.create_change_set(&site, &wanted, now)?;
            Ok(estate.stacks[index].change_sets[number].id.clone())
        })
    }

    /// Returns how far a change set is; none when it does not exist.
    pub fn change_set(
        &self,
        account: &str,
        region: &str,
        change_set_arn: &str,
    ) -> Option<ChangeSetProgress> {
        let site = Site::new(account, region);
        self.look(|estate, now| {
            let (index, number) = estate.find_change_set(&site, change_set_arn, None).ok()?;
            let stack = &estate.stacks[index];
            Some(progress(stack, &stack.change_sets[number], now))
        })
    }

    /// Executes a change set.
    pub fn execute_change_set(
        &self,
        account: &str,
        region: &str,
        change_set_arn: &str,
        token: Option<String>,
        actor_arn: &str,
    ) -> Result<OperationToken, CloudError> {
        let site = Site::new(account, region);
        self.change(|estate, now| {
            tracing::debug!(change_set_arn, actor_arn, "execute");
            let key = token.clone();
            let index = estate.execute_change_set(&site, change_set_arn, None, token, None, now)?;
            Ok(token_of(&estate.stacks[index], key.as_deref()))
        })
    }
}

fn request_of(deploy: &Deploy, existing: Option<&Stack>) -> Request {
    let mut parameters = supplied(&deploy.parameters);
    let kept = existing
        .into_iter()
        .flat_map(|stack| &stack.live.inputs.parameters);
    let declared = crate::aws::template::Template::read(&deploy.template);
    for one in kept {
        let is_declared = declared
            .as_ref()
            .is_ok_and(|template| template.parameters().contains_key(&one.key));
        if is_declared && !parameters.iter().any(|given| given.key == one.key) {
            parameters.push(Supplied {
                key: one.key.clone(),
                value: None,
                use_previous: true,
            });
        }
    }
    Request {
        stack: deploy.stack.clone(),
        template: Some(deploy.template.clone()),
        parameters,
        tags: Some(deploy.tags.clone()).filter(|tags| !tags.is_empty()),
        capabilities: deploy.capabilities.clone(),
        token: deploy.token.clone(),
        ..Request::default()
    }
}

/// Returns the operation that a token began, or the last one.
fn token_of(stack: &Stack, token: Option<&str>) -> OperationToken {
    let past = stack.by_token(token).or(stack.history.last());
    OperationToken(past.map(|past| past.id.clone()).unwrap_or_default())
}

fn progress(stack: &Stack, set: &ChangeSet, now: Timestamp) -> ChangeSetProgress {
    match (set.status(now), set.execution(stack, now)) {
        (ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress, _) => {
            ChangeSetProgress::Pending
        }
        (ChangeSetStatus::Failed, _) => {
            let reason = set.failure.clone().unwrap_or_default();
            if reason == NO_CHANGES {
                ChangeSetProgress::NoChanges(reason)
            } else {
                ChangeSetProgress::Failed(reason)
            }
        }
        (ChangeSetStatus::CreateComplete, ExecutionStatus::Obsolete) => ChangeSetProgress::Obsolete,
        (
            ChangeSetStatus::CreateComplete,
            ExecutionStatus::Available | ExecutionStatus::Unavailable,
        ) => ChangeSetProgress::Ready(
            set.changes
                .iter()
                .filter(|change| change.is_told(true))
                .map(|change| {
                    let replacement = match change.replacement(true) {
                        Some("True") => ", replaced",
                        Some("Conditional") => ", may be replaced",
                        _ => "",
                    };
                    format!(
                        "{} {} ({}{replacement})",
                        change.action.as_str(),
                        change.logical_id,
                        change.resource_type
                    )
                })
                .collect(),
        ),
        (
            ChangeSetStatus::CreateComplete,
            ExecutionStatus::ExecuteInProgress
            | ExecutionStatus::ExecuteComplete
            | ExecutionStatus::ExecuteFailed,
        ) => ChangeSetProgress::Executed,
    }
}
