//! Rows of the fault table that the fold decides; `rosters`, `tampering` and `keys` hold the others.

use crate::support::{
    Bank, approval, claim, key_of, manifest, promotion_id, request, rule, service,
};
use interlock_domain::manifest::Delivery;
use interlock_ledger::{Outcome, Predicate, PromotionState};

#[test]
fn fault_05_two_approvals_at_once_are_both_stored_and_counted_once_each() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 2));
    std::thread::scope(|scope| {
        for actor in ["luis", "ines"] {
            let bank = &bank;
            scope.spawn(move || bank.say(digest, actor, approval()));
        }
    });
    let promotion = bank.promotion();
    assert_eq!(promotion.state, PromotionState::Approved);
    assert_eq!(promotion.approvals.len(), 2);
    assert!(bank.record().ignored.is_empty());
}

#[test]
fn fault_06_of_two_claims_at_once_one_wins_and_the_other_is_told() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", approval());
    let seqs: Vec<u64> = std::thread::scope(|scope| {
        let both = ["ana", "ines"].map(|actor| {
            let bank = &bank;
            scope.spawn(move || bank.say(digest, actor, claim(1)))
        });
        both.map(|it| it.join().unwrap()).to_vec()
    });
    assert_eq!(bank.promotion().attempts.len(), 1);
    let ignored = seqs.iter().filter(|seq| !bank.ignored(**seq).is_empty());
    assert_eq!(ignored.count(), 1);
}

#[test]
fn fault_07_the_same_person_from_two_machines_is_one_vote() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 2));
    bank.say(digest, "luis", approval());
    let again = bank.say(digest, "luis", approval());
    assert!(bank.ignored(again).contains("approved already"));
    assert_eq!(bank.promotion().state, PromotionState::AwaitingApproval);
}

#[test]
fn fault_09_an_author_or_requester_does_not_count() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    let author = bank.say(digest, "eva", approval());
    let requester = bank.say(digest, "ana", approval());
    assert!(bank.ignored(author).contains("wrote a part"));
    assert!(bank.ignored(requester).contains("asked for it"));
    assert_eq!(bank.promotion().state, PromotionState::AwaitingApproval);
}

#[test]
fn fault_10_rules_are_matched_and_not_taken_in_order() {
    let bank = Bank::open();
    let mut both = manifest(1, 0);
    both.approval_rules = vec![rule(&[], 1), rule(&["risk"], 1)];
    let digest = bank.ask(&both);
    bank.say(digest, "rita", approval());
    assert_eq!(bank.promotion().state, PromotionState::AwaitingApproval);
    bank.say(digest, "luis", approval());
    assert_eq!(bank.promotion().state, PromotionState::Approved);
}

#[test]
fn fault_12_another_parameter_is_another_manifest() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", approval());
    let mut changed = manifest(1, 1);
    if let Delivery::CloudFormation { stacks } = &mut changed.services[0].delivery {
        stacks[0].parameters.insert("Memory".into(), "80".into());
    }
    let moved = manifest(1, 1).moved_to(&changed);
    assert_eq!(moved[0].element, "parameter Memory of payments-api-prod");
    let other = bank.ledger.keep_manifest(&changed).unwrap();
    let refused = bank.say(other, "ana", claim(1));
    assert!(bank.ignored(refused).contains("another manifest"));
    bank.say(other, "ana", Predicate::Draft {});
    assert_eq!(bank.promotion().state, PromotionState::Draft);
    assert!(bank.promotion().approvals.is_empty());
    let named = bank.promotion().voided.unwrap().moved;
    assert_eq!(named[0].element, "parameter Memory of payments-api-prod");
    assert_eq!(
        (named[0].before.as_str(), named[0].after.as_str()),
        ("absent", "80")
    );
}

#[test]
fn fault_37_an_approval_copied_into_another_promotion_counts_for_nothing() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    let approved = bank.say(digest, "luis", approval());
    let mut second = manifest(1, 1);
    second.promotion = promotion_id("PR-2");
    second.services = vec![service("payments-api", &["other-prod"])];
    bank.ask(&second);
    // The very leaf's envelope, put once more at the end.
    let copied = crate::tampering::copied_to_the_end(&bank, approved);
    assert!(
        bank.ignored(copied)
            .contains("says the same, word for word")
    );
    // Said about the second promotion, it speaks of a manifest that the promotion does not have.
    let statement = bank.statement(Some("PR-2"), digest, "luis", approval());
    let moved = bank.append(&statement, &key_of("luis"));
    assert!(bank.ignored(moved).contains("another manifest"));
    let second = bank.record().promotions[&promotion_id("PR-2")].clone();
    assert_eq!(second.state, PromotionState::AwaitingApproval);
}

