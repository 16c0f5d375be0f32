//! Going on although something stands against it: waivers, breaking the glass, and the review that is
//! owed afterwards.

use super::{
    permission::{Voice, person, subject, subjects},
    refused,
};
use crate::console::{Console, UseCase};
use interlock_domain::{Digest, PersonId, PromotionId, Timestamp, verdict::Verdict};
use interlock_ledger::{Predicate, Promotion, PromotionState, Waiver};
use interlock_policy::{
    Action, BreakGlass, Given, Waiver as GivenWaiver, WaiverScope, is_waivable, lift,
};

/// A gate that somebody wants to answer for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiverOrder {
    /// Rule id of the gate.
    pub gate: String,
    /// Service whose gate it is; may be left out where only one service's is stopped by it.
    pub service: Option<String>,
    /// Who answers for it.
    pub owner: PersonId,
    /// Why.
    pub reason: String,
    /// When it ends.
    pub expires: Timestamp,
}

impl Console {
    /// Waives a gate that stops a promotion. Approvals so far count for nothing then: whoever gave
    /// them did not know of it.
    pub async fn waive(&self, id: &PromotionId, digest: Digest, order: WaiverOrder) -> UseCase<()> {
        let (me, promotion, manifest) = self.at_hand(id, digest).await?;
        if !is_open(&promotion) {
            return Err(refused("there is nothing to waive now"));
        }
        if order.reason.trim().is_empty() {
            return Err(refused("a waiver needs a reason"));
        }
        if order.expires <= self.now() {
            return Err(refused(format!(
                "the waiver would have expired already: {}",
                order.expires
            )));
        }
        let roster = self.roster()?;
        let owner = roster.as_ref().and_then(|it| it.member(&order.owner));
        if !owner.is_some_and(|member| member.active) {
            return Err(refused(format!(
                "{}, who would answer for it, is not in the roster, or not active",
                order.owner
            )));
        }
        self.permit(Action::Waive, &me, &promotion, &[])?;
        self.hold_to(&promotion, &manifest, &me.id).await?;
        let judgement = self.judge_now(&promotion, &manifest).await?;
        let verdicts = judgement.verdicts;
        let verdict = stopping(&verdicts, &order)?;
        let waivable = subject(&self.estate, &promotion, &verdict.service)
            .is_some_and(|subject| is_waivable(&self.estate.policy, &subject, verdict));
        if !waivable {
            return Err(refused(format!(
                "{} is never waived: {} ({})",
                verdict.gate, verdict.summary, verdict.place
            )));
        }
        let waiver = Predicate::Waiver {
            gate: order.gate,
            service: verdict.service.clone(),
            owner: order.owner,
            reason: order.reason,
            expires: order.expires,
        };
        self.say(id, digest, &me.id, waiver)
    }

    /// Breaks the glass: what the policy names is passed over, approvals are not waited for, and a
    /// review is owed.
    pub async fn break_glass(
        &self,
        id: &PromotionId,
        digest: Digest,
        reason: String,
        incident: String,
    ) -> UseCase<()> {
        let (me, promotion, _) = self.at_hand(id, digest).await?;
        if !is_open(&promotion) {
            return Err(refused("there is no glass to break now"));
        }
        if promotion.in_emergency() {
            return Err(refused("the glass is broken already"));
        }
        let glass = BreakGlass {
            reason: reason.clone(),
            incident: incident.clone(),
        };
        if let Some(barrier) = glass.barrier() {
            return Err(refused(barrier));
        }
        self.permit(Action::BreakGlass, &me, &promotion, &[])?;
        self.say(
            id,
            digest,
            &me.id,
            Predicate::BreakGlass { reason, incident },
        )
    }

    /// Says what was found about a promotion that broke the glass.
    pub async fn review(&self, id: &PromotionId, comment: String) -> UseCase<()> {
        let me = self.actor().await?;
        let promotion = self.promotion(id)?;
        if !promotion.owes_review() {
            return Err(refused("no review is owed"));
        }
        if comment.trim().is_empty() {
            return Err(refused("a review says what was found"));
        }
        self.permit(Action::Review, &me, &promotion, &[])?;
        let digest = promotion.digest.unwrap_or_else(super::no_manifest);
        self.say(id, digest, &me.id, Predicate::Review { comment })
    }

    /// Until when a broken glass has to be reviewed, by the policy that is in force.
    pub fn review_by(&self, promotion: &Promotion) -> Option<Timestamp> {
        let broken = promotion.break_glass.as_ref()?;
        let within = self.estate.policy.break_glass.review_within.0;
        let within = jiff::SignedDuration::from_secs(i64::try_from(within).unwrap_or(i64::MAX));
        Some(broken.at.checked_add(within).unwrap_or(Timestamp::MAX))
    }

    /// What lifts verdicts of a promotion now, and waivers that count for nothing, with the reason.
    pub fn given(&self, promotion: &Promotion) -> (Given, Vec<(Waiver, String)>) {
        let roster = self.roster().ok().flatten();
        let question = self.question(promotion, roster.as_deref());
        let denied = |action: Action, id: &PersonId| {
            match person(&self.estate, roster.as_deref(), id) {
                Some(person) => question.barrier(action, &person, Voice::They),
                None => Some("is not known".into()),
            }
            .map(|barrier| format!("{} {barrier}", self.name_of(id)))
        };
        let mut given = Given::default();
        let mut ignored = Vec::new();
        for waiver in &promotion.waivers {
            if let Some(barrier) = denied(Action::Waive, &waiver.by) {
                ignored.push((waiver.clone(), barrier));
            } else if waiver.expires <= self.now() {
                ignored.push((waiver.clone(), format!("it expired {}", waiver.expires)));
            } else {
                given.waivers.push(GivenWaiver {
                    rule: waiver.gate.clone(),
                    owner: waiver.owner.to_string(),
                    reason: waiver.reason.clone(),
                    expires: waiver.expires,
                    scope: WaiverScope {
                        promotion: Some(promotion.id.to_string()),
                        service: Some(waiver.service.clone()),
                        ..WaiverScope::default()
                    },
                });
            }
        }
        let glass = promotion
            .break_glass
            .as_ref()
            .filter(|_| promotion.in_emergency())
            .filter(|it| denied(Action::BreakGlass, &it.by).is_none());
        given.break_glass = glass.map(|it| BreakGlass {
            reason: it.reason.clone(),
            incident: it.incident.clone(),
        });
        (given, ignored)
    }

