//! Estate files that cannot be used: file, line and field are said, and nothing is opened.

use crate::support::{Bank, Desk, Ended};

const ESTATE: &str = r#"name = "Andes Bank"

[[environments]]
name = "dev"
tier = "development"
account = "111111111111"
regions = ["us-east-1"]

[[services]]
name = "payments-api"
group = "Payments"
team = "Payments"
stacks = ["payments-api-{env}"]
"#;

fn status_on(text: &str) -> Ended {
    let desk = Desk::new();
    desk.write("estate.toml", text);
    let ended = desk.run(&["--estate", "estate.toml", "status"]).ends(3);
    assert_eq!(ended.out, "", "nothing is invented");
    ended
}

#[test]
fn wrong_toml_is_told_with_its_line() {
    status_on(&format!("{ESTATE}team = = 1\n")).says(&["estate.toml:14", "at estate.toml:14:"]);
}

#[test]
fn an_unknown_key_is_named_with_those_that_exist() {
    status_on(&format!("{ESTATE}teem = \"Payments\"\n")).says(&[
        "estate.toml:14",
        "`teem`",
        "`team`",
    ]);
}

#[test]
fn a_duplicate_service_names_both_lines() {
    let (_, service) = ESTATE.split_once("[[services]]").unwrap();
    status_on(&format!("{ESTATE}[[services]]{service}")).says(&[
        "estate.toml:15: ",
        "`payments-api` is declared twice, first on line 10",
        "(services[1].name)",
    ]);
}

#[test]
fn an_environment_that_is_not_there_is_named() {
    let bank = Bank::open();
    bank.run(&["status"]).ends(1);
    bank.run(&["promote", "payments-api", "--to", "staging"])
        .ends(6)
        .says(&["Environment `staging` is not part of this estate."]);
    bank.run(&["compare", "payments-api", "--from", "staging", "--to", "qa"])
        .ends(6)
        .says(&["Environment `staging` is not part of this estate."]);
}

#[test]
fn a_file_without_environments_says_so() {
    let (_, service) = ESTATE.split_once("[[services]]").unwrap();
    status_on(&format!("name = \"x\"\n[[services]]{service}"))
        .says(&["estate.toml:", "environment"]);
}

#[test]
fn an_account_that_is_no_account_is_told_with_its_field() {
    status_on(&ESTATE.replace("111111111111", "1111")).says(&["estate.toml:6", "account"]);
}

#[test]
fn a_missing_file_says_how_to_get_one() {
    Desk::new()
        .run(&["--estate", "nothing.toml", "status"])
        .ends(3)
        .says(&["nothing.toml cannot be read", "interlock init"]);
}
