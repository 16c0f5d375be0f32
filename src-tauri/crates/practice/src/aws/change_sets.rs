//! Change sets: made, asked for, executed, forgotten.

mod endings;

use super::changes::changes;
use super::error::{AwsError, AwsResult};
use super::estate::{Estate, Site};
use super::imports::{self, Adoption};
use super::model::{
    ChangeSet, ChangeSetStatus, ExecutionStatus, Inputs, Outcome, Stack, StackStatus,
};
use super::operations::{Request, check_name, check_updatable, sides};
use super::plan::Foresight;
use super::resource_types::uuid_of;
use super::template::Template;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};

/// Most change sets of one stack.
const LIMIT: usize = 100;

/// What AWS says when there is nothing to change.
pub const NO_CHANGES: &str = "The submitted information didn't contain changes. Submit different information to create a change set.";

/// What a caller wants a change set to be.
#[derive(Debug, Clone, Default)]
pub struct ChangeSetRequest {
    /// What it would give the stack; its token is the change set's.
    pub request: Request,
    /// Name.
    pub name: String,
    /// Whether it creates the stack.
    pub creates: bool,
    /// Description.
    pub description: Option<String>,
    /// Whether nested stacks are asked for.
    pub include_nested: bool,
    /// Whether it starts from what is live, and puts it back.
    pub reverts_drift: bool,
    /// Resources to import; none unless the change set is of that type.
    pub adoptions: Option<Vec<Adoption>>,
}

impl ChangeSet {
    /// Returns its status at an instant.
    pub fn status(&self, now: Timestamp) -> ChangeSetStatus {
        let third = self.ready_at.duration_since(self.created_at) / 3;
        if now < self.created_at + third {
            ChangeSetStatus::CreatePending
        } else if now < self.ready_at {
            ChangeSetStatus::CreateInProgress
        } else if self.failure.is_some() {
            ChangeSetStatus::Failed
        } else {
            ChangeSetStatus::CreateComplete
        }
    }

    /// Returns whether it can be or was executed.
    pub fn execution(&self, stack: &Stack, now: Timestamp) -> ExecutionStatus {
        if let Some(id) = &self.executed_by {
            let past = stack.history.iter().find(|past| past.id == *id);
            return match past.and_then(|past| past.outcome.as_ref()) {
                None => ExecutionStatus::ExecuteInProgress,
                Some(Outcome::Done) => ExecutionStatus::ExecuteComplete,
                Some(Outcome::Failed(_)) => ExecutionStatus::ExecuteFailed,
            };
        }
        if self.status(now) != ChangeSetStatus::CreateComplete {
            ExecutionStatus::Unavailable
        } else if self.revision != stack.revision {
            ExecutionStatus::Obsolete
        } else {
            ExecutionStatus::Available
        }
    }
}

fn is_of_template(message: &str) -> bool {
    ["Template ", "Circular dependency"]
        .iter()
        .any(|start| message.starts_with(start))
}

fn not_found(name: &str) -> AwsError {
    AwsError::with_status(
        "ChangeSetNotFound",
        format!("ChangeSet [{name}] does not exist"),
        StatusCode::NOT_FOUND,
    )
}

impl Estate {
    /// Finds a change set by ARN, or by name and stack.
    pub fn find_change_set(
        &self,
        site: &Site,
        name: &str,
        stack: Option<&str>,
    ) -> AwsResult<(usize, usize)> {
        if name.starts_with("arn:") {
            let found = self
                .stacks
                .iter()
                .enumerate()
                .find_map(|(index, candidate)| {
                    if candidate.account != site.account || candidate.region != site.region {
                        return None;
                    }
                    let set = candidate
                        .change_sets
                        .iter()
                        .position(|set| set.id == name)?;
                    Some((index, set))
                });
            return found.ok_or_else(|| not_found(name));
        }
        let Some(stack) = stack else {
            return Err(AwsError::validation(
                "StackName must be specified if ChangeSetName is not specified as an ARN.",
            ));
        };
        let index = self
            .find(site, stack)
            .ok_or_else(|| AwsError::validation(format!("Stack [{stack}] does not exist")))?;
        let set = self.stacks[index]
            .change_sets
            .iter()
            .rposition(|set| set.name == name)
            .ok_or_else(|| not_found(name))?;
        Ok((index, set))
    }