    /// The verdicts of the manifest with what is lifted now; nobody is asked anything.
    pub fn known_verdicts(&self, promotion: &Promotion) -> Vec<Verdict> {
        let gates = promotion.manifest.as_ref().map(|it| it.gates.clone());
        let mut verdicts = gates.unwrap_or_default();
        let (given, _) = self.given(promotion);
        for subject in subjects(&self.estate, promotion) {
            let (mut own, others): (Vec<Verdict>, Vec<Verdict>) = verdicts
                .into_iter()
                .partition(|verdict| verdict.service == subject.service);
            lift(&self.estate.policy, &subject, self.now(), &mut own, &given);
            verdicts = others;
            verdicts.extend(own);
        }
        verdicts
    }

    /// Whether a verdict stops a promotion and the policy lets somebody answer for it.
    pub fn is_waivable(&self, promotion: &Promotion, verdict: &Verdict) -> bool {
        let policy = &self.estate.policy;
        verdict.blocks()
            && subject(&self.estate, promotion, &verdict.service)
                .is_some_and(|subject| is_waivable(policy, &subject, verdict))
    }
}

/// The verdict that a waiver is for.
fn stopping<'v>(verdicts: &'v [Verdict], order: &WaiverOrder) -> UseCase<&'v Verdict> {
    let of_rule: Vec<&Verdict> = verdicts.iter().filter(|it| it.rule == order.gate).collect();
    if of_rule.is_empty() {
        let mut rules: Vec<&str> = verdicts.iter().map(|it| it.rule.as_str()).collect();
        let mut seen = std::collections::BTreeSet::new();
        rules.retain(|rule| seen.insert(*rule));
        return Err(refused(format!(
            "no gate of this promotion has the rule `{}`; its rules are {}",
            order.gate,
            rules.join(", ")
        )));
    }
    let of_service = |it: &&&Verdict| order.service.as_ref().is_none_or(|s| s == &it.service);
    let named: Vec<&Verdict> = of_rule.iter().filter(of_service).copied().collect();
    let stops: Vec<&Verdict> = named.iter().filter(|it| it.blocks()).copied().collect();
    match (stops.as_slice(), named.first()) {
        ([only], _) => Ok(only),
        ([], Some(first)) => Err(refused(format!(
            "{} does not stop the promotion: {}",
            first.gate, first.summary
        ))),
        ([], None) => Err(refused(format!(
            "it does not bring {}; its services are {}",
            order.service.as_deref().unwrap_or_default(),
            services_of(&of_rule)
        ))),
        (several, _) => Err(refused(format!(
            "{} stops {}: name the service",
            several[0].gate,
            services_of(several)
        ))),
    }
}

fn services_of(verdicts: &[&Verdict]) -> String {
    let names: Vec<&str> = verdicts.iter().map(|it| it.service.as_str()).collect();
    names.join(" and ")
}

/// Whether it has a manifest that can still be decided on.
pub(crate) fn is_open(promotion: &Promotion) -> bool {
    matches!(
        promotion.state,
        PromotionState::Draft | PromotionState::AwaitingApproval | PromotionState::Approved
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use interlock_domain::verdict::Outcome;

    fn verdict(service: &str, outcome: Outcome) -> Verdict {
        Verdict {
            gate: "Tests".into(),
            service: service.into(),
            outcome,
            summary: "1 failed".into(),
            evidence: String::new(),
            at: None,
            rule: "tests".into(),
            place: String::new(),
            lifted: None,
        }
    }

    fn order(gate: &str, service: Option<&str>) -> WaiverOrder {
        WaiverOrder {
            gate: gate.into(),
            service: service.map(str::to_owned),
            owner: PersonId::new("ana").unwrap(),
            reason: "known".into(),
            expires: Timestamp::MAX,
        }
    }

    #[test]
    fn a_waiver_is_for_one_service() {
        let verdicts = [
            verdict("pay", Outcome::Fail),
            verdict("cards", Outcome::Unknown),
            verdict("limits", Outcome::Pass),
        ];
        let told =
            |gate: &str, service: Option<&str>| match stopping(&verdicts, &order(gate, service)) {
                Ok(verdict) => verdict.service.clone(),
                Err(error) => error.to_string(),
            };
        assert_eq!(told("tests", Some("cards")), "cards");
        assert!(told("tests", None).contains("stops pay and cards: name the service"));
        assert!(told("tests", Some("limits")).contains("does not stop the promotion"));
        assert!(told("tests", Some("other")).contains("its services are pay and cards and limits"));
        assert!(told("lint", None).contains("its rules are tests"));
        // Where it stops one only, that one is meant.
        let alone = [
            verdict("pay", Outcome::Fail),
            verdict("limits", Outcome::Pass),
        ];
        assert_eq!(
            stopping(&alone, &order("tests", None)).unwrap().service,
            "pay"
        );
    }
}
