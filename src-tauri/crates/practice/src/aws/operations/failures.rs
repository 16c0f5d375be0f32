//! What will go wrong: failures that were asked for, names that are taken, exports that others use.

use crate::aws::estate::{Estate, Site};
use crate::aws::model::{Resource, Stack};
use crate::aws::nested::{NESTED, template_url};
use crate::aws::plan::{Action, Plan, PlannedResource};
use crate::aws::resource_types::{self, uuid_of};
use crate::aws::stack_policy::{self, Wish};
use crate::aws::timeline::asked_failure;
use crate::faults::matches_glob;
use serde_json::Value;
use std::collections::BTreeMap;

impl Estate {
    /// Returns the resources that will fail, with their reasons.
    pub(super) fn failures_of(&mut self, index: usize, plan: &Plan) -> BTreeMap<String, String> {
        let stack = &self.stacks[index];
        let site = Site::new(&stack.account, &stack.region);
        let (stack_id, stack_name) = (stack.id.clone(), stack.name.clone());
        let mut failures = policy_denials(stack, plan);
        for planned in plan.resources.iter().filter(|p| p.action != Action::Keep) {
            let reason = asked_failure(&planned.resource.properties)
                .map(|text| handler_message(&text, &planned.resource.seed))
                .or_else(|| self.name_conflict(&site, &stack_id, planned))
                .or_else(|| self.missing_template(planned));
            if let Some(reason) = reason {
                failures
                    .entry(planned.resource.logical_id.clone())
                    .or_insert(reason);
            }
        }
        for rule in &mut self.failures {
            let hit = plan.resources.iter().find(|planned| {
                planned.action != Action::Keep
                    && matches_glob(&rule.stack, &stack_name)
                    && matches_glob(&rule.resource, &planned.resource.logical_id)
            });
            if let Some(planned) = hit.filter(|_| rule.times > 0) {
                rule.times -= 1;
                failures.insert(
                    planned.resource.logical_id.clone(),
                    handler_message(&rule.reason, &planned.resource.seed),
                );
            }
        }
        self.failures.retain(|rule| rule.times > 0);
        failures
    }

    fn missing_template(&self, planned: &PlannedResource) -> Option<String> {
        let resource = &planned.resource;
        let is_missing = resource.resource_type == NESTED
            && self
                .sources
                .get(template_url(&resource.properties))
                .is_none();
        is_missing.then(|| "S3 error: Access Denied".to_owned())
    }

    fn name_conflict(
        &self,
        site: &Site,
        stack_id: &str,
        planned: &PlannedResource,
    ) -> Option<String> {
        let resource = &planned.resource;
        let property = resource_types::name_property(&resource.resource_type)?;
        let name = resource.properties.get(property)?.as_str()?;
        match planned.action {
            Action::Keep | Action::Modify => None,
            Action::Replace => planned
                .before
                .as_ref()
                .filter(|before| before.properties.get(property).and_then(Value::as_str) == Some(name))
                .map(|_| {
                    format!("CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {name} and update the stack again.")
                }),
            Action::Create => {
                let elsewhere = self.resource_elsewhere(site, stack_id, &resource.resource_type, &resource.physical_id);
                if let Some((owner, _)) = elsewhere {
                    return Some(format!("{name} already exists in stack {}", owner.id));
                }
                let is_stored = resource.resource_type == "AWS::SSM::Parameter"
                    && self.store.iter().any(|one| one.site == *site && one.name == name);
                is_stored.then(|| format!("{name} already exists"))
            }
        }
    }

    /// Returns why the stack as a whole will fail: exports in use or taken.
    pub(super) fn refusal_of(&self, index: usize, plan: &Plan) -> Option<String> {
        let stack = &self.stacks[index];
        let site = Site::new(&stack.account, &stack.region);
        let denied = plan
            .removed
            .iter()
            .find_map(|resource| denial_of(stack, "Update:Delete", resource));
        if denied.is_some() {
            return denied;
        }
        for output in &stack.live.outputs {
            let Some(name) = &output.export else {
                continue;
            };
            let after = plan
                .outputs
                .iter()
                .find(|after| after.export.as_ref() == Some(name));
            let verb = match after {
                Some(after) if after.value == output.value => continue,
                Some(_) => "updated",
                None => "deleted",
            };
            let users: Vec<_> = self
                .importers(&site, name)
                .into_iter()
                .filter(|user| *user != stack.name)
                .collect();
            if !users.is_empty() {
                return Some(format!(
                    "Export {name} cannot be {verb} as it is in use by {}",
                    users.join(", ")
                ));
            }
        }
        let taken = self.exports(&site);
        plan.outputs.iter().find_map(|output| {
            let name = output.export.as_ref()?;
            let (_, owner) = taken.get(name)?;
            let owner_name = owner.split('/').nth(1).unwrap_or(owner);
            (*owner != stack.id).then(|| {
                format!("Export with name {name} is already exported by stack {owner_name}")
            })
        })
    }
}

/// Returns what the stack's policy does not allow.
///
/// AWS refuses a removal when it cleans up; here the whole update fails for it as well, with the reason on the stack.
fn policy_denials(stack: &Stack, plan: &Plan) -> BTreeMap<String, String> {
    plan.resources
        .iter()
        .filter_map(|planned| {
            let action = match planned.action {
                Action::Keep | Action::Create => return None,
                Action::Modify => "Update:Modify",
                Action::Replace => "Update:Replace",
            };
            let resource = &planned.resource;
            let reason = denial_of(stack, action, resource)?;
            Some((resource.logical_id.clone(), reason))
        })
        .collect()
}

fn denial_of(stack: &Stack, action: &str, resource: &Resource) -> Option<String> {
    let wish = Wish {
        action,
        logical_id: &resource.logical_id,
        resource_type: &resource.resource_type,
    };
    stack_policy::denial(stack.policy.as_deref(), wish)
}

fn handler_message(text: &str, seed: &str) -> String {
    format!(
        "Resource handler returned message: \"{text}\" (RequestToken: {}, HandlerErrorCode: GeneralServiceException)",
        uuid_of(&format!("{seed}/handler"))
    )
}