    /// Makes a change set and returns the stack's index and the set's.
    pub fn create_change_set(
        &mut self,
        site: &Site,
        wanted: &ChangeSetRequest,
        now: Timestamp,
    ) -> AwsResult<(usize, usize)> {
        check_name(&wanted.name, "changeSetName")?;
        let existing = self
            .find(site, &wanted.request.stack)
            .filter(|index| self.stacks[*index].status != StackStatus::DeleteComplete);
        if let Some(index) = existing {
            let same = self.stacks[index]
                .change_sets
                .iter()
                .rposition(|set| set.name == wanted.name);
            if let Some(set) = same {
                let stack = &self.stacks[index];
                let known = &stack.change_sets[set];
                if wanted.request.token.is_some() && known.token == wanted.request.token {
                    return Ok((index, set));
                }
                // A set that has been executed is history: its name is free.
                let is_history = matches!(
                    known.execution(stack, now),
                    ExecutionStatus::ExecuteComplete | ExecutionStatus::ExecuteFailed
                );
                if !is_history {
                    return Err(AwsError::new(
                        "AlreadyExistsException",
                        format!("ChangeSet {} already exists", wanted.name),
                    ));
                }
            }
        }
        let previous = self.check_stack(existing, wanted, now)?;
        let (template, mut inputs) = self.inputs(site, &wanted.request, &previous)?;
        if let Some(adoptions) = &wanted.adoptions {
            let live = existing.map_or(&[][..], |index| &self.stacks[index].live.resources);
            inputs.adopted = imports::check(adoptions, &template, live)?;
        }
        let index = existing.unwrap_or_else(|| {
            self.add_stack(
                site,
                &wanted.request.stack,
                StackStatus::ReviewInProgress,
                now,
            )
        });
        if self.stacks[index].change_sets.len() >= LIMIT {
            return Err(AwsError::new(
                "LimitExceededException",
                format!(
                    "ChangeSet limit exceeded for stack {}",
                    self.stacks[index].name
                ),
            ));
        }
        let deployed = wanted.reverts_drift.then(|| {
            let found = self.stacks[index].as_found();
            std::mem::replace(&mut self.stacks[index].live, found)
        });
        let described = self.describe_changes(index, &template, &inputs);
        if let Some(deployed) = deployed {
            self.stacks[index].live = deployed;
        }
        let (changes, failure) = match described {
            Ok(mut changes) => {
                if wanted.reverts_drift {
                    self.stacks[index].tell_drift(&mut changes, now);
                }
                (changes, None)
            }
            // What is wrong with the template itself is told at once.
            Err(error) if is_of_template(&error.message) => {
                if existing.is_none() {
                    self.stacks.pop();
                }
                return Err(error);
            }
            Err(error) => (Vec::new(), Some(error.message)),
        };
        let millis = 1_500.0 * self.pace;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a few seconds, in milliseconds"
        )]
        let ready_at = now + SignedDuration::from_millis(millis as i64);
        let stack = &mut self.stacks[index];
        let seed = format!(
            "{}/{}/{}/{}",
            stack.id,
            wanted.name,
            now.as_millisecond(),
            stack.revision
        );
        stack.change_sets.push(ChangeSet {
            id: format!(
                "arn:aws:cloudformation:{}:{}:changeSet/{}/{}",
                site.region,
                site.account,
                wanted.name,
                uuid_of(&seed)
            ),
            name: wanted.name.clone(),
            creates: wanted.creates,
            description: wanted.description.clone(),
            created_at: now,
            ready_at,
            failure,
            inputs,
            changes,
            token: wanted.request.token.clone(),
            revision: stack.revision,
            executed_by: None,
            on_failure: wanted.request.on_failure,
            include_nested: wanted.include_nested,
            reverts_drift: wanted.reverts_drift,
            parent: None,
            root: None,
        });
        let set = stack.change_sets.len() - 1;
        if wanted.include_nested && stack.change_sets[set].failure.is_none() {
            self.add_nested_change_sets(site, index, set)?;
        }
        Ok((index, set))
    }

    fn check_stack(
        &self,
        existing: Option<usize>,
        wanted: &ChangeSetRequest,
        now: Timestamp,
    ) -> AwsResult<Inputs> {
        let may_create = wanted.creates || wanted.adoptions.is_some();
        let existing = existing.map(|index| &self.stacks[index]);
        match (existing, may_create) {
            (Some(stack), _)
                if wanted.adoptions.is_some() && stack.status != StackStatus::ReviewInProgress =>
            {
                check_updatable(stack, now)?;
                Ok(stack.live.inputs.clone())
            }
            (None, true) => {
                check_name(&wanted.request.stack, "stackName")?;
                if wanted.request.template.is_none() {
                    return Err(AwsError::validation(
                        "Either Template URL or Template Body must be specified.",
                    ));
                }
                Ok(Inputs::default())
            }
            (None, false) => Err(AwsError::validation(format!(
                "Stack [{}] does not exist",
                wanted.request.stack
            ))),
            (Some(stack), true) if stack.status == StackStatus::ReviewInProgress => {
                Ok(Inputs::default())
            }
            (Some(stack), true) => Err(AwsError::validation(format!(
                "Stack [{}] already exists and cannot be created again with the changeSet [{}].",
                stack.name, wanted.name
            ))),
            (Some(stack), false) => {
                check_updatable(stack, now)?;
                Ok(stack.live.inputs.clone())
            }
        }
    }

    /// Tells what inputs would change; an error when they change nothing.
    pub(super) fn describe_changes(
        &self,
        index: usize,
        template: &Template,
        inputs: &Inputs,
    ) -> AwsResult<Vec<super::changes::ResourceChange>> {
        let plan = self.plan_for(index, template, inputs, Foresight::None)?;
        let stack = &self.stacks[index];
        let live = &stack.live;
        let is_new = stack.status == StackStatus::ReviewInProgress;
        if !is_new
            && plan.changes_nothing()
            && plan.outputs == live.outputs
            && inputs.tags == live.inputs.tags
        {
            return Err(AwsError::validation(NO_CHANGES));
        }
        let before = if live.inputs.template.is_empty() {
            Template::empty()
        } else {
            Template::read(&live.inputs.template)?
        };
        let (before, after) = sides(&before, &live.inputs, template, inputs);
        let changes = changes(&plan, &before, &after);
        if inputs.adopted.is_empty() {
            Ok(changes)
        } else {
            imports::as_imports(changes, &inputs.adopted)
        }
    }
}
