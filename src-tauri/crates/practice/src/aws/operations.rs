//! Creating, updating, deleting and cancelling: what AWS checks, and the timeline that begins.

mod checks;
mod endings;
mod failures;
mod request;
mod rollbacks;

pub use checks::{
    check_body, check_capabilities, check_name, check_size, check_updatable, same_kind,
};
pub use request::{Forced, Request, any_capability};

use super::changes::Side;
use super::error::{AwsError, AwsResult};
use super::estate::{Estate, Site};
use super::model::{
    Deployment, Inputs, OnFailure, Operation, OperationKind, PastOperation, Stack, StackStatus,
};
use super::nested::SiteChildren;
use super::plan::{Foresight, Plan, Subject, plan};
use super::resource_types::uuid_of;
use super::template::Template;
use super::template::parameters::settle;
use super::timeline::{self, Setting, Timeline};
use jiff::Timestamp;
use std::collections::BTreeMap;

impl Estate {
    /// Reads a request against what a stack has: template, and inputs with every parameter's value.
    pub fn inputs(
        &self,
        site: &Site,
        request: &Request,
        previous: &Inputs,
    ) -> AwsResult<(Template, Inputs)> {
        let body = match &request.template {
            Some(body) => {
                check_size(body)?;
                body.clone()
            }
            None => previous.template.clone(),
        };
        let template = Template::read(&body)?;
        let store = |name: &str| self.parameter(site, name);
        let parameters = settle(&template, &request.parameters, &previous.parameters, &store)?;
        check_capabilities(&template, &request.capabilities)?;
        let inputs = Inputs {
            template: body,
            description: template.description().map(str::to_owned),
            parameters,
            tags: request
                .tags
                .clone()
                .unwrap_or_else(|| previous.tags.clone()),
            capabilities: request.capabilities.clone(),
            role_arn: request
                .role_arn
                .clone()
                .or_else(|| previous.role_arn.clone()),
            notification_arns: request
                .notification_arns
                .clone()
                .unwrap_or_else(|| previous.notification_arns.clone()),
            adopted: BTreeMap::new(),
        };
        Ok((template, inputs))
    }

    /// Works out what inputs would do to a stack.
    pub fn plan_for(
        &self,
        index: usize,
        template: &Template,
        inputs: &Inputs,
        foresight: Foresight,
    ) -> AwsResult<Plan> {
        let stack = &self.stacks[index];
        let site = Site::new(&stack.account, &stack.region);
        let exports = self.export_values(&site);
        let children = SiteChildren {
            estate: self,
            site: &site,
            depth: 0,
        };
        let subject = Subject {
            account: &stack.account,
            region: &stack.region,
            name: &stack.name,
            id: &stack.id,
            generation: stack.revision,
            before: &stack.live.resources,
            tags_before: &stack.live.inputs.tags,
            exports: &exports,
            children: &children,
            adopted: &inputs.adopted,
        };
        plan(subject, template, inputs, foresight)
    }

    /// Adds a stack that has nothing yet.
    pub fn add_stack(
        &mut self,
        site: &Site,
        name: &str,
        status: StackStatus,
        now: Timestamp,
    ) -> usize {
        let number = self.stacks.len();
        let seed = format!(
            "{}/{}/{name}/{}/{number}",
            site.account,
            site.region,
            now.as_millisecond()
        );
        self.stacks.push(Stack {
            id: format!(
                "arn:aws:cloudformation:{}:{}:stack/{name}/{}",
                site.region,
                site.account,
                uuid_of(&seed)
            ),
            name: name.to_owned(),
            account: site.account.clone(),
            region: site.region.clone(),
            created_at: now,
            updated_at: None,
            deleted_at: None,
            status,
            status_reason: None,
            live: Deployment::default(),
            operation: None,
            history: Vec::new(),
            events: Vec::new(),
            change_sets: Vec::new(),
            revision: 0,
            termination_protection: false,
            disable_rollback: false,
            timeout_minutes: None,
            drift: Vec::new(),
            detection: None,
            stable: None,
            policy: None,
            parent: None,
        });
        number
    }

    /// Creates a stack and returns its index.
    pub fn create_stack(
        &mut self,
        site: &Site,
        request: &Request,
        now: Timestamp,
        forced: &Forced,
    ) -> AwsResult<usize> {
        check_name(&request.stack, "stackName")?;
        if let Some(index) = self.find(site, &request.stack) {
            let stack = &self.stacks[index];
            let is_repeated = stack
                .by_token(request.token.as_deref())
                .is_some_and(|past| past.kind == OperationKind::Create);
            if is_repeated {
                return Ok(index);
            }
            return Err(AwsError::new(
                "AlreadyExistsException",
                format!("Stack [{}] already exists", request.stack),
            ));
        }
        let (template, inputs) = self.inputs(site, request, &Inputs::default())?;
        let index = self.add_stack(site, &request.stack, StackStatus::CreateInProgress, now);
        let stack = &mut self.stacks[index];
        stack.termination_protection = request.termination_protection;
        stack.timeout_minutes = request.timeout_minutes;
        stack.policy.clone_from(&request.policy);
        stack.disable_rollback = request.on_failure == Some(OnFailure::DoNothing);
        let begin = Begin {
            kind: OperationKind::Create,
            inputs,
            token: request.token.clone(),
            change_set: None,
            on_failure: request.on_failure.unwrap_or(OnFailure::Rollback),
        };
        match self.plan_for(index, &template, &begin.inputs, Foresight::Full) {
            Ok(plan) => self.begin(index, begin, plan, now, forced),
            Err(error) if error.message.starts_with("No export named") => {
                self.begin_refused(index, begin, &error.message, now);
            }
            Err(error) => {
                self.stacks.pop();
                return Err(error);
            }
        }
        Ok(index)
    }

