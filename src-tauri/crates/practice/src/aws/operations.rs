//! Creating, updating, deleting and cancelling: what AWS checks, and the timeline that begins.

use super::changes::Side;
use super::error::{AwsError, AwsResult};
use super::estate::{Estate, Site};
use super::model::{
    Deployment, Inputs, OnFailure, Operation, OperationKind, PastOperation, Stack, StackStatus,
};
use super::nested::{NESTED, SiteChildren, template_url};
use super::plan::{Action, Foresight, Plan, PlannedResource, Subject, plan};
use super::resource_types::{self, uuid_of};
use super::template::Template;
use super::template::parameters::{Supplied, settle};
use super::timeline::{self, Setting, Timeline, asked_failure};
use crate::faults::matches_glob;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a caller wants a stack to be.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Stack name or ARN.
    pub stack: String,
    /// Template's text; none keeps the stack's.
    pub template: Option<String>,
    /// Parameter values.
    pub parameters: Vec<Supplied>,
    /// Tags; none keeps the stack's.
    pub tags: Option<Vec<(String, String)>>,
    /// Acknowledged capabilities.
    pub capabilities: Vec<String>,
    /// Service role.
    pub role_arn: Option<String>,
    /// Notification topics; none keeps the stack's.
    pub notification_arns: Option<Vec<String>>,
    /// Idempotency token.
    pub token: Option<String>,
    /// What a failure leads to.
    pub on_failure: Option<OnFailure>,
    /// Whether deletion is to be refused.
    pub termination_protection: bool,
    /// Minutes that the creation may last.
    pub timeout_minutes: Option<u32>,
}

/// What is to happen beside what follows from the inputs.
#[derive(Debug, Clone, Default)]
pub struct Forced {
    /// The resource that fails and why; no other checks are made.
    pub failure: Option<(String, String)>,
    /// Whether checks against the rest of the estate are left out.
    pub is_seed: bool,
}

/// Returns every capability, for stacks that the estate itself deploys.
pub fn any_capability() -> Vec<String> {
    [
        "CAPABILITY_IAM",
        "CAPABILITY_NAMED_IAM",
        "CAPABILITY_AUTO_EXPAND",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Longest template body.
const BODY_LIMIT: usize = 51_200;

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

/// Checks a template's length.
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
                check_body(body)?;
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
        self.begin(index, begin, plan, now, forced);
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
        let (failures, refusal) = if forced.is_seed {
            (forced.failure.clone().into_iter().collect(), None)
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
        let timeline = timeline::deploy(&setting, begin.kind, &plan, &stack.live, &begin.inputs);
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
            OperationKind::Create => {}
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

    /// Returns the resources that will fail, with their reasons.
    fn failures_of(&mut self, index: usize, plan: &Plan) -> BTreeMap<String, String> {
        let stack = &self.stacks[index];
        let site = Site::new(&stack.account, &stack.region);
        let (stack_id, stack_name) = (stack.id.clone(), stack.name.clone());
        let mut failures = BTreeMap::new();
        for planned in plan.resources.iter().filter(|p| p.action != Action::Keep) {
            let reason = asked_failure(&planned.resource.properties)
                .map(|text| handler_message(&text, &planned.resource.seed))
                .or_else(|| self.name_conflict(&site, &stack_id, planned))
                .or_else(|| self.missing_template(planned));
            if let Some(reason) = reason {
                failures.insert(planned.resource.logical_id.clone(), reason);
            }
        }
        for rule in &mut self.failures {
            let hit = plan.resources.iter().find(|planned| {
                planned.action != Action::Keep
                    && matches_glob(&rule.stack, &stack_name)
                    && matches_glob(&rule.resource, &planned.resource.logical_id)
            });
            if let Some(planned) = hit.filter(|_| rule.times > 0) {
                rule.times -= 1;
                failures.insert(
                    planned.resource.logical_id.clone(),
                    handler_message(&rule.reason, &planned.resource.seed),
                );
            }
        }
        self.failures.retain(|rule| rule.times > 0);
        failures
    }

    fn missing_template(&self, planned: &PlannedResource) -> Option<String> {
        let resource = &planned.resource;
        let is_missing = resource.resource_type == NESTED
            && self
                .sources
                .get(template_url(&resource.properties))
                .is_none();
        is_missing.then(|| "S3 error: Access Denied".to_owned())
    }

    fn name_conflict(
        &self,
        site: &Site,
        stack_id: &str,
        planned: &PlannedResource,
    ) -> Option<String> {
        let resource = &planned.resource;
        let property = resource_types::name_property(&resource.resource_type)?;
        let name = resource.properties.get(property)?.as_str()?;
        match planned.action {
            Action::Keep | Action::Modify => None,
            Action::Replace => planned
                .before
                .as_ref()
                .filter(|before| before.properties.get(property).and_then(Value::as_str) == Some(name))
                .map(|_| {
                    format!("CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {name} and update the stack again.")
                }),
            Action::Create => {
                let elsewhere = self.resource_elsewhere(site, stack_id, &resource.resource_type, &resource.physical_id);
                if let Some((owner, _)) = elsewhere {
                    return Some(format!("{name} already exists in stack {}", owner.id));
                }
                let is_stored = resource.resource_type == "AWS::SSM::Parameter"
                    && self.store.iter().any(|one| one.site == *site && one.name == name);
                is_stored.then(|| format!("{name} already exists"))
            }
        }
    }

    /// Returns why the stack as a whole will fail: exports in use or taken.
    fn refusal_of(&self, index: usize, plan: &Plan) -> Option<String> {
        let stack = &self.stacks[index];
        let site = Site::new(&stack.account, &stack.region);
        for output in &stack.live.outputs {
            let Some(name) = &output.export else {
                continue;
            };
            let after = plan
                .outputs
                .iter()
                .find(|after| after.export.as_ref() == Some(name));
            let verb = match after {
                Some(after) if after.value == output.value => continue,
                Some(_) => "updated",
                None => "deleted",
            };
            let users: Vec<_> = self
                .importers(&site, name)
                .into_iter()
                .filter(|user| *user != stack.name)
                .collect();
            if !users.is_empty() {
                return Some(format!(
                    "Export {name} cannot be {verb} as it is in use by {}",
                    users.join(", ")
                ));
            }
        }
        let taken = self.exports(&site);
        plan.outputs.iter().find_map(|output| {
            let name = output.export.as_ref()?;
            let (_, owner) = taken.get(name)?;
            let owner_name = owner.split('/').nth(1).unwrap_or(owner);
            (*owner != stack.id).then(|| {
                format!("Export with name {name} is already exported by stack {owner_name}")
            })
        })
    }

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

/// Refuses a stack that cannot be updated as it stands.
pub fn check_updatable(stack: &Stack, now: Timestamp) -> AwsResult<()> {
    let (status, _) = stack.status_at(now);
    match status {
        StackStatus::CreateComplete
        | StackStatus::UpdateComplete
        | StackStatus::UpdateFailed
        | StackStatus::UpdateRollbackComplete => Ok(()),
        other => Err(AwsError::validation(format!(
            "Stack:{} is in {other} state and can not be updated.",
            stack.id
        ))),
    }
}

fn handler_message(text: &str, seed: &str) -> String {
    format!(
        "Resource handler returned message: \"{text}\" (RequestToken: {}, HandlerErrorCode: GeneralServiceException)",
        uuid_of(&format!("{seed}/handler"))
    )
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
