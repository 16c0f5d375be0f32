//! Sides that are neither the present nor a revision: past times and change sets.

use crate::support::Bank;
use std::collections::BTreeSet;

fn stack<'v>(view: &'v serde_json::Value, name: &str) -> &'v serde_json::Value {
    let stacks = view["stacks"].as_array().unwrap();
    stacks.iter().find(|stack| stack["name"] == name).unwrap()
}

#[test]
fn a_change_set_is_compared_and_the_past_is_there_once_it_was_executed() {
    let bank = Bank::open();
    bank.run(&["status", "--keep"]).ends(1);
    let before = jiff::Timestamp::now().to_string();
    let prepare = [
        "promote",
        "payments-api",
        "--to",
        "prod",
        "--request",
        "--format",
        "json",
    ];
    let prepared = bank.run(&prepare).ends(0);
    let waiting: BTreeSet<&str> = prepared
        .out
        .split(['"', '\\'])
        .filter(|word| word.starts_with("arn:") && word.contains(":changeSet/"))
        .collect();
    assert_eq!(waiting.len(), 2);
    let view = prepared.json();
    let compare = |from: &str, to: &str, code: i32| {
        let words = ["compare", "payments-api", "--from", from, "--to", to];
        bank.run(&[&words[..], &["--format", "json"]].concat())
            .ends(code)
            .json()
    };
    let mut proposed = waiting
        .iter()
        .map(|arn| compare("prod", &format!("changeset:{arn}"), 1))
        .filter(|view| stack(view, "payments-alarms")["state"] == "changed");
    let proposed = (proposed.next().unwrap(), proposed.next());
    assert_eq!(
        proposed.1, None,
        "each change set is about its own stack only"
    );
    let proposed = proposed.0;
    assert_ne!(stack(&proposed, "payments-api")["state"], "changed");

    let (id, digest) = (&view["summary"]["id"], &view["digest"]);
    let (id, digest) = (id.as_str().unwrap(), digest.as_str().unwrap());
    bank.run(&["--as", "l.prado", "approve", id, "--digest", digest])
        .ends(0);
    bank.run(&["promote", id, "--execute", "--confirm", "prod"])
        .ends(0);
    let past = compare(&format!("prod@{before}"), "prod", 1);
    let changes = |view: &serde_json::Value| {
        let entries = stack(view, "payments-alarms")["entries"].clone();
        let named = entries.as_array().unwrap().iter();
        named.map(|entry| entry["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(changes(&past), changes(&proposed));
    assert_eq!(past["left"]["doubts"], serde_json::json!([]));
    let side = format!("env:prod/payments-alarms-prod@{before}");
    bank.run(&["diff", &side, "env:prod/payments-alarms-prod"])
        .ends(1)
        .prints(&["LatencyAlarm"]);
}

#[test]
fn what_nobody_saw_and_what_has_not_come_are_told() {
    let bank = Bank::open();
    bank.run(&[
        "compare",
        "cards",
        "--from",
        "prod@2026-01-01",
        "--to",
        "prod",
    ])
    .ends(5)
    .says(&["ever seen", "refresh"]);
    bank.run(&["status", "--keep"]).ends(1);
    bank.run(&[
        "compare",
        "cards",
        "--from",
        "prod@2020-01-01T00:00:00Z",
        "--to",
        "prod",
    ])
    .ends(1)
    .prints(&["nobody saw what stood there before"]);
    bank.run(&[
        "compare",
        "cards",
        "--from",
        "prod@2999-01-01",
        "--to",
        "prod",
    ])
    .ends(5)
    .says(&["has not come yet"]);
    bank.run(&[
        "compare",
        "cards",
        "--from",
        "prod@2026-13-01",
        "--to",
        "prod",
    ])
    .ends(2)
    .says(&["2026-13-01"]);
}

#[test]
fn variables_have_a_column_for_every_environment() {
    let bank = Bank::open();
    let view = bank
        .run(&["variables", "cards", "--format", "json"])
        .ends(0)
        .json();
    assert_eq!(
        view["environments"],
        serde_json::json!(["dev", "qa", "prod"])
    );
    let rows = view["rows"].as_array().unwrap();
    let retention = rows
        .iter()
        .find(|row| row["key"] == "LogRetention")
        .unwrap();
    let values: Vec<_> = retention["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| cell["value"].as_str().unwrap())
        .collect();
    assert_eq!(values, ["14", "30", "365"]);
    bank.run(&["variables", "payments-api"]).ends(1).prints(&[
        "PartnerApiKey",
        "NoEcho",
        "as expected",
    ]);
    bank.run(&["variables", "payment-api"])
        .ends(6)
        .says(&["payments-api"]);
}

#[test]
fn a_file_takes_the_place_of_the_template_of_its_name_and_of_nothing_else() {
    let bank = Bank::open();
    let template = bank.desk.write(
        "work/templates/lambda/payments-api.yaml",
        "Resources: {Only: {Type: 'AWS::SNS::Topic'}}\n",
    );
    let compare = |to: &str| {
        let sides = ["--from", "prod", "--to", to];
        let words = [&["compare", "payments-api"], &sides[..]].concat();
        bank.run(&[&words[..], &["--format", "json"]].concat())
    };
    let view = compare(&format!("file:{template}@prod")).ends(1).json();
    let states = |view: &serde_json::Value, state: &str| -> Vec<String> {
        let entries = stack(view, "payments-api")["entries"].as_array().unwrap();
        let found = entries
            .iter()
            .filter(|entry| entry["section"] == "Resources" && entry["state"] == state);
        found
            .map(|entry| entry["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(states(&view, "only-right"), ["Only"]);
    assert!(states(&view, "only-left").contains(&"PaymentsFn".to_owned()));
    assert_eq!(stack(&view, "payments-alarms")["state"], "same");
    assert!(
        view["right"]["label"]
            .as_str()
            .unwrap()
            .contains("payments-api.yaml")
    );

    let variables = bank.desk.write(
        "work/variables/prod/payments-api.json",
        r#"{"Parameters": {"LogRetention": "7"}}"#,
    );
    let view = compare(&format!("file:{variables}@prod")).ends(1).json();
    let rows = view["variables"].as_array().unwrap().iter();
    let retention = rows.filter(|row| row["key"] == "LogRetention");
    let values: Vec<_> = retention.map(|row| (&row["left"], &row["right"])).collect();
    assert_eq!(values, [(&"365".into(), &"7".into())]);

    let other = bank.desk.write("work/cards.yaml", "Resources: {}\n");
    compare(&format!("file:{other}@prod")).ends(5).says(&[
        "cards.yaml is no file of payments-api",
        "templates/lambda/payments-api.yaml",
    ]);
    compare(&format!("file:{template}"))
        .ends(2)
        .says(&["file:PATH@ENVIRONMENT"]);
    compare("file:nowhere.yaml@prod")
        .ends(3)
        .says(&["nowhere.yaml"]);
    let broken = bank
        .desk
        .write("work/broken/payments-api.yaml", "Resources: [\n");
    let view = compare(&format!("file:{broken}@prod")).ends(1).json();
    let reason = stack(&view, "payments-api")["reason"].to_string();
    assert!(reason.contains("payments-api.yaml"), "{reason}");
}