    /// Updates a stack and returns its index.
    pub fn update_stack(
        &mut self,
        site: &Site,
        request: &Request,
        now: Timestamp,
        forced: &Forced,
    ) -> AwsResult<usize> {
        let index = self.require_to_change(site, &request.stack)?;
        let stack = &self.stacks[index];
        if let Some(past) = stack.by_token(request.token.as_deref()) {
            return same_kind(past, OperationKind::Update).map(|()| index);
        }
        check_updatable(stack, now)?;
        let previous = stack.live.inputs.clone();
        let (template, inputs) = self.inputs(site, request, &previous)?;
        let plan = self.plan_for(index, &template, &inputs, Foresight::Full)?;
        let live = &self.stacks[index].live;
        if plan.changes_nothing()
            && plan.outputs == live.outputs
            && inputs.tags == live.inputs.tags
            && !forced.is_seed
        {
            return Err(AwsError::validation("No updates are to be performed."));
        }
        let begin = Begin {
            kind: OperationKind::Update,
            inputs,
            token: request.token.clone(),
            change_set: None,
            on_failure: request.on_failure.unwrap_or(OnFailure::Rollback),
        };
        let held = self.stacks[index].policy.clone();
        if let Some(during) = &request.policy_during_update {
            self.stacks[index].policy = Some(during.clone());
        }
        self.begin(index, begin, plan, now, forced);
        self.stacks[index].policy = request.policy.clone().or(held);
        Ok(index)
    }

    /// Begins an operation whose plan is known.
    pub fn begin(
        &mut self,
        index: usize,
        begin: Begin,
        plan: Plan,
        now: Timestamp,
        forced: &Forced,
    ) {
        let adopts = !begin.inputs.adopted.is_empty();
        let (failures, refusal) = if forced.is_seed {
            (forced.failure.clone().into_iter().collect(), None)
        } else if adopts {
            (self.import_failures(index, &plan), None)
        } else {
            (
                self.failures_of(index, &plan),
                self.refusal_of(index, &plan),
            )
        };
        let stack = &self.stacks[index];
        let setting = Setting {
            stack_id: &stack.id,
            stack_name: &stack.name,
            operation: &operation_id(stack, now),
            token: begin.token.as_deref(),
            started_at: now,
            pace: self.pace,
            on_failure: begin.on_failure,
            failures,
            refusal,
            cancelled_at: None,
        };
        let timeline = if adopts {
            timeline::adoption::take_over(&setting, &plan, &stack.live, &begin.inputs)
        } else {
            timeline::deploy(&setting, begin.kind, &plan, &stack.live, &begin.inputs)
        };
        let id = setting.operation.to_owned();
        self.enter(index, id, begin, timeline, Some(plan), now);
    }

    fn begin_refused(&mut self, index: usize, begin: Begin, reason: &str, now: Timestamp) {
        let stack = &self.stacks[index];
        let setting = Setting {
            stack_id: &stack.id,
            stack_name: &stack.name,
            operation: &operation_id(stack, now),
            token: begin.token.as_deref(),
            started_at: now,
            pace: self.pace,
            on_failure: begin.on_failure,
            failures: BTreeMap::new(),
            refusal: None,
            cancelled_at: None,
        };
        let timeline = timeline::refused_creation(&setting, &begin.inputs, reason);
        let id = setting.operation.to_owned();
        self.enter(index, id, begin, timeline, None, now);
    }

    fn enter(
        &mut self,
        index: usize,
        id: String,
        begin: Begin,
        timeline: Timeline,
        plan: Option<Plan>,
        now: Timestamp,
    ) {
        let stack = &mut self.stacks[index];
        match begin.kind {
            OperationKind::Create | OperationKind::Rollback | OperationKind::ContinueRollback => {}
            OperationKind::Update => stack.updated_at = Some(now),
            OperationKind::Delete => stack.deleted_at = Some(now),
        }
        stack.revision += 1;
        stack.history.push(PastOperation {
            id: id.clone(),
            kind: begin.kind,
            token: begin.token.clone(),
            change_set: begin.change_set.clone(),
            outcome: None,
        });
        stack.events.extend(timeline.events);
        stack.operation = Some(Operation {
            id,
            kind: begin.kind,
            token: begin.token,
            change_set: begin.change_set,
            started_at: now,
            rollback_at: timeline.rollback_at,
            ended_at: timeline.ended_at,
            statuses: timeline.statuses,
            inputs: begin.inputs,
            after: timeline.after,
            outcome: timeline.outcome,
            plan: plan.map(Box::new),
            on_failure: begin.on_failure,
        });
    }
}

/// The beginning of an operation.
#[derive(Debug, Clone)]
pub struct Begin {
    /// What it does.
    pub kind: OperationKind,
    /// What the stack is to get.
    pub inputs: Inputs,
    /// Idempotency token.
    pub token: Option<String>,
    /// Change set that it executes.
    pub change_set: Option<String>,
    /// What a failure leads to.
    pub on_failure: OnFailure,
}

fn operation_id(stack: &Stack, now: Timestamp) -> String {
    uuid_of(&format!(
        "{}/{}/{}",
        stack.id,
        stack.revision,
        now.as_millisecond()
    ))
}

/// Returns the sides of a comparison of a stack with what it would get.
pub fn sides<'a>(
    before: &'a Template,
    live: &'a Inputs,
    after: &'a Template,
    inputs: &'a Inputs,
) -> (Side<'a>, Side<'a>) {
    (
        Side {
            template: before,
            inputs: live,
        },
        Side {
            template: after,
            inputs,
        },
    )
}
