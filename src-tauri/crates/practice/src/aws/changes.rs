//! The rows of a change set: what AWS says it would do to each resource, and why.
//!
//! AWS tells two stories. With property values, attributes of resources that change in place are taken as they are now;
//! without, every property that reads such an attribute is listed as a dynamic change. Rows carry which story they
//! belong to. The rules were read off recorded answers of AWS.

mod details;
mod paths;

pub use paths::{differing_paths, pointer};

use super::model::{Inputs, Resource};
use super::plan::{Action, Plan, PlannedResource};
use super::resource_types::Recreation;
use super::template::Template;
use details::Author;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Which story of a change set a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Story {
    /// Both.
    Both,
    /// Only the one with property values.
    WithValues,
    /// Only the one without.
    WithoutValues,
}

impl Story {
    /// Reports whether a row is part of an answer.
    pub fn is_told(self, with_values: bool) -> bool {
        match self {
            Self::Both => true,
            Self::WithValues => with_values,
            Self::WithoutValues => !with_values,
        }
    }
}

/// What is done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeAction {
    /// Created.
    Add,
    /// Changed or replaced.
    Modify,
    /// Removed.
    Remove,
    /// Taken over.
    Import,
}

impl ChangeAction {
    /// Returns AWS's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "Add",
            Self::Modify => "Modify",
            Self::Remove => "Remove",
            Self::Import => "Import",
        }
    }
}

/// A change of one resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResourceChange {
    /// What is done.
    pub action: ChangeAction,
    /// Whether a modification makes a new resource for certain.
    pub is_replaced: bool,
    /// What happens to the old physical resource.
    pub policy_action: Option<String>,
    /// Logical id.
    pub logical_id: String,
    /// Physical id.
    pub physical_id: Option<String>,
    /// Type.
    pub resource_type: String,
    /// Change set of the nested stack that the resource is.
    #[serde(default)]
    pub change_set_id: Option<String>,
    /// Rows.
    pub details: Vec<Detail>,
    /// The resource before, as JSON text.
    pub before_context: Option<String>,
    /// The resource after, as JSON text.
    pub after_context: Option<String>,
    /// The resource as deployed last, as JSON text, in a drift-aware change set.
    #[serde(default)]
    pub previous_context: Option<String>,
    /// Whether it drifted, in a drift-aware change set.
    #[serde(default)]
    pub drift_status: Option<String>,
}

/// What a drift-aware change set says of the live value of a property.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriftOfDetail {
    /// As deployed last.
    pub previous: Option<String>,
    /// As it is.
    pub actual: Option<String>,
    /// When that was seen.
    pub at: Timestamp,
}

/// The pointer into the properties that a row's path is.
pub fn pointer_of(path: &str) -> Option<&str> {
    path.strip_prefix("/Properties")
}

/// One reason for a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// Story.
    pub story: Story,
    /// `Properties`, `Metadata`, `Tags` and so on.
    pub attribute: String,
    /// Property.
    pub name: Option<String>,
    /// JSON pointer.
    pub path: Option<String>,
    /// `Never`, `Conditionally` or `Always`.
    pub recreation: String,
    /// Value before.
    pub before: Option<String>,
    /// Value after.
    pub after: Option<String>,
    /// Whether it is known for certain before the execution.
    pub is_static: bool,
    /// Source of the change.
    pub source: String,
    /// What caused it.
    pub cause: Option<String>,
    /// What is live, in a drift-aware change set.
    #[serde(default)]
    pub drift: Option<DriftOfDetail>,
}

impl ResourceChange {
    /// Returns the rows of a story.
    pub fn rows(&self, with_values: bool) -> impl Iterator<Item = &Detail> {
        self.details
            .iter()
            .filter(move |row| row.story.is_told(with_values))
    }

    /// Reports whether the change is part of a story.
    pub fn is_told(&self, with_values: bool) -> bool {
        self.action != ChangeAction::Modify || self.rows(with_values).next().is_some()
    }

    /// Returns `True`, `False` or `Conditional` for a modification.
    pub fn replacement(&self, with_values: bool) -> Option<&'static str> {
        if self.action != ChangeAction::Modify {
            return None;
        }
        let may_be = self
            .rows(with_values)
            .any(|row| row.recreation != Recreation::Never.as_str());
        Some(match (self.is_replaced, may_be) {
            (true, _) => "True",
            (false, true) => "Conditional",
            (false, false) => "False",
        })
    }

    /// Returns the attributes that change.
    pub fn scope(&self, with_values: bool) -> Vec<&str> {
        let scope: BTreeSet<_> = self
            .rows(with_values)
            .map(|row| row.attribute.as_str())
            .collect();
        scope.into_iter().collect()
    }
}

