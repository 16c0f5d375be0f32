//! Sessions: whose account it is, how often that is asked, and when it is asked again.

use crate::server::{
    ACCOUNT, Reply, Server, StandingClock, assumed, connector, fault, identity, options, prod,
    result, scope, with_roles,
};
use interlock_app::ports::{IdentityReader as _, StackReader as _};
use interlock_connect_aws::AwsConnector;
use interlock_domain::{AccountId, FaultKind, Scope, SystemKind};
use std::time::Duration;

fn no_stacks() -> Reply {
    result("DescribeStacks", "<Stacks/>")
}

#[tokio::test]
async fn the_wrong_account_is_named_and_never_asked_for_stacks() {
    let server = Server::start(|asked, _| match asked.action() {
        "GetCallerIdentity" => Some(identity("111111111111", asked)),
        "DescribeStacks" => Some(no_stacks()),
        _ => None,
    })
    .await;
    let mut options = with_roles(&server);
    let fault = AwsConnector::new(options.clone())
        .stacks(&scope())
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::WrongAccount);
    for part in ["111111111111", ACCOUNT, "role/Reader", "prod"] {
        assert!(fault.message.contains(part), "{}", fault.message);
    }
    let hint = fault.hint.unwrap();
    assert!(hint.contains("interlock.toml"), "{hint}");
    options.environments[0].role = None;
    options.environments[0].profile = Some("bank-prod".into());
    let fault = AwsConnector::new(options)
        .stacks(&scope())
        .await
        .unwrap_err();
    assert!(
        fault.message.contains("Profile bank-prod"),
        "{}",
        fault.message
    );
    assert!(server.asked("DescribeStacks").is_empty());
}

#[tokio::test]
async fn a_scope_of_another_account_than_the_estates_is_refused_unasked() {
    let server = Server::start(|_, _| None).await;
    let other = Scope {
        account: AccountId::new("111111111111").unwrap(),
        ..scope()
    };
    let fault = connector(&server).stacks(&other).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::WrongAccount);
    assert!(server.asked("GetCallerIdentity").is_empty());
}

#[tokio::test]
async fn the_account_is_proved_once_for_all_regions_and_calls() {
    let server =
        Server::start(|asked, _| (asked.action() == "DescribeStacks").then(no_stacks)).await;
    let connector = AwsConnector::new(with_roles(&server).with_session_name("ana.ruiz"));
    let scopes = prod().scopes();
    let (first, second) = tokio::join!(connector.stacks(&scopes[0]), connector.stacks(&scopes[1]));
    assert!(first.is_ok() && second.is_ok());
    connector.stacks(&scopes[0]).await.unwrap();
    assert_eq!(server.asked("AssumeRole").len(), 1);
    assert_eq!(server.asked("GetCallerIdentity").len(), 1);
    assert_eq!(server.asked("DescribeStacks").len(), 3);
    assert_eq!(
        server.asked("AssumeRole")[0].field("RoleSessionName"),
        "ana.ruiz"
    );
}

#[tokio::test]
async fn without_a_name_the_session_is_called_as_aws_calls_the_caller() {
    let server =
        Server::start(|asked, _| (asked.action() == "DescribeStacks").then(no_stacks)).await;
    let connector = AwsConnector::new(with_roles(&server));
    connector.stacks(&scope()).await.unwrap();
    assert_eq!(
        server.asked("AssumeRole")[0].field("RoleSessionName"),
        "ana.ruiz"
    );
    assert_eq!(server.asked("DescribeStacks")[0].key, "ASIA-Reader");
}

#[tokio::test]
async fn a_session_is_renewed_before_it_runs_out() {
    let server = Server::start(|asked, before| match asked.action() {
        "AssumeRole" => {
            let until = ["2026-03-02T01:00:00Z", "2026-03-02T02:00:00Z"][before.min(1)];
            Some(assumed(until, asked))
        }
        "DescribeStacks" => Some(no_stacks()),
        _ => None,
    })
    .await;
    let clock = StandingClock::at("2026-03-02T00:00:00Z");
    let mut options = with_roles(&server);
    options.clock = clock.clone();
    let connector = AwsConnector::new(options);
    connector.stacks(&scope()).await.unwrap();
    clock.move_to("2026-03-02T00:54:00Z");
    connector.stacks(&scope()).await.unwrap();
    assert_eq!(server.asked("AssumeRole").len(), 1);
    clock.move_to("2026-03-02T00:56:00Z");
    connector.stacks(&scope()).await.unwrap();
    assert_eq!(server.asked("AssumeRole").len(), 2);
}

