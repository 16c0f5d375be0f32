//! Preparing: change sets in the target, and the manifest that binds them.

use super::{
    desired::{Desired, DesiredStack},
    facts::Wanted,
    no_manifest,
    sources::Origin,
};
use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::{Promote, Service},
    overview::open_promotion,
    run,
};
use interlock_domain::{
    CommitId, EnvironmentName, PromotionId, Scope, ServiceName,
    change_set::{ChangeSet, ChangeSetState},
    manifest::{
        Delivery, JenkinsStack, Manifest, PipelineTemplate, SCHEMA, ServiceDelivery, StackDelivery,
    },
    person::Person,
};
use interlock_ledger::{Predicate, PromotionState};
use interlock_policy::{Given, Judgement};
use std::collections::BTreeMap;

/// One revision of a promotion, about to be made.
struct Revision<'r> {
    id: &'r PromotionId,
    number: u32,
    /// In the order of delivery.
    services: Vec<&'r Service>,
    from: &'r EnvironmentName,
    to: &'r EnvironmentName,
    by: &'r Person,
}

/// What is ready of one service.
struct Ready<'r> {
    service: &'r Service,
    desired: Desired,
    delivery: Delivery,
    /// Change sets with their scopes; none where a job deploys.
    sets: Option<Vec<(Scope, ChangeSet)>>,
}

impl Console {
    /// Prepares a promotion of what the source environment runs now: of one service, or of several
    /// that go together. `id` must be new.
    pub async fn prepare(
        &self,
        id: PromotionId,
        services: &[ServiceName],
        to: &EnvironmentName,
    ) -> UseCase<PromotionId> {
        let me = self.actor().await?;
        let services = self.services(services)?;
        self.environment(to)?;
        let record = self.record()?;
        for service in &services {
            self.may_ask(&me, service, to)?;
            if let Some(open) = open_promotion(&record, service, to) {
                return Err(UseCaseError::AlreadyOpen {
                    id: open.id.clone(),
                    service: service.name.clone(),
                    to: to.clone(),
                });
            }
        }
        self.prepare_revision(&id, services, to, &me, 1).await?;
        Ok(id)
    }

    /// Prepares an open promotion again, after something moved or a change set went stale.
    pub async fn prepare_again(&self, id: &PromotionId) -> UseCase<()> {
        let me = self.actor().await?;
        let promotion = self.promotion(id)?;
        match promotion.state {
            PromotionState::Draft
            | PromotionState::AwaitingApproval
            | PromotionState::Approved
            | PromotionState::Voided
            | PromotionState::Preparing => {}
            PromotionState::Executing { .. } => {
                return Err(UseCaseError::Precondition {
                    reason: "it is being carried out".into(),
                });
            }
            _ => {
                return Err(UseCaseError::Precondition {
                    reason: "it is over; begin a new promotion".into(),
                });
            }
        }
        let roster = self.roster()?;
        let question = self.question(&promotion, roster.as_deref());
        if let Some(reason) = question.why_not_prepare(&me) {
            return Err(UseCaseError::NotAllowed { reason });
        }
        let bad_name = |error: &dyn ToString| UseCaseError::Precondition {
            reason: error.to_string(),
        };
        let names = promotion.services.iter().cloned().map(ServiceName::new);
        let names: Vec<ServiceName> = names
            .collect::<Result<_, _>>()
            .map_err(|error| bad_name(&error))?;
        let to = EnvironmentName::new(promotion.to.clone()).map_err(|error| bad_name(&error))?;
        let revision = promotion
            .manifest
            .as_ref()
            .map_or(1, |manifest| manifest.revision + 1);
        if let Some(manifest) = &promotion.manifest {
            self.discard_change_sets(manifest).await;
        }
        self.prepare_revision(id, self.services(&names)?, &to, &me, revision)
            .await
    }

    /// A service of the estate.
    pub(crate) fn service(&self, name: &ServiceName) -> UseCase<&Service> {
        self.estate
            .service(name)
            .ok_or_else(|| UseCaseError::NotFound {
                what: "service",
                name: name.to_string(),
            })
    }

    /// Services of the estate in the order in which they are delivered.
    fn services(&self, names: &[ServiceName]) -> UseCase<Vec<&Service>> {
        for name in names {
            self.service(name)?;
        }
        if names.is_empty() {
            return Err(UseCaseError::Precondition {
                reason: "a promotion brings at least one service".into(),
            });
        }
        Ok(self.estate.in_order(names))
    }

