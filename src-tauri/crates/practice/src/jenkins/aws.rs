//! The deployer of the estate: change sets and stacks of the practice AWS, as the role PipelineDeploy.

use super::target::{Deployer, Followed, Operation, Preparation, StackChange};
use crate::aws::{
    ChangeSetProgress, Cloud, CloudError, Deploy, NewChangeSet, OperationState, OperationToken,
    StackEvent,
};
use crate::bank::{Bank, COMMIT_TAG, SERVICE_TAG, VERSION_TAG, Version};
use std::sync::Arc;

/// Deploys the bank's templates and variables to the practice AWS.
pub struct CloudDeployer {
    cloud: Cloud,
    bank: Arc<Bank>,
}

impl CloudDeployer {
    /// Stands between the pipelines and the accounts.
    pub fn new(cloud: Cloud, bank: Arc<Bank>) -> Self {
        Self { cloud, bank }
    }

    /// Returns the version that a deployment means: the one it names, or that of its commit.
    fn version(&self, change: &StackChange) -> Result<Version, String> {
        let releases = || self.bank.releases_of(&change.service);
        if change.version.is_empty() {
            releases()
                .find(|release| release.commit.starts_with(&change.commit))
                .map(|release| release.version)
                .ok_or_else(|| {
                    format!(
                        "Commit {} made no version of {}",
                        change.commit, change.service
                    )
                })
        } else {
            change
                .version
                .parse()
                .map_err(|error| format!("{}: {error}", change.version))
        }
    }

    fn deploy(&self, change: &StackChange) -> Result<Deploy, String> {
        let version = self.version(change)?;
        let template = self
            .bank
            .template(&change.service, &change.stack, &version)
            .ok_or_else(|| format!("There is no template of {} at {version}", change.stack))?;
        Ok(Deploy {
            account: change.account.clone(),
            region: change.region.clone(),
            stack: change.stack.clone(),
            template,
            parameters: self.bank.parameters(
                &change.service,
                &change.stack,
                &change.environment,
                &version,
            ),
            tags: self.tags(change, &version),
            capabilities: vec![
                "CAPABILITY_IAM".to_owned(),
                "CAPABILITY_NAMED_IAM".to_owned(),
                "CAPABILITY_AUTO_EXPAND".to_owned(),
            ],
            token: Some(change.token.clone()),
            actor_arn: actor(change),
        })
    }

    fn tags(&self, change: &StackChange, version: &Version) -> Vec<(String, String)> {
        let commit = self
            .bank
            .release(&change.service, version)
            .map_or(&change.commit, |release| &release.commit);
        let team = self
            .bank
            .service(&change.service)
            .map_or("", |service| &service.team);
        [
            (SERVICE_TAG, change.service.clone()),
            (VERSION_TAG, version.to_string()),
            (COMMIT_TAG, commit.clone()),
            ("equipo", team.to_owned()),
            ("ambiente", change.environment.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    fn events(&self, change: &StackChange) -> Vec<StackEvent> {
        self.cloud
            .events(&change.account, &change.region, &change.stack)
    }
}

/// Returns who acts in the account.
fn actor(change: &StackChange) -> String {
    format!(
        "arn:aws:sts::{}:assumed-role/PipelineDeploy/jenkins",
        change.account
    )
}

impl Deployer for CloudDeployer {
    fn create(&self, change: &StackChange) -> Result<String, String> {
        let set = NewChangeSet {
            name: change.change_set_name.clone(),
            deploy: self.deploy(change)?,
            description: Some(format!("{} {}", change.service, change.version)),
        };
        self.cloud
            .create_change_set(set)
            .map_err(|error| error.to_string())
    }

    fn prepared(&self, change: &StackChange, change_set: &str) -> Preparation {
        match self
            .cloud
            .change_set(&change.account, &change.region, change_set)
        {
            None => Preparation::Failed(format!("ChangeSet [{change_set}] does not exist")),
            Some(ChangeSetProgress::Pending) => Preparation::Pending,
            Some(ChangeSetProgress::Ready(lines)) => Preparation::Ready(lines),
            Some(ChangeSetProgress::NoChanges(reason)) => Preparation::Empty(reason),
            Some(ChangeSetProgress::Failed(reason)) => Preparation::Failed(reason),
            Some(ChangeSetProgress::Executed) => Preparation::Failed(format!(
                "ChangeSet [{change_set}] has been executed already"
            )),
            Some(ChangeSetProgress::Obsolete) => Preparation::Failed(format!(
                "ChangeSet [{change_set}] is obsolete: the stack has changed since"
            )),
        }
    }

    fn execute(&self, change: &StackChange, change_set: &str) -> Result<Operation, String> {
        let seen = self.events(change).len();
        self.cloud
            .execute_change_set(
                &change.account,
                &change.region,
                change_set,
                Some(change.token.clone()),
                &actor(change),
            )
            .map(|token| Operation {
                token: token.0,
                seen,
            })
            .map_err(|error: CloudError| error.to_string())
    }

    fn follow(&self, change: &StackChange, operation: &Operation) -> Followed {
        let state = self
            .cloud
            .operation_state(&OperationToken(operation.token.clone()));
        let events = self.events(change);
        let lines = events.iter().skip(operation.seen).map(line).collect();
        let ended = events.last().map(|event| event.at.as_millisecond());
        let stack = &change.stack;
        let outcome = match state {
            Some(OperationState::InProgress) => None,
            Some(OperationState::Succeeded) => Some(Ok(())),
            Some(OperationState::Failed(reason)) => Some(Err(format!("Stack {stack}: {reason}"))),
            None => Some(Err(format!(
                "Stack {stack}: its operation is not known any more"
            ))),
        };
        Followed {
            lines,
            seen: events.len(),
            ended: ended.filter(|_| outcome.is_some()),
            outcome,
        }
    }
}

/// Writes a stack event as a log line.
fn line(event: &StackEvent) -> String {
    let reason = event
        .reason
        .as_ref()
        .map_or(String::new(), |reason| format!("  {reason}"));
    format!(
        "{}  {:<28} {:<32} {}{reason}",
        event.at.strftime("%H:%M:%S"),
        event.status,
        event.resource_type,
        event.logical_id
    )
}
