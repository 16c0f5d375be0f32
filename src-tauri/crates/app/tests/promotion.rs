//! Promotions through CloudFormation: asked for, decided, carried out, and found out about.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use interlock_app::{Console, UseCaseError};
use interlock_domain::{
    Digest, EnvironmentName, PromotionId, ServiceName,
    change_set::{PropertyChange, ResourceChange},
};
use interlock_ledger::{Outcome, Predicate, PromotionState, Statement};
use interlock_stackdiff::{Agreement, Finding};
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use support::{Cloud, Fault, console, ending::settled, key_of};

fn id() -> PromotionId {
    PromotionId::new("PR-TEST").unwrap()
}

async fn prepare(ana: &Arc<Console>) -> Digest {
    let (service, prod) = (
        ServiceName::new("payments-api").unwrap(),
        EnvironmentName::new("prod").unwrap(),
    );
    ana.prepare(id(), std::slice::from_ref(&service), &prod)
        .await
        .unwrap();
    let digest = ana.promotion(&id()).unwrap().digest.unwrap();
    ana.request(&id(), digest, "please".into()).await.unwrap();
    digest
}

async fn approved(cloud: &Arc<Cloud>, ledger: &std::path::Path) -> (Arc<Console>, Digest) {
    let (ana, luis) = (
        console(cloud, ledger, "ana"),
        console(cloud, ledger, "luis"),
    );
    let digest = prepare(&ana).await;
    luis.approve(&id(), digest, String::new()).await.unwrap();
    (ana, digest)
}

#[tokio::test]
async fn one_person_asks_another_approves_and_it_is_carried_out_once() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    ana.execute(&id(), digest).await.unwrap();
    let promotion = settled(&ana, &id()).await;
    assert_eq!(
        promotion.state,
        PromotionState::Verified,
        "{:?}",
        promotion.last_attempt()
    );
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 1);
    assert_eq!(cloud.prod_version(), "2.0.0");
    let record = ana.record().unwrap();
    assert!(record.ignored.is_empty(), "{:?}", record.ignored);
}

#[tokio::test]
async fn the_requester_and_a_developer_cannot_approve() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, ledger) = (Cloud::new(), folder.path().join("l.db"));
    let ana = console(&cloud, &ledger, "ana");
    let digest = prepare(&ana).await;
    for person in ["ana", "sofia"] {
        let error = console(&cloud, &ledger, person)
            .approve(&id(), digest, String::new())
            .await
            .unwrap_err();
        assert!(
            matches!(error, UseCaseError::NotAllowed { .. }),
            "{person}: {error}"
        );
    }
    assert_eq!(
        ana.promotion(&id()).unwrap().state,
        PromotionState::AwaitingApproval
    );
}

#[tokio::test]
async fn nothing_starts_without_approval() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    let ana = console(&cloud, &folder.path().join("l.db"), "ana");
    let digest = prepare(&ana).await;
    assert!(ana.execute(&id(), digest).await.is_err());
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn fault_11_a_template_that_became_another_one_voids_the_approval_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    cloud.swap_template();
    let error = ana.execute(&id(), digest).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("template at AWS of payments-api-prod"),
        "{error}"
    );
    let promotion = ana.promotion(&id()).unwrap();
    assert_eq!(promotion.state, PromotionState::Voided);
    assert!(promotion.approvals.is_empty());
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn everything_that_is_seen_of_a_change_set_is_bound_to_the_approval() {
    let edits: [fn(&mut ResourceChange); 4] = [
        |row| row.after_context = Some("{}".to_owned()),
        |row| row.nested_in = vec!["Data".to_owned()],
        |row| {
            row.details = vec![PropertyChange {
                after: Some("another value".to_owned()),
                ..PropertyChange::default()
            }];
        },
        |row| row.replacement = Some("True".to_owned()),
    ];
    for edit in edits {
        let folder = tempfile::tempdir().unwrap();
        let cloud = Cloud::new();
        let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
        cloud.edit_changes(edit);
        assert!(ana.execute(&id(), digest).await.is_err());
        let promotion = ana.promotion(&id()).unwrap();
        assert_eq!(promotion.state, PromotionState::Voided);
        assert_eq!(cloud.executions.load(Ordering::SeqCst), 0);
    }
}

#[tokio::test]
async fn a_change_set_is_shown_beside_our_own_judgement_of_the_two_templates() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    let ana = console(&cloud, &folder.path().join("l.db"), "ana");
    prepare(&ana).await;
    let look = ana.look_at_promotion(&ana.promotion(&id()).unwrap()).await;
    let seen = look.change_sets[0].as_ref().unwrap();
    let judgement = seen.judgement.as_ref().unwrap();
    // The templates name two topics, one for each version; this AWS only knows of another one.
    let line = |id: &str| {
        let lines = &judgement.reconciliation.resources;
        lines.iter().find(|line| line.logical_id == id).unwrap()
    };
    assert_eq!(judgement.prediction.resources.len(), 2);
    let announced = line("Topic");
    assert_eq!(
        announced.findings,
        [Finding::NotPredicted {
            announced: "Modify".to_owned()
        }]
    );
    let predicted = &judgement.prediction.resources[0].logical_id;
    assert_eq!(line(predicted).findings, [Finding::NotAnnounced]);
    assert_eq!(judgement.reconciliation.verdict(), Agreement::Disagree);
}

