//! Build pipelines: checkout, compile, test, analyse, package.

use super::Circumstances;
use crate::jenkins::flow::Verdict;
use crate::jenkins::plan::{BuildPipeline, FailingTests};
use crate::jenkins::program::{Artifact, Case, Outcome, Stage, Step, Suite};
use sha2::{Digest as _, Sha256};

/// Writes the stages of a build down.
pub(super) fn stages(pipeline: &BuildPipeline, around: Circumstances) -> Vec<Stage> {
    let service = &pipeline.service;
    let head = around
        .past
        .and_then(|past| past.commit.as_ref())
        .unwrap_or(&pipeline.head);
    let version = around.past.map_or(&pipeline.version, |past| &past.version);
    let failing = failing(pipeline, around);
    let suite = unit_suite(service, &pipeline.tests, failing.as_ref());
    let total = suite.cases.len();
    let tolerated = around
        .past
        .is_some_and(|past| past.verdict == Verdict::Unstable);
    let test_step = match &failing {
        Some(failing) if !tolerated => {
            let mut lines: Vec<String> = failing
                .tests
                .iter()
                .map(|(name, why)| format!("FAIL {name}: {why}"))
                .collect();
            lines.push(failing.summary.clone());
            lines.push("make: *** [Makefile:14: test] Error 1".to_owned());
            Step::failing_shell("make test", 9_000, lines)
        }
        _ => Step::shell("make test", 9_000, vec![format!("{total} tests run")]),
    };
    let checksum = hex::encode(Sha256::digest(format!("{service}/{version}/{}", head.id)));
    vec![
        Stage::new(
            "Checkout",
            vec![Step::checkout(
                &pipeline.repository,
                &pipeline.branch,
                &head.id,
            )],
        ),
        Stage::new(
            "Build",
            vec![Step::shell(
                "make build",
                6_000,
                vec![
                    format!("Building {service} {version}"),
                    "Resolving dependencies".to_owned(),
                    "Compiled without warnings".to_owned(),
                ],
            )],
        ),
        Stage::new("Unit tests", vec![test_step]),
        Stage::new(
            "Static analysis",
            vec![Step::shell(
                &format!(
                    "sonar-scanner -Dsonar.projectKey={service} -Dsonar.projectVersion={version}"
                ),
                5_000,
                vec![
                    "INFO: Analysis report uploaded".to_owned(),
                    "INFO: EXECUTION SUCCESS".to_owned(),
                ],
            )],
        ),
        Stage::new(
            "Package",
            vec![
                Step::shell(
                    "make package",
                    3_000,
                    vec![format!("dist/{service}-{version}.zip")],
                ),
                Step::archive(vec![Artifact {
                    path: format!("dist/{service}-{version}.zip.sha256"),
                    content: format!("{checksum}  {service}-{version}.zip\n"),
                }]),
            ],
        ),
        Stage::post(vec![Step::junit("reports/*.xml", vec![suite])]),
    ]
}

/// Decides which tests fail: today's, those of a recorded failure, or one flaky test of an unstable build.
fn failing(pipeline: &BuildPipeline, around: Circumstances) -> Option<FailingTests> {
    let Some(past) = around.past else {
        return pipeline.failing.clone();
    };
    let first = |why: &str| {
        pipeline
            .tests
            .first()
            .map(|name| vec![(name.clone(), why.to_owned())])
            .unwrap_or_default()
    };
    match (past.verdict, &past.failure) {
        (Verdict::Unstable, _) => Some(FailingTests {
            tests: first("expected 200 but was 503"),
            summary: "1 test failed".to_owned(),
        }),
        (_, Some((stage, why))) if stage == "Unit tests" => Some(FailingTests {
            tests: pipeline
                .failing
                .as_ref()
                .map_or_else(|| first(why), |failing| failing.tests.clone()),
            summary: why.clone(),
        }),
        _ => None,
    }
}

fn unit_suite(service: &str, tests: &[String], failing: Option<&FailingTests>) -> Suite {
    let why = |name: &String| {
        let tests = &failing?.tests;
        tests
            .iter()
            .find(|(failing, _)| failing == name)
            .map(|(_, why)| why.clone())
    };
    let cases = tests
        .iter()
        .zip(0u32..)
        .map(|(name, index)| Case {
            class: format!("{service}.tests"),
            name: name.clone(),
            millis: 4 + 7 * (index % 11),
            outcome: why(name).map_or(Outcome::Passed, |message| Outcome::Failed {
                stack: format!(
                    "AssertionError: {message}\n  at tests/{service}.test.ts:{}",
                    20 + index
                ),
                message,
            }),
        })
        .collect();
    Suite {
        name: format!("{service}.tests"),
        cases,
    }
}
