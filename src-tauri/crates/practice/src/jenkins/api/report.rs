//! The test report of a build.

use super::super::builds::Build;
use super::super::controller::Controller;
use super::super::program::{Case, Outcome, Suite};
use super::super::run::Run;
use super::super::tree::{ALWAYS, Bean, OWN, Selector};
use serde_json::{Value, json};

/// Writes the test report; none when the build recorded no tests.
pub fn test_report(controller: &Controller, build: &Build, selector: &Selector) -> Option<Value> {
    let run = build.run();
    if run.tests.is_empty() {
        return None;
    }
    let history = History::of(controller, build);
    let cases = || run.tests.iter().flat_map(|(.., suite)| &suite.cases);
    let count = |wanted: fn(&Outcome) -> bool| cases().filter(|case| wanted(&case.outcome)).count();
    let failed = |outcome: &Outcome| matches!(outcome, Outcome::Failed { .. });
    let mut bean = Bean::of("hudson.tasks.junit.TestResult", selector);
    bean.put(OWN, "testActions", || json!([]))
        .put(OWN, "duration", || {
            seconds(cases().map(|case| case.millis).sum())
        })
        .put(OWN, "empty", || false)
        .put(OWN, "failCount", || count(failed))
        .put(OWN, "passCount", || {
            count(|outcome| matches!(outcome, Outcome::Passed))
        })
        .put(OWN, "skipCount", || {
            count(|outcome| matches!(outcome, Outcome::Skipped(_)))
        })
        .list(
            OWN,
            "suites",
            &run.tests,
            |(stage, name, step, suite), inner| {
                suite_bean(suite, (*stage, name, *step), build, &history, inner)
            },
        );
    Some(bean.done())
}

fn suite_bean(
    suite: &Suite,
    (stage, stage_name, step): (u32, &str, u32),
    build: &Build,
    history: &History,
    selector: &Selector,
) -> Value {
    Bean::plain(selector)
        .list(ALWAYS, "cases", &suite.cases, |case, inner| {
            case_bean(case, build, history, inner)
        })
        .put(ALWAYS, "duration", || {
            seconds(suite.cases.iter().map(|case| case.millis).sum())
        })
        .put(ALWAYS, "enclosingBlockNames", || {
            vec![stage_name.to_owned()]
        })
        .put(ALWAYS, "enclosingBlocks", || vec![stage.to_string()])
        .put(ALWAYS, "id", || Value::Null)
        .put(ALWAYS, "name", || suite.name.clone())
        .put(ALWAYS, "nodeId", || step.to_string())
        .put(ALWAYS, "properties", || json!({}))
        .put(ALWAYS, "stderr", || Value::Null)
        .put(ALWAYS, "stdout", || Value::Null)
        .put(ALWAYS, "timestamp", || {
            jiff::Timestamp::from_millisecond(build.started)
                .map(|instant| instant.strftime("%Y-%m-%dT%H:%M:%S").to_string())
                .unwrap_or_default()
        })
        .done()
}

fn case_bean(case: &Case, build: &Build, history: &History, selector: &Selector) -> Value {
    let failing_before = history.failing_since(case);
    let (failed, skipped) = match &case.outcome {
        Outcome::Passed => (None, None),
        Outcome::Skipped(reason) => (None, Some(reason.clone())),
        Outcome::Failed { message, stack } => (Some((message.clone(), stack.clone())), None),
    };
    let failed_since = failed
        .is_some()
        .then(|| failing_before.unwrap_or(build.number));
    let status = match (&failed, &skipped, failing_before) {
        (Some(_), _, None) if history.known => "REGRESSION",
        (Some(_), ..) => "FAILED",
        (None, Some(_), _) => "SKIPPED",
        (None, None, Some(_)) => "FIXED",
        (None, None, None) => "PASSED",
    };
    let (details, stack) = failed.unzip();
    Bean::plain(selector)
        .put(ALWAYS, "testActions", || json!([]))
        .put(ALWAYS, "age", || {
            failed_since.map_or(0, |since| build.number - since + 1)
        })
        .put(ALWAYS, "className", || case.class.clone())
        .put(ALWAYS, "duration", || seconds(case.millis))
        .put(ALWAYS, "errorDetails", || json!(details))
        .put(ALWAYS, "errorStackTrace", || json!(stack))
        .put(ALWAYS, "failedSince", || failed_since.unwrap_or(0))
        .put(ALWAYS, "name", || case.name.clone())
        .put(ALWAYS, "properties", || json!({}))
        .put(ALWAYS, "skipped", || skipped.is_some())
        .put(ALWAYS, "skippedMessage", || json!(skipped))
        .put(ALWAYS, "status", || status)
        .put(ALWAYS, "stderr", || Value::Null)
        .put(ALWAYS, "stdout", || Value::Null)
        .done()
}

/// The test results of the builds before, newest first.
struct History {
    known: bool,
    runs: Vec<(u32, Run)>,
}

impl History {
    fn of(controller: &Controller, build: &Build) -> Self {
        let runs: Vec<(u32, Run)> = controller
            .builds(&build.job.full_name())
            .filter(|before| before.number < build.number)
            .take(10)
            .map(|before| (before.number, before.run().into_owned()))
            .filter(|(_, run)| !run.tests.is_empty())
            .collect();
        Self {
            known: !runs.is_empty(),
            runs,
        }
    }

    /// Returns the first build of the unbroken row of failures that ended just before.
    fn failing_since(&self, case: &Case) -> Option<u32> {
        self.runs
            .iter()
            .take_while(|(_, run)| {
                run.tests
                    .iter()
                    .flat_map(|(.., suite)| &suite.cases)
                    .any(|other| {
                        other.name == case.name
                            && other.class == case.class
                            && matches!(other.outcome, Outcome::Failed { .. })
                    })
            })
            .last()
            .map(|(number, _)| *number)
    }
}

fn seconds(millis: u32) -> f64 {
    f64::from(millis) / 1000.0
}
