//! Change sets of nested stacks: made with the one of their root, shown on their own, executed and deleted with it.
//!
//! A child that the root would change gets one when it is asked for; a child that it would create has nothing yet that a
//! change set could be compared with, and shows in the root's as an addition.

use super::changes::ResourceChange;
use super::error::AwsResult;
use super::estate::{Estate, Site};
use super::model::{ChangeSet, Inputs};
use super::nested::NESTED;
use super::plan::{Action, Foresight};
use super::resource_types::uuid_of;
use super::template::Template;

/// Longest name of a change set.
const NAME_LIMIT: usize = 128;

/// What a nested stack would get, and from which resource of its parent.
struct Child {
    index: usize,
    logical_id: String,
    inputs: Inputs,
    changes: Vec<ResourceChange>,
}

impl Estate {
    /// Makes the change sets of the stacks nested in one whose change set was just made.
    pub(super) fn add_nested_change_sets(
        &mut self,
        site: &Site,
        index: usize,
        set: usize,
    ) -> AwsResult<()> {
        let inputs = self.stacks[index].change_sets[set].inputs.clone();
        let children = self.changing_children(site, index, &inputs)?;
        for child in children {
            let parent = &self.stacks[index].change_sets[set];
            let made = nested_set(parent, site, &child);
            let id = made.id.clone();
            let own = &mut self.stacks[index].change_sets[set];
            let change = own
                .changes
                .iter_mut()
                .find(|change| change.logical_id == child.logical_id);
            if let Some(change) = change {
                change.change_set_id = Some(id);
            }
            let stack = &mut self.stacks[child.index];
            let revision = stack.revision;
            stack.change_sets.push(ChangeSet { revision, ..made });
            let last = stack.change_sets.len() - 1;
            self.add_nested_change_sets(site, child.index, last)?;
        }
        Ok(())
    }

    fn changing_children(
        &self,
        site: &Site,
        index: usize,
        inputs: &Inputs,
    ) -> AwsResult<Vec<Child>> {
        let template = Template::read(&inputs.template)?;
        let plan = self.plan_for(index, &template, inputs, Foresight::None)?;
        let mut children = Vec::new();
        for planned in &plan.resources {
            let resource = &planned.resource;
            if resource.resource_type != NESTED || planned.action != Action::Modify {
                continue;
            }
            let Some(child) = self.find(site, &resource.physical_id) else {
                continue;
            };
            let previous = &self.stacks[child].live.inputs;
            let Some((template, inputs)) =
                self.child_inputs(site, &resource.properties, previous)?
            else {
                continue;
            };
            // A child to which nothing happens has no change set.
            if let Ok(changes) = self.describe_changes(child, &template, &inputs) {
                children.push(Child {
                    index: child,
                    logical_id: resource.logical_id.clone(),
                    inputs,
                    changes,
                });
            }
        }
        Ok(children)
    }

    /// Forgets the change sets that were made with another one.
    pub(super) fn forget_nested_change_sets(&mut self, root: &str) {
        for stack in &mut self.stacks {
            stack
                .change_sets
                .retain(|set| set.root.as_deref() != Some(root));
        }
    }
}

fn nested_set(parent: &ChangeSet, site: &Site, child: &Child) -> ChangeSet {
    let seed = uuid_of(&format!("{}/{}", parent.id, child.logical_id));
    let suffix = format!("-{}-{}", child.logical_id, &seed[..8]);
    let mut name = parent.name.clone();
    name.truncate(NAME_LIMIT.saturating_sub(suffix.len()));
    name.push_str(&suffix);
    ChangeSet {
        id: format!(
            "arn:aws:cloudformation:{}:{}:changeSet/{name}/{seed}",
            site.region, site.account
        ),
        name,
        creates: false,
        description: None,
        failure: None,
        inputs: child.inputs.clone(),
        changes: child.changes.clone(),
        token: None,
        executed_by: None,
        on_failure: None,
        reverts_drift: false,
        root: Some(parent.root.clone().unwrap_or_else(|| parent.id.clone())),
        parent: Some(parent.id.clone()),
        ..parent.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::change_sets::ChangeSetRequest;
    use crate::aws::nested::TemplateSource;
    use crate::aws::operations::{Forced, Request};
    use jiff::{SignedDuration, Timestamp};

    const CHILD: &str = "Parameters: {Size: {Type: Number}}\nResources: {Q: {Type: 'AWS::SQS::Queue', Properties: {DelaySeconds: !Ref Size}}}";

    fn request(size: u8) -> Request {
        Request {
            stack: "root".to_owned(),
            template: Some(format!(
                "Resources: {{Child: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: child, Parameters: {{Size: {size}}}}}}}}}"
            )),
            ..Request::default()
        }
    }

    #[test]
    fn a_child_that_changes_gets_a_change_set_that_goes_with_its_root() {
        let site = Site::new("111111111111", "us-east-1");
        let mut estate = Estate {
            sources: TemplateSource::new(|url| (url == "child").then(|| CHILD.to_owned())),
            ..Estate::default()
        };
        let now = Timestamp::UNIX_EPOCH;
        let root = estate
            .create_stack(&site, &request(1), now, &Forced::default())
            .unwrap();
        let now = now + SignedDuration::from_hours(1);
        estate.settle(now);
        let wanted = ChangeSetRequest {
            request: request(2),
            name: "change".to_owned(),
            include_nested: true,
            ..ChangeSetRequest::default()
        };
        let (_, set) = estate.create_change_set(&site, &wanted, now).unwrap();
        let own = estate.stacks[root].change_sets[set].clone();
        let child = own.changes[0].change_set_id.clone().unwrap();
        let (index, nested) = estate.find_change_set(&site, &child, None).unwrap();
        let nested = &estate.stacks[index].change_sets[nested];
        assert_eq!(nested.root.as_ref(), Some(&own.id));
        assert_eq!(nested.changes[0].logical_id, "Q");
        assert!(
            estate
                .execute_change_set(&site, &child, None, None, None, now)
                .is_err()
        );
        estate
            .execute_change_set(&site, &own.id, None, None, None, now)
            .unwrap();
        assert!(estate.stacks[index].change_sets.is_empty());
    }
}
