//! Change sets of the small cloud: made, read, executed with what is asked to go wrong.

use super::{Cloud, Fault, SetState, error};
use async_trait::async_trait;
use interlock_app::ports::{Answer, StackChanger, TemplateStage};
use interlock_domain::{
    FaultKind, Scope,
    change_set::{
        ChangeSet, ChangeSetOrder, ChangeSetProblem, ChangeSetState, ParameterOrder, ResourceChange,
    },
    stack::StackParameter,
};

#[async_trait]
impl StackChanger for Cloud {
    async fn create_change_set(&self, scope: &Scope, order: &ChangeSetOrder) -> Answer<String> {
        let id = format!(
            "arn:aws:cloudformation:us-east-1:{}:changeSet/{}/1",
            scope.account, order.name
        );
        let set = ChangeSet {
            id: id.clone(),
            name: order.name.clone(),
            stack_id: "s".into(),
            stack: order.stack.to_string(),
            state: ChangeSetState::Available,
            status: "CREATE_COMPLETE".into(),
            execution_status: "AVAILABLE".into(),
            reason: None,
            parameters: order
                .parameters
                .iter()
                .filter_map(|p| match p {
                    ParameterOrder::Value { key, value } => Some(StackParameter {
                        key: key.clone(),
                        value: value.clone(),
                        resolved: None,
                    }),
                    ParameterOrder::Previous { .. } => None,
                })
                .collect(),
            capabilities: vec![],
            tags: order.tags.clone(),
            changes: vec![ResourceChange {
                action: "Modify".into(),
                logical_id: "Topic".into(),
                physical_id: None,
                resource_type: "AWS::SNS::Topic".into(),
                replacement: Some("False".into()),
                policy_action: None,
                scope: vec!["Properties".into()],
                ..ResourceChange::default()
            }],
            folded: vec![],
            drift_status: None,
            deployment_mode: None,
        };
        let state = SetState {
            set: self.twisted(set),
            order: order.clone(),
        };
        self.sets.lock().unwrap().insert(id.clone(), state);
        Ok(id)
    }
    async fn change_set_problems(
        &self,
        _: &Scope,
        _: &str,
        _: &str,
    ) -> Answer<Vec<ChangeSetProblem>> {
        Ok(vec![])
    }
    async fn change_set(&self, _: &Scope, _: &str, id: &str) -> Answer<ChangeSet> {
        self.sets
            .lock()
            .unwrap()
            .get(id)
            .map(|s| s.set.clone())
            .ok_or_else(|| error(FaultKind::NotFound, "no change set"))
    }
    async fn change_set_template(
        &self,
        _: &Scope,
        _: &str,
        id: &str,
        stage: TemplateStage,
    ) -> Answer<String> {
        let sets = self.sets.lock().unwrap();
        sets.get(id)
            .map(|s| Self::worked_on(&s.order.template, stage) + &self.twist_of(stage))
            .ok_or_else(|| error(FaultKind::NotFound, "no change set"))
    }
    async fn execute_change_set(
        &self,
        scope: &Scope,
        stack: &str,
        id: &str,
        token: &str,
    ) -> Answer<()> {
        self.note_token(token);
        if *self.fault.lock().unwrap() == Fault::Overtaken {
            self.touch_prod();
        }
        let state = self.sets.lock().unwrap().get(id).map(|s| s.set.state);
        if state != Some(ChangeSetState::Available) {
            return Err(error(
                FaultKind::Conflict,
                "the change set cannot be executed",
            ));
        }
        let fault = std::mem::replace(&mut *self.fault.lock().unwrap(), Fault::None);
        match fault {
            Fault::None | Fault::Overtaken => self.apply(scope, stack, id, token, true),
            Fault::RollBack => self.apply(scope, stack, id, token, false),
            Fault::Hold => self.begin_and_hold(scope, stack, id, token),
            Fault::RollBackBadly => {
                self.apply(scope, stack, id, token, false);
                self.end_badly(stack);
            }
            Fault::LoggedOut(times) => {
                if times > 1 {
                    *self.fault.lock().unwrap() = Fault::LoggedOut(times - 1);
                }
                return Err(error(FaultKind::Expired, "the login has run out"));
            }
            Fault::LoseReply => {
                self.apply(scope, stack, id, token, true);
                return Err(error(FaultKind::OutcomeUnknown, "the reply was lost"));
            }
            Fault::LoseRequest => {
                return Err(error(FaultKind::OutcomeUnknown, "the reply was lost"));
            }
            Fault::Throttle(times) => {
                if times > 1 {
                    *self.fault.lock().unwrap() = Fault::Throttle(times - 1);
                }
                return Err(error(FaultKind::Throttled, "slow down"));
            }
        }
        Ok(())
    }
    async fn delete_change_set(&self, _: &Scope, _: &str, id: &str) -> Answer<()> {
        self.sets.lock().unwrap().remove(id);
        Ok(())
    }
    async fn cancel_update(&self, _: &Scope, _: &str) -> Answer<()> {
        Ok(())
    }
}