#[tokio::test]
async fn a_session_that_aws_calls_expired_is_opened_again_once() {
    let expired = || fault(403, "ExpiredToken", "The security token is expired");
    let server = Server::start(move |asked, before| match (asked.action(), before) {
        ("DescribeStacks", 0) => Some(expired()),
        ("DescribeStacks", _) => Some(no_stacks()),
        _ => None,
    })
    .await;
    let connector = AwsConnector::new(with_roles(&server));
    connector.stacks(&scope()).await.unwrap();
    assert_eq!(server.asked("AssumeRole").len(), 2);
    let server =
        Server::start(move |asked, _| (asked.action() == "DescribeStacks").then(expired)).await;
    let fault = connector_with_roles(&server)
        .stacks(&scope())
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Expired);
    assert_eq!(server.asked("DescribeStacks").len(), 2);
}

fn connector_with_roles(server: &Server) -> AwsConnector {
    AwsConnector::new(with_roles(server))
}

#[tokio::test]
async fn expired_and_unknown_keys_and_a_role_that_may_not_be_assumed_are_told_apart() {
    for (action, code, kind) in [
        ("GetCallerIdentity", "ExpiredToken", FaultKind::Expired),
        (
            "GetCallerIdentity",
            "InvalidClientTokenId",
            FaultKind::Unauthenticated,
        ),
        ("AssumeRole", "ExpiredToken", FaultKind::Expired),
        ("AssumeRole", "AccessDenied", FaultKind::Forbidden),
    ] {
        let server =
            Server::start(move |asked, _| (asked.action() == action).then(|| fault(403, code, "")))
                .await;
        let fault = connector_with_roles(&server)
            .stacks(&scope())
            .await
            .unwrap_err();
        assert_eq!(fault.kind, kind, "{action} {code}");
        assert_eq!(fault.operation, format!("{action} in prod"));
        if kind == FaultKind::Forbidden {
            assert!(fault.message.contains("ana.ruiz"), "{}", fault.message);
            assert!(
                fault.message.contains("sts:AssumeRole"),
                "{}",
                fault.message
            );
            assert!(fault.message.contains("role/Reader"), "{}", fault.message);
        }
    }
}

#[tokio::test]
async fn identities_are_told_for_each_environment_and_one_failure_hides_no_other() {
    let server = Server::start(|_, _| None).await;
    let mut options = options(&server.address);
    let mut qa = options.environments[0].clone();
    qa.environment.name = interlock_domain::EnvironmentName::new("qa").unwrap();
    qa.environment.account = AccountId::new("222222222222").unwrap();
    options.environments.push(qa);
    let identities = AwsConnector::new(options).identities().await;
    let prod = identities[0].as_ref().unwrap();
    assert_eq!(prod.system, SystemKind::Aws);
    assert_eq!(prod.scope, "prod");
    assert_eq!(prod.name, format!("arn:aws:iam::{ACCOUNT}:user/ana.ruiz"));
    assert_eq!(prod.account.as_deref(), Some(ACCOUNT));
    let qa = identities[1].as_ref().unwrap_err();
    assert_eq!(qa.kind, FaultKind::WrongAccount);
}

#[tokio::test]
async fn a_call_dropped_while_its_session_opens_leaves_the_way_free() {
    let server = Server::start(|asked, before| match (asked.action(), before) {
        ("GetCallerIdentity", 0) => Some(Reply::Hang),
        ("DescribeStacks", _) => Some(no_stacks()),
        _ => None,
    })
    .await;
    let connector = connector(&server);
    let scope = scope();
    let dropped = tokio::time::timeout(Duration::from_millis(100), connector.stacks(&scope)).await;
    assert!(dropped.is_err());
    connector.stacks(&scope).await.unwrap();
    assert_eq!(server.asked("GetCallerIdentity").len(), 2);
}

#[tokio::test]
async fn secrets_show_nowhere() {
    let server = Server::start(|_, _| Some(fault(403, "SignatureDoesNotMatch", ""))).await;
    let options = options(&server.address);
    let connector = AwsConnector::new(options.clone());
    let fault = connector.stacks(&scope()).await.unwrap_err();
    let shown = format!("{options:?} {connector:?} {fault:?}");
    assert!(
        !shown.contains("a-secret-key") && !shown.contains("a-session-token"),
        "{shown}"
    );
}
