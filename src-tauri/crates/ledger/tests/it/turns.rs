//! Turns that a promotion takes: from a draft in an emergency, by a rejection, beside another promotion.

use crate::support::{
    Bank, approval, claim, intent, key_of, manifest, person, promotion_id, request, roster, rule,
    stack,
};
use interlock_domain::manifest::{Delivery, Manifest};
use interlock_ledger::{
    Outcome, Predicate, PromotionState, Signer as _,
    authority::Own,
    authorship,
    envelope::{Envelope, Signature},
};

fn glass() -> Predicate {
    Predicate::BreakGlass {
        reason: "outage".into(),
        incident: "INC-7".into(),
    }
}

fn drafted(bank: &Bank, manifest: &Manifest) -> interlock_domain::Digest {
    let digest = bank.ledger.keep_manifest(manifest).unwrap();
    bank.say(digest, "ana", intent());
    bank.say(digest, "ana", Predicate::Draft {});
    digest
}

#[test]
fn a_draft_can_be_waived_for_and_the_glass_can_be_broken_for_it_without_a_request() {
    let bank = Bank::open();
    let digest = drafted(&bank, &manifest(1, 2));
    let waiver = Predicate::Waiver {
        gate: "quality-gate".into(),
        service: "payments-api".into(),
        owner: person("rita"),
        reason: "known".into(),
        expires: "2026-12-01T00:00:00Z".parse().unwrap(),
    };
    bank.say(digest, "luis", waiver);
    assert_eq!(bank.promotion().waivers.len(), 1);
    bank.say(digest, "luis", glass());
    bank.say(digest, "ines", claim(1));
    assert_eq!(bank.record().ignored, [].into());
    assert_eq!(
        bank.promotion().state,
        PromotionState::Executing { attempt: 1 }
    );
}

#[test]
fn a_rejection_ends_it() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    let reason = "not this week".to_owned();
    let rejection = Predicate::Rejection {
        reason: reason.clone(),
    };
    bank.say(digest, "luis", rejection);
    let by = person("luis");
    assert_eq!(
        bank.promotion().state,
        PromotionState::Rejected { by, reason }
    );
    let late = bank.say(digest, "ines", approval());
    assert!(bank.ignored(late).contains("over"));
}

#[test]
fn what_is_carried_out_or_over_is_not_prepared_again() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", approval());
    bank.say(digest, "ana", claim(1));
    let refused = bank.say(digest, "ana", intent());
    assert!(bank.ignored(refused).contains("prepared any more"));
    let given_up = Bank::open();
    let digest = given_up.ask(&manifest(1, 1));
    let reason = "not needed".into();
    given_up.say(digest, "ana", Predicate::Abandonment { reason });
    let refused = given_up.say(digest, "ana", intent());
    assert!(given_up.ignored(refused).contains("prepared any more"));
}

#[test]
fn rules_of_an_emergency_ask_for_nobody_before_there_is_one() {
    let bank = Bank::open();
    let beside = Manifest {
        emergency_rules: vec![rule(&["risk"], 1)],
        ..manifest(1, 1)
    };
    let digest = bank.ask(&beside);
    let early = bank.say(digest, "rita", approval());
    assert!(bank.ignored(early).contains("no rule asks for them"));
    bank.say(digest, "luis", glass());
    let asked = bank.say(digest, "rita", approval());
    assert_eq!(bank.ignored(asked), "");
}

#[test]
fn whoever_took_any_part_in_an_emergency_does_not_review_it() {
    let bank = Bank::open();
    let beside = Manifest {
        emergency_rules: vec![rule(&["risk"], 1)],
        ..manifest(1, 1)
    };
    let digest = bank.ledger.keep_manifest(&beside).unwrap();
    bank.say(digest, "sofia", intent());
    bank.say(digest, "ana", Predicate::Draft {});
    bank.say(digest, "ana", request());
    bank.say(digest, "luis", glass());
    bank.say(digest, "rita", approval());
    bank.say(digest, "ines", claim(1));
    assert_eq!(bank.record().ignored, [].into());
    let promotion = bank.promotion();
    for who in ["sofia", "ana", "luis", "rita", "ines"] {
        assert!(promotion.review_barrier(&person(who)).is_some(), "{who}");
    }
    assert_eq!(promotion.review_barrier(&person("eva")), None);
}

