//! The log on a real file: order, refusal, tampering, the fold and its invariants.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use interlock_domain::{
    Digest, Timestamp,
    ids::{EnvironmentName, PersonId, PromotionId, ServiceName},
    manifest::{Delivery, Manifest, Moved, SCHEMA},
    person::{Person, Role},
};
use interlock_ledger::{
    Ledger, Outcome, Predicate, PromotionState, SqliteStore, Statement,
    fold::{Record, fold},
    statement::StepObserved,
};
use proptest::prelude::*;
use std::{path::Path, sync::Arc};

fn person(id: &str, role: Role) -> Person {
    Person {
        id: PersonId::new(id).unwrap(),
        name: id.into(),
        role,
        known_as: vec![format!("{id}@bank.example")],
    }
}

fn people() -> Vec<Person> {
    vec![
        person("sofia", Role::Developer),
        person("ana", Role::ReleaseManager),
        person("luis", Role::ReleaseManager),
        person("eva", Role::ReleaseManager),
    ]
}

fn manifest(revision: u32, approvals: u32) -> Manifest {
    Manifest {
        schema: SCHEMA.into(),
        promotion: PromotionId::new("PR-1").unwrap(),
        revision,
        service: ServiceName::new("payments-api").unwrap(),
        from: EnvironmentName::new("qa").unwrap(),
        to: EnvironmentName::new("prod").unwrap(),
        version: Some("9.3.1".into()),
        commit: None,
        requester: PersonId::new("ana").unwrap(),
        authors: vec!["eva@bank.example".into()],
        approvals,
        delivery: Delivery::CloudFormation { stacks: vec![] },
        gates: vec![],
    }
}

fn open(path: &Path) -> Ledger {
    Ledger::new(Arc::new(SqliteStore::open(path).unwrap()), "test")
}

fn say(digest: Digest, actor: &str, predicate: Predicate) -> Statement {
    Statement {
        promotion: PromotionId::new("PR-1").unwrap(),
        manifest: digest,
        actor: PersonId::new(actor).unwrap(),
        at: now(),
        predicate,
    }
}

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn state_of(ledger: &Ledger) -> Record {
    let entries = ledger.entries().unwrap();
    let manifest_of = |d: &Digest| Manifest::from_bytes(&ledger.manifest_bytes(d).unwrap()?).ok();
    fold(&entries, &manifest_of, &people())
}

fn begin(ledger: &Ledger, approvals: u32) -> Digest {
    let digest = ledger.keep_manifest(&manifest(1, approvals)).unwrap();
    for predicate in [
        Predicate::PrepareIntent {
            to: "prod".into(),
            service: "payments-api".into(),
        },
        Predicate::Draft {},
        Predicate::Request {
            comment: String::new(),
        },
    ] {
        ledger
            .append(&say(digest, "ana", predicate), now())
            .unwrap();
    }
    digest
}

fn approval() -> Predicate {
    Predicate::Approval {
        comment: String::new(),
    }
}

#[test]
fn a_promotion_goes_from_draft_to_verified() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(&folder.path().join("l.db"));
    let digest = begin(&ledger, 1);
    ledger
        .append(&say(digest, "luis", approval()), now())
        .unwrap();
    let id = PromotionId::new("PR-1").unwrap();
    assert_eq!(
        state_of(&ledger).promotions[&id].state,
        PromotionState::Approved
    );
    for predicate in [
        Predicate::ExecutionClaim {
            attempt: 1,
            runner: "test".into(),
        },
        Predicate::StepIntent {
            attempt: 1,
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
        ledger
            .append(&say(digest, "ana", predicate), now())
            .unwrap();
    }
    let record = state_of(&ledger);
    assert!(record.promotions[&id].last_attempt().unwrap().has_unknown());
    assert_eq!(
        record.promotions[&id].state,
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
        ledger
            .append(&say(digest, "ana", predicate), now())
            .unwrap();
    }
    let record = state_of(&ledger);
    assert_eq!(record.promotions[&id].state, PromotionState::Verified);
    assert!(record.ignored.is_empty(), "{:?}", record.ignored);
}

#[test]
fn approvals_by_requester_author_developer_stranger_or_twice_count_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(&folder.path().join("l.db"));
    let digest = begin(&ledger, 2);
    for actor in ["ana", "eva", "sofia", "mallory", "luis", "luis"] {
        ledger
            .append(&say(digest, actor, approval()), now())
            .unwrap();
    }
    let record = state_of(&ledger);
    let promotion = &record.promotions[&PromotionId::new("PR-1").unwrap()];
    assert_eq!(promotion.state, PromotionState::AwaitingApproval);
    assert_eq!(promotion.approvals.len(), 1);
    assert_eq!(record.ignored.len(), 5);
    assert!(
        record
            .ignored
            .values()
            .any(|reason| reason.contains("asked for it"))
    );
}

