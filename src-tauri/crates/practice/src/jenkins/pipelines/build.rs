//! Build pipelines: checkout, compile, test, analyse, package.

use super::Circumstances;
use crate::jenkins::flow::Verdict;
use crate::jenkins::plan::BuildPipeline;
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
    let failing = match around.past {
        None => pipeline.failing.clone(),
        Some(past) if past.verdict == Verdict::Unstable => pipeline
            .tests
            .first()
            .map(|name| (name.clone(), "expected 200 but was 503".to_owned())),
        Some(past) => past
            .failure
            .as_ref()
            .filter(|(stage, _)| stage == "Unit tests")
            .and_then(|(_, why)| {
                let named = pipeline.failing.as_ref().map(|(name, _)| name);
                named
                    .or(pipeline.tests.first())
                    .map(|name| (name.clone(), why.clone()))
            }),
    };
    let suite = unit_suite(service, &pipeline.tests, failing.as_ref());
    let total = suite.cases.len();
    let tolerated = around
        .past
        .is_some_and(|past| past.verdict == Verdict::Unstable);
    let test_step = match &failing {
        Some((name, why)) if !tolerated => Step::failing_shell(
            "make test",
            9_000,
            vec![
                format!("FAIL {name}: {why}"),
                format!("{total} tests, 1 failed"),
                "make: *** [Makefile:14: test] Error 1".to_owned(),
            ],
        ),
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

fn unit_suite(service: &str, tests: &[String], failing: Option<&(String, String)>) -> Suite {
    let cases = tests
        .iter()
        .zip(0u32..)
        .map(|(name, index)| Case {
            class: format!("{service}.tests"),
            name: name.clone(),
            millis: 40 + 37 * (index % 11),
            outcome: match failing {
                Some((failing, why)) if failing == name => Outcome::Failed {
                    message: why.clone(),
                    stack: format!(
                        "AssertionError: {why}\n  at {service}/tests.ts:{}",
                        20 + index
                    ),
                },
                _ => Outcome::Passed,
            },
        })
        .collect();
    Suite {
        name: format!("{service}.tests"),
        cases,
    }
}
