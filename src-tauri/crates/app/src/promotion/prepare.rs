//! Preparing: change sets in the target, and the manifest that binds them.

use super::{
    desired::{Desired, DesiredStack},
    facts::Wanted,
    no_manifest,
};
use crate::{
    console::{Console, UseCase, UseCaseError},
    estate::{Promote, Service},
    overview::open_promotion,
    run,
};
use interlock_domain::{
    Digest, EnvironmentName, PromotionId, Scope, ServiceName,
    change_set::{ChangeSet, ChangeSetState, ParameterOrder},
    manifest::{Delivery, JenkinsStack, Manifest, SCHEMA, StackDelivery},
    person::Person,
    source::Commit,
};
use interlock_ledger::{Predicate, PromotionState};
use interlock_policy::{Exclusions, Given};
use std::collections::BTreeMap;

impl Console {
    /// Prepares a promotion of what the source environment runs now. `id` must be new.
    pub async fn prepare(
        &self,
        id: PromotionId,
        service: &ServiceName,
        to: &EnvironmentName,
    ) -> UseCase<PromotionId> {
        let me = self.actor().await?;
        let service = self.service(service)?;
        self.environment(to)?;
        self.may_ask(&me, service, to)?;
        let record = self.record()?;
        if let Some(open) = open_promotion(&record, service, to) {
            return Err(UseCaseError::AlreadyOpen {
                id: open.id.clone(),
                service: service.name.clone(),
                to: to.clone(),
            });
        }
        self.prepare_revision(&id, service, to, &me, 1).await?;
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
        let service = ServiceName::new(promotion.service.clone()).map_err(|error| {
            UseCaseError::Precondition {
                reason: error.to_string(),
            }
        })?;
        let to = EnvironmentName::new(promotion.to.clone()).map_err(|error| {
            UseCaseError::Precondition {
                reason: error.to_string(),
            }
        })?;
        let revision = promotion
            .manifest
            .as_ref()
            .map_or(1, |manifest| manifest.revision + 1);
        if let Some(manifest) = &promotion.manifest {
            self.discard_change_sets(manifest).await;
        }
        self.prepare_revision(id, self.service(&service)?, &to, &me, revision)
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

    async fn prepare_revision(
        &self,
        id: &PromotionId,
        service: &Service,
        to: &EnvironmentName,
        me: &Person,
        revision: u32,
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
            service: service.name.to_string(),
        };
        self.say(id, no_manifest(), &me.id, intent)?;
        match self
            .make_manifest(id, service, &from, to, me, revision)
            .await
        {
            Ok(manifest) => {
                let digest = self.ledger.keep_manifest(&manifest)?;
                self.say(id, digest, &me.id, Predicate::Draft {})
            }
            Err(error) => {
                self.say(
                    id,
                    no_manifest(),
                    &me.id,
                    Predicate::PrepareFailed {
                        reason: error.to_string(),
                    },
                )?;
                Err(error)
            }
        }
    }

    async fn make_manifest(
        &self,
        id: &PromotionId,
        service: &Service,
        from: &EnvironmentName,
        to: &EnvironmentName,
        me: &Person,
        revision: u32,
    ) -> UseCase<Manifest> {
        let desired = self.desired(service, from, to).await?;
        let commit = desired.commit.as_ref().map(|c| c.as_str().to_owned());
        let (delivery, sets) = match &service.promote {
            Promote::CloudFormation => {
                let (stacks, sets) = self.make_change_sets(id, revision, &desired).await?;
                (Delivery::CloudFormation { stacks }, Some(sets))
            }
            Promote::Jenkins { job } => {
                let mut parameters =
                    BTreeMap::from([(run::ENVIRONMENT.to_owned(), to.to_string())]);
                parameters.extend(
                    desired
                        .version
                        .clone()
                        .map(|v| (run::VERSION.to_owned(), v)),
                );
                parameters.extend(commit.clone().map(|c| (run::COMMIT.to_owned(), c)));
                let stacks = desired.stacks.iter().map(jenkins_stack).collect();
                (
                    Delivery::Jenkins {
                        job: job.clone(),
                        parameters,
                        stacks,
                    },
                    None,
                )
            }
        };
        if let Some(sets) = &sets
            && !sets.is_empty()
            && sets.iter().all(|set| set.state == ChangeSetState::Empty)
        {
            for (set, stack) in sets.iter().zip(&desired.stacks) {
                self.drop_change_set(&stack.scope, &set.stack, &set.id)
                    .await;
            }
            return Err(UseCaseError::Precondition {
                reason: format!("{to} has this content already: AWS finds nothing to change"),
            });
        }
        let changes = sets.map(|sets| {
            let scopes = desired.stacks.iter().map(|stack| stack.scope.clone());
            scopes.zip(sets).collect()
        });
        let facts = self
            .facts(Wanted {
                promotion: id,
                service,
                from,
                to,
                version: desired.version.as_deref(),
                commit: commit.as_deref(),
                changes,
                floating_references: desired.floating_references(self.now()),
            })
            .await?;
        let judgement = interlock_policy::judge(&self.estate.policy, &facts, &Given::default());
        let authors = self.authors(service, &desired, to).await;
        Ok(Manifest {
            schema: SCHEMA.into(),
            promotion: id.clone(),
            revision,
            service: service.name.clone(),
            from: from.clone(),
            to: to.clone(),
            version: desired.version.clone(),
            authors: authors.kept_out,
            commits_by: authors.commits_by,
            commit: desired.commit,
            requester: me.id.clone(),
            approval_rules: judgement.approvals,
            waiver_rules: judgement.on_waiver,
            emergency_rules: judgement.in_emergency,
            approvals_expire_hours: judgement.approvals_expire_hours,
            policy: Some(judgement.policy),
            roster: self.ledger.authority()?.roster_digest(),
            delivery,
            gates: judgement.verdicts,
        })
    }