#[tokio::test]
async fn resources_that_macros_make_are_judged_as_aws_made_them() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    cloud.speak_sam();
    let ana = console(&cloud, &folder.path().join("l.db"), "ana");
    prepare(&ana).await;
    let look = ana.look_at_promotion(&ana.promotion(&id()).unwrap()).await;
    let seen = look.change_sets[0].as_ref().unwrap();
    let prediction = &seen.judgement.as_ref().unwrap().prediction;
    let types: Vec<&str> = prediction
        .resources
        .iter()
        .map(|resource| resource.resource_type.as_str())
        .collect();
    assert_eq!(types, ["AWS::SNS::Topic", "AWS::SNS::Topic"]);
}

#[tokio::test]
async fn a_change_set_that_went_stale_voids_the_approval_and_can_be_prepared_again() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, ledger) = (Cloud::new(), folder.path().join("l.db"));
    let (ana, digest) = approved(&cloud, &ledger).await;
    cloud.touch_prod();
    let error = ana.execute(&id(), digest).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("change set of payments-api-prod"),
        "{error}"
    );
    ana.prepare_again(&id()).await.unwrap();
    let promotion = ana.promotion(&id()).unwrap();
    assert_eq!(promotion.state, PromotionState::Draft);
    assert_ne!(promotion.digest, Some(digest));
    let luis = console(&cloud, &ledger, "luis");
    assert!(
        luis.approve(&id(), digest, String::new()).await.is_err(),
        "the old digest cannot be approved any more"
    );
}

#[tokio::test]
async fn fault_03_a_lost_reply_is_not_a_failure_and_nothing_is_applied_twice() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    *cloud.fault.lock().unwrap() = Fault::LoseReply;
    ana.execute(&id(), digest).await.unwrap();
    assert_eq!(settled(&ana, &id()).await.state, PromotionState::Verified);
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_lost_request_is_sent_again_with_the_same_token() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    *cloud.fault.lock().unwrap() = Fault::LoseRequest;
    ana.execute(&id(), digest).await.unwrap();
    assert_eq!(settled(&ana, &id()).await.state, PromotionState::Verified);
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn fault_20_throttling_is_waited_out_with_the_same_token() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    *cloud.fault.lock().unwrap() = Fault::Throttle(8);
    ana.execute(&id(), digest).await.unwrap();
    assert_eq!(settled(&ana, &id()).await.state, PromotionState::Verified);
    let tokens = cloud.tokens();
    assert_eq!(tokens.len(), 9);
    assert!(tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
}

#[tokio::test]
async fn a_rollback_is_told_with_its_first_reason() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    *cloud.fault.lock().unwrap() = Fault::RollBack;
    ana.execute(&id(), digest).await.unwrap();
    match settled(&ana, &id()).await.state {
        PromotionState::Failed {
            outcome: Outcome::RolledBack,
            detail,
        } => assert!(detail.contains("the topic is taken"), "{detail}"),
        other => panic!("{other:?}"),
    }
}

