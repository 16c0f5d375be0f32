//! Change sets of a promotion: made in the target, waited for until AWS has worked them out, dropped again.

use super::{
    bound::{changes_digest, manifest_parameters},
    desired::{Desired, DesiredStack},
    prepare::scope_of,
};
use crate::console::{Console, UseCase, UseCaseError};
use interlock_domain::{
    Digest, FaultKind, PromotionId, Scope,
    change_set::{ChangeSet, ChangeSetOrder, ChangeSetState},
    manifest::{Manifest, StackDelivery},
};
use std::{fmt::Write as _, time::Duration};

/// How often a change set is looked at while AWS works it out.
const PATIENCE: Duration = Duration::from_millis(400);
/// How many times at most.
const LOOKS: u32 = 450;

impl Console {
    pub(super) async fn make_change_sets(
        &self,
        id: &PromotionId,
        revision: u32,
        desired: &Desired,
    ) -> UseCase<(Vec<StackDelivery>, Vec<ChangeSet>)> {
        let mut deliveries = Vec::new();
        let mut sets = Vec::new();
        for stack in &desired.stacks {
            match self.make_change_set(id, revision, stack).await {
                Ok((delivery, set)) => {
                    deliveries.push(delivery);
                    sets.push(set);
                }
                Err(error) => {
                    for (delivery, stack) in deliveries.iter().zip(&desired.stacks) {
                        self.drop_change_set(
                            &stack.scope,
                            delivery.stack.as_str(),
                            &delivery.change_set,
                        )
                        .await;
                    }
                    return Err(error);
                }
            }
        }
        Ok((deliveries, sets))
    }

    async fn make_change_set(
        &self,
        id: &PromotionId,
        revision: u32,
        desired: &DesiredStack,
    ) -> UseCase<(StackDelivery, ChangeSet)> {
        let changer = self.ports().changer.clone();
        // Equal content of two stacks is not one request.
        let content = format!(
            "{}|{}|{}|{:?}|{:?}|{:?}|{}|{}",
            desired.scope.region,
            desired.stack,
            desired.template,
            desired.parameters,
            desired.tags,
            desired.capabilities,
            desired.include_nested,
            desired.revert_drift
        );
        let fingerprint = Digest::of(content.as_bytes()).to_string();
        let name = format!(
            "ilk-{}-r{revision}-{}",
            id.as_str().to_ascii_lowercase(),
            &fingerprint[..12]
        );
        let order = ChangeSetOrder {
            stack: desired.stack.clone(),
            token: name.clone(),
            name,
            create: desired.now.is_none(),
            template: desired.template.clone(),
            parameters: desired.parameters.clone(),
            tags: desired.tags.clone().into_iter().collect(),
            capabilities: desired.capabilities.iter().cloned().collect(),
            description: format!("Promotion {id}"),
            include_nested: desired.include_nested,
            revert_drift: desired.revert_drift,
        };
        let arn = changer.create_change_set(&desired.scope, &order).await?;
        let set = self
            .settled_change_set(&desired.scope, desired.stack.as_str(), &arn)
            .await?;
        if !matches!(set.state, ChangeSetState::Available | ChangeSetState::Empty) {
            let mut reason = set.reason.clone().unwrap_or_else(|| set.status.clone());
            // What a check found tells more than that one failed.
            for problem in self
                .problems(&desired.scope, desired.stack.as_str(), &set)
                .await
            {
                let _ = write!(reason, "; {problem}");
            }
            self.drop_change_set(&desired.scope, desired.stack.as_str(), &arn)
                .await;
            return Err(UseCaseError::Precondition {
                reason: format!("AWS cannot prepare {}: {reason}", desired.stack),
            });
        }
        let templates = self
            .bound_templates(&desired.scope, desired.stack.as_str(), &set)
            .await?;
        let delivery = StackDelivery {
            stack: desired.stack.clone(),
            account: desired.scope.account.clone(),
            region: desired.scope.region.clone(),
            change_set: arn,
            empty: set.state == ChangeSetState::Empty,
            deployment_mode: set.deployment_mode.clone(),
            role: desired.now.as_ref().and_then(|stack| stack.role.clone()),
            template: Digest::of(desired.template.as_bytes()),
            template_at_aws: templates.original,
            template_processed: templates.processed,
            nested_templates: templates.nested,
            parameters: manifest_parameters(&set, &desired.parameters),
            variables: desired.variables,
            capabilities: set.capabilities.clone(),
            tags: set.tags.iter().cloned().collect(),
            changes: changes_digest(&set),
            base: desired
                .now
                .as_ref()
                .map(interlock_domain::stack::Stack::revision_key),
        };
        Ok((delivery, set))
    }

    /// A change set once AWS has worked it out.
    async fn settled_change_set(
        &self,
        scope: &Scope,
        stack: &str,
        arn: &str,
    ) -> UseCase<ChangeSet> {
        let changer = self.ports().changer.clone();
        for _ in 0..LOOKS {
            match changer.change_set(scope, stack, arn).await {
                Ok(set) if set.state == ChangeSetState::Pending => {}
                Ok(set) => return Ok(set),
                Err(error) if error.kind.retryable() => {}
                Err(error) => return Err(error.into()),
            }
            tokio::time::sleep(PATIENCE).await;
        }
        Err(UseCaseError::Precondition {
            reason: format!("AWS is still working out the change set of {stack}"),
        })
    }

    /// Removes change sets that nobody will execute. Failures are logged: they do no harm.
    pub(crate) async fn discard_change_sets(&self, manifest: &Manifest) {
        for (_, stack) in manifest.change_sets() {
            self.drop_change_set(
                &scope_of(manifest, stack),
                stack.stack.as_str(),
                &stack.change_set,
            )
            .await;
        }
    }

    pub(super) async fn drop_change_set(&self, scope: &Scope, stack: &str, arn: &str) {
        if let Err(error) = self
            .ports()
            .changer
            .delete_change_set(scope, stack, arn)
            .await
            && error.kind != FaultKind::NotFound
        {
            tracing::warn!(%error, stack, "a change set was left behind");
        }
    }
}
