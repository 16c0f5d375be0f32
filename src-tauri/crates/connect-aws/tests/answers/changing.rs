//! Changes: sent once, and never called failed when nobody knows.

use crate::server::{
    ACCOUNT, Reply, Server, connector, fault, hasty, member, result, scope, with_roles,
};
use interlock_app::ports::StackChanger as _;
use interlock_connect_aws::AwsConnector;
use interlock_domain::change_set::{ChangeSetOrder, ParameterOrder};
use interlock_domain::{FaultKind, StackName};
use std::time::Duration;

const SET: &str = "arn:aws:cloudformation:us-east-1:333333333333:changeSet/rel/1";

fn order() -> ChangeSetOrder {
    ChangeSetOrder {
        stack: StackName::new("pay").unwrap(),
        name: "rel".into(),
        token: "token-1".into(),
        create: false,
        template: "Resources: {}\n".into(),
        parameters: vec![
            ParameterOrder::Value {
                key: "Stage".into(),
                value: "prod".into(),
            },
            ParameterOrder::Previous { key: "Pin".into() },
        ],
        tags: vec![("owner".into(), "señal".into())],
        capabilities: vec!["CAPABILITY_NAMED_IAM".into()],
        description: String::new(),
        include_nested: false,
        revert_drift: false,
    }
}

async fn executing(reply: Reply) -> Server {
    Server::start(move |asked, _| (asked.action() == "ExecuteChangeSet").then(|| reply.clone()))
        .await
}

async fn execute(server: &Server) -> interlock_app::ports::Answer<()> {
    let connector = connector(server);
    let executed = connector
        .execute_change_set(&scope(), "pay", SET, "run-1")
        .await;
    // A repetition by anybody below would come soon after.
    tokio::time::sleep(Duration::from_millis(50)).await;
    executed
}

#[tokio::test]
async fn an_execution_whose_reply_is_lost_is_sent_once_and_its_outcome_is_unknown() {
    let page = "<html><title>Proxy</title></html>".to_owned();
    for reply in [
        Reply::Drop,
        Reply::ShortOf("<ExecuteChangeSetResponse>".into()),
        Reply::Text(200, "text/xml", String::new()),
        Reply::Text(200, "text/html", page.clone()),
        Reply::Text(502, "text/html", page),
        fault(500, "InternalFailure", "oops"),
        fault(503, "ServiceUnavailable", "oops"),
    ] {
        let server = executing(reply.clone()).await;
        let lost = execute(&server).await.unwrap_err();
        assert_eq!(lost.kind, FaultKind::OutcomeUnknown, "{reply:?}");
        assert_eq!(server.asked("ExecuteChangeSet").len(), 1, "{reply:?}");
    }
    let server = executing(Reply::Hang).await;
    let connector = hasty(&server);
    let lost = connector
        .execute_change_set(&scope(), "pay", SET, "run-1")
        .await;
    assert_eq!(lost.unwrap_err().kind, FaultKind::OutcomeUnknown);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.asked("ExecuteChangeSet").len(), 1);
}

#[tokio::test]
async fn a_refused_execution_says_why_and_is_not_repeated() {
    for (reply, kind) in [
        (
            fault(400, "InvalidChangeSetStatus", "is OBSOLETE"),
            FaultKind::Conflict,
        ),
        (
            fault(404, "ChangeSetNotFound", "does not exist"),
            FaultKind::NotFound,
        ),
        (
            fault(400, "Throttling", "Rate exceeded"),
            FaultKind::Throttled,
        ),
        (fault(403, "ExpiredToken", "expired"), FaultKind::Expired),
    ] {
        let server = executing(reply).await;
        assert_eq!(execute(&server).await.unwrap_err().kind, kind);
        assert_eq!(server.asked("ExecuteChangeSet").len(), 1, "{kind:?}");
    }
}

#[tokio::test]
async fn an_execution_that_never_left_is_unreachable_and_not_unknown() {
    let server = executing(Reply::Drop).await;
    let connector = connector(&server);
    let scope = scope();
    let execute = || connector.execute_change_set(&scope, "pay", SET, "run-1");
    assert_eq!(execute().await.unwrap_err().kind, FaultKind::OutcomeUnknown);
    // The session is open still, but nobody listens any more.
    drop(server);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(execute().await.unwrap_err().kind, FaultKind::Unreachable);
}

#[tokio::test]
async fn an_execution_carries_token_and_arn_and_uses_the_release_role() {
    let server = executing(result("ExecuteChangeSet", "")).await;
    let connector = AwsConnector::new(with_roles(&server));
    let executed = connector
        .execute_change_set(&scope(), "pay", SET, "run-1")
        .await;
    executed.unwrap();
    let asked = &server.asked("ExecuteChangeSet")[0];
    assert_eq!(asked.key, "ASIA-Releaser");
    assert_eq!(asked.field("ChangeSetName"), SET);
    assert_eq!(asked.field("StackName"), "");
    assert_eq!(asked.field("ClientRequestToken"), "run-1");
}

