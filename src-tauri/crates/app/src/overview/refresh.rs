//! A refresh: every system is asked at once, what arrives is kept at once, and a system that
//! fails takes nothing from the others.

use super::claims::Index;
use super::snapshot::{BuildState, ProjectQuality, Snapshot, range_key};
use crate::{
    console::{Console, ConsoleEvent, Ports, UseCase, UseCaseError, guard},
    estate::Service,
    ports::QualityReader,
};
use futures::{StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use interlock_domain::{ConnectorError, JobName, Scope, build::Build};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Questions to one system at the same time.
const PER_SYSTEM: usize = 8;
/// Metrics shown in the drawer.
pub(crate) const METRICS: &[&str] = &[
    "coverage",
    "bugs",
    "vulnerabilities",
    "code_smells",
    "duplicated_lines_density",
];
/// Analyses of a project that are searched for a commit.
const ANALYSES: usize = 100;
/// Commits between two environments that are counted.
pub(crate) const COMMITS: usize = 200;

type Change = Box<dyn FnOnce(&mut Snapshot) + Send>;
type Question<'a> = BoxFuture<'a, (String, Change)>;

impl Console {
    /// Asks every system and keeps what arrives. A second call while one is under way waits for
    /// nothing and answers `Precondition`.
    pub async fn refresh(&self) -> UseCase<()> {
        let token = CancellationToken::new();
        {
            let mut running = guard(&self.refresh);
            if running.is_some() {
                return Err(UseCaseError::Precondition {
                    reason: "a refresh is under way".into(),
                });
            }
            *running = Some(token.clone());
        }
        let result = tokio::select! {
            () = token.cancelled() => Err(UseCaseError::Cancelled),
            () = self.ask_everything() => Ok(()),
        };
        *guard(&self.refresh) = None;
        let now = self.now();
        if result.is_ok() {
            self.change_snapshot(|snapshot| snapshot.refreshed_at = Some(now));
        }
        if let Some(store) = &self.snapshots {
            self.snapshot().save(store.as_ref(), &self.estate, now);
        }
        self.tell(ConsoleEvent::SnapshotChanged);
        result
    }

    /// Stops a refresh; what arrived stays.
    pub fn cancel_refresh(&self) {
        if let Some(token) = guard(&self.refresh).as_ref() {
            token.cancel();
        }
    }

    /// Whether a refresh is under way.
    pub fn is_refreshing(&self) -> bool {
        guard(&self.refresh).is_some()
    }

    async fn ask_everything(&self) {
        let ports = self.ports();
        let http = Arc::new(Semaphore::new(PER_SYSTEM));
        // Scopes first: what runs decides which commits, gates and ranges matter.
        let mut scopes: FuturesUnordered<Question<'_>> = FuturesUnordered::new();
        for environment in &self.estate.environments {
            for scope in environment.environment.scopes() {
                scopes.push(self.ask_scope(ports.clone(), scope));
            }
        }
        let mut others: FuturesUnordered<Question<'_>> = FuturesUnordered::new();
        for job in self
            .estate
            .services
            .iter()
            .filter_map(|s| s.build_job.clone())
            .collect::<BTreeSet<_>>()
        {
            if ports.builds.is_some() {
                others.push(self.ask_job(ports.clone(), http.clone(), job));
            }
        }
        if let Some((_, reader)) = ports
            .identities
            .iter()
            .find(|(s, _)| *s == interlock_domain::SystemKind::GitLab)
        {
            let reader = reader.clone();
            others.push(Box::pin(async move {
                let answer = reader.identities().await.into_iter().next();
                let at = self.now();
                let change: Change = Box::new(move |snapshot| {
                    if let Some(answer) = answer {
                        snapshot
                            .gitlab
                            .take(at, answer.map(|identity| identity.name));
                    }
                });
                ("GitLab".to_owned(), change)
            }));
        }
        let projects: Vec<_> = self
            .estate
            .services
            .iter()
            .filter(|s| s.sonarqube_project.is_some())
            .collect();
        let quality_count = if ports.quality.is_some() {
            projects.len()
        } else {
            0
        };
        let total = scopes.len() + others.len() + quality_count;
        let mut done = 0;
        let take = |done: &mut usize, (name, change): (String, Change)| {
            self.change_snapshot(change);
            *done += 1;
            self.tell(ConsoleEvent::RefreshProgress {
                done: *done,
                total,
                last: name,
            });
            self.tell(ConsoleEvent::SnapshotChanged);
        };
        loop {
            tokio::select! {
                Some(answer) = scopes.next() => take(&mut done, answer),
                Some(answer) = others.next() => take(&mut done, answer),
                else => break,
            }
        }
        let mut second: FuturesUnordered<Question<'_>> = FuturesUnordered::new();
        if let Some(quality) = &ports.quality {
            let snapshot = self.snapshot();
            let index = self.index(&snapshot);
            for service in projects {
                let commits = self.commits_of(&index, service);
                second.push(self.ask_project(quality.clone(), http.clone(), service, commits));
            }
        }
        while let Some(answer) = second.next().await {
            take(&mut done, answer);
        }
        self.ask_ranges(&ports).await;
    }

    fn ask_scope(&self, ports: Arc<Ports>, scope: Scope) -> Question<'_> {
        Box::pin(async move {
            let answer = ports.stacks.stacks(&scope).await;
            let at = self.now();
            if let Ok(stacks) = &answer {
                self.keep_seen(&scope, at, stacks);
            }
            let name = format!("AWS {scope}");
            let change: Change =
                Box::new(move |snapshot| snapshot.scope_mut(&scope).stacks.take(at, answer));
            (name, change)
        })
    }

    fn ask_job(&self, ports: Arc<Ports>, permits: Arc<Semaphore>, job: JobName) -> Question<'_> {
        Box::pin(async move {
            let answer = match &ports.builds {
                Some(builds) => {
                    let _permit = permits.acquire().await;
                    match builds.builds(&job, 5).await {
                        Ok(list) => {
                            let finished = list
                                .iter()
                                .find(|build: &&Build| !build.building)
                                .map(|b| b.number);
                            let tests = match finished {
                                Some(number) => builds.tests(&job, number).await,
                                None => Ok(None),
                            };
                            tests.map(|tests| BuildState {
                                builds: list,
                                tests,
                            })
                        }
                        Err(error) => Err(error),
                    }
                }
                None => return (job.to_string(), Box::new(|_: &mut Snapshot| {}) as Change),
            };
            let at = self.now();
            let name = format!("Jenkins {job}");
            let change: Change = Box::new(move |snapshot| {
                snapshot
                    .builds
                    .entry(job.to_string())
                    .or_default()
                    .take(at, answer);
            });
            (name, change)
        })
    }

    fn ask_project<'a>(
        &'a self,
        quality: Arc<dyn QualityReader>,
        permits: Arc<Semaphore>,
        service: &'a Service,
        commits: BTreeSet<String>,
    ) -> Question<'a> {
        Box::pin(async move {
            let project = service.sonarqube_project.clone().unwrap_or_default();
            let answer = {
                let _permit = permits.acquire().await;
                read_quality(quality.as_ref(), &project, &commits).await
            };
            let at = self.now();
            let name = format!("SonarQube {project}");
            let change: Change = Box::new(move |snapshot| {
                snapshot
                    .quality
                    .entry(project)
                    .or_default()
                    .take(at, answer);
            });
            (name, change)
        })
    }

    /// Commits of a service that run somewhere now.
    fn commits_of(&self, index: &Index<'_>, service: &Service) -> BTreeSet<String> {
        self.estate
            .environments
            .iter()
            .filter_map(|e| self.version_at(index, service, &e.environment.name).1)
            .collect()
    }

    /// Commits between neighbours on the path; only ranges that are not known yet are asked for.
    async fn ask_ranges(&self, ports: &Ports) {
        let Some(sources) = &ports.sources else {
            return;
        };
        let snapshot = self.snapshot();
        let index = self.index(&snapshot);
        let mut wanted = BTreeMap::new();
        for service in &self.estate.services {
            let Some(repository) = &service.repository else {
                continue;
            };
            for pair in self.estate.environments.windows(2) {
                let head = self
                    .version_at(&index, service, &pair[0].environment.name)
                    .1;
                let base = self
                    .version_at(&index, service, &pair[1].environment.name)
                    .1;
                if let (Some(head), Some(base)) = (head, base)
                    && head != base
                {
                    let paths = self.paths_of(service);
                    let key = range_key(repository, &base, &head, &paths);
                    wanted.insert(key, (repository.clone(), base, head, paths));
                }
            }
        }
        for (key, (repository, base, head, paths)) in wanted {
            if snapshot
                .behind
                .get(&key)
                .is_some_and(|told| told.current().is_some())
            {
                continue;
            }
            let answer = sources
                .commits_between(&repository, &base, &head, &paths, COMMITS)
                .await;
            let at = self.now();
            self.change_snapshot(|snapshot| {
                snapshot.behind.entry(key).or_default().take(at, answer);
            });
        }
    }

    /// Paths of a service in its repository: a commit counts when it touches one of them. Empty
    /// when the estate does not name any.
    pub(crate) fn paths_of(&self, service: &Service) -> Vec<String> {
        let shared = self
            .estate
            .services
            .iter()
            .filter(|other| other.repository == service.repository)
            .count();
        if shared <= 1 {
            return Vec::new();
        }
        let mut paths = BTreeSet::new();
        for stack in &service.stacks {
            paths.extend(stack.template.clone());
            for environment in &self.estate.environments {
                if let Some(variables) = &stack.variables {
                    paths.insert(variables.replace("{env}", environment.environment.name.as_str()));
                }
            }
        }
        paths.into_iter().collect()
    }
}

async fn read_quality(
    quality: &dyn QualityReader,
    project: &str,
    commits: &BTreeSet<String>,
) -> Result<ProjectQuality, ConnectorError> {
    let analyses = quality.analyses(project, ANALYSES).await?;
    let mut gates = BTreeMap::new();
    for commit in commits {
        let analysis = analyses.iter().find(|analysis| {
            analysis.revision.as_ref().is_some_and(|seen| {
                seen.starts_with(commit.as_str()) || commit.starts_with(seen.as_str())
            })
        });
        if let Some(analysis) = analysis {
            gates.insert(
                commit.clone(),
                quality.gate_of_analysis(project, analysis).await?,
            );
        }
    }
    let measures = quality.measures(project, METRICS).await?;
    Ok(ProjectQuality {
        newest: analyses.into_iter().next(),
        gates,
        measures,
    })
}
