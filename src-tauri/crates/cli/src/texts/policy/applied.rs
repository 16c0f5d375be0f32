//! The rules that apply to promotions of a service into an environment, in words.

use interlock_app::policy::{
    Applies, Consequence, Exclusions, Freeze, Length, Policy, Rule, Subject, When, current_or_next,
    freezes_for, gates_for,
};
use interlock_domain::Timestamp;
use serde::Serialize;
use std::fmt::Write as _;

/// The rules that apply.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Applied {
    pub(super) service: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) policy: String,
    pub(super) digest: String,
    pub(super) gates: Vec<AppliedRule>,
    pub(super) approvals: Vec<AppliedRule>,
    pub(super) excluded: Vec<String>,
    pub(super) freezes: Vec<AppliedFreeze>,
    pub(super) break_glass: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct AppliedRule {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) place: String,
    pub(super) because: String,
    pub(super) asks: String,
}

#[derive(Serialize)]
pub(super) struct AppliedFreeze {
    pub(super) name: String,
    pub(super) place: String,
    pub(super) holds: bool,
    pub(super) starts: String,
    pub(super) ends: String,
}

impl Applied {
    /// The rules of a policy that apply to a subject.
    pub fn of(policy: &Policy, subject: &Subject, now: Timestamp) -> Self {
        let freezes: Vec<&Freeze> = freezes_for(policy, subject);
        let place = |line: u32| match line {
            0 => "every policy".to_owned(),
            line => format!("{}:{line}", policy.file),
        };
        let gates = gates_for(policy, subject);
        let gates = gates
            .iter()
            .filter(|gate| !(matches!(gate.rule, Rule::Freeze { .. }) && freezes.is_empty()))
            .map(|gate| AppliedRule {
                id: gate.id.clone(),
                name: gate.name.clone(),
                place: place(gate.line),
                because: because(&gate.applies),
                asks: in_words(&gate.rule, gate.max_age),
            })
            .collect();
        let here: Vec<_> = policy
            .approvals
            .iter()
            .filter(|rule| rule.applies.to(subject))
            .collect();
        let mut approvals: Vec<AppliedRule> = here
            .iter()
            .map(|rule| AppliedRule {
                id: rule.id.clone(),
                name: rule.name.clone(),
                place: place(rule.line),
                because: because(&rule.applies),
                asks: approval_in_words(
                    rule.count.unwrap_or(subject.declared_approvals),
                    &rule.from,
                    rule.assurance,
                    &rule.when,
                ),
            })
            .collect();
        if !here.iter().any(|rule| rule.when.contains(&When::Always)) {
            approvals.push(AppliedRule {
                id: "approvals".into(),
                name: "Release managers".into(),
                place: "estate file".into(),
                because: format!("it asks so for {}", subject.to),
                asks: approval_in_words(
                    subject.declared_approvals,
                    &["release-manager".to_owned()],
                    0,
                    &[When::Always],
                ),
            });
        }
        let told = |freeze: &&Freeze| {
            let next = current_or_next([*freeze], now)?;
            Some(AppliedFreeze {
                name: freeze.name.clone(),
                place: freeze.source.clone(),
                holds: next.holds_at(now),
                starts: next.starts.to_string(),
                ends: next.ends.to_string(),
            })
        };
        Self {
            service: subject.service.clone(),
            from: subject.from.clone(),
            to: subject.to.clone(),
            policy: policy.file.clone(),
            digest: policy.digest().to_string(),
            gates,
            approvals,
            excluded: excluded(policy.exclusions),
            freezes: freezes.iter().filter_map(told).collect(),
            break_glass: policy.break_glass.bypasses.clone(),
        }
    }
}

fn because(applies: &Applies) -> String {
    match applies.in_words().as_str() {
        "everywhere" => "it applies everywhere".into(),
        words => format!("it applies to {words}"),
    }
}

pub(super) fn approval_in_words(
    count: u32,
    from: &[String],
    assurance: u8,
    when: &[When],
) -> String {
    let who = if from.is_empty() {
        "anybody".to_owned()
    } else {
        from.join(" or ")
    };
    let mut text = format!("{count} of {who}");
    if assurance > 0 {
        let _ = write!(text, ", with a key of assurance {assurance}");
    }
    if !when.contains(&When::Always) {
        let words: Vec<_> = when.iter().map(|when| when.word()).collect();
        let _ = write!(text, ", when {}", words.join(" or "));
    }
    text
}

fn excluded(exclusions: Exclusions) -> Vec<String> {
    [
        (exclusions.author, "who wrote a part of it"),
        (exclusions.committer, "who committed a part of it"),
        (exclusions.merger, "who merged it"),
        (exclusions.requester, "who asked for it"),
        (exclusions.executor, "who carries it out"),
    ]
    .into_iter()
    .filter(|(is_excluded, _)| *is_excluded)
    .map(|(_, who)| who.to_owned())
    .collect()
}

fn in_words(rule: &Rule, max_age: Option<Length>) -> String {
    let mut text = match rule {
        Rule::SourceStable => "every stack of the source is stable".into(),
        Rule::TargetReady => "every stack of the target can be changed".into(),
        Rule::Path => "it comes from the environment before, as it runs there".into(),
        Rule::Quality { .. } => "SonarQube's gate passed for the commit".into(),
        Rule::Measure(rule) => {
            let bound = rule
                .bound
                .map(|(op, bound)| format!("{} {bound}", op.sign()));
            let drop = rule
                .max_drop
                .map(|drop| format!("at most {drop} worse than the target"));
            let parts: Vec<_> = [bound, drop].into_iter().flatten().collect();
            format!("{} {}", rule.metric, parts.join(", "))
        }
        Rule::Findings { max_new, .. } => {
            let parts: Vec<_> = max_new
                .iter()
                .map(|(severity, most)| format!("{most} {severity}"))
                .collect();
            format!("at most {} new", parts.join(", "))
        }
        Rule::Tests(rule) => {
            let mut text = "the build succeeded and no test failed".to_owned();
            if let Some(least) = rule.at_least {
                let _ = write!(text, ", at least {least} passed");
            }
            if let Some(most) = rule.max_skipped {
                let _ = write!(text, ", at most {most} skipped");
            }
            text
        }
        Rule::Soak { time } => format!("{time} in the source environment"),
        Rule::Danger(rule) => {
            let then = match &rule.then {
                Consequence::Fail => "fails".to_owned(),
                Consequence::Allow => "is only told".to_owned(),
                Consequence::RequireApproval(approval) => {
                    format!("needs {} of {}", approval.count, approval.name)
                }
            };
            format!("{} {then}", rule.of.word())
        }
        Rule::Pinned { .. } => "every reference has a version".into(),
        Rule::Size {
            max_resources,
            max_commits,
            ..
        } => {
            let resources = max_resources.map(|most| format!("{most} resources"));
            let commits = max_commits.map(|most| format!("{most} commits"));
            let parts: Vec<_> = [resources, commits].into_iter().flatten().collect();
            format!("at most {}", parts.join(", "))
        }
        Rule::Ticket(rule) => format!("a ticket like {}", rule.patterns.join(" or ")),
        Rule::Freeze { .. } => "no freeze holds".into(),
    };
    if let Some(age) = max_age {
        let _ = write!(text, "; evidence of at most {age}");
    }
    text
}
