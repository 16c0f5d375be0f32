//! Stacks and change sets through the handle that the other practice servers use.

use super::super::{
    ChangeSetProgress, Cloud, CloudError, Deploy, FailureRule, NewChangeSet, OperationState,
    SeedStack, SeedUpdate, StackStatus,
};
use super::signed::cloud;
use crate::PracticeOptions;
use crate::clock::PracticeClock;
use crate::state::StateFile;
use jiff::Timestamp;
use std::time::Duration;

const DEV: (&str, &str) = ("111111111111", "us-east-1");

fn template(words: &str) -> String {
    format!(
        "Parameters: {{Size: {{Type: Number, Default: 1}}, Key: {{Type: String, NoEcho: true, Default: hush}}}}\n\
         Resources:\n  Topic: {{Type: 'AWS::SNS::Topic', Properties: {{DisplayName: '{words}'}}}}\n\
         \x20 Fn: {{Type: 'AWS::SQS::Queue', DependsOn: Topic, Properties: {{DelaySeconds: !Ref Size}}}}\n\
         Outputs: {{Arn: {{Value: !Ref Topic}}}}\n"
    )
}

fn deploy(words: &str, token: &str) -> Deploy {
    Deploy {
        account: DEV.0.to_owned(),
        region: DEV.1.to_owned(),
        stack: "app".to_owned(),
        template: template(words),
        token: Some(token.to_owned()),
        ..Deploy::default()
    }
}

fn status(cloud: &Cloud) -> StackStatus {
    cloud.stack(DEV.0, DEV.1, "app").unwrap().status
}

#[test]
fn a_deployment_goes_on_with_time_and_ends() {
    let (cloud, clock, _directory) = cloud(10.0, 100);
    let token = cloud.deploy(deploy("one", "t1")).unwrap();
    assert_eq!(
        cloud.operation_state(&token),
        Some(OperationState::InProgress)
    );
    assert_eq!(status(&cloud), StackStatus::CreateInProgress);
    let early = cloud.events(DEV.0, DEV.1, "app").len();
    clock.advance(Duration::from_mins(5));
    assert_eq!(
        cloud.operation_state(&token),
        Some(OperationState::Succeeded)
    );
    let stack = cloud.stack(DEV.0, DEV.1, "app").unwrap();
    assert_eq!(stack.status, StackStatus::CreateComplete);
    assert_eq!(stack.outputs.len(), 1);
    assert_eq!(stack.parameters[1], ("Key".to_owned(), "****".to_owned()));
    let events = cloud.events(DEV.0, DEV.1, "app");
    assert!(early < events.len());
    assert!(events.is_sorted_by_key(|event| event.at));
    assert_eq!(
        cloud.deploy(deploy("one", "t1")),
        Ok(token),
        "a token repeats"
    );
    assert!(matches!(
        cloud.deploy(deploy("one", "t2")),
        Err(CloudError::NoChanges(_))
    ));
}

#[test]
fn an_ordered_failure_rolls_back_and_says_why() {
    let (cloud, clock, _directory) = cloud(1.0, 100);
    cloud.deploy(deploy("one", "t1")).unwrap();
    clock.advance(Duration::from_mins(1));
    cloud.fail_next(FailureRule {
        stack: "app".to_owned(),
        resource: "*".to_owned(),
        reason: "No room".to_owned(),
        times: 1,
    });
    let token = cloud.deploy(deploy("two", "t2")).unwrap();
    clock.advance(Duration::from_mins(1));
    let Some(OperationState::Failed(reason)) = cloud.operation_state(&token) else {
        panic!("it should have failed");
    };
    assert!(reason.contains("No room"), "{reason}");
    assert_eq!(status(&cloud), StackStatus::UpdateRollbackComplete);
    let token = cloud.deploy(deploy("two", "t3")).unwrap();
    clock.advance(Duration::from_mins(1));
    assert_eq!(
        cloud.operation_state(&token),
        Some(OperationState::Succeeded)
    );
}

