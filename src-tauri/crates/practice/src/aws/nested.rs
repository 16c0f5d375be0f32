//! Nested stacks: their templates, their outputs while a parent is planned, and their life after the parent's.
//!
//! A child is brought in line when its parent's operation ends, with the events of its own creation or update. Templates
//! come from wherever the estate says that its template addresses lead.

use super::error::{AwsError, AwsResult};
use super::estate::{Estate, Site};
use super::model::{Inputs, OnFailure, OperationKind, Output, Resource, StackStatus};
use super::operations::{Begin, Forced, any_capability};
use super::plan::{Foresight, Subject, plan};
use super::template::Template;
use super::template::evaluate::text_of;
use super::template::parameters::{Supplied, settle};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// Type of a nested stack.
pub const NESTED: &str = "AWS::CloudFormation::Stack";

/// Deepest nesting.
const DEPTH: u8 = 5;

type Find = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Finds the template behind an address.
#[derive(Clone, Default)]
pub struct TemplateSource(Option<Arc<Find>>);

impl TemplateSource {
    /// Makes a source of a function.
    pub fn new(find: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(find)))
    }

    /// Returns the template behind an address.
    pub fn get(&self, url: &str) -> Option<String> {
        self.0.as_ref().and_then(|find| find(url))
    }
}

impl fmt::Debug for TemplateSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TemplateSource")
    }
}

/// Answers what a nested stack would export to its parent.
pub trait Children {
    /// Returns the outputs that a child would have with these properties.
    fn outputs(&self, child_id: &str, properties: &Value) -> AwsResult<Vec<Output>>;

    /// Returns the outputs that a child has.
    fn present(&self, child_id: &str) -> Vec<Output>;
}

/// The children of a site.
pub struct SiteChildren<'a> {
    /// All stacks.
    pub estate: &'a Estate,
    /// Where.
    pub site: &'a Site,
    /// How deep the parent is.
    pub depth: u8,
}

/// Returns the address of a nested stack's template.
pub fn template_url(properties: &Value) -> &str {
    properties
        .get("TemplateURL")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn name_of(child_id: &str) -> &str {
    child_id.split('/').nth(1).unwrap_or(child_id)
}

impl Children for SiteChildren<'_> {
    fn outputs(&self, child_id: &str, properties: &Value) -> AwsResult<Vec<Output>> {
        if self.depth >= DEPTH {
            return Err(AwsError::validation("Nested stacks are too deep."));
        }
        let child = self.estate.stacks.iter().find(|stack| stack.id == child_id);
        let previous = child
            .map(|stack| stack.live.inputs.clone())
            .unwrap_or_default();
        let Some((template, inputs)) =
            self.estate.child_inputs(self.site, properties, &previous)?
        else {
            return Ok(Vec::new());
        };
        let exports = self.estate.export_values(self.site);
        let below = SiteChildren {
            depth: self.depth + 1,
            ..*self
        };
        let nothing = Vec::new();
        let nobody = BTreeMap::new();
        let subject = Subject {
            account: &self.site.account,
            region: &self.site.region,
            name: name_of(child_id),
            id: child_id,
            generation: child.map_or(0, |stack| stack.revision),
            before: child.map_or(&nothing, |stack| &stack.live.resources),
            tags_before: &previous.tags,
            exports: &exports,
            children: &below,
            adopted: &nobody,
        };
        Ok(plan(subject, &template, &inputs, Foresight::Full)?.outputs)
    }

    fn present(&self, child_id: &str) -> Vec<Output> {
        self.estate
            .stacks
            .iter()
            .find(|stack| stack.id == child_id)
            .map(|stack| stack.live.outputs.clone())
            .unwrap_or_default()
    }
}

impl Estate {
    /// Returns name and value of every export of a site.
    pub fn export_values(&self, site: &Site) -> BTreeMap<String, String> {
        self.exports(site)
            .into_iter()
            .map(|(name, (value, _))| (name, value))
            .collect()
    }

