//! `interlock doctor`: accounts, regions and deploy jobs, before the night of a release.

use crate::support::Bank;
use interlock_practice::faults::FaultKind;

/// The row of a connection in the JSON form.
fn row<'v>(view: &'v serde_json::Value, name: &str) -> &'v serde_json::Value {
    let rows = view["connections"].as_array().unwrap();
    let found = rows.iter().find(|row| row["name"] == name);
    found.unwrap_or_else(|| panic!("no row `{name}` in {view:#}"))
}

#[test]
fn every_environment_shows_the_account_that_its_credentials_open_and_its_regions() {
    let bank = Bank::open();
    let view = bank.run(&["doctor", "--format", "json"]).ends(0).json();
    for (environment, account, regions) in [
        ("dev", "111111111111", &["us-east-1"][..]),
        ("qa", "222222222222", &["us-east-1", "sa-east-1"]),
        ("prod", "333333333333", &["us-east-1", "sa-east-1"]),
    ] {
        let aws = row(&view, &format!("AWS {environment}"));
        assert_eq!(
            aws["message"],
            format!("Opens account {account}, as the estate file says.")
        );
        assert!(aws["identity"].as_str().unwrap().contains(account));
        for region in regions {
            let answer = row(&view, &format!("CloudFormation {environment} {region}"));
            assert!(answer["message"].as_str().unwrap().starts_with("Answers; "));
        }
    }
}

#[test]
fn a_wrong_account_is_told_once_and_its_regions_are_not_asked() {
    let mut bank = Bank::open();
    let file = bank
        .as_real(|text| text.replace("account = \"222222222222\"", "account = \"999999999999\""));
    let ended = bank.run_on(&file, &["doctor", "--format", "json"]).ends(1);
    let view = ended.json();
    let aws = row(&view, "AWS qa");
    assert_eq!(aws["tone"], "bad");
    let message = aws["message"].as_str().unwrap();
    assert!(
        message.contains("opens account 222222222222")
            && message.contains("qa is account 999999999999"),
        "{message}"
    );
    let region = row(&view, "CloudFormation qa sa-east-1");
    assert_eq!(region["tone"], "unknown");
    assert_eq!(region["message"], "Not asked: AWS qa does not let you in.");
    assert_eq!(row(&view, "CloudFormation prod sa-east-1")["tone"], "ok");
}

#[test]
fn a_region_that_does_not_answer_is_told_and_the_others_do() {
    let bank = Bank::open();
    let scope = Some("333333333333/sa-east-1");
    bank.fault("cloudformation", "*", scope, FaultKind::Reset);
    let view = bank.run(&["doctor", "--format", "json"]).ends(1).json();
    assert_eq!(row(&view, "AWS prod")["tone"], "ok");
    assert_eq!(row(&view, "CloudFormation prod sa-east-1")["tone"], "bad");
    assert_eq!(row(&view, "CloudFormation prod us-east-1")["tone"], "ok");
}

#[test]
fn a_deploy_job_that_does_not_declare_what_a_promotion_passes_is_told_what_to_add() {
    let mut bank = Bank::open();
    // The build job declares other parameters than a deploy job.
    let file = bank.as_real(|text| {
        text.replace(
            "jenkins_job = \"payments/deploy-transfers\"",
            "jenkins_job = \"payments/build-transfers\"",
        )
    });
    let ended = bank.run_on(&file, &["doctor", "--format", "json"]).ends(1);
    let view = ended.json();
    let job = row(&view, "Deploy job payments/build-transfers");
    assert_eq!(job["tone"], "bad");
    let message = job["message"].as_str().unwrap();
    assert!(
        message.starts_with("Does not declare PROMOTION_ID, MANIFEST_SHA256, ATTEMPT"),
        "{message}"
    );
    let hint = job["hints"][0].as_str().unwrap();
    assert!(
        hint.starts_with("Add to the parameters of payments/build-transfers"),
        "{hint}"
    );
    let whole = row(&view, "Deploy job payments/deploy-instant-payments");
    assert_eq!(whole["tone"], "ok");
}

#[test]
fn deploy_jobs_are_not_asked_while_jenkins_does_not_let_us_in() {
    let mut bank = Bank::open();
    let file = bank.as_real(|text| text);
    bank.desk.set("INTERLOCK_JENKINS_TOKEN", "wrong");
    let ended = bank.run_on(&file, &["doctor", "--format", "json"]).ends(1);
    let view = ended.json();
    assert_eq!(row(&view, "Jenkins")["tone"], "bad");
    let job = row(&view, "Deploy job payments/deploy-transfers");
    assert_eq!(job["tone"], "unknown");
    assert_eq!(job["message"], "Not asked: Jenkins does not let you in.");
}
