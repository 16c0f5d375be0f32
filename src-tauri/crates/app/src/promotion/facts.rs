//! The facts that gates look at, gathered for one promotion.

use super::desired::Desired;
use crate::{
    console::{Console, UseCase},
    estate::{EstateEnvironment, Service, current_or_next},
};
use interlock_domain::{
    EnvironmentName, Tier,
    build::{Build, BuildResult},
    change_set::ChangeSet,
    quality::GateStatus,
    stack::Stack,
};
use interlock_policy::{ChangeFact, Evidence, Facts, FreezeFact, GateFact, StackFact, TestFact};

/// Builds of a job that are searched for a commit.
const BUILDS: usize = 50;

impl Console {
    /// An environment of the estate.
    pub(crate) fn environment(&self, name: &EnvironmentName) -> UseCase<&EstateEnvironment> {
        self.estate
            .environment(name)
            .ok_or_else(|| crate::console::UseCaseError::NotFound {
                what: "environment",
                name: name.to_string(),
            })
    }

    /// Asks every system what the gates need to know. What does not answer becomes a reason.
    pub(crate) async fn facts(
        &self,
        service: &Service,
        from: &EnvironmentName,
        to: &EnvironmentName,
        commit: Option<&str>,
        changes: Option<Vec<ChangeSet>>,
        floating_references: Vec<String>,
    ) -> UseCase<Facts> {
        let target = self.environment(to)?;
        let now = self.now();
        let freeze = (!target.freezes.is_empty()).then(|| {
            current_or_next(&target.freezes, now).map(|o| FreezeFact {
                name: o.name,
                starts: o.starts,
                ends: o.ends,
            })
        });
        Ok(Facts {
            from: from.to_string(),
            to: to.to_string(),
            production: target.environment.tier == Tier::Production,
            now,
            source_stacks: self.stack_facts(service, from).await?,
            target_stacks: self.stack_facts(service, to).await?,
            quality: self.quality_fact(service, commit).await,
            tests: self.test_fact(service, commit).await,
            freeze,
            changes: changes.map(|sets| Evidence {
                value: Ok(sets.iter().flat_map(change_facts).collect()),
                source: "change sets of AWS CloudFormation".into(),
                at: Some(now),
            }),
            floating_references,
        })
    }

    async fn stack_facts(
        &self,
        service: &Service,
        environment: &EnvironmentName,
    ) -> UseCase<Evidence<Vec<StackFact>>> {
        let ports = self.ports();
        let mut facts = Vec::new();
        let mut failure = None;
        for scope in self.environment(environment)?.environment.scopes() {
            match ports.stacks.stacks(&scope).await {
                Ok(stacks) => facts.extend(
                    stacks
                        .iter()
                        .filter(|stack| self.belongs(service, environment, stack))
                        .map(|stack| StackFact {
                            name: stack.name.to_string(),
                            phase: stack.status.phase(),
                            status: stack.status.0.clone(),
                        }),
                ),
                Err(error) => failure = failure.or(Some(error.message)),
            }
        }
        Ok(Evidence {
            value: failure.map_or(Ok(facts), Err),
            source: "AWS CloudFormation".into(),
            at: Some(self.now()),
        })
    }

    fn belongs(&self, service: &Service, environment: &EnvironmentName, stack: &Stack) -> bool {
        self.estate
            .claim(stack.name.as_str(), environment)
            .is_some_and(|(owner, _, _)| owner.name == service.name)
    }

