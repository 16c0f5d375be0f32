//! The rows of a change set: what AWS says it would do to each resource, and why.
//!
//! AWS tells two stories. With property values, attributes of resources that change in place are taken as they are now;
//! without, every property that reads such an attribute is listed as a dynamic change. Rows carry which story they
//! belong to. The rules were read off recorded answers of AWS.

use super::model::{Inputs, Resource};
use super::plan::{Action, Plan, PlannedResource};
use super::resource_types::{self, Recreation};
use super::template::evaluate::{function, text_of};
use super::template::{References, Template};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

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
    }
}

struct Author<'a> {
    before: &'a Side<'a>,
    after: &'a Side<'a>,
    new: BTreeSet<&'a str>,
    parameters: BTreeSet<String>,
}

impl Author<'_> {
    fn rows(&self, planned: &PlannedResource) -> Vec<Detail> {
        let Some(before) = &planned.before else {
            return Vec::new();
        };
        let mut rows = Vec::new();
        let (was, now) = (&before.properties, &planned.resource.properties);
        let (shown_was, shown_now) = (before.shown(), planned.resource.shown());
        for path in differing_paths(was, now) {
            self.property_rows(planned, &path, shown_was, shown_now, &mut rows);
        }
        let names: BTreeSet<_> = before
            .attributes
            .keys()
            .chain(planned.resource.attributes.keys())
            .collect();
        for name in names {
            let was = before.attributes.get(name);
            let now = planned.resource.attributes.get(name);
            if was != now {
                rows.push(Detail {
                    story: Story::Both,
                    attribute: name.clone(),
                    name: None,
                    path: Some(format!("/{name}")),
                    recreation: Recreation::Never.as_str().to_owned(),
                    before: was.map(text_of),
                    after: now.map(text_of),
                    is_static: true,
                    source: "DirectModification".to_owned(),
                    cause: None,
                });
            }
        }
        if self.before.inputs.tags != self.after.inputs.tags
            && resource_types::takes_tags(&planned.resource.resource_type)
        {
            rows.push(Detail {
                story: Story::Both,
                attribute: "Tags".to_owned(),
                name: None,
                path: None,
                recreation: Recreation::Never.as_str().to_owned(),
                before: None,
                after: None,
                is_static: true,
                source: "DirectModification".to_owned(),
                cause: None,
            });
        }
        rows
    }

    fn expression<'b>(side: &'b Side<'_>, planned: &PlannedResource) -> Option<&'b Value> {
        side.template
            .resources()
            .get(&planned.resource.logical_id)?
            .get("Properties")
    }

    fn property_rows(
        &self,
        planned: &PlannedResource,
        path: &[String],
        was: &Value,
        now: &Value,
        rows: &mut Vec<Detail>,
    ) {
        let Some(property) = path.first() else {
            return;
        };
        let expression = Self::expression(self.after, planned).map(|all| follow(all, path));
        let found = expression.map_or_else(References::default, |expression| {
            References::through_conditions(expression, self.after.template)
        });
        let is_edited =
            Self::expression(self.before, planned).map(|all| follow(all, path)) != expression;
        let row = |story, source: &str, is_static, cause: Option<String>| Detail {
            story,
            attribute: "Properties".to_owned(),
            name: Some(property.clone()),
            path: Some(format!("/Properties{}", pointer(path))),
            recreation: resource_types::recreation(&planned.resource.resource_type, property)
                .as_str()
                .to_owned(),
            before: at(was, path).map(text_of),
            after: at(now, path).map(text_of),
            is_static,
            source: source.to_owned(),
            cause,
        };
        let mut has_parameter = false;
        let mut has_resource = false;
        for name in &found.names {
            if self.parameters.contains(name) {
                has_parameter = true;
                rows.push(row(
                    Story::Both,
                    "ParameterReference",
                    true,
                    Some(name.clone()),
                ));
            } else if self.new.contains(name.as_str()) {
                has_resource = true;
                rows.push(row(
                    Story::Both,
                    "ResourceReference",
                    true,
                    Some(name.clone()),
                ));
            }
        }
        for (resource, attribute) in &found.attributes {
            if self.new.contains(resource.as_str()) {
                has_resource = true;
                let cause = Some(format!("{resource}.{attribute}"));
                rows.push(row(Story::Both, "ResourceAttribute", true, cause));
            }
        }
        let story = if has_resource && !has_parameter && !is_edited {
            Story::WithValues
        } else {
            Story::Both
        };
        let is_static = !has_parameter && !has_resource;
        rows.push(row(story, "DirectModification", is_static, None));
    }

    /// Lists properties that read an attribute of a resource that changes in place.
    fn dynamic_rows(
        &self,
        planned: &PlannedResource,
        unsettled: &BTreeSet<String>,
        rows: &[Detail],
    ) -> Vec<Detail> {
        let Some(properties) = Self::expression(self.after, planned).and_then(Value::as_object)
        else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for (property, expression) in properties {
            if !planned
                .resource
                .properties
                .as_object()
                .is_some_and(|all| all.contains_key(property))
            {
                continue;
            }
            let is_certain = rows
                .iter()
                .any(|row| row.name.as_ref() == Some(property) && row.is_static);
            for (resource, attribute) in References::of(expression).attributes {
                if is_certain || !unsettled.contains(&resource) {
                    continue;
                }
                let recreation =
                    resource_types::recreation(&planned.resource.resource_type, property);
                out.push(Detail {
                    story: Story::WithoutValues,
                    attribute: "Properties".to_owned(),
                    name: Some(property.clone()),
                    path: None,
                    recreation: recreation.as_str().to_owned(),
                    before: None,
                    after: None,
                    is_static: false,
                    source: "ResourceAttribute".to_owned(),
                    cause: Some(format!("{resource}.{attribute}")),
                });
            }
        }
        out
    }
}