/// A side of the comparison.
pub struct Side<'a> {
    /// Template.
    pub template: &'a Template,
    /// Inputs.
    pub inputs: &'a Inputs,
}

/// Tells what a plan changes; the plan must have been made without foresight.
pub fn changes(plan: &Plan, before: &Side<'_>, after: &Side<'_>) -> Vec<ResourceChange> {
    let author = Author {
        before,
        after,
        new: plan
            .resources
            .iter()
            .filter(|planned| matches!(planned.action, Action::Create | Action::Replace))
            .map(|planned| planned.resource.logical_id.as_str())
            .collect(),
        parameters: changed_parameters(before.inputs, after.inputs),
    };
    let mut unsettled: BTreeSet<String> = plan
        .resources
        .iter()
        .filter(|planned| planned.action == Action::Modify)
        .map(|planned| planned.resource.logical_id.clone())
        .collect();
    let mut changes: Vec<_> = plan.removed.iter().map(removal).collect();
    for planned in &plan.resources {
        if planned.action == Action::Create {
            changes.push(addition(planned));
            continue;
        }
        let mut details = author.rows(planned);
        let dynamic = author.dynamic_rows(planned, &unsettled, &details);
        if !dynamic.is_empty() {
            unsettled.insert(planned.resource.logical_id.clone());
        }
        details.extend(dynamic);
        if !details.is_empty() {
            changes.push(modification(planned, details));
        }
    }
    changes.sort_by(|a, b| a.logical_id.cmp(&b.logical_id));
    changes
}

fn changed_parameters(before: &Inputs, after: &Inputs) -> BTreeSet<String> {
    after
        .parameters
        .iter()
        .filter(|now| {
            !before
                .parameters
                .iter()
                .any(|was| was.key == now.key && was.value == now.value)
        })
        .map(|now| now.key.clone())
        .collect()
}

fn context(resource: &Resource) -> String {
    let mut out = Map::new();
    out.insert("Properties".to_owned(), resource.shown().clone());
    for (name, value) in &resource.attributes {
        out.insert(name.clone(), value.clone());
    }
    Value::Object(out).to_string()
}

fn removal(resource: &Resource) -> ResourceChange {
    ResourceChange {
        action: ChangeAction::Remove,
        is_replaced: false,
        policy_action: Some(policy(resource.policy("DeletionPolicy")).to_owned()),
        logical_id: resource.logical_id.clone(),
        physical_id: Some(resource.physical_id.clone()),
        resource_type: resource.resource_type.clone(),
        change_set_id: None,
        details: Vec::new(),
        before_context: Some(context(resource)),
        after_context: None,
        previous_context: None,
        drift_status: None,
    }
}

fn policy(given: Option<&str>) -> &'static str {
    match given {
        Some("Retain" | "RetainExceptOnCreate") => "Retain",
        Some("Snapshot") => "Snapshot",
        _ => "Delete",
    }
}

fn addition(planned: &PlannedResource) -> ResourceChange {
    ResourceChange {
        action: ChangeAction::Add,
        is_replaced: false,
        policy_action: None,
        logical_id: planned.resource.logical_id.clone(),
        physical_id: None,
        resource_type: planned.resource.resource_type.clone(),
        change_set_id: None,
        details: Vec::new(),
        before_context: None,
        after_context: Some(context(&planned.resource)),
        previous_context: None,
        drift_status: None,
    }
}

fn modification(planned: &PlannedResource, details: Vec<Detail>) -> ResourceChange {
    let is_replaced = planned.action == Action::Replace;
    let before = planned.before.as_ref();
    ResourceChange {
        action: ChangeAction::Modify,
        is_replaced,
        policy_action: is_replaced.then(|| {
            let old = policy(planned.resource.policy("UpdateReplacePolicy"));
            format!("ReplaceAnd{old}")
        }),
        logical_id: planned.resource.logical_id.clone(),
        physical_id: before.map(|before| before.physical_id.clone()),
        resource_type: planned.resource.resource_type.clone(),
        change_set_id: None,
        details,
        before_context: before.map(context),
        after_context: Some(context(&planned.resource)),
        previous_context: None,
        drift_status: None,
    }
}
