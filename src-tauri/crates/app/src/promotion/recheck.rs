//! Looking again: is what was approved still what stands there?

use super::prepare::{changes_digest, scope_of};
use crate::{
    console::{Console, UseCase, UseCaseError},
    ports::TemplateStage,
};
use interlock_domain::{
    Digest, FaultKind, PersonId, Scope,
    change_set::ChangeSetState,
    manifest::{Delivery, Manifest, Moved, StackDelivery},
    verdict::Verdict,
};
use interlock_ledger::{Predicate, Promotion};

impl Console {
    /// Re-reads everything that the manifest binds; names what moved.
    pub(crate) async fn moved_since(&self, manifest: &Manifest) -> UseCase<Vec<Moved>> {
        let live = match &manifest.delivery {
            Delivery::CloudFormation { stacks } => {
                let mut live = Vec::new();
                for stack in stacks {
                    match self.live_delivery(manifest, stack).await? {
                        Ok(delivery) => live.push(delivery),
                        Err(moved) => return Ok(vec![moved]),
                    }
                }
                Delivery::CloudFormation { stacks: live }
            }
            Delivery::Jenkins {
                job,
                parameters,
                stacks,
            } => {
                let mut live = stacks.clone();
                for stack in &mut live {
                    let scope = Scope {
                        environment: manifest.to.clone(),
                        account: stack.account.clone(),
                        region: stack.region.clone(),
                    };
                    stack.base = self.base_of(&scope, stack.stack.as_str()).await?;
                }
                Delivery::Jenkins {
                    job: job.clone(),
                    parameters: parameters.clone(),
                    stacks: live,
                }
            }
        };
        Ok(manifest.moved_to(&Manifest {
            delivery: live,
            roster: self.ledger.authority()?.roster_digest(),
            ..manifest.clone()
        }))
    }

    async fn base_of(&self, scope: &Scope, stack: &str) -> UseCase<Option<String>> {
        match self.ports().stacks.stack(scope, stack).await {
            Ok(stack) if stack.status.phase() == interlock_domain::stack::StackPhase::InReview => {
                Ok(None)
            }
            Ok(stack) => Ok(Some(stack.revision_key())),
            Err(error) if error.kind == FaultKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The delivery of a stack as it stands now; or what moved, when the change set cannot be
    /// executed any more.
    async fn live_delivery(
        &self,
        manifest: &Manifest,
        stack: &StackDelivery,
    ) -> UseCase<Result<StackDelivery, Moved>> {
        let scope = scope_of(manifest, stack);
        let changer = self.ports().changer.clone();
        let base = self.base_of(&scope, stack.stack.as_str()).await?;
        if stack.empty {
            return Ok(Ok(StackDelivery {
                base,
                ..stack.clone()
            }));
        }
        let gone = |after: &str| Moved {
            element: format!("change set of {}", stack.stack),
            before: "available".into(),
            after: after.into(),
        };
        let set = match changer
            .change_set(&scope, stack.stack.as_str(), &stack.change_set)
            .await
        {
            Ok(set) => set,
            Err(error) if error.kind == FaultKind::NotFound => return Ok(Err(gone("gone"))),
            Err(error) => return Err(error.into()),
        };
        if set.state != ChangeSetState::Available {
            return Ok(Err(gone(&format!(
                "{} / {}",
                set.status, set.execution_status
            ))));
        }
        let template = changer
            .change_set_template(
                &scope,
                stack.stack.as_str(),
                &stack.change_set,
                TemplateStage::Original,
            )
            .await?;
        let seen = super::prepare::manifest_parameters(&set, &[]);
        let mut parameters = stack.parameters.clone();
        for (key, value) in &seen {
            parameters.insert(key.clone(), value.clone());
        }
        if !seen.is_empty() {
            parameters.retain(|key, value| seen.contains_key(key) || value == "previous value");
        }
        Ok(Ok(StackDelivery {
            change_set: set.id.clone(),
            template_at_aws: Digest::of(template.as_bytes()),
            parameters,
            capabilities: set.capabilities.clone(),
            tags: set.tags.iter().cloned().collect(),
            changes: changes_digest(&set),
            base,
            ..stack.clone()
        }))
    }

    /// Looks again; when something moved, says so in the record and fails.
    pub(crate) async fn hold_to(
        &self,
        promotion: &Promotion,
        manifest: &Manifest,
        actor: &PersonId,
    ) -> UseCase<()> {
        let moved = self.moved_since(manifest).await?;
        if moved.is_empty() {
            return Ok(());
        }
        let digest = promotion.digest.unwrap_or_else(super::no_manifest);
        self.say(
            &promotion.id,
            digest,
            actor,
            Predicate::Voided {
                moved: moved.clone(),
            },
        )?;
        Err(UseCaseError::Moved { moved })
    }

    /// Judges the gates anew for a manifest.
    pub(crate) async fn judge_now(&self, manifest: &Manifest) -> UseCase<Vec<Verdict>> {
        let service = self.service(&manifest.service)?;
        let commit = manifest.commit.as_ref().map(|c| c.as_str().to_owned());
        let mut sets = None;
        if let Delivery::CloudFormation { stacks } = &manifest.delivery {
            let mut list = Vec::new();
            for stack in stacks.iter().filter(|stack| !stack.empty) {
                let scope = scope_of(manifest, stack);
                list.push(
                    self.ports()
                        .changer
                        .change_set(&scope, stack.stack.as_str(), &stack.change_set)
                        .await?,
                );
            }
            sets = Some(list);
        }
        let floating = manifest
            .gates
            .iter()
            .filter(|v| v.gate == "Content is pinned" && v.blocks())
            .map(|v| v.summary.clone())
            .collect();
        let facts = self
            .facts(
                service,
                &manifest.from,
                &manifest.to,
                commit.as_deref(),
                sets,
                floating,
            )
            .await?;
        Ok(interlock_policy::judge(&facts))
    }
}