#[test]
fn fault_43_another_policy_is_another_manifest_and_is_named() {
    let mut before = manifest(1, 1);
    before.policy = Some(interlock_domain::Digest::of(b"old"));
    let mut after = before.clone();
    after.policy = Some(interlock_domain::Digest::of(b"new"));
    let moved = before.moved_to(&after);
    assert_eq!(moved.len(), 1);
    assert_eq!(moved[0].element, "policy of promotion");
}

#[test]
fn fault_52_a_newer_approved_promotion_of_the_same_stacks_supersedes_an_older_one() {
    let bank = Bank::open();
    let older = bank.ask(&manifest(1, 1));
    bank.say(older, "luis", approval());
    let mut newer = manifest(1, 1);
    newer.promotion = promotion_id("PR-2");
    let digest = bank.ask(&newer);
    assert_eq!(bank.promotion().state, PromotionState::Approved);
    bank.say_of("PR-2", digest, "luis", approval());
    let by = promotion_id("PR-2");
    assert_eq!(bank.promotion().state, PromotionState::Superseded { by });
    let refused = bank.say(older, "ana", claim(1));
    assert!(bank.ignored(refused).contains("over"));
}

#[test]
fn fault_53_overlapping_stacks_are_claimed_one_after_the_other() {
    let bank = Bank::open();
    let with = |id: &str, stacks: &[&str]| {
        let mut manifest = manifest(1, 0);
        manifest.promotion = promotion_id(id);
        manifest.services = vec![service("payments-api", stacks)];
        bank.ask(&manifest)
    };
    let second = with("PR-2", &["b", "c"]);
    let first = with("PR-1", &["a", "b"]);
    let third = with("PR-3", &["d"]);
    // Without rules nothing has to be approved; the newer one of two that meet goes on.
    bank.say(first, "ana", claim(1));
    bank.say_of("PR-3", third, "ana", claim(1));
    let refused = bank.say_of("PR-2", second, "ana", claim(1));
    assert!(!bank.ignored(refused).is_empty());
    let record = bank.record();
    let running = |id: &str| {
        let state = &record.promotions[&promotion_id(id)].state;
        matches!(state, PromotionState::Executing { .. })
    };
    assert!(running("PR-1") && running("PR-3") && !running("PR-2"));
}

#[test]
fn fault_56_a_broken_glass_owes_a_review_before_the_next_promotion() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    let empty = Predicate::BreakGlass {
        reason: "outage".into(),
        incident: " ".into(),
    };
    let refused = bank.say(digest, "ana", empty);
    assert!(bank.ignored(refused).contains("incident"));
    let glass = || Predicate::BreakGlass {
        reason: "outage".into(),
        incident: "INC-7".into(),
    };
    let developer = bank.say(digest, "sofia", glass());
    assert!(bank.ignored(developer).contains("only a release manager"));
    bank.say(digest, "ana", glass());
    bank.say(digest, "ana", claim(1));
    assert_eq!(
        bank.promotion().state,
        PromotionState::Executing { attempt: 1 }
    );
    let done = Predicate::Completion {
        attempt: 1,
        outcome: Outcome::Succeeded,
        detail: String::new(),
    };
    bank.say(digest, "ana", done);
    let mut next = manifest(1, 1);
    next.promotion = promotion_id("PR-2");
    let second = bank.ask(&next);
    bank.say_of("PR-2", second, "luis", approval());
    let blocked = bank.say_of("PR-2", second, "ana", claim(1));
    assert!(
        bank.ignored(blocked).contains("nobody has reviewed"),
        "{}",
        bank.ignored(blocked)
    );
    let review = || Predicate::Review {
        comment: "was needed".into(),
    };
    let own = bank.say(digest, "ana", review());
    assert!(bank.ignored(own).contains("took part"));
    bank.say(digest, "rita", review());
    bank.say_of("PR-2", second, "ana", claim(1));
    let state = &bank.record().promotions[&promotion_id("PR-2")].state;
    assert_eq!(*state, PromotionState::Executing { attempt: 1 });
    assert!(bank.promotion().break_glass.is_some(), "marked for ever");
}

#[test]
fn a_draft_is_not_taken_from_another_promotion_or_requester() {
    let bank = Bank::open();
    let digest = bank.ledger.keep_manifest(&manifest(1, 1)).unwrap();
    bank.say(digest, "ana", crate::support::intent());
    let others = bank.say(digest, "luis", Predicate::Draft {});
    assert!(bank.ignored(others).contains("another requester"));
    let early = bank.say(digest, "ana", request());
    assert!(bank.ignored(early).contains("another manifest"));
}
