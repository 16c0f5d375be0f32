//! A change set beside what was predicted for it: our own judgement of the same change, and where
//! the two agree.
//!
//! The prediction is made from what AWS holds: the template and parameters that are deployed, and
//! those of the change set. It never stops a promotion; what it cannot do becomes a reason.

use super::drift::SeenDrift;
use crate::{
    compare::{exports, facts, observed},
    console::{Console, UseCase, UseCaseError},
    drift::DriftKnowledge,
    expanded::Texts,
    ports::TemplateStage,
};
use interlock_domain::{
    FaultKind, Scope,
    change_set::{ChangeSet, ChangeSetProblem, ChangeSetState, ResourceChange},
    stack::{Stack, StackPhase},
};
use interlock_stackdiff::{
    Analysis, AnnouncedChange, AnnouncedDetail, Budget, ChangedOutput, ParameterValues,
    Reconciliation, Side, StackTags, Template, analyse, changed_outputs, reconcile,
};
use std::collections::BTreeMap;

/// A change set as AWS answered, with what else is known about it.
#[derive(Debug, Clone)]
pub struct SeenChangeSet {
    /// The change set.
    pub set: ChangeSet,
    /// What validations and hooks found; empty too when AWS did not say.
    pub problems: Vec<ChangeSetProblem>,
    /// What was changed by hand in the stack, and what the change set does to it; none for a stack
    /// that is not there yet, and for a change set of the past.
    pub drift: Option<SeenDrift>,
    /// Our judgement beside it, or why there is none.
    pub judgement: Result<Judgement, String>,
}

/// Our judgement of a change, laid beside AWS's.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The judgement.
    pub prediction: Analysis,
    /// Line by line beside the change set, those of nested stacks included.
    pub reconciliation: Reconciliation,
    /// The judgement of each nested stack that has a change set of its own.
    pub nested: Vec<NestedJudgement>,
}

/// Our judgement of what happens inside a nested stack.
#[derive(Debug, Clone)]
pub struct NestedJudgement {
    /// Logical ids of the stacks that lead to it, itself last.
    pub path: Vec<String>,
    /// The judgement.
    pub prediction: Analysis,
}

impl Console {
    /// A change set with its problems and our judgement of it.
    pub(super) async fn seen(&self, scope: &Scope, stack: &str, set: ChangeSet) -> SeenChangeSet {
        let before = async {
            match self.ports().stacks.stack(scope, stack).await {
                Err(error) if error.kind == FaultKind::NotFound => Ok(None),
                found => found.map(Some),
            }
        };
        let (problems, before) = tokio::join!(self.problems(scope, stack, &set), before);
        let (drift, judgement) = match before {
            Err(error) => (
                Some(SeenDrift {
                    knowledge: DriftKnowledge::NotKnown(error.message.clone()),
                    reverts: false,
                    lines: Vec::new(),
                }),
                Err(error.into()),
            ),
            Ok(before) => {
                let drift = async {
                    match &before {
                        Some(before) if before.status.phase() != StackPhase::InReview => {
                            Some(self.seen_drift(scope, before, &set).await)
                        }
                        _ => None,
                    }
                };
                tokio::join!(drift, self.judged(scope, stack, before.as_ref(), &set))
            }
        };
        SeenChangeSet {
            problems,
            drift,
            judgement: judgement.map_err(|error: UseCaseError| error.to_string()),
            set,
        }
    }

    /// What AWS found wrong; nothing where it cannot be asked.
    pub(super) async fn problems(
        &self,
        scope: &Scope,
        stack: &str,
        set: &ChangeSet,
    ) -> Vec<ChangeSetProblem> {
        if !matches!(
            set.state,
            ChangeSetState::Available | ChangeSetState::Failed
        ) {
            return Vec::new();
        }
        let changer = self.ports().changer.clone();
        let asked = changer.change_set_problems(scope, stack, &set.id);
        asked.await.unwrap_or_else(|error| {
            tracing::debug!(%error, stack, "what checks of AWS found is not known");
            Vec::new()
        })
    }

    async fn judged(
        &self,
        scope: &Scope,
        stack: &str,
        before: Option<&Stack>,
        set: &ChangeSet,
    ) -> UseCase<Judgement> {
        match set.state {
            ChangeSetState::Available | ChangeSetState::Empty => {}
            ChangeSetState::Obsolete => return Err(reason("the stack has moved on since")),
            _ => return Err(reason("it can only be predicted before it is executed")),
        }
        let mut judgement = self.judged_alone(scope, stack, before, set).await?;
        self.judge_nested(scope, set, &mut judgement).await;
        Ok(judgement)
    }

