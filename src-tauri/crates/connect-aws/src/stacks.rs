//! Reading stacks.

use crate::call::Call;
use crate::connector::{AwsConnector, Pages, Power};
use crate::convert::{self, Incomplete};
use crate::explain::error;
use async_trait::async_trait;
use aws_sdk_cloudformation::types as sdk;
use interlock_app::ports::{Answer, StackReader, TemplateStage};
use interlock_domain::change_set::OpenChangeSet;
use interlock_domain::stack::{ResourceDrift, Stack, StackEvent, StackResource};
use interlock_domain::{ConnectorError, FaultKind, Scope};
use tokio::time::Instant;

/// How AWS says that no stack imports an export.
const NOBODY_IMPORTS: &str = "is not imported by any stack";

/// The error for an answer that lacks what it must have.
pub(crate) fn broken(call: &Call, incomplete: &Incomplete) -> ConnectorError {
    let sentence = format!(
        "The answer to {} in {} is broken: {incomplete}.",
        call.operation, call.place
    );
    let hint = "AWS itself does not answer so; check the `endpoint` of this environment in interlock.toml.";
    error(call, FaultKind::BadAnswer, sentence, Some(hint.into()))
}

impl From<TemplateStage> for StageWord {
    fn from(stage: TemplateStage) -> Self {
        Self(match stage {
            TemplateStage::Original => sdk::TemplateStage::Original,
            TemplateStage::Processed => sdk::TemplateStage::Processed,
        })
    }
}

/// AWS's word for a template stage.
pub(crate) struct StageWord(pub sdk::TemplateStage);

/// The text of a template, or the error that there is none.
pub(crate) fn template_text(call: &Call, body: Option<&str>) -> Answer<String> {
    match body {
        Some(body) if !body.trim().is_empty() => Ok(body.to_owned()),
        _ => {
            let sentence = format!("AWS keeps no template for this in {}.", call.place);
            Err(error(call, FaultKind::NotFound, sentence, None))
        }
    }
}

#[async_trait]
impl StackReader for AwsConnector {
    async fn stacks(&self, scope: &Scope) -> Answer<Vec<Stack>> {
        let call = Call::question("DescribeStacks", scope);
        let mut pages = Pages::new(&call);
        let mut token = None;
        let mut stacks = Vec::new();
        loop {
            let page = self
                .ask(Power::Read, scope, call.clone(), |client| {
                    let request = client.describe_stacks().set_next_token(token.clone());
                    request.send()
                })
                .await?;
            for stack in page.stacks() {
                stacks.push(convert::stack(stack).map_err(|fault| broken(&call, &fault))?);
            }
            token = pages.after(page.next_token())?;
            if token.is_none() {
                return Ok(stacks);
            }
        }
    }

    async fn stack(&self, scope: &Scope, name: &str) -> Answer<Stack> {
        let call = Call::question("DescribeStacks", scope).about(name);
        let page = self
            .ask(Power::Read, scope, call.clone(), |client| {
                client.describe_stacks().stack_name(name).send()
            })
            .await?;
        match page.stacks() {
            [stack] => convert::stack(stack).map_err(|fault| broken(&call, &fault)),
            [] => {
                let sentence = format!("There is no stack {name} in {scope}.");
                Err(error(&call, FaultKind::NotFound, sentence, None))
            }
            _ => {
                let sentence = format!("AWS knows more than one stack {name} in {scope}.");
                Err(error(&call, FaultKind::BadAnswer, sentence, None))
            }
        }
    }

    async fn template(&self, scope: &Scope, stack: &str, stage: TemplateStage) -> Answer<String> {
        let call = Call::question("GetTemplate", scope).about(stack);
        let StageWord(stage) = stage.into();
        let answer = self
            .ask(Power::Read, scope, call.clone(), |client| {
                let request = client.get_template().stack_name(stack);
                request.template_stage(stage.clone()).send()
            })
            .await?;
        template_text(&call, answer.template_body())
    }

    async fn resources(&self, scope: &Scope, stack: &str) -> Answer<Vec<StackResource>> {
        let call = Call::question("ListStackResources", scope).about(stack);
        let mut pages = Pages::new(&call);
        let mut token = None;
        let mut resources = Vec::new();
        loop {
            let page = self
                .ask(Power::Read, scope, call.clone(), |client| {
                    let request = client.list_stack_resources().stack_name(stack);
                    request.set_next_token(token.clone()).send()
                })
                .await?;
            for resource in page.stack_resource_summaries() {
                resources.push(convert::resource(resource).map_err(|fault| broken(&call, &fault))?);
            }
            token = pages.after(page.next_token())?;
            if token.is_none() {
                return Ok(resources);
            }
        }
    }

    async fn importers(&self, scope: &Scope, export: &str) -> Answer<Vec<String>> {
        let call = Call::question("ListImports", scope).about(export);
        let mut pages = Pages::new(&call);
        let mut token = None;
        let mut importers = Vec::new();
        loop {
            let asked = self
                .ask(Power::Read, scope, call.clone(), |client| {
                    let request = client.list_imports().export_name(export);
                    request.set_next_token(token.clone()).send()
                })
                .await;
            let page = match asked {
                // AWS has no empty answer for this.
                Err(error) if error.message.contains(NOBODY_IMPORTS) => return Ok(importers),
                asked => asked?,
            };
            importers.extend(page.imports().iter().cloned());
            token = pages.after(page.next_token())?;
            if token.is_none() {
                return Ok(importers);
            }
        }
    }