    /// Returns what a nested stack with these properties would be given; nothing when its template cannot be found.
    pub(super) fn child_inputs(
        &self,
        site: &Site,
        properties: &Value,
        previous: &Inputs,
    ) -> AwsResult<Option<(Template, Inputs)>> {
        let Some(body) = self.sources.get(template_url(properties)) else {
            return Ok(None);
        };
        let template = Template::read(&body)?;
        let given = properties.get("Parameters").and_then(Value::as_object);
        let supplied: Vec<Supplied> = given
            .into_iter()
            .flatten()
            .map(|(key, value)| Supplied {
                key: key.clone(),
                value: Some(match value {
                    Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(","),
                    other => text_of(other),
                }),
                use_previous: false,
            })
            .collect();
        let store = |name: &str| self.parameter(site, name);
        let parameters = settle(&template, &supplied, &[], &store)?;
        let inputs = Inputs {
            template: body,
            description: template.description().map(str::to_owned),
            parameters,
            tags: previous.tags.clone(),
            capabilities: any_capability(),
            role_arn: None,
            notification_arns: Vec::new(),
            adopted: BTreeMap::new(),
        };
        Ok(Some((template, inputs)))
    }

    /// Brings the children of a stack in line with it.
    pub fn settle_children(&mut self, parent: usize) {
        let site = Site::new(&self.stacks[parent].account, &self.stacks[parent].region);
        let parent_id = self.stacks[parent].id.clone();
        let wanted: Vec<Resource> = self.stacks[parent]
            .live
            .resources
            .iter()
            .filter(|resource| resource.resource_type == NESTED && !resource.is_deleted())
            .cloned()
            .collect();
        for resource in &wanted {
            if let Err(error) = self.settle_child(&site, &parent_id, resource) {
                tracing::warn!(%error, child = resource.physical_id, "a nested stack was left as it was");
            }
        }
        let gone: Vec<usize> = (0..self.stacks.len())
            .filter(|index| {
                let stack = &self.stacks[*index];
                stack.parent.as_ref() == Some(&parent_id)
                    && stack.status != StackStatus::DeleteComplete
                    && !wanted
                        .iter()
                        .any(|resource| resource.physical_id == stack.id)
                    && stack
                        .id
                        .contains(&format!("stack/{}-", self.stacks[parent].name))
            })
            .collect();
        let at = self.stacks[parent]
            .deleted_at
            .or(self.stacks[parent].updated_at);
        for index in gone {
            let at = at.unwrap_or(self.stacks[index].created_at);
            self.begin_deletion(index, None, &BTreeSet::new(), at);
            self.finish(index);
        }
    }

    fn settle_child(&mut self, site: &Site, parent_id: &str, resource: &Resource) -> AwsResult<()> {
        let existing = self.find(site, &resource.physical_id);
        let previous = existing
            .map(|index| self.stacks[index].live.inputs.clone())
            .unwrap_or_default();
        let Some((template, inputs)) = self.child_inputs(site, &resource.properties, &previous)?
        else {
            return Ok(());
        };
        let at: Timestamp = resource.updated_at;
        let (index, kind) = match existing {
            Some(_) if previous == inputs => return Ok(()),
            Some(index) => (index, OperationKind::Update),
            None => {
                let name = name_of(&resource.physical_id);
                let index = self.add_stack(site, name, StackStatus::CreateInProgress, at);
                self.stacks[index].id.clone_from(&resource.physical_id);
                self.stacks[index].parent = Some(parent_id.to_owned());
                (index, OperationKind::Create)
            }
        };
        let plan = self.plan_for(index, &template, &inputs, Foresight::Full)?;
        let begin = Begin {
            kind,
            inputs,
            token: None,
            change_set: None,
            on_failure: OnFailure::Rollback,
        };
        let forced = Forced {
            failure: None,
            is_seed: true,
        };
        self.begin(index, begin, plan, at, &forced);
        self.finish(index);
        Ok(())
    }

    /// Ends an operation whatever the time.
    pub fn finish(&mut self, index: usize) {
        let end = self.stacks[index]
            .operation
            .as_ref()
            .map(|operation| operation.ended_at);
        if let Some(end) = end {
            self.stacks[index].settle(end);
            self.settle_children(index);
        }
    }
}