#[tokio::test]
async fn a_change_set_is_ordered_exactly() {
    let server = Server::start(|asked, _| {
        let made = format!("<Id>{SET}</Id><StackId>arn:s</StackId>");
        (asked.action() == "CreateChangeSet").then(|| result("CreateChangeSet", &made))
    })
    .await;
    let id = connector(&server)
        .create_change_set(&scope(), &order())
        .await;
    assert_eq!(id.unwrap(), SET);
    let asked = &server.asked("CreateChangeSet")[0];
    for (field, value) in [
        ("StackName", "pay"),
        ("ChangeSetName", "rel"),
        ("ChangeSetType", "UPDATE"),
        ("ClientToken", "token-1"),
        ("TemplateBody", "Resources: {}\n"),
        ("Parameters.member.1.ParameterKey", "Stage"),
        ("Parameters.member.1.ParameterValue", "prod"),
        ("Parameters.member.2.ParameterKey", "Pin"),
        ("Parameters.member.2.ParameterValue", ""),
        ("Parameters.member.2.UsePreviousValue", "true"),
        ("Tags.member.1.Value", "señal"),
        ("Capabilities.member.1", "CAPABILITY_NAMED_IAM"),
        ("IncludeNestedStacks", "false"),
        ("Description", ""),
    ] {
        assert_eq!(asked.field(field), value, "{field}");
    }
}

#[tokio::test]
async fn nested_stacks_and_putting_drift_back_are_ordered_only_when_wanted() {
    for (include_nested, revert_drift, nested, mode) in [
        (false, false, "false", ""),
        (true, false, "true", ""),
        (false, true, "false", "REVERT_DRIFT"),
        (true, true, "true", "REVERT_DRIFT"),
    ] {
        let server = Server::start(|asked, _| {
            let made = format!("<Id>{SET}</Id><StackId>arn:s</StackId>");
            (asked.action() == "CreateChangeSet").then(|| result("CreateChangeSet", &made))
        })
        .await;
        let order = ChangeSetOrder {
            include_nested,
            revert_drift,
            ..order()
        };
        let made = connector(&server).create_change_set(&scope(), &order).await;
        made.unwrap();
        let asked = &server.asked("CreateChangeSet")[0];
        assert_eq!(asked.field("IncludeNestedStacks"), nested);
        assert_eq!(asked.field("DeploymentMode"), mode);
    }
}

#[tokio::test]
async fn a_change_set_of_that_name_that_treats_drift_or_nested_stacks_otherwise_is_not_adopted() {
    for (found, is_adopted) in [
        ("", true),
        ("<IncludeNestedStacks>false</IncludeNestedStacks>", true),
        ("<IncludeNestedStacks>true</IncludeNestedStacks>", false),
        ("<DeploymentMode>REVERT_DRIFT</DeploymentMode>", false),
    ] {
        let server = Server::start(move |asked, _| match asked.action() {
            "CreateChangeSet" => Some(fault(409, "AlreadyExistsException", "taken")),
            "DescribeChangeSet" => {
                let found = format!("<ChangeSetId>{SET}</ChangeSetId>{found}");
                Some(result("DescribeChangeSet", &found))
            }
            _ => None,
        })
        .await;
        let made = connector(&server)
            .create_change_set(&scope(), &order())
            .await;
        match made {
            Ok(id) => assert!(is_adopted && id == SET, "{found}"),
            Err(error) => {
                assert_eq!(error.kind, FaultKind::Conflict);
                assert!(!is_adopted, "{found}: {}", error.message);
            }
        }
    }
}

/// A server with a root change set in a state, one row of which names a nested change set.
async fn with_nested(execution: &'static str, nested: Reply) -> Server {
    Server::start(move |asked, _| {
        if asked.action() != "DescribeChangeSet" {
            return None;
        }
        if asked.field("ChangeSetName") != SET {
            return Some(nested.clone());
        }
        let row = "<ResourceChange><Action>Modify</Action>\
            <LogicalResourceId>Inner</LogicalResourceId>\
            <ResourceType>AWS::CloudFormation::Stack</ResourceType>\
            <ChangeSetId>arn:inner</ChangeSetId></ResourceChange>";
        let head = format!(
            "<ChangeSetName>rel</ChangeSetName><ChangeSetId>{SET}</ChangeSetId>\
             <StackId>arn:s</StackId><StackName>pay</StackName><Status>CREATE_COMPLETE</Status>\
             <ExecutionStatus>{execution}</ExecutionStatus>\
             <Changes><member><Type>Resource</Type>{row}</member></Changes>"
        );
        Some(result("DescribeChangeSet", &head))
    })
    .await
}

#[tokio::test]
async fn a_nested_change_set_that_is_missing_spoils_one_that_can_still_be_executed() {
    for (execution, is_read) in [
        ("AVAILABLE", false),
        ("EXECUTE_COMPLETE", true),
        ("OBSOLETE", true),
    ] {
        let gone = fault(
            404,
            "ChangeSetNotFound",
            "ChangeSet [arn:inner] does not exist",
        );
        let server = with_nested(execution, gone).await;
        let read = connector(&server).change_set(&scope(), "pay", SET).await;
        match read {
            Ok(set) => {
                assert!(is_read, "{execution}");
                assert_eq!(set.changes.len(), 1);
            }
            Err(error) => {
                assert_eq!(error.kind, FaultKind::NotFound);
                assert!(!is_read, "{execution}");
            }
        }
    }
}

