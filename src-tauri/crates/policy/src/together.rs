//! What a policy makes of a promotion of several services: each is judged alone, and all must hold.

use crate::judge::Judgement;
use interlock_domain::approval_rule::ApprovalRule;

/// The judgements of several services as one; none of none.
///
/// Verdicts follow each other, service by service. A rule of the same name that asks the same people
/// is one rule: it asks for as many persons, and for as good a key, as the strictest of them.
pub fn together(judgements: impl IntoIterator<Item = Judgement>) -> Option<Judgement> {
    judgements.into_iter().reduce(|mut all, next| {
        all.verdicts.extend(next.verdicts);
        join(&mut all.approvals, next.approvals);
        join(&mut all.on_waiver, next.on_waiver);
        join(&mut all.in_emergency, next.in_emergency);
        let approvals = all.approvals.clone();
        all.on_waiver
            .retain(|rule| !approvals.iter().any(|has| covers(has, rule)));
        all.approvals_expire_hours = match (all.approvals_expire_hours, next.approvals_expire_hours)
        {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        all.ignored_waivers
            .retain(|one| next.ignored_waivers.contains(one));
        all.mark = match (all.mark, next.mark) {
            (Some(mut one), Some(other)) => {
                one.passed_over.extend(other.passed_over);
                one.passed_over.sort();
                one.passed_over.dedup();
                one.review_by = one.review_by.min(other.review_by);
                Some(one)
            }
            (one, other) => one.or(other),
        };
        all.emergency_refused = all.emergency_refused.or(next.emergency_refused);
        all
    })
}

fn join(rules: &mut Vec<ApprovalRule>, more: Vec<ApprovalRule>) {
    for rule in more {
        match rules.iter_mut().find(|has| is_same(has, &rule)) {
            Some(has) => {
                has.count = has.count.max(rule.count);
                has.assurance = has.assurance.max(rule.assurance);
            }
            None => rules.push(rule),
        }
    }
}

fn is_same(one: &ApprovalRule, other: &ApprovalRule) -> bool {
    one.name == other.name && one.from == other.from
}

fn covers(one: &ApprovalRule, other: &ApprovalRule) -> bool {
    is_same(one, other) && one.count >= other.count && one.assurance >= other.assurance
}

#[cfg(test)]
mod tests {
    use super::*;
    use interlock_domain::{
        Digest,
        verdict::{Outcome, Verdict},
    };

    fn rule(name: &str, count: u32, assurance: u8) -> ApprovalRule {
        ApprovalRule {
            name: name.into(),
            from: vec!["release-manager".into()],
            count,
            assurance,
        }
    }

    fn of(service: &str, outcome: Outcome, approvals: Vec<ApprovalRule>) -> Judgement {
        Judgement {
            verdicts: vec![Verdict {
                gate: "Tests".into(),
                outcome,
                summary: String::new(),
                evidence: String::new(),
                at: None,
                service: service.into(),
                rule: "tests".into(),
                place: String::new(),
                lifted: None,
            }],
            approvals,
            on_waiver: vec![rule("Waiver", 1, 0)],
            in_emergency: Vec::new(),
            approvals_expire_hours: None,
            ignored_waivers: Vec::new(),
            mark: None,
            emergency_refused: None,
            policy: Digest::of(b"policy"),
        }
    }

    #[test]
    fn one_service_that_fails_stops_all() {
        let good = of("a", Outcome::Pass, vec![]);
        let bad = of("b", Outcome::Unknown, vec![]);
        let all = together([good.clone(), bad]).unwrap();
        assert!(all.blocks() && !together([good]).unwrap().blocks());
        let services: Vec<_> = all.verdicts.iter().map(|it| it.service.as_str()).collect();
        assert_eq!(services, ["a", "b"]);
    }

    #[test]
    fn the_strictest_of_equal_rules_counts_once() {
        let one = of("a", Outcome::Pass, vec![rule("Managers", 1, 2)]);
        let other = of(
            "b",
            Outcome::Pass,
            vec![rule("Managers", 2, 0), rule("Risk", 1, 0)],
        );
        let both = together([one.clone(), other.clone()]).unwrap();
        assert_eq!(both.approvals, [rule("Managers", 2, 2), rule("Risk", 1, 0)]);
        assert_eq!(both.on_waiver, [rule("Waiver", 1, 0)]);
        let turned = together([other, one]).unwrap();
        assert_eq!(turned.approvals, both.approvals);
    }

    #[test]
    fn approvals_expire_as_early_as_for_any_of_them() {
        let with = |hours| Judgement {
            approvals_expire_hours: hours,
            ..of("a", Outcome::Pass, vec![])
        };
        let hours = |list: &[Option<u32>]| {
            let all = together(list.iter().map(|it| with(*it))).unwrap();
            all.approvals_expire_hours
        };
        assert_eq!(hours(&[None, Some(72), Some(24)]), Some(24));
        assert_eq!(hours(&[None, None]), None);
    }
}
