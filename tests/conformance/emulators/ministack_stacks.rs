//! MiniStack: what there is, in every state, and what drifted.

use crate::arrange::{Bank, DEV, PROD, QA, held, parameter, scope, until};
use interlock_app::ports::{IdentityReader as _, StackReader as _, TemplateStage};
use interlock_domain::stack::{Stack, StackPhase};
use interlock_domain::{FaultKind, Region, Scope};
use serde_json::json;
use std::collections::BTreeSet;

fn names(stacks: &[Stack]) -> BTreeSet<&str> {
    stacks.iter().map(|stack| stack.name.as_str()).collect()
}

#[tokio::test]
async fn three_accounts_are_read_through_their_roles_and_do_not_mix() {
    let mut bank = Bank::open();
    for (account, name) in [(DEV, "dev-pay"), (QA, "qa-pay"), (PROD, "prod-pay")] {
        bank.boto.stack(account, name, &parameter("/pay", "1"));
    }
    let template = parameter("/pay", "2").to_string();
    let order = json!({"StackName": "prod-south", "TemplateBody": template});
    bank.boto
        .call_in(PROD, "sa-east-1", "cloudformation", "create_stack", order);
    let connector = bank.connector();
    for (account, name) in [(DEV, "dev-pay"), (QA, "qa-pay"), (PROD, "prod-pay")] {
        let stacks = connector.stacks(&scope(account)).await.unwrap();
        assert_eq!(names(&stacks), [name].into());
        assert!(stacks[0].id.contains(account), "{}", stacks[0].id);
    }
    let south = Scope {
        region: Region::new("sa-east-1").unwrap(),
        ..scope(PROD)
    };
    assert_eq!(
        names(&connector.stacks(&south).await.unwrap()),
        ["prod-south"].into()
    );
    let identities = connector.identities().await;
    let told: Vec<String> = identities
        .into_iter()
        .map(|identity| identity.unwrap().name)
        .collect();
    let expected = [DEV, QA, PROD]
        .map(|account| format!("arn:aws:sts::{account}:assumed-role/Reader/ana.ruiz"));
    assert_eq!(told, expected);
}

#[tokio::test]
async fn an_overview_of_three_pages_holds_every_stack_once() {
    let mut bank = Bank::open();
    let name = |number: usize| format!("service-{number:03}");
    for number in 0..230 {
        let template = parameter(&format!("/s/{number}"), "1").to_string();
        let order = json!({"StackName": name(number), "TemplateBody": template});
        bank.boto
            .call(PROD, "cloudformation", "create_stack", order);
    }
    let stacks = bank.connector().stacks(&scope(PROD)).await.unwrap();
    assert_eq!(stacks.len(), 230);
    let expected: Vec<String> = (0..230).map(name).collect();
    assert_eq!(
        names(&stacks),
        expected.iter().map(String::as_str).collect()
    );
}

#[tokio::test]
async fn a_stack_is_told_with_hidden_values_other_alphabets_and_exports() {
    let mut bank = Bank::open();
    let template = "Description: Überweisungen – señal ñandú 決済\n\
        Parameters:\n  Pin: {Type: String, NoEcho: true}\n  Stage: {Type: String}\n\
        Resources:\n  Limit:   # grenzt ein\n    Type: AWS::SSM::Parameter\n    Properties: \
        {Name: !Sub '/límite/${Stage}', Type: String, Value: '10'}\n\
        Outputs:\n  Limit: {Value: !Ref Limit, Export: {Name: the-limit}}\n";
    let order = json!({
        "StackName": "transfers", "TemplateBody": template,
        "Parameters": [
            {"ParameterKey": "Pin", "ParameterValue": "1234"},
            {"ParameterKey": "Stage", "ParameterValue": "prod"},
        ],
        "Tags": [{"Key": "dueño", "Value": "señal"}],
    });
    bank.boto
        .call(PROD, "cloudformation", "create_stack", order);
    let connector = bank.connector();
    let scope = scope(PROD);
    let stack = until("the stack is complete", || async {
        let stack = connector.stack(&scope, "transfers").await.unwrap();
        (stack.status.phase() == StackPhase::Stable).then_some(stack)
    })
    .await;
    assert_eq!(
        stack.description.as_deref(),
        Some("Überweisungen – señal ñandú 決済")
    );
    let pin = stack
        .parameters
        .iter()
        .find(|parameter| parameter.key == "Pin")
        .unwrap();
    assert!(pin.is_masked());
    let stage = stack
        .parameters
        .iter()
        .find(|parameter| parameter.key == "Stage")
        .unwrap();
    assert_eq!(stage.value, "prod");
    assert_eq!(stack.outputs[0].export.as_deref(), Some("the-limit"));
    assert_eq!(stack.tags["dueño"], "señal");
    assert_eq!(stack.drift.status, "NOT_CHECKED");
    let original = connector.template(&scope, "transfers", TemplateStage::Original);
    assert_eq!(original.await.unwrap(), template);
    let resources = connector.resources(&scope, "transfers").await.unwrap();
    assert_eq!(resources.len(), 1);
    assert_eq!(resources[0].logical_id, "Limit");
    assert_eq!(resources[0].physical_id.as_deref(), Some("/límite/prod"));
    assert_eq!(resources[0].status, "CREATE_COMPLETE");
}

