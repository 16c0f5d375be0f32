//! What an operation would do: every resource worked out against what the stack has, in order of dependency.
//!
//! Identifiers of new resources are decided here, so that whatever refers to them is known at once and an operation is
//! a timeline without surprises.

mod decision;

pub use decision::changed_properties;

use super::error::{AwsError, AwsResult};
use super::model::{Inputs, Output, Resource};
use super::nested::{Children, NESTED};
use super::resource_types::{self, Place};
use super::template::evaluate::text_of;
use super::template::order::in_order;
use super::template::parameters::{self, Stored};
use super::template::{Evaluated, KNOWN_AFTER_APPLY, Known, ResourceView, Scope, Template};
use decision::decide;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What happens to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing.
    Keep,
    /// It is created.
    Create,
    /// It is changed in place.
    Modify,
    /// A new one takes its place.
    Replace,
}

/// A resource of the target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedResource {
    /// What happens to it.
    pub action: Action,
    /// How it will be.
    pub resource: Resource,
    /// How it is.
    pub before: Option<Resource>,
    /// Resources of the target that must be there first.
    pub needs: BTreeSet<String>,
}

/// What an operation would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The target's resources in order of dependency.
    pub resources: Vec<PlannedResource>,
    /// Resources that go.
    pub removed: Vec<Resource>,
    /// The target's outputs.
    pub outputs: Vec<Output>,
    /// Exports that the target imports.
    pub imports: BTreeSet<String>,
}

impl Plan {
    /// Reports whether the stack would stay as it is.
    pub fn changes_nothing(&self) -> bool {
        self.removed.is_empty()
            && self
                .resources
                .iter()
                .all(|planned| planned.action == Action::Keep)
    }
}

/// The stack that is planned for.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// Account id.
    pub account: &'a str,
    /// Region.
    pub region: &'a str,
    /// Stack name.
    pub name: &'a str,
    /// Stack ARN.
    pub id: &'a str,
    /// Makes identifiers of this operation differ from those of others.
    pub generation: u64,
    /// What the stack has.
    pub before: &'a [Resource],
    /// Tags that it has.
    pub tags_before: &'a [(String, String)],
    /// Exports of the account and region.
    pub exports: &'a BTreeMap<String, String>,
    /// Nested stacks.
    pub children: &'a dyn Children,
    /// Physical ids of existing resources that are taken over.
    pub adopted: &'a BTreeMap<String, String>,
}

/// How much is known of new resources while values are worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foresight {
    /// Identifiers are decided: an operation.
    Full,
    /// Identifiers of new resources are unknown: a change set.
    None,
}

struct View<'a> {
    subject: Subject<'a>,
    planned: RefCell<BTreeMap<String, (Resource, bool)>>,
    child_outputs: RefCell<BTreeMap<String, Vec<Output>>>,
    foresight: Foresight,
}

impl ResourceView for View<'_> {
    fn value(&self, logical_id: &str, attribute: Option<&str>) -> AwsResult<Known> {
        let planned = self.planned.borrow();
        let Some((resource, is_new)) = planned.get(logical_id) else {
            return Err(AwsError::validation(format!(
                "Template format error: Unresolved resource dependencies [{logical_id}] in the Resources block of the template"
            )));
        };
        let place = place_of(&self.subject, logical_id, &resource.seed);
        let outputs = self.child_outputs.borrow();
        let output = attribute
            .and_then(|name| name.strip_prefix("Outputs."))
            .and_then(|key| outputs.get(logical_id)?.iter().find(|one| one.key == key));
        let value = match attribute {
            Some(_) if output.is_some() => output.map(|one| Value::from(one.value.clone())),
            None => Some(Value::from(resource.physical_id.clone())),
            Some(name) => resource_types::attribute(
                &resource.resource_type,
                name,
                &resource.physical_id,
                &resource.properties,
                place,
            ),
        };
        let value = value.ok_or_else(|| {
            AwsError::validation(format!(
                "Template error: resource {logical_id} does not support attribute type {} in Fn::GetAtt",
                attribute.unwrap_or_default()
            ))
        })?;
        Ok(if *is_new && self.foresight == Foresight::None {
            Known::AfterApply
        } else {
            Known::Value(value)
        })
    }
}

fn place_of<'a>(subject: &Subject<'a>, logical_id: &'a str, seed: &'a str) -> Place<'a> {
    Place {
        account: subject.account,
        region: subject.region,
        stack: subject.name,
        logical_id,
        seed,
    }
}

