//! Nested stacks in `diff`: templates beside a file, at a revision, and those that AWS holds.

use crate::support::{Bank, Desk, git};
use serde_json::Value;

const PARENT: &str = "
Resources:
  Source: {Type: AWS::SQS::Queue, Properties: {QueueName: orders}}
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./nested/inner.yaml
      Parameters: {Name: !GetAtt Source.QueueName}
  Reader: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt Inner.Outputs.Topic}}
";
const INNER: &str = "
Parameters: {Name: {Type: String}}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Name}}
  Deep: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../deep.yaml}}
Outputs:
  Topic: {Value: !GetAtt Topic.TopicName}
";
const DEEP: &str = "
Resources:
  Table: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1}}
";

fn json(desk: &Desk, words: &[&str], code: i32) -> Value {
    desk.run(&[&["diff"], words, &["--format", "json"]].concat())
        .ends(code)
        .json()
}

/// Stack, logical id and impact of every effect.
fn effects(report: &Value) -> Vec<String> {
    let rows = report["effects"].as_array().unwrap().iter();
    rows.map(|row| {
        assert_eq!(row["nested"], true);
        let word = |key: &str| row[key].as_str().unwrap().to_owned();
        format!("{}/{} {}", word("stack"), word("logicalId"), word("impact"))
    })
    .collect()
}

#[test]
fn templates_beside_a_file_are_read_and_what_reaches_them_is_told() {
    let desk = Desk::new();
    for side in ["before", "after"] {
        desk.write(&format!("{side}/root.yaml"), PARENT);
        desk.write(&format!("{side}/nested/inner.yaml"), INNER);
        desk.write(&format!("{side}/deep.yaml"), DEEP);
    }
    let sides = ["before/root.yaml", "after/root.yaml"];
    assert_eq!(json(&desk, &sides, 0)["verdict"], "same");

    desk.write(
        "after/root.yaml",
        PARENT.replace("QueueName: orders", "QueueName: orders-2"),
    );
    desk.write("after/deep.yaml", DEEP.replace('1', "2"));
    let report = json(&desk, &sides, 1);
    assert_eq!(
        effects(&report),
        [
            "Inner/Topic may-replace",
            "Inner/Deep in-place",
            "Inner/Deep/Table in-place"
        ]
    );
    let topic = &report["effects"][0];
    assert_eq!(
        topic["causes"][0],
        "parameter Name of Inner ← Source is replaced, QueueName with it"
    );
    assert_eq!(topic["location"], "nested/inner.yaml:4");
    let reader = report["resources"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["logicalId"] == "Reader")
        .unwrap();
    assert_eq!(reader["replacement"], "Conditional");
    desk.run(&["diff", sides[0], sides[1]]).ends(1).prints(&[
        "in nested stacks",
        "~ Inner/Topic  AWS::SNS::Topic  may replace",
        "Inner/Topic  May be replaced",
        "output Topic of Inner ← Topic may be replaced, TopicName with it ← parameter Name of Inner",
    ]);
}

#[test]
fn what_cannot_be_read_is_unknown_and_no_error() {
    let desk = Desk::new();
    desk.write("before/root.yaml", PARENT);
    desk.write("after/root.yaml", PARENT);
    let sides = ["before/root.yaml", "after/root.yaml"];
    let report = json(&desk, &sides, 1);
    assert_eq!(report["verdict"], "unknown");
    let unknown = report["resources"][0]["unknowns"][0].as_str().unwrap();
    assert!(
        unknown.contains("nested/inner.yaml cannot be read"),
        "{unknown}"
    );
    // One place is one template, whatever it says.
    desk.write("before/root.json", PARENT);
    json(&desk, &["before/root.yaml", "before/root.json"], 0);
    // Nothing outside is read, by whatever way.
    desk.write("nested/inner.yaml", INNER);
    let out = PARENT.replace("./nested", "../nested");
    desk.write("before/root.yaml", &out);
    desk.write("after/root.yaml", &out);
    let report = json(&desk, &sides, 1).to_string();
    assert!(report.contains("leads out of the folder"), "{report}");
    std::os::unix::fs::symlink(desk.path("nested"), desk.path("before/nested")).unwrap();
    desk.write("before/root.yaml", PARENT);
    let report = json(&desk, &sides, 1).to_string();
    assert!(report.contains("leads out of the folder"), "{report}");
    // A template that is nested in itself, and one that is none.
    std::fs::remove_file(desk.path("before/nested")).unwrap();
    desk.write("before/nested/inner.yaml", INNER);
    desk.write("after/root.yaml", PARENT);
    desk.write("after/nested/inner.yaml", "- no template");
    desk.write("after/round.yaml", PARENT.replace("nested/inner", "round"));
    desk.write("round.yaml", PARENT.replace("nested/inner", "round"));
    let report = json(&desk, &["round.yaml", "after/round.yaml"], 1).to_string();
    assert!(
        report.contains("round.yaml is nested in itself"),
        "{report}"
    );
    let report = json(&desk, &sides, 1).to_string();
    assert!(report.contains("is not a mapping"), "{report}");
}

