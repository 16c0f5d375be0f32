//! Makes the plan of the practice Jenkins from the bank: a folder for each repository, a build and a deploy job for each
//! service, the people with their tokens, and three months of builds.

use super::access::{Group, User};
use super::flow::Verdict;
use super::pipelines::{DEPLOYMENT_STAGE, deploy_parameters};
use super::plan::{
    BuildPipeline, Cause, Commit, DeployPipeline, FailingTests, FolderPlan, JobPlan, PastBuild,
    Pipeline, Plan, StackPlan,
};
use super::program::{Stage, Step};
use crate::bank::{Bank, Deployment, ENVIRONMENTS, Outcome, Promote, Release, Service, Via, story};
use crate::git::{BuiltCommit, BuiltRepository};
use crate::people::{Role, by_id, people};
use std::collections::{BTreeMap, HashMap};

/// Login name of the account that administers the practice Jenkins; none of the bank's people.
pub const ADMINISTRATOR: &str = "admin";
/// API token of the administrator.
pub const ADMINISTRATOR_TOKEN: &str = "1100000000000000000000000000ad0000";

/// How long a build waits in the queue.
const QUEUED_MILLIS: i64 = 5_000;
/// A build starts so long after its commit.
const AFTER_COMMIT_MILLIS: i64 = 120_000;

/// The tests that fail in the bank's failing build, and how many its service has in all.
const CALENDAR_TESTS: [&str; 2] = [
    "statement calendar includes the last day of February",
    "statement calendar skips bank holidays",
];
const CALENDAR_SUITE: usize = 214;

/// Makes the plan.
pub fn plan(bank: &Bank, repository_url: impl Fn(&str) -> String) -> Plan {
    let history = History::of(bank);
    let mut folders: BTreeMap<&str, FolderPlan> = BTreeMap::new();
    let mut jobs = Vec::new();
    for service in bank.services() {
        folders
            .entry(&service.repository)
            .or_insert_with(|| FolderPlan {
                name: service.repository.clone(),
                display_name: service.repository.clone(),
                description: Some(format!("Pipelines of andes/{}", service.repository)),
            });
        let url = repository_url(&service.repository);
        jobs.push(build_job(&history, service, &url));
        jobs.push(deploy_job(&history, service, &url));
    }
    jobs.push(nightly());
    Plan {
        users: users(),
        folders: folders.into_values().collect(),
        jobs,
        pace: 1.0,
    }
}

/// The bank's history by service, so that a large bank is walked once.
struct History<'b> {
    releases: HashMap<&'b str, Vec<&'b Release>>,
    deployments: HashMap<&'b str, Vec<&'b Deployment>>,
    repositories: &'b [BuiltRepository],
}

impl<'b> History<'b> {
    fn of(bank: &'b Bank) -> Self {
        let mut releases: HashMap<&str, Vec<&Release>> = HashMap::new();
        for release in bank.releases() {
            releases.entry(&release.service).or_default().push(release);
        }
        let mut deployments: HashMap<&str, Vec<&Deployment>> = HashMap::new();
        for deployment in bank.deployments() {
            deployments
                .entry(&deployment.service)
                .or_default()
                .push(deployment);
        }
        Self {
            releases,
            deployments,
            repositories: bank.repositories(),
        }
    }

    fn releases(&self, service: &Service) -> &[&'b Release] {
        self.releases
            .get(service.name.as_str())
            .map_or(&[], Vec::as_slice)
    }

    fn deployments(&self, service: &Service) -> &[&'b Deployment] {
        self.deployments
            .get(service.name.as_str())
            .map_or(&[], Vec::as_slice)
    }

    fn commits<'s>(&self, service: &'s Service) -> Commits<'s>
    where
        'b: 's,
    {
        let repository = self
            .repositories
            .iter()
            .find(|repository| repository.name == service.repository);
        Commits {
            service: &service.name,
            commits: repository
                .into_iter()
                .flat_map(|repository| &repository.commits)
                .filter(|commit| commit.plan.branch.is_none())
                .collect(),
        }
    }
}

