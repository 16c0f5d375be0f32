//! The gates themselves: what each tells from the facts.
//!
//! A gate tells [`None`] only where the policy leaves it out for want of a source; what is not
//! known is told as unknown.

mod age;
mod build;
mod content;
mod danger;
mod freeze;
mod path;
mod quality;
mod stacks;
mod ticket;

pub(crate) use danger::is_threatened;

use crate::{
    facts::{Evidence, Facts},
    freeze::Freeze,
    policy::{Gate, Rule, Without},
};
use interlock_domain::{Timestamp, approval_rule::ApprovalRule, verdict::Outcome};

/// What a gate tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub outcome: Outcome,
    pub summary: String,
    pub source: String,
    pub at: Option<Timestamp>,
    /// Who must approve for it to be in order.
    pub asks: Option<ApprovalRule>,
}

impl Told {
    fn of<T>(outcome: Outcome, summary: impl Into<String>, evidence: &Evidence<T>) -> Self {
        Self {
            outcome,
            summary: summary.into(),
            source: evidence.source.clone(),
            at: evidence.at,
            asks: None,
        }
    }

    fn pass<T>(summary: impl Into<String>, evidence: &Evidence<T>) -> Self {
        Self::of(Outcome::Pass, summary, evidence)
    }

    fn fail<T>(summary: impl Into<String>, evidence: &Evidence<T>) -> Self {
        Self::of(Outcome::Fail, summary, evidence)
    }

    fn unknown<T>(summary: impl Into<String>, evidence: &Evidence<T>) -> Self {
        Self::of(Outcome::Unknown, summary, evidence)
    }
}

/// What one gate tells; none where the policy leaves it out.
pub(crate) fn tell(gate: &Gate, facts: &Facts, freezes: &[&Freeze]) -> Option<Told> {
    let told = match &gate.rule {
        Rule::SourceStable => Some(stacks::source_stable(facts)),
        Rule::TargetReady => Some(stacks::target_ready(facts)),
        Rule::Path => Some(path::path(facts)),
        Rule::Quality { without } => declared(
            facts.quality.as_ref(),
            *without,
            "SonarQube project",
            quality::gate,
        ),
        Rule::Measure(rule) => {
            let measure = |evidence: &_| quality::measure(rule, evidence);
            declared(
                facts.measures.as_ref(),
                rule.without,
                "SonarQube project",
                measure,
            )
        }
        Rule::Findings { max_new, without } => {
            let findings = |evidence: &_| quality::findings(max_new, evidence);
            declared(
                facts.findings.as_ref(),
                *without,
                "source of findings",
                findings,
            )
        }
        Rule::Tests(rule) => {
            let tests = |evidence: &_| build::tests(rule, evidence);
            declared(facts.tests.as_ref(), rule.without, "build job", tests)
        }
        Rule::Soak { time } => Some(path::soak(*time, facts)),
        Rule::Danger(rule) => danger::danger(rule, facts),
        Rule::Pinned { without } => content::pinned(facts, *without),
        Rule::Size {
            max_resources,
            max_commits,
            without,
        } => content::size(*max_resources, *max_commits, *without, facts),
        Rule::Ticket(rule) => Some(ticket::ticket(rule, facts)),
        Rule::Freeze { forecast, assume } => freeze::freeze(*forecast, *assume, facts, freezes),
    }?;
    Some(age::hold(gate.max_age, told, facts.now))
}

/// Judges what the estate declares; what it does not is left out, or cannot be told.
fn declared<T>(
    evidence: Option<&Evidence<T>>,
    without: Without,
    what: &str,
    judge: impl FnOnce(&Evidence<T>) -> Told,
) -> Option<Told> {
    match (evidence, without) {
        (Some(evidence), _) => Some(judge(evidence)),
        (None, Without::LeaveOut) => None,
        (None, Without::Unknown) => Some(Told {
            outcome: Outcome::Unknown,
            summary: format!("the estate file names no {what} for this service"),
            source: "estate file".into(),
            at: None,
            asks: None,
        }),
    }
}

/// `1 test`, `2 tests`.
fn counted(number: usize, what: &str) -> String {
    if number == 1 {
        format!("1 {what}")
    } else {
        format!("{number} {what}s")
    }
}
