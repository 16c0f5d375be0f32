//! moto: smaller pages than MiniStack's, and answers that are broken.

use crate::arrange::{Boto, DEV, PROD, WayIn, options, parameter, scope};
use interlock_app::ports::{IdentityReader as _, StackReader as _, TemplateStage};
use interlock_connect_aws::{AccessKey, AwsConnector};
use interlock_domain::{FaultKind, Secret};
use serde_json::json;
use std::collections::BTreeSet;

fn anybody() -> AccessKey {
    AccessKey {
        id: "AKIAIOSFODNN7EXAMPLE".into(),
        secret: Secret::new("any"),
        session_token: None,
    }
}

#[tokio::test]
async fn pages_of_fifty_are_walked_to_the_end_in_the_right_account() {
    let peer = crate::peer::moto();
    let mut boto = Boto::start(&peer, WayIn::Role);
    for number in 0..120 {
        let template = parameter(&format!("/s/{number}"), "1").to_string();
        let order = json!({"StackName": format!("service-{number}"), "TemplateBody": template});
        boto.call(PROD, "cloudformation", "create_stack", order);
    }
    let connector = AwsConnector::new(options(&peer, anybody()));
    let prod = scope(PROD);
    let stacks = connector.stacks(&prod).await.unwrap();
    let names: BTreeSet<_> = stacks.iter().map(|stack| stack.name.as_str()).collect();
    assert_eq!((stacks.len(), names.len()), (120, 120));
    assert!(connector.stacks(&scope(DEV)).await.unwrap().is_empty());
    let template = connector.template(&prod, "service-7", TemplateStage::Original);
    assert_eq!(template.await.unwrap(), parameter("/s/7", "1").to_string());
    for identity in connector.identities().await {
        identity.unwrap();
    }
}

#[tokio::test]
async fn a_web_page_of_an_unknown_operation_is_a_bad_answer_and_breaks_nothing_else() {
    let peer = crate::peer::moto();
    let mut boto = Boto::start(&peer, WayIn::Role);
    boto.stack(PROD, "pay", &parameter("/pay", "1"));
    let connector = AwsConnector::new(options(&peer, anybody()));
    let scope = scope(PROD);
    let bad = connector.detect_drift(&scope, "pay").await.unwrap_err();
    assert_eq!(bad.kind, FaultKind::BadAnswer, "{bad:?}");
    assert_eq!(bad.code.as_deref(), Some("HTTP 500"));
    assert!(bad.hint.is_some());
    let stacks = connector.stacks(&scope).await.unwrap();
    assert_eq!(stacks[0].status.word(), "CREATE_COMPLETE");
    assert_eq!(connector.resources(&scope, "pay").await.unwrap().len(), 1);
}

#[tokio::test]
async fn blank_ids_are_a_bad_answer_for_their_stack_only() {
    let peer = crate::peer::moto();
    let mut boto = Boto::start(&peer, WayIn::Role);
    boto.stack(PROD, "pay", &parameter("/pay", "1"));
    let unsupported = json!({"Resources": {"Wall": {
        "Type": "AWS::WAFv2::WebACL",
        "Properties": {"Name": "wall", "Scope": "REGIONAL"},
    }}});
    boto.stack(PROD, "wall", &unsupported);
    let connector = AwsConnector::new(options(&peer, anybody()));
    let scope = scope(PROD);
    assert_eq!(connector.stacks(&scope).await.unwrap().len(), 2);
    let bad = connector.resources(&scope, "wall").await.unwrap_err();
    assert_eq!(bad.kind, FaultKind::BadAnswer, "{bad:?}");
    assert_eq!(connector.resources(&scope, "pay").await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_stack_that_is_not_there_is_not_found() {
    let peer = crate::peer::moto();
    let connector = AwsConnector::new(options(&peer, anybody()));
    let missing = connector.stack(&scope(PROD), "nobody-made-this").await;
    assert_eq!(missing.unwrap_err().kind, FaultKind::NotFound);
    let missing = connector
        .events_after(&scope(PROD), "nobody-made-this", None)
        .await;
    assert_eq!(missing.unwrap_err().kind, FaultKind::NotFound);
}
