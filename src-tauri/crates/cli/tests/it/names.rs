//! Names that are not known: the nearest one, or those that there are.

use crate::support::{Bank, Ended};

/// The error envelope in JSON, which says the same as the sentences.
fn told(bank: &Bank, words: &[&str]) -> (Ended, serde_json::Value) {
    let text = bank.run(words);
    let json = bank.run(&[words, &["--format", "json"]].concat()).json();
    assert_eq!(text.out, "", "an error is no data");
    (text.ends(6), json["error"].clone())
}

#[test]
fn a_service_environment_or_person_that_is_nearly_known_is_suggested() {
    let bank = Bank::open();
    for (words, message, hint) in [
        (
            &["status", "payment-api"][..],
            "Service `payment-api` is not part of this estate.",
            "Did you mean `payments-api`?",
        ),
        (
            &["compare", "transfer", "--from", "prod", "--to", "qa"],
            "Service `transfer` is not part of this estate.",
            "Did you mean `transfers`?",
        ),
        (
            &["compare", "transfers", "--from", "prd", "--to", "qa"],
            "Environment `prd` is not part of this estate.",
            "Did you mean `prod`?",
        ),
        (
            &["promote", "transfers", "--to", "production"],
            "Environment `production` is not part of this estate.",
            "Known are dev, qa, prod.",
        ),
        (
            &["--as", "a.ruis", "status"],
            "Nobody called `a.ruis` is part of the practice estate.",
            "Did you mean `a.ruiz`?",
        ),
    ] {
        let (ended, error) = told(&bank, words);
        ended.says(&[&format!("error: {message}"), &format!("hint: {hint}")]);
        assert_eq!(error["code"], "not-found");
        assert_eq!(error["message"], message);
        assert_eq!(error["hints"][0], hint);
    }
}

#[test]
fn a_promotion_that_is_not_in_the_ledger_is_told_with_those_that_are() {
    let bank = Bank::open();
    for words in [
        &["log", "PR-AAAAAA"][..],
        &["follow", "PR-AAAAAA"],
        &["approve", "PR-AAAAAA"],
        &["promote", "PR-AAAAAA", "--execute"],
    ] {
        let (ended, error) = told(&bank, words);
        ended.says(&["Promotion `PR-AAAAAA` is not in the ledger."]);
        assert_eq!(error["hints"][0], "No promotion is recorded yet.");
    }
    bank.run(&["status"]).ends(1);
    let prepare = ["promote", "transactions-table", "--to", "prod"];
    let view = bank.run(&[&prepare[..], &["--format", "json"]].concat());
    let id = view.json()["summary"]["id"].as_str().unwrap().to_owned();
    let (_, error) = told(&bank, &["follow", "zzzzzzzzzzzz"]);
    assert_eq!(error["hints"][0], format!("There is only `{id}`."));
    let mut near = id.clone();
    near.pop();
    let (_, error) = told(&bank, &["log", &near]);
    assert_eq!(error["hints"][0], format!("Did you mean `{id}`?"));
}
