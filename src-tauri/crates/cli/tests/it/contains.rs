//! Which environments have a commit.

use crate::support::Bank;
use interlock_practice::faults::FaultKind;

#[test]
fn each_environment_that_runs_a_descendant_has_the_commit() {
    let bank = Bank::open();
    let places = |revision: &str, code: i32| -> Vec<(String, String)> {
        let words = ["contains", revision, "--service", "payments-api"];
        let view = bank
            .run(&[&words[..], &["--format", "json"]].concat())
            .ends(code)
            .json();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        view["places"]
            .as_array()
            .unwrap()
            .iter()
            .map(|place| (text(&place["environment"]), text(&place["presence"])))
            .collect()
    };
    let told = |dev: &str, qa: &str, prod: &str| -> Vec<(String, String)> {
        [("dev", dev), ("qa", qa), ("prod", prod)]
            .map(|(name, presence)| (name.to_owned(), presence.to_owned()))
            .to_vec()
    };
    assert_eq!(places("payments-api/v9.1.4", 0), told("yes", "yes", "yes"));
    let newer = places("payments-api/v9.3.1", 1);
    assert!(newer.contains(&("prod".to_owned(), "no".to_owned())));
    assert!(newer.contains(&("qa".to_owned(), "yes".to_owned())));
}

#[test]
fn a_commit_that_no_repository_has_and_a_service_that_is_not_there_are_told() {
    let bank = Bank::open();
    bank.run(&["contains", "0123456789012345678901234567890123456789"])
        .ends(6)
        .says(&["0123456789012345678901234567890123456789"]);
    bank.run(&[
        "contains",
        "payments-api/v9.1.4",
        "--service",
        "payment-api",
    ])
    .ends(6)
    .says(&["payment-api"]);
}

#[test]
fn every_service_of_the_repository_is_told_as_a_table() {
    let bank = Bank::open();
    bank.run(&["contains", "payments-api/v9.1.4"]).prints(&[
        "SERVICE",
        "HAS IT",
        "payments-api",
        "prod",
        "yes",
    ]);
}

#[test]
fn an_environment_that_does_not_answer_is_not_known_whatever_was_known_before() {
    let bank = Bank::open();
    let words = [
        "contains",
        "payments-api/v9.1.4",
        "--service",
        "payments-api",
    ];
    bank.run(&words).ends(0);
    let prod = Some("333333333333/*");
    bank.fault("*", "*", prod, FaultKind::ExpiredCredentials);
    bank.run(&words).ends(1).prints(&["not known: ", "yes"]);
}