/// Works out what giving a stack these inputs would do.
pub fn plan(
    subject: Subject<'_>,
    template: &Template,
    inputs: &Inputs,
    foresight: Foresight,
) -> AwsResult<Plan> {
    let values = parameters::effective(template, &inputs.parameters);
    let masked: Vec<Stored> = inputs.parameters.iter().map(mask).collect();
    let masked_values = parameters::effective(template, &masked);
    let has_secrets = inputs.parameters.iter().any(|one| one.no_echo);
    let view = View {
        subject,
        planned: RefCell::default(),
        child_outputs: RefCell::default(),
        foresight,
    };
    let scope_of = |parameters| Scope {
        template,
        parameters,
        account: subject.account,
        region: subject.region,
        stack_name: subject.name,
        stack_id: subject.id,
        notification_arns: &inputs.notification_arns,
        exports: subject.exports,
        resources: &view,
        conditions: RefCell::default(),
        imported: RefCell::default(),
    };
    let scope = scope_of(&values);
    let mut wanted = Vec::new();
    for (id, declaration) in template.resources() {
        if scope.is_wanted(declaration)? {
            wanted.push((id.as_str(), declaration));
        }
    }
    refuse_other_types(&subject, &wanted)?;
    let tags_change = subject.tags_before != inputs.tags.as_slice();
    let mut plan = Plan::default();
    for (id, declaration, needs) in in_order(&wanted)? {
        let properties = properties(&scope, declaration)?;
        let shown = has_secrets
            .then(|| shown_properties(&scope_of(&masked_values), declaration))
            .flatten()
            .filter(|shown| *shown != properties);
        let before = subject
            .before
            .iter()
            .find(|resource| resource.logical_id == id && !resource.is_deleted());
        let mut planned = decide(&subject, id, declaration, properties, before, tags_change);
        planned.needs = needs;
        planned.resource.shown = shown;
        let is_new = matches!(planned.action, Action::Create | Action::Replace);
        if planned.resource.resource_type == NESTED {
            let children = subject.children;
            let id = &planned.resource.physical_id;
            let is_present = planned.action == Action::Keep
                || (planned.action == Action::Modify && foresight == Foresight::None);
            let outputs = if is_present {
                children.present(id)
            } else {
                children.outputs(id, &planned.resource.properties)?
            };
            view.child_outputs
                .borrow_mut()
                .insert(planned.resource.logical_id.clone(), outputs);
        }
        // A change set takes the attributes of a resource that changes in place as they are now.
        let seen = match (&planned.before, planned.action, foresight) {
            (Some(before), Action::Modify, Foresight::None) => before.clone(),
            _ => planned.resource.clone(),
        };
        view.planned
            .borrow_mut()
            .insert(id.to_owned(), (seen, is_new));
        plan.resources.push(planned);
    }
    plan.removed = subject
        .before
        .iter()
        .filter(|resource| !resource.is_deleted())
        .filter(|resource| !wanted.iter().any(|(id, _)| *id == resource.logical_id))
        .cloned()
        .collect();
    plan.outputs = outputs(&scope, template)?;
    plan.imports = scope.imported.take();
    Ok(plan)
}

fn refuse_other_types(subject: &Subject<'_>, wanted: &[(&str, &Value)]) -> AwsResult<()> {
    let changed: Vec<_> = wanted
        .iter()
        .filter(|(id, declaration)| {
            let before = subject
                .before
                .iter()
                .find(|resource| resource.logical_id == *id && !resource.is_deleted());
            before.is_some_and(|before| {
                declaration.get("Type").and_then(Value::as_str)
                    != Some(before.resource_type.as_str())
            })
        })
        .map(|(id, _)| *id)
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    Err(AwsError::validation(format!(
        "Update of resource type is not permitted. The new template modifies resource type of the following resources: [{}]",
        changed.join(", ")
    )))
}

fn mask(stored: &Stored) -> Stored {
    let mut masked = stored.clone();
    if masked.no_echo {
        "****".clone_into(&mut masked.value);
        masked.resolved = None;
    }
    masked
}

fn properties(scope: &Scope<'_>, declaration: &Value) -> AwsResult<Value> {
    let Some(raw) = declaration.get("Properties").and_then(Value::as_object) else {
        return Ok(Value::Object(Map::new()));
    };
    let mut out = Map::new();
    for (key, expression) in raw {
        match scope.evaluate(expression)? {
            Evaluated::Nothing => {}
            other => {
                out.insert(key.clone(), other.into_value());
            }
        }
    }
    Ok(Value::Object(out))
}

/// Works the properties out with secrets masked; functions that take a masked value apart may fail, and then all is masked.
fn shown_properties(scope: &Scope<'_>, declaration: &Value) -> Option<Value> {
    let raw = declaration.get("Properties").and_then(Value::as_object)?;
    let out = raw
        .iter()
        .filter_map(|(key, expression)| match scope.evaluate(expression) {
            Ok(Evaluated::Nothing) => None,
            Ok(value) => Some((key.clone(), value.into_value())),
            Err(_) => Some((key.clone(), Value::from("****"))),
        })
        .collect();
    Some(Value::Object(out))
}

fn outputs(scope: &Scope<'_>, template: &Template) -> AwsResult<Vec<Output>> {
    let mut out = Vec::new();
    for (key, declaration) in template.outputs() {
        if !scope.is_wanted(declaration)? {
            continue;
        }
        let text = |value: Option<&Value>| -> AwsResult<Option<String>> {
            match value.map(|value| scope.evaluate(value)).transpose()? {
                Some(Evaluated::Value(Value::Array(items))) => Ok(Some(
                    items.iter().map(text_of).collect::<Vec<_>>().join(","),
                )),
                Some(Evaluated::Value(value)) => Ok(Some(text_of(&value))),
                Some(Evaluated::AfterApply) => Ok(Some(KNOWN_AFTER_APPLY.to_owned())),
                Some(Evaluated::Nothing) | None => Ok(None),
            }
        };
        let Some(value) = text(declaration.get("Value"))? else {
            continue;
        };
        let export = declaration
            .get("Export")
            .and_then(|export| export.get("Name"));
        out.push(Output {
            key: key.clone(),
            value,
            description: declaration
                .get("Description")
                .and_then(Value::as_str)
                .map(str::to_owned),
            export: text(export)?,
        });
    }
    Ok(out)
}
