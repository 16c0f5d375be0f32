//! Who breaks: other stacks that read what a change alters, and those that read them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use interlock_app::compare::Document;
use interlock_domain::EnvironmentName;
use interlock_stackdiff::{Analysis, OutputFate};
use support::{Cloud, console};

/// A queue whose name is what another stack exports, and whose address is exported.
fn link(name: &str, imports: &str) -> String {
    format!(
        "Resources:
  Queue: {{Type: AWS::SQS::Queue, Properties: {{QueueName: {{Fn::ImportValue: {imports}}}}}}}
Outputs:
  Url: {{Value: !Ref Queue, Export: {{Name: {name}-url}}}}
"
    )
}

const FIRST: &str = "
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: one}}
Outputs:
  Url: {Value: !Ref Queue, Export: {Name: first-url}}
";

/// What renaming the queue of the first stack does.
async fn renamed(cloud: &std::sync::Arc<Cloud>) -> Analysis {
    let folder = tempfile::tempdir().unwrap();
    let console = console(cloud, &folder.path().join("ledger"), "ana");
    let prod = EnvironmentName::new("prod").unwrap();
    let before = console.deployed_document(&prod, "first").await.unwrap();
    let after = Document {
        bytes: FIRST.replace("one", "two").into_bytes(),
        place: None,
        ..before.clone()
    };
    console.judge_change(&before, &after).await.unwrap()
}

#[tokio::test]
async fn what_others_would_become_is_followed_to_its_end() {
    let cloud = Cloud::new();
    cloud.stand("first", FIRST);
    cloud.stand("second", &link("second", "first-url"));
    cloud.stand("third", &link("third", "second-url"));
    cloud.stand("apart", &link("apart", "elsewhere"));
    let analysis = renamed(&cloud).await;
    let told: Vec<(&str, Option<&str>, OutputFate)> = analysis
        .dependents
        .iter()
        .map(|one| (one.stack.as_str(), one.later.as_deref(), one.fate))
        .collect();
    assert_eq!(
        told,
        [
            ("second", None, OutputFate::Changes),
            ("third", Some("second"), OutputFate::MayChange)
        ]
    );
    let chain = analysis.effects[1].causes[0].to_string();
    assert_eq!(
        chain,
        "output Url of second ← Queue may be replaced ← output Url of first ← Queue is replaced"
    );
    assert!(analysis.unread.is_empty());
}

#[tokio::test]
async fn stacks_that_read_one_another_in_a_circle_are_told_once() {
    let cloud = Cloud::new();
    cloud.stand("first", FIRST);
    let second = link("second", "first-url");
    let circle = "  Alarm: {Type: AWS::SNS::Topic, Properties: {TopicName: {Fn::ImportValue: third-url}}}\nOutputs:";
    cloud.stand("second", &second.replace("Outputs:", circle));
    cloud.stand("third", &link("third", "second-url"));
    let analysis = renamed(&cloud).await;
    let told: Vec<(&str, Option<&str>)> = analysis
        .dependents
        .iter()
        .map(|one| (one.stack.as_str(), one.later.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("second", None),
            ("third", Some("second")),
            ("second", Some("third"))
        ]
    );
    let reached: Vec<String> = analysis
        .effects
        .iter()
        .map(|one| format!("{}/{}", one.stack.as_deref().unwrap(), one.logical_id))
        .collect();
    assert_eq!(reached, ["second/Queue", "third/Queue", "second/Alarm"]);
}
