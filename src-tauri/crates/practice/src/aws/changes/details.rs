//! The rows of one change: which attribute or property differs, from what to what, and what causes it.

use super::paths::{at, differing_paths, follow, pointer};
use super::{Detail, Side, Story};
use crate::aws::plan::PlannedResource;
use crate::aws::resource_types::{self, Recreation};
use crate::aws::template::References;
use crate::aws::template::evaluate::text_of;
use serde_json::Value;
use std::collections::BTreeSet;

/// Writes rows with both sides before it.
pub(super) struct Author<'a> {
    /// The stack as it is.
    pub(super) before: &'a Side<'a>,
    /// The stack as it would be.
    pub(super) after: &'a Side<'a>,
    /// Resources that would be new.
    pub(super) new: BTreeSet<&'a str>,
    /// Parameters whose value changes.
    pub(super) parameters: BTreeSet<String>,
}

impl Author<'_> {
    /// Lists what differs in a resource, with its causes.
    pub(super) fn rows(&self, planned: &PlannedResource) -> Vec<Detail> {
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
                    drift: None,
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
                drift: None,
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
            drift: None,
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
    pub(super) fn dynamic_rows(
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
                    drift: None,
                });
            }
        }
        out
    }
}
