//! Invariants of the fold, over any order of any entries.

use crate::support::{
    Bank, approval, claim, intent, manifest, person, promotion_id, request, roster,
};
use interlock_ledger::{Outcome, Predicate, PromotionState, fold};
use proptest::prelude::*;

const PEOPLE: [&str; 6] = ["ana", "luis", "eva", "ines", "sofia", "rita"];

fn any_predicate() -> impl Strategy<Value = Predicate> {
    prop_oneof![
        1 => Just(intent()),
        2 => Just(Predicate::Draft {}),
        2 => Just(request()),
        6 => Just(approval()),
        1 => Just(Predicate::Rejection { reason: "no".into() }),
        1 => Just(Predicate::Withdrawal { reason: "a doubt".into() }),
        1 => Just(Predicate::Voided { moved: vec![] }),
        1 => Just(Predicate::Waiver {
            gate: "g".into(),
            service: "payments-api".into(),
            owner: person("rita"),
            reason: "r".into(),
            expires: "2027-01-01T00:00:00Z".parse().unwrap(),
        }),
        1 => Just(Predicate::BreakGlass { reason: "outage".into(), incident: "INC-1".into() }),
        1 => Just(Predicate::Review { comment: String::new() }),
        3 => (1_u32..3).prop_map(claim),
        1 => (1_u32..3).prop_map(|attempt| Predicate::StepIntent {
            attempt, fence: 0, step: "s".into(), token: "t".into(), call: "c".into(),
        }),
        1 => (1_u32..3).prop_map(|attempt| Predicate::Completion {
            attempt, outcome: Outcome::Succeeded, detail: String::new(),
        }),
        1 => Just(Predicate::Abandonment { reason: "r".into() }),
    ]
}

fn any_script() -> impl Strategy<Value = Vec<(Predicate, &'static str, bool)>> {
    let one = (
        any_predicate(),
        prop::sample::select(PEOPLE.to_vec()),
        any::<bool>(),
    );
    prop::collection::vec(one, 0..40)
}

/// Two manifests of one promotion, and a script of what is said about either.
fn played(script: &[(Predicate, &'static str, bool)]) -> Bank {
    let bank = Bank::open();
    let first = bank.ledger.keep_manifest(&manifest(1, 2)).unwrap();
    let second = bank.ledger.keep_manifest(&manifest(2, 2)).unwrap();
    for predicate in [intent(), Predicate::Draft {}, request()] {
        bank.say(first, "ana", predicate);
    }
    for (predicate, actor, is_second) in script {
        let digest = if *is_second { second } else { first };
        bank.say(digest, actor, predicate.clone());
    }
    bank
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    /// I1, I3, I4, I6, I7: an attempt stands only on enough approvals of its own manifest by persons
    /// who may approve, or on a broken glass; what is over stays over; and equal entries give equal
    /// state.
    #[test]
    fn no_order_of_entries_lets_an_unapproved_manifest_run(script in any_script()) {
        let bank = played(&script);
        let entries = bank.ledger.entries().unwrap();
        let manifest_of = |digest: &_| {
            let bytes = bank.ledger.document(digest).unwrap()?;
            interlock_domain::manifest::Manifest::from_bytes(&bytes).ok()
        };
        let mut was_over = false;
        let mut attempts = 0;
        for length in 0..=entries.len() {
            let record = fold(&entries[..length], &manifest_of);
            prop_assert_eq!(&record, &fold(&entries[..length], &manifest_of));
            let Some(promotion) = record.promotions.values().next() else { continue };
            let allowed = ["luis", "ines"];
            prop_assert!(promotion.approvals.iter().all(|a| allowed.contains(&a.by.as_str())));
            if promotion.attempts.len() > attempts {
                attempts = promotion.attempts.len();
                let approved = promotion.matching().is_complete();
                prop_assert!(approved || promotion.break_glass.is_some());
                let claimed_by = &promotion.attempts[attempts - 1].by;
                let voted = promotion.approvals.iter().any(|a| &a.by == claimed_by);
                prop_assert!(!voted || promotion.break_glass.is_some());
            }
            prop_assert!(!was_over || promotion.state.is_over());
            was_over = promotion.state.is_over();
        }
    }

    /// I5: an approval never takes an approval away; a rejection, withdrawal or revocation never
    /// approves.
    #[test]
    fn approvals_only_add_and_the_others_only_take_away(script in any_script()) {
        let bank = played(&script);
        let before = bank.promotion();
        let digest = before.digest.unwrap();
        if before.state == PromotionState::Approved {
            bank.say(digest, "luis", approval());
            prop_assert_eq!(bank.promotion().state, PromotionState::Approved);
        }
        if before.state == PromotionState::AwaitingApproval {
            bank.say(digest, "luis", Predicate::Withdrawal { reason: "r".into() });
            prop_assert_eq!(bank.promotion().state, PromotionState::AwaitingApproval);
            let key = roster().people[2].keys[0].key.id();
            let subject = interlock_domain::Digest::of(key.as_bytes());
            let predicate = Predicate::Revocation { key, from_seq: 0, reason: "lost".into() };
            let statement = bank.statement(None, subject, "omar", predicate);
            bank.append(&statement, &crate::support::key_of("omar"));
            prop_assert_eq!(bank.promotion().state, PromotionState::AwaitingApproval);
            bank.say(digest, "ines", Predicate::Rejection { reason: "no".into() });
            prop_assert_ne!(bank.promotion().state, PromotionState::Approved);
        }
    }

    /// I2: of promotions of the same stacks only one is carried out at a time.
    #[test]
    fn at_most_one_claim_lives_for_a_stack(order in prop::collection::vec((0..3usize, any::<bool>()), 1..12)) {
        let bank = Bank::open();
        let ids = ["PR-1", "PR-2", "PR-3"];
        let digests: Vec<_> = ids.iter().map(|id| {
            let mut manifest = manifest(1, 0);
            manifest.promotion = promotion_id(id);
            bank.ask(&manifest)
        }).collect();
        for (at, ends) in order {
            if ends {
                let done = Predicate::Completion {
                    attempt: 1, outcome: Outcome::Failed, detail: String::new(),
                };
                bank.say_of(ids[at], digests[at], "ana", done);
            } else {
                bank.say_of(ids[at], digests[at], "ana", claim(1));
            }
            let record = bank.record();
            let running = record.promotions.values()
                .filter(|it| matches!(it.state, PromotionState::Executing { .. }));
            prop_assert!(running.count() <= 1);
        }
    }

    /// I9: what any desktop's clock says decides nothing but the age of approvals.
    #[test]
    fn no_state_depends_on_a_clock(script in any_script(), shift in -50_000_i64..50_000) {
        let bank = played(&script);
        let mut shifted = bank.ledger.entries().unwrap();
        let plain = bank.record();
        for entry in &mut shifted {
            if let Ok(statement) = &mut entry.statement
                && !matches!(statement.predicate, Predicate::Waiver { .. })
            {
                statement.at = jiff::Timestamp::from_second(statement.at.as_second() + shift).unwrap();
            }
        }
        let moved = fold(&shifted, &|digest| {
            let bytes = bank.ledger.document(digest).unwrap()?;
            interlock_domain::manifest::Manifest::from_bytes(&bytes).ok()
        });
        let states = |record: &fold::Record| -> Vec<_> {
            record.promotions.values().map(|it| it.state.clone()).collect()
        };
        prop_assert_eq!(states(&plain), states(&moved));
        prop_assert_eq!(plain.ignored, moved.ignored);
    }
}
