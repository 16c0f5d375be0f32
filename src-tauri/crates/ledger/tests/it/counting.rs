//! What counts: a promotion's way, and entries that are ignored. On a real file where the file matters.

use crate::support::{
    Bank, approval, claim, key_of, manifest, now, person, promotion_id, request, roster,
};
use interlock_domain::manifest::Moved;
use interlock_ledger::{
    Ledger, Outcome, Predicate, PromotionState, SqliteStore, Statement, predicate::StepObserved,
};
use std::{path::Path, sync::Arc};

fn open(path: &Path) -> Ledger {
    Ledger::new(Arc::new(SqliteStore::open(path).unwrap()), "test")
}

/// A file with a roster and a few entries.
fn filled(path: &Path) -> Ledger {
    let ledger = open(path);
    let digest = ledger.keep(&roster().to_bytes()).unwrap();
    let statement = Statement {
        promotion: None,
        subject: digest,
        actor: person("omar"),
        at: now(),
        predicate: Predicate::Roster { version: 1 },
    };
    ledger.append(&statement, &key_of("omar"), now()).unwrap();
    for _ in 0..3 {
        ledger.append(&said(), &key_of("ana"), now()).unwrap();
    }
    ledger
}

fn said() -> Statement {
    Statement {
        promotion: Some(promotion_id("PR-1")),
        subject: interlock_domain::Digest::of(b"manifest"),
        actor: person("ana"),
        at: now(),
        predicate: crate::support::intent(),
    }
}

#[test]
fn a_promotion_goes_from_draft_to_verified() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", approval());
    assert_eq!(bank.promotion().state, PromotionState::Approved);
    let fence = bank.say(digest, "ana", claim(1));
    for predicate in [
        Predicate::StepIntent {
            attempt: 1,
            fence,
            step: "s".into(),
            token: "t".into(),
            call: "c".into(),
        },
        Predicate::StepObservation {
            attempt: 1,
            step: "s".into(),
            observed: StepObserved::OutcomeUnknown,
            detail: String::new(),
        },
    ] {
        bank.say(digest, "ana", predicate);
    }
    assert!(bank.promotion().last_attempt().unwrap().has_unknown());
    assert_eq!(
        bank.promotion().state,
        PromotionState::Executing { attempt: 1 },
        "a lost reply is not a failure"
    );
    for predicate in [
        Predicate::StepObservation {
            attempt: 1,
            step: "s".into(),
            observed: StepObserved::Ended {
                outcome: Outcome::Succeeded,
            },
            detail: String::new(),
        },
        Predicate::Completion {
            attempt: 1,
            outcome: Outcome::Succeeded,
            detail: String::new(),
        },
        Predicate::Verification {
            attempt: 1,
            held: true,
            detail: String::new(),
        },
    ] {
        bank.say(digest, "ana", predicate);
    }
    let record = bank.record();
    assert_eq!(bank.promotion().state, PromotionState::Verified);
    assert!(record.ignored.is_empty(), "{:?}", record.ignored);
}

#[test]
fn approvals_by_requester_author_developer_roster_keeper_or_twice_count_for_nothing() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 2));
    let said = [
        ("ana", "asked for it"),
        ("eva", "wrote a part of it"),
        ("sofia", "not a release manager"),
        ("omar", "changes the roster"),
        ("luis", ""),
        ("luis", "approved already"),
    ];
    for (actor, reason) in said {
        let seq = bank.say(digest, actor, approval());
        let ignored = bank.ignored(seq);
        assert!(ignored.contains(reason), "{actor}: {ignored}");
        assert_eq!(ignored.is_empty(), reason.is_empty(), "{actor}: {ignored}");
    }
    let promotion = bank.promotion();
    assert_eq!(promotion.state, PromotionState::AwaitingApproval);
    assert_eq!(promotion.approvals.len(), 1);
}

#[test]
fn a_voided_approval_does_not_count_for_the_next_manifest() {
    let bank = Bank::open();
    let first = bank.ask(&manifest(1, 1));
    bank.say(first, "luis", approval());
    let moved = vec![Moved {
        element: "parameter X".into(),
        before: "50".into(),
        after: "80".into(),
    }];
    bank.say(first, "ana", Predicate::Voided { moved });
    let second = bank.ledger.keep_manifest(&manifest(2, 1)).unwrap();
    bank.say(second, "ana", Predicate::Draft {});
    bank.say(second, "ana", request());
    let late = bank.say(first, "luis", approval());
    assert!(bank.ignored(late).contains("another manifest"));
    assert_eq!(bank.promotion().state, PromotionState::AwaitingApproval);
    assert!(
        bank.promotion().voided.is_some(),
        "what moved stays visible until it is carried out"
    );
}

#[test]
fn nothing_runs_without_approval_nor_by_the_one_whose_vote_it_needs() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    let early = bank.say(digest, "ana", claim(1));
    assert!(bank.ignored(early).contains("not approved"));
    bank.say(digest, "luis", approval());
    let own = bank.say(digest, "luis", claim(1));
    assert!(
        bank.ignored(own).contains("cannot begin it as well"),
        "{}",
        bank.ignored(own)
    );
    bank.say(digest, "ana", claim(1));
    assert_eq!(
        bank.promotion().state,
        PromotionState::Executing { attempt: 1 }
    );
}