#[test]
fn a_change_set_is_computed_executed_once_and_obsolete_when_the_stack_moves() {
    let (cloud, clock, _directory) = cloud(1.0, 100);
    cloud.deploy(deploy("one", "t1")).unwrap();
    clock.advance(Duration::from_mins(1));
    let make = |name: &str, words: &str| {
        cloud
            .create_change_set(NewChangeSet {
                name: name.to_owned(),
                deploy: deploy(words, &format!("token-{name}")),
                description: None,
            })
            .unwrap()
    };
    let (first, second, nothing) = (make("a", "two"), make("b", "three"), make("c", "one"));
    let progress = |arn: &str| cloud.change_set(DEV.0, DEV.1, arn);
    assert_eq!(progress(&first), Some(ChangeSetProgress::Pending));
    clock.advance(Duration::from_secs(10));
    assert_eq!(
        progress(&first),
        Some(ChangeSetProgress::Ready(vec![
            "Modify Topic (AWS::SNS::Topic)".to_owned()
        ]))
    );
    assert!(matches!(
        progress(&nothing),
        Some(ChangeSetProgress::NoChanges(_))
    ));
    cloud.deploy(deploy("four", "t4")).unwrap();
    clock.advance(Duration::from_mins(1));
    assert_eq!(progress(&second), Some(ChangeSetProgress::Obsolete));
    let fresh = make("d", "five");
    clock.advance(Duration::from_secs(10));
    let execute =
        |token: &str| cloud.execute_change_set(DEV.0, DEV.1, &fresh, Some(token.to_owned()), "arn");
    let token = execute("run").unwrap();
    assert_eq!(execute("run").unwrap(), token);
    assert!(execute("other").is_err());
    clock.advance(Duration::from_mins(1));
    assert_eq!(progress(&fresh), Some(ChangeSetProgress::Executed));
    assert_eq!(progress(&first), None);
}

#[test]
fn a_restart_goes_on_with_what_was_begun() {
    let directory = tempfile::tempdir().unwrap();
    let clock = PracticeClock::default();
    let mut options = PracticeOptions::new(directory.path());
    options.pace = 100.0;
    let token = {
        let state = StateFile::open(directory.path()).unwrap();
        let cloud = Cloud::open(&state, clock.clone(), &options).unwrap();
        let token = cloud.deploy(deploy("one", "t1")).unwrap();
        state.write().unwrap();
        token
    };
    let open = || {
        Cloud::open(
            &StateFile::open(directory.path()).unwrap(),
            clock.clone(),
            &options,
        )
        .unwrap()
    };
    let cloud = open();
    assert_eq!(
        cloud.operation_state(&token),
        Some(OperationState::InProgress)
    );
    clock.advance(Duration::from_hours(1));
    assert_eq!(
        open().operation_state(&token),
        Some(OperationState::Succeeded)
    );
}

#[test]
fn a_seeded_history_is_in_the_past_and_complete() {
    let (cloud, _, _directory) = cloud(1.0, 100);
    let at = |day: i64| Timestamp::from_second(1_700_000_000 + day * 86_400).unwrap();
    let place = |(account, region): (&str, &str)| (account.to_owned(), region.to_owned());
    let (account, region) = place(DEV);
    cloud
        .seed_stack(SeedStack {
            account,
            region,
            name: "app".to_owned(),
            template: template("one"),
            created_at: at(0),
            ..SeedStack::default()
        })
        .unwrap();
    for (day, words, failure) in [
        (1, "two", None),
        (
            2,
            "three",
            Some(("Topic".to_owned(), "Not today".to_owned())),
        ),
    ] {
        let (account, region) = place(DEV);
        cloud
            .seed_update(SeedUpdate {
                account,
                region,
                name: "app".to_owned(),
                template: template(words),
                started_at: at(day),
                failure,
                ..SeedUpdate::default()
            })
            .unwrap();
    }
    assert_eq!(status(&cloud), StackStatus::UpdateRollbackComplete);
    let events = cloud.events(DEV.0, DEV.1, "app");
    let stack: Vec<_> = events
        .iter()
        .filter(|event| event.logical_id == "app")
        .map(|event| event.status.as_str())
        .collect();
    assert_eq!(
        stack,
        [
            "CREATE_IN_PROGRESS",
            "CREATE_COMPLETE",
            "UPDATE_IN_PROGRESS",
            "UPDATE_COMPLETE",
            "UPDATE_IN_PROGRESS",
            "UPDATE_ROLLBACK_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE"
        ]
    );
    assert!(
        events
            .iter()
            .any(|event| event.reason.as_deref() == Some("Not today"))
    );
}

#[test]
fn accounts_and_regions_do_not_see_each_other() {
    let (cloud, _, _directory) = cloud(0.0, 100);
    cloud.deploy(deploy("one", "t1")).unwrap();
    assert!(cloud.stack(DEV.0, DEV.1, "app").is_some());
    assert!(cloud.stack(DEV.0, "sa-east-1", "app").is_none());
    assert!(cloud.stack("222222222222", DEV.1, "app").is_none());
}
