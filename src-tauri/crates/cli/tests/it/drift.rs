//! What was changed past CloudFormation: known, looked for, put back.

use crate::support::Bank;
use interlock_practice::faults::FaultKind;
use serde_json::Value;

/// What is known of each stack of a report.
fn words(report: &Value) -> Vec<String> {
    let stacks = report["stacks"].as_array().unwrap().iter();
    let words = stacks.map(|stack| stack["known"]["words"].as_str().unwrap().to_owned());
    words.collect()
}

#[test]
fn what_aws_found_last_is_told_with_its_age_and_what_it_never_looked_for_is_unknown() {
    let bank = Bank::open();
    bank.run(&["drift", "payments-api", "prod"])
        .ends(1)
        .prints(&[
            "payments-alarms-prod",
            "in sync (AWS looked at ",
            "drifted (AWS looked at ",
            "PaymentsFn MemorySize",
            "- 1024",
            "+ 2048",
        ]);
    let report = bank.run(&["drift", "cards", "qa", "--format", "json"]);
    let report = report.ends(1).json();
    // The stack nested in it is one of its own to AWS.
    assert_eq!(words(&report), ["never checked", "never checked"]);
    assert_eq!(bank.requests("DetectStackDrift"), 0);
}

#[test]
fn aws_looks_when_it_is_told_to_and_a_stack_that_it_cannot_look_at_is_not_in_sync() {
    let bank = Bank::open();
    let detect = ["drift", "cards", "qa", "--detect", "--format", "json"];
    let report = bank.run(&detect).ends(0).json();
    assert_eq!(words(&report), ["in sync", "in sync"]);
    assert_eq!(bank.requests("DetectStackDrift"), 2);
    // From now on it is known without looking.
    bank.run(&["drift", "cards", "qa"]).ends(0);
    assert_eq!(bank.requests("DetectStackDrift"), 2);
    bank.fault("*", "DetectStackDrift", None, FaultKind::ExpiredCredentials);
    let report = bank.run(&detect).ends(1).json();
    for word in words(&report) {
        assert!(word.starts_with("not known: "), "{word}");
    }
}

#[test]
fn a_service_or_environment_that_is_not_there_and_one_without_stacks_are_told() {
    let bank = Bank::open();
    bank.run(&["drift", "payment-api", "prod"])
        .ends(6)
        .says(&["Did you mean `payments-api`?"]);
    bank.run(&["drift", "payments-api", "production"])
        .ends(6)
        .says(&["production"]);
}

/// The only change set of a new promotion.
fn change_set(bank: &Bank, estate: &str, service: &str, to: &str) -> Value {
    let promote = [
        "--as", "a.ruiz", "promote", service, "--to", to, "--format", "json",
    ];
    let view = bank.run_on(estate, &promote).json();
    view["changeSets"][0].clone()
}

fn estate_with(bank: &Bank, from: &str, to: &str) -> String {
    let text = bank.estate_text();
    assert!(text.contains(from), "{from}");
    bank.desk.write("bank/other.toml", text.replace(from, to))
}

#[test]
fn a_drift_aware_change_set_says_what_it_puts_back() {
    let bank = Bank::open();
    let usual = bank.practice().estate_file().display().to_string();
    let memory = |set: &Value| {
        let rows = set["changes"].as_array().unwrap();
        let details = rows
            .iter()
            .filter(|row| row["logicalId"] == "PaymentsFn")
            .flat_map(|row| row["details"].as_array().unwrap().clone());
        let mut found = details.filter(|detail| detail["path"] == "/Properties/MemorySize");
        found.next().map(|detail| detail["before"].clone())
    };
    let set = change_set(&bank, &usual, "payments-api", "prod");
    assert_eq!(set["revertsDrift"], false);
    assert_eq!(set["driftKnown"]["words"], "drifted");
    assert_eq!(memory(&set), None);
    let other = Bank::open();
    let job = "jenkins_job = \"payments/deploy-payments-api\"";
    let file = estate_with(&other, job, &format!("revert_drift = true\n{job}"));
    let set = change_set(&other, &file, "payments-api", "prod");
    assert_eq!(set["revertsDrift"], true);
    assert_eq!(memory(&set), Some("2048".into()));
    let findings = set["judgement"]["rows"].to_string();
    assert!(
        findings.contains("MemorySize: AWS brings it back from drift"),
        "{findings}"
    );
    assert_eq!(set["judgement"]["agreement"], "aws-knows-more");
}

#[test]
fn what_happens_inside_a_nested_stack_is_announced_and_judged() {
    let bank = Bank::open();
    let text = bank.estate_text();
    let (before, cards) = text.split_once("name = \"cards\"").unwrap();
    let cards = cards.replacen("promote = \"jenkins\"", "promote = \"cloudformation\"", 1);
    let file = format!("{before}name = \"cards\"{cards}");
    let file = bank.desk.write("bank/other.toml", file);
    let set = change_set(&bank, &file, "cards", "qa");
    let inside = |rows: &Value| -> Vec<Value> {
        let rows = rows.as_array().unwrap().iter();
        rows.filter(|row| row["nestedIn"] == serde_json::json!(["TokenVault"]))
            .cloned()
            .collect()
    };
    let announced = inside(&set["changes"]);
    assert_eq!(announced.len(), 1, "{set}");
    assert_eq!(announced[0]["logicalId"], "VaultTable");
    let judged = inside(&set["judgement"]["rows"]);
    assert_eq!(judged.len(), 1);
    assert_eq!(judged[0]["agreement"], "agree");
    assert!(judged[0]["impact"].is_string(), "{}", judged[0]);
}

#[test]
fn putting_drift_back_is_refused_for_what_jenkins_deploys() {
    let bank = Bank::open();
    let job = "jenkins_job = \"cards/deploy-cards\"";
    let file = estate_with(&bank, job, &format!("revert_drift = true\n{job}"));
    bank.run_on(&file, &["status"])
        .ends(3)
        .says(&["revert_drift", "Jenkins"]);
}