fn users() -> Vec<User> {
    let mut users: Vec<User> = people()
        .iter()
        .map(|person| User {
            id: person.id.to_owned(),
            full_name: person.name.to_owned(),
            token: person.jenkins_token.to_owned(),
            password: Some(format!("practice-{}", person.id)),
            group: match person.role {
                Role::Developer => Group::Developers,
                Role::Lead => Group::Leads,
                Role::ReleaseManager => Group::ReleaseManagers,
            },
        })
        .collect();
    users.push(User {
        id: ADMINISTRATOR.to_owned(),
        full_name: "Jenkins Administrator".to_owned(),
        token: ADMINISTRATOR_TOKEN.to_owned(),
        password: None,
        group: Group::Administrators,
    });
    users
}

/// A job that somebody has switched off.
fn nightly() -> JobPlan {
    JobPlan {
        folder: None,
        name: "nightly-cleanup".to_owned(),
        description: Some("Deletes old artifacts; switched off".to_owned()),
        parameters: Vec::new(),
        concurrent: false,
        disabled: true,
        builders: vec![Group::ReleaseManagers],
        pipeline: Pipeline::Script(vec![Stage::new(
            "Clean up",
            vec![Step::shell("./bin/clean-up", 3_000, Vec::new())],
        )]),
        past: Vec::new(),
    }
}

fn split(full_name: &str) -> (Option<String>, String) {
    match full_name.rsplit_once('/') {
        Some((folder, name)) => (Some(folder.to_owned()), name.to_owned()),
        None => (None, full_name.to_owned()),
    }
}

fn build_job(history: &History, service: &Service, url: &str) -> JobPlan {
    let releases = history.releases(service);
    let commits = history.commits(service);
    let last = releases.last();
    let failing = last.and_then(|release| failing_tests(release));
    let (folder, name) = split(&service.build_job());
    JobPlan {
        folder,
        name,
        description: Some(format!("Builds, tests and packages {}", service.name)),
        parameters: Vec::new(),
        concurrent: false,
        disabled: false,
        builders: vec![Group::Developers, Group::ReleaseManagers],
        pipeline: Pipeline::Build(BuildPipeline {
            service: service.name.clone(),
            repository: url.to_owned(),
            branch: "main".to_owned(),
            head: last
                .and_then(|release| commits.get(&release.commit))
                .unwrap_or_else(|| no_commit(service)),
            version: last.map_or_else(String::new, |release| release.version.to_string()),
            tests: test_names(service),
            failing,
        }),
        past: past_builds(releases, &commits),
    }
}

fn past_builds(releases: &[&Release], commits: &Commits) -> Vec<PastBuild> {
    let mut before: Option<&str> = None;
    let mut past: Vec<PastBuild> = releases
        .iter()
        .map(|release| {
            let started = release.time.as_millisecond() + AFTER_COMMIT_MILLIS;
            let build = PastBuild {
                number: release.build,
                queued: started - QUEUED_MILLIS,
                started,
                duration: 150_000 + i64::from(release.build % 37) * 2_300,
                verdict: verdict(&release.outcome),
                cause: Cause::BranchIndexing,
                parameters: Vec::new(),
                commit: commits.get(&release.commit),
                changes: commits.between(before, &release.commit),
                version: release.version.to_string(),
                failure: failure(&release.outcome, "Unit tests"),
                approval: None,
            };
            before = Some(&release.commit);
            build
        })
        .collect();
    past.sort_by_key(|build| build.number);
    past.dedup_by_key(|build| build.number);
    past
}

fn verdict(outcome: &Outcome) -> Verdict {
    match outcome {
        Outcome::Succeeded => Verdict::Success,
        Outcome::Failed(_) => Verdict::Failure,
    }
}

