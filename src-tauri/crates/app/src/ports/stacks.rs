//! CloudFormation stacks: reading them, and changing them through change sets.

use super::Answer;
use async_trait::async_trait;
use interlock_domain::{
    Scope,
    change_set::{ChangeSet, ChangeSetOrder, ChangeSetProblem, OpenChangeSet},
    stack::{ResourceDrift, Stack, StackEvent, StackResource},
};

/// Which text of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TemplateStage {
    /// As it was given.
    Original,
    /// After macros and transforms.
    Processed,
}

/// Answers what stacks there are and what is in them.
#[async_trait]
pub trait StackReader: Send + Sync {
    /// Every stack of a scope, all pages, in one page-walk. The adapter checks that the
    /// credentials open the scope's account, once per session, and answers `WrongAccount` if not.
    async fn stacks(&self, scope: &Scope) -> Answer<Vec<Stack>>;
    /// One stack by name or ARN; `NotFound` when there is none.
    async fn stack(&self, scope: &Scope, name: &str) -> Answer<Stack>;
    /// Text of the stack's template.
    async fn template(&self, scope: &Scope, stack: &str, stage: TemplateStage) -> Answer<String>;
    /// Resources of a stack, all pages.
    async fn resources(&self, scope: &Scope, stack: &str) -> Answer<Vec<StackResource>>;
    /// Names of the stacks that import an export of account and region, all pages.
    async fn importers(&self, scope: &Scope, export: &str) -> Answer<Vec<String>>;
    /// Change sets that wait at a stack, all pages.
    async fn change_sets(&self, scope: &Scope, stack: &str) -> Answer<Vec<OpenChangeSet>>;
    /// Events newer than the event with this id (all when none), oldest first. Reads only as many
    /// pages as needed.
    async fn events_after(
        &self,
        scope: &Scope,
        stack: &str,
        last_seen: Option<&str>,
    ) -> Answer<Vec<StackEvent>>;
    /// Resources that the last drift detection found different.
    async fn drifted_resources(&self, scope: &Scope, stack: &str) -> Answer<Vec<ResourceDrift>>;
    /// Starts a drift detection, waits for its end and gives its result.
    async fn detect_drift(&self, scope: &Scope, stack: &str) -> Answer<Vec<ResourceDrift>>;
}

/// Prepares and executes change sets, with the caller's own power.
#[async_trait]
pub trait StackChanger: Send + Sync {
    /// Asks for a change set and answers its ARN. Asking again with the same name and token
    /// finds the first one.
    async fn create_change_set(&self, scope: &Scope, order: &ChangeSetOrder) -> Answer<String>;
    /// A change set with property values, all pages, and those of its nested stacks laid into it;
    /// `NotFound` when there is none.
    async fn change_set(&self, scope: &Scope, stack: &str, id: &str) -> Answer<ChangeSet>;
    /// What validations and hooks found wrong with a change set.
    async fn change_set_problems(
        &self,
        scope: &Scope,
        stack: &str,
        id: &str,
    ) -> Answer<Vec<ChangeSetProblem>>;
    /// Template that AWS keeps for a change set.
    async fn change_set_template(
        &self,
        scope: &Scope,
        stack: &str,
        id: &str,
        stage: TemplateStage,
    ) -> Answer<String>;
    /// Executes a change set. A lost reply is `OutcomeUnknown`; a set that is not available any
    /// more is `Conflict`.
    async fn execute_change_set(
        &self,
        scope: &Scope,
        stack: &str,
        id: &str,
        token: &str,
    ) -> Answer<()>;
    /// Deletes a change set that nobody will execute; and the empty stack shell behind a
    /// CREATE change set.
    async fn delete_change_set(&self, scope: &Scope, stack: &str, id: &str) -> Answer<()>;
    /// Asks for the running update to stop and roll back.
    async fn cancel_update(&self, scope: &Scope, stack: &str) -> Answer<()>;
}