#[test]
fn an_approval_can_be_withdrawn_until_it_begins() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", approval());
    let withdrawal = || Predicate::Withdrawal {
        reason: "a doubt".into(),
    };
    let others = bank.say(digest, "eva", withdrawal());
    assert!(bank.ignored(others).contains("has not approved"));
    bank.say(digest, "luis", withdrawal());
    assert_eq!(bank.promotion().state, PromotionState::AwaitingApproval);
    bank.say(digest, "luis", approval());
    bank.say(digest, "ana", claim(1));
    let late = bank.say(digest, "luis", withdrawal());
    assert!(!bank.ignored(late).is_empty());
}

#[test]
fn a_waiver_has_everybody_look_again() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    bank.say(digest, "luis", approval());
    let waiver = |owner: &str, expires: &str| Predicate::Waiver {
        gate: "quality-gate".into(),
        service: "payments-api".into(),
        owner: person(owner),
        reason: "known, mended tomorrow".into(),
        expires: expires.parse().unwrap(),
    };
    let stranger = bank.say(digest, "ana", waiver("nobody", "2026-12-01T00:00:00Z"));
    assert!(bank.ignored(stranger).contains("not in the roster"));
    let expired = bank.say(digest, "ana", waiver("rita", "2026-11-01T00:00:00Z"));
    assert!(bank.ignored(expired).contains("expired"));
    bank.say(digest, "ana", waiver("rita", "2026-12-01T00:00:00Z"));
    let promotion = bank.promotion();
    assert_eq!(promotion.state, PromotionState::AwaitingApproval);
    assert_eq!(promotion.waivers.len(), 1);
}

#[test]
fn two_writers_at_once_both_get_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    filled(&path);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let path = &path;
            scope.spawn(move || {
                let ledger = open(path);
                for _ in 0..20 {
                    ledger.append(&said(), &key_of("ana"), now()).unwrap();
                }
            });
        }
    });
    let ledger = open(&path);
    assert_eq!(ledger.entries().unwrap().len(), 44);
    assert_eq!(ledger.verify().unwrap().broken, None);
}

#[test]
fn the_file_refuses_update_and_delete() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    filled(&path);
    let raw = rusqlite::Connection::open(&path).unwrap();
    for statement in [
        "UPDATE leaf SET bytes = x'00'",
        "DELETE FROM leaf",
        "DELETE FROM document",
    ] {
        assert!(raw.execute(statement, []).is_err(), "{statement}");
    }
}

#[test]
fn an_altered_entry_is_found_and_nothing_is_appended_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    filled(&path);
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch("DROP TRIGGER leaf_keeps;").unwrap();
    let bytes: Vec<u8> = raw
        .query_row("SELECT bytes FROM leaf WHERE seq = 1", [], |r| r.get(0))
        .unwrap();
    let altered = String::from_utf8(bytes)
        .unwrap()
        .replace("12:00:00Z", "13:00:00Z");
    raw.execute(
        "UPDATE leaf SET bytes = ?1 WHERE seq = 1",
        [altered.as_bytes()],
    )
    .unwrap();
    let ledger = open(&path);
    let verification = ledger.verify().unwrap();
    assert_eq!(verification.broken.as_ref().map(|(seq, _)| *seq), Some(2));
    assert!(ledger.append(&said(), &key_of("ana"), now()).is_err());
}

#[test]
fn a_missing_entry_is_damage_and_not_a_shorter_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    filled(&path);
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch("DROP TRIGGER leaf_stays; DELETE FROM leaf WHERE seq = 1;")
        .unwrap();
    assert!(open(&path).entries().is_err());
}

#[test]
fn a_file_that_is_no_database_is_said_to_be_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    std::fs::write(&path, vec![7_u8; 4096]).unwrap();
    let error = SqliteStore::open(&path).err().unwrap();
    assert!(error.to_string().contains("damaged"), "{error}");
}

#[test]
fn who_wrote_or_merged_a_part_of_any_service_does_not_decide_on_the_whole() {
    let bank = Bank::open();
    let mut several = manifest(1, 1);
    let mut second = crate::support::service("transfers", &["transfers-prod"]);
    second.authors = vec!["luis@bank.example".into()];
    second.merge_requests = vec![interlock_domain::manifest::MergedRequest {
        name: "andes/pay!7".into(),
        merged_by: Some("luis@bank.example".into()),
    }];
    several.services.push(second);
    let digest = bank.ask(&several);
    let own = bank.say(digest, "luis", approval());
    assert!(
        bank.ignored(own).contains("merged a part of it"),
        "{}",
        bank.ignored(own)
    );
}

#[test]
fn a_waiver_of_a_service_that_it_does_not_bring_counts_for_nothing() {
    let bank = Bank::open();
    let digest = bank.ask(&manifest(1, 1));
    let other = Predicate::Waiver {
        gate: "tests".into(),
        service: "cards".into(),
        owner: person("rita"),
        reason: "known".into(),
        expires: "2027-01-01T00:00:00Z".parse().unwrap(),
    };
    let said = bank.say(digest, "ines", other);
    assert!(bank.ignored(said).contains("does not bring cards"));
}