#[test]
fn a_voided_approval_does_not_count_for_the_next_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(&folder.path().join("l.db"));
    let first = begin(&ledger, 1);
    ledger
        .append(&say(first, "luis", approval()), now())
        .unwrap();
    let moved = vec![Moved {
        element: "parameter X".into(),
        before: "50".into(),
        after: "80".into(),
    }];
    ledger
        .append(&say(first, "ana", Predicate::Voided { moved }), now())
        .unwrap();
    let second = ledger.keep_manifest(&manifest(2, 1)).unwrap();
    ledger
        .append(&say(second, "ana", Predicate::Draft {}), now())
        .unwrap();
    ledger
        .append(
            &say(
                second,
                "ana",
                Predicate::Request {
                    comment: String::new(),
                },
            ),
            now(),
        )
        .unwrap();
    ledger
        .append(&say(first, "luis", approval()), now())
        .unwrap();
    let record = state_of(&ledger);
    let promotion = &record.promotions[&PromotionId::new("PR-1").unwrap()];
    assert_eq!(promotion.state, PromotionState::AwaitingApproval);
    assert!(
        promotion.voided.is_some(),
        "what moved stays visible until it is carried out"
    );
}

#[test]
fn nothing_runs_without_approval() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(&folder.path().join("l.db"));
    let digest = begin(&ledger, 1);
    let claim = Predicate::ExecutionClaim {
        attempt: 1,
        runner: "test".into(),
    };
    ledger.append(&say(digest, "ana", claim), now()).unwrap();
    assert!(
        state_of(&ledger)
            .ignored
            .values()
            .any(|reason| reason.contains("not approved"))
    );
}

#[test]
fn two_writers_at_once_both_get_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    let digest = begin(&open(&path), 2);
    std::thread::scope(|scope| {
        for actor in ["luis", "eva"] {
            let path = &path;
            scope.spawn(move || {
                let ledger = open(path);
                for _ in 0..20 {
                    ledger
                        .append(&say(digest, actor, approval()), now())
                        .unwrap();
                }
            });
        }
    });
    let ledger = open(&path);
    assert_eq!(ledger.entries().unwrap().len(), 43);
    assert_eq!(ledger.verify().unwrap().broken, None);
}

#[test]
fn the_file_refuses_update_and_delete() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    begin(&open(&path), 1);
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
    let digest = begin(&open(&path), 1);
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
    assert!(
        ledger
            .append(&say(digest, "luis", approval()), now())
            .is_err()
    );
}

#[test]
fn a_missing_entry_is_damage_and_not_a_shorter_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    begin(&open(&path), 1);
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

fn any_predicate() -> impl Strategy<Value = Predicate> {
    prop_oneof![
        1 => Just(Predicate::PrepareIntent { to: "prod".into(), service: "payments-api".into() }),
        1 => Just(Predicate::Draft {}),
        1 => Just(Predicate::Request { comment: String::new() }),
        4 => Just(approval()),
        1 => Just(Predicate::Rejection { reason: "no".into() }),
        1 => Just(Predicate::Voided { moved: vec![] }),
        2 => (1_u32..3).prop_map(|attempt| Predicate::ExecutionClaim { attempt, runner: "r".into() }),
        1 => (1_u32..3).prop_map(|attempt| Predicate::StepIntent { attempt, step: "s".into(), token: "t".into(), call: "c".into() }),
        1 => (1_u32..3).prop_map(|attempt| Predicate::Completion { attempt, outcome: Outcome::Succeeded, detail: String::new() }),
        1 => Just(Predicate::Abandonment { reason: "r".into() }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is written in whatever order: an attempt stands only on enough approvals by
    /// persons who may approve; terminal states absorb; and the same entries give the same state.
    #[test]
    fn no_order_of_entries_lets_an_unapproved_manifest_run(
        script in prop::collection::vec((any_predicate(), prop::sample::select(vec!["ana", "luis", "eva", "sofia"])), 0..24)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let ledger = open(&folder.path().join("l.db"));
        let digest = ledger.keep_manifest(&manifest(1, 1)).unwrap();
        let mut was_over = false;
        for (predicate, actor) in script {
            ledger.append(&say(digest, actor, predicate), now()).unwrap();
            let record = state_of(&ledger);
            prop_assert_eq!(&record, &state_of(&ledger));
            if let Some(promotion) = record.promotions.values().next() {
                if matches!(promotion.state, PromotionState::Executing { .. }) {
                    prop_assert!(promotion.approvals.iter().any(|a| a.by.as_str() == "luis"));
                }
                prop_assert!(promotion.approvals.iter().all(|a| a.by.as_str() == "luis"));
                prop_assert!(!was_over || promotion.state.is_over());
                was_over = promotion.state.is_over();
            }
        }
    }
}
