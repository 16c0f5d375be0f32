//! A team's own cases for its policy: given facts, expected verdicts, approvals and decisions.

mod facts;
mod raw;

use crate::{
    authorize::{Action, Actor, Request, Standing, Target},
    facts::Facts,
    judge::{Given, Judgement, judge},
    policy::Policy,
    problem::{PolicyError, Problem, position},
    waiver::{BreakGlass, Waiver, WaiverScope},
};
use facts::Wrong;
use interlock_domain::{
    Tier,
    person::Role,
    verdict::{Lifted, Outcome, Verdict},
};
use raw::{Expected, RawAction, RawCase, RawCases, RawMay, RawRole, RawStanding};

/// What came of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// Name of the case.
    pub name: String,
    /// Line of the file, from 1.
    pub line: u32,
    /// What is not as expected; empty where everything is.
    pub differences: Vec<String>,
}

/// JSON Schema of the file of cases.
pub fn cases_schema() -> String {
    let schema = schemars::schema_for!(RawCases);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
    text.push('\n');
    text
}

/// Runs every case of a file against a policy.
pub fn run_cases(policy: &Policy, text: &str, file: &str) -> Result<Vec<CaseResult>, PolicyError> {
    let raw: RawCases = toml::from_str(text).map_err(|error| PolicyError {
        file: file.to_owned(),
        problems: vec![Problem::unread(text, &error)],
    })?;
    let mut results = Vec::new();
    let mut problems = Vec::new();
    for case in &raw.cases {
        match run(policy, case) {
            Ok(differences) => results.push(CaseResult {
                name: case.name.get_ref().clone(),
                line: position(text, case.name.span().start).0,
                differences,
            }),
            Err((span, message, hint)) => {
                let (line, column) = position(text, span.start);
                problems.push(Problem {
                    message,
                    line,
                    column,
                    field: Some(format!("case `{}`", case.name.get_ref())),
                    hint,
                });
            }
        }
    }
    if raw.cases.is_empty() {
        problems.push(Problem {
            message: "there is no case".into(),
            line: 1,
            column: 1,
            field: Some("cases".into()),
            hint: Some("Add at least one [[cases]] table.".into()),
        });
    }
    if problems.is_empty() {
        Ok(results)
    } else {
        Err(PolicyError {
            file: file.to_owned(),
            problems,
        })
    }
}

fn run(policy: &Policy, case: &RawCase) -> Result<Vec<String>, Wrong> {
    let facts = facts::facts(&case.facts)?;
    let waivers: Result<Vec<Waiver>, Wrong> = case
        .waivers
        .iter()
        .map(|raw| {
            Ok(Waiver {
                rule: raw.rule.clone(),
                owner: raw.owner.clone(),
                reason: raw.reason.clone(),
                expires: facts::time(&raw.expires)?,
                scope: WaiverScope::default(),
            })
        })
        .collect();
    let given = Given {
        waivers: waivers?,
        break_glass: case.break_glass.as_ref().map(|raw| BreakGlass {
            reason: raw.reason.clone(),
            incident: raw.incident.clone(),
        }),
    };
    let judgement = judge(policy, &facts, &given);
    let mut differences = compare(case, &judgement);
    for may in &case.may {
        differences.extend(decide(policy, may, &facts, &judgement));
    }
    Ok(differences)
}

