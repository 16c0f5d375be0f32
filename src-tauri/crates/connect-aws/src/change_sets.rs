//! Preparing, reading, executing and deleting change sets.

use crate::call::Call;
use crate::connector::{AwsConnector, Pages, Power};
use crate::convert;
use crate::explain::error;
use crate::stacks::{StageWord, broken, template_text};
use async_trait::async_trait;
use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types as sdk;
use interlock_app::ports::{Answer, StackChanger, StackReader as _, TemplateStage};
use interlock_domain::change_set::{ChangeSet, ChangeSetOrder, ChangeSetProblem, ParameterOrder};
use interlock_domain::stack::StackPhase;
use interlock_domain::{ConnectorError, FaultKind, Scope};

/// Longest template that AWS takes inside a request; it quotes longer ones whole when it refuses.
const LONGEST_TEMPLATE: usize = 51_200;

#[async_trait]
impl StackChanger for AwsConnector {
    async fn create_change_set(&self, scope: &Scope, order: &ChangeSetOrder) -> Answer<String> {
        let call = Call::change("CreateChangeSet", scope).about(order.stack.as_str());
        if order.template.len() > LONGEST_TEMPLATE {
            return Err(too_long(&call, order));
        }
        let created = self
            .ask(Power::Release, scope, call.clone(), |client| {
                let kind = if order.create {
                    sdk::ChangeSetType::Create
                } else {
                    sdk::ChangeSetType::Update
                };
                let capabilities = order.capabilities.iter();
                client
                    .create_change_set()
                    .stack_name(order.stack.as_str())
                    .change_set_name(&order.name)
                    .change_set_type(kind)
                    .client_token(&order.token)
                    .template_body(&order.template)
                    .set_parameters(Some(order.parameters.iter().map(parameter).collect()))
                    .set_tags(Some(order.tags.iter().map(tag).collect()))
                    .set_capabilities(Some(
                        capabilities.map(|word| word.as_str().into()).collect(),
                    ))
                    .set_description(
                        Some(order.description.clone()).filter(|text| !text.is_empty()),
                    )
                    .include_nested_stacks(order.include_nested)
                    .set_deployment_mode(
                        order
                            .revert_drift
                            .then_some(sdk::DeploymentMode::RevertDrift),
                    )
                    .send()
            })
            .await;
        match created {
            Ok(created) => match created.id().filter(|id| !id.is_empty()) {
                Some(id) => Ok(id.to_owned()),
                None => self.adopt(scope, order).await,
            },
            Err(refusal) if is_taken(&refusal) => match self.adopt(scope, order).await {
                Err(missing) if missing.kind == FaultKind::NotFound => Err(refusal),
                adopted => adopted,
            },
            Err(refusal) => Err(refusal),
        }
    }

    async fn change_set(&self, scope: &Scope, stack: &str, id: &str) -> Answer<ChangeSet> {
        let call = Call::question("DescribeChangeSet", scope).about(id);
        let pages = self.all_pages(scope, stack, id).await?;
        let set = convert::change_set(&pages).map_err(|fault| broken(&call, &fault))?;
        self.with_nested(scope, set).await
    }

