//! Which approvals a promotion needs.

use crate::{
    facts::Facts,
    gates::is_threatened,
    policy::{Approvals, Danger, Policy, When},
    waiver::Waiver,
};
use interlock_domain::approval_rule::ApprovalRule;

/// The approval rules that count for a promotion; equal ones once.
pub(crate) fn approval_rules(
    policy: &Policy,
    facts: &Facts,
    frozen: bool,
    waivers: &[&Waiver],
    emergency: bool,
    asked: Vec<ApprovalRule>,
) -> Vec<ApprovalRule> {
    let here: Vec<&Approvals> = policy
        .approvals
        .iter()
        .filter(|rule| rule.applies.to(&facts.subject))
        .collect();
    let holds = |when: When| match when {
        When::Always => true,
        When::AccessBroadened => is_threatened(Danger::AccessBroadened, facts),
        When::StatefulLoss => is_threatened(Danger::StatefulLoss, facts),
        When::DriftOverwritten => is_threatened(Danger::DriftOverwritten, facts),
        When::Freeze => frozen,
        When::Waiver => !waivers.is_empty(),
        When::BreakGlass => emergency,
    };
    let declared = facts.subject.declared_approvals;
    let mut rules = Vec::new();
    let mut add = |rule: ApprovalRule| {
        if rule.count > 0 && !rules.contains(&rule) {
            rules.push(rule);
        }
    };
    // Without a rule that always applies here, the estate file's number counts.
    if !here.iter().any(|rule| rule.when.contains(&When::Always)) {
        add(release_managers(declared));
    }
    for rule in &here {
        if rule.when.iter().any(|when| holds(*when)) {
            add(ApprovalRule {
                name: rule.name.clone(),
                from: rule.from.clone(),
                count: rule.count.unwrap_or(declared),
                assurance: rule.assurance,
            });
        }
    }
    asked.into_iter().for_each(&mut add);
    // A waiver always has an approval of its own.
    let has_waiver_rule = here.iter().any(|rule| rule.when.contains(&When::Waiver));
    if !waivers.is_empty() && !has_waiver_rule {
        add(ApprovalRule {
            name: "Waiver".into(),
            from: vec!["lead".into(), "release-manager".into()],
            count: 1,
            assurance: 0,
        });
    }
    rules
}

fn release_managers(count: u32) -> ApprovalRule {
    ApprovalRule {
        name: "Release managers".into(),
        from: vec!["release-manager".into()],
        count,
        assurance: 0,
    }
}