#[tokio::test]
async fn a_template_too_long_for_a_request_is_refused_before_anything_is_sent() {
    let server = Server::start(|_, _| None).await;
    let mut long = order();
    long.template = "ñ".repeat(25_601);
    let refused = connector(&server).create_change_set(&scope(), &long).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.kind, FaultKind::Refused);
    assert!(refused.message.contains("51202"), "{}", refused.message);
    assert!(server.asked("CreateChangeSet").is_empty());
}

#[tokio::test]
async fn a_change_set_that_exists_already_is_adopted() {
    let server = Server::start(|asked, _| match asked.action() {
        "CreateChangeSet" => {
            let taken =
                "ChangeSet rel cannot be created due to a mismatch with existing attributes";
            Some(fault(409, "AlreadyExistsException", taken))
        }
        "DescribeChangeSet" => {
            let found = format!(
                "<ChangeSetName>rel</ChangeSetName><ChangeSetId>{SET}</ChangeSetId>\
                 <StackName>pay</StackName><Status>CREATE_COMPLETE</Status>"
            );
            Some(result("DescribeChangeSet", &found))
        }
        _ => None,
    })
    .await;
    let id = connector(&server)
        .create_change_set(&scope(), &order())
        .await;
    assert_eq!(id.unwrap(), SET);
}

#[tokio::test]
async fn a_name_that_is_taken_by_something_else_stays_a_conflict() {
    let server = Server::start(|asked, _| match asked.action() {
        "CreateChangeSet" => Some(fault(
            400,
            "AlreadyExistsException",
            "Stack pay already exists",
        )),
        "DescribeChangeSet" => Some(fault(404, "ChangeSetNotFound", "does not exist")),
        _ => None,
    })
    .await;
    let refused = connector(&server)
        .create_change_set(&scope(), &order())
        .await;
    assert_eq!(refused.unwrap_err().kind, FaultKind::Conflict);
}

#[tokio::test]
async fn an_order_whose_reply_is_lost_is_sent_once() {
    let server =
        Server::start(|asked, _| (asked.action() == "CreateChangeSet").then_some(Reply::Drop))
            .await;
    let lost = connector(&server)
        .create_change_set(&scope(), &order())
        .await;
    assert_eq!(lost.unwrap_err().kind, FaultKind::OutcomeUnknown);
    assert_eq!(server.asked("CreateChangeSet").len(), 1);
}

/// A server with one stack, so many change sets left in it, and an answer to DeleteChangeSet.
async fn with_stack(status: &'static str, left: usize, deleted: Reply) -> Server {
    Server::start(move |asked, _| {
        Some(match asked.action() {
            "DeleteChangeSet" => deleted.clone(),
            "DescribeStacks" => {
                let stacks = format!("<Stacks>{}</Stacks>", member("pay", status));
                result("DescribeStacks", &stacks)
            }
            "ListChangeSets" => {
                let set = "<member><ChangeSetName>other</ChangeSetName></member>".repeat(left);
                result("ListChangeSets", &format!("<Summaries>{set}</Summaries>"))
            }
            "DeleteStack" => result("DeleteStack", ""),
            _ => return None,
        })
    })
    .await
}

#[tokio::test]
async fn only_an_empty_shell_of_a_stack_is_deleted_with_its_change_set() {
    let done = || result("DeleteChangeSet", "");
    let gone = || fault(404, "ChangeSetNotFound", "ChangeSet [rel] does not exist");
    for (status, left, deleted, stacks_deleted) in [
        ("REVIEW_IN_PROGRESS", 0, done(), 1),
        ("REVIEW_IN_PROGRESS", 0, gone(), 1),
        ("REVIEW_IN_PROGRESS", 1, done(), 0),
        ("CREATE_COMPLETE", 0, done(), 0),
        ("UPDATE_IN_PROGRESS", 0, gone(), 0),
    ] {
        let server = with_stack(status, left, deleted).await;
        let deleted = connector(&server)
            .delete_change_set(&scope(), "pay", SET)
            .await;
        deleted.unwrap();
        let asked = server.asked("DeleteStack");
        assert_eq!(asked.len(), stacks_deleted, "{status} {left}");
        if let Some(asked) = asked.first() {
            // By ARN, so that a stack made meanwhile under this name is safe.
            let arn = format!("arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/pay/1");
            assert_eq!(asked.field("StackName"), arn);
        }
    }
    let busy = fault(400, "InvalidChangeSetStatus", "is EXECUTE_IN_PROGRESS");
    let server = with_stack("UPDATE_IN_PROGRESS", 0, busy).await;
    let refused = connector(&server)
        .delete_change_set(&scope(), "pay", SET)
        .await;
    assert_eq!(refused.unwrap_err().kind, FaultKind::Conflict);
}
