//! Resource import: a stack takes over resources that exist and belong to no stack.
//!
//! In the practice accounts those are resources that a deletion or an update has left behind, and parameters of the
//! store that no stack owns.

use super::changes::{ChangeAction, ResourceChange};
use super::error::{AwsError, AwsResult};
use super::estate::{Estate, Site};
use super::model::Resource;
use super::plan::{Action, Plan};
use super::template::Template;
use serde_json::Value;
use std::collections::BTreeMap;

/// A resource that a stack is to take over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adoption {
    /// Type.
    pub resource_type: String,
    /// Logical id that it gets.
    pub logical_id: String,
    /// Names and values of what identifies it.
    pub identifier: Vec<(String, String)>,
}

impl Adoption {
    /// Returns the physical id that follows from the identifier.
    pub fn physical_id(&self) -> String {
        let values: Vec<_> = self
            .identifier
            .iter()
            .map(|(_, value)| value.as_str())
            .collect();
        values.join("|")
    }
}

/// Checks the resources to import against the template and what the stack has; returns physical ids by logical id.
pub fn check(
    adoptions: &[Adoption],
    template: &Template,
    live: &[Resource],
) -> AwsResult<BTreeMap<String, String>> {
    let mut ids = BTreeMap::new();
    for adoption in adoptions {
        let id = &adoption.logical_id;
        let Some(declaration) = template.resources().get(id) else {
            return Err(AwsError::validation(format!(
                "Resources [{id}] to import are not in the template"
            )));
        };
        let declared = declaration.get("Type").and_then(Value::as_str);
        if declared != Some(adoption.resource_type.as_str()) {
            return Err(AwsError::validation(format!(
                "Resource [{id}] to import is of type {} in the template, not of type {}",
                declared.unwrap_or_default(),
                adoption.resource_type
            )));
        }
        if declaration.get("DeletionPolicy").is_none() {
            return Err(AwsError::validation(format!(
                "Following resources to import [{id}] must have DeletionPolicy attribute specified in the template."
            )));
        }
        if live.iter().any(|r| r.logical_id == *id && !r.is_deleted()) {
            return Err(AwsError::validation(format!(
                "Resources [{id}] to import are in the stack already"
            )));
        }
        if adoption
            .identifier
            .iter()
            .any(|(_, value)| value.is_empty())
            || adoption.identifier.is_empty()
        {
            return Err(AwsError::validation(format!(
                "Resource [{id}] to import has no identifier"
            )));
        }
        if ids.insert(id.clone(), adoption.physical_id()).is_some() {
            return Err(AwsError::validation(format!(
                "Resource [{id}] is to be imported twice"
            )));
        }
    }
    Ok(ids)
}

/// Makes imports of a change set's additions; anything else that changes is refused.
pub fn as_imports(
    changes: Vec<ResourceChange>,
    ids: &BTreeMap<String, String>,
) -> AwsResult<Vec<ResourceChange>> {
    let strangers: Vec<_> = changes
        .iter()
        .filter(|change| !ids.contains_key(&change.logical_id))
        .map(|change| change.logical_id.as_str())
        .collect();
    if !strangers.is_empty() {
        return Err(AwsError::validation(format!(
            "As part of the import operation, you cannot modify or add [{}]",
            strangers.join(", ")
        )));
    }
    Ok(changes
        .into_iter()
        .map(|change| ResourceChange {
            action: ChangeAction::Import,
            physical_id: ids.get(&change.logical_id).cloned(),
            ..change
        })
        .collect())
}

impl Estate {
    /// Reports whether a resource exists that no stack owns.
    fn is_left_over(&self, site: &Site, resource_type: &str, physical_id: &str) -> bool {
        let is_stored = resource_type == "AWS::SSM::Parameter"
            && self
                .store
                .iter()
                .any(|one| one.site == *site && one.name == physical_id);
        is_stored
            || self
                .stacks
                .iter()
                .filter(|stack| stack.account == site.account && stack.region == site.region)
                .flat_map(|stack| &stack.events)
                .any(|event| {
                    event.status == "DELETE_SKIPPED"
                        && event.physical_id == physical_id
                        && event.resource_type == resource_type
                })
    }

    /// Returns the resources that cannot be taken over, with their reasons.
    pub(super) fn import_failures(&self, index: usize, plan: &Plan) -> BTreeMap<String, String> {
        let stack = &self.stacks[index];
        let site = Site::new(&stack.account, &stack.region);
        plan.resources
            .iter()
            .filter(|planned| planned.action == Action::Create)
            .filter_map(|planned| {
                let resource = &planned.resource;
                let (kind, id) = (&resource.resource_type, &resource.physical_id);
                let reason = if let Some((owner, _)) =
                    self.resource_elsewhere(&site, &stack.id, kind, id)
                {
                    format!("{id} already exists in stack {}", owner.id)
                } else if self.is_left_over(&site, kind, id) {
                    return None;
                } else {
                    format!(
                        "Resource of type '{kind}' with identifier '{id}' was not found. (HandlerErrorCode: NotFound)"
                    )
                };
                Some((resource.logical_id.clone(), reason))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adoption(id: &str, resource_type: &str) -> Adoption {
        Adoption {
            resource_type: resource_type.to_owned(),
            logical_id: id.to_owned(),
            identifier: vec![("TableName".to_owned(), "t".to_owned())],
        }
    }

    #[test]
    fn what_is_imported_must_be_in_the_template_and_kept_on_deletion() {
        let template = Template::read(
            "Resources: {A: {Type: 'AWS::DynamoDB::Table', DeletionPolicy: Retain}, B: {Type: 'AWS::DynamoDB::Table'}}",
        )
        .unwrap();
        let table = "AWS::DynamoDB::Table";
        let ids = check(&[adoption("A", table)], &template, &[]).unwrap();
        assert_eq!(ids["A"], "t");
        for (wrong, words) in [
            (vec![adoption("B", table)], "must have DeletionPolicy"),
            (vec![adoption("C", table)], "not in the template"),
            (
                vec![adoption("A", "AWS::SQS::Queue")],
                "is of type AWS::DynamoDB::Table",
            ),
            (
                vec![adoption("A", table), adoption("A", table)],
                "imported twice",
            ),
            (
                vec![Adoption {
                    identifier: Vec::new(),
                    ..adoption("A", table)
                }],
                "has no identifier",
            ),
        ] {
            let error = check(&wrong, &template, &[]).unwrap_err();
            assert!(error.message.contains(words), "{error}");
        }
    }
}