#[test]
fn templates_at_a_revision_are_read_within_the_repository() {
    let desk = Desk::new();
    desk.write("app/root.yaml", PARENT);
    desk.write("app/nested/inner.yaml", INNER);
    desk.write("app/deep.yaml", DEEP);
    git(&desk, &["init", "-q", "-b", "main"]);
    git(&desk, &["add", "."]);
    git(&desk, &["commit", "-q", "-m", "one"]);
    git(&desk, &["tag", "v1"]);
    desk.write("app/deep.yaml", DEEP.replace('1', "2"));
    git(&desk, &["commit", "-q", "-a", "-m", "two"]);
    let report = json(
        &desk,
        &["git:v1:app/root.yaml", "git:main:app/root.yaml"],
        1,
    );
    assert_eq!(
        effects(&report),
        ["Inner/Deep in-place", "Inner/Deep/Table in-place"]
    );
    assert_eq!(report["effects"][1]["location"], "app/deep.yaml at main:3");
    assert_eq!(report["resources"][0]["logicalId"], "Inner");
    let same = ["git:main:app/root.yaml", "app/root.yaml"];
    assert_eq!(json(&desk, &same, 0)["verdict"], "same");
    let out = PARENT.replace("./nested", "../../nested");
    desk.write("app/root.yaml", out);
    git(&desk, &["commit", "-q", "-a", "-m", "three"]);
    let report = json(
        &desk,
        &["git:v1:app/root.yaml", "git:main:app/root.yaml"],
        1,
    )
    .to_string();
    assert!(report.contains("leads out of the repository"), "{report}");
}

#[test]
fn deployed_nested_stacks_are_compared_as_aws_holds_them() {
    let bank = Bank::open();
    let words = [
        "diff",
        "env:qa/cards-qa",
        "env:dev/cards-dev",
        "--format",
        "json",
    ];
    let report = bank.run(&words).ends(1).json();
    let effects = report["effects"].as_array().unwrap();
    let vault = effects
        .iter()
        .find(|row| row["logicalId"] == "VaultTable")
        .unwrap();
    assert_eq!(vault["stack"], "TokenVault");
    assert_eq!(vault["nested"], true);
    let paths = vault["paths"].to_string();
    assert!(
        paths.contains("/Properties/TimeToLiveSpecification"),
        "{paths}"
    );
    // Names of environments replace nothing inside either.
    assert_eq!(vault["replacement"], "False");
    // A file whose template is elsewhere tells what it can, and says what it cannot.
    let text = bank.desk.write(
        "cards.yaml",
        "Resources: {TokenVault: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://a.test/x'}}}",
    );
    let words = ["diff", "env:qa/cards-qa", &text, "--format", "json"];
    let report = bank.run(&words).ends(1).json().to_string();
    assert!(report.contains("https://a.test/x is not read"), "{report}");
}

#[test]
fn revisions_of_a_service_show_what_is_nested_beside_its_template() {
    let bank = Bank::open();
    let (desk, folder) = (&bank.desk, "work/templates/lambda");
    let repository = bank.desk.path("bank/git/payments.git");
    git(desk, &["clone", "-q", repository.to_str().unwrap(), "work"]);
    let template = bank.desk.path(&format!("{folder}/payments-api.yaml"));
    let text = std::fs::read_to_string(template).unwrap();
    let nested = "Resources:\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: ./inner.yaml}\n";
    desk.write(
        &format!("{folder}/payments-api.yaml"),
        text.replacen("Resources:\n", nested, 1),
    );
    for (tag, seconds) in [("n1", "1"), ("n2", "2")] {
        desk.write(&format!("{folder}/inner.yaml"), DEEP.replace('1', seconds));
        git(desk, &["-C", "work", "add", "."]);
        git(desk, &["-C", "work", "commit", "-q", "-m", tag]);
        git(
            desk,
            &["-C", "work", "push", "-q", "origin", &format!("HEAD:{tag}")],
        );
    }
    let words = [
        "compare",
        "payments-api",
        "--from",
        "n1@prod",
        "--to",
        "n2@prod",
    ];
    let view = bank.run(&[&words[..], &["--format", "json"]].concat());
    let view = view.ends(1).json();
    let stacks = view["stacks"].as_array().unwrap();
    let inner = stacks
        .iter()
        .find(|one| one["name"] == "payments-api/Inner");
    let entry = &inner.unwrap()["entries"][0];
    assert_eq!(entry["name"], "Table");
    assert_eq!(entry["properties"][0]["after"], "2");
}
