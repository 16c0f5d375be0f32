//! Deleting and cancelling.

use super::{Begin, operation_id, same_kind};
use crate::aws::error::{AwsError, AwsResult};
use crate::aws::estate::{Estate, Site};
use crate::aws::model::{OnFailure, OperationKind, StackStatus};
use crate::aws::timeline::{self, Setting};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

impl Estate {
    /// Deletes a stack; one that does not exist is no error.
    pub fn delete_stack(
        &mut self,
        site: &Site,
        name: &str,
        token: Option<&str>,
        retained: &BTreeSet<String>,
        now: Timestamp,
    ) -> AwsResult<()> {
        let Some(index) = self.find(site, name) else {
            return Ok(());
        };
        let stack = &self.stacks[index];
        let (status, _) = stack.status_at(now);
        if let Some(past) = stack.by_token(token) {
            return same_kind(past, OperationKind::Delete);
        }
        match status {
            StackStatus::DeleteComplete | StackStatus::DeleteInProgress => return Ok(()),
            _ if stack.termination_protection => {
                return Err(AwsError::validation(format!(
                    "Stack [{}] cannot be deleted while TerminationProtection is enabled",
                    stack.name
                )));
            }
            StackStatus::CreateInProgress => {}
            _ if status.is_in_progress() => {
                return Err(AwsError::validation(format!(
                    "Stack [{}] cannot be deleted while in status {status}",
                    stack.id
                )));
            }
            _ => {}
        }
        if !retained.is_empty() && status != StackStatus::DeleteFailed {
            return Err(AwsError::validation(
                "RetainResources can only be specified when the stack is in the DELETE_FAILED state",
            ));
        }
        for output in &stack.live.outputs {
            let Some(export) = &output.export else {
                continue;
            };
            let users: Vec<_> = self
                .importers(site, export)
                .into_iter()
                .filter(|user| *user != stack.name)
                .collect();
            if !users.is_empty() {
                return Err(AwsError::validation(format!(
                    "Export {export} cannot be deleted as it is in use by {}",
                    users.join(", ")
                )));
            }
        }
        self.begin_deletion(index, token, retained, now);
        Ok(())
    }

    /// Begins the deletion of a stack.
    pub fn begin_deletion(
        &mut self,
        index: usize,
        token: Option<&str>,
        retained: &BTreeSet<String>,
        now: Timestamp,
    ) {
        let stack = &mut self.stacks[index];
        if stack.operation.is_some() {
            // A creation under way is given up where it stands.
            let resources = stack.resources_at(now);
            stack.events.retain(|event| event.at <= now);
            if let Some(operation) = stack.operation.take() {
                stack.live.inputs = operation.inputs;
            }
            stack.live.resources = resources;
        }
        let stack = &self.stacks[index];
        let setting = Setting {
            stack_id: &stack.id,
            stack_name: &stack.name,
            operation: &operation_id(stack, now),
            token,
            started_at: now,
            pace: self.pace,
            on_failure: OnFailure::Rollback,
            failures: BTreeMap::new(),
            refusal: None,
            cancelled_at: None,
        };
        let timeline = timeline::delete(&setting, &stack.live, retained);
        let id = setting.operation.to_owned();
        let begin = Begin {
            kind: OperationKind::Delete,
            inputs: stack.live.inputs.clone(),
            token: token.map(str::to_owned),
            change_set: None,
            on_failure: OnFailure::Rollback,
        };
        self.enter(index, id, begin, timeline, None, now);
    }

    /// Cancels an update: what has begun is rolled back.
    pub fn cancel_update(&mut self, site: &Site, name: &str, now: Timestamp) -> AwsResult<()> {
        let index = self.require_to_change(site, name)?;
        let pace = self.pace;
        let stack = &mut self.stacks[index];
        let (status, _) = stack.status_at(now);
        let plan = stack
            .operation
            .as_ref()
            .and_then(|operation| operation.plan.clone());
        let (Some(mut operation), Some(plan), StackStatus::UpdateInProgress) =
            (stack.operation.clone(), plan, status)
        else {
            return Err(AwsError::validation(
                "CancelUpdateStack cannot be called from current stack status",
            ));
        };
        let setting = Setting {
            stack_id: &stack.id,
            stack_name: &stack.name,
            operation: &operation.id,
            token: operation.token.as_deref(),
            started_at: operation.started_at,
            pace,
            on_failure: operation.on_failure,
            failures: BTreeMap::new(),
            refusal: None,
            cancelled_at: Some(now),
        };
        let timeline = timeline::deploy(
            &setting,
            operation.kind,
            &plan,
            &stack.live,
            &operation.inputs,
        );
        stack.events.retain(|event| event.operation != operation.id);
        stack.events.extend(timeline.events);
        operation.statuses = timeline.statuses;
        operation.rollback_at = timeline.rollback_at;
        operation.ended_at = timeline.ended_at;
        operation.after = timeline.after;
        operation.outcome = timeline.outcome;
        stack.operation = Some(operation);
        Ok(())
    }
}
