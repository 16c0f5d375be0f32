//! What the accounts have when the estate is first started: stacks, their past updates, parameters and drift.

use super::deploy::supplied;
use super::{Cloud, CloudError, SeedDrift, SeedStack, SeedUpdate};
use crate::aws::change_sets::ChangeSetRequest;
use crate::aws::estate::{Estate, Site, StoreParameter};
use crate::aws::model::{Stack, StackStatus};
use crate::aws::operations::{Forced, Request, any_capability};
use crate::aws::template::Template;
use jiff::SignedDuration;

impl Cloud {
    /// Puts a parameter into an account's parameter store; one that no stack owns.
    pub fn seed_parameter(&self, account: &str, region: &str, name: &str, value: &str) {
        let site = Site::new(account, region);
        self.change(|estate, _| {
            estate
                .store
                .retain(|known| known.site != site || known.name != name);
            estate.store.push(StoreParameter {
                site,
                name: name.to_owned(),
                value: value.to_owned(),
            });
        });
    }

    /// Changes the past, in which operations lasted as long as they do at the usual pace.
    fn change_past<T>(&self, act: impl FnOnce(&mut Estate) -> T) -> T {
        self.change(|estate, _| {
            let pace = std::mem::replace(&mut estate.pace, 1.0);
            let result = act(estate);
            estate.pace = pace;
            result
        })
    }

    /// Puts a stack into an account, with the events of its creation; an existing one of that name stays.
    ///
    /// One in `REVIEW_IN_PROGRESS` gets a change set that would create it, named by the token.
    pub fn seed_stack(&self, seed: SeedStack) -> Result<(), CloudError> {
        let site = Site::new(&seed.account, &seed.region);
        self.change_past(|estate| {
            if estate.find(&site, &seed.name).is_some() {
                return Ok(());
            }
            let request = Request {
                stack: seed.name.clone(),
                template: Some(seed.template.clone()),
                parameters: supplied(&seed.parameters),
                tags: Some(seed.tags.clone()),
                capabilities: any_capability(),
                token: seed.token.clone(),
                termination_protection: seed.termination_protection,
                ..Request::default()
            };
            if seed.status == Some(StackStatus::ReviewInProgress) {
                let wanted = ChangeSetRequest {
                    name: seed.token.clone().unwrap_or_else(|| "create".to_owned()),
                    request,
                    creates: true,
                    ..ChangeSetRequest::default()
                };
                estate.create_change_set(&site, &wanted, seed.created_at)?;
                return Ok(());
            }
            let forced = Forced {
                failure: None,
                is_seed: true,
            };
            let index = estate.create_stack(&site, &request, seed.created_at, &forced)?;
            as_declared(&mut estate.stacks[index], &seed.template);
            estate.finish(index);
            if let Some(at) = seed.updated_at.filter(|at| *at > seed.created_at) {
                estate.stacks[index].updated_at = Some(at);
            }
            let parent = seed
                .parent
                .as_ref()
                .and_then(|name| estate.find(&site, name));
            let parent = parent.map(|parent| estate.stacks[parent].id.clone());
            let stack = &mut estate.stacks[index];
            stack.parent = parent;
            if let Some(drift) = seed.drift {
                put_drift(stack, drift);
            }
            if let Some(status) = seed.status {
                stack.status = status;
            }
            Ok(())
        })
    }

    /// Replays an update that took place in the past; updates of a stack must come in order of time.
    pub fn seed_update(&self, seed: SeedUpdate) -> Result<(), CloudError> {
        let site = Site::new(&seed.account, &seed.region);
        self.change_past(|estate| {
            let request = Request {
                stack: seed.name.clone(),
                template: Some(seed.template.clone()),
                parameters: supplied(&seed.parameters),
                tags: Some(seed.tags.clone()),
                capabilities: any_capability(),
                token: seed.token.clone(),
                ..Request::default()
            };
            let forced = Forced {
                failure: seed.failure.clone(),
                is_seed: true,
            };
            let index = estate.update_stack(&site, &request, seed.started_at, &forced)?;
            as_declared(&mut estate.stacks[index], &seed.template);
            estate.finish(index);
            Ok(())
        })
    }

    /// Changes resources past CloudFormation, as somebody at a console would.
    pub fn drift(
        &self,
        account: &str,
        region: &str,
        stack: &str,
        drift: SeedDrift,
    ) -> Result<(), CloudError> {
        let site = Site::new(account, region);
        self.change(|estate, _| {
            let index = estate.require_to_change(&site, stack)?;
            put_drift(&mut estate.stacks[index], drift);
            Ok(())
        })
    }
}

/// Lets a seeded stack acknowledge no more capabilities than its template needs.
fn as_declared(stack: &mut Stack, template: &str) {
    let needed: Vec<String> = Template::read(template)
        .map(|template| template.capabilities().0)
        .unwrap_or_default()
        .into_iter()
        .map(str::to_owned)
        .collect();
    stack.live.inputs.capabilities.clone_from(&needed);
    if let Some(operation) = &mut stack.operation {
        operation.inputs.capabilities.clone_from(&needed);
        operation.after.inputs.capabilities = needed;
    }
}

fn put_drift(stack: &mut Stack, drift: SeedDrift) {
    stack.drift.extend(drift.changes);
    if let Some(at) = drift.detected_at {
        let drifts = crate::aws::drift::find(stack);
        stack.detection = Some(crate::aws::model::Detection {
            id: crate::aws::resource_types::uuid_of(&format!(
                "{}/drift/{}",
                stack.id,
                at.as_millisecond()
            )),
            started_at: at,
            ended_at: at + SignedDuration::from_millis(1),
            drifts,
            before: None,
        });
    }
}
