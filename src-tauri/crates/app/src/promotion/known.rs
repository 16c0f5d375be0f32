//! Facts for gates that the sources, the record and our own judgement tell.
//!
//! Each is asked for only where a rule of the policy looks at it.

use super::{Judgement, SeenChangeSet};
use crate::{console::Console, estate::Service};
use futures::future::join_all;
use interlock_domain::{
    PromotionId, Scope,
    change_set::{ChangeSet, ChangeSetState},
    source::Commit,
};
use interlock_ledger::{Outcome, Predicate};
use interlock_policy::{Asked, CommitFact, Evidence, MeasureFact, Subject};
use interlock_stackdiff::{AccessVerdict, Analysis, DriftFate, Impact, OutputFate};
use std::collections::BTreeMap;

/// A list, or why it is not known.
type Lines = Result<Vec<String>, String>;

/// The dangers of change sets, as far as they were asked for.
pub(super) struct Dangers {
    pub access: Evidence<Vec<String>>,
    pub drift: Evidence<Vec<String>>,
    pub rejected: Evidence<Vec<String>>,
}

pub(super) fn not_asked<T>() -> Evidence<T> {
    Evidence::unknown("no rule asks for it", "policy")
}

impl Console {
    /// Measures of the last analysis, when it is of the commit.
    pub(super) async fn measure_facts(
        &self,
        service: &Service,
        commit: Option<&str>,
        asked: &Asked,
    ) -> Option<Evidence<BTreeMap<String, MeasureFact>>> {
        let project = service.sonarqube_project.as_ref()?;
        if asked.metrics.is_empty() {
            return Some(not_asked());
        }
        let source = format!("SonarQube project {project}");
        let Some(quality) = self.ports().quality.clone() else {
            return Some(Evidence::unknown("no SonarQube is configured", source));
        };
        let metrics: Vec<&str> = asked.metrics.iter().map(String::as_str).collect();
        let answer = async {
            let newest = quality.analyses(project, 1).await?.into_iter().next();
            let measures = quality.measures(project, &metrics).await?;
            Ok::<_, interlock_domain::ConnectorError>((newest, measures))
        };
        Some(match answer.await {
            Err(error) => Evidence::unknown(error.message, source),
            Ok((newest, measures)) => {
                let of_commit = newest
                    .as_ref()
                    .and_then(|analysis| analysis.revision.as_deref())
                    .zip(commit)
                    .is_some_and(|(seen, wanted)| {
                        seen.starts_with(wanted) || wanted.starts_with(seen)
                    });
                if of_commit {
                    let facts = measures
                        .into_iter()
                        .filter_map(|measure| {
                            let fact = MeasureFact {
                                value: measure.value?,
                                in_target: Err(
                                    "SonarQube tells measures of its last analysis only".into(),
                                ),
                            };
                            Some((measure.metric, fact))
                        })
                        .collect();
                    Evidence::seen(facts, source, newest.map(|analysis| analysis.at))
                } else {
                    Evidence::unknown("the last analysis is of another commit", source)
                }
            }
        })
    }

    /// The commits that the target does not have.
    pub(super) async fn commit_facts(
        &self,
        service: &Service,
        subject: &Subject,
        commit: Option<&str>,
        asked: &Asked,
    ) -> Option<Evidence<Vec<CommitFact>>> {
        let repository = service.repository.as_ref()?;
        if !asked.commits {
            return Some(not_asked());
        }
        let source = format!("Git repository {repository}");
        let target = self.estate.environments.iter();
        let target = target
            .map(|e| &e.environment.name)
            .find(|name| name.as_str() == subject.to);
        let base = target.and_then(|target| self.version_in(&self.snapshot(), service, target).1);
        let (Some(head), Some(base), Some(sources)) = (commit, base, self.ports().sources.clone())
        else {
            return Some(Evidence::unknown(
                "the commits on both sides are not known",
                source,
            ));
        };
        if base.starts_with(head) || head.starts_with(&base) {
            return Some(Evidence::seen(Vec::new(), source, Some(self.now())));
        }
        let limit = crate::overview::COMMITS;
        let paths = self.paths_of(service);
        let range = sources
            .commits_between(repository, &base, head, &paths, limit)
            .await;
        Some(match range {
            Err(error) => Evidence::unknown(error.message, source),
            Ok(range) if range.cut => {
                Evidence::unknown(format!("there are more than {limit}"), source)
            }
            Ok(range) => Evidence::seen(
                range.commits.into_iter().map(commit_fact).collect(),
                source,
                Some(self.now()),
            ),
        })
    }

    /// What the requester wrote, once somebody has asked.
    pub(super) fn comment_fact(&self, id: &PromotionId, asked: &Asked) -> Evidence<String> {
        let source = "ledger";
        if !asked.comment {
            return not_asked();
        }
        let entries = match self.ledger.entries() {
            Ok(entries) => entries,
            Err(error) => return Evidence::unknown(error.to_string(), source),
        };
        let said = entries.iter().rev().find_map(|entry| {
            let statement = entry.statement.as_ref().ok()?;
            match &statement.predicate {
                Predicate::Request { comment } if statement.promotion.as_ref() == Some(id) => {
                    Some((comment.clone(), statement.at))
                }
                _ => None,
            }
        });
        match said {
            Some((comment, at)) => Evidence::seen(comment, source, Some(at)),
            None => Evidence::unknown("nobody has asked for approval yet", source),
        }
    }

    /// How long promotions of the service into the target took that succeeded.
    pub(super) fn duration_facts(&self, subject: &Subject, asked: &Asked) -> Evidence<Vec<u64>> {
        if asked.durations {
            self.past_durations(subject)
        } else {
            not_asked()
        }
    }

