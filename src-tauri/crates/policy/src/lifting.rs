//! Laying waivers and an emergency over verdicts.

use crate::{
    facts::Subject,
    judge::{Given, gates_for},
    policy::{Gate, Policy, Rule},
    waiver::{BreakGlass, Waiver},
};
use interlock_domain::{
    Timestamp,
    verdict::{Lifted, Outcome, Verdict},
};
use std::borrow::Cow;

/// What decides whether a verdict is lifted.
pub(crate) struct Lifting<'l> {
    pub policy: &'l Policy,
    pub gates: &'l [Cow<'l, Gate>],
    pub subject: &'l Subject,
    pub now: Timestamp,
}

impl Lifting<'_> {
    /// Marks what is lifted; gives the waivers that were used, and what an emergency passes over.
    pub fn lift<'w>(
        &self,
        verdicts: &mut [Verdict],
        waivers: &[&'w Waiver],
        emergency: Option<&BreakGlass>,
    ) -> (Vec<&'w Waiver>, Vec<String>) {
        let (mut used, mut passed_over) = (Vec::new(), Vec::new());
        for verdict in verdicts {
            verdict.lifted = None;
            let Some(gate) = self.gates.iter().find(|gate| gate.id == verdict.rule) else {
                continue;
            };
            if verdict.outcome == Outcome::Pass {
                continue;
            }
            let counts = waivers.iter().find(|waiver| {
                waiver.rule == gate.id
                    && may_be_waived(gate, verdict.outcome)
                    && waiver.barrier(self.subject, self.now).is_none()
            });
            if let Some(waiver) = counts {
                used.push(*waiver);
                verdict.lifted = Some(Lifted::Waiver {
                    owner: waiver.owner.clone(),
                    reason: waiver.reason.clone(),
                    expires: waiver.expires,
                });
            } else if let Some(emergency) = emergency
                && may_be_passed_over(self.policy, gate, verdict.outcome)
            {
                passed_over.push(gate.id.clone());
                verdict.lifted = Some(Lifted::BreakGlass {
                    reason: emergency.reason.clone(),
                    incident: emergency.incident.clone(),
                });
            }
        }
        (used, passed_over)
    }
}

/// Lays waivers and an emergency over verdicts that were reached before, without asking anybody.
pub fn lift(
    policy: &Policy,
    subject: &Subject,
    now: Timestamp,
    verdicts: &mut [Verdict],
    given: &Given,
) {
    let lifting = Lifting {
        policy,
        gates: &gates_for(policy, subject),
        subject,
        now,
    };
    let mut waivers: Vec<&Waiver> = given.waivers.iter().collect();
    waivers.sort();
    let emergency = given.break_glass.as_ref();
    let emergency = emergency.filter(|glass| glass.barrier().is_none());
    lifting.lift(verdicts, &waivers, emergency);
}

/// Whether the policy lets somebody answer for a verdict.
pub fn is_waivable(policy: &Policy, subject: &Subject, verdict: &Verdict) -> bool {
    verdict.outcome != Outcome::Pass
        && gates_for(policy, subject)
            .iter()
            .any(|gate| gate.id == verdict.rule && may_be_waived(gate, verdict.outcome))
}

fn may_be_waived(gate: &Gate, outcome: Outcome) -> bool {
    gate.waivable && !(outcome == Outcome::Unknown && gate.rule.is_about_target())
}

fn may_be_passed_over(policy: &Policy, gate: &Gate, outcome: Outcome) -> bool {
    let kind = gate.rule.kind();
    policy.break_glass.bypasses.iter().any(|word| word == kind)
        && !matches!(gate.rule, Rule::TargetReady)
        && !(outcome == Outcome::Unknown && gate.rule.is_about_target())
}