    /// Our judgement of a change set without what is in nested stacks.
    pub(super) async fn judged_alone(
        &self,
        scope: &Scope,
        stack: &str,
        before: Option<&Stack>,
        set: &ChangeSet,
    ) -> UseCase<Judgement> {
        let (deployed, wanted) = tokio::try_join!(
            self.deployed_text(scope, before),
            self.change_set_text(scope, stack, set)
        )?;
        let mut facts = facts(scope, &set.stack);
        // A missing export leaves what imports it unknown; it never makes it equal.
        if let Some((_, stacks)) = self
            .snapshot()
            .scope(scope)
            .and_then(|state| state.stacks.last.as_ref())
        {
            facts.exports = exports(stacks);
        }
        let announced: Vec<AnnouncedChange> = set.changes.iter().map(announced).collect();
        let parameters = observed(&set.parameters);
        let tags = stack_tags(before, set);
        let judge = move || -> UseCase<(Judgement, Vec<ChangedOutput>)> {
            let texts = deployed.as_ref().map(|(texts, _)| texts);
            let (text, wanted_text) = Texts::pair(texts, Some(&wanted));
            let before = text.map(|text| read(text)).transpose()?;
            let after = read(wanted_text.unwrap_or_else(|| wanted.as_given()))?;
            let left = Side {
                template: before.as_ref(),
                parameters: deployed
                    .as_ref()
                    .map(|(_, values)| values.clone())
                    .unwrap_or_default(),
                environment: facts.clone(),
            };
            let right = Side {
                template: Some(&after),
                parameters,
                environment: facts,
            };
            let prediction = analyse(&left, &right);
            let changed = changed_outputs(&left, &right, &prediction);
            let judgement = Judgement {
                reconciliation: reconcile(&prediction, &announced, tags),
                prediction,
                nested: Vec::new(),
            };
            Ok((judgement, changed))
        };
        let (mut judgement, changed) = tokio::task::spawn_blocking(judge)
            .await
            .map_err(|_| reason("the prediction failed"))??;
        self.read_by_others(scope, &set.stack, &changed, &mut judgement.prediction)
            .await;
        Ok(judgement)
    }

    /// Template and parameters of what is deployed; none when the stack is to be created.
    async fn deployed_text(
        &self,
        scope: &Scope,
        stack: Option<&Stack>,
    ) -> UseCase<Option<(Texts, ParameterValues)>> {
        let Some(stack) = stack else { return Ok(None) };
        if stack.status.phase() == StackPhase::InReview {
            return Ok(None);
        }
        let text = self
            .template_of(scope, stack, TemplateStage::Original)
            .await?;
        let texts = self.texts_of(scope, stack, text).await;
        Ok(Some((texts, observed(&stack.parameters))))
    }

    async fn change_set_text(&self, scope: &Scope, stack: &str, set: &ChangeSet) -> UseCase<Texts> {
        let changer = self.ports().changer.clone();
        let given = changer
            .change_set_template(scope, stack, &set.id, TemplateStage::Original)
            .await?;
        Ok(self.texts_of_change_set(scope, stack, &set.id, given).await)
    }
}

/// Whether the change set gives the stack other tags than it has. AWS keeps the keys that begin
/// with `aws:` for itself.
fn stack_tags(before: Option<&Stack>, set: &ChangeSet) -> StackTags {
    let Some(before) = before else {
        return StackTags::Unknown;
    };
    let own = |(key, _): &(&String, &String)| !key.starts_with("aws:");
    let given: BTreeMap<&String, &String> = set.tags.iter().map(|(key, tag)| (key, tag)).collect();
    if before
        .tags
        .iter()
        .filter(own)
        .eq(given.into_iter().filter(own))
    {
        StackTags::Stay
    } else {
        StackTags::Change
    }
}

fn reason(words: &str) -> UseCaseError {
    UseCaseError::Precondition {
        reason: words.to_owned(),
    }
}

fn read(text: &str) -> UseCase<Template> {
    Template::read(text.as_bytes(), "template", &Budget::default())
        .map_err(|error| super::template_error("template", &error))
}

/// A row of a change set as the reconciliation reads it.
fn announced(change: &ResourceChange) -> AnnouncedChange {
    AnnouncedChange {
        nested_in: change.nested_in.clone(),
        action: change.action.clone(),
        logical_id: change.logical_id.clone(),
        resource_type: change.resource_type.clone(),
        replacement: change.replacement.clone(),
        policy_action: change.policy_action.clone(),
        scope: change.scope.clone(),
        is_gone: change.drift_status.as_deref() == Some("DELETED"),
        details: change
            .details
            .iter()
            .map(|detail| AnnouncedDetail {
                attribute: detail.attribute.clone(),
                path: detail.path.clone(),
                before: detail.before.clone(),
                after: detail.after.clone(),
                cut: detail.cut,
                recreation: detail.recreation.clone(),
                evaluation: detail.evaluation.clone(),
                source: detail.source.clone(),
                causing_entity: detail.causing_entity.clone(),
                has_drifted: detail
                    .drift
                    .as_ref()
                    .is_some_and(|drift| drift.previous != drift.actual),
            })
            .collect(),
    }
}