fn compare(case: &RawCase, judgement: &Judgement) -> Vec<String> {
    let mut differences = Vec::new();
    for (rule, expected) in &case.expect.verdicts {
        let verdict = judgement.verdicts.iter().find(|v| &v.rule == rule);
        let seen = verdict.map_or(Expected::LeftOut, seen);
        if seen != *expected {
            let why = verdict.map_or(String::new(), |v| format!(": {}", v.summary));
            differences.push(format!(
                "{rule} is {}, expected {}{why}",
                seen.word(),
                expected.word()
            ));
        }
    }
    if let Some(blocks) = case.expect.blocks
        && blocks != judgement.blocks()
    {
        let stops = judgement.verdicts.iter().filter(|v| v.blocks());
        let stops: Vec<_> = stops
            .map(|v| format!("{}: {}", v.rule, v.summary))
            .collect();
        differences.push(if blocks {
            "nothing stops it, and it is expected to be stopped".into()
        } else {
            format!("it is stopped by {}", stops.join("; "))
        });
    }
    if let Some(expected) = &case.expect.approvals {
        let rules = judgement.approvals.iter();
        let mut seen: Vec<_> = rules.map(|r| format!("{} {}", r.count, r.name)).collect();
        let mut expected = expected.clone();
        seen.sort();
        expected.sort();
        if seen != expected {
            differences.push(format!(
                "it needs approvals [{}], expected [{}]",
                seen.join(", "),
                expected.join(", ")
            ));
        }
    }
    differences
}

fn seen(verdict: &Verdict) -> Expected {
    match (verdict.outcome, &verdict.lifted) {
        (Outcome::Pass, _) => Expected::Pass,
        (_, Some(Lifted::Waiver { .. })) => Expected::Waived,
        (_, Some(Lifted::BreakGlass { .. })) => Expected::PassedOver,
        (Outcome::Fail, None) => Expected::Fail,
        (Outcome::Unknown, None) => Expected::Unknown,
    }
}

fn decide(policy: &Policy, may: &RawMay, facts: &Facts, judgement: &Judgement) -> Option<String> {
    let is = |standing| may.is.contains(&standing);
    let role = match may.role {
        RawRole::Developer => Role::Developer,
        RawRole::Lead => Role::Lead,
        RawRole::ReleaseManager => Role::ReleaseManager,
    };
    let action = match may.action {
        RawAction::Request => Action::Request,
        RawAction::Approve => Action::Approve,
        RawAction::Reject => Action::Reject,
        RawAction::Withdraw => Action::Withdraw,
        RawAction::Execute => Action::Execute,
        RawAction::Waive => Action::Waive,
        RawAction::BreakGlass => Action::BreakGlass,
        RawAction::Review => Action::Review,
    };
    let subject = &facts.subject;
    let actor = Actor {
        id: "somebody".into(),
        role,
        groups: may.groups.clone(),
        disabled: is(RawStanding::Disabled),
    };
    let freezes = crate::judge::freezes_for(policy, subject);
    let next = crate::freeze::current_or_next(freezes, facts.now);
    let told = policy.authorizer.decide(&Request {
        action,
        target: Target {
            promotion: "promotion".into(),
            service: subject.service.clone(),
            team: subject.team.clone(),
            from: subject.from.clone(),
            from_tier: Tier::Test,
            to: subject.to.clone(),
            tier: subject.tier,
        },
        standing: Standing {
            is_author: is(RawStanding::Author),
            is_committer: is(RawStanding::Committer),
            is_merger: is(RawStanding::Merger),
            is_requester: is(RawStanding::Requester),
            has_approved: is(RawStanding::Approver),
            qualifies: judgement
                .approvals
                .iter()
                .any(|rule| actor.qualifies(&rule.from)),
            frozen: next.is_some_and(|freeze| freeze.holds_at(facts.now)),
            break_glass: judgement.mark.is_some(),
            gates_pass: !judgement.blocks(),
            approvals_missing: may.approvals_missing,
        },
        exclusions: policy.exclusions,
        actor,
    });
    let who = match role {
        Role::Developer => "a developer",
        Role::Lead => "a lead",
        Role::ReleaseManager => "a release manager",
    };
    let action = action.word();
    match (told.allowed, may.allowed) {
        (true, false) => Some(format!("{who} may {action}, expected that not")),
        (false, true) => Some(format!(
            "{who} may not {action}: {}",
            told.reasons.join("; ")
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