    /// Seconds that each of them took.
    pub(super) fn past_durations(&self, subject: &Subject) -> Evidence<Vec<u64>> {
        let source = format!(
            "ledger, promotions of {} into {}",
            subject.service, subject.to
        );
        match self.record() {
            Err(error) => Evidence::unknown(error.to_string(), source),
            Ok(record) => {
                let took = record
                    .promotions
                    .values()
                    // Of several services nobody can tell how long each took.
                    .filter(|p| p.services == [subject.service.as_str()] && p.to == subject.to)
                    .flat_map(|promotion| &promotion.attempts)
                    .filter_map(|attempt| match &attempt.ended {
                        Some((Outcome::Succeeded, at, _)) => {
                            let seconds = at.as_second() - attempt.started_at.as_second();
                            u64::try_from(seconds).ok()
                        }
                        _ => None,
                    })
                    .collect();
                Evidence::seen(took, source, Some(self.now()))
            }
        }
    }

    /// What our own judgement of the change sets, and the checks of AWS, tell.
    pub(super) async fn danger_facts(
        &self,
        sets: Option<&[(Scope, ChangeSet)]>,
        asked: &Asked,
    ) -> Option<Dangers> {
        let sets = sets?;
        if !(asked.access || asked.drift || asked.rejected) {
            return Some(Dangers {
                access: not_asked(),
                drift: not_asked(),
                rejected: not_asked(),
            });
        }
        // Where AWS finds nothing to change there is no danger either.
        let sets = sets
            .iter()
            .filter(|(_, set)| set.state != ChangeSetState::Empty);
        let seen =
            join_all(sets.map(|(scope, set)| self.seen(scope, &set.stack, set.clone()))).await;
        let told = |lines: fn(&SeenChangeSet) -> Lines, source: &str| {
            let all: Result<Vec<Vec<String>>, String> = seen.iter().map(lines).collect();
            Evidence {
                value: all.map(|lists| lists.concat()),
                source: source.to_owned(),
                at: Some(self.now()),
            }
        };
        Some(Dangers {
            access: told(broadened, "our judgement of the change sets"),
            drift: told(overwritten, "drift detection of AWS CloudFormation"),
            rejected: told(
                rejected,
                "our judgement and the checks of AWS CloudFormation",
            ),
        })
    }
}

fn commit_fact(commit: Commit) -> CommitFact {
    CommitFact {
        id: commit.id.to_string(),
        message: format!("{}\n{}", commit.title, commit.body),
    }
}

fn broadened(seen: &SeenChangeSet) -> Lines {
    let stack = &seen.set.stack;
    let judgement = seen.judgement.as_ref();
    let judgement = judgement.map_err(|reason| format!("{stack}: {reason}"))?;
    let mut lines = Vec::new();
    for prediction in predictions(judgement) {
        let Some(access) = &prediction.access else {
            continue;
        };
        match access.verdict {
            AccessVerdict::Narrowed | AccessVerdict::Same => {}
            AccessVerdict::Incomparable if access.added.is_empty() => {
                return Err(format!("what {stack} allows cannot be compared"));
            }
            AccessVerdict::Broadened | AccessVerdict::Incomparable => {
                lines.extend(access.added.iter().map(|line| format!("{stack}: {line}")));
            }
        }
    }
    Ok(lines)
}

/// The judgements of a change set and of those nested in it.
fn predictions(judgement: &Judgement) -> impl Iterator<Item = &Analysis> {
    let nested = judgement.nested.iter().map(|nested| &nested.prediction);
    nested.chain([&judgement.prediction])
}

fn overwritten(seen: &SeenChangeSet) -> Lines {
    use crate::drift::DriftKnowledge;
    let stack = &seen.set.stack;
    let Some(drift) = &seen.drift else {
        return Ok(Vec::new());
    };
    match &drift.knowledge {
        DriftKnowledge::NeverChecked => {
            return Err(format!("nobody has let AWS look for drift of {stack}"));
        }
        DriftKnowledge::NotKnown(reason) => return Err(format!("{stack}: {reason}")),
        DriftKnowledge::Checked {
            is_older_than_stack: true,
            ..
        } => {
            return Err(format!("{stack} was changed since AWS looked for drift"));
        }
        DriftKnowledge::Checked { .. } => {}
    }
    let mut lines = Vec::new();
    for line in &drift.lines {
        match line.fate {
            DriftFate::Overwritten => {
                lines.push(format!("{}{} of {stack}", line.logical_id, line.path));
            }
            DriftFate::Unknown => {
                let what = format!("{}{} of {stack}", line.logical_id, line.path);
                return Err(format!("AWS does not look at {what}"));
            }
            DriftFate::InSync | DriftFate::Stays | DriftFate::SameAlready => {}
        }
    }
    Ok(lines)
}

fn rejected(seen: &SeenChangeSet) -> Lines {
    let stack = &seen.set.stack;
    let mut lines: Vec<String> = seen
        .problems
        .iter()
        .filter(|problem| problem.fails)
        .map(|problem| format!("{stack}: {problem}"))
        .collect();
    let judgement = seen.judgement.as_ref();
    let judgement = judgement.map_err(|reason| format!("{stack}: {reason}"))?;
    for prediction in predictions(judgement) {
        let refused = prediction.resources.iter();
        lines.extend(
            refused
                .filter(|resource| resource.impact == Impact::Rejected)
                .map(|resource| format!("{} of {stack}", resource.logical_id)),
        );
        let imported = prediction.dependents.iter().filter(|dependent| {
            dependent.export.is_some()
                && matches!(dependent.fate, OutputFate::Goes | OutputFate::Changes)
        });
        lines.extend(imported.map(|dependent| {
            format!(
                "{} of {stack}, which {} imports",
                dependent.output, dependent.stack
            )
        }));
    }
    Ok(lines)
}
