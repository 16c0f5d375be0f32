//! MiniStack: doors that stay shut, and what is said at them.

use crate::arrange::{Bank, PROD, QA, access_key, parameter, scope, stack_name, until};
use interlock_app::ports::{IdentityReader as _, StackChanger as _, StackReader as _};
use interlock_connect_aws::{AccessKey, AwsConnector};
use interlock_domain::change_set::ChangeSetOrder;
use interlock_domain::{FaultKind, Secret};
use serde_json::json;

#[tokio::test]
async fn a_reader_who_wants_to_release_learns_who_may_not_do_what() {
    let mut bank = Bank::open();
    bank.boto.stack(PROD, "pay", &parameter("/pay", "1"));
    let mut options = bank.options();
    for environment in &mut options.environments {
        environment.release_role = None;
    }
    let connector = AwsConnector::new(options);
    let order = ChangeSetOrder {
        stack: stack_name("pay"),
        name: "set".into(),
        token: "token".into(),
        create: false,
        template: parameter("/pay", "2").to_string(),
        parameters: Vec::new(),
        tags: Vec::new(),
        capabilities: Vec::new(),
        description: String::new(),
        include_nested: false,
        revert_drift: false,
    };
    let denied = connector
        .create_change_set(&scope(PROD), &order)
        .await
        .unwrap_err();
    assert_eq!(denied.kind, FaultKind::Forbidden);
    assert_eq!(
        denied.message,
        "ana.ruiz (role Reader) may not CreateChangeSet in prod us-east-1: the permission \
         cloudformation:CreateChangeSet on pay is missing."
    );
    let hint = denied.hint.unwrap();
    assert!(
        hint.contains("allow cloudformation:CreateChangeSet"),
        "{hint}"
    );
    assert!(hint.contains("assumed-role/Reader/ana.ruiz"), "{hint}");
    connector.stacks(&scope(PROD)).await.unwrap();
}

#[tokio::test]
async fn a_role_without_permissions_and_a_role_that_is_not_there_are_forbidden() {
    let bank = Bank::open();
    let mut options = bank.options();
    options.environments[1].role = Some(format!("arn:aws:iam::{QA}:role/Nothing"));
    options.environments[2].role = Some(format!("arn:aws:iam::{PROD}:role/Nobody"));
    let connector = AwsConnector::new(options);
    let denied = connector.stacks(&scope(QA)).await.unwrap_err();
    assert_eq!(denied.kind, FaultKind::Forbidden);
    assert!(
        denied.message.contains("ana.ruiz (role Nothing)"),
        "{}",
        denied.message
    );
    assert!(
        denied.message.contains("cloudformation:DescribeStacks"),
        "{}",
        denied.message
    );
    let denied = connector.stacks(&scope(PROD)).await.unwrap_err();
    assert_eq!(denied.kind, FaultKind::Forbidden);
    assert_eq!(denied.operation, "AssumeRole in prod");
    assert!(
        denied.message.starts_with("ana.ruiz may not AssumeRole"),
        "{}",
        denied.message
    );
    assert!(denied.message.contains("role/Nobody"), "{}", denied.message);
    let identities = connector.identities().await;
    let open: Vec<bool> = identities.iter().map(Result::is_ok).collect();
    assert_eq!(open, [true, true, false], "one shut door shuts no other");
}

#[tokio::test]
async fn a_role_of_another_account_than_the_files_is_the_wrong_account() {
    let mut bank = Bank::open();
    bank.boto.stack(QA, "pay", &parameter("/pay", "1"));
    let mut options = bank.options();
    options.environments[2].role = Some(format!("arn:aws:iam::{QA}:role/Reader"));
    let wrong = AwsConnector::new(options)
        .stacks(&scope(PROD))
        .await
        .unwrap_err();
    assert_eq!(wrong.kind, FaultKind::WrongAccount);
    assert!(
        wrong.message.contains(QA) && wrong.message.contains(PROD),
        "{}",
        wrong.message
    );
}

#[tokio::test]
async fn an_unknown_key_and_a_wrong_secret_ask_for_a_login() {
    let bank = Bank::open();
    let unknown = AccessKey {
        id: "AKIAIOSFODNN7EXAMPLE".into(),
        ..bank.key.clone()
    };
    let wrong = AccessKey {
        secret: Secret::new("not-the-secret"),
        ..bank.key.clone()
    };
    for key in [unknown, wrong] {
        let connector = AwsConnector::new(bank.options().with_access_key(key));
        let unauthenticated = connector.stacks(&scope(PROD)).await.unwrap_err();
        assert_eq!(
            unauthenticated.kind,
            FaultKind::Unauthenticated,
            "{unauthenticated:?}"
        );
        assert!(unauthenticated.hint.is_some());
    }
}

#[tokio::test]
async fn a_login_that_ran_out_is_expired() {
    let mut bank = Bank::open();
    let role = format!("arn:aws:iam::{PROD}:role/Reader");
    let short = json!({"RoleArn": role, "RoleSessionName": "ana.ruiz", "DurationSeconds": 8});
    let given = bank.boto.sts(&bank.key, "assume_role", short);
    let key = access_key(&given["Credentials"]);
    let mut options = bank.options().with_access_key(key);
    options.environments[2].role = None;
    let connector = AwsConnector::new(options);
    connector.stacks(&scope(PROD)).await.unwrap();
    let prod = scope(PROD);
    let expired = until("the session has run out", || async {
        connector.stacks(&prod).await.err()
    })
    .await;
    assert_eq!(expired.kind, FaultKind::Expired, "{expired:?}");
    assert!(expired.message.contains("prod"), "{}", expired.message);
}
