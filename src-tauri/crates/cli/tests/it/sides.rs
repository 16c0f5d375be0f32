//! The sides of `diff`: files, revisions of a Git repository, deployed stacks, open change sets.

use crate::support::{Bank, Desk, git};

const ONE: &str =
    "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties: {DelaySeconds: 1}\n";
const TWO: &str =
    "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties: {DelaySeconds: 2}\n";

#[test]
fn a_revision_is_compared_with_another_and_with_a_file() {
    let desk = Desk::new();
    desk.write("queue.yaml", ONE);
    git(&desk, &["init", "-q", "-b", "main"]);
    git(&desk, &["add", "queue.yaml"]);
    git(&desk, &["commit", "-q", "-m", "one"]);
    git(&desk, &["tag", "v1"]);
    desk.write("queue.yaml", TWO);
    git(&desk, &["commit", "-q", "-a", "-m", "two"]);
    let ended = desk
        .run(&[
            "diff",
            "git:v1:queue.yaml",
            "git:main:queue.yaml",
            "--format",
            "json",
        ])
        .ends(1);
    let report = ended.json();
    assert_eq!(report["resources"][0]["logicalId"], "Q");
    assert_eq!(report["resources"][0]["location"], "queue.yaml at main:2");
    desk.run(&["diff", "git:HEAD:queue.yaml", "queue.yaml"])
        .ends(0);
    desk.run(&["diff", "git:v9:queue.yaml", "queue.yaml"])
        .ends(2)
        .says(&["v9"]);
    desk.run(&["diff", "git:v1:other.yaml", "queue.yaml"])
        .ends(2)
        .says(&["other.yaml"]);
    desk.run(&["diff", "git:v1", "queue.yaml"])
        .ends(2)
        .says(&["git:v1 is not of the form git:REV:PATH."]);
}

#[test]
fn without_a_repository_the_way_to_name_one_is_told() {
    let desk = Desk::new();
    desk.write("queue.yaml", ONE);
    desk.run(&["diff", "git:v1:queue.yaml", "queue.yaml"])
        .ends(2)
        .says(&["--repository"]);
}

#[test]
fn deployed_stacks_are_compared_with_their_own_values() {
    let bank = Bank::open();
    let words = [
        "diff",
        "env:prod/payments-api-prod",
        "env:qa/payments-api-qa",
    ];
    let report = bank
        .run(&[&words[..], &["--format", "json"]].concat())
        .ends(1)
        .json();
    let role = report["resources"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["logicalId"] == "PaymentsRole")
        .unwrap();
    // The environments explain accounts, names and keys; a wider grant they do not.
    assert_eq!(role["security"], "broadened");
    assert_eq!(role["replacement"], "False");
    // A value that AWS masks is not known to be equal, not even to itself.
    bank.run(&["diff", "env:qa/payments-api-qa", "env:qa/payments-api-qa"])
        .ends(1)
        .prints(&["cannot be known: 1 value unknown"]);
    bank.run(&["diff", "env:qa/payment-api-qa", "env:qa/payments-api-qa"])
        .ends(2)
        .says(&["did you mean payments-api-qa?"]);
    bank.run(&[
        "diff",
        "changeset:arn:aws:sns:us-east-1:1:x",
        "env:qa/payments-api-qa",
    ])
    .ends(2)
    .says(&["change set"]);
}

#[test]
fn what_would_break_in_other_stacks_is_told() {
    let bank = Bank::open();
    let file = bank.desk.write("without.yaml", ONE);
    let words = ["diff", "env:prod/payments-api-prod", &file];
    let report = bank
        .run(&[&words[..], &["--format", "json"]].concat())
        .ends(1)
        .json();
    let dependents = report["dependents"].as_array().unwrap();
    let alarms = dependents
        .iter()
        .find(|row| row["export"] == "payments-api-prod-FunctionName")
        .unwrap();
    assert_eq!(alarms["stack"], "payments-alarms-prod");
    assert_eq!(alarms["fate"], "goes");
    let effects = report["effects"].as_array().unwrap();
    assert!(effects.iter().all(|row| row["stack"].is_string()));
    assert!(!effects.is_empty());
    bank.run(&words).ends(1).prints(&[
        "payments-alarms-prod imports payments-api-prod-FunctionName",
        "AWS refuses this update as long as it is imported",
        "in other stacks, through what they read",
    ]);
}

#[test]
fn an_open_change_set_is_compared_with_what_is_deployed() {
    let bank = Bank::open();
    let words = [
        "promote",
        "transactions-table",
        "--to",
        "prod",
        "--format",
        "json",
    ];
    let text = bank.run(&words).json().to_string();
    let from = text.find("arn:aws:cloudformation:").unwrap();
    let arn: String = text[from..].chars().take_while(|c| *c != '"').collect();
    assert!(arn.contains(":changeSet/"), "{arn}");
    let side = format!("changeset:{arn}");
    let stack = "env:prod/transactions-table-prod";
    let report = bank
        .run(&["diff", stack, &side, "--format", "json"])
        .ends(1)
        .json();
    assert_eq!(report["verdict"], "different");
    let rows = report["resources"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["stateful"] == true), "{rows:#?}");
    // One stack, one environment: nothing of it is explained by another one.
    assert!(rows.iter().all(|row| row["expected"] == false));
}