/// The process dies after an entry of a run; another one reads the record and goes on.
async fn taken_up_after(died_after: &str) {
    {
        let folder = tempfile::tempdir().unwrap();
        let (cloud, ledger) = (Cloud::new(), folder.path().join("l.db"));
        let (ana, digest) = approved(&cloud, &ledger).await;
        let manifest = ana.promotion(&id()).unwrap().manifest.unwrap();
        let interlock_domain::manifest::Delivery::CloudFormation { stacks } =
            &manifest.services[0].delivery
        else {
            panic!()
        };
        let step = format!("execute:us-east-1:{}", stacks[0].stack);
        let text = format!("{}|{digest}|{step}|1", id());
        let token = format!("rel-{}", &Digest::of(text.as_bytes()).to_string()[..40]);
        let say = |predicate| {
            let statement = Statement {
                promotion: Some(id()),
                subject: digest,
                actor: interlock_domain::PersonId::new("ana").unwrap(),
                at: ana.now(),
                predicate,
            };
            let said = ana.ledger.append(&statement, &key_of("ana"), ana.now());
            said.unwrap();
        };
        let fence = ana.ledger.entries().unwrap().len() as u64;
        say(Predicate::ExecutionClaim {
            attempt: 1,
            runner: "dead".into(),
        });
        if died_after != "claim" {
            say(Predicate::StepIntent {
                attempt: 1,
                fence,
                step: step.clone(),
                token: token.clone(),
                call: "c".into(),
            });
        }
        if matches!(died_after, "call" | "observation") {
            let scope = ana.estate.environments[1].environment.scopes().remove(0);
            ana.ports()
                .changer
                .execute_change_set(&scope, "payments-api-prod", &stacks[0].change_set, &token)
                .await
                .unwrap();
        }
        if died_after == "observation" {
            let observed = interlock_ledger::predicate::StepObserved::Accepted {
                handle: stacks[0].change_set.clone(),
            };
            say(Predicate::StepObservation {
                attempt: 1,
                step,
                observed,
                detail: String::new(),
            });
        }
        drop(ana);
        let luis = console(&cloud, &ledger, "luis");
        // While the dead process may still be there, nobody goes on without a reason.
        let refused = luis.resume(&id(), "").await.unwrap_err();
        assert!(refused.to_string().contains("say why"), "{refused}");
        tokio::time::advance(Duration::from_mins(16)).await;
        luis.resume_all().await.unwrap();
        assert_eq!(
            settled(&luis, &id()).await.state,
            PromotionState::Verified,
            "died after {died_after}"
        );
        assert_eq!(
            cloud.executions.load(Ordering::SeqCst),
            1,
            "died after {died_after}"
        );
        assert!(
            luis.record().unwrap().ignored.is_empty(),
            "died after {died_after}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn fault_01_who_dies_before_the_call_is_followed_by_who_makes_it() {
    taken_up_after("intent").await;
}

#[tokio::test(start_paused = true)]
async fn fault_02_who_dies_after_the_call_is_followed_by_who_finds_it() {
    taken_up_after("call").await;
    taken_up_after("observation").await;
}

#[tokio::test(start_paused = true)]
async fn fault_54_a_claim_without_a_step_is_taken_up_from_the_beginning() {
    taken_up_after("claim").await;
}

#[tokio::test(start_paused = true)]
async fn fault_15_another_change_in_between_ends_it_as_foreign() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    // Between the last look and the call.
    *cloud.fault.lock().unwrap() = Fault::Overtaken;
    ana.execute(&id(), digest).await.unwrap();
    match settled(&ana, &id()).await.state {
        PromotionState::Failed {
            outcome: Outcome::Failed,
            detail,
        } => assert!(detail.contains("somebody else changed"), "{detail}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn fault_16_while_the_stack_moves_no_claim_is_burnt() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    cloud.prod_is("UPDATE_IN_PROGRESS");
    let error = ana.execute(&id(), digest).await.unwrap_err();
    assert!(!error.to_string().is_empty());
    let promotion = ana.promotion(&id()).unwrap();
    assert!(promotion.attempts.is_empty(), "{:?}", promotion.attempts);
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn fault_19_a_rollback_that_fails_leaves_a_part_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    *cloud.fault.lock().unwrap() = Fault::RollBackBadly;
    ana.execute(&id(), digest).await.unwrap();
    match settled(&ana, &id()).await.state {
        PromotionState::Failed {
            outcome: Outcome::PartiallyApplied,
            detail,
        } => assert!(
            detail.contains("the rollback failed as well: Topic: the topic is taken"),
            "{detail}"
        ),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn fault_21_a_login_that_ran_out_is_waited_for_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    let (ana, digest) = approved(&cloud, &folder.path().join("l.db")).await;
    *cloud.fault.lock().unwrap() = Fault::LoggedOut(3);
    ana.execute(&id(), digest).await.unwrap();
    let promotion = settled(&ana, &id()).await;
    assert_eq!(promotion.state, PromotionState::Verified);
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 1);
    let tokens = cloud.tokens();
    assert!(tokens.len() == 4 && tokens.iter().all(|it| *it == tokens[0]));
}

#[tokio::test]
async fn two_processes_start_it_at_once_and_one_claim_counts() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, ledger) = (Cloud::new(), folder.path().join("l.db"));
    let (ana, digest) = approved(&cloud, &ledger).await;
    let eva = console(&cloud, &ledger, "eva");
    let (first, second) = (id(), id());
    let (a, b) = tokio::join!(ana.execute(&first, digest), eva.execute(&second, digest));
    assert!(a.is_ok() ^ b.is_ok(), "{a:?} {b:?}");
    assert_eq!(settled(&ana, &id()).await.state, PromotionState::Verified);
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn who_approved_cannot_start_it_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let (cloud, ledger) = (Cloud::new(), folder.path().join("l.db"));
    let (_, digest) = approved(&cloud, &ledger).await;
    let luis = console(&cloud, &ledger, "luis");
    let error = luis.execute(&id(), digest).await.unwrap_err();
    assert!(
        error.to_string().contains("somebody else starts it"),
        "{error}"
    );
    assert_eq!(cloud.executions.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_second_promotion_of_the_same_service_is_refused_while_one_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Cloud::new();
    let ana = console(&cloud, &folder.path().join("l.db"), "ana");
    prepare(&ana).await;
    let (service, prod) = (
        ServiceName::new("payments-api").unwrap(),
        EnvironmentName::new("prod").unwrap(),
    );
    let error = ana
        .prepare(
            PromotionId::new("PR-2").unwrap(),
            std::slice::from_ref(&service),
            &prod,
        )
        .await
        .unwrap_err();
    assert!(error.to_string().contains("open already"), "{error}");
}
