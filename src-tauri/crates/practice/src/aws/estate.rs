//! All stacks of all accounts, and what follows from time passing.
//!
//! Nothing here runs in the background: every reader first settles the operations whose end has come.

use super::cloud::DriftChange;
use super::error::{AwsError, AwsResult};
use super::iam::Session;
use super::model::{
    Deployment, OperationKind, Outcome, PastOperation, Resource, Stack, StackEvent, StackStatus,
};
use super::nested::TemplateSource;
use super::plan::changed_properties;
use super::template::Template;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An account in a region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Site {
    /// Account id.
    pub account: String,
    /// Region.
    pub region: String,
}

impl Site {
    /// Names an account in a region.
    pub fn new(account: &str, region: &str) -> Self {
        Self {
            account: account.to_owned(),
            region: region.to_owned(),
        }
    }
}

/// A parameter of the parameter store that no stack owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreParameter {
    /// Where it is.
    pub site: Site,
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
}

/// A wish that the next operations on certain resources fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureRule {
    /// Stack name, with `*`.
    pub stack: String,
    /// Logical id, with `*`.
    pub resource: String,
    /// Reason that the resource gives.
    pub reason: String,
    /// How many more operations.
    pub times: u32,
}

/// All stacks of all accounts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Estate {
    /// Stacks, deleted ones included, in order of creation.
    pub stacks: Vec<Stack>,
    /// Parameters that no stack owns.
    pub store: Vec<StoreParameter>,
    /// Sessions of assumed roles.
    #[serde(default)]
    pub sessions: Vec<Session>,
    /// Failures on demand.
    #[serde(default)]
    pub failures: Vec<FailureRule>,
    /// Multiplies how long operations take.
    #[serde(skip)]
    pub pace: f64,
    /// Where the templates of nested stacks are.
    #[serde(skip)]
    pub sources: TemplateSource,
}

impl Estate {
    /// Ends the operations whose time has come.
    pub fn settle(&mut self, now: Timestamp) {
        for index in 0..self.stacks.len() {
            if self.stacks[index].settle(now) {
                self.settle_children(index);
            }
        }
    }

    /// Finds a stack by name or ARN; a deleted one only by ARN.
    pub fn find(&self, site: &Site, name: &str) -> Option<usize> {
        let is_here = |stack: &Stack| stack.account == site.account && stack.region == site.region;
        if name.starts_with("arn:") {
            return self
                .stacks
                .iter()
                .position(|stack| is_here(stack) && stack.id == name);
        }
        self.stacks.iter().position(|stack| {
            is_here(stack) && stack.name == name && stack.status != StackStatus::DeleteComplete
        })
    }

    /// Returns the stacks of a site, newest first.
    pub fn of_site<'a>(&'a self, site: &'a Site) -> impl Iterator<Item = &'a Stack> {
        let mut found: Vec<&Stack> = self
            .stacks
            .iter()
            .filter(|stack| stack.account == site.account && stack.region == site.region)
            .collect();
        found.sort_by(|a, b| b.created_at.cmp(&a.created_at).then(b.id.cmp(&a.id)));
        found.into_iter()
    }

    /// Returns name, value and stack ARN of every export of a site, by name.
    pub fn exports(&self, site: &Site) -> BTreeMap<String, (String, String)> {
        self.of_site(site)
            .filter(|stack| stack.status != StackStatus::DeleteComplete)
            .flat_map(|stack| {
                stack.live.outputs.iter().filter_map(|output| {
                    let name = output.export.clone()?;
                    Some((name, (output.value.clone(), stack.id.clone())))
                })
            })
            .collect()
    }

    /// Returns the names of the stacks that import an export.
    pub fn importers(&self, site: &Site, export: &str) -> Vec<String> {
        let imports = |deployment: &Deployment| deployment.imports.contains(export);
        let mut names: Vec<_> = self
            .of_site(site)
            .filter(|stack| stack.status != StackStatus::DeleteComplete)
            .filter(|stack| {
                let coming = stack.operation.as_ref();
                imports(&stack.live) || coming.is_some_and(|operation| imports(&operation.after))
            })
            .map(|stack| stack.name.clone())
            .collect();
        names.sort();
        names
    }

    /// Looks a parameter up in the parameter store.
    pub fn parameter(&self, site: &Site, name: &str) -> Option<String> {
        let owned = self
            .resource_elsewhere(site, "", "AWS::SSM::Parameter", name)
            .and_then(|(_, resource)| resource.properties.get("Value"))
            .and_then(Value::as_str)
            .map(str::to_owned);
        owned.or_else(|| {
            self.store
                .iter()
                .find(|parameter| parameter.site == *site && parameter.name == name)
                .map(|parameter| parameter.value.clone())
        })
    }

    /// Finds a resource of a type and identifier in another stack.
    pub fn resource_elsewhere(
        &self,
        site: &Site,
        stack_id: &str,
        resource_type: &str,
        physical_id: &str,
    ) -> Option<(&Stack, &Resource)> {
        self.stacks
            .iter()
            .filter(|stack| stack.account == site.account && stack.region == site.region)
            .filter(|stack| stack.id != stack_id && stack.status != StackStatus::DeleteComplete)
            .find_map(|stack| {
                let found = stack.live.resources.iter().find(|resource| {
                    resource.physical_id == physical_id
                        && resource.resource_type == resource_type
                        && !resource.is_deleted()
                })?;
                Some((stack, found))
            })
    }

