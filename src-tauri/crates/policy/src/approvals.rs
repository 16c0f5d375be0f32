//! Which approvals a promotion needs.

use crate::{
    facts::Facts,
    gates::is_threatened,
    policy::{Approvals, Danger, Policy, When},
};
use interlock_domain::approval_rule::ApprovalRule;

/// What is special about a promotion.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occasion {
    /// A freeze holds.
    pub frozen: bool,
    /// A gate is waived.
    pub waived: bool,
    /// The glass is broken.
    pub emergency: bool,
}

/// The approval rules that count for a promotion; equal ones once. In an emergency those count that
/// are for emergencies, and those that a danger asks for.
pub(crate) fn approval_rules(
    policy: &Policy,
    facts: &Facts,
    occasion: Occasion,
    asked: Vec<ApprovalRule>,
) -> Vec<ApprovalRule> {
    let here: Vec<&Approvals> = policy
        .approvals
        .iter()
        .filter(|rule| rule.applies.to(&facts.subject))
        .collect();
    let holds = |when: When| match when {
        When::BreakGlass => occasion.emergency,
        _ if occasion.emergency => false,
        When::Always => true,
        When::AccessBroadened => is_threatened(Danger::AccessBroadened, facts),
        When::StatefulLoss => is_threatened(Danger::StatefulLoss, facts),
        When::DriftOverwritten => is_threatened(Danger::DriftOverwritten, facts),
        When::Freeze => occasion.frozen,
        When::Waiver => occasion.waived,
    };
    let declared = facts.subject.declared_approvals;
    let mut rules = Vec::new();
    let mut add = |rule: ApprovalRule| {
        if rule.count > 0 && !rules.contains(&rule) {
            rules.push(rule);
        }
    };
    // Without a rule that always applies here, the estate file's number counts.
    let is_ruled = here.iter().any(|rule| rule.when.contains(&When::Always));
    if !is_ruled && !occasion.emergency {
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
    // An emergency passes over an approval that a danger asks for only where it may pass over dangers.
    let bypasses = &policy.break_glass.bypasses;
    if !occasion.emergency || !bypasses.iter().any(|kind| kind == "danger") {
        asked.into_iter().for_each(&mut add);
    }
    // A waiver always has an approval of its own.
    let has_waiver_rule = here.iter().any(|rule| rule.when.contains(&When::Waiver));
    if occasion.waived && !occasion.emergency && !has_waiver_rule {
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
