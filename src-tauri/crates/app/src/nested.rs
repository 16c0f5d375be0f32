//! The templates of nested stacks as AWS holds them: of those deployed, and of those that an open
//! change set would deploy.
//!
//! What cannot be read is told with its reason; it is never taken to be the same.

use crate::{
    console::{Console, UseCase, UseCaseError},
    ports::TemplateStage,
};
use futures::future::{BoxFuture, FutureExt as _};
use interlock_domain::{Scope, change_set::ChangeSet, stack::Stack};
use interlock_stackdiff::{Budget, NestedTemplate, NestedTemplates, Template};
use std::sync::Arc;

/// Type of a nested stack.
const NESTED: &str = "AWS::CloudFormation::Stack";
/// Stacks that may be nested in one another.
const DEEPEST: usize = 8;

impl Console {
    /// The templates of the stacks nested in one that is deployed; `stacks` are all of its scope.
    pub(crate) async fn nested_in(
        &self,
        scope: &Scope,
        stack: &Stack,
        stacks: &[Stack],
        text: &str,
    ) -> NestedTemplates {
        self.inside(scope, stack, stacks, text, 0).await
    }

    fn inside<'a>(
        &'a self,
        scope: &'a Scope,
        stack: &'a Stack,
        stacks: &'a [Stack],
        text: &'a str,
        depth: usize,
    ) -> BoxFuture<'a, NestedTemplates> {
        async move {
            let mut found = NestedTemplates::default();
            let links = logical_ids(text);
            if links.is_empty() || depth >= DEEPEST {
                return found;
            }
            let reader = self.ports().stacks.clone();
            let resources = match reader.resources(scope, stack.name.as_str()).await {
                Ok(resources) => resources,
                Err(error) => {
                    for id in links {
                        let unread = unread(&stack.id, &id, &error.message);
                        found.0.insert(id, unread);
                    }
                    return found;
                }
            };
            for resource in resources
                .into_iter()
                .filter(|one| one.resource_type == NESTED)
            {
                let child = stacks
                    .iter()
                    .find(|other| resource.physical_id.as_deref() == Some(other.id.as_str()));
                let template = match child {
                    None => unread(&stack.id, &resource.logical_id, "AWS lists no such stack"),
                    Some(child) => self.deployed(scope, child, stacks, depth).await,
                };
                found.0.insert(resource.logical_id, template);
            }
            found
        }
        .boxed()
    }

    async fn deployed(
        &self,
        scope: &Scope,
        child: &Stack,
        stacks: &[Stack],
        depth: usize,
    ) -> NestedTemplate {
        let place = child.revision_key();
        match self
            .template_of(scope, child, TemplateStage::Original)
            .await
        {
            Err(error) => NestedTemplate::Unread {
                reason: format!("the template of {} was not read: {error}", child.name),
                place,
            },
            Ok(text) => match read(&text, child.name.as_str()) {
                Err(reason) => NestedTemplate::Unread { place, reason },
                Ok(template) => NestedTemplate::Read {
                    template,
                    inside: self.inside(scope, child, stacks, &text, depth + 1).await,
                    text,
                },
            },
        }
    }

    /// The templates of the stacks nested in one after an open change set; those that it leaves as
    /// they are included.
    pub(crate) async fn nested_of_change_set(
        &self,
        scope: &Scope,
        set: &ChangeSet,
        stacks: &[Stack],
        text: &str,
    ) -> NestedTemplates {
        let standing = stacks.iter().find(|stack| stack.id == set.stack_id);
        let mut found = match standing {
            Some(stack) => self.nested_in(scope, stack, stacks, text).await,
            None => NestedTemplates::default(),
        };
        // The outermost come first, so that each finds the one that it is nested in.
        let mut rows: Vec<_> = set
            .changes
            .iter()
            .filter_map(|row| Some((row, row.nested_change_set.as_deref()?)))
            .collect();
        rows.sort_by_key(|(row, _)| row.nested_in.len());
        for (row, id) in rows {
            let changer = self.ports().changer.clone();
            let stage = TemplateStage::Original;
            let asked = changer.change_set_template(scope, "", id, stage).await;
            let read = match asked {
                Ok(text) => read(&text, &row.logical_id).map(|template| (template, text)),
                Err(error) => Err(error.message),
            };
            let Some(place) = below(&mut found, &row.nested_in) else {
                continue;
            };
            let known = place.0.remove(&row.logical_id);
            let template = match read {
                Err(reason) => unread(id, &row.logical_id, &reason),
                Ok((template, text)) => NestedTemplate::Read {
                    template,
                    text: text.into(),
                    inside: match known {
                        Some(NestedTemplate::Read { inside, .. }) => inside,
                        _ => NestedTemplates::default(),
                    },
                },
            };
            place.0.insert(row.logical_id.clone(), template);
        }
        found
    }
}

/// The templates nested in the stack that a path leads to.
fn below<'n>(nested: &'n mut NestedTemplates, path: &[String]) -> Option<&'n mut NestedTemplates> {
    path.iter()
        .try_fold(nested, |nested, id| match nested.0.get_mut(id)? {
            NestedTemplate::Read { inside, .. } => Some(inside),
            NestedTemplate::Unread { .. } => None,
        })
}

/// The text of what is nested in a stack, by the logical ids that lead to it.
pub(crate) fn text_of(nested: &NestedTemplates, path: &[&str]) -> UseCase<Option<Arc<str>>> {
    let Some((id, rest)) = path.split_first() else {
        return Ok(None);
    };
    match nested.0.get(*id) {
        None => Ok(None),
        Some(NestedTemplate::Unread { reason, .. }) => Err(UseCaseError::Precondition {
            reason: reason.clone(),
        }),
        Some(NestedTemplate::Read { text, .. }) if rest.is_empty() => Ok(Some(text.clone())),
        Some(NestedTemplate::Read { inside, .. }) => text_of(inside, rest),
    }
}

/// The stacks that a template nests.
fn logical_ids(text: &str) -> Vec<String> {
    if !text.contains(NESTED) {
        return Vec::new();
    }
    let Ok(template) = read(text, "template") else {
        return Vec::new();
    };
    let links = template.nested_stacks().into_iter();
    links.map(|link| link.logical_id.to_owned()).collect()
}

fn read(text: &str, name: &str) -> Result<Box<Template>, String> {
    let template = Template::read(text.as_bytes(), name, &Budget::for_large_files());
    template.map(Box::new).map_err(|error| error.to_string())
}

fn unread(parent: &str, logical_id: &str, why: &str) -> NestedTemplate {
    NestedTemplate::Unread {
        place: format!("{parent} {logical_id}"),
        reason: format!("the template of {logical_id} was not read: {why}"),
    }
}
