//! The build job of a service: what a build started now does, the builds of the past, and the tests that they ran.

use super::commits::{Commits, no_commit};
use super::{History, QUEUED_MILLIS, failure, split, verdict};
use crate::bank::{Outcome, Release, Service, story};
use crate::jenkins::access::Group;
use crate::jenkins::plan::{BuildPipeline, Cause, FailingTests, JobPlan, PastBuild, Pipeline};

/// A build starts so long after its commit.
const AFTER_COMMIT_MILLIS: i64 = 120_000;

/// The tests that fail in the bank's failing build, and how many its service has in all.
const CALENDAR_TESTS: [&str; 2] = [
    "statement calendar includes the last day of February",
    "statement calendar skips bank holidays",
];
const CALENDAR_SUITE: usize = 214;

/// Makes the build job of a service.
pub(super) fn build_job(history: &History, service: &Service, url: &str) -> JobPlan {
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