    async fn prepare_revision(
        &self,
        id: &PromotionId,
        services: Vec<&Service>,
        to: &EnvironmentName,
        me: &Person,
        number: u32,
    ) -> UseCase<()> {
        let from = self
            .estate
            .promotes_from(to)
            .map(|environment| environment.environment.name.clone())
            .ok_or_else(|| UseCaseError::Precondition {
                reason: format!("{to} is the first environment: nothing is promoted into it"),
            })?;
        let intent = Predicate::PrepareIntent {
            to: to.to_string(),
            services: services.iter().map(|it| it.name.to_string()).collect(),
        };
        self.say(id, no_manifest(), &me.id, intent)?;
        let revision = Revision {
            id,
            number,
            services,
            from: &from,
            to,
            by: me,
        };
        match self.make_manifest(&revision).await {
            Ok(manifest) => {
                let digest = self.ledger.keep_manifest(&manifest)?;
                self.say(id, digest, &me.id, Predicate::Draft {})
            }
            Err(error) => {
                let reason = error.to_string();
                self.say(
                    id,
                    no_manifest(),
                    &me.id,
                    Predicate::PrepareFailed { reason },
                )?;
                Err(error)
            }
        }
    }

    async fn make_manifest(&self, revision: &Revision<'_>) -> UseCase<Manifest> {
        let mut ready = Vec::new();
        let result = self.make_ready(revision, &mut ready).await;
        let bound = match result {
            Ok(()) => self.bind(revision, &ready).await,
            Err(error) => Err(error),
        };
        if bound.is_err() {
            for one in &ready {
                self.drop_sets(one).await;
            }
        }
        bound
    }

