//! Going back on request: RollbackStack and ContinueUpdateRollback.

use super::{Begin, operation_id, same_kind};
use crate::aws::error::{AwsError, AwsResult};
use crate::aws::estate::{Estate, Site};
use crate::aws::model::{OnFailure, OperationKind, StackStatus};
use crate::aws::timeline::{self, Setting};
use jiff::Timestamp;
use std::collections::BTreeMap;

impl Estate {
    /// Brings a stack whose failure was left as it was back to what held last, and returns its index.
    pub fn roll_back(
        &mut self,
        site: &Site,
        name: &str,
        token: Option<&str>,
        kind: OperationKind,
        now: Timestamp,
    ) -> AwsResult<usize> {
        let index = self.require_to_change(site, name)?;
        let stack = &self.stacks[index];
        if let Some(past) = stack.by_token(token) {
            return same_kind(past, kind).map(|()| index);
        }
        let (status, _) = stack.status_at(now);
        let is_right = match kind {
            OperationKind::ContinueRollback => status == StackStatus::UpdateRollbackFailed,
            _ => matches!(
                status,
                StackStatus::CreateFailed | StackStatus::UpdateFailed
            ),
        };
        if !is_right {
            let operation = match kind {
                OperationKind::ContinueRollback => "ContinueUpdateRollback",
                _ => "RollbackStack",
            };
            return Err(AwsError::validation(format!(
                "{operation} cannot be called from current stack status"
            )));
        }
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
        let timeline = if status == StackStatus::CreateFailed {
            timeline::rollback::of_creation(&setting, &stack.live)
        } else {
            let stable = stack.stable.as_deref().unwrap_or(&stack.live);
            timeline::rollback::of_update(&setting, &stack.live, stable)
        };
        let id = setting.operation.to_owned();
        let begin = Begin {
            kind,
            inputs: timeline.after.inputs.clone(),
            token: token.map(str::to_owned),
            change_set: None,
            on_failure: OnFailure::Rollback,
        };
        self.enter(index, id, begin, timeline, None, now);
        Ok(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::operations::{Forced, Request};
    use jiff::SignedDuration;

    fn request(size: &str) -> Request {
        Request {
            stack: "app".to_owned(),
            template: Some(format!(
                "Resources: {{A: {{Type: 'AWS::SQS::Queue', Properties: {{DelaySeconds: '1{size}'}}}}, B: {{Type: 'AWS::SNS::Topic', DependsOn: A, Properties: {{DisplayName: '{size}'}}}}}}"
            )),
            on_failure: Some(OnFailure::DoNothing),
            ..Request::default()
        }
    }

    fn later(now: Timestamp, estate: &mut Estate) -> Timestamp {
        let now = now + SignedDuration::from_hours(1);
        estate.settle(now);
        now
    }

    #[test]
    fn an_update_goes_back_to_what_held_before_the_first_failure() {
        let site = Site::new("111111111111", "us-east-1");
        let mut estate = Estate {
            pace: 1.0,
            ..Estate::default()
        };
        let forced = Forced::default();
        let now = Timestamp::UNIX_EPOCH;
        let index = estate
            .create_stack(&site, &request("1"), now, &forced)
            .unwrap();
        let now = later(now, &mut estate);
        let held = estate.stacks[index].live.clone();
        let mut now = now;
        for size in ["practice:fail once", "practice:fail twice"] {
            estate
                .update_stack(&site, &request(size), now, &forced)
                .unwrap();
            now = later(now, &mut estate);
            assert_eq!(estate.stacks[index].status, StackStatus::UpdateFailed);
        }
        let back = OperationKind::Rollback;
        estate.roll_back(&site, "app", None, back, now).unwrap();
        now = later(now, &mut estate);
        let stack = &estate.stacks[index];
        assert_eq!(stack.status, StackStatus::UpdateRollbackComplete);
        assert_eq!(stack.live.inputs, held.inputs);
        let properties = |resources: &[crate::aws::model::Resource]| {
            resources
                .iter()
                .map(|one| one.properties.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            properties(&stack.live.resources),
            properties(&held.resources)
        );
        assert_eq!(stack.stable, None);
        assert!(estate.roll_back(&site, "app", None, back, now).is_err());
    }
}