    /// Who wrote the commits that the target has not, as far as the policy keeps them from approving.
    async fn authors(&self, service: &Service, desired: &Desired, to: &EnvironmentName) -> Authors {
        let (Some(repository), Some(head), Some(sources)) = (
            &service.repository,
            &desired.commit,
            self.ports().sources.clone(),
        ) else {
            return Authors::default();
        };
        let (_, base) = self.version_in(&self.snapshot(), service, to);
        let Some(base) = base else {
            return Authors::default();
        };
        let paths = self.paths_of(service);
        match sources
            .commits_between(
                repository,
                &base,
                head.as_str(),
                &paths,
                crate::overview::COMMITS,
            )
            .await
        {
            Ok(range) => Authors::of(range.commits, self.estate.policy.exclusions),
            Err(error) => {
                tracing::warn!(%error, "the authors of a promotion are not known");
                Authors::default()
            }
        }
    }
}

/// Who wrote what.
#[derive(Default)]
struct Authors {
    /// E-mail addresses of those who cannot approve.
    kept_out: Vec<String>,
    /// Commits by their author's e-mail address.
    commits_by: BTreeMap<String, u32>,
}

impl Authors {
    fn of(commits: Vec<Commit>, exclusions: Exclusions) -> Self {
        let mut authors = Self::default();
        for commit in commits {
            if exclusions.author {
                authors.kept_out.push(commit.author_email.clone());
            }
            if exclusions.committer {
                authors.kept_out.push(commit.committer_email);
            }
            *authors.commits_by.entry(commit.author_email).or_default() += 1;
        }
        authors.kept_out.sort();
        authors.kept_out.dedup();
        authors
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

/// Parameters as AWS holds them; hidden ones say so.
pub(crate) fn manifest_parameters(
    set: &ChangeSet,
    orders: &[ParameterOrder],
) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = set
        .parameters
        .iter()
        .map(|p| {
            let value = if p.is_masked() {
                "hidden (NoEcho)".to_owned()
            } else {
                p.resolved.clone().unwrap_or_else(|| p.value.clone())
            };
            (p.key.clone(), value)
        })
        .collect();
    for order in orders {
        parameters
            .entry(order.key().to_owned())
            .or_insert_with(|| match order {
                ParameterOrder::Value { value, .. } => value.clone(),
                ParameterOrder::Previous { .. } => "previous value".into(),
            });
    }
    parameters
}

/// Digest over what AWS announces and people see: rows, values, contexts, those of nested stacks.
pub(crate) fn changes_digest(set: &ChangeSet) -> Digest {
    let seen = (&set.changes, &set.folded, &set.deployment_mode);
    let bytes = serde_json::to_vec(&seen).expect("changes are plain values");
    Digest::of(&bytes)
}

fn jenkins_stack(desired: &DesiredStack) -> JenkinsStack {
    JenkinsStack {
        stack: desired.stack.clone(),
        account: desired.scope.account.clone(),
        region: desired.scope.region.clone(),
        template: Some(Digest::of(desired.template.as_bytes())),
        variables: desired.variables,
        base: desired
            .now
            .as_ref()
            .map(interlock_domain::stack::Stack::revision_key),
    }
}
