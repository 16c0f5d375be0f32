//! What the rules for a promotion look at, so that nothing is fetched that nobody asks for.

use crate::{
    facts::Subject,
    judge::gates_for,
    policy::{Danger, ForecastRule, Policy, Rule, When},
};
use std::collections::BTreeSet;

/// The facts that cost a question, and whether a rule asks for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Metrics.
    pub metrics: BTreeSet<String>,
    /// Findings.
    pub findings: bool,
    /// Commits.
    pub commits: bool,
    /// The comment of the request.
    pub comment: bool,
    /// How long past promotions took.
    pub durations: bool,
    /// Access that is broadened.
    pub access: bool,
    /// Changes by hand that are overwritten.
    pub drift: bool,
    /// What AWS rejects.
    pub rejected: bool,
}

/// What the rules for a promotion look at.
pub fn asked(policy: &Policy, subject: &Subject) -> Asked {
    let mut asked = Asked::default();
    for gate in gates_for(policy, subject) {
        match &gate.rule {
            Rule::Measure(rule) => {
                asked.metrics.insert(rule.metric.clone());
            }
            Rule::Findings { .. } => asked.findings = true,
            Rule::Size { max_commits, .. } => asked.commits |= max_commits.is_some(),
            Rule::Ticket(rule) => {
                asked.commits |= rule.in_commits || rule.every_commit;
                asked.comment |= rule.in_comment;
            }
            Rule::Freeze { forecast, .. } => asked.durations |= *forecast != ForecastRule::Off,
            Rule::Danger(rule) => match rule.of {
                Danger::StatefulLoss => {}
                Danger::AccessBroadened => asked.access = true,
                Danger::DriftOverwritten => asked.drift = true,
                Danger::WillBeRejected => asked.rejected = true,
            },
            Rule::SourceStable
            | Rule::TargetReady
            | Rule::Path
            | Rule::Quality { .. }
            | Rule::Tests(_)
            | Rule::Soak { .. }
            | Rule::Pinned { .. } => {}
        }
    }
    for rule in policy.approvals.iter().filter(|r| r.applies.to(subject)) {
        asked.access |= rule.when.contains(&When::AccessBroadened);
        asked.drift |= rule.when.contains(&When::DriftOverwritten);
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{STRICT, facts, policy};

    #[test]
    fn only_what_a_rule_looks_at_is_asked_for() {
        assert_eq!(
            asked(&Policy::built_in(), &facts().subject),
            Asked::default()
        );
        let all = asked(&policy(STRICT), &facts().subject);
        assert_eq!(
            all,
            Asked {
                metrics: ["coverage".to_owned()].into(),
                findings: true,
                commits: true,
                comment: true,
                durations: true,
                access: true,
                drift: true,
                rejected: true,
            }
        );
    }
}
