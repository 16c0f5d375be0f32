//! What lets a promotion go on although something stands against it, and what takes it back.

use crate::support::{Bank, approval, claim, key_of, manifest, person, request, rule};
use interlock_domain::{Digest, manifest::Manifest};
use interlock_ledger::{Outcome, Predicate, PromotionState, SignError, Signer, key::PublicKey};

fn waiver() -> Predicate {
    Predicate::Waiver {
        gate: "quality-gate".into(),
        service: "payments-api".into(),
        owner: person("rita"),
        reason: "known, mended tomorrow".into(),
        expires: "2026-12-01T00:00:00Z".parse().unwrap(),
    }
}

fn glass() -> Predicate {
    Predicate::BreakGlass {
        reason: "outage".into(),
        incident: "INC-7".into(),
    }
}

/// Who waives needs a lead beside the release manager; who breaks the glass needs risk.
fn ruled() -> Manifest {
    Manifest {
        waiver_rules: vec![rule(&["lead"], 1)],
        emergency_rules: vec![rule(&["risk"], 1)],
        ..manifest(1, 1)
    }
}

#[test]
fn a_waiver_adds_the_rules_that_the_manifest_keeps_for_it() {
    let bank = Bank::open();
    let digest = bank.ask(&ruled());
    bank.say(digest, "luis", approval());
    assert_eq!(bank.promotion().state, PromotionState::Approved);
    bank.say(digest, "ines", waiver());
    let own = bank.say(digest, "ines", approval());
    assert!(bank.ignored(own).contains("waived a gate of it"));
    bank.say(digest, "luis", approval());
    assert_eq!(
        bank.promotion().state,
        PromotionState::AwaitingApproval,
        "no lead has approved it"
    );
    bank.say(digest, "rita", approval());
    assert_eq!(bank.promotion().state, PromotionState::Approved);
}

/// A key whose holder takes so long that somebody else waives a gate meanwhile.
struct Slow<'b> {
    bank: &'b Bank,
    digest: Digest,
    key: interlock_ledger::Ed25519Signer,
}

impl Signer for Slow<'_> {
    fn key(&self) -> &PublicKey {
        self.key.key()
    }

    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, SignError> {
        self.bank.say(self.digest, "ines", waiver());
        self.key.sign(bytes)
    }
}

#[test]
fn an_approval_whose_signer_had_not_seen_the_waiver_counts_for_nothing() {
    let bank = Bank::open();
    let digest = bank.ask(&ruled());
    let slow = Slow {
        bank: &bank,
        digest,
        key: key_of("luis"),
    };
    let statement = bank.statement(Some("PR-1"), digest, "luis", approval());
    let late = bank.append(&statement, &slow);
    assert!(
        bank.ignored(late).contains("had not seen"),
        "{}",
        bank.ignored(late)
    );
    assert!(bank.promotion().approvals.is_empty());
    bank.say(digest, "luis", approval());
    assert_eq!(bank.promotion().approvals.len(), 1);
}

#[test]
fn in_an_emergency_its_own_rules_are_waited_for_and_no_others() {
    let bank = Bank::open();
    let digest = bank.ask(&ruled());
    bank.say(digest, "ana", glass());
    let early = bank.say(digest, "ana", claim(1));
    assert!(
        bank.ignored(early).contains("not approved"),
        "{}",
        bank.ignored(early)
    );
    bank.say(digest, "rita", approval());
    assert_eq!(
        bank.promotion().state,
        PromotionState::AwaitingApproval,
        "an emergency approves nothing"
    );
    bank.say(digest, "ana", claim(1));
    let attempt = bank.promotion().attempts[0].clone();
    assert!(attempt.in_emergency);
}