#[tokio::test]
async fn shells_rolled_back_moving_nested_and_deleted_stacks_are_what_they_are() {
    let mut bank = Bank::open();
    let boto = &mut bank.boto;
    let shell = json!({
        "StackName": "shell", "ChangeSetName": "first", "ChangeSetType": "CREATE",
        "TemplateBody": parameter("/shell", "1").to_string(),
    });
    boto.call(PROD, "cloudformation", "create_change_set", shell);
    let taken = json!({"Name": "/taken", "Type": "String", "Value": "x"});
    boto.call(PROD, "ssm", "put_parameter", taken);
    for (name, template) in [
        ("broken", parameter("/taken", "1")),
        ("moving", held("/moving", "1", "Handle")),
    ] {
        let order = json!({"StackName": name, "TemplateBody": template.to_string()});
        boto.call(PROD, "cloudformation", "create_stack", order);
    }
    boto.call(PROD, "s3", "create_bucket", json!({"Bucket": "templates"}));
    let child = parameter("/child", "1").to_string();
    let object = json!({"Bucket": "templates", "Key": "child.json", "Body": child});
    boto.call(PROD, "s3", "put_object", object);
    let url = format!("{}/templates/child.json", bank.peer.address);
    let parent = json!({"Resources": {"Child": {
        "Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url},
    }}});
    boto.stack(PROD, "parent", &parent);
    boto.stack(PROD, "gone", &parameter("/gone", "1"));
    boto.call(
        PROD,
        "cloudformation",
        "delete_stack",
        json!({"StackName": "gone"}),
    );

    let connector = bank.connector();
    let scope = scope(PROD);
    let stacks = until("broken is rolled back and gone is gone", || async {
        let stacks = connector.stacks(&scope).await.unwrap();
        let phase = |name: &str| {
            let found = stacks.iter().find(|stack| stack.name.as_str() == name);
            found.map(|stack| stack.status.word().to_owned())
        };
        let settled =
            phase("broken").as_deref() == Some("ROLLBACK_COMPLETE") && phase("gone").is_none();
        settled.then_some(stacks)
    })
    .await;
    let phase = |name: &str| {
        let found = stacks
            .iter()
            .find(|stack| stack.name.as_str() == name)
            .unwrap();
        found.status.phase()
    };
    assert_eq!(phase("shell"), StackPhase::InReview);
    assert_eq!(phase("broken"), StackPhase::Failed);
    assert_eq!(phase("moving"), StackPhase::Moving);
    assert_eq!(phase("parent"), StackPhase::Stable);
    assert!(
        stacks
            .iter()
            .any(|stack| stack.name.as_str().starts_with("parent-Child"))
    );
    let gone = connector.stack(&scope, "gone").await.unwrap_err();
    assert_eq!(gone.kind, FaultKind::NotFound, "{gone:?}");
    bank.boto.signal(PROD, "moving", "Handle");
    until("the held stack is complete", || async {
        let stack = connector.stack(&scope, "moving").await.unwrap();
        (stack.status.word() == "CREATE_COMPLETE").then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_change_behind_cloudformations_back_is_found_with_its_values() {
    let mut bank = Bank::open();
    bank.boto
        .stack(PROD, "cards", &parameter("/cards/limit", "10"));
    bank.boto.stack(PROD, "calm", &parameter("/calm", "1"));
    let emergency = json!({
        "Name": "/cards/limit", "Type": "String", "Value": "99", "Overwrite": true,
    });
    bank.boto.call(PROD, "ssm", "put_parameter", emergency);
    let connector = bank.connector();
    let scope = scope(PROD);
    let drifted = connector.detect_drift(&scope, "cards").await.unwrap();
    assert_eq!(drifted.len(), 1);
    assert_eq!(drifted[0].logical_id, "Limit");
    assert_eq!(drifted[0].status, "MODIFIED");
    let difference = &drifted[0].differences[0];
    assert_eq!(
        (
            difference.path.as_str(),
            difference.expected.as_str(),
            difference.actual.as_str()
        ),
        ("/Value", "10", "99")
    );
    assert_eq!(
        connector.drifted_resources(&scope, "cards").await.unwrap(),
        drifted
    );
    let stack = connector.stack(&scope, "cards").await.unwrap();
    assert_eq!(stack.drift.status, "DRIFTED");
    assert!(stack.drift.checked_at.is_some());
    assert!(
        connector
            .detect_drift(&scope, "calm")
            .await
            .unwrap()
            .is_empty()
    );
}