/// Follows a path into an expression as far as it goes without entering a function.
fn follow<'a>(expression: &'a Value, path: &[String]) -> &'a Value {
    let mut here = expression;
    for step in path {
        if here.as_object().is_some_and(|map| function(map).is_some()) {
            break;
        }
        match child(here, step) {
            Some(next) => here = next,
            None => break,
        }
    }
    here
}

fn child<'a>(value: &'a Value, step: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) => map.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}

fn at<'a>(value: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(value, |here, step| child(here, step))
}

/// Writes a path as a JSON pointer.
pub fn pointer(path: &[String]) -> String {
    path.iter().fold(String::new(), |mut text, step| {
        text.push('/');
        text.push_str(&step.replace('~', "~0").replace('/', "~1"));
        text
    })
}

/// Returns the paths at which two values differ, as deep as both have the same shape.
pub fn differing_paths(before: &Value, after: &Value) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    differ(before, after, &mut Vec::new(), &mut out);
    out
}

fn differ(before: &Value, after: &Value, path: &mut Vec<String>, out: &mut Vec<Vec<String>>) {
    match (before, after) {
        _ if before == after => {}
        (Value::Object(was), Value::Object(now)) => {
            let both: BTreeMap<&String, (Option<&Value>, Option<&Value>)> = was
                .keys()
                .chain(now.keys())
                .map(|key| (key, (was.get(key), now.get(key))))
                .collect();
            for (key, sides) in both {
                path.push(key.clone());
                match sides {
                    (Some(was), Some(now)) => differ(was, now, path, out),
                    _ => out.push(path.clone()),
                }
                path.pop();
            }
        }
        (Value::Array(was), Value::Array(now)) if was.len() == now.len() => {
            for (index, (was, now)) in was.iter().zip(now).enumerate() {
                path.push(index.to_string());
                differ(was, now, path, out);
                path.pop();
            }
        }
        // The root of two different shapes has no path of its own.
        _ => out.push(path.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn differences_are_found_as_deep_as_shapes_agree() {
        let before = json!({"A": {"B": "1", "C": ["x", "y"]}, "D": ["1"], "E~/": "1"});
        let after = json!({"A": {"B": "2", "C": ["x", "z"]}, "D": ["1", "2"], "F": "1"});
        let paths: Vec<_> = differing_paths(&before, &after)
            .iter()
            .map(|path| pointer(path))
            .collect();
        assert_eq!(paths, ["/A/B", "/A/C/1", "/D", "/E~0~1", "/F"]);
        assert!(differing_paths(&after, &after).is_empty());
    }
}
