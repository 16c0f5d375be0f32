//! Looking again: is what was approved still what stands there?

use super::{
    bound::{changes_digest, manifest_parameters},
    facts::Wanted,
    prepare::{scope_of, scope_of_job},
};
use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::Promote,
};
use interlock_domain::{
    FaultKind, PersonId, PromotionId, Scope, ServiceName,
    change_set::ChangeSetState,
    manifest::{Delivery, Manifest, Moved, PipelineTemplate, ServiceDelivery, StackDelivery},
    stack::{Stack, StackPhase},
    verdict::{Outcome, Verdict},
};
use interlock_ledger::{Predicate, Promotion};
use interlock_policy::{Evidence, Facts, Judgement, Rule};

impl Console {
    /// Re-reads everything that the manifest binds; names what moved.
    pub(crate) async fn moved_since(&self, manifest: &Manifest) -> UseCase<Vec<Moved>> {
        let mut services = Vec::new();
        for service in &manifest.services {
            match self.live_service(manifest, service).await? {
                Ok(live) => services.push(live),
                Err(moved) => return Ok(vec![moved]),
            }
        }
        Ok(manifest.moved_to(&Manifest {
            services,
            policy: Some(self.estate.policy.digest()),
            roster: self.ledger.authority()?.roster_digest(),
            ..manifest.clone()
        }))
    }

    /// A service as it would be delivered now; or what moved, when it cannot be delivered any more.
    async fn live_service(
        &self,
        manifest: &Manifest,
        service: &ServiceDelivery,
    ) -> UseCase<Result<ServiceDelivery, Moved>> {
        let delivery = match &service.delivery {
            Delivery::CloudFormation { stacks } => {
                let mut live = Vec::new();
                for stack in stacks {
                    match self.live_delivery(manifest, stack).await? {
                        Ok(delivery) => live.push(delivery),
                        Err(moved) => return Ok(Err(moved)),
                    }
                }
                Delivery::CloudFormation { stacks: live }
            }
            Delivery::Jenkins {
                job,
                pipeline,
                parameters,
                stacks,
            } => {
                let mut live = stacks.clone();
                for stack in &mut live {
                    let scope = scope_of_job(manifest, stack);
                    stack.base = self.base_of(&scope, stack.stack.as_str()).await?;
                }
                Delivery::Jenkins {
                    job: job.clone(),
                    pipeline: self
                        .live_pipeline(&service.service, pipeline.as_ref())
                        .await?,
                    parameters: parameters.clone(),
                    stacks: live,
                }
            }
        };
        Ok(Ok(ServiceDelivery {
            delivery,
            ..service.clone()
        }))
    }

    /// The pipeline template as it is now. Another commit with the same text is no change.
    async fn live_pipeline(
        &self,
        service: &ServiceName,
        bound: Option<&PipelineTemplate>,
    ) -> UseCase<Option<PipelineTemplate>> {
        let declared = match &self.service(service)?.promote {
            Promote::Jenkins { pipeline, .. } => pipeline.as_ref(),
            Promote::CloudFormation => None,
        };
        let live = self.pipeline_template(declared).await?;
        Ok(match (bound, live) {
            (Some(bound), Some(live)) if bound.digest == live.digest => Some(PipelineTemplate {
                commit: bound.commit.clone(),
                ..live
            }),
            (_, live) => live,
        })
    }

    /// What a delivery would start from; none where there is nothing yet.
    async fn base(&self, scope: &Scope, stack: &str) -> UseCase<Option<Stack>> {
        match self.ports().stacks.stack(scope, stack).await {
            Ok(stack) if stack.status.phase() == StackPhase::InReview => Ok(None),
            Ok(stack) => Ok(Some(stack)),
            Err(error) if error.kind == FaultKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn base_of(&self, scope: &Scope, stack: &str) -> UseCase<Option<String>> {
        let base = self.base(scope, stack).await?;
        Ok(base.as_ref().map(Stack::revision_key))
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
        let base = self.base(&scope, stack.stack.as_str()).await?;
        let role = base.as_ref().and_then(|stack| stack.role.clone());
        let base = base.as_ref().map(Stack::revision_key);
        if stack.empty {
            return Ok(Ok(StackDelivery {
                base,
                role,
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
        let templates = self
            .bound_templates(&scope, stack.stack.as_str(), &set)
            .await?;
        let seen = manifest_parameters(&set, &[]);
        let mut parameters = stack.parameters.clone();
        for (key, value) in &seen {
            parameters.insert(key.clone(), value.clone());
        }
        if !seen.is_empty() {
            parameters.retain(|key, value| seen.contains_key(key) || value == "previous value");
        }
        Ok(Ok(StackDelivery {
            change_set: set.id.clone(),
            deployment_mode: set.deployment_mode.clone(),
            role,
            template_at_aws: templates.original,
            template_processed: templates.processed,
            nested_templates: templates.nested,
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
        let (given, _) = self.given(promotion);
        let mut judgements = Vec::new();
        for service in &manifest.services {
            let facts = self.facts_of(manifest, service).await?;
            judgements.push(interlock_policy::judge(&self.estate.policy, &facts, &given));
        }
        interlock_policy::together(judgements).ok_or_else(|| super::refused("it brings no service"))
    }

    /// The facts about what a manifest brings of one service, as they are now.
    async fn facts_of(&self, manifest: &Manifest, part: &ServiceDelivery) -> UseCase<Facts> {
        let service = self.service(&part.service)?;
        let mut sets = None;
        if let Delivery::CloudFormation { stacks } = &part.delivery {
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
            version: part.version.as_deref(),
            commit: part.commit.as_ref().map(interlock_domain::CommitId::as_str),
            changes: sets,
            floating_references: self.references_of(manifest, &part.service),
        })
        .await
    }

    /// Templates are bound by their digests, so what was found in them when the promotion was
    /// prepared still holds.
    fn references_of(&self, manifest: &Manifest, service: &ServiceName) -> Evidence<Vec<String>> {
        let policy = &self.estate.policy;
        let is_pinned = |verdict: &&Verdict| {
            verdict.gate == "Content is pinned"
                || policy
                    .gates
                    .iter()
                    .any(|gate| gate.id == verdict.rule && matches!(gate.rule, Rule::Pinned { .. }))
        };
        let source = "template text";
        let mut gates = manifest.gates.iter();
        let of_service = |it: &&Verdict| it.service == service.as_str() && is_pinned(it);
        let Some(verdict) = gates.find(of_service) else {
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
