//! The facts that gates look at, gathered for one promotion.

use super::desired::Desired;
use crate::{
    console::{Console, UseCase},
    estate::{EstateEnvironment, Service},
    overview::Snapshot,
};
use interlock_domain::{
    CommitId, EnvironmentName, PromotionId, Scope, Timestamp,
    build::{Build, BuildResult},
    change_set::ChangeSet,
    quality::GateStatus,
    stack::Stack,
};
use interlock_policy::{
    ChangeFact, Evidence, Facts, GateFact, PathFact, StackFact, Subject, TestCount, TestFact,
};

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

    /// What is promoted and where, as rules see it.
    pub fn subject(
        &self,
        promotion: Option<&PromotionId>,
        service: &Service,
        from: &EnvironmentName,
        to: &EnvironmentName,
    ) -> UseCase<Subject> {
        let target = self.environment(to)?;
        Ok(Subject {
            promotion: promotion.map(ToString::to_string),
            service: service.name.to_string(),
            team: service.team.clone(),
            from: from.to_string(),
            to: to.to_string(),
            tier: target.environment.tier,
            declared_approvals: target.approvals,
        })
    }

    /// Asks every system what the gates need to know. What does not answer becomes a reason.
    pub(crate) async fn facts(&self, wanted: Wanted<'_>) -> UseCase<Facts> {
        let Wanted {
            promotion,
            service,
            from,
            to,
            commit,
            ..
        } = wanted;
        let subject = self.subject(Some(promotion), service, from, to)?;
        let asked = interlock_policy::asked(&self.estate.policy, &subject);
        let now = self.now();
        let source = self.side(service, from).await?;
        let target = self.side(service, to).await?;
        let before = self.estate.promotes_from(to);
        let path = source.path(
            before.map(|e| e.environment.name.to_string()),
            (wanted.version, commit),
        );
        let sets = wanted.changes.as_deref();
        let (access, drift, rejected) = match self.danger_facts(sets, &asked).await {
            Some(dangers) => (
                Some(dangers.access),
                Some(dangers.drift),
                Some(dangers.rejected),
            ),
            None => (None, None, None),
        };
        Ok(Facts {
            now,
            in_source_since: source.since(),
            source_stacks: source.facts(),
            target_stacks: target.facts(),
            path,
            quality: self.quality_fact(service, commit).await,
            measures: self.measure_facts(service, commit, &asked).await,
            findings: service
                .sonarqube_project
                .as_ref()
                .map(|_| Evidence::unknown("no source of findings is connected", "findings")),
            tests: self.test_fact(service, commit).await,
            changes: sets.map(|sets| {
                Evidence::seen(
                    sets.iter().flat_map(|(_, set)| change_facts(set)).collect(),
                    "change sets of AWS CloudFormation",
                    Some(now),
                )
            }),
            access_broadened: access,
            drift_overwritten: drift,
            rejected,
            floating_references: wanted.floating_references,
            commits: self.commit_facts(service, &subject, commit, &asked).await,
            comment: self.comment_fact(promotion, &asked),
            past_durations: self.duration_facts(&subject, &asked),
            subject,
        })
    }

    /// What an environment runs of a service, read now.
    async fn side(&self, service: &Service, environment: &EnvironmentName) -> UseCase<Side> {
        let ports = self.ports();
        let mut snapshot = Snapshot::default();
        let mut own = Vec::new();
        let mut failure = None;
        for scope in self.environment(environment)?.environment.scopes() {
            match ports.stacks.stacks(&scope).await {
                Ok(stacks) => {
                    own.extend(
                        stacks
                            .iter()
                            .filter(|stack| self.belongs(service, environment, stack))
                            .cloned(),
                    );
                    snapshot.put_stacks(&scope, self.now(), stacks);
                }
                Err(error) => failure = failure.or(Some(error.message)),
            }
        }
        let (version, commit) = self.version_in(&snapshot, service, environment);
        Ok(Side {
            stacks: failure.map_or(Ok(own), Err),
            version,
            commit,
            at: self.now(),
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
                counts: counts.map(|c| TestCount {
                    passed: c.passed,
                    failed: c.failed,
                    skipped: c.skipped,
                }),
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

/// What facts are wanted for.
pub(crate) struct Wanted<'w> {
    pub promotion: &'w PromotionId,
    pub service: &'w Service,
    pub from: &'w EnvironmentName,
    pub to: &'w EnvironmentName,
    /// Version that is promoted.
    pub version: Option<&'w str>,
    /// Commit that is promoted.
    pub commit: Option<&'w str>,
    /// Change sets with where they are; none for a deploy job.
    pub changes: Option<Vec<(Scope, ChangeSet)>>,
    /// References that are resolved without a version.
    pub floating_references: Evidence<Vec<String>>,
}

/// What an environment runs of a service.
struct Side {
    stacks: Result<Vec<Stack>, String>,
    version: Option<String>,
    commit: Option<String>,
    at: Timestamp,
}

impl Side {
    fn evidence<T>(&self, value: Result<T, String>) -> Evidence<T> {
        Evidence {
            value,
            source: "AWS CloudFormation".into(),
            at: Some(self.at),
        }
    }

    fn facts(&self) -> Evidence<Vec<StackFact>> {
        let facts = |stacks: &Vec<Stack>| {
            let fact = |stack: &Stack| StackFact {
                name: stack.name.to_string(),
                phase: stack.status.phase(),
                status: stack.status.0.clone(),
            };
            stacks.iter().map(fact).collect()
        };
        self.evidence(self.stacks.as_ref().map(facts).map_err(Clone::clone))
    }

    /// When it was changed last: since then it runs what it runs.
    fn since(&self) -> Evidence<Timestamp> {
        let last = |stacks: &Vec<Stack>| {
            let changed = stacks.iter().map(Stack::changed_at).max();
            changed.ok_or_else(|| "no stack is there".to_owned())
        };
        self.evidence(self.stacks.as_ref().map_err(Clone::clone).and_then(last))
    }

    /// What it runs beside what is promoted, in the same words.
    fn path(
        &self,
        before: Option<String>,
        promoted: (Option<&str>, Option<&str>),
    ) -> Evidence<PathFact> {
        let words = |version: Option<&str>, commit: Option<&str>| match (version, commit) {
            (Some(version), Some(commit)) => Some(format!("{version} ({})", short(commit))),
            (Some(one), None) => Some(one.to_owned()),
            (None, Some(commit)) => Some(short(commit).to_owned()),
            (None, None) => None,
        };
        let fact = PathFact {
            before,
            runs: words(
                self.version.as_deref(),
                // A commit that is none is promoted as none.
                self.commit
                    .as_deref()
                    .filter(|commit| CommitId::new(*commit).is_ok()),
            ),
            promoted: words(promoted.0, promoted.1),
        };
        self.evidence(self.stacks.as_ref().map(|_| fact).map_err(Clone::clone))
    }
}

fn short(commit: &str) -> &str {
    commit.get(..7).unwrap_or(commit)
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
    pub(crate) fn floating_references(&self, now: Timestamp) -> Evidence<Vec<String>> {
        let all = self.stacks.iter();
        let all = all.flat_map(|stack| stack.floating_references.clone());
        Evidence::seen(all.collect(), "template text", Some(now))
    }
}