    /// Returns a stack by name or ARN, or the error that most operations give.
    pub fn require(&self, site: &Site, name: &str) -> AwsResult<usize> {
        self.find(site, name)
            .ok_or_else(|| AwsError::validation(format!("Stack with id {name} does not exist")))
    }

    /// Returns a stack that is to be changed, or the error of the operations that change stacks.
    pub fn require_to_change(&self, site: &Site, name: &str) -> AwsResult<usize> {
        self.find(site, name)
            .filter(|index| self.stacks[*index].status != StackStatus::DeleteComplete)
            .ok_or_else(|| AwsError::validation(format!("Stack [{name}] does not exist")))
    }
}

impl Stack {
    /// Ends the operation when its time has come.
    ///
    /// Reports whether it ended one.
    pub fn settle(&mut self, now: Timestamp) -> bool {
        let Some(operation) = self
            .operation
            .take_if(|operation| operation.ended_at <= now)
        else {
            return false;
        };
        if let Some(last) = operation.statuses.last() {
            self.status = last.status;
            self.status_reason.clone_from(&last.reason);
        }
        if let Some(past) = self.history.iter_mut().find(|past| past.id == operation.id) {
            past.outcome = Some(operation.outcome.clone());
        }
        let put_back = matches!(operation.outcome, Outcome::Done)
            && self
                .change_sets
                .iter()
                .any(|set| set.reverts_drift && set.executed_by.as_ref() == Some(&operation.id));
        self.drift = if put_back {
            Vec::new()
        } else {
            remaining_drift(&self.drift, &self.live, &operation.after)
        };
        let before = std::mem::replace(&mut self.live, operation.after);
        if self.status == StackStatus::UpdateFailed {
            self.stable.get_or_insert_with(|| Box::new(before));
        } else {
            self.stable = None;
        }
        true
    }

    /// Returns status and reason at an instant.
    pub fn status_at(&self, now: Timestamp) -> (StackStatus, Option<&str>) {
        let step = self.operation.as_ref().and_then(|operation| {
            operation
                .statuses
                .iter()
                .take_while(|step| step.at <= now)
                .last()
        });
        match step {
            Some(step) => (step.status, step.reason.as_deref()),
            None => (self.status, self.status_reason.as_deref()),
        }
    }

    /// Returns what the stack shows as given to it: the new inputs until a rollback begins.
    pub fn shown_inputs(&self, now: Timestamp) -> &super::model::Inputs {
        match &self.operation {
            Some(operation)
                if operation.kind != OperationKind::Delete
                    && (operation.rollback_at.is_none_or(|at| now < at)
                        || operation.kind == OperationKind::Create) =>
            {
                &operation.inputs
            }
            _ => &self.live.inputs,
        }
    }

    /// Returns the template that the stack shows.
    pub fn template(&self, now: Timestamp) -> AwsResult<Template> {
        let text = &self.shown_inputs(now).template;
        if text.is_empty() {
            return Ok(Template::empty());
        }
        Template::read(text)
    }

    /// Returns the events so far, oldest first.
    pub fn events_until(&self, now: Timestamp) -> &[StackEvent] {
        let count = self.events.partition_point(|event| event.at <= now);
        &self.events[..count]
    }

    /// Returns the resources as they stand at an instant.
    pub fn resources_at(&self, now: Timestamp) -> Vec<Resource> {
        let mut resources = self.live.resources.clone();
        let Some(operation) = &self.operation else {
            return resources;
        };
        if let Some(plan) = &operation.plan {
            for planned in &plan.resources {
                if !resources
                    .iter()
                    .any(|old| old.logical_id == planned.resource.logical_id)
                {
                    let mut coming = planned.resource.clone();
                    coming.physical_id.clear();
                    coming.status.clear();
                    resources.push(coming);
                }
            }
        }
        for resource in &mut resources {
            let last = self
                .events_until(now)
                .iter()
                .rev()
                .take_while(|event| event.operation == operation.id)
                .find(|event| event.logical_id == resource.logical_id);
            if let Some(last) = last {
                resource.physical_id.clone_from(&last.physical_id);
                resource.status.clone_from(&last.status);
                resource.reason.clone_from(&last.reason);
                resource.updated_at = last.at;
            }
        }
        resources.retain(|resource| !resource.status.is_empty());
        resources
    }

    /// Returns the operation that a token began.
    pub fn by_token(&self, token: Option<&str>) -> Option<&PastOperation> {
        let token = token?;
        self.history
            .iter()
            .find(|past| past.token.as_deref() == Some(token))
    }
}

/// Returns the changes made past CloudFormation that an operation has not overwritten.
fn remaining_drift(
    drift: &[DriftChange],
    before: &Deployment,
    after: &Deployment,
) -> Vec<DriftChange> {
    let find = |deployment: &Deployment, id: &str| {
        let resources = &deployment.resources;
        resources
            .iter()
            .find(|resource| resource.logical_id == id && !resource.is_deleted())
            .cloned()
    };
    drift
        .iter()
        .filter(|change| {
            let (DriftChange::Deleted { logical_id } | DriftChange::Property { logical_id, .. }) =
                change;
            let (Some(old), Some(new)) = (find(before, logical_id), find(after, logical_id)) else {
                return false;
            };
            if old.physical_id != new.physical_id {
                return false;
            }
            let overwritten: BTreeSet<String> =
                changed_properties(&old.properties, &new.properties);
            match change {
                DriftChange::Deleted { .. } => true,
                DriftChange::Property { path, .. } => {
                    let property = path.trim_start_matches('/').split('/').next();
                    !property.is_some_and(|property| overwritten.contains(property))
                }
            }
        })
        .cloned()
        .collect()
}