    async fn change_set_problems(
        &self,
        scope: &Scope,
        stack: &str,
        id: &str,
    ) -> Answer<Vec<ChangeSetProblem>> {
        let call = Call::question("DescribeEvents", scope).about(id);
        let mut walk = Pages::new(&call);
        let mut token = None;
        let mut problems = Vec::new();
        loop {
            let page = self
                .ask(Power::Read, scope, call.clone(), |client| {
                    client
                        .describe_events()
                        .change_set_name(id)
                        .set_stack_name(beside(stack, id))
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            problems.extend(
                page.operation_events()
                    .iter()
                    .filter_map(convert::change::problem),
            );
            token = walk.after(page.next_token())?;
            if token.is_none() {
                return Ok(problems);
            }
        }
    }

    async fn change_set_template(
        &self,
        scope: &Scope,
        stack: &str,
        id: &str,
        stage: TemplateStage,
    ) -> Answer<String> {
        let call = Call::question("GetTemplate", scope).about(id);
        let StageWord(stage) = stage.into();
        let answer = self
            .ask(Power::Read, scope, call.clone(), |client| {
                let request = client.get_template().change_set_name(id);
                let request = request.set_stack_name(beside(stack, id));
                request.template_stage(stage.clone()).send()
            })
            .await?;
        template_text(&call, answer.template_body())
    }

    async fn execute_change_set(
        &self,
        scope: &Scope,
        stack: &str,
        id: &str,
        token: &str,
    ) -> Answer<()> {
        let call = Call::change("ExecuteChangeSet", scope).about(id);
        self.ask(Power::Release, scope, call, |client| {
            let request = client.execute_change_set().change_set_name(id);
            let request = request.set_stack_name(beside(stack, id));
            request.client_request_token(token).send()
        })
        .await?;
        Ok(())
    }

    async fn delete_change_set(&self, scope: &Scope, stack: &str, id: &str) -> Answer<()> {
        let call = Call::change("DeleteChangeSet", scope).about(id);
        let deleted = self
            .ask(Power::Release, scope, call, |client| {
                let request = client.delete_change_set().change_set_name(id);
                request.set_stack_name(beside(stack, id)).send()
            })
            .await;
        match deleted {
            Err(fault) if fault.kind != FaultKind::NotFound => Err(fault),
            _ => self.delete_shell(scope, stack).await,
        }
    }

    async fn cancel_update(&self, scope: &Scope, stack: &str) -> Answer<()> {
        let call = Call::change("CancelUpdateStack", scope).about(stack);
        self.ask(Power::Release, scope, call, |client| {
            client.cancel_update_stack().stack_name(stack).send()
        })
        .await?;
        Ok(())
    }
}

impl AwsConnector {
    /// The ARN of the change set that has the order's name already, when it is the one that was
    /// ordered.
    async fn adopt(&self, scope: &Scope, order: &ChangeSetOrder) -> Answer<String> {
        let call = Call::question("DescribeChangeSet", scope).about(&order.name);
        let found = self
            .ask(Power::Read, scope, call.clone(), |client| {
                let request = client.describe_change_set();
                let request = request.stack_name(order.stack.as_str());
                request.change_set_name(&order.name).send()
            })
            .await?;
        let reverts = found.deployment_mode() == Some(&sdk::DeploymentMode::RevertDrift);
        let nested = found.include_nested_stacks().unwrap_or_default();
        if (reverts, nested) != (order.revert_drift, order.include_nested) {
            let sentence = format!(
                "{} has a change set {} already, which treats drift or nested stacks otherwise.",
                order.stack, order.name
            );
            let hint = "Delete that change set, or prepare again under another name.".to_owned();
            return Err(error(&call, FaultKind::Conflict, sentence, Some(hint)));
        }
        found
            .change_set_id()
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| {
                let sentence = format!("AWS does not tell the ARN of change set {}.", order.name);
                error(&call, FaultKind::BadAnswer, sentence, None)
            })
    }

    /// All pages of a change set, with values where the server knows them.
    pub(crate) async fn all_pages(
        &self,
        scope: &Scope,
        stack: &str,
        id: &str,
    ) -> Answer<Vec<DescribeChangeSetOutput>> {
        match self.change_set_pages(scope, stack, id, true).await {
            Err(refusal) if refuses_values(&refusal) => {
                self.change_set_pages(scope, stack, id, false).await
            }
            pages => pages,
        }
    }

    async fn change_set_pages(
        &self,
        scope: &Scope,
        stack: &str,
        id: &str,
        values: bool,
    ) -> Answer<Vec<DescribeChangeSetOutput>> {
        let call = Call::question("DescribeChangeSet", scope).about(id);
        let mut walk = Pages::new(&call);
        let mut token = None;
        let mut pages = Vec::new();
        loop {
            let page = self
                .ask(Power::Read, scope, call.clone(), |client| {
                    client
                        .describe_change_set()
                        .change_set_name(id)
                        .set_stack_name(beside(stack, id))
                        .set_include_property_values(values.then_some(true))
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            token = walk.after(page.next_token())?;
            pages.push(page);
            if token.is_none() {
                return Ok(pages);
            }
        }
    }

    /// Deletes the stack when it is only the shell of a CREATE change set and no other change set
    /// waits in it.
    async fn delete_shell(&self, scope: &Scope, stack: &str) -> Answer<()> {
        let shell = match self.stack(scope, stack).await {
            Err(fault) if fault.kind == FaultKind::NotFound => return Ok(()),
            shell => shell?,
        };
        if shell.status.phase() != StackPhase::InReview {
            return Ok(());
        }
        let call = Call::question("ListChangeSets", scope).about(&shell.id);
        let others = self
            .ask(Power::Read, scope, call, |client| {
                client.list_change_sets().stack_name(&shell.id).send()
            })
            .await?;
        if !others.summaries().is_empty() {
            return Ok(());
        }
        let call = Call::change("DeleteStack", scope).about(&shell.id);
        self.ask(Power::Release, scope, call, |client| {
            client.delete_stack().stack_name(&shell.id).send()
        })
        .await?;
        Ok(())
    }
}

fn too_long(call: &Call, order: &ChangeSetOrder) -> ConnectorError {
    let sentence = format!(
        "The template of {} has {} bytes, and AWS takes at most {LONGEST_TEMPLATE} in a request.",
        order.stack,
        order.template.len()
    );
    let hint = "Divide the template into nested stacks; the console cannot send it through S3 yet.";
    error(call, FaultKind::Refused, sentence, Some(hint.into()))
}

/// The stack to name beside a change set: none when the change set's ARN names it already.
fn beside(stack: &str, id: &str) -> Option<String> {
    (!id.starts_with("arn:")).then(|| stack.to_owned())
}

/// Whether the name of the change set is in use.
fn is_taken(refusal: &ConnectorError) -> bool {
    refusal
        .code
        .as_deref()
        .is_some_and(|code| code.starts_with("AlreadyExists"))
}

/// Whether a server does not know the question for property values.
fn refuses_values(refusal: &ConnectorError) -> bool {
    matches!(refusal.kind, FaultKind::Refused | FaultKind::Unsupported)
        && refusal.message.contains("IncludePropertyValues")
}

fn parameter(order: &ParameterOrder) -> sdk::Parameter {
    let parameter = sdk::Parameter::builder().parameter_key(order.key());
    match order {
        ParameterOrder::Value { value, .. } => parameter.parameter_value(value),
        ParameterOrder::Previous { .. } => parameter.use_previous_value(true),
    }
    .build()
}

fn tag((key, value): &(String, String)) -> sdk::Tag {
    sdk::Tag::builder().key(key).value(value).build()
}
