//! Judging a promotion by a policy: verdicts, and who must approve.

use crate::{
    approvals::{Occasion, approval_rules},
    facts::{Facts, Subject},
    freeze::Freeze,
    gates::{Told, tell},
    lifting::Lifting,
    policy::{ForecastRule, Gate, KINDS, Policy, Rule},
    scope::Applies,
    waiver::{BreakGlass, Waiver},
};
use interlock_domain::{
    Digest, Timestamp,
    approval_rule::ApprovalRule,
    verdict::{Outcome, Verdict},
};
use jiff::SignedDuration;

/// What is given from outside to lift verdicts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// Waivers, whatever they are for.
    pub waivers: Vec<Waiver>,
    /// An emergency.
    pub break_glass: Option<BreakGlass>,
}

/// What a policy makes of a promotion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// One verdict a gate, in the order in which people read them.
    pub verdicts: Vec<Verdict>,
    /// Who must approve.
    pub approvals: Vec<ApprovalRule>,
    /// Who must approve as well once a gate is waived, or another one is.
    pub on_waiver: Vec<ApprovalRule>,
    /// Who must approve in place of all others in an emergency.
    pub in_emergency: Vec<ApprovalRule>,
    /// Hours after which an approval counts no more.
    pub approvals_expire_hours: Option<u32>,
    /// Waivers that count for nothing here, and why.
    pub ignored_waivers: Vec<(Waiver, String)>,
    /// The mark that an emergency leaves for ever.
    pub mark: Option<EmergencyMark>,
    /// Why an emergency counts for nothing.
    pub emergency_refused: Option<String>,
    /// Digest of the policy that it was judged by.
    pub policy: Digest,
}

/// A promotion that was let through in an emergency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyMark {
    /// Why.
    pub reason: String,
    /// Incident.
    pub incident: String,
    /// Rules that were passed over.
    pub passed_over: Vec<String>,
    /// Until when it must be reviewed.
    pub review_by: Timestamp,
}

impl Judgement {
    /// Whether the promotion must stop.
    pub fn blocks(&self) -> bool {
        self.verdicts.iter().any(Verdict::blocks)
    }

    /// The fewest distinct persons that must approve.
    pub fn approvals_needed(&self) -> u32 {
        self.approvals
            .iter()
            .fold(0, |sum, rule| sum.saturating_add(rule.count))
    }
}

/// The freezes that are for this promotion.
pub fn freezes_for<'p>(policy: &'p Policy, subject: &Subject) -> Vec<&'p Freeze> {
    policy
        .freezes
        .iter()
        .filter(|freeze| freeze.is_for(subject))
        .collect()
}

/// The gates that apply to a promotion, in the order in which people read them. Freezes always
/// count, with a gate of their own where the policy has none.
pub fn gates_for<'p>(policy: &'p Policy, subject: &Subject) -> Vec<std::borrow::Cow<'p, Gate>> {
    use std::borrow::Cow;
    let mut gates: Vec<_> = policy
        .gates
        .iter()
        .filter(|gate| gate.applies.to(subject))
        .map(Cow::Borrowed)
        .collect();
    let is_freeze = |gate: &Gate| matches!(gate.rule, Rule::Freeze { .. });
    if !gates.iter().any(|gate| is_freeze(gate)) {
        gates.push(Cow::Owned(Gate {
            id: "freeze".into(),
            name: "Outside of freeze windows".into(),
            line: 0,
            applies: Applies::default(),
            rule: Rule::Freeze {
                forecast: ForecastRule::Off,
                assume: None,
            },
            max_age: None,
            waivable: false,
        }));
    }
    gates.sort_by_key(|gate| KINDS.iter().position(|kind| *kind == gate.rule.kind()));
    gates
}

/// Judges every gate that the policy has for a promotion.
pub fn judge(policy: &Policy, facts: &Facts, given: &Given) -> Judgement {
    let freezes = freezes_for(policy, &facts.subject);
    let mut waivers: Vec<&Waiver> = given.waivers.iter().collect();
    waivers.sort();
    let emergency = given.break_glass.as_ref();
    let refused = emergency.and_then(BreakGlass::barrier).map(str::to_owned);
    let emergency = emergency.filter(|_| refused.is_none());

    let mut verdicts = Vec::new();
    let mut asked = Vec::new();
    let gates = gates_for(policy, &facts.subject);
    for gate in &gates {
        let Some(told) = tell(gate, facts, &freezes) else {
            continue;
        };
        asked.extend(told.asks.clone());
        verdicts.push(verdict(policy, gate, &facts.subject.service, told));
    }
    let lifting = Lifting {
        policy,
        gates: &gates,
        subject: &facts.subject,
        now: facts.now,
    };
    let (used, passed_over) = lifting.lift(&mut verdicts, &waivers, emergency);
    let frozen = freezes.iter().any(|freeze| {
        let next = freeze.current_or_next(facts.now);
        next.is_some_and(|freeze| freeze.holds_at(facts.now))
    });
    let occasion = Occasion {
        frozen,
        waived: !used.is_empty(),
        emergency: emergency.is_some(),
    };
    let of = |occasion: Occasion| approval_rules(policy, facts, occasion, asked.clone());
    let approvals = of(occasion);
    let mut on_waiver = of(Occasion {
        waived: true,
        ..occasion
    });
    on_waiver.retain(|rule| !approvals.contains(rule));
    let ignored_waivers = waivers
        .iter()
        .filter(|waiver| !used.contains(waiver))
        .map(|waiver| ((*waiver).clone(), why_ignored(waiver, facts, &verdicts)))
        .collect();
    Judgement {
        verdicts,
        on_waiver,
        in_emergency: of(Occasion {
            emergency: true,
            ..occasion
        }),
        approvals,
        approvals_expire_hours: policy.approvals_expire_hours,
        ignored_waivers,
        mark: emergency.map(|emergency| EmergencyMark {
            reason: emergency.reason.clone(),
            incident: emergency.incident.clone(),
            passed_over,
            review_by: review_by(policy, facts.now),
        }),
        emergency_refused: refused,
        policy: policy.digest(),
    }
}

fn verdict(policy: &Policy, gate: &Gate, service: &str, told: Told) -> Verdict {
    Verdict {
        gate: gate.name.clone(),
        service: service.to_owned(),
        outcome: told.outcome,
        summary: told.summary,
        evidence: told.source,
        at: told.at,
        rule: gate.id.clone(),
        place: if gate.line == 0 {
            "every policy".into()
        } else {
            format!("{}:{}", policy.file, gate.line)
        },
        lifted: None,
    }
}

fn why_ignored(waiver: &Waiver, facts: &Facts, verdicts: &[Verdict]) -> String {
    if let Some(barrier) = waiver.barrier(&facts.subject, facts.now) {
        return barrier;
    }
    match verdicts.iter().find(|verdict| verdict.rule == waiver.rule) {
        None => format!("no rule `{}` applies here", waiver.rule),
        Some(verdict) if verdict.outcome == Outcome::Pass => "the gate is passed".into(),
        Some(verdict) if verdict.lifted.is_some() => "another waiver counts already".into(),
        Some(_) => format!("rule `{}` is not waived", waiver.rule),
    }
}

fn review_by(policy: &Policy, now: Timestamp) -> Timestamp {
    let within = i64::try_from(policy.break_glass.review_within.0).unwrap_or(i64::MAX);
    now.checked_add(SignedDuration::from_secs(within))
        .unwrap_or(Timestamp::MAX)
}