    /// Makes the change sets of every service, one service after the other; what was made until
    /// something failed is in `ready`.
    async fn make_ready<'r>(
        &self,
        revision: &Revision<'r>,
        ready: &mut Vec<Ready<'r>>,
    ) -> UseCase<()> {
        for service in revision.services.iter().copied() {
            let of_service = |error: UseCaseError| match (error, revision.services.len()) {
                (UseCaseError::Precondition { reason }, 2..) => UseCaseError::Precondition {
                    reason: format!("{}: {reason}", service.name),
                },
                (error, _) => error,
            };
            let one = self.make_service_ready(revision, service).await;
            ready.push(one.map_err(of_service)?);
        }
        Ok(())
    }

    async fn make_service_ready<'r>(
        &self,
        revision: &Revision<'r>,
        service: &'r Service,
    ) -> UseCase<Ready<'r>> {
        let (from, to) = (revision.from, revision.to);
        let desired = self.desired(service, from, to).await?;
        let (delivery, sets) = match &service.promote {
            Promote::CloudFormation => {
                let (stacks, sets) = self
                    .make_change_sets(revision.id, revision.number, &desired)
                    .await?;
                let scopes = desired.stacks.iter().map(|stack| stack.scope.clone());
                let sets = scopes.zip(sets).collect();
                (Delivery::CloudFormation { stacks }, Some(sets))
            }
            Promote::Jenkins { job, pipeline } => {
                let mut parameters =
                    BTreeMap::from([(run::ENVIRONMENT.to_owned(), to.to_string())]);
                let known = [
                    (run::VERSION, desired.version.clone()),
                    (
                        run::COMMIT,
                        desired.commit.as_ref().map(ToString::to_string),
                    ),
                ];
                for (name, value) in known {
                    parameters.extend(value.map(|value| (name.to_owned(), value)));
                }
                let delivery = Delivery::Jenkins {
                    job: job.clone(),
                    pipeline: self.pipeline_template(pipeline.as_ref()).await?,
                    parameters,
                    stacks: desired.stacks.iter().map(jenkins_stack).collect(),
                };
                (delivery, None)
            }
        };
        let ready = Ready {
            service,
            desired,
            delivery,
            sets,
        };
        if ready.changes_nothing() {
            self.drop_sets(&ready).await;
            return Err(UseCaseError::Precondition {
                reason: format!("{to} has this content already: AWS finds nothing to change"),
            });
        }
        Ok(ready)
    }

    /// Judges what is ready, and binds it.
    async fn bind(&self, revision: &Revision<'_>, ready: &[Ready<'_>]) -> UseCase<Manifest> {
        let names: Vec<ServiceName> = ready.iter().map(|it| it.service.name.clone()).collect();
        let mut services = Vec::new();
        let mut judgements: Vec<Judgement> = Vec::new();
        for one in ready {
            let commit = one.desired.commit.as_ref().map(CommitId::as_str);
            let facts = self
                .facts(Wanted {
                    promotion: revision.id,
                    service: one.service,
                    from: revision.from,
                    to: revision.to,
                    version: one.desired.version.as_deref(),
                    commit,
                    changes: one.sets.clone(),
                    floating_references: one.desired.floating_references(self.now()),
                })
                .await?;
            let policy = &self.estate.policy;
            judgements.push(interlock_policy::judge(policy, &facts, &Given::default()));
            let Origin {
                authors,
                commits_by,
                merge_requests,
                note,
            } = self
                .origin(one.service, one.desired.commit.as_ref(), revision.to)
                .await;
            services.push(ServiceDelivery {
                service: one.service.name.clone(),
                after: self.estate.comes_after(one.service, &names),
                version: one.desired.version.clone(),
                commit: one.desired.commit.clone(),
                merge_requests,
                authors,
                commits_by,
                origin_note: note,
                artifacts: one.desired.artifacts(),
                delivery: one.delivery.clone(),
            });
        }
        // What a promotion was judged by is kept by its content, whatever becomes of the file.
        self.ledger.keep(&self.estate.policy.bundle.to_bytes())?;
        let judgement =
            interlock_policy::together(judgements).ok_or_else(|| UseCaseError::Precondition {
                reason: "a promotion brings at least one service".into(),
            })?;
        Ok(Manifest {
            schema: SCHEMA.into(),
            promotion: revision.id.clone(),
            revision: revision.number,
            from: revision.from.clone(),
            to: revision.to.clone(),
            requester: revision.by.id.clone(),
            services,
            approval_rules: judgement.approvals,
            waiver_rules: judgement.on_waiver,
            emergency_rules: judgement.in_emergency,
            approvals_expire_hours: judgement.approvals_expire_hours,
            policy: Some(judgement.policy),
            roster: self.ledger.authority()?.roster_digest(),
            gates: judgement.verdicts,
        })
    }

    async fn drop_sets(&self, ready: &Ready<'_>) {
        for (scope, set) in ready.sets.iter().flatten() {
            self.drop_change_set(scope, &set.stack, &set.id).await;
        }
    }

    /// The pipeline template of a job as it stands in Git now; none where the estate file names none.
    pub(super) async fn pipeline_template(
        &self,
        pipeline: Option<&crate::estate::Pipeline>,
    ) -> UseCase<Option<PipelineTemplate>> {
        let (Some(pipeline), Some(sources)) = (pipeline, self.ports().sources.clone()) else {
            return Ok(None);
        };
        let file = sources
            .file(&pipeline.repository, &pipeline.revision, &pipeline.path)
            .await?;
        Ok(Some(PipelineTemplate {
            repository: pipeline.repository.clone(),
            path: pipeline.path.clone(),
            revision: pipeline.revision.clone(),
            commit: file.commit,
            digest: interlock_domain::Digest::of(&file.bytes),
        }))
    }
}

impl Ready<'_> {
    fn changes_nothing(&self) -> bool {
        let Some(sets) = &self.sets else {
            return false;
        };
        let is_empty = |(_, set): &(Scope, ChangeSet)| set.state == ChangeSetState::Empty;
        !sets.is_empty() && sets.iter().all(is_empty)
    }
}

/// Scope of one stack of a manifest.
pub(crate) fn scope_of(manifest: &Manifest, stack: &StackDelivery) -> Scope {
    Scope {
        environment: manifest.to.clone(),
        account: stack.account.clone(),
        region: stack.region.clone(),
    }
}

/// Scope of one stack that a job deploys.
pub(crate) fn scope_of_job(manifest: &Manifest, stack: &JenkinsStack) -> Scope {
    Scope {
        environment: manifest.to.clone(),
        account: stack.account.clone(),
        region: stack.region.clone(),
    }
}

fn jenkins_stack(desired: &DesiredStack) -> JenkinsStack {
    JenkinsStack {
        stack: desired.stack.clone(),
        account: desired.scope.account.clone(),
        region: desired.scope.region.clone(),
        template: Some(interlock_domain::Digest::of(desired.template.as_bytes())),
        variables: desired.variables,
        base: desired
            .now
            .as_ref()
            .map(interlock_domain::stack::Stack::revision_key),
    }
}