#[test]
fn a_glass_lets_only_the_manifest_through_for_which_it_was_broken() {
    let bank = Bank::open();
    let first = bank.ask(&manifest(1, 1));
    bank.say(first, "ana", glass());
    let second = bank.ledger.keep_manifest(&manifest(2, 1)).unwrap();
    bank.say(second, "ana", Predicate::Draft {});
    let claimed = bank.say(second, "ana", claim(1));
    assert!(bank.ignored(claimed).contains("not approved"));
    bank.say(second, "ana", request());
    bank.say(second, "luis", approval());
    bank.say(second, "ana", claim(1));
    let done = Predicate::Completion {
        attempt: 1,
        outcome: Outcome::Succeeded,
        detail: String::new(),
    };
    bank.say(second, "ana", done);
    let promotion = bank.promotion();
    assert!(promotion.break_glass.is_some(), "the mark stays");
    assert!(!promotion.owes_review(), "it went the usual way");
}

#[test]
fn who_asked_takes_the_request_back_with_every_approval() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", approval());
    let back = Predicate::Withdrawal {
        reason: "the wrong version".into(),
    };
    bank.say(digest, "ana", back);
    let promotion = bank.promotion();
    assert_eq!(promotion.state, PromotionState::Draft);
    assert!(promotion.approvals.is_empty());
    let early = bank.say(digest, "luis", approval());
    assert!(bank.ignored(early).contains("nobody was asked"));
    bank.say(digest, "ana", request());
    assert!(bank.promotion().withdrawn.is_none());
    bank.say(digest, "luis", approval());
    assert_eq!(bank.promotion().state, PromotionState::Approved);
}

#[test]
fn an_old_approval_counts_for_nothing_as_of_a_time_and_can_be_given_again() {
    let mut bank = Bank::open();
    let digest = bank.ask(&Manifest {
        approvals_expire_hours: Some(24),
        ..manifest(1, 1)
    });
    bank.say(digest, "luis", approval());
    let in_time = bank.record().at("2026-11-24T12:00:00Z".parse().unwrap());
    let state = |record: interlock_ledger::fold::Record| {
        record.promotions.into_values().next().unwrap().state
    };
    assert_eq!(state(in_time), PromotionState::Approved);
    let late = bank.record().at("2026-11-24T12:00:01Z".parse().unwrap());
    assert_eq!(state(late), PromotionState::AwaitingApproval);
    bank.at = "2026-11-25T12:00:00Z".parse().unwrap();
    let again = bank.say(digest, "luis", approval());
    assert_eq!(bank.ignored(again), "");
    let promotion = bank.promotion();
    assert_eq!((promotion.approvals.len(), promotion.expired.len()), (1, 0));
}

#[test]
fn a_review_is_written_by_somebody_who_took_no_part_and_says_something() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", glass());
    bank.say(digest, "ines", claim(1));
    let review = |comment: &str| Predicate::Review {
        comment: comment.into(),
    };
    for took_part in ["ana", "luis", "ines"] {
        let seq = bank.say(digest, took_part, review("fine"));
        assert!(bank.ignored(seq).contains("took part"), "{took_part}");
    }
    let empty = bank.say(digest, "rita", review(" "));
    assert!(bank.ignored(empty).contains("what was found"));
    bank.say(digest, "rita", review("it was needed"));
    assert!(!bank.promotion().owes_review());
}

#[test]
fn commits_are_counted_in_the_reason_why_their_author_does_not_decide() {
    let bank = Bank::open();
    let mut counted = manifest(1, 1);
    counted.services[0]
        .commits_by
        .insert("eva@bank.example".into(), 9);
    let digest = bank.ask(&counted);
    let own = bank.say(digest, "eva", approval());
    assert!(bank.ignored(own).contains("wrote 9 of its commits"));
}

#[test]
fn old_manifests_are_read_and_written_as_they_were() {
    let bytes = manifest(1, 1).to_bytes();
    let text = String::from_utf8(bytes.clone()).unwrap();
    for added in ["commits_by", "waiver_rules", "emergency_rules"] {
        assert!(!text.contains(added));
    }
    let read = Manifest::from_bytes(&bytes).unwrap();
    assert_eq!(Digest::of(&read.to_bytes()), Digest::of(&bytes));
}