#[test]
fn commits_of_others_are_not_counted_as_ones_own() {
    let mut counted = manifest(1, 1);
    counted.services[0].commits_by = [
        ("eva@bank.example".to_owned(), 3),
        ("sofia@bank.example".to_owned(), 9),
        ("eva".to_owned(), 1),
    ]
    .into();
    let names = ["eva@bank.example".to_owned()];
    assert_eq!(
        authorship(&counted, &person("eva"), &names),
        "wrote 4 of its commits"
    );
}

#[test]
fn what_moved_is_told_parameters_first_and_change_sets_last() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", approval());
    let mut one = stack("payments-api-prod");
    one.change_set.push_str("-2");
    one.changes = interlock_domain::Digest::of(b"others");
    one.parameters.insert("Memory".into(), "512".into());
    one.capabilities.push("CAPABILITY_IAM".into());
    let mut next = manifest(2, 1);
    next.services[0].delivery = Delivery::CloudFormation { stacks: vec![one] };
    drafted(&bank, &next);
    let moved = bank.promotion().voided.unwrap().moved;
    let told: Vec<_> = moved.iter().map(|it| it.element.as_str()).collect();
    assert_eq!(
        told,
        [
            "parameter Memory of payments-api-prod",
            "capabilities of payments-api-prod",
            "change set of payments-api-prod",
            "changes announced of payments-api-prod",
        ]
    );
}

/// A second promotion of the same stacks, asked for now.
fn second(bank: &Bank) -> interlock_domain::Digest {
    let mut second = manifest(1, 1);
    second.promotion = promotion_id("PR-2");
    bank.ask(&second)
}

#[test]
fn an_older_promotion_that_is_approved_later_supersedes_no_newer_one() {
    let bank = Bank::open();
    let older = bank.ask(&manifest(1, 1));
    second(&bank);
    bank.say(older, "luis", approval());
    let record = bank.record();
    assert_eq!(bank.promotion().state, PromotionState::Approved);
    assert_eq!(
        record.promotions[&promotion_id("PR-2")].state,
        PromotionState::AwaitingApproval
    );
}

#[test]
fn what_is_carried_out_or_over_is_not_superseded() {
    let bank = Bank::open();
    let older = bank.ask(&manifest(1, 1));
    bank.say(older, "luis", approval());
    bank.say(older, "ana", claim(1));
    let running = bank.promotion().state;
    let newer = second(&bank);
    bank.say_of("PR-2", newer, "luis", approval());
    assert_eq!(bank.promotion().state, running);
    let done = Predicate::Completion {
        attempt: 1,
        outcome: Outcome::RolledBack,
        detail: String::new(),
    };
    bank.say(older, "ana", done);
    let over = bank.promotion().state;
    let mut third = manifest(1, 1);
    third.promotion = promotion_id("PR-3");
    let third = bank.ask(&third);
    bank.say_of("PR-3", third, "luis", approval());
    assert_eq!(bank.promotion().state, over);
}

#[test]
fn only_the_very_envelope_that_was_just_signed_is_taken_without_a_check() {
    let bank = Bank::open();
    let authority = bank.ledger.authority().unwrap();
    let luis = key_of("luis");
    let signed = Envelope::signed(b"signed", &luis).unwrap();
    let forged = Envelope {
        signatures: vec![Signature {
            keyid: luis.key().id(),
            sig: Envelope::signed(b"forged", &key_of("ines"))
                .unwrap()
                .signatures[0]
                .sig
                .clone(),
        }],
        ..Envelope::signed(b"forged", &luis).unwrap()
    };
    let ines = key_of("ines");
    let holder = |own| authority.holder(9, &forged, b"forged", None, own);
    // One's own signature of something else, and the forged one in the name of another key.
    for own in [Own::of(&signed, &luis), Own::of(&forged, &ines), None] {
        assert_eq!(
            holder(own),
            Err("the signature does not fit".into()),
            "{}",
            own.is_some()
        );
    }
    assert!(roster().holder(&luis.key().id()).is_some());
}
