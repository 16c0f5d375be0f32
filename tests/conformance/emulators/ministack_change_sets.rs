//! MiniStack: change sets from order to end, good and bad.

use crate::arrange::{Bank, PROD, held, parameter, scope, stack_name, until};
use interlock_app::ports::{StackChanger as _, StackReader as _, TemplateStage};
use interlock_connect_aws::AwsConnector;
use interlock_domain::change_set::{ChangeSet, ChangeSetOrder, ChangeSetState};
use interlock_domain::stack::{Stack, StackEvent};
use interlock_domain::{FaultKind, Scope};
use serde_json::{Value, json};

fn order(stack: &str, name: &str, template: &Value) -> ChangeSetOrder {
    ChangeSetOrder {
        stack: stack_name(stack),
        name: name.into(),
        token: format!("token-{name}"),
        create: false,
        template: template.to_string(),
        parameters: Vec::new(),
        tags: vec![("owner".into(), "pagos".into())],
        capabilities: Vec::new(),
        description: "promotion PR-1".into(),
        include_nested: false,
        revert_drift: false,
    }
}

/// The change set once AWS has worked it out.
async fn ready(connector: &AwsConnector, scope: &Scope, stack: &str, id: &str) -> ChangeSet {
    until("the change set is worked out", || async {
        let set = connector.change_set(scope, stack, id).await.unwrap();
        (set.state != ChangeSetState::Pending).then_some(set)
    })
    .await
}

/// The stack once nothing moves, and the events of one operation.
async fn followed(
    connector: &AwsConnector,
    scope: &Scope,
    stack: &str,
    token: &str,
    last_seen: &str,
) -> (Stack, Vec<StackEvent>) {
    until("the operation ends", || async {
        let events = connector
            .events_after(scope, stack, Some(last_seen))
            .await
            .unwrap();
        let ours: Vec<_> = events
            .into_iter()
            .filter(|event| event.token.as_deref() == Some(token))
            .collect();
        let last = ours.last()?;
        let ended = last.is_stack() && !last.status.ends_with("_IN_PROGRESS");
        let seen = connector.stack(scope, stack).await.unwrap();
        (ended && !seen.status.is_moving()).then_some((seen, ours))
    })
    .await
}

async fn newest_event(connector: &AwsConnector, scope: &Scope, stack: &str) -> String {
    let events = connector.events_after(scope, stack, None).await.unwrap();
    events.last().unwrap().id.clone()
}

#[tokio::test]
async fn a_change_set_is_made_read_executed_and_followed_to_its_end() {
    let mut bank = Bank::open();
    bank.boto.stack(PROD, "pay", &parameter("/pay", "1"));
    let connector = bank.connector();
    let scope = scope(PROD);
    let before = newest_event(&connector, &scope, "pay").await;

    let wanted = order("pay", "release", &parameter("/pay", "2"));
    let id = connector.create_change_set(&scope, &wanted).await.unwrap();
    let set = ready(&connector, &scope, "pay", &id).await;
    assert_eq!(set.state, ChangeSetState::Available);
    assert_eq!(set.id, id);
    assert_eq!(set.stack, "pay");
    assert_eq!(set.changes.len(), 1);
    let change = &set.changes[0];
    assert_eq!(change.action, "Modify");
    assert_eq!(change.logical_id, "Limit");
    assert_eq!(change.replacement.as_deref(), Some("False"));
    let value = change.details.iter().find(|detail| detail.path == "Value");
    let value = value.unwrap();
    assert_eq!(value.attribute, "Properties");
    assert_eq!(value.recreation.as_deref(), Some("Never"));
    assert_eq!(value.source.as_deref(), Some("DirectModification"));
    // MiniStack knows no property values; the rest must come all the same.
    assert_eq!((&value.before, &value.after), (&None, &None));
    let kept = connector.change_set_template(&scope, "pay", &id, TemplateStage::Original);
    assert_eq!(kept.await.unwrap(), wanted.template);

    let again = connector.create_change_set(&scope, &wanted).await.unwrap();
    assert_eq!(again, id, "asking twice finds the first");

    let executed = connector
        .execute_change_set(&scope, "pay", &id, "run-1")
        .await;
    executed.unwrap();
    let (stack, events) = followed(&connector, &scope, "pay", "run-1", &before).await;
    assert_eq!(stack.status.word(), "UPDATE_COMPLETE");
    assert_eq!(events.first().unwrap().status, "UPDATE_IN_PROGRESS");
    assert!(events.iter().any(|event| event.logical_id == "Limit"));
    let value = json!({"Name": "/pay"});
    let value = bank.boto.call(PROD, "ssm", "get_parameter", value);
    assert_eq!(value["Parameter"]["Value"], "2");

    let twice = connector
        .execute_change_set(&scope, "pay", &id, "run-2")
        .await;
    assert_eq!(twice.unwrap_err().kind, FaultKind::Conflict);
}