fn failure(outcome: &Outcome, stage: &str) -> Option<(String, String)> {
    match outcome {
        Outcome::Succeeded => None,
        Outcome::Failed(why) => Some((stage.to_owned(), why.clone())),
    }
}

/// Names the tests behind a failed build of the bank.
fn failing_tests(release: &Release) -> Option<FailingTests> {
    let Outcome::Failed(summary) = &release.outcome else {
        return None;
    };
    let tests = [
        (CALENDAR_TESTS[0], "expected 29 days but was 28"),
        (CALENDAR_TESTS[1], "expected 2026-12-09 but was 2026-12-08"),
    ];
    Some(FailingTests {
        tests: tests
            .map(|(name, why)| (name.to_owned(), why.to_owned()))
            .to_vec(),
        summary: summary.clone(),
    })
}

/// Names the unit tests of a service; as many for each as its size suggests.
fn test_names(service: &Service) -> Vec<String> {
    const SUBJECTS: [&str; 7] = [
        "handler",
        "validation",
        "storage",
        "limits",
        "audit",
        "retries",
        "messages",
    ];
    const CLAIMS: [&str; 10] = [
        "accepts a complete request",
        "rejects an unsigned request",
        "rejects a request of another tenant",
        "is idempotent for the same key",
        "answers within its time limit",
        "writes an audit record",
        "masks card numbers in its log",
        "backs off when it is throttled",
        "gives up after the deadline",
        "keeps amounts exact to the cent",
    ];
    let is_calendar = service.name == story::FAILING_BUILD.0;
    let count = if is_calendar {
        CALENDAR_SUITE - CALENDAR_TESTS.len()
    } else {
        40 + service.name.len() * 7
    };
    let mut names: Vec<String> = (0..count)
        .map(|index| {
            let subject = SUBJECTS[(index / CLAIMS.len()) % SUBJECTS.len()];
            let claim = CLAIMS[index % CLAIMS.len()];
            match index / (CLAIMS.len() * SUBJECTS.len()) {
                0 => format!("{subject} {claim}"),
                round => format!("{subject} {claim} (variant {round})"),
            }
        })
        .collect();
    if is_calendar {
        names.extend(CALENDAR_TESTS.map(str::to_owned));
    }
    names
}

fn deploy_job(history: &History, service: &Service, url: &str) -> JobPlan {
    let environments: Vec<&str> = ENVIRONMENTS.iter().map(|e| e.name).collect();
    let stacks = environments
        .iter()
        .map(|environment| ((*environment).to_owned(), stacks(service, environment)))
        .collect();
    let (folder, name) = split(&service.deploy_job());
    let managers = || vec![Group::ReleaseManagers];
    JobPlan {
        folder,
        name,
        description: Some(format!("Deploys {} to an environment", service.name)),
        parameters: deploy_parameters(&environments),
        concurrent: false,
        disabled: false,
        builders: vec![Group::Developers, Group::ReleaseManagers],
        pipeline: Pipeline::Deploy(DeployPipeline {
            service: service.name.clone(),
            repository: url.to_owned(),
            branch: "main".to_owned(),
            stacks,
            environments: environments.iter().map(|e| (*e).to_owned()).collect(),
            deployers: BTreeMap::from([("prod".to_owned(), managers())]),
            approved_by_input: if asks_before_prod(service) {
                vec!["prod".to_owned()]
            } else {
                Vec::new()
            },
            promotion_needed: vec!["prod".to_owned()],
            versions: history
                .releases(service)
                .iter()
                .map(|release| (release.version.to_string(), release.commit.clone()))
                .collect(),
        }),
        past: past_deployments(history, service),
    }
}

/// Services promoted through Jenkins ask a person before they touch prod.
fn asks_before_prod(service: &Service) -> bool {
    service.promote == Promote::Jenkins
}