    async fn change_sets(&self, scope: &Scope, stack: &str) -> Answer<Vec<OpenChangeSet>> {
        let call = Call::question("ListChangeSets", scope).about(stack);
        let mut pages = Pages::new(&call);
        let mut token = None;
        let mut sets = Vec::new();
        loop {
            let page = self
                .ask(Power::Read, scope, call.clone(), |client| {
                    let request = client.list_change_sets().stack_name(stack);
                    request.set_next_token(token.clone()).send()
                })
                .await?;
            for set in page.summaries() {
                sets.push(convert::open_change_set(set).map_err(|fault| broken(&call, &fault))?);
            }
            token = pages.after(page.next_token())?;
            if token.is_none() {
                return Ok(sets);
            }
        }
    }

    async fn events_after(
        &self,
        scope: &Scope,
        stack: &str,
        last_seen: Option<&str>,
    ) -> Answer<Vec<StackEvent>> {
        let call = Call::question("DescribeStackEvents", scope).about(stack);
        let mut pages = Pages::new(&call);
        let mut token = None;
        let mut newest_first = Vec::new();
        'pages: loop {
            let page = self
                .ask(Power::Read, scope, call.clone(), |client| {
                    let request = client.describe_stack_events().stack_name(stack);
                    request.set_next_token(token.clone()).send()
                })
                .await?;
            for event in page.stack_events() {
                if last_seen.is_some() && event.event_id() == last_seen {
                    break 'pages;
                }
                newest_first.push(convert::event(event).map_err(|fault| broken(&call, &fault))?);
            }
            token = pages.after(page.next_token())?;
            if token.is_none() {
                break;
            }
        }
        newest_first.reverse();
        Ok(newest_first)
    }

    async fn drifted_resources(&self, scope: &Scope, stack: &str) -> Answer<Vec<ResourceDrift>> {
        let call = Call::question("DescribeStackResourceDrifts", scope).about(stack);
        let mut pages = Pages::new(&call);
        let mut token = None;
        let mut drifted = Vec::new();
        loop {
            let page = self
                .ask(Power::Read, scope, call.clone(), |client| {
                    client
                        .describe_stack_resource_drifts()
                        .stack_name(stack)
                        .stack_resource_drift_status_filters(
                            sdk::StackResourceDriftStatus::Modified,
                        )
                        .stack_resource_drift_status_filters(sdk::StackResourceDriftStatus::Deleted)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            for drift in page.stack_resource_drifts() {
                drifted
                    .push(convert::resource_drift(drift).map_err(|fault| broken(&call, &fault))?);
            }
            token = pages.after(page.next_token())?;
            if token.is_none() {
                return Ok(drifted);
            }
        }
    }

    async fn detect_drift(&self, scope: &Scope, stack: &str) -> Answer<Vec<ResourceDrift>> {
        // It starts work at AWS but changes no stack, so it may be asked again.
        let call = Call::question("DetectStackDrift", scope).about(stack);
        let started = self
            .ask(Power::Read, scope, call.clone(), |client| {
                client.detect_stack_drift().stack_name(stack).send()
            })
            .await?;
        let Some(detection) = started.stack_drift_detection_id() else {
            let sentence = format!("AWS does not name the drift detection of {stack}.");
            return Err(error(&call, FaultKind::BadAnswer, sentence, None));
        };
        self.await_detection(scope, stack, detection).await?;
        self.drifted_resources(scope, stack).await
    }
}

impl AwsConnector {
    async fn await_detection(&self, scope: &Scope, stack: &str, detection: &str) -> Answer<()> {
        let call = Call::question("DescribeStackDriftDetectionStatus", scope).about(stack);
        let started = Instant::now();
        loop {
            let answer = self
                .ask(Power::Read, scope, call.clone(), |client| {
                    let request = client.describe_stack_drift_detection_status();
                    request.stack_drift_detection_id(detection).send()
                })
                .await?;
            match answer.detection_status() {
                Some(sdk::StackDriftDetectionStatus::DetectionComplete) => return Ok(()),
                Some(sdk::StackDriftDetectionStatus::DetectionFailed) => {
                    let reason = answer
                        .detection_status_reason()
                        .unwrap_or("no reason given");
                    let sentence = format!("AWS could not detect the drift of {stack}: {reason}");
                    return Err(error(&call, FaultKind::Refused, sentence, None));
                }
                _ => {}
            }
            if started.elapsed() >= self.patience().drift_detection {
                let sentence = format!("The drift detection of {stack} in {scope} does not end.");
                let hint = "Its result shows with the stack once AWS has it.".to_owned();
                return Err(error(&call, FaultKind::Unreachable, sentence, Some(hint)));
            }
            tokio::time::sleep(self.patience().poll).await;
        }
    }
}