#[tokio::test]
async fn a_change_set_without_changes_is_empty_and_an_unknown_one_is_not_found() {
    let mut bank = Bank::open();
    bank.boto.stack(PROD, "pay", &parameter("/pay", "1"));
    let connector = bank.connector();
    let scope = scope(PROD);
    let mut same = order("pay", "same", &parameter("/pay", "1"));
    same.tags.clear();
    let id = connector.create_change_set(&scope, &same).await.unwrap();
    let set = ready(&connector, &scope, "pay", &id).await;
    assert_eq!(set.state, ChangeSetState::Empty, "{set:?}");
    let missing = connector
        .change_set(&scope, "pay", "nobody-made-this")
        .await;
    assert_eq!(missing.unwrap_err().kind, FaultKind::NotFound);
    let missing = connector.execute_change_set(&scope, "pay", "nobody-made-this", "run-1");
    assert_eq!(missing.await.unwrap_err().kind, FaultKind::NotFound);
    let no_stack = order("nowhere", "set", &parameter("/x", "1"));
    let missing = connector.create_change_set(&scope, &no_stack).await;
    assert_eq!(missing.unwrap_err().kind, FaultKind::NotFound);
}

#[tokio::test]
async fn a_first_change_set_makes_a_shell_that_goes_with_it_or_becomes_the_stack() {
    let bank = Bank::open();
    let connector = bank.connector();
    let scope = scope(PROD);
    let first = ChangeSetOrder {
        create: true,
        ..order("fresh", "first", &parameter("/fresh", "1"))
    };
    let id = connector.create_change_set(&scope, &first).await.unwrap();
    let set = ready(&connector, &scope, "fresh", &id).await;
    assert_eq!(set.changes[0].action, "Add");
    let stack = connector.stack(&scope, "fresh").await.unwrap();
    assert_eq!(stack.status.word(), "REVIEW_IN_PROGRESS");
    connector
        .delete_change_set(&scope, "fresh", &id)
        .await
        .unwrap();
    until("the shell is gone", || async {
        let gone = connector.stack(&scope, "fresh").await;
        gone.is_err_and(|fault| fault.kind == FaultKind::NotFound)
            .then_some(())
    })
    .await;
    connector
        .delete_change_set(&scope, "fresh", &id)
        .await
        .unwrap();

    let id = connector.create_change_set(&scope, &first).await.unwrap();
    ready(&connector, &scope, "fresh", &id).await;
    let before = newest_event(&connector, &scope, "fresh").await;
    let executed = connector
        .execute_change_set(&scope, "fresh", &id, "run-1")
        .await;
    executed.unwrap();
    let (stack, _) = followed(&connector, &scope, "fresh", "run-1", &before).await;
    assert_eq!(stack.status.word(), "CREATE_COMPLETE");
}

