//! Looking again: is what was approved still what stands there?

use super::{
    facts::Wanted,
    prepare::{changes_digest, scope_of},
};
use crate::{
    console::{Console, UseCase, UseCaseError},
    ports::TemplateStage,
};
use interlock_domain::{
    Digest, FaultKind, PersonId, PromotionId, Scope,
    change_set::ChangeSetState,
    manifest::{Delivery, Manifest, Moved, StackDelivery},
    verdict::{Outcome, Verdict},
};
use interlock_ledger::{Predicate, Promotion};
use interlock_policy::{Evidence, Facts, Judgement, Rule};

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
            policy: Some(self.estate.policy.digest()),
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

    /// Judges a promotion as it stands now, by the policy that is in force now.
    pub async fn judge_promotion(&self, id: &PromotionId) -> UseCase<Judgement> {
        let promotion = self.promotion(id)?;
        let manifest = promotion
            .manifest
            .as_ref()
            .ok_or_else(|| super::refused("there is no manifest"))?;
        self.judge_now(&promotion, manifest).await
    }

    /// Judges the gates anew, by the policy that is in force now, with what was waived and an
    /// emergency as the record tells them.
    pub(crate) async fn judge_now(
        &self,
        promotion: &Promotion,
        manifest: &Manifest,
    ) -> UseCase<Judgement> {
        let facts = self.facts_of(manifest).await?;
        let (given, _) = self.given(promotion);
        Ok(interlock_policy::judge(&self.estate.policy, &facts, &given))
    }

    /// The facts about what a manifest brings, as they are now.
    async fn facts_of(&self, manifest: &Manifest) -> UseCase<Facts> {
        let service = self.service(&manifest.service)?;
        let mut sets = None;
        if let Delivery::CloudFormation { stacks } = &manifest.delivery {
            let mut list = Vec::new();
            for stack in stacks.iter().filter(|stack| !stack.empty) {
                let scope = scope_of(manifest, stack);
                let set = self
                    .ports()
                    .changer
                    .change_set(&scope, stack.stack.as_str(), &stack.change_set)
                    .await?;
                list.push((scope, set));
            }
            sets = Some(list);
        }
        self.facts(Wanted {
            promotion: &manifest.promotion,
            service,
            from: &manifest.from,
            to: &manifest.to,
            version: manifest.version.as_deref(),
            commit: manifest
                .commit
                .as_ref()
                .map(interlock_domain::CommitId::as_str),
            changes: sets,
            floating_references: self.references_of(manifest),
        })
        .await
    }

    /// Templates are bound by their digests, so what was found in them when the promotion was
    /// prepared still holds.
    fn references_of(&self, manifest: &Manifest) -> Evidence<Vec<String>> {
        let policy = &self.estate.policy;
        let is_pinned = |verdict: &&Verdict| {
            verdict.gate == "Content is pinned"
                || policy
                    .gates
                    .iter()
                    .any(|gate| gate.id == verdict.rule && matches!(gate.rule, Rule::Pinned { .. }))
        };
        let source = "template text";
        let Some(verdict) = manifest.gates.iter().find(is_pinned) else {
            return Evidence::unknown("no rule asked for them when it was prepared", source);
        };
        let at = Some(self.now());
        match verdict.outcome {
            Outcome::Pass => Evidence::seen(Vec::new(), source, at),
            Outcome::Fail => {
                let list = verdict
                    .summary
                    .trim_start_matches("resolved without a version: ");
                Evidence::seen(list.split(", ").map(str::to_owned).collect(), source, at)
            }
            Outcome::Unknown => Evidence::unknown(verdict.summary.clone(), source),
        }
    }
}