fn stacks(service: &Service, environment: &str) -> Vec<StackPlan> {
    let account = crate::bank::environment(environment).map_or("", |e| e.account);
    service
        .stacks
        .iter()
        .flat_map(|stack| {
            stack
                .regions(environment)
                .into_iter()
                .map(|region| StackPlan {
                    account: account.to_owned(),
                    region: region.to_owned(),
                    name: stack.name(environment),
                })
        })
        .collect()
}

fn past_deployments(history: &History, service: &Service) -> Vec<PastBuild> {
    let mut past: Vec<PastBuild> = history
        .deployments(service)
        .iter()
        .filter_map(|deployment| match deployment.via {
            Via::Jenkins(number) => Some(past_deployment(service, deployment, number)),
            Via::CloudFormation(_) => None,
        })
        .collect();
    past.sort_by_key(|build| build.number);
    past.dedup_by_key(|build| build.number);
    past
}

fn past_deployment(service: &Service, deployment: &Deployment, number: u32) -> PastBuild {
    let started = deployment.started.as_millisecond();
    let name_of = |id: &str| by_id(id).map_or_else(|| id.to_owned(), |who| who.name.to_owned());
    let asked = deployment.environment == "prod" && asks_before_prod(service);
    let duration = i64::from(deployment.seconds) * 1_000;
    PastBuild {
        number,
        queued: started - QUEUED_MILLIS,
        started,
        duration,
        verdict: verdict(&deployment.outcome),
        cause: Cause::User {
            id: deployment.by.clone(),
            name: name_of(&deployment.by),
        },
        parameters: vec![
            ("ENVIRONMENT".to_owned(), deployment.environment.to_owned()),
            ("VERSION".to_owned(), deployment.version.to_string()),
            ("COMMIT".to_owned(), deployment.commit.clone()),
        ],
        commit: None,
        changes: Vec::new(),
        version: deployment.version.to_string(),
        failure: failure(&deployment.outcome, DEPLOYMENT_STAGE),
        approval: asked.then(|| {
            let approver = deployment.approved_by.first().unwrap_or(&deployment.by);
            (name_of(approver), duration / 4)
        }),
    }
}

/// The commits of a service's repository, in order, without branches that were not merged.
struct Commits<'b> {
    service: &'b str,
    commits: Vec<&'b BuiltCommit>,
}

impl Commits<'_> {
    /// Returns a commit; its paths only when it is the service's own.
    fn get(&self, id: &str) -> Option<Commit> {
        let commit = self.commits.iter().find(|commit| commit.id == id)?;
        Some(if commit.plan.service == self.service {
            as_change(commit)
        } else {
            without_paths(commit)
        })
    }

    /// Returns the service's commits after one and up to another.
    fn between(&self, after: Option<&str>, last: &str) -> Vec<Commit> {
        let place = |id: &str| self.commits.iter().position(|commit| commit.id == id);
        let Some(end) = place(last) else {
            return Vec::new();
        };
        let Some(start) = after.and_then(place) else {
            return Vec::new();
        };
        self.commits[start.min(end) + 1..=end]
            .iter()
            .filter(|commit| commit.plan.service == self.service)
            .map(|commit| as_change(commit))
            .collect()
    }
}

fn as_change(commit: &BuiltCommit) -> Commit {
    let edited = commit.plan.changes.iter();
    Commit {
        paths: edited
            .map(|(path, _)| (path.clone(), "edit".to_owned()))
            .collect(),
        ..without_paths(commit)
    }
}

fn without_paths(commit: &BuiltCommit) -> Commit {
    Commit {
        id: commit.id.clone(),
        author: commit.plan.author.name.clone(),
        email: commit.plan.author.email.clone(),
        message: commit.plan.message.trim_end().to_owned(),
        at: commit.plan.time.as_millisecond(),
        paths: Vec::new(),
    }
}

fn no_commit(service: &Service) -> Commit {
    Commit {
        id: String::new(),
        author: service.team.clone(),
        email: String::new(),
        message: String::new(),
        at: 0,
        paths: Vec::new(),
    }
}