#[tokio::test]
async fn a_failing_resource_rolls_the_stack_back_with_its_reason() {
    let mut bank = Bank::open();
    bank.boto.stack(PROD, "pay", &parameter("/pay", "1"));
    let taken = json!({"Name": "/taken", "Type": "String", "Value": "x"});
    bank.boto.call(PROD, "ssm", "put_parameter", taken);
    let connector = bank.connector();
    let scope = scope(PROD);
    let before = newest_event(&connector, &scope, "pay").await;
    let mut template = parameter("/pay", "2");
    template["Resources"]["Second"] = json!({
        "Type": "AWS::SSM::Parameter", "DependsOn": "Limit",
        "Properties": {"Name": "/taken", "Type": "String", "Value": "1"},
    });
    let wanted = order("pay", "bad", &template);
    let id = connector.create_change_set(&scope, &wanted).await.unwrap();
    ready(&connector, &scope, "pay", &id).await;
    let executed = connector
        .execute_change_set(&scope, "pay", &id, "run-1")
        .await;
    executed.unwrap();
    let (stack, events) = followed(&connector, &scope, "pay", "run-1", &before).await;
    assert_eq!(stack.status.word(), "UPDATE_ROLLBACK_COMPLETE");
    let failed = events
        .iter()
        .find(|event| event.logical_id == "Second" && event.status.ends_with("_FAILED"));
    let reason = failed.unwrap().reason.as_deref().unwrap();
    assert!(reason.contains("already exists"), "{reason}");
    let rolling = events
        .iter()
        .position(|event| event.status == "UPDATE_ROLLBACK_IN_PROGRESS");
    let failing = events
        .iter()
        .position(|event| event.status.ends_with("_FAILED"));
    assert!(failing.unwrap() < rolling.unwrap(), "oldest first");
    let value = bank
        .boto
        .call(PROD, "ssm", "get_parameter", json!({"Name": "/pay"}));
    assert_eq!(value["Parameter"]["Value"], "1");
}

#[tokio::test]
async fn while_a_stack_moves_others_must_wait_and_it_can_be_asked_to_stop() {
    let mut bank = Bank::open();
    bank.boto.stack(PROD, "pay", &parameter("/pay", "1"));
    let connector = bank.connector();
    let scope = scope(PROD);
    let before = newest_event(&connector, &scope, "pay").await;
    let wanted = order("pay", "slow", &held("/pay", "2", "Handle"));
    let id = connector.create_change_set(&scope, &wanted).await.unwrap();
    ready(&connector, &scope, "pay", &id).await;
    let executed = connector
        .execute_change_set(&scope, "pay", &id, "run-1")
        .await;
    executed.unwrap();
    let set = connector.change_set(&scope, "pay", &id).await.unwrap();
    assert_eq!(set.state, ChangeSetState::Executing, "{set:?}");
    until("the stack moves and its wait has begun", || async {
        let stack = connector.stack(&scope, "pay").await.unwrap();
        let events = connector
            .events_after(&scope, "pay", Some(&before))
            .await
            .unwrap();
        let waits = events.iter().any(|event| event.logical_id == "HandleWait");
        (stack.status.is_moving() && waits).then_some(())
    })
    .await;
    let twice = connector
        .execute_change_set(&scope, "pay", &id, "run-2")
        .await;
    assert_eq!(twice.unwrap_err().kind, FaultKind::Conflict);
    connector.cancel_update(&scope, "pay").await.unwrap();
    bank.boto.signal(PROD, "pay", "Handle");
    let (stack, _) = followed(&connector, &scope, "pay", "run-1", &before).await;
    assert!(
        stack.status.word().starts_with("UPDATE_"),
        "{}",
        stack.status.word()
    );
}

#[tokio::test]
async fn many_executions_at_once_have_one_winner() {
    let mut bank = Bank::open();
    bank.boto.stack(PROD, "pay", &parameter("/pay", "1"));
    let connector = bank.connector();
    let scope = scope(PROD);
    let wanted = order("pay", "race", &parameter("/pay", "2"));
    let id = connector.create_change_set(&scope, &wanted).await.unwrap();
    ready(&connector, &scope, "pay", &id).await;
    let racers: Vec<_> = (0..8)
        .map(|number| {
            let (connector, scope, id) = (connector.clone(), scope.clone(), id.clone());
            tokio::spawn(async move {
                let token = format!("run-{number}");
                connector
                    .execute_change_set(&scope, "pay", &id, &token)
                    .await
            })
        })
        .collect();
    let mut won = 0;
    for racer in racers {
        match racer.await.unwrap() {
            Ok(()) => won += 1,
            Err(fault) => assert_eq!(fault.kind, FaultKind::Conflict, "{fault:?}"),
        }
    }
    assert_eq!(won, 1);
}