    async fn quality_fact(
        &self,
        service: &Service,
        commit: Option<&str>,
    ) -> Option<Evidence<GateFact>> {
        let project = service.sonarqube_project.as_ref()?;
        let source = format!("SonarQube project {project}");
        let Some(quality) = self.ports().quality.clone() else {
            return Some(Evidence {
                value: Err("no SonarQube is configured".into()),
                source,
                at: None,
            });
        };
        let wanted = commit.map(str::to_owned);
        let value = async {
            let analyses = quality.analyses(project, 100).await?;
            let analysis =
                analyses
                    .into_iter()
                    .find(|analysis| match (&analysis.revision, commit) {
                        (Some(seen), Some(wanted)) => {
                            seen.starts_with(wanted) || wanted.starts_with(seen.as_str())
                        }
                        _ => false,
                    });
            let Some(analysis) = analysis else {
                return Ok(None);
            };
            let gate = quality.gate_of_analysis(project, &analysis).await?;
            Ok::<_, interlock_domain::ConnectorError>(Some((analysis, gate)))
        }
        .await;
        let now = Some(self.now());
        Some(match value {
            Err(error) => Evidence {
                value: Err(error.message),
                source,
                at: now,
            },
            Ok(None) => Evidence {
                value: Err(match commit {
                    Some(commit) => {
                        format!("no analysis of commit {}", &commit[..commit.len().min(7)])
                    }
                    None => "the commit is not known".into(),
                }),
                source,
                at: now,
            },
            Ok(Some((analysis, gate))) => Evidence {
                value: Ok(GateFact {
                    passed: match gate.status {
                        GateStatus::Passed => Some(true),
                        GateStatus::Failed => Some(false),
                        GateStatus::None => None,
                    },
                    broken: gate
                        .conditions
                        .iter()
                        .filter(|c| !c.passed)
                        .map(|c| {
                            let actual = c.actual.as_deref().unwrap_or("no value");
                            let threshold = c.threshold.as_deref().unwrap_or("the threshold");
                            let word = if c.comparator == "LT" {
                                "below"
                            } else {
                                "above"
                            };
                            format!("{} is {actual}, {word} {threshold}", c.metric)
                        })
                        .collect(),
                    revision: analysis.revision.clone(),
                    wanted,
                }),
                source: format!("{source}, analysis {}", analysis.key),
                at: Some(analysis.at),
            },
        })
    }

    async fn test_fact(
        &self,
        service: &Service,
        commit: Option<&str>,
    ) -> Option<Evidence<TestFact>> {
        let job = service.build_job.as_ref()?;
        let source = format!("Jenkins {job}");
        let Some(builds) = self.ports().builds.clone() else {
            return Some(Evidence {
                value: Err("no Jenkins is configured".into()),
                source,
                at: None,
            });
        };
        let now = Some(self.now());
        let of_commit = |build: &&Build| match (&build.revision, commit) {
            (Some(seen), Some(wanted)) => {
                seen.starts_with(wanted) || wanted.starts_with(seen.as_str())
            }
            _ => false,
        };
        let list = match builds.builds(job, BUILDS).await {
            Ok(list) => list,
            Err(error) => {
                return Some(Evidence {
                    value: Err(error.message),
                    source,
                    at: now,
                });
            }
        };
        let Some(build) = list.iter().filter(|b| !b.building).find(of_commit) else {
            let reason = match commit {
                Some(commit) => format!(
                    "no finished build of commit {}",
                    &commit[..commit.len().min(7)]
                ),
                None => "the commit is not known".into(),
            };
            return Some(Evidence {
                value: Err(reason),
                source,
                at: now,
            });
        };
        let value = match builds.tests(job, build.number).await {
            Ok(counts) => Ok(TestFact {
                build: format!("{job} #{}", build.number),
                succeeded: build.result == Some(BuildResult::Success),
                counts: counts.map(|c| (c.passed, c.failed)),
            }),
            Err(error) => Err(error.message),
        };
        Some(Evidence {
            value,
            source,
            at: Some(build.started_at),
        })
    }
}

fn change_facts(set: &ChangeSet) -> Vec<ChangeFact> {
    set.changes
        .iter()
        .map(|change| ChangeFact {
            resource: format!("{} of {}", change.logical_id, set.stack),
            resource_type: change.resource_type.clone(),
            action: change.action.clone(),
            replacement: change.replacement.clone(),
            policy_action: change.policy_action.clone(),
        })
        .collect()
}

impl Desired {
    /// References without a version in any of its templates.
    pub(crate) fn floating_references(&self) -> Vec<String> {
        self.stacks
            .iter()
            .flat_map(|stack| stack.floating_references.clone())
            .collect()
    }
}
