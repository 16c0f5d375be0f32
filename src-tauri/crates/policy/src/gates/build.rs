//! The gate over the build of the commit, and its tests.

use super::{Told, counted};
use crate::{
    facts::{Evidence, TestFact},
    policy::TestsRule,
};

pub(super) fn tests(rule: &TestsRule, evidence: &Evidence<TestFact>) -> Told {
    let fact = match &evidence.value {
        Err(reason) => return Told::unknown(format!("Jenkins cannot tell: {reason}"), evidence),
        Ok(fact) => fact,
    };
    let build = &fact.build;
    if let Some(count) = fact.counts
        && count.failed > 0
    {
        let all = u64::from(count.passed) + u64::from(count.failed);
        let summary = format!("{} of {all} tests failed in {build}", count.failed);
        return Told::fail(summary, evidence);
    }
    if !fact.succeeded {
        return Told::fail(format!("{build} did not succeed"), evidence);
    }
    let Some(count) = fact.counts else {
        return if rule.report {
            Told::unknown(format!("{build} has no test report"), evidence)
        } else {
            Told::pass(
                format!("{build} succeeded, without a test report"),
                evidence,
            )
        };
    };
    let passed = count.passed as usize;
    if let Some(least) = rule.at_least
        && count.passed < least
    {
        let summary = format!(
            "{} passed in {build}, and at least {least} are asked for",
            counted(passed, "test")
        );
        return Told::fail(summary, evidence);
    }
    if let Some(most) = rule.max_skipped
        && count.skipped > most
    {
        let summary = format!(
            "{} skipped in {build}, and at most {most} are allowed",
            counted(count.skipped as usize, "test")
        );
        return Told::fail(summary, evidence);
    }
    Told::pass(
        format!("{} tests passed in {build}", count.passed),
        evidence,
    )
}
