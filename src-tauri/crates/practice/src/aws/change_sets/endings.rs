//! How change sets end: executed or deleted.

use crate::aws::error::{AwsError, AwsResult};
use crate::aws::estate::{Estate, Site};
use crate::aws::model::{
    ChangeSet, ChangeSetStatus, ExecutionStatus, OnFailure, OperationKind, StackStatus,
};
use crate::aws::operations::{Begin, Forced};
use crate::aws::plan::Foresight;
use crate::aws::template::Template;
use jiff::Timestamp;

impl Estate {
    /// Executes a change set and returns the stack's index.
    pub fn execute_change_set(
        &mut self,
        site: &Site,
        name: &str,
        stack: Option<&str>,
        token: Option<String>,
        on_failure: Option<OnFailure>,
        now: Timestamp,
    ) -> AwsResult<usize> {
        let (index, set) = self.find_change_set(site, name, stack)?;
        let stack = &self.stacks[index];
        let change_set = &stack.change_sets[set];
        if let Some(past) = stack.by_token(token.as_deref()) {
            if past.change_set.as_ref() == Some(&change_set.id) {
                return Ok(index);
            }
            return Err(AwsError::new(
                "TokenAlreadyExistsException",
                "A client request token already exists for another operation on this stack.",
            ));
        }
        if let Some(root) = &change_set.root {
            return Err(AwsError::validation(format!(
                "ChangeSet [{}] is nested and can only be executed with its root [{root}]",
                change_set.id
            )));
        }
        let status = change_set.status(now);
        if status != ChangeSetStatus::CreateComplete {
            return Err(AwsError::new(
                "InvalidChangeSetStatus",
                format!(
                    "ChangeSet [{}] cannot be executed in its current status of [{status}]",
                    change_set.id
                ),
            ));
        }
        let execution = change_set.execution(stack, now);
        if execution != ExecutionStatus::Available {
            return Err(AwsError::new(
                "InvalidChangeSetStatus",
                format!(
                    "ChangeSet [{}] cannot be executed in its current execution status of [{execution}]",
                    change_set.id
                ),
            ));
        }
        if stack.operation.is_some() {
            let (status, _) = stack.status_at(now);
            return Err(AwsError::validation(format!(
                "Stack:{} is in {status} state and can not be updated.",
                stack.id
            )));
        }
        let kind = if stack.status == StackStatus::ReviewInProgress {
            OperationKind::Create
        } else {
            OperationKind::Update
        };
        let begin = Begin {
            kind,
            inputs: change_set.inputs.clone(),
            token,
            change_set: Some(change_set.id.clone()),
            on_failure: on_failure
                .or(change_set.on_failure)
                .unwrap_or(OnFailure::Rollback),
        };
        let template = Template::read(&begin.inputs.template)?;
        let reverts = self.stacks[index].change_sets[set].reverts_drift;
        let deployed = reverts.then(|| {
            let found = self.stacks[index].as_found();
            std::mem::replace(&mut self.stacks[index].live, found)
        });
        let plan = self.plan_for(index, &template, &begin.inputs, Foresight::Full);
        if let Some(deployed) = deployed {
            self.stacks[index].live = deployed;
        }
        let plan = plan?;
        self.begin(index, begin, plan, now, &Forced::default());
        let stack = &mut self.stacks[index];
        let operation = stack
            .operation
            .as_ref()
            .map(|operation| operation.id.clone());
        let executed = stack.change_sets.swap_remove(set);
        let root = executed.id.clone();
        // AWS deletes the stack's other change sets: they no longer fit.
        stack.change_sets = vec![ChangeSet {
            executed_by: operation,
            ..executed
        }];
        self.forget_nested_change_sets(&root);
        Ok(index)
    }

    /// Deletes a change set.
    pub fn delete_change_set(
        &mut self,
        site: &Site,
        name: &str,
        stack: Option<&str>,
        now: Timestamp,
    ) -> AwsResult<()> {
        let (index, set) = match self.find_change_set(site, name, stack) {
            Ok(found) => found,
            // Deleting what is gone already is fine when it is named by ARN.
            Err(error) if error.code == "ChangeSetNotFound" => return Ok(()),
            Err(error) => return Err(error),
        };
        let stack = &self.stacks[index];
        let change_set = &stack.change_sets[set];
        if let Some(root) = &change_set.root {
            return Err(AwsError::validation(format!(
                "ChangeSet [{}] is nested and can only be deleted with its root [{root}]",
                change_set.id
            )));
        }
        if change_set.execution(stack, now) == ExecutionStatus::ExecuteInProgress {
            return Err(AwsError::new(
                "InvalidChangeSetStatus",
                format!(
                    "ChangeSet [{}] cannot be deleted in its current execution status of [EXECUTE_IN_PROGRESS]",
                    change_set.id
                ),
            ));
        }
        let removed = self.stacks[index].change_sets.remove(set);
        self.forget_nested_change_sets(&removed.id);
        Ok(())
    }
}
